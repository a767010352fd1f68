"""Compiler output without its directives, as Compiler Explorer's default view and cargo asm show it, made whole again.

What the filter took away is put back at the beginning of the lines that are there, so that every line keeps its
number: the directive for Intel syntax, and sections for data that stands between the functions.
"""

from __future__ import annotations

import re

from irlens.asm.symbols import PLAIN_NAME, QUOTED_NAME

DATA = re.compile(
    r"[ \t]*\.(?:byte|[248]byte|value|short|hword|word|long|int|quad|octa|xword|dword|string\d*|ascii|asciz|zero|space"
    r"|skip|float|single|double|base64|fill)(?=[ \t]|$)"
)
"""A directive that puts data down."""
INTEL = ".intel_syntax noprefix; "

_HAS_SECTIONS = re.compile(
    r"^[ \t]*\.(?:text|data|bss|(?:push)?section|globl|global|type|code\d\d)\b", re.MULTILINE
)
_LABEL = re.compile(rf"(?:{PLAIN_NAME}|{QUOTED_NAME})[ \t]*:(?!:)")
_SILENT = re.compile(r"[ \t]*(?:(?:#|//|;).*|\.(?:p2align|align|balign|cfi_\w+|loc|file)\b.*)?$")
_CONSTANT = re.compile(r"\.L|CSWTCH\.")


def has_no_directives(text: str) -> bool:
    """Whether everything that says where code and data go is gone."""
    return _HAS_SECTIONS.search(text) is None


def in_sections(lines: list[str]) -> dict[int, str]:
    """What to put in front of lines, by number, so that data does not lie among the code. What the compiler named
    itself (`.LC0`, a switch's `CSWTCH.1`) is constant; of other data that is not known, so it is not."""
    found: dict[int, str] = {}
    now = ".text"
    for number, line in enumerate(lines):
        label = _LABEL.match(line)
        if label is None:
            continue
        rest = line[label.end() :]
        first = (
            rest
            if not _SILENT.match(rest)
            else next(
                (
                    each
                    for each in lines[number + 1 : number + 40]
                    if not _SILENT.match(each) and not _LABEL.match(each)
                ),
                "",
            )
        )
        wanted = now
        if DATA.match(first):
            wanted = ".section .rodata" if _CONSTANT.match(line) else ".data"
        elif first:
            wanted = ".text"
        if wanted != now:
            found[number] = f"{wanted}; "
            now = wanted
    return found
