"""Hints at functions that -Oz makes smaller: what was measured, where the function's name stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from irlens.ide import symbols
from irlens.ide.diagnostics import Item
from irlens.source.snapshot import DocumentSnapshot

CODE = "smaller"
MOST_LINES = 4000
"""A longer module is not compiled unasked for."""


@dataclass(frozen=True)
class Smaller:
    """Bytes of one function in the module's object: as it is, and after -Oz."""

    now: int
    after: int


def size_hints(snapshot: DocumentSnapshot, smaller: Mapping[str, Smaller]) -> tuple[Item, ...]:
    """One for each function that is smaller; actions of the same place do it."""
    return tuple(
        Item(
            function.name_line,
            function.name_start,
            function.name_end,
            f"`{function.name}` is {found.now} bytes, and {found.after} after -Oz (measured).",
            "hint",
            CODE,
        )
        for function in symbols.definitions(snapshot)
        if (found := smaller.get(function.name)) is not None
    )


def at(snapshot: DocumentSnapshot, smaller: Mapping[str, Smaller], start_line: int, end_line: int) -> bool:
    """Whether one of the lines has such a hint."""
    return any(start_line <= hint.line <= end_line for hint in size_hints(snapshot, smaller))
