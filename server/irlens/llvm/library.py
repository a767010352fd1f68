"""The libLLVM that an installed `opt` is linked with: found beside it, never looked for anywhere else.

Whoever may name an `opt` may name its library with it; nothing else is loaded.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from irlens.llvm import opt


@dataclass(frozen=True)
class FoundLibrary:
    """A libLLVM and the `opt` it belongs to."""

    path: str
    opt: opt.Opt

    @property
    def name(self) -> str:
        return f"libLLVM {self.opt.version}"


def find(setting: str | None = None) -> FoundLibrary | None:
    """The library of the `opt` that irlens uses (`opt.usable`); None where that is linked whole, or on a system
    whose libraries are named otherwise."""
    tool = opt.usable(setting)
    return _beside(tool) if tool is not None else None


@cache
def _beside(tool: opt.Opt) -> FoundLibrary | None:
    program = Path(os.path.realpath(tool.path))
    parts = tool.version.split(".")
    major, minor = parts[0], ".".join(parts[:2])
    for folder in (program.parent.parent / "lib", program.parent.parent / "lib64"):
        for name in (f"libLLVM.so.{minor}", f"libLLVM-{major}.so", f"libLLVM-{major}.so.1", "libLLVM.dylib"):
            path = folder / name
            if path.exists():
                return FoundLibrary(os.path.realpath(path), tool)
    return None
