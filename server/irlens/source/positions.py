"""Columns in UTF-8 bytes, UTF-16 code units and UTF-32 code points, converted line by line.

irlens counts columns in UTF-8 bytes (as LLVM does); a client counts in the unit it negotiated. A column
past the end of its line means the end, one inside a character means that character's start, as LSP asks.
A lone surrogate (possible in JSON text) counts as one UTF-16 unit and as three bytes; one that stands for a
byte that is not UTF-8 ("surrogateescape") counts as that byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

Encoding = Literal["utf-8", "utf-16", "utf-32"]
"""The unit a client counts columns in, as `PositionEncodingKind` spells it."""


_LONE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Half a UTF-16 pair alone, without those by which Python stands for bytes that are not UTF-8."""


_OF_TWO_UNITS = re.compile("[\U00010000-\U0010ffff]+")
_BYTES = re.compile("[\udc80-\udcff]+")


def to_utf8(text: str) -> bytes:
    """The bytes of `text` as LLVM and every other program gets them. Never raises.

    A byte of a file that was read with "surrogateescape" is that byte again. Any other lone surrogate, which an
    editor may send, is U+FFFD: it takes as many bytes as columns count for the surrogate, and it is what editors write.
    """
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return _LONE.sub("\ufffd", text).encode("utf-8", "surrogateescape")


def utf8_length(text: str) -> int:
    """Bytes of `text` in UTF-8, as `to_utf8` writes it."""
    if text.isascii():
        return len(text)
    try:
        return len(text.encode("utf-8"))
    except UnicodeEncodeError:
        of_bytes = sum(
            map(len, _BYTES.findall(text))
        )  # each stands for one byte, and is three in this writing
        return len(text.encode("utf-8", "surrogatepass")) - 2 * of_bytes


def utf16_length(text: str) -> int:
    """UTF-16 code units of `text`."""
    if text.isascii():
        return len(text)
    try:
        return len(text.encode("utf-16-le")) // 2
    except UnicodeEncodeError:  # slow where it has to pass every second character
        return len(text) + sum(map(len, _OF_TWO_UNITS.findall(text)))


def units(letter: str, encoding: Encoding | str) -> int:
    """How many columns of the client's one character takes."""
    if encoding == "utf-32":
        return 1
    return utf8_length(letter) if encoding == "utf-8" else 1 + (letter > "\uffff")


def to_client(line_text: str, utf8_column: int, encoding: Encoding | str) -> int:
    """The client's column of a UTF-8 byte column in `line_text` (its line end taken off)."""
    index = byte_to_index(line_text, utf8_column)
    if encoding == "utf-32":
        return index
    before = line_text[:index]
    return utf8_length(before) if encoding == "utf-8" else utf16_length(before)


def from_client(line_text: str, column: int, encoding: Encoding | str) -> int:
    """The UTF-8 byte column of a client's column in `line_text` (its line end taken off)."""
    return utf8_length(line_text[: client_to_index(line_text, column, encoding)])


def byte_to_index(line_text: str, utf8_column: int) -> int:
    """The character index of a UTF-8 byte column."""
    if utf8_column <= 0:
        return 0
    if line_text.isascii():
        return min(utf8_column, len(line_text))
    return _longest_within(line_text, utf8_column, utf8_length)


def client_to_index(line_text: str, column: int, encoding: Encoding | str) -> int:
    """The character index of a client's column."""
    if column <= 0:
        return 0
    if encoding == "utf-8":
        return byte_to_index(line_text, column)
    if encoding == "utf-32" or line_text.isascii():
        return min(column, len(line_text))
    return _longest_within(line_text, column, utf16_length)


class Columns:
    """Columns of one line, asked for from left to right: each part of the line is measured once."""

    def __init__(self, line_text: str, encoding: Encoding | str) -> None:
        self._text = line_text
        self._length = {"utf-8": utf8_length, "utf-16": utf16_length}.get(encoding, len)
        self._index = self._utf8 = self._client = 0

    def utf8(self, index: int) -> int:
        """The UTF-8 byte column of a character index."""
        self._go(index)
        return self._utf8

    def client(self, utf8_column: int) -> int:
        """The client's column of a UTF-8 byte column."""
        units = utf8_column - self._utf8
        if units < 0:  # out of order
            return self._length(self._text[: byte_to_index(self._text, utf8_column)])
        # A character takes a byte at least, so no more of the line than that can be meant.
        part = self._text[self._index : self._index + units]
        self._go(self._index + byte_to_index(part, units))
        return self._client

    def _go(self, index: int) -> None:
        part = self._text[self._index : index]
        self._utf8 += utf8_length(part)
        self._client += self._length(part)
        self._index = index


def is_inside_a_character(line_text: str, index: int, column: int, encoding: Encoding | str) -> bool:
    """Whether the client's column, whose index is `index`, splits the character that stands there."""
    if encoding == "utf-32" or line_text.isascii() or index >= len(line_text):
        return False
    length = utf8_length if encoding == "utf-8" else utf16_length
    return length(line_text[index]) > 1 and length(line_text[:index]) != max(column, 0)


def _longest_within(text: str, units: int, length: Callable[[str], int]) -> int:
    """The longest beginning of `text` that takes no more than `units`, by halves: on a long line, much quicker than
    counting characters."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        needed = length(text[low:middle])
        if needed <= units:
            units -= needed
            low = middle
        else:
            high = middle - 1
    return low
