"""Directives with which an assembly text makes its assembler open a file: where they stand, and where macros could make one.

GNU as, llvm-mc, clang and LLVM's inline assembly agree on `.incbin` and `.include` and differ in almost all else: what
begins a comment, what ends a statement, what joins two pieces of a word. So nothing is taken for a comment or a string
that one of them may read otherwise; in doubt a word counts as a directive. Text in, places out; linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice, product
from typing import Literal

Kind = Literal["direct", "composed", "syntax"]

_DIRECTIVES = ("incbin", "include", "secure_log_unique", "secure_log_reset")
_SYNTAX = ("mri",)
"""Directives after which the others are spelled otherwise."""
_WORD = re.compile(
    rf"(?<![A-Za-z0-9_.$])\.(?P<name>{'|'.join((*_DIRECTIVES, *_SYNTAX))})(?![A-Za-z0-9_.$])", re.I
)
_BARE = re.compile(r"^[ \t]*(?P<name>incbin|include)[ \t]+[\"'<]", re.I | re.M)
"""What assemblers without a dot take, such as GNU as for the Z80."""
_QUICK = re.compile(r"inc(?:bin|lude)|secure_log|\.mri|/\*", re.I)
_LINE = re.compile(r"[^\r\n]+")
_MACROS = re.compile(r"\.(?:macro|irpc?|irepc?|rept?|altmacro)(?![A-Za-z0-9_])", re.I)
"""After one of these what stands in one place can come out in another."""
_SEPARATES = re.compile(r"[;:!%@|$`{}\"']|\*/")
"""What may end a statement, a label, a comment or a string before the word, for one assembler or another."""
_PREFIXES = "|".join(
    sorted({name[:size] for name in _DIRECTIVES for size in range(1, len(name))}, key=len, reverse=True)
)
_GLUED = re.compile(rf"\.(?:{_PREFIXES})?/\*", re.I)
"""A comment in the middle of a directive, which GNU as takes out."""
_GLUED_TO_MACRO = re.compile(r"[A-Za-z0-9_.$)@]/\*")
_COMMENT_END = re.compile(r"\*/(?=[\w.$\\&])")

_PARTS = re.compile(
    r"(?P<text>[a-z0-9_.]+)|(?P<glue>\\+\(\)|[\"!])|(?P<other>\\+[@+]|\$(?![0-9n]))"
    r"|(?P<any>\\+[\w.$?]*|&+[\w.$?]*&?|\$[0-9n])",
    re.I,
)
_RUN = re.compile(r"(?:[A-Za-z0-9_.$\"!\\&]|\\\(\)|(?<=\\)[()@+?]|(?<=\()\)|[^\x00-\x7f])+")
_LEAF = re.compile(r"(?<![\\a-z0-9_.$])[a-z_.]+(?![a-z0-9_.$])")
"""What can be given to a macro as a piece: a whole word."""
_IRPC = re.compile(r"\.i(?:rpc|repc)\b[^\r\n]*", re.I)
TARGETS = tuple(f".{name}" for name in (*_DIRECTIVES[:3], "altmacro"))
_LONGEST_RUN = 200
"""Of a word of pieces; what is longer is taken for one that could be anything."""
_MOST_PATTERNS = 20_000
_MOST_TRIED = 2_000_000
"""Ways to put pieces together that are tried; a text that takes more is taken for one that can make a directive."""
_MOST_LOOKED_AT = 200

_ANY = "\0"
"""Stands for what a macro puts in."""


@dataclass(frozen=True)
class FileDirective:
    """A place, line and column (characters) from 0, where a file would be opened. `kind` is "direct" where the word stands
    there, "composed" where macros could make it, "syntax" where the text changes how directives are spelled. `name` is the
    directive's, without its dot."""

    line: int
    column: int
    end_column: int
    name: str
    kind: Kind

    @property
    def message(self) -> str:
        """What to tell the user, in two sentences."""
        if self.kind == "syntax":
            return f".{self.name} changes how directives are spelled, so irlens does not assemble this file. Remove it."
        if self.kind == "composed":
            return (
                f"Macros could spell .{self.name} from this word, and .{self.name} opens a file: irlens does not assemble it. "
                "Write the word in one piece."
            )
        if self.name.startswith("secure_log"):
            return f".{self.name} writes a log file, so irlens does not assemble this file. Remove it."
        return (
            f".{self.name} opens a file, which irlens does only where you allow it. Set `irlens.asm.includeFiles` "
            "(`--include-files` in a shell), or put the contents in its place."
        )

    @property
    def message_in_ir(self) -> str:
        """The same of assembly in a module of IR, where no file is ever opened."""
        if self.kind == "composed":
            return (
                f"This assembly could come to spell .{self.name}, which opens a file: irlens does not compile the module. "
                "Write the word in one piece."
            )
        return (
            f".{self.name} opens a file, so irlens does not compile this module. Take it out of the assembly."
        )


def find(text: str, most: int = 100) -> tuple[FileDirective, ...]:
    """The places, `most` of them at most, where the text makes an assembler open a file, or could; none for nearly every
    text."""
    macros = _MACROS.search(text) is not None
    if not macros and not _QUICK.search(text):
        return ()
    found = list(islice(_direct(text, macros), most))
    if macros:
        found += _composed(text)
    return tuple(sorted(found, key=lambda each: (each.line, each.column)))


