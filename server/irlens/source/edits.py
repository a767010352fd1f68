"""Changes to a text, as data: what a client sends on a keystroke and what a feature asks a client to do.

Positions are lines from 0 and columns in UTF-8 bytes; in `ClientChange` columns are in the client's unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from irlens.source.positions import Encoding, client_to_index, is_inside_a_character
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


_HALVES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
"""Two halves of a UTF-16 pair, which came in two changes and are one character."""


class Unfollowable(ValueError):
    """A change that cannot be made in this text, so the client has another one. The text says what was seen."""


def apply_changes(
    snapshot: DocumentSnapshot, changes: Iterable[ClientChange], version: int, encoding: Encoding | str
) -> DocumentSnapshot:
    """The next snapshot: each change speaks of the text that the one before it left.

    A column past the end of its line means the end, as LSP has it, and the line after the last one the end of the
    text. Raises `Unfollowable` where a position is farther out, splits a character, or comes after its end.
    """
    lines = lines_with_ends(snapshot.text)
    for change in changes:
        if change.range is None:
            lines = lines_with_ends(change.text)
        else:
            _apply(lines, change.text, change.range, encoding)
    return replace(snapshot, text="".join(lines), version=version)


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
