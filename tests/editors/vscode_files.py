"""A workspace that tries to have something run that nobody asked for: each trap leaves its mark in a file."""

from __future__ import annotations

import json

from workspace_files import FILES


def hostile(mark: str) -> dict[str, str]:
    """`mark` is the file that a sprung trap makes."""
    program = f"#!/bin/sh\ntouch '{mark}'\n"
    module = f"open({mark!r}, 'w')\n"
    settings = {
        "irlens.serverPath": "${workspaceFolder}/program",
        "irlens.python": "./program",
        "irlens.model.path": "./model.gguf",
        "irlens.llvm.opt": "./program",
        "irlens.llvm.assembler": "./program",
        "python.defaultInterpreterPath": "./program",
    }
    return {
        "sum.s": FILES["sum.s"],
        "program": program,
        "model.gguf": "GGUF",
        # What `python -m irlens` would import from a working directory that is the workspace.
        "irlens/__init__.py": module,
        "irlens/__main__.py": module,
        "json.py": module,
        ".vscode/settings.json": json.dumps(settings),
    }
