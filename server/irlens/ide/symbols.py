"""Outline, definition and references of functions, from the text alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from irlens import escape
from irlens.asm.outline import AsmFunction
from irlens.asm.outline import functions as asm_functions
from irlens.asm.symbols import PLAIN_NAME, QUOTED_NAME, unquoted
from irlens.ir.outline import outline, plain_name, word_at
from irlens.ir.unnamed import shown
from irlens.source.positions import Columns, byte_to_index, utf8_length
from irlens.source.snapshot import DocumentSnapshot

_ASM_NAME = re.compile(rf"(?P<quoted>{QUOTED_NAME}?)|(?P<plain>@?{PLAIN_NAME})")
_ASM_INSTRUCTION = re.compile(r"\s*+(?>(?:[\w.$]++:)?)\s*+[A-Za-z][\w.]*+(?:\s|$)(?!\s*+=)")
_LISTED = re.compile(r"\t\.(?:byte|zero)\t[\d,]+[ \t]+(?:#|//) [0-9a-f]+: ")
"""An instruction of an object's listing (`irlens.objects.listing`): bytes, with its words behind them."""
_IR_NAME = re.compile(r'(?P<string>c"[^"]*")|(?P<comment>;.*)|@(?:"[^"]*"|[-\w$.]+)|"[^"]*"')


MOST_REFERENCES = 10_000
"""Nobody reads more, and an editor takes long to show them."""
MOST_SYMBOLS = 20_000
"""Functions of one text that are listed, folded and given lenses: no editor shows more, and each costs a hundred bytes."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """One function; lines from 0, both ends included, name columns in UTF-8 bytes. `instructions` are counted
    by the look of the lines."""

    name: str
    is_definition: bool
    start_line: int
    end_line: int
    name_line: int
    name_start: int
    name_end: int
    instructions: int


@dataclass(frozen=True)
class Use:
    """A name at a place: bytes `start` to `end` (exclusive) of `line`, its mark (`@`, quotes) included."""

    name: str
    line: int
    start: int
    end: int


def symbols(snapshot: DocumentSnapshot) -> tuple[Symbol, ...]:
    """The functions that the text defines or declares, in their order. Never raises."""
    found: tuple[Symbol, ...] | None = snapshot.memo.get("symbols")
    if found is None:
        found = snapshot.memo["symbols"] = _symbols(snapshot)
    return found


def _symbols(snapshot: DocumentSnapshot) -> tuple[Symbol, ...]:
    text = snapshot.plain
    if snapshot.language == "llvm":
        return tuple(
            Symbol(
                f.name,
                f.is_definition,
                f.start_line,
                f.end_line,
                f.name_line,
                f.name_column,
                f.name_end_column,
                f.instructions,
            )
            for f in outline(text).functions
        )
    return tuple(_asm_symbol(snapshot, function) for function in asm_functions(text))


def definitions(snapshot: DocumentSnapshot) -> tuple[Symbol, ...]:
    return tuple(symbol for symbol in symbols(snapshot) if symbol.is_definition)


def function_at(snapshot: DocumentSnapshot, line: int) -> Symbol | None:
    """The defined function that a line belongs to."""
    return next((f for f in definitions(snapshot) if f.start_line <= line <= f.end_line), None)


def function_named(snapshot: DocumentSnapshot, name: str) -> Symbol | None:
    """The definition of a name, else its declaration."""
    named = sorted((f for f in symbols(snapshot) if f.name == name), key=lambda f: not f.is_definition)
    return named[0] if named else None


def meant(snapshot: DocumentSnapshot, label: str) -> str:
    """The function that a client means by `label`: one of that name, else the one that was shown to it so (by
    `escape.label`, with its sigil where it has no name), else the label itself."""
    found = symbols(snapshot)
    if any(f.name == label for f in found):
        return label
    return next((f.name for f in found if label in (escape.label(f.name), shown(f.name))), label)


def use_at(snapshot: DocumentSnapshot, line: int, column: int) -> Use | None:
    """The name at a position: `@f` in IR, a symbol in assembly. The last one is kept: an editor asks several things of one
    place, and a line may be long."""
    place, use = snapshot.memo.get("use", (None, None))
    if place != (line, column):
        use = _use_at(snapshot, line, column)
        snapshot.memo["use"] = (line, column), use
    return use


def _use_at(snapshot: DocumentSnapshot, line: int, column: int) -> Use | None:
    if snapshot.language == "llvm":
        word = word_at(snapshot, line, column)
        if word is None or not word.text.startswith("@"):
            return None
        return Use(plain_name(word.text), line, word.column, word.end_column)
    written = snapshot.line(line)
    index = byte_to_index(written, column)
    for match in _ASM_NAME.finditer(written):
        if match.start() > index:
            break
        if index <= match.end():
            return _use(written, line, match)
    return None


def definition(snapshot: DocumentSnapshot, line: int, column: int) -> Use | None:
    """Where the function named at a position is defined or else declared."""
    use = use_at(snapshot, line, column)
    symbol = function_named(snapshot, use.name) if use is not None else None
    return None if symbol is None else Use(symbol.name, symbol.name_line, symbol.name_start, symbol.name_end)


def references(
    snapshot: DocumentSnapshot, line: int, column: int, *, with_declaration: bool
) -> tuple[Use, ...]:
    """Every place that names the function at a position, the first `MOST_REFERENCES` of them."""
    wanted = use_at(snapshot, line, column)
    if wanted is None or function_named(snapshot, wanted.name) is None:
        return ()
    declared = {(f.name_line, f.name_start) for f in symbols(snapshot) if f.name == wanted.name}
    pattern = _IR_NAME if snapshot.language == "llvm" else _ASM_NAME
    found: list[Use] = []
    for number, text in enumerate(snapshot.lines):
        columns = Columns(text, "utf-8")
        for match in pattern.finditer(text):
            if _name(match) != wanted.name:
                continue
            start = columns.utf8(match.start())
            if with_declaration or (number, start) not in declared:
                found.append(Use(wanted.name, number, start, columns.utf8(match.end())))
                if len(found) == MOST_REFERENCES:
                    return tuple(found)
    return tuple(found)


def _name(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if "plain" in groups:
        return groups["plain"] or unquoted(groups["quoted"])
    # Only what begins with @ is a name; strings and comments are matched to be passed over.
    return plain_name(match.group()) if match.group().startswith("@") else ""


def _use(text: str, line: int, match: re.Match[str]) -> Use:
    start = utf8_length(text[: match.start()])
    return Use(_name(match), line, start, start + utf8_length(match.group()))


def _asm_symbol(snapshot: DocumentSnapshot, function: AsmFunction) -> Symbol:
    """The label is the name; what its lines look like decides how many instructions there are."""
    lines = snapshot.lines[function.start_line : function.end_line + 1]
    place = next(
        (
            (function.start_line + offset, match)
            for offset, line in enumerate(lines)
            for match in _ASM_NAME.finditer(line)
            if _name(match) == function.name and (function.alias_of or line[match.end() :].startswith(":"))
        ),
        None,
    )
    line, start, end = function.start_line, 0, 0
    if place is not None:
        use = _use(snapshot.line(place[0]), place[0], place[1])
        line, start, end = use.line, use.start, use.end
    count = sum(1 for text in lines if _ASM_INSTRUCTION.match(text) or _LISTED.match(text))
    return Symbol(function.name, True, function.start_line, function.end_line, line, start, end, count)
