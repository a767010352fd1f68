"""The source line of a finding and a caret under it, as clang prints them. Text in, text out."""

from __future__ import annotations

import re
import unicodedata

from irlens import escape
from irlens.source.positions import byte_to_index

_TAB = 8
_TOKEN = re.compile(r"[-\w$.@%#!]+|\S")
_ELLIPSIS = "..."


def excerpt(line: str, column: int | None, end_column: int | None, width: int) -> tuple[str, str]:
    """The line and what stands under it, both at most `width` cells wide and safe to print. Columns in UTF-8 bytes from 0,
    the end exclusive; None: no column is known (then nothing stands under it), the end of the token."""
    cells: list[tuple[str, int]] = []
    at = 0
    for character in line:
        shown = " " * (_TAB - at % _TAB) if character == "\t" else escape.line(character)
        size = sum(map(_width, shown))
        cells.append((shown, size))
        at += size
    first = byte_to_index(line, column) if column is not None else len(line)
    last = _last(line, first, end_column)
    start, stop = _window([size for _, size in cells], min(first, len(cells)), width)
    text = "".join(shown for shown, _ in cells[start:stop])
    lead = _ELLIPSIS if start else ""
    end = _ELLIPSIS if stop < len(cells) else ""
    if column is None:
        return f"{lead}{text}{end}", ""
    before = len(lead) + sum(size for _, size in cells[start:first])
    under = sum(size for _, size in cells[first : min(last, stop)])
    return f"{lead}{text}{end}", " " * before + "^" + "~" * (under - 1)


def _last(line: str, first: int, end_column: int | None) -> int:
    """The index behind what is marked."""
    if end_column is not None:
        return max(first + 1, byte_to_index(line, end_column))
    token = _TOKEN.match(line, first)
    return token.end() if token else first + 1


def _window(sizes: list[int], first: int, width: int) -> tuple[int, int]:
    """The range of the characters that are shown, around the one that matters."""
    if sum(sizes) <= width:
        return 0, len(sizes)
    room = max(1, width - 2 * len(_ELLIPSIS))
    start = first
    used = 0
    while start > 0 and used + sizes[start - 1] <= room // 2:
        start -= 1
        used += sizes[start]
    stop = first
    while stop < len(sizes) and used + sizes[stop] <= room:
        used += sizes[stop]
        stop += 1
    while start > 0 and used + sizes[start - 1] <= room:
        start -= 1
        used += sizes[start]
    return start, stop


def _width(character: str) -> int:
    """Cells of a terminal that a printable character takes."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
