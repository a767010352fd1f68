"""The assembly in a module of IR, `module asm` and the strings of inline assembly, as it would come to an assembler; and what
of it would make the assembler open a file or fill the memory. Bytes in, places out; linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from irlens.asm.expansion import too_large
from irlens.asm.file_directives import TARGETS, FileDirective, find

_ASM = rb"(?<![A-Za-z_@%!$.\\-])asm(?![A-Za-z0-9_])"
"""The keyword, which may follow a type without a space: `i32asm "..."` is two words to LLVM."""
_KEYWORD = re.compile(_ASM)
_TOKEN = re.compile(
    rb"\"(?P<string>[^\"]*)\"|;[^\r\n]*|/\*.*?(?:\*/|\Z)|(?P<asm>" + _ASM + rb")",
    re.DOTALL,
)
"""Strings, comments of both kinds (LLVM 20 and later have the second; to those before they are errors), the keyword."""
_ESCAPE = re.compile(r"\\(?:\\|([0-9a-fA-F]{2}))")
_OPERAND = re.compile(r"\$(?:\{[^}]*\}?|\d+)")
_VARIANTS = re.compile(r"\$[(|)]")
_MOST_VARIANTS = 8
_MOST_OPERANDS = 6
"""In one word; more could make anything."""
_ANY = "\x01"
"""Stands for what an operand is printed as: a register, a number, the name of any symbol."""
_TEMPLATE_WORD = re.compile(rf"(?<![A-Za-z0-9_.$\"])[A-Za-z0-9_.$\"]*+{_ANY}[A-Za-z0-9_.$\"{_ANY}]*")
_NAMES_LIKE_IT = re.compile(rb"incbin|include|secure_log|@\"[^\"]*\\[2-7][0-9a-f]", re.I)
"""A name of a directive, or the name of a symbol spelled with escapes of what could stand there as it is."""
_STATEMENT_ENDS = (";", ":", "{", "}", "!", "|", "`", "@", "%%", "*/")


@dataclass(frozen=True)
class Finding:
    """What is wrong, and the line and column (bytes) of the string that it is in, both from 0."""

    line: int
    column: int
    message: str
    code: str


def find_in_ir(block: bytes) -> Finding | None:
    """The first thing in the module's assembly that opens a file or grows too large; None for nearly every module."""
    if not _KEYWORD.search(block):
        return None
    pieces = list(_pieces(block))
    texts: list[tuple[int, str]] = []
    for at, raw in pieces:
        text = _unescaped(raw)
        texts.append((at, text))
        if "$" in text:
            texts += [(at, variant) for variant in _variants(text)]
    named = _NAMES_LIKE_IT.search(block) is not None
    for at, text in texts:
        if _ANY in text and (name := _by_operands(text, named)):
            return _at(block, at, FileDirective(0, 0, 0, name, "composed").message_in_ir)
    # Macros live on from string to string, so all of them are one text.
    whole = "\n".join(text.replace(_ANY, "\\any") for _, text in texts)
    if (found := next(iter(find(whole)), None)) is not None:
        return _at(block, _place(texts, found.line), found.message_in_ir)
    if (large := too_large(whole)) is not None:
        return _at(block, _place(texts, large.line), large.message, "asm-too-large")
    return None


def _pieces(block: bytes) -> Iterator[tuple[int, bytes]]:
    """The strings after `asm`, with their places. One that follows at a distance is taken too."""
    wanted = False
    for match in _TOKEN.finditer(block):
        if match["asm"] is not None:
            wanted = True
        elif match["string"] is not None and wanted:
            yield match.start(), match["string"]
            wanted = False


def _unescaped(raw: bytes) -> str:
    def character(match: re.Match[str]) -> str:
        return chr(int(match[1], 16)) if match[1] else "\\"

    return _ESCAPE.sub(character, raw.decode("latin-1"))


def _variants(text: str) -> Iterator[str]:
    """The template with its operands marked: once for each of the dialects that it may hold (`$(att$|intel$)`)."""
    if not _VARIANTS.search(text):
        yield from _filled(text)
        return
    parts = re.split(r"(\$[(|)])", text)
    for chosen in range(min(text.count("$|") + 1, _MOST_VARIANTS)):
        inside = -1
        kept: list[str] = []
        for part in parts:
            if part == "$(":
                inside = 0
            elif part == "$)":
                inside = -1
            elif part == "$|":
                inside += inside >= 0
            elif inside in (-1, chosen):
                kept.append(part)
        yield from _filled("".join(kept))


def _filled(text: str) -> Iterator[str]:
    """The text with its operands marked. Two dollars stand for one, and in Intel's dialect for none."""
    parts = [_OPERAND.sub(_ANY, part) for part in text.split("$$")]
    yield "$".join(parts)
    if len(parts) > 1:
        yield "".join(parts)


def _by_operands(text: str, named: bool) -> str:
    """The directive that a word could become when its operands are put in; "" where none can. `named`: the module may
    have a symbol that is named like one."""
    for match in _TEMPLATE_WORD.finditer(text):
        word = match[0].replace('"', "").lower()
        if not word.strip(_ANY) and len(word) == 1:
            if not named:
                continue
            begins = max(text.rfind("\n", 0, match.start()), text.rfind("\r", 0, match.start())) + 1
            before = text[max(begins, match.start() - 200) : match.start()].rstrip()
            after = text[match.end() : match.end() + 200].lstrip()
            if (before and not before.endswith(_STATEMENT_ENDS)) or after.startswith((":", "=")):
                continue
            return "include"
        if (name := _could_be(tuple(re.split(f"{_ANY}+", word)))) != "":
            return name
    return ""


@lru_cache(maxsize=1000)
def _could_be(literals: tuple[str, ...]) -> str:
    """The directive that has these pieces in this order, with anything between them; "" where there is none."""
    if sum(map(len, literals)) > max(map(len, TARGETS)):
        return ""
    if len(literals) > _MOST_OPERANDS:
        return TARGETS[0][1:]
    pattern = re.compile(".*".join(map(re.escape, literals)))
    return next((target[1:] for target in TARGETS if pattern.fullmatch(target)), "")


def _place(texts: list[tuple[int, str]], line: int) -> int:
    for at, text in texts:
        line -= len(re.findall(r"\r\n|\r|\n", text)) + 1
        if line < 0:
            return at
    return texts[-1][0]


def _at(block: bytes, at: int, message: str, code: str = "file-directive") -> Finding:
    begins = block.rfind(b"\n", 0, at) + 1
    return Finding(block.count(b"\n", 0, at), at - begins, message, code)
