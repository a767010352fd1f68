"""An ELF object laid out in a made-up address space, so that every symbol has a number of its own.

Nothing is linked or run: each section and each outside symbol gets a stretch of addresses far enough from the
others that an address, also one a little before or behind its object, says what it belongs to. Relocations
are applied as a linker would; what a relocated place meant is found again by its number.
Sources: System V ABI, AMD64 supplement, table 4.9; ELF for the Arm 64-bit Architecture, section 5.7.
"""

from __future__ import annotations

import io
import struct
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile
from elftools.elf.relocation import RelocationSection
from elftools.elf.sections import Symbol as ElfSymbol
from elftools.elf.sections import SymbolTableSection

from irlens.asm.symbols import is_local, is_mapping
from irlens.mechanical.answers import Uncovered
from irlens.mechanical.machine_code import Instruction
from irlens.objects.kinds import foreign

BASE = 0x5E000000
"""Where the layout begins: no address that code would spell as a number."""
GAP = 0x10000
"""Bytes between two stretches. An address up to half of it outside its object is still the object's."""
Slot = Callable[[int], int]
"""Gives the address of an entry of the global offset table."""
LIMIT = 0x6000000
"""Bytes that the whole layout may take: an AArch64 `bl` reaches 128 MiB."""


@dataclass
class Region:
    """A stretch of addresses: a section (with bytes) or an outside symbol (without)."""

    start: int
    name: str
    size: int
    section: bool
    writable: bool = False
    executable: bool = False
    data: bytearray = field(default_factory=bytearray)
    relocated: dict[int, tuple[int, int]] = field(default_factory=dict)
    """By offset of an absolute relocation: the address it was given, and its size in bytes."""
    relative: dict[int, int] = field(default_factory=dict)
    """By offset of a 32-bit distance from its own place: the address it leads to."""
    alignment: int = 1
    """Bytes of which a linker puts it at a multiple."""


@dataclass(frozen=True)
class Symbol:
    name: str
    address: int
    size: int
    kind: str
    local: bool


