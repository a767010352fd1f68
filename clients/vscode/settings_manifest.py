"""Write what follows from irlens's settings into package.json, where VS Code reads it: python settings_manifest.py

The server's settings come from `irlens.settings`, the one source; three more say how to start it and what to
log. From their scopes follows what a workspace that is not trusted may not set. A test compares the manifest
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
        "type": ["string", "null"],
        "default": None,
        "scope": "machine",
        "markdownDescription": "Command that starts irlens. Empty: `#irlens.python#`, else the server that comes "
        "with the extension once it is installed, else `irlens` on PATH.",
    },
    "irlens.python": {
        "type": ["string", "null"],
        "default": None,
        "scope": "machine",
        "markdownDescription": "Python interpreter that irlens is installed for.",
    },
    "irlens.trace.server": {
        "type": "string",
        "default": "off",
        "enum": ["off", "messages", "verbose"],
        "scope": "window",
        "markdownDescription": "Write the messages between the editor and the server to the log.",
    },
}


def properties() -> dict[str, dict[str, Any]]:
    """`contributes.configuration.properties`."""
    return OF_THE_CLIENT | {info.name: _property(info) for info in describe()}


def restricted() -> list[str]:
    """`capabilities.untrustedWorkspaces.restrictedConfigurations`: what names a program or a model, or says how
    much of the machine is used."""
    return [name for name, entry in properties().items() if entry["scope"] == "machine"]


OR_AUTO = ("irlens.model.gpuLayers",)
"""Numbers for which a word stands too; no word and none are the same to the server."""


def _property(info: SettingInfo) -> dict[str, Any]:
    or_auto = info.name in OR_AUTO
    types = [info.type, "string"] if or_auto else [info.type]
    entry = {
        "type": [*types, "null"] if info.nullable else info.type,
        "default": "auto" if or_auto else info.default,
        "pattern": "^auto$" if or_auto else None,  # of texts; the limits are of numbers
        "minimum": info.minimum,
        "maximum": info.maximum,
        "enum": list(info.choices) or None,
        "scope": info.scope.value,
        "markdownDescription": info.description,
    }
    return {key: value for key, value in entry.items() if value is not None or key == "default"}


def manifest() -> str:
    """The manifest's text as it should be."""
    content = json.loads(MANIFEST.read_text())
    content["contributes"]["configuration"]["properties"] = properties()
    content["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"] = restricted()
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    MANIFEST.write_text(manifest())
