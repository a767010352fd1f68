"""Which line of an assembly text an offset into its function comes from: labels that an assembler turns into numbers.

Text in, text out; the assembler is somebody else's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from irlens.asm.outline import functions, lines_of

SECTION = ".irlens_lines"
"""Holds one 32-bit number a mark: bytes from the function's label to the line."""
_MARK = ".Lirlens_mark"
_SECTION_CHANGE = re.compile(
    r"[ \t]*\.(text|data|bss|rodata|previous|popsection|(?:push)?section(?=[ \t]+([^\s,]+)))(?![\w.])"
)
_INSTRUCTION = re.compile(r"^[ \t]*(?:[\w.$]+:[ \t]*)?[A-Za-z][\w.]*(?:[ \t,;]|\r?$)")


@dataclass(frozen=True)
class Marked:
    """The text with marks, and the lines (from 0) that they stand on, in the order of their numbers."""

    text: str
    lines: tuple[int, ...]

    def line_at(self, numbers: tuple[int, ...], offset: int) -> int | None:
        """The last line that begins at `offset` or before it; None for numbers of another text."""
        if len(numbers) != len(self.lines):
            return None
        before = [line for line, number in zip(self.lines, numbers, strict=True) if number <= offset]
        return before[-1] if before else None


def _sections(lines: list[str]) -> list[str]:
    """The section that each line is in."""
    before, now = ".text", ".text"
    pushed: list[tuple[str, str]] = []
    found = []
    for line in lines:
        directive = _SECTION_CHANGE.match(line)
        if directive:
            kind = directive[1]
            if kind == "popsection":
                before, now = pushed.pop() if pushed else (before, now)
            elif kind == "previous":
                before, now = now, before
            else:
                if kind == "pushsection":
                    pushed.append((before, now))
                before, now = now, directive[2] or f".{kind}"
        found.append(now)
    return found


def marked(text: str, function: str) -> Marked | None:
    """The text with a mark before each instruction of the function; None where it has none."""
    found = functions(text)
    index = next((index for index, each in enumerate(found) if each.name == function), None)
    if index is None:
        return None
    own = found[index]
    lines = list(lines_of(text))
    # gcc writes a jump table in the middle of its function, where its outline ends.
    end = found[index + 1].start_line if index + 1 < len(found) else len(lines)
    sections = _sections(lines[:end])
    at = [
        number
        for number in range(own.start_line + 1, end)
        if sections[number] == sections[own.start_line] and _INSTRUCTION.match(lines[number])
    ]
    if not at:
        return None
    for number in at:
        lines[number] = f"{_MARK}{number}: {lines[number].lstrip()}"
    lines[own.start_line] = f"{_MARK}_start: {lines[own.start_line].lstrip()}"
    numbers = "".join(f"\t.long {_MARK}{number}-{_MARK}_start\n" for number in at)
    return Marked("\n".join(lines) + f'\n\t.section {SECTION},"",%progbits\n{numbers}', tuple(at))
