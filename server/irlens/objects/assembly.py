"""An ELF object or program as assembly whose code is bytes: what irlens then lifts and compares like any other text.

Of a relocatable object everything is written down, with its relocations. Of a program or shared library a function is
cut out: what the linker filled in is made symbolic again (imports by way of the PLT and the global offset table,
other functions, data), and the data that it refers to comes along. Nothing is guessed: a function with a reference
that cannot be told is refused. Bytes in, text out.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise

from irlens.asm.code_words import a64_page, a64_target, branch_field, rip_field, signed, x86_target
from irlens.asm.dialect import OBJECT_MARK
from irlens.asm.symbols import is_local, is_mapping, quoted
from irlens.objects.elf import (
    EM_AARCH64,
    SHF_TLS,
    SHN_ABS,
    SHN_COMMON,
    SHT_NOBITS,
    STT_FILE,
    STT_FUNC,
    STT_GNU_IFUNC,
    STT_NOTYPE,
    STT_OBJECT,
    STT_SECTION,
    STT_TLS,
    BadObject,
    ObjectFile,
    Section,
    Symbol,
    read_any,
)

MOST_BYTES = 4 << 20
"""Bytes of code and data that are written down."""
MOST_FUNCTION = 1 << 18
PAGE = 0x1000

Lengths = Callable[[bytes, int], list[int]]
"""Tells the lengths of the x86-64 instructions in bytes that begin at an address; it stops at what is none."""
Words = Callable[[bytes, int], str]
"""Tells how the instruction that bytes begin with reads at an address; "" for what is none."""

UNREFERRED = re.compile(
    r"\.(?:eh_frame|note|comment|init_array|fini_array|ctors|dtors|debug|gnu\.|dyn|interp|rela|hash)"
)
PLT = re.compile(r"\.plt\b|\.plt\.")
_ADDRESS = re.compile(r"(?:sub_|0x)([0-9a-fA-F]{1,16})\Z")
_CODE_KINDS = (STT_FUNC, STT_GNU_IFUNC)
_GLOB_DAT, _JUMP_SLOT, _RELATIVE, _ABS64, _COPY = (
    {62: 6, 183: 1025},
    {62: 7, 183: 1026},
    {62: 8, 183: 1027},
    {62: 1, 183: 257},
    {62: 5, 183: 1024},
)


def function_names(data: bytes) -> list[str]:
    """The functions that the file defines, in the order of their places. Raises `BadObject`."""
    file = read_any(data)
    return [symbol.name for symbol in functions_of(file)]


def assembly_of(data: bytes, function: str | None, lengths: Lengths) -> tuple[str, str]:
    """The text, and the name that `function` (a name, or an address such as 0x1139 in a program) has in it. Without
    `function`, only an object that is not linked can be written down. Raises `BadObject`."""
    file = read_any(data)
    if not file.linked:
        return ObjectText(file).text(), function or ""
    if function is None:
        names = ", ".join(symbol.name for symbol in functions_of(file)[:12])
        raise BadObject(
            "This is a linked program or library. Name a function with --function"
            + (f", such as one of: {names}." if names else " by its address, such as 0x1139.")
        )
    return ProgramText(file, lengths, functions_of(file)).text(function)


def functions_of(file: ObjectFile) -> list[Symbol]:
    """Those that have a name, in the order of their places."""
    found: dict[str, Symbol] = {}
    for symbol in file.symbols:
        if (
            symbol.name
            and 0 < symbol.section < len(file.sections)
            and file.sections[symbol.section].executable
            and symbol.kind in ((*_CODE_KINDS, STT_NOTYPE) if not file.linked else _CODE_KINDS)
            and not is_local(symbol.name, "elf")
            and not is_mapping(symbol.name)
            and not PLT.match(file.sections[symbol.section].name)
        ):
            found.setdefault(_plain(symbol.name), symbol)
    named = [Symbol(name, s.value, s.size, s.kind, s.binding, s.section) for name, s in found.items()]
    return sorted(named, key=lambda symbol: (symbol.section, symbol.value))


def _plain(name: str) -> str:
    """Without the version that a linker hung on it."""
    return re.sub(r"@@?[A-Za-z_][\w.]*\Z", "", name)


def head_of(file: ObjectFile) -> list[str]:
    """The line by which a text is known to be an object's."""
    return [OBJECT_MARK + ("aarch64" if file.machine == EM_AARCH64 else "x86_64")]


