"""How small functions could be: what was measured, where the function's name stands. One hint a function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from irlens import escape
from irlens.assist.tune_functions import Tuned
from irlens.ide import symbols
from irlens.ide.diagnostics import Item
from irlens.ir.passes import OZ
from irlens.source.positions import utf8_length
from irlens.source.snapshot import DocumentSnapshot

CODE = "smaller"
MODULE = ""
"""The name that the whole module goes by."""
MOST_LINES = 20_000
"""A longer module is not compiled unasked for."""


@dataclass(frozen=True)
class SizeNote:
    """What was found of a function (or of the module), and its text as it then was: of another text nothing is said."""

    tuned: Tuned
    source: str


@dataclass(frozen=True)
class Sized:
    """What is known of a function or of the module, with the place where it is said: columns in UTF-8 bytes."""

    tuned: Tuned
    line: int
    start: int
    end: int

    @property
    def passes(self) -> str:
        """What makes it smaller: a list that is worth it, else -Oz; "" where neither is smaller than the text."""
        tuned = self.tuned
        if tuned.is_worth_a_hint:
            return tuned.passes
        return OZ if tuned.oz < tuned.now else ""


def source_of(snapshot: DocumentSnapshot, function: symbols.Symbol) -> str:
    """The function's text."""
    return "\n".join(snapshot.lines[function.start_line : function.end_line + 1])


def known(snapshot: DocumentSnapshot, notes: Mapping[str, SizeNote]) -> tuple[Sized, ...]:
    """The notes that hold for this text: the module's at its first line, then each function's at its name."""
    if not notes or snapshot.language != "llvm":
        return ()
    found = []
    whole = notes.get(MODULE)
    if whole is not None and whole.source == "\n".join(snapshot.lines):
        found.append(Sized(whole.tuned, 0, 0, utf8_length(snapshot.line(0))))
    for function in symbols.definitions(snapshot):
        note = notes.get(function.name)
        if note is not None and note.source == source_of(snapshot, function):
            found.append(Sized(note.tuned, function.name_line, function.name_start, function.name_end))
    return tuple(found)


def size_hints(snapshot: DocumentSnapshot, notes: Mapping[str, SizeNote]) -> tuple[Item, ...]:
    """One for each function that can be smaller, and one for the module where a list beats -Oz; actions of the same
    place do it."""
    return tuple(
        Item(sized.line, sized.start, sized.end, _words(sized.tuned), "hint", CODE)
        for sized in hinted(snapshot, notes)
    )


def hinted(snapshot: DocumentSnapshot, notes: Mapping[str, SizeNote]) -> tuple[Sized, ...]:
    """What there are hints at."""
    return tuple(
        sized
        for sized in known(snapshot, notes)
        if sized.tuned.is_worth_a_hint or (sized.tuned.name != MODULE and sized.passes)
    )


def _words(tuned: Tuned) -> str:
    name = f"`{escape.label(tuned.name)}`" if tuned.name else "The module"
    if not tuned.is_worth_a_hint:
        return f"{name} is {tuned.now} bytes, and {tuned.oz} after -Oz (measured)."
    if tuned.now <= tuned.oz:
        return f"{name}: {tuned.now} -> {tuned.best} bytes, measured (-Oz {tuned.oz})."
    return (
        f"{name}: {tuned.oz} -> {tuned.best} bytes, {tuned.saved:.0%} under -Oz, measured "
        f"({tuned.now} as it is)."
    ).replace("%", " %", 1)
