"""An ELF object or program as a listing to read: assembly whose code is bytes, each instruction with its words behind it.

The text is assembly like that of `irlens.objects.assembly`, so that whatever works on a `.s` works on it. What a listing
has no room for is left out and said. Bytes in, text out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from irlens import escape
from irlens.objects.assembly import (
    PLT,
    UNREFERRED,
    Lengths,
    ObjectText,
    ProgramText,
    Words,
    functions_of,
    head_of,
)
from irlens.objects.elf import (
    EM_AARCH64,
    STT_FUNC,
    BadObject,
    ObjectFile,
    Section,
    Symbol,
    read_any,
)
from irlens.objects.frames import extents

MOST_CODE = 128 << 10
"""Bytes of code in a listing: some 35,000 instructions. With the data that makes up to 4 MiB of text, as much as is
looked through for macros."""
MOST_DATA = 256 << 10
MOST_OF_NAMES = 2 << 20
"""Characters of names in a listing."""
MOST_NAMES = 500
"""Names that a listing of a program may refer to and not define: a lift lays each out with room around it."""
_MOST_NAMED = 8


@dataclass(frozen=True)
class Listing:
    """`functions` are those that stand in the text. `notes` say in sentences what does not, and why; `following` is the
    first function that had no room, "" where all had."""

    text: str
    functions: tuple[str, ...]
    notes: tuple[str, ...]
    following: str = ""


def listing_of(data: bytes, lengths: Lengths, words: Words, first: str | None = None) -> Listing:
    """The listing of a program begins with the function `first` (a name or an address), where one is given. Raises
    `BadObject`, in one sentence, for what is no ELF object or program for x86-64 or AArch64."""
    file = read_any(data)
    if file.linked:
        body, functions, notes, following = _program(file, lengths, words, first)
    else:
        body, functions, notes, following = _object(file, lengths, words)
    machine = "AArch64" if file.machine == EM_AARCH64 else "x86-64"
    what = "program or library" if file.linked else "object"
    said = (
        f"ELF {what} for {machine}, {_count(functions, 'function')}. Read only; nothing of it was run.",
        *notes,
    )
    head = [*head_of(file), *(f"# {escape.line(note)}" for note in said)]
    return Listing("\n".join([*head, *body]) + "\n", tuple(functions), tuple(notes), following)


Parts = tuple[list[str], list[str], list[str], str]
"""Lines, functions in them, notes, and the function that would come next."""


def _object(file: ObjectFile, lengths: Lengths, words: Words) -> Parts:
    made = ObjectText(file, lengths, words, MOST_OF_NAMES)
    taken: list[Section] = []
    left_out: list[str] = []
    rooms = {True: MOST_CODE, False: MOST_DATA}
    for section in made.sections:
        if section.size <= rooms[section.executable]:
            rooms[section.executable] -= section.size
            taken.append(section)
        else:
            left_out.append(section.name)
    inside = {section.index for section in taken}
    notes = [f"Left out for their size: {_some(left_out, 'section')}, undefined here."] if left_out else []
    functions = [symbol.name for symbol in functions_of(file) if symbol.section in inside]
    return made.body(taken), functions, notes, ""


def _program(file: ObjectFile, lengths: Lengths, words: Words, first: str | None) -> Parts:
    known = _with_unnamed(file)
    made = ProgramText(file, lengths, known, words, MOST_OF_NAMES)
    lines: list[str] = []
    functions: list[str] = []
    unread: list[str] = []
    room, names_left = MOST_DATA, MOST_NAMES // 2
    left_out: list[int] = []
    pointers = sorted(relocation.offset for relocation, _ in file.dynamic)
    for section in sorted(file.sections, key=lambda s: s.size):
        if not section.allocated or section.executable:
            continue
        end = section.address + section.size
        inside = bisect_left(pointers, end) - bisect_left(pointers, section.address)
        if UNREFERRED.match(section.name) or section.size > room or inside > names_left:
            left_out.append(section.index)
            continue
        room -= section.size
        names_left -= inside
    made.left_out = frozenset(left_out)
    places = _by_place(known)
    begin = 0
    if first is not None:
        value = made.find(first).value
        at = next((at for at, names in enumerate(places) if names[0].value == value), None)
        if at is None:
            raise BadObject(f"No function of the file begins at {value:#x}. Give another address.")
        begin = at
    before = sum(map(len, places[:begin]))
    code, over, end, following = 0, 0, 0, ""
    told: set[str] = set()
    foreign: set[str] = set()  # names that are referred to and not told yet
    for at, names in enumerate(places[begin:], begin):
        symbol = names[0]
        foreign.update(name for name in made.newly_named if name not in told)
        made.newly_named.clear()
        if functions and (code + symbol.size > MOST_CODE or len(foreign) > MOST_NAMES):
            over, following = sum(map(len, places[at:])), symbol.name
            break
        try:
            if symbol.value < end:
                raise BadObject("It begins within another function.")
            body = made.body(symbol, [each.name for each in names[1:]])
            while (missing := made.missing()) is not None:
                body += made.data(missing)
        except BadObject as bad:
            unread.append(symbol.name)
            lines.append(
                f"# {escape.line(symbol.name)} at {symbol.value:#x} is left out: {escape.line(str(bad))}"
            )
            continue
        code += symbol.size
        end = symbol.value + symbol.size
        lines += body
        functions += [each.name for each in names]
        told.update(each.name for each in names)
        foreign -= told.intersection(each.name for each in names)
    notes = []
    if before:
        notes.append(
            f"Left out: {before:,} functions before {escape.line(functions[0] if functions else str(first))}."
        )
    if over:
        notes.append(f"Left out for their size: {over:,} functions from {escape.line(following)} on.")
    if made.undefined:
        names_of = [file.sections[index].name for index in sorted(made.undefined)]
        notes.append(f"Left out for their size: {_some(names_of, 'section')}, whose data is undefined here.")
    if unread:
        notes.append(f"Left out because they cannot be told: {_some(unread, 'function')}.")
    if not known:
        notes.append("The file names no function and has no unwind table. Give one that is not stripped.")
    return lines, functions, notes, following


def _with_unnamed(file: ObjectFile) -> list[Symbol]:
    """The functions of a linked file, those that only its unwind table knows among them, by their addresses."""
    named = functions_of(file)
    code = sorted(
        (s for s in file.sections if s.allocated and s.executable and s.address and not PLT.match(s.name)),
        key=lambda s: s.address,
    )
    starts = [section.address for section in code]
    covered = {symbol.value for symbol in named}
    spans = sorted((symbol.value, symbol.value + symbol.size) for symbol in named)
    found = list(named)
    at = 0
    furthest = 0
    for address, size in extents(file):
        while at < len(spans) and spans[at][0] <= address:
            furthest = max(furthest, spans[at][1])
            at += 1
        # Sections do not overlap; of a file where they do, the last one that begins before the place counts.
        section = code[bisect_right(starts, address) - 1] if starts and starts[0] <= address else None
        if section is None or address + size > section.address + section.size:
            continue
        if address in covered or address < furthest:
            continue
        found.append(Symbol(f"sub_{address:x}", address, size, STT_FUNC, 1, section.index))
    return sorted(found, key=lambda symbol: symbol.value)


def _by_place(functions: Sequence[Symbol]) -> list[list[Symbol]]:
    """Functions that begin at one place together; the longest of them first."""
    found: dict[int, list[Symbol]] = {}
    for symbol in functions:
        found.setdefault(symbol.value, []).append(symbol)
    return [sorted(each, key=lambda symbol: -symbol.size) for each in found.values()]


def _some(names: Sequence[str], what: str) -> str:
    shown = ", ".join(escape.line(name) for name in names[:_MOST_NAMED])
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return f"{_count(names, what)} ({shown}{more})"


def _count(names: Sequence[str], what: str) -> str:
    return f"{len(names):,} {what}{'s' if len(names) != 1 else ''}"
