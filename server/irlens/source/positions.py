"""Columns in UTF-8 bytes, UTF-16 code units and UTF-32 code points, converted line by line.

irlens counts columns in UTF-8 bytes (as LLVM does); a client counts in the unit it negotiated. A column
past the end of its line means the end, one inside a character means that character's start, as LSP asks.
A lone surrogate (possible in JSON text) counts as one UTF-16 unit and as three bytes.
"""

from __future__ import annotations

from typing import Literal

Encoding = Literal["utf-8", "utf-16", "utf-32"]
"""The unit a client counts columns in, as `PositionEncodingKind` spells it."""


def utf8_length(text: str) -> int:
    """Bytes of `text` in UTF-8, lone surrogates included. Never raises."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def utf16_length(text: str) -> int:
    """UTF-16 code units of `text`."""
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)


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
    at = 0
    for index, char in enumerate(line_text):
        code = ord(char)
        at += 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4
        if at > utf8_column:
            return index
    return len(line_text)


def client_to_index(line_text: str, column: int, encoding: Encoding | str) -> int:
    """The character index of a client's column."""
    if column <= 0:
        return 0
    if encoding == "utf-8":
        return byte_to_index(line_text, column)
    if encoding == "utf-32" or line_text.isascii():
        return min(column, len(line_text))
    at = 0
    for index, char in enumerate(line_text):
        at += 2 if char > "\uffff" else 1
        if at > column:
            return index
    return len(line_text)
