"""An assembly text with the files that it names put in their place, so that no assembler opens one.

What `.include` names takes its line's place; what `.incbin` names becomes a `.byte` list on its line. Only what stands
plainly is put in: a name that a macro makes up is refused, as `file_directives` has it. The files come through `read`;
nothing is opened here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from irlens.asm.arithmetic import value_of
from irlens.asm.file_directives import FileDirective, find

MOST_BYTES = 4 << 20
"""Of all files together."""
MOST_FILES = 1000
DEEPEST = 20
"""Includes within includes."""

_INCLUDE = re.compile(
    r'(?P<before>.*?)\.include[ \t]*"(?P<name>(?:[^"\\]|\\.)*)"[ \t]*(?P<after>[#;/@].*)?$', re.I | re.S
)
_INCBIN = re.compile(
    r'(?P<before>.*?)\.incbin[ \t]*"(?P<name>(?:[^"\\]|\\.)*)"[ \t]*(?:,(?P<skip>[^,;#/@]*))?'
    r"(?:,(?P<count>[^,;#/@]*))?(?P<after>[#;/@].*)?$",
    re.I | re.S,
)
_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))", re.S)
_LINE_END = re.compile(r"\r\n|\r|\n")

Read = Callable[[str, int], bytes]
"""The contents of a file by the name that the text has, of at most so many bytes. Raises `Unreadable`."""


class Unreadable(Exception):
    """A file cannot be put in; the text says why, as a sentence."""


class CannotInclude(Exception):
    """The text cannot be completed: `line` and `column` (characters, from 0) of the directive, and why."""

    def __init__(self, line: int, column: int, end_column: int, why: str) -> None:
        super().__init__(why)
        self.line, self.column, self.end_column = line, column, end_column


@dataclass(frozen=True)
class Completed:
    """The whole text, and for each of its lines the line of the given text that it stands for, both from 0."""

    text: str
    lines: tuple[int, ...]


def complete(text: str, read: Read) -> Completed:
    """The text with its files in place. Raises `CannotInclude`."""
    if not _directives(text):
        return Completed(text, tuple(range(len(_LINE_END.findall(text)) + 1)))
    return _Completer(read).complete(text)


class _Completer:
    def __init__(self, read: Read) -> None:
        self._read = read
        self._left, self._files = MOST_BYTES, MOST_FILES

    def complete(self, text: str) -> Completed:
        out: list[tuple[int, str]] = []
        by_line = _directives(text)
        for number, line in enumerate(_LINE_END.split(text)):
            found = by_line.get(number)
            out += [(number, part) for part in (self._line(line, found, 0) if found else (line,))]
        return Completed("\n".join(part for _, part in out), tuple(number for number, _ in out))

    def _line(self, line: str, found: FileDirective, depth: int) -> list[str]:
        try:
            return self._include(line, depth) if found.name == "include" else [self._incbin(line)]
        except Unreadable as unreadable:
            raise CannotInclude(found.line, found.column, found.end_column, str(unreadable)) from unreadable

    def _include(self, line: str, depth: int) -> list[str]:
        match = _INCLUDE.match(line)
        if match is None or not _is_alone(match["before"], match["after"]):
            raise Unreadable('irlens reads an include that stands alone on its line. Write .include "FILE".')
        if depth >= DEEPEST:
            raise Unreadable(f"Includes nest more than {DEEPEST} deep here. Nest less.")
        contents = self._contents(match["name"]).decode("utf-8", "surrogateescape")
        by_line = _directives(contents)
        out = [match["before"]] if match["before"].strip() else []
        for number, part in enumerate(_LINE_END.split(contents)):
            found = by_line.get(number)
            try:
                out += self._line(part, found, depth + 1) if found else [part]
            except CannotInclude as cannot:  # the line is one of that file
                raise Unreadable(str(cannot)) from cannot
        return out

    def _incbin(self, line: str) -> str:
        match = _INCBIN.match(line)
        if match is None or not _is_alone(match["before"], match["after"]):
            raise Unreadable('irlens reads an .incbin that stands alone on its line. Write .incbin "FILE".')
        skip, count = (self._number(match[name]) for name in ("skip", "count"))
        data = self._contents(match["name"])[skip or 0 :]
        data = data if count is None else data[:count]
        return f"{match['before']}{'.byte ' if data else ''}{','.join(map(str, data))}"

    def _number(self, text: str | None) -> int | None:
        if text is None or not text.strip():
            return None
        value = value_of(text, {})
        if value is None or value < 0:
            raise Unreadable("irlens reads numbers only after the name of a file. Write them out.")
        return value

    def _contents(self, name: str) -> bytes:
        self._files -= 1
        if self._files < 0:
            raise Unreadable(f"More than {MOST_FILES:,} files are included. Include fewer.")
        if "\\" in _ESCAPE.sub("", name) or re.search(r"\\[A-Za-wyz_@(&]", name):
            raise Unreadable("A macro makes up the name of this file. Write it out.")
        contents = self._read(_ESCAPE.sub(_character, name), self._left)
        self._left -= len(contents)
        return contents


def _directives(text: str) -> dict[int, FileDirective]:
    """The first on each line that has any."""
    return {each.line: each for each in reversed(find(text, MOST_FILES + 1)) if each.kind == "direct"}


def _is_alone(before: str, after: str | None) -> bool:
    """Nothing but labels before it, nothing but a comment after it."""
    labels = re.fullmatch(r'[ \t]*(?:(?:[\w.$]+|"[^"]*")[ \t]*:[ \t]*)*', before) is not None
    return labels and (after is None or not after.startswith(";") or not after.strip("; \t"))


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1], 8))
    return chr(int(match[2], 16)) if match[2] else match[3]
