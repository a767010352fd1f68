"""An ELF relocatable object as plain data: sections, symbols, relocations. Bytes in, data out.

Only what running one function needs: 64-bit little-endian objects for x86-64 and AArch64 with RELA
relocations, as every assembler here writes them. The layouts are those of the System V ABI's chapter 4
("Object Files", https://www.sco.com/developers/gabi/latest/ch4.intro.html). It is read with `struct` because
an object is read for every candidate: an object of 57 KB takes 1.6 ms here and 18 ms with pyelftools.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from irlens import escape
from irlens.objects.kinds import foreign

_GIVE = " Give a 64-bit ELF object of one of these."
EM_X86_64, EM_AARCH64 = 62, 183
_MACHINES = {
    8: "MIPS",
    21: "PowerPC",
    22: "s390x",
    43: "SPARC",
    224: "AMDGPU",
    243: "RISC-V",
    247: "BPF",
    258: "LoongArch",
}
SHT_PROGBITS, SHT_SYMTAB, SHT_RELA, SHT_NOBITS, SHT_DYNSYM = 1, 2, 4, 8, 11
SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR, SHF_STRINGS, SHF_TLS = 1, 2, 4, 0x20, 0x400
SHN_UNDEF, SHN_ABS, SHN_COMMON, SHN_XINDEX = 0, 0xFFF1, 0xFFF2, 0xFFFF
STB_LOCAL, STB_WEAK = 0, 2
STT_NOTYPE, STT_OBJECT, STT_FUNC, STT_SECTION, STT_FILE, STT_TLS, STT_GNU_IFUNC = 0, 1, 2, 3, 4, 6, 10

_MAX_SECTIONS = 65_000
_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
_SECTION = struct.Struct("<IIQQQQIIQQ")
_SYMBOL = struct.Struct("<IBBHQQ")
_RELA = struct.Struct("<QQq")


class BadObject(ValueError):
    """The bytes are no object that can be emulated. The text says why and what to do."""


@dataclass(frozen=True)
class Relocation:
    offset: int
    type: int
    symbol: int
    addend: int


@dataclass
class Section:
    index: int
    name: str
    type: int
    flags: int
    size: int
    align: int
    data: bytes
    relocations: list[Relocation] = field(default_factory=list)
    address: int = 0

    @property
    def allocated(self) -> bool:
        return bool(self.flags & SHF_ALLOC)

    @property
    def executable(self) -> bool:
        return bool(self.flags & SHF_EXECINSTR)

    @property
    def writable(self) -> bool:
        return bool(self.flags & SHF_WRITE)


@dataclass(frozen=True)
class Symbol:
    """`section` is an index of `ObjectFile.sections`, or one of the SHN constants."""

    name: str
    value: int
    size: int
    kind: int
    binding: int
    section: int


@dataclass
class ObjectFile:
    """`linked` are programs and shared libraries: values of symbols and relocations are addresses there, and
    `dynamic` are the relocations that are left for the loader, with the names of their symbols."""

    machine: int
    sections: list[Section]
    symbols: list[Symbol]
    linked: bool = False
    dynamic: list[tuple[Relocation, str]] = field(default_factory=list)


_MOST_SHARED, _LEAST_OF_NAMES = 4, 1 << 20
"""How many times over the letters of a table of strings may stand in names, and a number of letters that always may."""
_MOST_OVER = 2
"""How many times over the bytes of a file may be contents of sections: tables of strings belong to several, all else to one."""


def read_object(data: bytes) -> ObjectFile:
    """A relocatable object. Raises `BadObject`."""
    return _guarded(data, linked=False)


def read_any(data: bytes) -> ObjectFile:
    """A relocatable object, a shared library or a program. Its names become part of texts: what breaks or turns a line is
    spelled out in them. Raises `BadObject`, in one sentence for what is no ELF file for x86-64 or AArch64."""
    for magic, what in _OTHERS.items():
        if data.startswith(magic):
            raise BadObject(f"This is {what}, which is not read yet. Give an ELF file for x86-64 or AArch64.")
    if (len(data) > 64 and data[:2] == b"\x64\x86") or data[:2] == b"\x64\xaa":
        raise BadObject(
            "This is a Windows (COFF) object, which is not read yet. Give an ELF file for x86-64 or AArch64."
        )
    file = _guarded(data, linked=True)
    file.symbols = [replace(symbol, name=escape.line(symbol.name)) for symbol in file.symbols]
    file.dynamic = [(relocation, escape.line(name)) for relocation, name in file.dynamic]
    return file


_OTHERS = {
    b"\xcf\xfa\xed\xfe": "a macOS (Mach-O) object or program",
    b"\xce\xfa\xed\xfe": "a 32-bit macOS (Mach-O) object or program",
    b"\xca\xfe\xba\xbe": "a macOS universal (Mach-O) file",
    b"MZ": "a Windows (PE) program",
    b"!<arch>": "an archive; unpack it with `ar x` first",
}


def _guarded(data: bytes, linked: bool) -> ObjectFile:
    try:
        return _read(data, linked)
    except MemoryError as error:
        raise BadObject("The object file needs more memory than it may take. Give a smaller one.") from error
    except (struct.error, IndexError, OverflowError) as error:
        raise BadObject(f"The object file is cut off or damaged ({error}). Assemble it again.") from error


def rename_symbols(file: ObjectFile, renamed: Mapping[str, str]) -> None:
    """Give symbols other names, in place; the cold part of a function, `name.cold`, goes with it."""
    if not renamed:
        return

    def name_for(name: str) -> str:
        whole, cold, rest = name.partition(".cold")
        return renamed.get(whole, whole) + cold + rest if cold else renamed.get(name, name)

    file.symbols = [replace(symbol, name=name_for(symbol.name)) for symbol in file.symbols]


def _read(data: bytes, may_be_linked: bool) -> ObjectFile:
    if data[:4] != b"\x7fELF":
        what, instead = foreign(data) or ("no object that irlens knows", "")
        advice = f" Compile both for {instead}." if instead else ""
        raise BadObject(
            f"This is {what}, and irlens runs ELF code of x86-64 and AArch64 only.{advice or _GIVE}"
        )
    if data[4:6] != b"\x02\x01":
        width = "32-bit" if data[4] == 1 else "big-endian"
        raise BadObject(f"This is {width} code, and irlens runs x86-64 and AArch64 only.{_GIVE}")
    head = _HEADER.unpack_from(data)
    kind, machine, table, entry, count, names_at = head[1], head[2], head[6], head[11], head[12], head[13]
    linked = may_be_linked and kind in (2, 3)
    if kind != 1 and not linked:
        raise BadObject("This ELF file is no relocatable object. Give what an assembler writes (.o).")
    if machine not in (EM_X86_64, EM_AARCH64):
        named = _MACHINES.get(machine, f"ELF machine {machine}")
        raise BadObject(f"This is code for {named}, and irlens runs x86-64 and AArch64 only.{_GIVE}")
    if entry != _SECTION.size or not count or count > _MAX_SECTIONS:
        raise BadObject("The object's section table cannot be read. Assemble it again.")
    headers = [_SECTION.unpack_from(data, table + entry * index) for index in range(count)]
    _refuse_shared(data, headers)
    names = _contents(data, headers[names_at])
    letters = _MOST_SHARED * len(names) + _LEAST_OF_NAMES
    sections = []
    for index, header in enumerate(headers):
        allocated = header[2] & SHF_ALLOC
        contents = _contents(data, header) if header[1] != SHT_NOBITS and allocated else b""
        name = _string(names, header[0])
        letters -= len(name)
        if letters < 0:
            raise BadObject(_SHARED_LETTERS)
        sections.append(
            Section(
                index,
                name,
                header[1],
                header[2],
                header[5],
                max(1, header[8]),
                contents,
                address=header[3],
            )
        )
    symbols: list[Symbol] = []
    for header in headers:
        if header[1] == SHT_SYMTAB:  # there is one at most, says the gABI
            symbols = _symbols(data, header, headers)
            break
    if linked:
        dynamic_names: list[str] = []
        for header in headers:
            if header[1] == SHT_DYNSYM:
                found_there = _symbols(data, header, headers)
                dynamic_names = [symbol.name for symbol in found_there]
                have = {symbol.name for symbol in symbols}
                symbols = symbols + [symbol for symbol in found_there if symbol.name not in have]
                break
        dynamic = []
        for header in headers:
            if header[1] == SHT_RELA and header[2] & SHF_ALLOC:
                for offset, info, addend in _RELA.iter_unpack(_contents(data, header)):
                    number = info >> 32
                    name = dynamic_names[number] if number < len(dynamic_names) else ""
                    dynamic.append((Relocation(offset, info & 0xFFFFFFFF, number, addend), name))
        return ObjectFile(machine, sections, symbols, True, dynamic)
    for header in headers:
        if header[1] == SHT_RELA:
            target = sections[header[7]]
            if not target.allocated:
                continue
            found = [
                Relocation(offset, info & 0xFFFFFFFF, info >> 32, addend)
                for offset, info, addend in _RELA.iter_unpack(_contents(data, header))
            ]
            for one in found:
                if one.symbol >= len(symbols) or one.offset + 4 > target.size:
                    raise BadObject(
                        f"A relocation of {target.name} points outside the object. Assemble it again."
                    )
            target.relocations.extend(found)
    for symbol in symbols:
        if symbol.section >= len(sections) and symbol.section < 0xFF00:
            raise BadObject(f"The symbol {symbol.name!r} is in no section. Assemble it again.")
    return ObjectFile(machine, sections, symbols)


def _symbols(data: bytes, header: tuple[int, ...], headers: list[tuple[int, ...]]) -> list[Symbol]:
    """Those of a table. A name may be the end of another, which a linker saves some letters by; what has far more letters
    in its names than in its table of strings is made to fill memory."""
    strings = _contents(data, headers[header[6]])
    left = _MOST_SHARED * len(strings) + _LEAST_OF_NAMES
    found = []
    for at, info, _, section, value, size in _SYMBOL.iter_unpack(_contents(data, header)):
        name = _string(strings, at)
        left -= len(name)
        if left < 0:
            raise BadObject(_SHARED_LETTERS)
        found.append(Symbol(name, value, size, info & 15, info >> 4, section))
    return found


_SHARED_LETTERS = "Its names share too many letters to be a linker's. Make the object again."


def _refuse_shared(data: bytes, headers: list[tuple[int, ...]]) -> None:
    """Each section has bytes of its own; thousands that name the same ones are made to fill memory."""
    total = sum(header[5] for header in headers if header[1] != SHT_NOBITS)
    if total > _MOST_OVER * len(data):
        raise BadObject("Its sections share their bytes, which no compiler's do. Make the object again.")


def _contents(data: bytes, header: tuple[int, ...]) -> bytes:
    offset, size = header[4], header[5]
    if offset + size > len(data):
        raise BadObject("The object file is cut off. Assemble it again.")
    return data[offset : offset + size]


def _string(strings: bytes, offset: int) -> str:
    end = strings.find(b"\0", offset)
    if end < 0 or offset > len(strings):
        raise BadObject("A name of the object cannot be read. Assemble it again.")
    return strings[offset:end].decode("utf-8", "replace")
