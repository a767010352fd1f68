"""Directives with which an assembly text makes its assembler open a file: where they stand, and where macros could make one.

GNU as, llvm-mc, clang and LLVM's inline assembly agree on `.incbin` and `.include` and differ in almost all else: what
begins a comment, what ends a statement, what joins two pieces of a word. So nothing is taken for a comment or a string
that one of them may read otherwise; in doubt a word counts as a directive. Text in, places out; linear time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice, product
from typing import Literal

Kind = Literal["direct", "composed", "syntax"]

_DIRECTIVES = ("incbin", "include", "secure_log_unique", "secure_log_reset")
_SYNTAX = ("mri",)
"""Directives after which the others are spelled otherwise."""
_WORD = re.compile(
    rf"(?<![A-Za-z0-9_.])\.(?P<name>{'|'.join((*_DIRECTIVES, *_SYNTAX))})(?![A-Za-z0-9_.$])", re.I
)
_BARE = re.compile(r"^[ \t]*(?P<name>incbin|include)[ \t]+[\"'<]", re.I | re.M)
"""What assemblers without a dot take, such as GNU as for the Z80."""
_QUICK = re.compile(r"inc(?:bin|lude)|secure_log|\.mri|/\*|^[ \t]*+\"", re.I | re.M)
_LINE = re.compile(r"[^\r\n]+")
_MACROS = re.compile(r"\.(?:macro|irpc?|irepc?|rept?|altmacro)(?![A-Za-z0-9_])", re.I)
"""After one of these what stands in one place can come out in another."""
_HIDES = re.compile(
    r"\.(?:macro|irpc?|irepc?|rept?|altmacro)(?![A-Za-z0-9_])|^[ \t]*+\"|^#(?:NO_)?APP|[^\s,;][ \t]*+/\*|^[ \t]*+/\*[^\n]*\"",
    re.I | re.M,
)
_SEPARATES = re.compile(r"[;:!%@|$`{}\"']|/\*|\*/")
"""What may end a statement, a label, a comment or a string, for one assembler or another."""
_OPEN_STRING = re.compile(
    r"[ \t]*+(?:[\w.$]++:[ \t]*+)?\.(?:ascii|asciz|string|ident)[ \t]++"
    r"(?>(?:\"(?>(?:[^\"\\\r\n]|\\.)*)\"[ \t]*+,[ \t]*+)*)\"(?>(?:[^\"\\\r\n]|\\.)*)",
    re.I,
)
"""A line of data up to a place inside one of its strings."""
_ODD_LINE = re.compile(
    r"^[^\"\r\n]*+(?>(?:\"(?>(?:[^\"\\\r\n]|\\.)*)\"[^\"\r\n]*+)*)\"(?>(?:[^\"\\\r\n]|\\[^\r\n])*)\\?$", re.M
)
"""A line with a string that it does not end: the next one may begin inside it."""
_GLUED = re.compile(r"[A-Za-z0-9_.$)@\\&]/\*")
"""A comment in the middle of a word, which GNU as takes out: of a directive's name, or of the directive that makes macros."""
_LINE_END = re.compile(r"[\r\n]|\Z")
_COMMENT_END = re.compile(r"\*/(?>(?:[ \t]++|/\*[^*]*+(?>(?:\*(?!/)[^*]*+)*)\*/)*)(?=[\w.$\\&])")
_QUOTED_STATEMENT = re.compile(r"(?:^|[;{}])[ \t]*+\"\.?[a-z]++\"(?![ \t]*+[:=,])", re.I | re.M)
"""A statement that begins with a string: GNU as takes it for the word, or for its first piece."""

_PARTS = re.compile(
    r"(?P<text>[a-z0-9_.]+)|(?P<glue>\\+\(\)|[\"!])|(?P<other>\\+[@+]|\$(?![0-9n]))"
    r"|(?P<any>\\+[\w.$?]*|&+[\w.$?]*&?|\$[0-9n])",
    re.I,
)
_RUN = re.compile(r"(?:[A-Za-z0-9_.$\"!\\&]|\\\(\)|(?<=\\)[()@+?]|(?<=\()\)|[^\x00-\x7f])+")
_COMMENT = re.compile(r"/\*[^*]*+(?>(?:\*(?!/)[^*]*+)*)(?:\*/)?")
_DROPPED = re.compile(r"(?<=[()&!])[ \t]++|(?<![ \t])[ \t]++(?=[&!\\])")
"""Blanks that may not be there once GNU as has read the line."""
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

