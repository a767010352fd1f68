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
    prefix = Path(os.path.realpath(tool.path)).parent.parent
    parts = tool.version.split(".")
    major, minor = parts[0], ".".join(parts[:2])
    names = (
        f"libLLVM.so.{minor}",  # LLVM's own name from 18 on
        f"libLLVM-{major}.so",  # and before
        f"libLLVM-{major}.so.1",  # Debian's
        f"libLLVM-{major}.dylib",
        "libLLVM.dylib",  # Homebrew's
    )
    for folder in (prefix / "lib", prefix / "lib64"):  # Fedora and openSUSE have the second
        for name in names:
            path = folder / name
            if path.is_file():
                return FoundLibrary(os.path.realpath(path), tool)
    return None
