"""The libLLVM that an installed `opt` is linked with: found as the loader finds it, or beside it.

Whoever may name an `opt` may name its library with it; nothing else is loaded.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from irlens.confinement import programs
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
    return _of(tool) if tool is not None else None


@cache
def _of(tool: opt.Opt) -> FoundLibrary | None:
    """What the system's loader gives this `opt` comes first: it heeds the program's run path and the loader's own list,
    and finds Debian's library, which only the development package links beside `opt`."""
    real = os.path.realpath(tool.path)
    for path in programs.libraries_of(real):
        if os.path.basename(path).startswith(("libLLVM.so", "libLLVM-")):
            return FoundLibrary(os.path.realpath(path), tool)
    return _beside(real, tool)


def _beside(real: str, tool: opt.Opt) -> FoundLibrary | None:
    prefix = Path(real).parent.parent
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
