"""What a compiler made of one C file, so written that each of its functions can be replaced by another object's.

An assembler resolves what refers to a local symbol at once. So those are made global until all parts of the file are in
one object, and functions that are to be replaced are made weak: a linker takes the other definition then, for calls,
jumps and addresses alike. Pure. Reads what gcc and clang write for x86-64 ELF.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from irlens.asm.outline import functions

_TYPE = re.compile(r"^\t\.type\t([\w.$]+), @(function|object)$", re.M)
_GLOBAL = re.compile(r"^\t\.(?:globl|weak)\t([\w.$]+)$", re.M)
_COMMON = re.compile(r"^\t\.local\t([\w.$]+)\n\t\.comm\t\1,(\d+),(\d+)$", re.M)
_PLAIN = re.compile(r"[A-Za-z_][\w.$]*")
_IN_BSS = r"""\t.pushsection\t.bss
\t.balign\t\3
\t.type\t\1, @object
\t.size\t\1, \2
\1:
\t.zero\t\2
\t.popsection"""
RAN = "irlens_ran"
"""The section that says which functions ran: a byte each, 1 where it did, and its name, ended by a NUL."""


@dataclass(frozen=True)
class Prepared:
    """`text` to assemble, and the symbols in it that were `local` and are to be so again."""

    text: str
    local: tuple[str, ...]


def replaceable(text: str) -> list[str]:
    """The functions of the text whose names C could give; a part that was split off one (`f.cold`) is that function's, not one
    itself."""
    names = {each.name for each in functions(text) if not each.alias_of}
    return [
        each.name
        for each in functions(text)
        if not each.alias_of
        and _PLAIN.fullmatch(each.name)
        and not (each.name.endswith(".cold") and each.name[:-5] in names)
    ]


def prepared(text: str, replaced: Collection[str] = (), marks: str = "") -> Prepared:
    """The text with those functions made weak. With `marks` each function writes down that it ran, by a name that begins
    with it."""
    text = _COMMON.sub(_IN_BSS, text)
    known = set(_GLOBAL.findall(text))
    local = [name for name, _ in _TYPE.findall(text) if name not in known and not name.startswith(".L")]
    head = [f"\t.weak\t{name}" for name in replaced]
    head += [f"\t.globl\t{name}" for name in local if name not in set(replaced)]
    text = _GLOBAL.sub(lambda found: "" if found[1] in set(replaced) else found[0], text)
    tail = []
    if marks:
        for number, name in enumerate(replaceable(text)):
            # It leaves every register and flag as they are.
            mark = f"\n\tmovb\t$1, .Lran{number}(%rip)"
            text = re.sub(rf"^{re.escape(name)}:$", rf"\g<0>{mark}", text, count=1, flags=re.M)
            tail.append(f'.Lran{number}:\n\t.byte 0\n\t.asciz "{marks} {name}"')
        tail.insert(0, f'\t.section\t{RAN},"aw",@progbits')
    return Prepared("\n".join([*head, text, *tail, ""]), tuple(local))
