"""One version of one document, frozen, with its lines.

Lines end as LSP says, at `\n`, `\r\n` or `\r` and nowhere else: Python's `splitlines` also breaks at form
feeds and Unicode separators, which a client does not count. Knows no language beyond its name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from irlens.source.positions import (
    Encoding,
    byte_to_index,
    from_client,
    to_client,
    utf8_length,
)

Language = Literal["llvm", "asm"]

_LINE_END = re.compile(r"\r\n|\n|\r")
_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\n|\r)|[^\r\n]++")


def split_lines(text: str) -> list[str]:
    """The lines of `text` without their ends. A text that ends in a line end has an empty last line."""
    if "\r" in text:  # plain replacements: a text may be nothing but line ends
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.split("\n")


def lines_with_ends(text: str) -> list[str]:
    """The same lines with their ends, so that joined they are `text` again."""
    if "\r" not in text:
        lines = [f"{line}\n" for line in text.split("\n")]
        lines[-1] = lines[-1][:-1]
        return lines
    lines = _LINE.findall(text)
    if lines[-1].endswith(("\r", "\n")):
        lines.append("")
    return lines


@dataclass(frozen=True)
class DocumentSnapshot:
    """A document at one moment. `version` is the client's number for it. `memo` is for what features read out of the
    text: it goes when the snapshot goes, so that nothing keeps large texts that nobody has open any more."""

    uri: str
    version: int
    language: Language
    text: str
    memo: dict[str, Any] = field(init=False, repr=False, compare=False, default_factory=dict)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines without their ends; at least one."""
        return tuple(split_lines(self.text))

    @property
    def plain(self) -> str:
        """The text with `\n` at the end of each line, as LLVM has it; the same object where it has them already."""
        return self.text if "\r" not in self.text else "\n".join(self.lines)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        """The character offset of each line's first character."""
        return (0, *(match.end() for match in _LINE_END.finditer(self.text)))

    def line(self, number: int) -> str:
        """Line `number` from 0, without its end; "" where there is none."""
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def offset(self, line: int, utf8_column: int) -> int:
        """The character offset in `text` of a position; out of range means the nearest place there is."""
        if line < 0:
            return 0
        if line >= len(self.lines):
            return len(self.text)
        return self._starts[line] + byte_to_index(self.lines[line], utf8_column)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and UTF-8 byte column of a character offset, clamped. An offset inside a line end is the end
        of its line."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset) - 1
        return line, utf8_length(self.lines[line][: offset - self._starts[line]])

    def to_client(self, line: int, utf8_column: int, encoding: Encoding | str) -> int:
        """The client's column of a UTF-8 byte column on `line`."""
        return to_client(self.line(line), utf8_column, encoding)

    def from_client(self, line: int, column: int, encoding: Encoding | str) -> int:
        """The UTF-8 byte column of a client's column on `line`."""
        return from_client(self.line(line), column, encoding)
