"""How small functions could be: what was measured, where the function's name stands. One hint a function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from irlens import escape
from irlens.assist.tune_functions import Tuned
from irlens.ide import symbols
from irlens.ide.diagnostics import Item
from irlens.ir.passes import OZ
from irlens.llvm.session import short_name
from irlens.source.positions import utf8_length
from irlens.source.snapshot import DocumentSnapshot
from irlens.tuning.baseline import oz_words

CODE = "smaller"
SKIPPED = "optnone"
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

    @property
    def is_hinted(self) -> bool:
        """Whether a hint says it: a list that beats -Oz, or -Oz itself on a function that was made for size. Of one
        that was not, everybody knows that clang -Oz makes it smaller."""
        tuned = self.tuned
        by_oz = tuned.name != MODULE and bool(self.passes) and tuned.plain is None
        return tuned.is_worth_a_hint or by_oz


def source_of(snapshot: DocumentSnapshot, function: symbols.Symbol) -> str:
    """The function's text."""
    return "\n".join(snapshot.lines[function.start_line : function.end_line + 1])


def known(snapshot: DocumentSnapshot, notes: Mapping[str, SizeNote]) -> tuple[Sized, ...]:
    """The notes that hold for this text: the module's at its first line, then each function's at its name."""
    if not notes or snapshot.language != "llvm":
        return ()
    found = []
    whole = notes.get(MODULE)
    if whole is not None and whole.source == snapshot.plain:
        found.append(Sized(whole.tuned, 0, 0, utf8_length(snapshot.line(0))))
    for function in symbols.definitions(snapshot):
        note = notes.get(function.name)
        if note is not None and note.source == source_of(snapshot, function):
            found.append(Sized(note.tuned, function.name_line, function.name_start, function.name_end))
    return tuple(found)


def size_hints(snapshot: DocumentSnapshot, notes: Mapping[str, SizeNote]) -> tuple[Item, ...]:
    """One for each function that can be smaller, and one for the module where a list beats -Oz; actions of the same
    place do it. And one at the first function that passes skip."""
    found = known(snapshot, notes)
    hints = [
        Item(sized.line, sized.start, sized.end, _words(sized.tuned), "hint", CODE)
        for sized in found
        if sized.is_hinted
    ]
    skipped = [sized for sized in found if sized.tuned.optnone]
    if skipped:
        at = next((sized for sized in skipped if sized.tuned.name != MODULE), skipped[0])
        said = next((sized for sized in skipped if sized.tuned.name == MODULE), at).tuned.optnone
        hints.append(Item(at.line, at.start, at.end, escape.line(said), "hint", SKIPPED))
    return tuple(hints)


def hinted(snapshot: DocumentSnapshot, notes: Mapping[str, SizeNote]) -> tuple[Sized, ...]:
    """What there are hints at."""
    return tuple(sized for sized in known(snapshot, notes) if sized.is_hinted)


def _words(tuned: Tuned) -> str:
    name = f"`{escape.label(tuned.name)}`" if tuned.name else "The module"
    by = f"measured by {short_name(tuned.by)}"
    if not tuned.is_worth_a_hint:
        return f"{name} could be {tuned.oz} bytes with -Oz (now {tuned.now}; {by})."
    oz = oz_words(tuned.oz, tuned.plain)
    share = "" if tuned.reference < tuned.oz else f", {tuned.saved:.0%} smaller than -Oz".replace("%", " %")
    return f"{name} could be {tuned.best} bytes{share} (now {tuned.now}; {oz}; {by})."
