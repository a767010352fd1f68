"""Listings of disassemblers (objdump, llvm-objdump, gdb, lldb, perf annotate), taken apart line by line; those of IDA, Ghidra
and radare2 once `listing_tools` has written them as objdump would.

They are recognised by what stands in them, never by a file's name. Text in, data out; `listing_text` makes of it what
an assembler reads. Numbers are those of the listing: addresses of the program, or offsets in a section.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from irlens.asm import listing_tools

_LINE_END = re.compile(r"\r\n|\r|\n")
_PERCENT = re.compile(
    r"^(?=[ \t])[ \t]*+(?:\d{1,3}\.\d{1,6}[ \t]*+)?[:│|](?:[ \t]++\d{1,6}(?=[ \t]))?(?:[ \t]+|$)"
)
_PERF = re.compile(r"^ *Percent[ \t]*[|│][ \t]*Source code & Disassembly")
_HEADER = re.compile(r"^([0-9a-f]{4,16})[ \t]+<(.+)>:[ \t]*$")
_GDB_HEADER = re.compile(r"^Dump of assembler code for function (.+):[ \t]*$")
_GDB_RANGE = re.compile(r"^(?:Dump of assembler code from|Address range) 0x[0-9a-f]+ to 0x[0-9a-f]+:")
_LLDB_HEADER = re.compile(r"^[\w./+-]+`(.+?):[ \t]*$")
_SECTION = re.compile(
    r"^Disassembly of section ([^\s,]+?):?[ \t]*$|^Disassembly of section [^\s,]+,([^\s,]+?):?[ \t]*$"
)
_FILE = re.compile(r"^\S.*:[ \t]+file format ([\w-]+)[ \t]*$")
_LINE = re.compile(
    r"^(?:=>|->)?[ \t]*(?:[\w./+-]+\[)?(?:0x)?([0-9a-f]{1,16})\]?(?:[ \t]+<(?:[^<>]*)\+\d+>)?:"
    r"(?:[ \t]+([0-9a-f]{2}(?>(?: [0-9a-f]{2})*)|[0-9a-f]{8})(?=[ \t]|$))?[ \t]*+(.*)$"
)
_RELOCATION = re.compile(
    r"^[ \t]*([0-9a-f]{1,16}):[ \t]+(R_(?:X86_64|AARCH64)_\w+)[ \t]+(\S[^ \t\n]*+(?>(?:[ \t]++[^ \t\n]++)*))[ \t]*+$"
)
_NOT_CODE = re.compile(
    r"\.(?:plt|got|rodata|data|bss|eh_frame|comment|note|dyn|gnu|interp|rela|init_array|fini_array)"
)
_MACHINES = {
    "elf64-x86-64": "x86_64", "elf64-littleaarch64": "aarch64", "elf64-aarch64": "aarch64",
}  # fmt: skip
_BEGINS = re.compile(
    r"^(?:=>|->)?[ \t]*+(?:\S{1,200}\[)?(?:0x)?[0-9a-f]{3,16}\]?(?:[ \t]+<\S{0,400}>)?:[ \t]+\S", re.MULTILINE
)
_FIRST_LINKED = 0x200
"""Code of a program or library lies behind its ELF header and tables."""
MOST_LETTERS = 8_000_000
"""Longer texts are no listings, and nobody pastes them: one takes 35 times its size in memory here."""


@dataclass
class Instruction:
    """One instruction: `line` from 0, `code` its bytes as they lie in memory (none where the listing shows none),
    `text` as the disassembler wrote it, its comment included. `relocations` are (address, type, expression)."""

    line: int
    address: int
    code: bytes
    text: str
    relocations: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.address + len(self.code)


@dataclass
class Function:
    """One function of a listing. `address` is -1 where only its instructions have one."""

    name: str
    line: int
    last_line: int
    address: int
    section: str
    instructions: list[Instruction] = field(default_factory=list)


@dataclass(frozen=True)
class Listing:
    """`machine` is what the listing's head names: "x86_64", "aarch64", "" where it names none; `refused` says why a
    listing is not read at all. `relocations` tells whether it shows any; `relocatable` whether its code begins at 0, as
    that of an object that is not linked does."""

    functions: tuple[Function, ...]
    machine: str
    refused: str
    relocations: bool
    relocatable: bool
    lines: int

    @property
    def has_bytes(self) -> bool:
        return any(each.code for function in self.functions for each in function.instructions)

    @property
    def instructions(self) -> str:
        """All instructions as text, without addresses and comments."""
        return "\n".join(
            "\t" + without_comment(each.text) for function in self.functions for each in function.instructions
        )


_REMARK = re.compile(r"[ \t](?:#[ \t]|//|;)")


def bare_and_remark(text: str) -> tuple[str, str]:
    """An instruction, and what the disassembler remarked on it."""
    found = _REMARK.search(text)
    return (text[: found.start()].rstrip(), text[found.end() :].strip()) if found else (text, "")


def without_comment(text: str) -> str:
    """An instruction without remarks and without `<names>` of places."""
    return bare_and_remark(text)[0].partition(" <")[0].partition("\t<")[0].rstrip()


@lru_cache(maxsize=4)
def read(text: str) -> Listing | None:
    """The listing that a text is; None for anything else. Never raises."""
    if len(text) > MOST_LETTERS or not _may_be(text):
        return None
    lines = _LINE_END.split(text)
    made = listing_tools.as_objdump(lines)
    if made is not None:
        if listing_tools.is_of_windows(text[:200_000]):
            return _refused(
                "This listing is of a Windows program, by its addresses. irlens reads listings of ELF files.",
                lines,
            )
        lines = made
    reader = _Reader()
    for number, line in enumerate(lines):
        reader.line(number, line)
    return reader.finish(text, lines)


def _may_be(text: str) -> bool:
    head = text[:200_000]
    said = (">:", "file format ", "Dump of assembler code", "Disassembly of section")
    return (
        any(each in head for each in said) or _BEGINS.search(head) is not None or listing_tools.may_be(head)
    )


class _Reader:
    """The state of one reading."""

    def __init__(self) -> None:
        self._functions: list[Function] = []
        self._open: Function | None = None
        self._section = ".text"
        self._skips = False
        self._machine = ""
        self._format = ""
        self._relocations = False
        self._sure = 0
        self._loose = 0

    def line(self, number: int, line: str) -> None:
        if _PERF.match(line):
            self._sure += 1
            return
        line = _PERCENT.sub("", line)
        if not line.strip() or line.strip() == "...":
            return
        if match := _RELOCATION.match(line):
            self._relocation(int(match[1], 16), match[2], match[3])
        elif match := _HEADER.match(line):
            self._begin(match[2], number, int(match[1], 16))
        elif match := _LINE.match(line):
            self._instruction(number, int(match[1], 16), match[2] or "", match[3].rstrip())
        elif match := _FILE.match(line):
            self._format = match[1]
            self._sure += 1
        elif match := _SECTION.match(line):
            self._section = match[1] or match[2]
            self._skips = _NOT_CODE.match(self._section) is not None
            self._sure += 1
            self._open = None
        elif match := _GDB_HEADER.match(line) or _LLDB_HEADER.match(line):
            self._begin(match[1], number, -1)
            self._sure += 1
        elif _GDB_RANGE.match(line):
            self._sure += 1
        elif line.startswith("End of assembler dump"):
            self._open = None
        elif line[0] not in " \t" or not re.match(r"[ \t]*[/#;]", line):
            self._loose += 1

    def _begin(self, name: str, number: int, address: int) -> None:
        if self._skips:
            self._open = None
            return
        self._open = Function(name, number, number, address, self._section)
        self._functions.append(self._open)

    def _instruction(self, number: int, address: int, code: str, text: str) -> None:
        if self._skips:
            return
        made = bytes.fromhex(code.replace(" ", ""))
        if len(code) == 8 and " " not in code:
            made = made[::-1]  # one word, as a number
        if self._open is None:
            self._open = Function(f"sub_{address:x}", number, number, address, self._section)
            self._functions.append(self._open)
        function = self._open
        function.last_line = number
        last = function.instructions[-1] if function.instructions else None
        if made and not text and last is not None and address == last.end:
            last.code += made  # the rest of the instruction above
        elif text:
            function.instructions.append(Instruction(number, address, made, text))

    def _relocation(self, address: int, kind: str, expression: str) -> None:
        self._relocations = True
        if self._open is not None and self._open.instructions:
            self._open.instructions[-1].relocations.append((address, kind, expression))

    def finish(self, text: str, lines: list[str]) -> Listing | None:
        functions = tuple(each for each in self._functions if each.instructions)
        shown = sum(len(each.instructions) for each in functions)
        named = any(not each.name.startswith("sub_") for each in functions)
        if not shown and listing_tools.is_without_bytes(text):
            return _refused(
                "This is an IDA listing without bytes, which irlens does not read. Have IDA show them (Options, General, "
                "Number of opcode bytes: 16), or give `objdump -d` of the file, or the file itself.",
                lines,
            )
        if not shown or not (self._sure or named or (shown > 2 * self._loose and _all_have_bytes(functions))):
            return None
        if not self._sure and self._loose > shown:
            return None
        if self._format and self._format not in _MACHINES:
            return _refused(
                f"This listing is of a {self._format} file. irlens reads listings of 64-bit ELF files for x86-64 and AArch64.",
                lines,
            )
        relocatable = any(each.instructions[0].address < _FIRST_LINKED for each in functions)
        return Listing(
            _names_once(functions),
            _MACHINES.get(self._format, ""),
            "",
            self._relocations,
            relocatable,
            len(lines),
        )


def _names_once(functions: tuple[Function, ...]) -> tuple[Function, ...]:
    """With the address behind a name that an earlier function has."""
    seen: set[str] = set()
    for function in functions:
        if function.name in seen:
            function.name = f"{function.name}.{function.instructions[0].address:x}"
        seen.add(function.name)
    return functions


def _all_have_bytes(functions: tuple[Function, ...]) -> bool:
    return all(each.code for function in functions for each in function.instructions)


def _refused(why: str, lines: list[str]) -> Listing:
    return Listing((), "", why, False, False, len(lines))
