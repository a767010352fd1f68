"""Write what follows from irlens's settings into package.json, where VS Code reads it: python settings_manifest.py

The server's settings come from `irlens.settings`, the one source, in its sections and its order; three more say how to
start it and what to log. From their scopes follows what a workspace that is not trusted may not set. A test compares the manifest
with what this would write.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from irlens.settings import SettingInfo, describe

MANIFEST = Path(__file__).with_name("package.json")

OF_THE_CLIENT: dict[str, dict[str, Any]] = {
    "irlens.serverPath": {
        "type": "string",
        "default": "",
        "scope": "machine",
        "markdownDescription": "Path of the command that starts irlens. Empty: `#irlens.python#`, else the server that "
        "comes with the extension once it is installed, else `irlens` on PATH.\n\nExample: `~/irlens/.venv/bin/irlens`",
    },
    "irlens.python": {
        "type": "string",
        "default": "",
        "scope": "machine",
        "markdownDescription": "Path of a Python interpreter that irlens is installed for."
        "\n\nExample: `~/irlens/.venv/bin/python`",
    },
    "irlens.trace.server": {
        "type": "string",
        "default": "off",
        "enum": ["off", "messages", "verbose"],
        "scope": "window",
        "markdownDescription": "Write the messages between the editor and the server to the log.",
    },
}


def sections() -> list[dict[str, Any]]:
    """`contributes.configuration`: the titled sections of the settings page, and the order in them."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for info in describe():
        found.setdefault(info.title, {})[info.name] = _property(info)
    found["Server"] = OF_THE_CLIENT
    return [
        {
            "title": title,
            "order": order,
            "properties": {
                name: entry | {"order": place} for place, (name, entry) in enumerate(entries.items())
            },
        }
        for order, (title, entries) in enumerate(found.items())
    ]


def properties() -> dict[str, dict[str, Any]]:
    """Every setting by its name."""
    return {name: entry for section in sections() for name, entry in section["properties"].items()}


def restricted() -> list[str]:
    """`capabilities.untrustedWorkspaces.restrictedConfigurations`: what names a program or a model, or says how
    much of the machine is used."""
    return [name for name, entry in properties().items() if entry["scope"] == "machine"]


def _property(info: SettingInfo) -> dict[str, Any]:
    """A text that is not set is "": of `["string", "null"]` VS Code's settings page has no text box. A number that is
    not set is null, for which there is one."""
    is_text = info.type == "string"
    example = f"\n\nExample: `{info.example}`" if info.example else ""
    entry = {
        "type": [info.type, "null"] if info.nullable and not is_text else info.type,
        "default": "" if info.nullable and is_text else info.default,
        "minimum": info.minimum,
        "maximum": info.maximum,
        "enum": list(info.choices) or None,
        "scope": info.scope.value,
        "markdownDescription": f"{info.description}{example}",
    }
    return {key: value for key, value in entry.items() if value is not None or key == "default"}


def manifest() -> str:
    """The manifest's text as it should be."""
    content = json.loads(MANIFEST.read_text())
    content["contributes"]["configuration"] = sections()
    content["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"] = restricted()
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    MANIFEST.write_text(manifest())
