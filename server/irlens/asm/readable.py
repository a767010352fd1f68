"""What a user has, as assembly that an assembler reads: the one place where texts of other forms are recognised.

Compiler output whose directives or mangled names were filtered away is completed, line by line: line n of the
result is line n of the text. Anything else comes back as it is. Everything that reads assembly starts here: the
outline, the normal form, and whoever assembles. Text in, text out; never raises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from irlens.asm import demangled, filtered, listing
from irlens.asm.dialect import detect, machine_of_object
from irlens.asm.listing_text import written

_LINE_END = re.compile(r"\r\n|\r|\n")
_INTEL_SYNTAX = re.compile(r"^[ \t]*\.(?:intel|att)_syntax\b", re.MULTILINE)


@dataclass(frozen=True)
class Readable:
    """`text` for the assembler. `put_in_front` is the number of letters put in front of a line, by its number from 0:
    an assembler's columns are off by that."""

    text: str
    put_in_front: dict[int, int] = field(default_factory=dict)
    is_listing: bool = False
    """A listing has no normal form: its text says less than its bytes, or the assembler chose them."""
    refused: dict[str, str] = field(default_factory=dict)
    """Functions of a listing that are not in `text`, by name, and why."""


@lru_cache(maxsize=6)
def readable(text: str) -> Readable:
    """The text as an assembler reads it."""
    if len(text) > listing.MOST_LETTERS:
        return Readable(text)
    if machine_of_object(text) is not None:
        return Readable(text, is_listing=True)
    if (found := listing.read(text)) is not None:
        machine = detect(text)
        if machine.target is None:
            why = found.refused or machine.why
            return Readable("", is_listing=True, refused={each.name: why for each in found.functions})
        made_of = written(found, machine.target, None if found.has_bytes else machine.syntax)
        return Readable("\n".join(made_of.lines), is_listing=True, refused=made_of.refused)
    lines = tuple(_LINE_END.split(text))
    made = list(lines)
    bare = filtered.has_no_directives(text)
    if demangled.has_demangled(lines):
        made = demangled.with_quotes(lines)
    front: dict[int, str] = {}
    if bare:
        front = filtered.in_sections(made)
    if not _INTEL_SYNTAX.search(text) and detect(text).syntax == "intel":
        front[0] = filtered.INTEL + front.get(0, "")
    if not front and tuple(made) == lines:
        return Readable(text)
    for number, words in front.items():
        made[number] = words + made[number]
    return Readable("\n".join(made), {number: len(words) for number, words in front.items()})