class Image:
    """`architecture` is "x86_64" or "aarch64". Raises `Uncovered` for what is no such object."""

    def __init__(self, object_file: bytes) -> None:
        if (other := foreign(object_file)) is not None:
            what, instead = other
            advice = f" Compile it for {instead} (clang --target={instead})." if instead else ""
            raise Uncovered(f"This is {what}, and irlens lifts ELF code only.{advice}", "object")
        try:
            elf = ELFFile(io.BytesIO(object_file))
            machine = elf.header["e_machine"]
            self.architecture = {"EM_X86_64": "x86_64", "EM_AARCH64": "aarch64"}.get(machine, "")
            if not self.architecture or elf.elfclass != 64 or not elf.little_endian:
                raise Uncovered(
                    "The object is for another machine. Give code for x86-64 or AArch64.", "machine"
                )
            self.regions: list[Region] = []
            self.symbols: dict[str, Symbol] = {}
            self._by_address: dict[int, list[Symbol]] = {}
            self._next = BASE
            self._slots: dict[int, int] = {}
            self._got: dict[int, int] = {}
            self._targets: set[int] = set()
            self.arities: dict[int, tuple[int, int] | None] = {}
            """By address of a function, what `arity` counted."""
            self.decoded: dict[int, Instruction] = {}
            """By address, what was decoded so far: kept here for every `Flow` of the object."""
            self.endless: dict[int, bool] = {}
            """By address of a function, whether it never returns: kept here for `Flow`."""
            self.written: dict[int, frozenset[int] | None] = {}
            """By address of a function, the registers it may write: kept here for `Flow.written_by`."""
            self.places: dict[int, str] = {}
            """By address where a relocation in code begins: empty, or why it cannot be applied."""
            self._read(elf)
        except (ELFError, struct.error, ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
            raise Uncovered(
                f"The object file cannot be read ({type(error).__name__}: {error}). Assemble it again.",
                "object",
            ) from error
        self._referred = sorted(self._targets)
        self._starts = [region.start for region in self.regions]
        self._data_symbols: dict[int, list[Symbol]] = {}

    def _read(self, elf: ELFFile) -> None:
        by_index: dict[int, Region] = {}
        sections = list(elf.iter_sections())
        for index, section in enumerate(sections):
            flags = section["sh_flags"]
            if not flags & 2:  # SHF_ALLOC
                continue
            if flags & 0x400:  # SHF_TLS
                continue
            size = section["sh_size"]
            no_bits = section["sh_type"] == "SHT_NOBITS"
            data = bytearray() if no_bits else bytearray(section.data())
            region = Region(0, section.name, size, True, bool(flags & 1), bool(flags & 4), data)
            region.alignment = max(section["sh_addralign"], 1)
            by_index[index] = self._add(region)
        table = elf.get_section_by_name(".symtab")
        if not isinstance(table, SymbolTableSection):
            raise Uncovered("The object has no symbol table. Assemble it without stripping.", "object")
        addresses: list[int | None] = []
        raw = list(table.iter_symbols())
        needed = _referenced(elf)
        for number, symbol in enumerate(raw):
            addresses.append(self._place(symbol, by_index, needed.get(number, False)))
        for section in sections:
            if isinstance(section, RelocationSection) and section["sh_info"] in by_index:
                region = by_index[section["sh_info"]]
                for relocation in section.iter_relocations():
                    number = relocation["r_info_sym"]
                    self._relocate(
                        region,
                        relocation["r_offset"],
                        relocation["r_info_type"],
                        addresses[number],
                        relocation.entry.get("r_addend", 0),
                        raw[number].name,
                    )
        self.regions.sort(key=lambda region: region.start)

    def _add(self, region: Region) -> Region:
        region.start = self._next
        self._next += (max(region.size, 1) + GAP + 0xFFFF) & ~0xFFFF
        if self._next > BASE + LIMIT:
            raise Uncovered("The object is too large to lay out. Lift from a smaller file.", "object")
        self.regions.append(region)
        return region

    def _place(self, symbol: ElfSymbol, by_index: dict[int, Region], needed: bool) -> int | None:
        entry, name = symbol.entry, symbol.name
        where = entry["st_shndx"]
        kind = entry["st_info"]["type"]
        local = entry["st_info"]["bind"] == "STB_LOCAL"
        if where in ("SHN_UNDEF", "SHN_COMMON"):
            if not name or not needed or kind == "STT_TLS":
                return None
            size = entry["st_size"] if where == "SHN_COMMON" else 0
            region = self._add(Region(0, name, size, False, True))
            region.alignment = max(entry["st_value"], 1) if where == "SHN_COMMON" else 1
            self._note(Symbol(name, region.start, size, kind, False))
            return region.start
        if where == "SHN_ABS":
            return entry["st_value"] if kind != "STT_FILE" else None
        section = by_index.get(where)
        if section is None or kind == "STT_TLS":
            return None
        address = section.start + entry["st_value"]
        if kind != "STT_SECTION" and name and not self._is_no_name(name):
            self._note(Symbol(name, address, entry["st_size"], kind, local))
        return address

    def _is_no_name(self, name: str) -> bool:
        return is_local(name, "elf") or (self.architecture == "aarch64" and is_mapping(name))

    def _note(self, symbol: Symbol) -> None:
        self.symbols.setdefault(symbol.name, symbol)
        self._by_address.setdefault(symbol.address, []).append(symbol)

    def _slot(self, target: int) -> int:
        """The address of a made-up entry of the global offset table that holds `target`."""
        if target not in self._slots:
            if len(self._slots) % 4096 == 0:
                self._add(Region(0, "(offset table)", 4096 * 8, True, False, False))
                self._got_start = self.regions[-1].start
            slot = self._got_start + len(self._slots) % 4096 * 8
            self._slots[target] = slot
            self._got[slot] = target
        return self._slots[target]

    def _relocate(
        self, region: Region, offset: int, kind: int, symbol: int | None, addend: int, name: str
    ) -> None:
        place = region.start + offset
        if offset >= len(region.data):
            return
        if symbol is None:
            self.places[place] = f"a thread-local or missing symbol {name}".rstrip()
            return
        apply = _x86_64 if self.architecture == "x86_64" else _aarch64
        written = apply(region.data, offset, kind, place, symbol, addend, self._slot)
        if written is None:
            self.places[place] = f"relocation {kind} against {name}"
            return
        self._targets.add(symbol + addend + (4 if self.architecture == "x86_64" and kind in (2, 4) else 0))
        if written:
            region.relocated[offset] = (symbol + addend, written)
        self.places[place] = ""
        if not region.executable and kind == (2 if self.architecture == "x86_64" else 261):
            region.relative[offset] = symbol + addend

    def region_of(self, address: int) -> Region | None:
        """The region that an address belongs to, a little before or behind it included."""
        index = bisect_right(self._starts, address + GAP // 2) - 1
        if index < 0:
            return None
        region = self.regions[index]
        return region if address < region.start + region.size + GAP // 2 else None

    def got_target(self, address: int) -> int | None:
        return self._got.get(address)

    def constant(self, address: int, size: int) -> int | None:
        """The value of `size` bytes that nothing can change, or None. Relocated bytes are none."""
        region = self.region_of(address)
        if region is None or region.writable or not region.section:
            return None
        offset = address - region.start
        if offset < 0 or offset + size > len(region.data):
            return None
        if any(at - 8 < offset < at + 8 for at in region.relocated) and any(
            at < offset + size and offset < at + width for at, (_, width) in region.relocated.items()
        ):
            return None
        return int.from_bytes(region.data[offset : offset + size], "little")

    def linked(self, address: int, size: int) -> int | None:
        """As `constant`, with relocations as the layout has them: for jump tables."""
        region = self.region_of(address)
        offset = address - region.start if region else -1
        if region is None or not region.section or offset < 0 or offset + size > len(region.data):
            return None
        return int.from_bytes(region.data[offset : offset + size], "little")

    def function(self, name: str) -> Symbol:
        """The function's symbol, its size filled in. Raises `Uncovered`."""
        symbol = self.symbols.get(name)
        region = self.region_of(symbol.address) if symbol else None
        if symbol is None or region is None or not region.executable:
            raise Uncovered(
                f"The object defines no function {name}. Name one that it defines.", "no function"
            )
        size = symbol.size
        if not size:
            later = [
                other.address
                for other in self.symbols.values()
                if other.kind == "STT_FUNC" and symbol.address < other.address < region.start + region.size
            ]
            size = min([*later, region.start + region.size]) - symbol.address
        size = min(size, region.start + len(region.data) - symbol.address)
        return Symbol(symbol.name, symbol.address, size, symbol.kind, symbol.local)

    def alignment(self, symbol: Symbol) -> int:
        """Bytes of which the symbol's address is certainly a multiple."""
        region = self.region_of(symbol.address)
        assert region is not None
        place = (symbol.address - region.start) | region.alignment
        return place & -place

    def next_referred(self, address: int) -> int:
        """The first address behind this one that something refers to or a symbol names, else the region's
        end."""
        region = self.region_of(address)
        assert region is not None
        at = bisect_right(self._referred, address)
        found = [region.start + region.size]
        if at < len(self._referred):
            found.append(self._referred[at])
        found += [place for place in self._by_address if place > address]
        return min(found)

    def defines(self, symbol: Symbol) -> bool:
        """Whether the symbol is of a section of this object."""
        region = self.region_of(symbol.address)
        return region is not None and region.section

    def at(self, address: int) -> Symbol | None:
        """The symbol that begins at the address, an outside or global one before a local one."""
        found = self._by_address.get(address)
        return min(found, key=lambda symbol: (symbol.local, symbol.kind == "STT_NOTYPE")) if found else None

    def within(self, address: int) -> Symbol | None:
        """The sized data symbol that covers the address, or one that begins there."""
        exact = self.at(address)
        if exact is not None:
            return exact
        region = self.region_of(address)
        if region is None:
            return None
        if not region.section:
            return self.at(region.start)
        if region.start not in self._data_symbols:
            self._data_symbols[region.start] = sorted(
                (s for s in self.symbols.values() if region.start <= s.address < region.start + region.size),
                key=lambda s: s.address,
            )
        for symbol in self._data_symbols[region.start]:
            if symbol.address <= address < symbol.address + symbol.size:
                return symbol
        return None


def _referenced(elf: ELFFile) -> dict[int, bool]:
    return {
        relocation["r_info_sym"]: True
        for section in elf.iter_sections()
        if isinstance(section, RelocationSection) and elf.get_section(section["sh_info"])["sh_flags"] & 2
        for relocation in section.iter_relocations()
    }


_GOT_X86 = {9, 41, 42}


def _x86_64(
    data: bytearray, offset: int, kind: int, place: int, symbol: int, addend: int, slot: Slot
) -> int | None:
    """Write one relocation. Answers the size in bytes of an absolute one, 0 for others, None: unknown."""
    if kind in (2, 4) or kind in _GOT_X86:  # PC32, PLT32; GOTPCREL and its relaxable forms
        value = (slot(symbol) if kind in _GOT_X86 else symbol) + addend - place
        data[offset : offset + 4] = struct.pack("<i", value)
        return 0
    if kind in (10, 11):
        data[offset : offset + 4] = struct.pack("<I", (symbol + addend) & 0xFFFFFFFF)
        return 4
    if kind == 1:
        data[offset : offset + 8] = struct.pack("<Q", (symbol + addend) & (2**64 - 1))
        return 8
    if kind == 24:
        data[offset : offset + 8] = struct.pack("<q", symbol + addend - place)
        return 0
    return None


_LO12 = {277: 0, 278: 0, 284: 1, 285: 2, 286: 3, 299: 4}


def _aarch64(
    data: bytearray, offset: int, kind: int, place: int, symbol: int, addend: int, slot: Slot
) -> int | None:
    """As `_x86_64`."""
    target = symbol + addend
    if kind in (257, 258):  # ABS64, ABS32
        size = 8 if kind == 257 else 4
        data[offset : offset + size] = (target & (1 << 8 * size) - 1).to_bytes(size, "little")
        return size
    if kind in (260, 261):  # PREL64, PREL32
        size = 8 if kind == 260 else 4
        data[offset : offset + size] = (target - place & (1 << 8 * size) - 1).to_bytes(size, "little")
        return 0
    (word,) = struct.unpack_from("<I", data, offset)
    if kind in (311, 312):
        target = slot(target)
    if kind in (274, 275, 276, 311):  # ADR, ADRP (checked or not), ADRP of the offset table
        delta = target - place if kind == 274 else (target >> 12) - (place >> 12)
        if not -(1 << 20) <= delta < 1 << 20:
            return None
        word = word & ~0x60FFFFE0 | (delta & 3) << 29 | (delta >> 2 & 0x7FFFF) << 5
    elif kind in _LO12 or kind == 312:
        shift = _LO12.get(kind, 3)
        if (target & 0xFFF) & ((1 << shift) - 1):
            return None
        word = word & ~(0xFFF << 10) | ((target & 0xFFF) >> shift) << 10
    elif kind in (282, 283):
        word = word & ~0x3FFFFFF | ((target - place) >> 2 & 0x3FFFFFF)
    elif kind in (273, 280):
        word = word & ~(0x7FFFF << 5) | ((target - place) >> 2 & 0x7FFFF) << 5
    elif kind == 279:
        word = word & ~(0x3FFF << 5) | ((target - place) >> 2 & 0x3FFF) << 5
    else:
        return None
    struct.pack_into("<I", data, offset, word)
    return 0
