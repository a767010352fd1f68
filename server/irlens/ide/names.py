"""File names for what irlens makes. It never looks at a disk: the caller says which names are taken."""

from __future__ import annotations

from collections.abc import Callable

from irlens import escape

_LONGEST_STEM = 120
"""A file system takes 255 bytes, and the function's part, a number and the ending come on top."""


def lifted_name(source_name: str, function: str, taken: Callable[[str], bool]) -> str:
    """A free name beside `source_name`: `sum.s` and `add` give `sum.add.ll`, then `sum.add.2.ll` and so on.

    Symbols may hold what a file name must not (`/`, quotes, a leading dot, 4,000 characters of C++).
    """
    stem, safe = _parts(source_name, function)
    name = f"{stem}.{safe}.ll"
    number = 2
    while taken(name):
        name = f"{stem}.{safe}.{number}.ll"
        number += 1
    return name


def preview_name(source_name: str, function: str) -> str:
    """The name of a read-only preview: `sum.s` and `add` give `sum.add.not-shown-right.ll`."""
    stem, safe = _parts(source_name, function)
    return f"{stem}.{safe}.not-shown-right.ll"


def _parts(source_name: str, function: str) -> tuple[str, str]:
    """The stem stays in the language of its author; what no system takes in a name of a file goes."""
    stem = source_name.rpartition(".")[0] or source_name
    stem = "".join("_" if letter in '/\\:*?"<>|' else letter for letter in escape.line(stem))
    stem = stem.encode("utf-8")[:_LONGEST_STEM].decode("utf-8", "ignore")
    return stem, escape.file_name(function)