def _direct(text: str, macros: bool) -> Iterator[FileDirective]:
    for number, match in enumerate(_WORD.finditer(text)):
        # Whoever has so many of them is not worth the time that looking at each takes.
        if number >= _MOST_LOOKED_AT or _may_begin_a_statement(text, match.start(), macros):
            name = match["name"].lower()
            kind: Kind = "syntax" if name in _SYNTAX else "direct"
            yield _at(text, match.start(), match.end(), name, kind)
    for match in _BARE.finditer(text):
        yield _at(text, match.start("name"), match.end("name"), match["name"].lower(), "direct")
    glued = _GLUED.search(text)
    if glued is not None and _COMMENT_END.search(text, glued.end()):
        yield _at(text, glued.start(), glued.end(), "include", "composed")
    if macros:
        end = 0
        for match in _GLUED_TO_MACRO.finditer(text):
            if end >= match.end():
                continue  # this comment's end was looked at
            end = text.find("*/", match.end())
            if end < 0:
                return
            if _COMMENT_END.match(text, end):
                yield _at(text, match.start(), match.end(), "include", "composed")
                return


def _may_begin_a_statement(text: str, at: int, macros: bool) -> bool:
    """Some assembler may take the word at `at` for the beginning of a statement."""
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    before = text[start:at]
    plain = before.strip().strip('"').strip()
    if plain.startswith("#"):
        # Each of them takes such a line for a comment, unless it begins within a string or a comment.
        return re.search(r"[\"']|\*/", before) is not None
    if not plain or macros:
        return True
    return _SEPARATES.search(before.rstrip().removesuffix('"')) is not None


def _composed(text: str) -> Iterator[FileDirective]:
    """Words of pieces that macros could make a directive: each piece that they put in may be any word of the text."""
    if not re.search(r"[\\&]|[$!\"]\w|\w[\"!]", text):
        return
    patterns: dict[tuple[str, ...], int] = {}
    names = _bare_parameters(text)
    for match in _runs(text):
        pattern = _pattern(match[0])
        if "&" in match[0]:
            pattern = tuple(_ANY if piece in names else piece for piece in pattern)
        if len(pattern) > 1:
            patterns.setdefault(pattern, match.start())
            if len(patterns) > _MOST_PATTERNS:
                yield _at(text, match.start(), match.end(), "include", "composed")
                return
    if not patterns:
        return
    leaves = set(_LEAF.findall(text.lower()))
    singles = {character for match in _IRPC.finditer(text) for character in _characters_of(match[0])}
    for target in TARGETS:
        at = _reached(target, patterns, leaves | singles)
        if at is not None:
            yield _at(text, at, _RUN.match(text, at).end(), target[1:], "composed")  # type: ignore[union-attr]
            return


def _runs(text: str) -> Iterator[re.Match[str]]:
    """The words of the lines in which something may be put together."""
    for line in _LINE.finditer(text):
        if any(mark in line[0] for mark in '\\&$!"'):
            yield from _RUN.finditer(text, line.start(), line.end())


def _characters_of(line: str) -> str:
    """The characters that an `.irpc` line gives one by one; all there are where a macro puts them in."""
    values = line.partition(",")[2] or line
    return "".join(TARGETS) if "\\" in values or "&" in values else values.lower()


def _bare_parameters(text: str) -> set[str]:
    """Names that `.altmacro` puts something in for without a backslash."""
    if ".altmacro" not in text.lower():
        return set()
    lines = re.findall(r"^[ \t]*(?:\.macro|\.irpc?|local)\b([^\r\n]*)", text, re.I | re.M)
    return {name.lower() for line in lines for name in re.findall(r"[\w.$]+", line)}


def _pattern(run: str) -> tuple[str, ...]:
    """The pieces of a word: small letters as they are, and `_ANY`. Glue is left out."""
    if len(run) > _LONGEST_RUN:
        return (_ANY, _ANY) if "\\" in run or "&" in run else ()
    pieces: list[str] = []
    glued = False
    for match in _PARTS.finditer(run):
        if match["glue"] is not None:
            glued = glued or bool(pieces)
        elif match["text"] is not None:
            pieces.append(match["text"].lower())
        elif match["other"] is not None:
            pieces.append("0")  # a number, or what is in no directive's name
        else:
            pieces.append(_ANY)
    # Two in a row, done again and again, give all that three do.
    runs = [list(run) for _, run in groupby(pieces)]
    pieces = [piece for run in runs for piece in (run[:2] if run[0] == _ANY else run)]
    return tuple(pieces) if len(pieces) > 1 else ()


def _reached(target: str, patterns: dict[tuple[str, ...], int], leaves: set[str]) -> int | None:
    """Where the target can be composed, at the first pattern that gives it; None where it cannot."""
    pieces = {target[i:j] for i, j in product(range(len(target)), range(1, len(target) + 1)) if i < j}
    there = (pieces & leaves) - {target}
    fitting = [
        (pattern, at) for pattern, at in patterns.items() if all(p == _ANY or p in pieces for p in pattern)
    ]
    grew, tried = True, 0
    while grew:
        grew = False
        for pattern, at in fitting:
            made = _made(pattern, pieces, there) - there
            tried += len(pattern) * len(there) * len(pieces)
            if target in made or tried > _MOST_TRIED:
                return at
            grew = grew or bool(made)
            there |= made
    return None


def _made(pattern: tuple[str, ...], pieces: set[str], there: set[str]) -> set[str]:
    """The pieces of the target that the pattern can give, each `_ANY` being nothing or a piece that is there."""
    made = {""}
    for part in pattern:
        choices = (*there, "") if part == _ANY else (part,)
        made = {
            before + choice
            for before in made
            for choice in choices
            if not before + choice or before + choice in pieces
        }
        if not made:
            break
    return made - {""}


def _at(text: str, start: int, end: int, name: str, kind: Kind) -> FileDirective:
    begins = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    line = len(re.findall(r"\r\n|\r|\n", text[:begins]))
    return FileDirective(line, start - begins, end - begins, name, kind)
