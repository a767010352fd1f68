"""Changes to a text, as data: what a client sends on a keystroke and what a feature asks a client to do.

Positions are lines from 0 and columns in UTF-8 bytes; in `ClientChange` columns are in the client's unit.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from irlens.source.positions import Encoding, client_to_index, is_inside_a_character, units
from irlens.source.snapshot import DocumentSnapshot, lines_with_ends


@dataclass(frozen=True)
class TextEdit:
    """Replace what stands from start to end (exclusive) by `text`."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True)
class ClientChange:
    """One content change of `textDocument/didChange`; columns in the client's unit. `range` None: the whole
    text is new. `range` is (start line, start column, end line, end column)."""

    text: str
    range: tuple[int, int, int, int] | None = None


def whole_document(snapshot: DocumentSnapshot, text: str) -> TextEdit:
    """The edit that makes `text` the document's text."""
    line, column = snapshot.position(len(snapshot.text))
    return TextEdit(0, 0, line, column, text)


def apply_edits(snapshot: DocumentSnapshot, edits: Iterable[TextEdit]) -> str:
    """The text after `edits`, which all speak of the text before any of them (as LSP has it).

    Edits at the same place are inserted in their order. Raises `ValueError` where two overlap.
    """
    spans = []
    for order, edit in enumerate(edits):
        start = snapshot.offset(edit.start_line, edit.start_column)
        end = snapshot.offset(edit.end_line, edit.end_column)
        start, end = min(start, end), max(start, end)
        spans.append((start, end, order, edit.text))
    out, at = [], 0
    for start, end, _, text in sorted(spans, key=lambda span: span[:3]):
        if start < at:
            raise ValueError("Two edits overlap. Apply them one after the other.")
        out += [snapshot.text[at:start], text]
        at = end
    out.append(snapshot.text[at:])
    return "".join(out)


_LONE_RETURN = re.compile(r"\r(?!\n)")
_A_HALF = re.compile("[\ud800-\udfff]")
_HALVES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
"""Two halves of a UTF-16 pair, which came in two changes and are one character."""


class Unfollowable(ValueError):
    """A change that cannot be made in this text, so the client has another one. The text says what was seen."""


def apply_changes(
    snapshot: DocumentSnapshot, changes: Iterable[ClientChange], version: int, encoding: Encoding | str
) -> DocumentSnapshot:
    """The next snapshot: each change speaks of the text that the one before it left.

    A column past the end of its line means the end, as LSP has it, and the line after the last one the end of the
    text. Raises `Unfollowable` where a position is farther out, splits a character, or comes after its end, and where
    there are so many changes in lines so long that to make them would hold everybody up.
    """
    lines = lines_with_ends(snapshot.text)
    spent = 0
    given = list(changes)
    # A line end of two characters may come together where lines end in `\r` alone, and then lines are counted anew.
    plain = not any(_LONE_RETURN.search(text) for text in (snapshot.text, *(change.text for change in given)))
    for group in _groups(given) if plain else ([change] for change in given):
        if group[0].range is None:
            lines = lines_with_ends(group[0].text)
        elif len(group) >= _WORTH_IT:
            lines = _apply_at_once(lines, group, encoding)
        else:
            for change in group:
                assert change.range is not None
                line = change.range[0]
                spent += len(lines[line]) if 0 <= line < len(lines) else 0
                if line != change.range[2] or "\n" in change.text or "\r" in change.text:
                    spent += len(lines)
                if spent > _MOST_WORK:
                    raise Unfollowable("too many changes at once for a text of this size")
                _apply(lines, change.text, change.range, encoding)
    return replace(snapshot, text="".join(lines), version=version)


_WORTH_IT = 8
"""Changes from the end to the beginning that are made at once; a few are quicker one by one."""
_MOST_WORK = 100_000_000
"""Characters and lines that changes one by one may move: 0.1 s."""


