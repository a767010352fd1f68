"""What a file, a model, a server or a tool calls something, made safe for the place where it is shown: one function
a medium.

A name may hold any character: a line break, a terminal's control sequence, marks of Markdown, a tag of HTML, letters
that turn the writing direction. Here all of them come out as text. What cannot be shown is spelled as LLVM spells it in
names: two hexadecimal digits behind a backslash for a byte (a line feed is `\\0A`), and `\\u202E` for what has more than
a byte. A character that a medium would act on is spelled in the same way wherever the medium itself has no escape that
all its readers agree on.

Everything here takes linear time and returns clean ASCII text as it is. Readers of Markdown differ, so what is made here
leans on nothing that CommonMark 0.31, GFM 0.29, markdown-it, marked and cmark (which reads no run of more than 80
backticks) read differently.
"""

from __future__ import annotations

import html as _html
import re
import shlex
from collections.abc import Collection
from typing import Any
from urllib.parse import quote

LONGEST_SHOWN = 4096
"""Characters of a name that are shown; C++ has names of some thousands."""
LONGEST_MESSAGE = 16_384
"""Characters of a message; the longest commands, which are shown to be copied, have a few thousand."""

_FILLERS = (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2800, 0x3164, 0xFFA0)
_UNSEEN = frozenset((*_FILLERS, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
"""What `str.isprintable` takes for printable and nobody sees: fillers and variation selectors (Unicode's
Default_Ignorable_Code_Point, DerivedCoreProperties.txt), and the blank Braille pattern."""

_LONGEST_RUN = 15
"""Backticks in a row that a delimiter is made longer than; more are spelled out. cmark reads no run of over 80, and keeps
the length of a fence in a byte."""

_BACKTICKS = re.compile("`+")
_LINK = re.compile(r"(?<=\])\(|(?<=\$)\(|<(?=[A-Za-z][A-Za-z0-9-]*[\s/])")
"""Where editors find links (`[x](command:y)`), icons (`$(alert)`) and tags with attributes in what should be plain text."""
_MARKUP = re.compile(
    r"[\\`*\[\]<>|~&$@]|!(?=\[)"
    r"|_(?![^\W_])|(?<![^\W_])_"  # within a word it is no mark
    r"|(?<=[A-Za-z]):(?=//)|(?<=[Ww]{3})\."  # what GFM makes links of
    r"|^[#+=-]"
)
_NUMBERED = re.compile(r"^\d{1,9}(?=[.)])")
_MARKS = re.compile(r"\\[!-/:-@\[-`{-~]|`+|\*\*")

_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|COM[0-9]|LPT[0-9])(?=\.|$)", re.IGNORECASE)
"""Names of devices on Windows, in every folder and with every ending."""
LONGEST_NAME = 80
"""Characters of a file's name that are made of a function's. File systems take 255 bytes, and endings come on top."""


def line(text: str) -> str:
    """The text on one line of plain text, in a terminal, a log, or a comment: whatever cannot be seen, or turns, hides
    or breaks what stands around it, is spelled out."""
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_SPELLED)


def lines(text: str) -> str:
    """As `line`, with the line feeds and tabs kept: a text that is laid out in lines, such as IR in a terminal."""
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return text.translate(_SPELLED_IN_LINES)


def message(text: str, *, in_lines: bool = False) -> str:
    """A sentence for a place of an editor that should show plain text and does not: notifications run the commands of
    Markdown links, titles and labels draw icons. Line breaks and tabs are blanks, unless it may have several lines; the
    middle of a long one is left out."""
    text = _cut(text, LONGEST_MESSAGE)
    return _LINK.sub(_spelled_match, lines(text)) if in_lines else _message(text)


def label(name: str) -> str:
    """A name in such a place; never empty, as an outline of LSP wants it, and with its line breaks to be seen. The middle
    of a long one is left out."""
    shown = _LINK.sub(_spelled_match, line(_cut(name, LONGEST_SHOWN)))
    return shown if shown.strip() else f'"{shown}"'