_BLANKS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), " ")
"""Control characters: the assemblers take NUL for a blank, and which others is not worth knowing."""
_ANGLES = {ord("<"): '"', ord(">"): '"'}
"""Quotes of `.altmacro`, which come off."""
_ANY, _MANY = "\0", "\0\0"
"""Stand for what a macro puts in, once or any number of times."""


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
                "Write the word in one piece, or take it out of a comment."
            )
        if self.name.startswith("secure_log"):
            return f".{self.name} writes a log file, so irlens does not assemble this file. Remove it."
        return (
            f".{self.name} opens a file, which irlens does only where you allow it. Set `irlens.asm.includeFiles` "
            "(`--include-files` in a shell), or put the contents in its place; take the word out where it is a comment's."
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
    text = text.translate(_BLANKS)
    macros = _MACROS.search(text) is not None
    if not macros and not _QUICK.search(text):
        return ()
    found = list(islice(_direct(text, macros), most))
    if macros:
        found += _composed(text)
    return tuple(sorted(found, key=lambda each: (each.line, each.column)))


def may_hide(text: str) -> bool:
    """The text has what its assembler puts words together from: macros, comments within a statement, strings that begin
    one, or lines in which it stops looking at comments."""
    return _HIDES.search(text.translate(_BLANKS)) is not None


def _direct(text: str, macros: bool) -> Iterator[FileDirective]:
    odd = _Once(lambda: _first_odd_line(text))
    for number, match in enumerate(_WORD.finditer(text)):
        # Whoever has so many of them is not worth the time that looking at each takes.
        if number >= _MOST_LOOKED_AT or not _is_inert(text, match.start(), macros, odd):
            name = match["name"].lower()
            kind: Kind = "syntax" if name in _SYNTAX else "direct"
            yield _at(text, match.start(), match.end(), name, kind)
    for match in _BARE.finditer(text):
        yield _at(text, match.start("name"), match.end("name"), match["name"].lower(), "direct")
    end, line_end, is_comment = 0, 0, False
    for match in _GLUED.finditer(text):
        if end >= match.end():
            continue  # this comment's end was looked at
        end = text.find("*/", match.end())
        if end < 0:
            return
        if match.start() >= line_end:  # a line may have a hundred thousand of them
            is_comment = _line_before(text, match.start()).lstrip().startswith("#")
            line_end = _LINE_END.search(text, match.end()).start()  # type: ignore[union-attr]
        if is_comment:
            # No comment begins in a line that is one.
            end = line_end
        elif _COMMENT_END.match(text, end):
            yield _at(text, match.start(), match.end(), "include", "composed")
            return
    quoted = _QUOTED_STATEMENT.search(text)
    if quoted is not None:
        yield _at(text, quoted.start(), quoted.end(), "include", "composed")


class _Once:
    """A number that is worked out when it is first asked for."""

    def __init__(self, work: Callable[[], int]) -> None:
        self._work = work
        self._value: int | None = None

    def __call__(self) -> int:
        if self._value is None:
            self._value = self._work()
        return self._value


def _first_odd_line(text: str) -> int:
    """Where the first line begins behind which a line may start inside a string or a comment; the text's length where there
    is none."""
    odd = _ODD_LINE.search(text)
    places = [odd.start() if odd else len(text)]
    for comment in _COMMENT.finditer(text):
        if '"' in comment[0] or not comment[0].endswith("*/"):
            places.append(comment.start())
            break
    return min(places)


def _line_before(text: str, at: int) -> str:
    """The line up to `at`."""
    return text[max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1 : at]


def _is_inert(text: str, at: int, macros: bool, odd: _Once) -> bool:
    """No assembler takes the word at `at` for a directive: it stands in a line that is a comment for all of them, or within
    a string of data. Nothing else is sure: a prefix such as `data16` may stand before a directive."""
    before = _line_before(text, at)
    plain = before.lstrip()
    if plain.startswith(("#", "//")):
        return _SEPARATES.search(plain) is None
    if plain.startswith("/*"):
        return _SEPARATES.search(plain, 2) is None and at - len(before) <= odd()
    return not macros and _OPEN_STRING.fullmatch(before) is not None and at - len(before) <= odd()


def _composed(text: str) -> Iterator[FileDirective]:
    """Words of pieces that macros could make a directive: each piece that they put in may be any word of the text."""
    if not re.search(r"[\\&<]|[$!\"]\w|\w[\"!]", text):
        return
    patterns: dict[tuple[str, ...], int] = {}
    names = _bare_parameters(text)
    for at, run in _runs(text):
        pattern = _pattern(run)
        if names:
            pattern = tuple(_ANY if piece in names else piece for piece in pattern)
        if len(pattern) > 1:
            patterns.setdefault(_shortened(pattern), at)
            if len(patterns) > _MOST_PATTERNS:
                yield _at(text, at, at + 1, "include", "composed")
                return
    if not patterns:
        return
    leaves = set(_LEAF.findall(text.lower()))
    bare = ".altmacro" in text.lower()
    singles = {character for match in _IRPC.finditer(text) for character in _characters_of(match[0], bare)}
    for target in TARGETS:
        place = _reached(target, patterns, leaves | singles)
        if place is not None:
            end = _RUN.match(text, place)
            yield _at(text, place, end.end() if end else place + 1, target[1:], "composed")
            return


def _runs(text: str) -> Iterator[tuple[int, str]]:
    """The words of the lines in which something may be put together, and where they are; also those that come of blanks
    that GNU as drops beside what belongs to no word."""
    bracketed = ".altmacro" in text.lower()
    marks = '\\&$!"<>' if bracketed else '\\&$!"'
    for line in _LINE.finditer(text):
        if any(mark in line[0] for mark in marks):
            for match in _RUN.finditer(line[0]):
                yield line.start() + match.start(), match[0]
            closer = _DROPPED.sub("", line[0].translate(_ANGLES) if bracketed else line[0])
            if closer != line[0]:
                for match in _RUN.finditer(closer):
                    yield line.start(), match[0]


def _characters_of(line: str, bare: bool) -> str:
    """The characters that an `.irpc` line gives one by one; all there are where a macro puts them in, which with `bare`
    a plain name may."""
    return "".join(TARGETS) if bare or "\\" in line or "&" in line else line.lower()


def _bare_parameters(text: str) -> set[str]:
    """Names that `.altmacro` puts something in for without a backslash."""
    if ".altmacro" not in text.lower():
        return set()
    lines = re.findall(r"(?:\.macro|\.irpc?|\blocal)\b([^\r\n]*)", text, re.I)
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
    return tuple(pieces) if len(pieces) > 1 else ()


def _shortened(pattern: tuple[str, ...]) -> tuple[str, ...]:
    """The pattern with three or more unknown pieces in a row as any number of them."""
    runs = [list(run) for _, run in groupby(pattern)]
    return tuple(piece for run in runs for piece in ([_MANY] if run[0] == _ANY and len(run) > 2 else run))


def _reached(target: str, patterns: dict[tuple[str, ...], int], leaves: set[str]) -> int | None:
    """Where the target can be composed, at the first pattern that gives it; None where it cannot."""
    pieces = {target[i:j] for i, j in product(range(len(target)), range(1, len(target) + 1)) if i < j}
    there = (pieces & leaves) - {target}
    fitting = [
        (pattern, at)
        for pattern, at in patterns.items()
        if all(p in (_ANY, _MANY) or p in pieces for p in pattern)
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
        if part == _MANY:
            made = _continued(made, pieces, there)
            continue
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


def _continued(made: set[str], pieces: set[str], there: set[str]) -> set[str]:
    """What is made, each with any number of the pieces that are there after it."""
    made, new = set(made), made
    while new:
        new = {before + piece for before in new for piece in there if before + piece in pieces} - made
        made |= new
    return made


def _at(text: str, start: int, end: int, name: str, kind: Kind) -> FileDirective:
    begins = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    line = len(re.findall(r"\r\n|\r|\n", text[:begins]))
    return FileDirective(line, start - begins, end - begins, name, kind)