def _bytes(data: bytes) -> list[str]:
    return [
        "\t.byte\t" + ",".join(map(str, data[at : at + 32]))
        if any(data[at : at + 32])
        else f"\t.zero\t{len(data[at : at + 32])}"
        for at in range(0, len(data), 32)
    ]


def _lengths_of(file: ObjectFile, code: bytes, address: int, lengths: Lengths) -> list[int]:
    return [4] * (len(code) // 4) if file.machine == EM_AARCH64 else lengths(code, address)


def commented(file: ObjectFile, address: int, words: str) -> str:
    """Words on an instruction as a comment behind its bytes; GNU assembly of AArch64 has another mark for it."""
    return f"{'//' if file.machine == EM_AARCH64 else '#'} {address:x}: {words or '(no instruction)'}"


def _said(lines: list[str], comment: str) -> list[str]:
    """The lines of an instruction with the comment behind the first that has bytes."""
    at = next((at for at, line in enumerate(lines) if line.startswith(("\t.byte", "\t.zero"))), None)
    if at is None or not comment:
        return lines
    return [*lines[:at], f"{lines[at]:<32}\t{comment}", *lines[at + 1 :]]


def _described(section: Section, number: int, *, constant: bool = False) -> str:
    flags = "a" + "x" * section.executable + "w" * (section.writable and not constant)
    kind = "nobits" if section.type == SHT_NOBITS else "progbits"
    name = re.sub(r"[^\w.]", "_", section.name) or ".section"
    if constant and section.writable:
        name = f".data.rel.ro.{number}"
    return f'\t.section\t{name},"{flags}",%{kind},unique,{number}'


MOST_OF_NAMES = 64 << 20
"""Characters of the names in a text, each as often as it stands there."""


class Spelling:
    """Names as the text has them, all together of at most `most` characters. Names of an object may be endings of one
    another, so that a small file has room for more of them than a text has. Raises `BadObject`."""

    def __init__(self, most: int) -> None:
        self._most = self._left = most

    def __call__(self, name: str) -> str:
        spelled = quoted(name)
        self._left -= len(spelled)
        if self._left < 0:
            raise BadObject(
                f"Its names alone would make more than {self._most >> 20} MiB of text. Give a smaller file."
            )
        return spelled


def _described_symbol(symbol: Symbol, name: str, quoted: Spelling) -> list[str]:
    spelled = quoted(name)
    kind = {
        STT_FUNC: "function",
        STT_OBJECT: "object",
        STT_GNU_IFUNC: "gnu_indirect_function",
        STT_TLS: "tls_object",
    }
    lines = [f"\t.{'weak' if symbol.binding == 2 else 'globl'}\t{spelled}"] if symbol.binding else []
    if symbol.kind in kind:
        lines.append(f"\t.type\t{quoted(name)},%{kind[symbol.kind]}")
    return [*lines, f"{quoted(name)}:"]


class ObjectText:
    """A relocatable object. With `words` every instruction has a line of its own and says what it is."""

    def __init__(
        self,
        file: ObjectFile,
        lengths: Lengths | None = None,
        words: Words | None = None,
        most_of_names: int = MOST_OF_NAMES,
    ) -> None:
        self._file = file
        self._quoted = Spelling(most_of_names)
        self._lengths, self._words = lengths, words
        self.sections = [
            s for s in file.sections if s.allocated and not UNREFERRED.match(s.name) and not s.flags & SHF_TLS
        ]
        # Compilers put each function into a section of its own, so nothing is looked for section by section.
        self._symbols: dict[int, list[Symbol]] = {}
        for symbol in file.symbols:
            if symbol.name and symbol.kind not in (STT_SECTION, STT_FILE):
                self._symbols.setdefault(symbol.section, []).append(symbol)
        self._starts: dict[int, set[int]] = {}
        for symbol in functions_of(file) if words is not None else ():
            self._starts.setdefault(symbol.section, set()).add(symbol.value)

    def text(self) -> str:
        """All of it. Raises `BadObject`."""
        if sum(section.size for section in self.sections) > MOST_BYTES:
            raise BadObject(f"The object has more than {MOST_BYTES >> 20} MiB. Give a smaller one.")
        return "\n".join([*head_of(self._file), *self.body(self.sections)]) + "\n"

    def body(self, sections: Sequence[Section]) -> list[str]:
        """The lines of these sections of `sections`; what they refer to in others is left undefined. Raises `BadObject`."""
        file = self._file
        lines: list[str] = []
        self._left_out = {s.index for s in self.sections} - {s.index for s in sections}
        for section in sections:
            lines += self._section(section)
        for symbol in file.symbols:
            if symbol.section == SHN_COMMON and symbol.name:
                lines.append(f"\t.comm\t{self._quoted(symbol.name)},{symbol.size},{max(1, symbol.value)}")
            elif symbol.section == SHN_ABS and symbol.name and symbol.kind != STT_FILE:
                lines.append(f"\t.set\t{self._quoted(symbol.name)}, {symbol.value}")
        return lines

    def _section(self, section: Section) -> list[str]:
        power = max(0, min(section.align, PAGE).bit_length() - 1)
        lines = [_described(section, section.index), f"\t.p2align\t{power}", f".Lsection{section.index}:"]
        events: dict[int, list[str]] = {}
        ends: dict[int, list[str]] = {}
        mapping = self._file.machine == EM_AARCH64
        for symbol in self._symbols.get(section.index, ()):
            if (
                is_local(symbol.name, "elf")
                or (mapping and is_mapping(symbol.name))
                or symbol.value > section.size
            ):
                continue
            events.setdefault(symbol.value, []).extend(_described_symbol(symbol, symbol.name, self._quoted))
            if symbol.size and self._words is not None:
                # Behind the code, where a reader sees the function end.
                ends.setdefault(symbol.value + symbol.size, []).append(
                    f"\t.size\t{self._quoted(symbol.name)}, {symbol.size}"
                )
            elif symbol.size:
                lines.append(f"\t.size\t{self._quoted(symbol.name)}, {symbol.size}")
        for number, relocation in enumerate(section.relocations):
            label = f".Lr{section.index}_{number}"
            place = self._symbol(self._file.symbols[relocation.symbol], relocation.addend)
            events.setdefault(relocation.offset, []).append(
                f"{label}:\n\t.reloc\t{label}, {_relocation_name(self._file.machine, relocation.type)}, {place}"
            )
        for offset, sizes in ends.items():
            end = min(offset, section.size)
            events[end] = sizes + events.get(end, [])
        now = 0
        said = self._instructions(section)
        for offset in sorted(events):
            lines += self._data(section, now, offset, said)
            lines += events[offset]
            now = offset
        return lines + self._data(section, now, section.size, said)

    def _instructions(self, section: Section) -> dict[int, str]:
        """What begins where in a section of code, function by function; nothing without `words`."""
        if self._words is None or self._lengths is None or not section.executable:
            return {}
        begin = self._starts.get(section.index, set()) | {0}
        places = sorted({place for place in begin if place < len(section.data)} | {len(section.data)})
        said: dict[int, str] = {}
        for start, end in pairwise(places):
            code, at = section.data[start:end], 0
            for length in _lengths_of(self._file, code, start, self._lengths):
                one = code[at : at + length]
                said[start + at] = commented(self._file, start + at, self._words(one, start + at))
                at += length
        return said

    def _data(self, section: Section, start: int, end: int, said: dict[int, str]) -> list[str]:
        if section.type == SHT_NOBITS:
            return [f"\t.zero\t{end - start}"] if end > start else []
        if not said:
            return _bytes(section.data[start:end])
        lines: list[str] = []
        cuts = [start, *(at for at in range(start + 1, end) if at in said), end]
        for at, after in pairwise(cuts):
            lines += _said(_bytes(section.data[at:after]), said.get(at, ""))
        return lines

    def _symbol(self, symbol: Symbol, addend: int) -> str:
        tail = f"{addend:+d}" if addend else ""
        if symbol.kind == STT_TLS:
            raise BadObject(
                f"The object uses thread-local storage ({symbol.name or 'a section'}), which is not read. Give its assembly."
            )
        if symbol.kind == STT_SECTION or is_local(symbol.name, "elf"):
            if symbol.section >= len(self._file.sections):
                raise BadObject("A relocation names a section that is not there. Make the object again.")
            value = 0 if symbol.kind == STT_SECTION else symbol.value
            if symbol.section in self._left_out:
                return f"section_{symbol.section}_left_out{value + addend:+d}"
            return f".Lsection{symbol.section}{value + addend:+d}"
        return self._quoted(symbol.name) + tail


class ProgramText:
    """Functions of a program or shared library, with what they refer to. With `words` every instruction says what it
    is. `functions` are those that are known, in the order of their places."""

    def __init__(
        self,
        file: ObjectFile,
        lengths: Lengths,
        functions: list[Symbol],
        words: Words | None = None,
        most_of_names: int = MOST_OF_NAMES,
    ) -> None:
        self._file = file
        self._quoted = Spelling(most_of_names)
        self._lengths, self._words = lengths, words
        self._arm = file.machine == EM_AARCH64
        self._functions = functions
        self._starts = {symbol.value: symbol for symbol in self._functions}
        self._places = sorted(self._starts)
        self._objects: dict[int, str] = {}
        taken: set[str] = set()
        for symbol in file.symbols:
            name = _plain(symbol.name)
            # Versions of a symbol have one name; two places cannot.
            if symbol.kind == STT_OBJECT and name and 0 < symbol.section < len(file.sections):
                if name not in taken:
                    self._objects[symbol.value] = name
                taken.add(name)
        machine = file.machine
        self._slots = {
            relocation.offset: _plain(name)
            for relocation, name in file.dynamic
            if relocation.type in (_GLOB_DAT[machine], _JUMP_SLOT[machine]) and name
        }
        self._pointers = {
            relocation.offset: (relocation.type, name, relocation.addend) for relocation, name in file.dynamic
        }
        self._copied = self._find_copied()
        self._stubs = self._find_stubs()
        self._sections = sorted(
            (s for s in file.sections if s.allocated and s.size and s.address and not s.flags & SHF_TLS),
            key=lambda s: s.address,
        )
        self._section_starts = [section.address for section in self._sections]
        self._wanted: dict[int, Section] = {}
        self._done: set[int] = set()
        self.left_out: frozenset[int] = frozenset()
        """Indices of sections of data that are not written down; what is in them is undefined."""
        self.undefined: set[int] = set()
        """Those of them that something refers to."""
        self.named: set[str] = set()
        """What was referred to by a name."""
        self.newly_named: list[str] = []
        """Those since somebody emptied it."""

    def text(self, function: str) -> tuple[str, str]:
        """One function as a text, and its name in it. Raises `BadObject`."""
        symbol = self.find(function)
        body = self.body(symbol)
        data: list[str] = []
        total = 0
        while missing := self.missing():
            total += missing.size
            if total > MOST_BYTES:
                raise BadObject(
                    f"{function} refers to more than {MOST_BYTES >> 20} MiB of data. Choose another function."
                )
            data += self.data(missing)
        return "\n".join([*head_of(self._file), *body, *data]) + "\n", symbol.name

    def missing(self) -> Section | None:
        """A section that is referred to and not yet written down."""
        return next(iter(self._wanted.values()), None)

    def body(self, symbol: Symbol, also: Sequence[str] = ()) -> list[str]:
        """The lines of a function, which has the names `also` too. Raises `BadObject`."""
        section = self._section_at(symbol.value)
        if (
            section is None
            or not section.executable
            or symbol.value + symbol.size > section.address + len(section.data)
        ):
            raise BadObject(f"The function {symbol.name} has no code in the file. Choose another one.")
        start = symbol.value - section.address
        # One that does not say how long it is ends before the next that is known.
        room = symbol.size or self._next_start(symbol.value, section) - symbol.value
        code = section.data[start : start + room][:MOST_FUNCTION]
        lengths = _lengths_of(self._file, code, symbol.value, self._lengths)
        if not symbol.size:
            lengths = self._extent(code, symbol.value, lengths)
            code = code[: sum(lengths)]
        elif sum(lengths) != len(code):
            raise BadObject(
                f"The code of {symbol.name} cannot be decoded at {symbol.value + sum(lengths):#x}. Choose another function."
            )
        names = [self._quoted(name) for name in (symbol.name, *also)]
        body = ["\t.text", *(f"\t.globl\t{name}\n\t.type\t{name},%function\n{name}:" for name in names)]
        end, at = symbol.value + len(code), 0
        for length in lengths:
            one, address = code[at : at + length], symbol.value + at
            lines = self._instruction(one, address, symbol.value, end, code, at)
            if self._words is not None:
                lines = _said(lines, commented(self._file, address, self._words(one, address)))
            body += lines
            at += length
        return [*body, *(f"\t.size\t{name}, .-{name}" for name in names)]

    def _next_start(self, address: int, section: Section) -> int:
        at = bisect_right(self._places, address)
        end = section.address + len(section.data)
        return min(end, self._places[at]) if at < len(self._places) else end

    def find(self, function: str) -> Symbol:
        """The function of that name or at that address. Raises `BadObject`."""
        for symbol in self._functions:
            if symbol.name == function:
                return symbol
        match = _ADDRESS.match(function)
        if match is None:
            shown = (
                ", ".join(symbol.name for symbol in self._functions[:8])
                or "none by name; give an address such as 0x1139"
            )
            raise BadObject(f"The file defines no function {function}. Choose one of: {shown}.")
        address = int(match[1], 16)
        if address in self._starts:
            return self._starts[address]
        return Symbol(f"sub_{address:x}", address, 0, STT_FUNC, 1, 0)

    def _extent(self, code: bytes, address: int, lengths: list[int]) -> list[int]:
        """The instructions up to the first that leaves for good and that no branch before it leads behind."""
        at, furthest = 0, 0
        for count, length in enumerate(lengths, 1):
            if address + at in self._starts and at:
                return lengths[: count - 1]
            one = code[at : at + length]
            at += length
            target = self._branch_target(one, address + at - length)
            if (target is not None and not self._is_jump(one) and not self._is_call(one)) or (
                target is not None
                and self._is_jump(one)
                and address < target < address + at + 0x1000
                and target not in self._starts
            ):
                furthest = max(furthest, target)
            if self._leaves(one) and furthest < address + at:
                return lengths[:count]
        if address + at in self._starts and at:
            return lengths
        raise BadObject(
            f"Where the function at {address:#x} ends cannot be seen. Give a file that is not stripped."
        )

    def _is_call(self, one: bytes) -> bool:
        if self._arm:
            return int.from_bytes(one, "little") >> 26 == 0b100101
        field = branch_field(one)
        return field is not None and one[field[0] - 1] == 0xE8

    def _is_jump(self, one: bytes) -> bool:
        if self._arm:
            return int.from_bytes(one, "little") >> 26 == 0b000101
        field = branch_field(one)
        return field is not None and one[field[0] - 1] in (0xE9, 0xEB)

    def _leaves(self, one: bytes) -> bool:
        if self._is_jump(one):
            return True
        if self._arm:
            word = int.from_bytes(one, "little")
            return word & 0xFFDFFC1F in (0xD65F0000, 0xD61F0000) or word & 0xFFE0001F == 0xD4200000
        bare = one.lstrip(b"\xf2\xf3\x3e")
        return (
            bare[:1] in (b"\xc3", b"\xc2", b"\xf4")
            or bare[:2] == b"\x0f\x0b"
            or (bare[-2:-1] == b"\xff" and bare[-1] & 0x38 == 0x20)
        )

    # --- references -------------------------------------------------------------------------------

    def _branch_target(self, one: bytes, address: int) -> int | None:
        if self._arm:
            return a64_target(int.from_bytes(one, "little"), address)
        return x86_target(one, address)

    def _instruction(self, one: bytes, address: int, first: int, end: int, code: bytes, at: int) -> list[str]:
        target = self._branch_target(one, address)
        if target is not None:
            if first <= target < end:
                return _bytes(one)
            place = self._code_place(target, address)
            if self._arm:
                kind = {0b100101: "R_AARCH64_CALL26", 0b000101: "R_AARCH64_JUMP26"}.get(
                    int.from_bytes(one, "little") >> 26
                )
                if kind is None:
                    raise BadObject(
                        f"The conditional jump at {address:#x} leaves the function. Choose another function."
                    )
                word = int.from_bytes(one, "little") & ~0x3FFFFFF
                return [
                    f".La{address:x}:\n\t.reloc\t.La{address:x}, {kind}, {place}",
                    *_bytes(word.to_bytes(4, "little")),
                ]
            offset, size = branch_field(one) or (0, 0)
            if size != 4:
                raise BadObject(
                    f"The short jump at {address:#x} leaves the function. Choose another function."
                )
            return self._with_field(one, address, offset, "R_X86_64_PLT32", f"{place}-4")
        if self._arm:
            return self._arm_reference(one, address, code, at)
        rip = rip_field(one)
        if rip is None:
            return _bytes(one)
        target = address + len(one) + int.from_bytes(one[rip : rip + 4], "little", signed=True)
        behind = len(one) - rip
        if target in self._slots:
            return self._with_field(
                one, address, rip, "R_X86_64_GOTPCREL", f"{self._name(self._slots[target])}-{behind}"
            )
        if first <= target < end:
            return _bytes(one)
        return self._with_field(
            one, address, rip, "R_X86_64_PC32", self._data_place(target, address, -behind)
        )

    def _with_field(self, one: bytes, address: int, offset: int, kind: str, place: str) -> list[str]:
        label = f".La{address:x}"
        zeroed = one[offset + 4 :]
        return [
            *_bytes(one[:offset]),
            f"{label}:\n\t.reloc\t{label}, {kind}, {place}\n\t.byte\t0,0,0,0",
            *_bytes(zeroed),
        ]  # fmt: skip

    def _code_place(self, target: int, address: int) -> str:
        if target in self._stubs:
            return self._name(self._stubs[target])
        if target in self._starts:
            return self._name(self._starts[target].name)
        section = self._section_at(target)
        if section is None or not section.executable or PLT.match(section.name):
            raise BadObject(
                f"Where the instruction at {address:#x} leads to cannot be told. Choose another function."
            )
        return self._name(f"sub_{target:x}")

    def _name(self, name: str) -> str:
        if name not in self.named:
            self.named.add(name)
            self.newly_named.append(name)
        return self._quoted(name)

    def _find_copied(self) -> list[tuple[int, int, str]]:
        """Places that the loader fills with a library's data, from where to where, and that data's name."""
        sizes = {symbol.value: symbol.size for symbol in self._file.symbols if symbol.kind == STT_OBJECT}
        return [
            (at, at + max(8, sizes.get(at, 0)), _plain(name))
            for at, (kind, name, _) in self._pointers.items()
            if kind == _COPY[self._file.machine] and name
        ]

    def _data_place(self, target: int, address: int, addend: int) -> str:
        for start, end, name in self._copied:
            if start <= target < end:
                return f"{self._name(name)}{target - start + addend:+d}"
        if target in self._starts:
            return f"{self._name(self._starts[target].name)}{addend:+d}"
        section = self._section_at(target)
        if section is None:
            raise BadObject(
                f"The instruction at {address:#x} refers to {target:#x}, which is in no section. Choose another function."
            )
        if section.executable:
            raise BadObject(
                f"The instruction at {address:#x} refers to the middle of code. Choose another function."
            )
        beginning = self._beginning(section)
        if target in self._objects:
            return f"{self._quoted(self._objects[target])}{addend:+d}"
        return f"{beginning}{target - (section.address & -PAGE) + addend:+d}"

    def _beginning(self, section: Section) -> str:
        """The name of a section's page, which is wanted from now on."""
        if section.index in self.left_out:
            self.undefined.add(section.index)
            return f"section_{section.index}_left_out"
        if section.index not in self._done:
            self._wanted[section.index] = section
        return f".Lsection{section.index}"

    def _arm_reference(self, one: bytes, address: int, code: bytes, at: int) -> list[str]:
        word = int.from_bytes(one, "little")
        if (page := a64_page(word, address)) is not None:
            section = self._paired(code, at, word & 31, page, address)
            label = f".La{address:x}"
            place = f"{self._beginning(section)}{page - (section.address & -PAGE):+d}"
            bare = (word & ~0x60FFFFE0).to_bytes(4, "little")
            return [f"{label}:\n\t.reloc\t{label}, R_AARCH64_ADR_PREL_PG_HI21, {place}", *_bytes(bare)]
        if word & 0x9F000000 == 0x10000000:
            target = address + signed((word >> 5 & 0x7FFFF) << 2 | word >> 29 & 3, 21)
            label, place = f".La{address:x}", self._data_place(target, address, 0)
            bare = (word & ~0x60FFFFE0).to_bytes(4, "little")
            return [f"{label}:\n\t.reloc\t{label}, R_AARCH64_ADR_PREL_LO21, {place}", *_bytes(bare)]
        if word & 0x3B000000 == 0x18000000:
            raise BadObject(
                f"The instruction at {address:#x} reads next to the code. Choose another function."
            )
        return _bytes(one)

    def _paired(self, code: bytes, at: int, register: int, page: int, address: int) -> Section:
        """The section that an ADRP is about: every instruction that adds to its register, up to the next that writes
        it, has to say the same one."""
        found: set[int] = set()
        section = None
        for place in range(at + 4, min(len(code), at + 4 * 64), 4):
            (word,) = struct.unpack_from("<I", code, place)
            low = None
            if word & 0xFFC00000 == 0x91000000 and word >> 5 & 31 == register:
                low = word >> 10 & 0xFFF
            elif word & 0x3B000000 == 0x39000000 and word >> 5 & 31 == register:
                size = word >> 30 | (4 if word & 0x04800000 == 0x04800000 else 0)
                low = (word >> 10 & 0xFFF) << size
            if low is not None and (here := self._section_at(page + low)) is not None:
                section = here
                found.add(here.index)
            if word & 31 == register and word & 0x3B000000 != 0x39000000:
                break
        if section is None or len(found) != 1 or section.executable:
            raise BadObject(
                f"What the address made at {address:#x} refers to cannot be told. Choose another function."
            )
        return section

    def _section_at(self, address: int) -> Section | None:
        index = bisect_right(self._section_starts, address) - 1
        if index < 0:
            return None
        section = self._sections[index]
        return section if address < section.address + section.size else None

    # --- imports and data -------------------------------------------------------------------------

    def _find_stubs(self) -> dict[int, str]:
        found: dict[int, str] = {}
        for section in self._file.sections:
            if not section.executable or not PLT.match(section.name) or not section.address:
                continue
            if self._arm:
                self._arm_stubs(section, found)
                continue
            at = section.data.find(b"\xff\x25")
            while at >= 0 and at + 6 <= len(section.data):
                slot = (
                    section.address
                    + at
                    + 6
                    + int.from_bytes(section.data[at + 2 : at + 6], "little", signed=True)
                )
                start = at - (section.data[at - 1 : at] == b"\xf2")
                start -= 4 * (section.data[start - 4 : start] == b"\xf3\x0f\x1e\xfa")
                if slot in self._slots:
                    found[section.address + start] = self._slots[slot]
                at = section.data.find(b"\xff\x25", at + 6)
        return found

    def _arm_stubs(self, section: Section, found: dict[int, str]) -> None:
        words = [
            int.from_bytes(section.data[at : at + 4], "little") for at in range(0, len(section.data) - 3, 4)
        ]
        for index in range(len(words) - 1):
            word, behind = words[index], words[index + 1]
            if word & 0x9F00001F == 0x90000010 and behind & 0xFFC003FF == 0xF9400211:
                address = section.address + 4 * index
                page = a64_page(word, address) or 0
                slot = page + (behind >> 10 & 0xFFF) * 8
                if slot in self._slots:
                    before = words[index - 1] if index else 0
                    found[address - 4 * (before == 0xD503245F)] = self._slots[slot]  # behind a `bti c`

    def data(self, section: Section) -> list[str]:
        """The lines of a section of data. Raises `BadObject`."""
        self._done.add(section.index)
        self._wanted.pop(section.index, None)
        constant = not section.writable or section.name.startswith((".data.rel.ro", ".got"))
        lines = [
            _described(section, section.index, constant=constant),
            "\t.p2align\t12",
            f".Lsection{section.index}:",
        ]
        lead = section.address % PAGE
        lines += [f"\t.zero\t{lead}"] if lead else []
        events: dict[int, list[str]] = {}
        for symbol in self._file.symbols:
            inside = section.address <= symbol.value < section.address + section.size
            if (
                inside
                and all(start != symbol.value for start, _, _ in self._copied)
                and symbol.kind == STT_OBJECT
                and self._objects.get(symbol.value) == _plain(symbol.name)
            ):
                name = _plain(symbol.name)
                events.setdefault(
                    symbol.value,
                    [
                        f"\t.globl\t{self._quoted(name)}\n\t.type\t{self._quoted(name)},%object\n{self._quoted(name)}:"
                    ],
                )
                if symbol.size and symbol.value + symbol.size <= section.address + section.size:
                    lines.append(f"\t.size\t{self._quoted(name)}, {symbol.size}")
        pointers = {
            at: what
            for at, what in self._pointers.items()
            if section.address <= at < section.address + section.size and what[0] != _COPY[self._file.machine]
        }
        places = sorted({*events, *pointers})
        now = section.address
        for at in places:
            lines += self._plain_data(section, now, at)
            now = max(now, at)
            lines += events.get(at, [])
            if at in pointers:
                lines.append(f"\t.quad\t{self._pointer(*pointers[at])}")
                now = at + 8
        return lines + self._plain_data(section, now, section.address + section.size)

    def _plain_data(self, section: Section, start: int, end: int) -> list[str]:
        if end <= start:
            return []
        if section.type == SHT_NOBITS:
            return [f"\t.zero\t{end - start}"]
        return _bytes(section.data[start - section.address : end - section.address])

    def _pointer(self, kind: int, name: str, addend: int) -> str:
        machine = self._file.machine
        if kind in (_GLOB_DAT[machine], _JUMP_SLOT[machine], _ABS64[machine]) and name:
            return self._name(_plain(name)) + (f"{addend:+d}" if addend else "")
        if kind == _RELATIVE[machine]:
            section = self._section_at(addend)
            if section is not None and section.executable:
                return (
                    self._code_place(addend, addend)
                    if addend in self._starts or addend in self._stubs
                    else self._name(f"sub_{addend:x}")
                )
            if section is not None:
                return self._data_place(addend, addend, 0).removesuffix("+0")
        return f"loader_{kind}"


def _relocation_name(machine: int, kind: int) -> str:
    """As `.reloc` takes it. Raises `BadObject` for what no lifter and no emulator here applies anyway."""
    name = (_AARCH64 if machine == EM_AARCH64 else _X86_64).get(kind)
    if name is None:
        raise BadObject(
            f"The relocation {kind} of the object is not known. Compile without the feature that needs it."
        )
    return name


_X86_64 = {
    1: "R_X86_64_64", 2: "R_X86_64_PC32", 4: "R_X86_64_PLT32", 9: "R_X86_64_GOTPCREL", 10: "R_X86_64_32",
    11: "R_X86_64_32S", 24: "R_X86_64_PC64", 25: "R_X86_64_GOTOFF64", 26: "R_X86_64_GOTPC32", 41: "R_X86_64_GOTPCRELX",
    42: "R_X86_64_REX_GOTPCRELX",
}  # fmt: skip
_AARCH64 = {
    257: "R_AARCH64_ABS64", 258: "R_AARCH64_ABS32", 260: "R_AARCH64_PREL64", 261: "R_AARCH64_PREL32",
    273: "R_AARCH64_LD_PREL_LO19", 274: "R_AARCH64_ADR_PREL_LO21", 275: "R_AARCH64_ADR_PREL_PG_HI21",
    276: "R_AARCH64_ADR_PREL_PG_HI21_NC", 277: "R_AARCH64_ADD_ABS_LO12_NC", 278: "R_AARCH64_LDST8_ABS_LO12_NC",
    279: "R_AARCH64_TSTBR14", 280: "R_AARCH64_CONDBR19", 282: "R_AARCH64_JUMP26", 283: "R_AARCH64_CALL26",
    284: "R_AARCH64_LDST16_ABS_LO12_NC", 285: "R_AARCH64_LDST32_ABS_LO12_NC", 286: "R_AARCH64_LDST64_ABS_LO12_NC",
    299: "R_AARCH64_LDST128_ABS_LO12_NC", 311: "R_AARCH64_ADR_GOT_PAGE", 312: "R_AARCH64_LD64_GOT_LO12_NC",
}  # fmt: skip