def data(value: Any, keep: Collection[str] = ()) -> Any:
    """JSON whose texts are each a `message`, whole, but for those under the keys `keep`, which are no words to read: IR,
    paths. Keys stay."""
    if isinstance(value, str):
        return _message(value)
    if isinstance(value, dict):
        return {key: inner if key in keep else data(inner, keep) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [data(inner, keep) for inner in value]
    return value


def code_span(text: str, *, in_table: bool = False) -> str:
    """A code span of Markdown; the middle of a long text is left out. `in_table`: in a cell of a table, whose bars are
    told apart before its code is."""
    text = _short_runs(line(_cut(text, LONGEST_SHOWN)))
    if in_table:
        text = text.replace(
            "|", "\\7C"
        )  # readers disagree on which of several backslashes before a bar escape it
    if not text:
        text = '""'
    delimiter = "`" * (max(map(len, _BACKTICKS.findall(text)), default=0) + 1)
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    if not text.strip(" "):
        pad = ""  # from what is blank no space is taken away
    return f"{delimiter}{pad}{text}{pad}{delimiter}"


def markdown(text: str) -> str:
    """Text within a paragraph or a cell of Markdown, on one line, without white space around it."""
    text = _MARKUP.sub(r"\\\g<0>", line(_cut(text.strip(), LONGEST_SHOWN)))
    return _NUMBERED.sub(r"\g<0>\\", text)


def fenced(text: str, language: str = "") -> str:
    """A block of code of Markdown, from its fence to its fence; tabs and line feeds stay. `language` is ours to choose."""
    text = _short_runs(lines(text))
    fence = "`" * max(3, max(map(len, _BACKTICKS.findall(text)), default=0) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def plain(made: str) -> str:
    """What Markdown that was made with this module says, for clients that show none: without marks and escapes."""
    said, at = [], 0
    while (mark := _MARKS.search(made, at)) is not None:
        said.append(made[at : mark.start()])
        at = mark.end()
        if mark[0][0] == "\\":
            said.append(mark[0][1])
        elif mark[0][0] == "`":
            end = made.find(mark[0], at)  # no longer run is within
            inside = made[at:end] if end >= 0 else made[at:]
            if inside[:1] == inside[-1:] == " " and inside.strip(" "):
                inside = inside[1:-1]
            said.append(inside)
            at += len(made[at:end]) + len(mark[0]) if end >= 0 else len(inside)
    return "".join([*said, made[at:]])


def html(text: str) -> str:
    """Text or a quoted attribute's value in HTML and in SVG within it."""
    return _html.escape(line(text), quote=True)


def shell_word(text: str) -> str:
    """One word of a command for a POSIX shell that somebody reads and pastes. What a terminal would act on while it is
    pasted is written in octal (`$'...'`, which bash, zsh, ksh and busybox read). Raises `ValueError` for NUL, which no
    program can be given."""
    if "\0" in text:
        raise ValueError("a word of a command cannot hold NUL")
    if line(text) == text:
        return shlex.quote(text)
    return f"$'{text.translate(_OCTAL)}'"


def shell_path(path: str) -> str:
    """A path as such a word. No program takes it for an option, whatever it begins with."""
    return shell_word(f"./{path}" if path.startswith("-") else path)


def uri_path(path: str) -> str:
    """A path with slashes, as in a URI: `#`, `?`, `%`, blanks and what is no ASCII are percent-encoded. Names that are
    no UTF-8 keep their bytes."""
    return quote(path, errors="surrogateescape") if _has_only_bytes(path) else quote(line(path))


def file_name(text: str, longest: int = LONGEST_NAME) -> str:
    """A file's name, or a part of one, from any text: it names no other folder, no hidden file and no device, on any
    system. Different texts may give one name."""
    name = re.sub(r"[^A-Za-z0-9._$@-]", "_", text[: 4 * longest]).lstrip(".-")[:longest].rstrip(".")
    return f"_{name}" if _RESERVED.match(name) else name or "function"


def csv_cell(value: Any) -> Any:
    """A value of a table that a spreadsheet may open: a text that one would take for a formula begins with an apostrophe
    (OWASP, CSV Injection)."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r", "\n"):
        return f"'{value}"
    return value


def _message(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        text = line(" ".join(text.splitlines()).replace("\t", " "))
    return _LINK.sub(_spelled_match, text)


def _cut(text: str, most: int) -> str:
    """The text without what is in the middle of more than so many characters."""
    half = most // 2
    return text if len(text) <= most else f"{text[:half]} … {text[-half:]}"


def _short_runs(text: str) -> str:
    if "`" * (_LONGEST_RUN + 1) not in text:
        return text
    return _BACKTICKS.sub(lambda run: run[0] if len(run[0]) <= _LONGEST_RUN else "\\60" * len(run[0]), text)


def _spelled_match(found: re.Match[str]) -> str:
    return _spelled(ord(found[0]))


def _spelled(code: int) -> str:
    """A character as LLVM writes it in a name, by its code."""
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file's name that is no UTF-8
        code -= 0xDC00
    if code < 0x100:
        return f"\\{code:02X}"
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _octal(code: int) -> str:
    character = chr(code)
    if character in "'\\" or not character.isprintable() or code in _UNSEEN:
        return "".join(f"\\{byte:03o}" for byte in _bytes(character))
    return character


def _bytes(character: str) -> bytes:
    try:
        return character.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return character.encode("utf-8", "surrogatepass")


def _has_only_bytes(path: str) -> bool:
    """Whether a file of this name can be: half of a pair of surrogates is no part of one."""
    try:
        path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


class _Table(dict[int, str]):
    """What `str.translate` asks for each character. Only the first 256 are kept: a text may have a million others."""

    def __init__(self, kept: str = "") -> None:
        super().__init__(
            (code, chr(code) if chr(code) in kept or chr(code).isprintable() else _spelled(code))
            for code in range(256)
        )

    def __missing__(self, code: int) -> str:
        character = chr(code)
        return character if character.isprintable() and code not in _UNSEEN else _spelled(code)


class _OctalTable(dict[int, str]):
    def __missing__(self, code: int) -> str:
        return _octal(code)


_SPELLED, _SPELLED_IN_LINES, _OCTAL = _Table(), _Table("\n\t"), _OctalTable()