def _groups(changes: list[ClientChange]) -> Iterator[list[ClientChange]]:
    """Changes that stand each before the one in front of it, as editors send those of many cursors: none moves what the
    next one speaks of. A change of everything stands alone."""
    group: list[ClientChange] = []
    for change in changes:
        last = group[-1].range if group else None
        if group and (last is None or change.range is None or change.range[2:] >= last[:2]):
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _apply_at_once(lines: list[str], group: list[ClientChange], encoding: Encoding | str) -> list[str]:
    """What `_apply` makes of a group, in time that grows with the text and not with the text times the group."""
    starts = [0, *accumulate(map(len, lines))]
    places = _Places(lines, encoding)
    text = "".join(lines)
    end = len(text)
    pieces: list[str] = []
    for change in group:
        assert change.range is not None
        # From right to left, so that a line is measured once.
        second = starts[(place := places.of(change.range[2], change.range[3]))[0]] + place[1]
        first = starts[(place := places.of(change.range[0], change.range[1]))[0]] + place[1]
        if second < first:
            raise Unfollowable(
                f"a change ends before it starts, at line {change.range[2] + 1} column {change.range[3] + 1}"
            )
        pieces += (text[second:end], change.text)
        end = first
    pieces.append(text[:end])
    made = "".join(reversed(pieces))
    if _A_HALF.search(made) is not None:
        made = _HALVES.sub(_whole, made)
    return lines_with_ends(made)


class _Places:
    """Client positions as lines and indices, asked for in any order; of a line of many the columns are counted once."""

    def __init__(self, lines: list[str], encoding: Encoding | str) -> None:
        self._lines, self._encoding = lines, encoding
        self._line, self._asked = -1, 0
        self._columns: list[int] = []

    def of(self, line: int, column: int) -> tuple[int, int]:
        """Raises `Unfollowable` as `_place`."""
        self._asked = self._asked + 1 if line == self._line else 0
        if line != self._line:
            self._line, self._columns = line, []
        if self._asked < _WORTH_IT or not 0 <= line < len(self._lines) or self._lines[line].isascii():
            return _place(self._lines, line, column, self._encoding)
        text = self._lines[line].rstrip("\r\n")
        if not self._columns:
            self._columns = [0, *accumulate(units(letter, self._encoding) for letter in text)]
        if column >= self._columns[-1]:
            return line, len(text)
        index = bisect_left(self._columns, max(column, 0))
        if self._columns[index] != max(column, 0):
            raise Unfollowable(f"a change splits the character at line {line + 1} column {column + 1}")
        return line, index


def _apply(lines: list[str], new: str, span: tuple[int, int, int, int], encoding: Encoding | str) -> None:
    """Only the lines that are touched are taken apart: an editor with many cursors sends thousands of changes."""
    start_line, start = _place(lines, span[0], span[1], encoding)
    is_insertion = span[:2] == span[2:]
    end_line, end = (start_line, start) if is_insertion else _place(lines, span[2], span[3], encoding)
    if (end_line, end) < (start_line, start):
        raise Unfollowable(f"a change ends before it starts, at line {span[2] + 1} column {span[3] + 1}")
    text = lines[start_line][:start] + new + lines[end_line][end:]
    if _HALVES.search(text, max(0, start - 1), start + len(new) + 1) is not None:
        text = _HALVES.sub(_whole, text)
    # A line end of two characters may come together, or apart, at the seam.
    if start_line > 0 and lines[start_line - 1].endswith("\r") and text.startswith("\n"):
        start_line -= 1
        text = lines[start_line] + text
    if "\n" in new or "\r" in new or end_line > start_line or start_line < span[0]:
        pieces = lines_with_ends(text)
        if end_line < len(lines) - 1:
            pieces.pop()  # what follows the line end stands in the next line
    else:
        pieces = [text]
    lines[start_line : end_line + 1] = pieces


def _place(lines: list[str], line: int, column: int, encoding: Encoding | str) -> tuple[int, int]:
    """The line and the index in it of a client's position."""
    if line > len(lines) or line < 0:
        raise Unfollowable(f"a change is at line {line + 1}, and the text has {len(lines)}")
    if line == len(lines):
        return len(lines) - 1, len(lines[-1])
    text = lines[line].rstrip("\r\n")
    index = client_to_index(text, column, encoding)
    if is_inside_a_character(text, index, column, encoding):
        raise Unfollowable(f"a change splits the character at line {line + 1} column {column + 1}")
    return line, index


def _whole(halves: re.Match[str]) -> str:
    return halves[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")
