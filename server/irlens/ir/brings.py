"""What a module brings besides one function: code that runs by itself, symbols that replace a program's own, orders to a linker.

A lift of one function needs none of it, and nothing that compares the function would see it. Reads what LLVM prints, one
global or instruction a line. Source: the LLVM language reference, "High Level Structure".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from irlens.ir.outline import plain_name
from irlens.source.snapshot import split_lines

_NAME = r'(?:"[^"]*"|[-\w$.]+)'
_GLOBAL = re.compile(rf"@({_NAME}) = ")
_DEFINE = re.compile(r"define\b")
_DEFINED = re.compile(rf"@({_NAME})\(")
_METADATA = re.compile(r"!(?!\d)([-\w$.\\]+) = ")
_STRING = re.compile(r'c"[^"]*"')
_SECTION = re.compile(r'\b(section|partition) "([^"]*)"')
_OF_A_FUNCTION = re.compile(r"\b(prefix|prologue|gc)\b (?!=)")
_PERSONALITY = re.compile(rf"\bpersonality ptr @({_NAME})")
_IS_LOCAL = re.compile(r"(?:define )?(?:private|internal)\b")
_IS_OUTSIDE = re.compile(r"(?:external|extern_weak)\b")
_ALIAS = re.compile(r"(?<![%@.\w-])(?:alias|ifunc)\b")
_WORDS = re.compile(r'[^"({\[]*')
_NAMED_METADATA = frozenset(
    ("llvm.module.flags", "llvm.ident", "llvm.dbg.cu", "llvm.commandline", "llvm.errno.tbaa")
)
_CODE = re.compile(r"(?:\.text[\w.$]*|__TEXT,__text(?:,[\w,]*)?)\Z")
_DATA = re.compile(
    r"(?:\.(?:data|rodata|bss|tdata|tbss|lrodata|ldata|lbss)[\w.$]*|__(?:TEXT|DATA|DATA_CONST),__(?:const|data|bss|cstring|literal\d+)"
    r"(?:,[\w,]*)?)\Z"
)


@dataclass(frozen=True)
class Source:
    """Whether the original's text defines a symbol, and whether it names one."""

    defines: Callable[[str], bool]
    names: Callable[[str], bool]


def more_than(ir: str, function: str, original: Source) -> str:
    """The first thing in the module that is more than `function` and what is its own, as it is to be shown; empty where
    there is none."""
    return next(_more(ir, function, original), "")


def _more(ir: str, function: str, original: Source) -> Iterator[str]:
    for line in split_lines(ir):
        if line.startswith("module asm"):
            yield "module asm"
        elif found := _METADATA.match(line):
            if found[1] not in _NAMED_METADATA:
                yield f"!{found[1]}"
        elif found := _GLOBAL.match(line):
            name = plain_name(found[1])
            rest = _STRING.sub("", line[found.end() :])
            if name.startswith("llvm."):
                yield f"@{name}"
            elif _ALIAS.search(_words(rest)):
                yield f"@{name}, an alias"
            elif not _IS_OUTSIDE.match(rest):
                if not _IS_LOCAL.match(rest) and not original.defines(name):
                    yield f"a definition of @{name}"
                yield from _sections(rest, _DATA)
        elif _DEFINE.match(line):
            yield from _of_function(line, function, original)
        elif "!pcsections " in line:
            yield "!pcsections"


def _of_function(line: str, function: str, original: Source) -> Iterator[str]:
    defined = _DEFINED.search(line)
    name = plain_name(defined[1]) if defined else ""
    behind = line[defined.end() :] if defined else line
    if name != function and not _IS_LOCAL.match(line):
        yield f"a definition of @{name}"
    yield from _sections(behind, _CODE)
    bare = re.sub(r'"[^"]*"|@[-\w$.]+', '""', behind)
    if found := _OF_A_FUNCTION.search(bare):
        yield f"`{found[1]}` on @{name}"
    if (found := _PERSONALITY.search(behind)) and not original.names(plain_name(found[1])):
        yield f"`personality` @{plain_name(found[1])}"


def _sections(text: str, allowed: re.Pattern[str]) -> Iterator[str]:
    for kind, name in _SECTION.findall(text):
        if kind == "partition" or not allowed.match(name):
            yield f'{kind} "{name}"'


def _words(rest: str) -> str:
    """The keywords in front of a global's type."""
    found = _WORDS.match(rest)
    return found[0] if found else ""
