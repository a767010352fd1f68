"""What the server can do, as the answer to `initialize`. Plain JSON in, plain JSON out.

It imports no LSP library on purpose: loading one takes longer than the whole time this answer may take
(see `greeting`). Every feature registered in `handlers` has its line here; a test compares the two.
"""

from __future__ import annotations

from typing import Any

from irlens import __version__

COMMANDS = (
    "irlens.lift",
    "irlens.applyOz",
    "irlens.applyHere",
    "irlens.applyList",
    "irlens.copy",
    "irlens.tune",
    "irlens.open",
)
ACTION_KINDS = ("quickfix", "refactor.rewrite")
ENCODINGS = ("utf-8", "utf-16", "utf-32")

Json = dict[str, Any]


def initialize_result(params: Json) -> Json:
    """The result of `initialize` for these parameters, whatever their shape."""
    client = _get(params, "capabilities")
    capabilities: Json = {
        "positionEncoding": position_encoding(client),
        "textDocumentSync": {"openClose": True, "change": 2, "save": {"includeText": True}},
        "hoverProvider": True,
        "documentSymbolProvider": True,
        "foldingRangeProvider": True,
        "definitionProvider": True,
        "referencesProvider": True,
        "codeActionProvider": {
            "codeActionKinds": list(ACTION_KINDS),
            "resolveProvider": can_resolve_edits(client),
        },
        "codeLensProvider": {"resolveProvider": False},
        "executeCommandProvider": {"commands": list(COMMANDS)},
        "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
    }
    if pulls_diagnostics(client):
        capabilities["diagnosticProvider"] = {
            "identifier": "irlens",
            "interFileDependencies": False,
            "workspaceDiagnostics": False,
        }
    return {"capabilities": capabilities, "serverInfo": {"name": "irlens", "version": __version__}}


def position_encoding(client: object) -> str:
    """The client's first choice among those that irlens speaks; UTF-16 where it says nothing."""
    offered = _get(client, "general", "positionEncodings")
    if isinstance(offered, list):
        for encoding in offered:
            if encoding in ENCODINGS:
                return encoding
    return "utf-16"


def can_resolve_edits(client: object) -> bool:
    """Whether a code action may come without its edit, which is then asked for by `codeAction/resolve`."""
    action = _get(client, "textDocument", "codeAction")
    properties = _get(action, "resolveSupport", "properties")
    has_data = _get(action, "dataSupport") is True
    return has_data and isinstance(properties, list) and "edit" in properties


def pulls_diagnostics(client: object) -> bool:
    return isinstance(_get(client, "textDocument", "diagnostic"), dict)


def _get(value: object, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
