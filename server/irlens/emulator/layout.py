"""Two objects, one address space: where everything lies, and relocations applied. Bytes in, data out.

The same name has the same address for every object: what the original defines lies where the original has it,
what nobody defines has a slot of its own. Code, and data that only its file can see, lie apart. The map is our
own; nothing here is what a linker would choose:

    0x0000..      never mapped (null pointers and small numbers)
    0x1000_0000   code and constants, 16 MiB an object
    0x1300_0000   slots of outside names, 16 KiB each
    0x2000_0000   writable data, 128 MiB an object
    0x3800_0000   thread-local storage, thread pointer first

All of it is below 2 GiB, for the relocations that need it, and code is within 128 MiB of the slots, as an
AArch64 branch needs.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from irlens.asm.symbols import is_local, is_mapping
from irlens.emulator import relocate
from irlens.objects.elf import (
    EM_AARCH64,
    SHF_STRINGS,
    SHF_TLS,
    SHN_ABS,
    SHN_COMMON,
    SHN_UNDEF,
    STB_LOCAL,
    STB_WEAK,
    STT_FUNC,
    STT_GNU_IFUNC,
    STT_SECTION,
    STT_TLS,
    BadObject,
    ObjectFile,
    Relocation,
    Section,
    Symbol,
    read_object,
    rename_symbols,
)

PAGE = 0x1000
NULL_END = 0x10000
"""Addresses below are never mapped."""
IMAGE_BASE, IMAGE_SPAN = 0x10000000, 0x01000000
"""Four objects have room: two builds of each side."""
SLOT_BASE, SLOT_SPAN, SLOT_END = 0x14000000, 0x4000, 0x18000000
DATA_BASE, DATA_SPAN = 0x20000000, 0x06000000
THREAD_POINTER = 0x38000000
TLS_BASE = THREAD_POINTER + PAGE
TLS_END = THREAD_POINTER + 0x800000
RESERVED_END = 0x40000000
"""On-demand memory never lies below: it is the map above."""
RETURN_ADDRESS = 0x3FF00000
"""Where the function returns to; nothing is there."""
TLS_RESOLVER = "__irlens_tls_descriptor"
CANARY = 0x5BD1E995A7C40F00
"""The stack protector's word. Its lowest byte is 0, as glibc's is."""

_NEVER_LOADED = re.compile(r"\.(eh_frame|note|comment|init_array|fini_array|ctors|dtors|debug|gnu\.)")
_CONSTANT_ALL_THE_SAME = re.compile(r"\.data\.rel\.ro\b")


@dataclass
class Segment:
    """Bytes at a page-aligned address that do not change."""

    address: int
    data: bytes
    executable: bool


@dataclass
class Shared:
    """A writable section of an object; `data` is shorter than `size` where the rest is zero."""

    address: int
    size: int
    data: bytes
    name: str


@dataclass
class Image:
    """One object, placed. `own` are the address ranges of the function's code."""

    number: int
    entry: int = 0
    own: list[tuple[int, int]] = field(default_factory=list)
    own_joined: list[tuple[int, int]] = field(default_factory=list)
    """The same, sorted, without one that reaches into another: of a large object there are thousands."""
    segments: list[Segment] = field(default_factory=list)
    code_names: dict[int, str] = field(default_factory=dict)
    """Other functions of the object that the code reaches directly, by address."""
    counted: list[tuple[int, int]] = field(default_factory=list)
    """The ranges of `own` that coverage is about: the function's, without those of what it calls."""
    inner: dict[str, int] = field(default_factory=dict)
    """Other functions of the object that really run when they are called."""
    constants: list[tuple[int, int]] = field(default_factory=list)
    """Ranges of constants, sorted."""
    strings: list[tuple[int, int]] = field(default_factory=list)
    """Ranges of constants that are nothing but strings that end in 0."""
    code_bytes: bytes = b""
    """The function's own code, as it runs."""

    def in_own(self, address: int) -> bool:
        at = bisect.bisect_right(self.own_joined, (address, 1 << 64)) - 1
        return at >= 0 and address < self.own_joined[at][1]

    def is_counted(self, address: int) -> bool:
        return any(start <= address < end for start, end in self.counted)

    def in_own_pages(self, address: int) -> bool:
        """Whether a page of the function's code holds the address."""
        return any(s.executable and s.address <= address <= s.address + len(s.data) for s in self.segments)

    def constant_at(self, address: int) -> tuple[int, int] | None:
        at = bisect.bisect_right(self.constants, (address, 1 << 62)) - 1
        if at >= 0 and self.constants[at][0] <= address < self.constants[at][1]:
            return self.constants[at]
        return None

    def in_strings(self, address: int) -> bool:
        return any(start <= address < end for start, end in self.strings)

    def bytes_at(self, address: int, count: int) -> bytes:
        """Constant bytes; fewer at the end of a segment."""
        for segment in self.segments:
            offset = address - segment.address
            if 0 <= offset < len(segment.data):
                return segment.data[offset : offset + count]
        return b""


@dataclass
class World:
    """The whole address space of one comparison. `images[0]` is the original."""

    arm: bool
    function: str
    images: list[Image]
    shared: list[Shared]
    slots: dict[str, int]
    names: dict[int, str]
    """Slots by address."""
    data_differences: list[str]
    """Constants that both define under one name, and define differently. One sentence each."""
    inner: bool = False
    """Whether calls to functions that an object defines really run, and only outside ones are stubs."""
    references: int = 0
    """How many images, the last ones, are further builds of the original."""
    defined: set[str] = field(default_factory=set)
    """Functions that the original's object defines."""
    variables: list[int] = field(default_factory=list)
    """Where variables lie that the original defines and other files can name: pointers may lead there."""
    aliases: dict[str, str] = field(default_factory=dict)
    """Another name of each function that has several in every object that defines it."""
    unclear: str = ""
    """Why what is the same in all runs may not be so in a program: names that mean other things on both sides."""

    @property
    def candidates(self) -> list[Image]:
        """The builds of the candidate."""
        return self.images[1 : len(self.images) - self.references]

    @property
    def originals(self) -> list[Image]:
        """Further builds of the original."""
        return self.images[len(self.images) - self.references :]

    def name_of(self, address: int) -> str:
        """The outside name whose slot holds the address; empty where there is none."""
        if SLOT_BASE <= address < SLOT_END:
            return self.names.get(address - (address - SLOT_BASE) % SLOT_SPAN, "")
        return ""


def place(
    objects: list[bytes],
    function: str,
    *,
    inner: bool = False,
    renamed: Mapping[str, str] | None = None,
    references: int = 0,
) -> World:
    """Lay the objects out: the original, builds of the candidate, and last `references` further builds of the
    original. `renamed` has names of the candidate's as keys and the original's names for them as values.
    Raises `BadObject`, also for a relocation that is not known."""
    files = [read_object(data) for data in objects]
    for file in files[1 : len(files) - references]:
        rename_symbols(file, renamed or {})
    if len({file.machine for file in files}) > 1:
        raise BadObject("The two objects are for different machines. Compile both for one target.")
    world = World(files[0].machine == EM_AARCH64, function, [], [], {}, {}, [], inner, references)
    placed = [_Placed(number, file, world) for number, file in enumerate(files)]
    world.aliases = _aliases(placed, function)
    for one in placed:
        one.choose_addresses()
    first = placed[0]
    for one in placed[1:]:
        one.follow(first)
    world.defined = placed[0].functions()
    world.variables = placed[0].variables()
    for one in placed:
        one.relocate()
    for one in placed[1:]:
        one.compare_constants(first)
    for one in placed[1 : len(placed) - references]:
        one.compare_names(first)
    world.names = {address: name for name, address in world.slots.items()}
    world.images = [one.image for one in placed]
    return world


class _Placed:
    """One object on its way to an `Image`."""

    def __init__(self, number: int, file: ObjectFile, world: World) -> None:
        self.image = Image(number)
        self._file = file
        self._world = world
        self._addresses: dict[int, int] = {}
        self._data: dict[int, bytearray] = {}
        self._elsewhere: dict[str, int] = {}
        """Names that lie where the original has them."""
        self._defined = {
            symbol.name: symbol
            for symbol in file.symbols
            if symbol.name
            and not is_local(symbol.name, "elf")
            and not (world.arm and is_mapping(symbol.name))
            and symbol.section not in (SHN_UNDEF, SHN_ABS, SHN_COMMON)
            and symbol.section < len(file.sections)
            and symbol.kind != STT_SECTION
        }
        self._in_section: dict[int, list[tuple[int, str]]] = {}
        for name, symbol in self._defined.items():
            self._in_section.setdefault(symbol.section, []).append((symbol.value, name))
        for found in self._in_section.values():
            found.sort()
        self._got: dict[tuple[str, int], int] = {}
        self._got_words: list[int] = []
        self._module_pair: int | None = None
        self._got_base = 0
        self._tls_offset = 0

    # --- addresses --------------------------------------------------------------------------------

    def choose_addresses(self) -> None:
        base = IMAGE_BASE + self.image.number * IMAGE_SPAN
        code = base
        data = DATA_BASE + self.image.number * DATA_SPAN
        tls = TLS_BASE + self.image.number * 0x200000
        for section in self._file.sections:
            if not _loaded(section):
                continue
            if section.flags & SHF_TLS:
                tls = self._put(section, tls, TLS_END)
            elif _constant(section):
                code = self._put(section, code, base + IMAGE_SPAN - 0x100000)
            else:
                data = self._put(section, data, DATA_BASE + (self.image.number + 1) * DATA_SPAN)
        self._got_base = _up(code, PAGE)
        self._find_function()

    def _put(self, section: Section, at: int, limit: int) -> int:
        address = _up(at, max(PAGE, min(section.align, 0x10000)))
        if address + section.size + PAGE > limit:
            raise BadObject(
                f"The object's section {section.name} is too large to emulate. Give a smaller file."
            )
        self._addresses[section.index] = address
        return address + section.size

    def _find_function(self) -> None:
        name = self._world.function
        symbol = self._defined.get(name)
        if symbol is None or not self._file.sections[symbol.section].executable:
            raise BadObject(f"The object does not define the function {name}. Choose one that it defines.")
        self.image.entry = self._address_of(symbol)
        ranges = []
        for other, piece in self._defined.items():
            if other == name or self._is_part(other):
                ranges.append(self._range(piece))
        self.image.counted = sorted(ranges)
        if self._world.inner:
            ranges += self._inner_ranges()
        self.image.own = sorted(ranges)
        self.image.own_joined = _joined(self.image.own)
        for other, piece in self._defined.items():
            if self._file.sections[piece.section].executable and piece.section in self._addresses:
                address = self._address_of(piece)
                if not self.image.in_own(address):
                    self.image.code_names.setdefault(address, other)

    def _is_part(self, other: str) -> bool:
        """Whether a symbol is the function's own code that its compiler has put elsewhere."""
        name = self._world.function
        return other == f"{name}.cold" or other.startswith(f"{name}.cold.")

    def _inner_ranges(self) -> list[tuple[int, int]]:
        """All other functions that have a size; `image.inner` is told where they begin."""
        ranges = []
        name = self._world.function
        for other, piece in self._defined.items():
            executable = self._file.sections[piece.section].executable
            if other != name and executable and piece.size and piece.kind in (STT_FUNC, STT_GNU_IFUNC):
                ranges.append(self._range(piece))
                self.image.inner[other] = self._address_of(piece)
        return list(dict.fromkeys(ranges))

    def _range(self, symbol: Symbol) -> tuple[int, int]:
        start = self._address_of(symbol)
        size = symbol.size
        section = self._file.sections[symbol.section]
        if not size:  # hand-written code may not say
            later = [value for value, _ in self._in_section[symbol.section] if value > symbol.value]
            size = (later[0] if later else section.size) - symbol.value
        if size <= 0 or symbol.value + size > section.size or not section.data:
            raise BadObject(f"The function {symbol.name} has no code in the object. Choose another one.")
        return start, start + size

    def _address_of(self, symbol: Symbol) -> int:
        return self._addresses[symbol.section] + symbol.value

    def places(self) -> dict[str, tuple[int, int]]:
        """Where the functions are whose names nobody else may take: section and offset."""
        return {
            name: (symbol.section, symbol.value)
            for name, symbol in self._defined.items()
            if symbol.binding != STB_WEAK and self._file.sections[symbol.section].executable
        }

    def functions(self) -> set[str]:
        """Names of the functions that the object defines."""
        return {
            name for name, symbol in self._defined.items() if self._file.sections[symbol.section].executable
        }

    def variables(self) -> list[int]:
        """Addresses of writable data that other files can name."""
        return sorted(
            self._address_of(symbol)
            for symbol in self._defined.values()
            if symbol.binding != STB_LOCAL
            and symbol.section in self._addresses
            and self._file.sections[symbol.section].writable
            and not self._file.sections[symbol.section].flags & SHF_TLS
        )

    def follow(self, first: _Placed) -> None:
        """Names that the original defines as data lie there for this object too."""
        for name, symbol in first._defined.items():
            section = first._file.sections[symbol.section]
            if _loaded(section) and not section.executable:
                self._elsewhere[name] = first._address_of(symbol)

    # --- relocation -------------------------------------------------------------------------------

    def relocate(self) -> None:
        for section in self._file.sections:
            if not _loaded(section):
                continue
            address = self._addresses[section.index]
            body = bytearray(section.data)
            for relocation in section.relocations:
                if section.executable and not self.image.in_own(address + relocation.offset):
                    continue
                self._apply(section, body, address, relocation)
            self._data[section.index] = body
            if section.executable:
                self._load_code(address, body)
            elif _constant(section):
                self.image.segments.append(Segment(address, bytes(body), executable=False))
                if section.size:
                    self.image.constants.append((address, address + section.size))
                    if section.flags & SHF_STRINGS:
                        self.image.strings.append((address, address + section.size))
            else:
                self._world.shared.append(Shared(address, section.size, bytes(body), section.name))
        if self._got_words:
            words = b"".join(word.to_bytes(8, "little") for word in self._got_words)
            self.image.segments.append(Segment(self._got_base, words, executable=False))
        self.image.constants.sort()

    def _load_code(self, address: int, body: bytearray) -> None:
        """Only the function's own code; around it are bytes that trap."""
        filler = b"\0" if self._world.arm else b"\xcc"
        for start, end in self.image.own:
            if not address <= start < address + len(body):
                continue
            low, high = start & -PAGE, _up(end, PAGE)
            data = bytearray(filler * (high - low))
            code = bytes(body[start - address : end - address])
            data[start - low : end - low] = code
            same = next(
                (
                    s
                    for s in self.image.segments
                    if s.executable and s.address < high and low < s.address + len(s.data)
                ),
                None,
            )
            if same is not None:  # two pieces in one page
                merged_low = min(low, same.address)
                merged_high = max(high, same.address + len(same.data))
                merged = bytearray(filler * (merged_high - merged_low))
                merged[same.address - merged_low : same.address - merged_low + len(same.data)] = same.data
                merged[start - merged_low : end - merged_low] = code
                same.address, same.data = merged_low, bytes(merged)
            else:
                self.image.segments.append(Segment(low, bytes(data), executable=True))
            self.image.code_bytes += code

    def _apply(self, section: Section, body: bytearray, address: int, relocation: Relocation) -> None:
        symbol = self._file.symbols[relocation.symbol]
        place_ = address + relocation.offset
        try:
            relocate.apply(
                self._world.arm,
                body,
                relocation,
                place_,
                lambda kind: self._target(section, body, symbol, relocation, kind),
            )
        except relocate.Unsupported as error:
            raise BadObject(
                f"The relocation {error} (of {symbol.name or 'a section'}) is not emulated. "
                "Compile without the feature that needs it."
            ) from error

    def _target(
        self, section: Section, body: bytearray, symbol: Symbol, relocation: Relocation, kind: str
    ) -> int:
        """What a relocation's formula calls S + A, or the address of a GOT entry for it."""
        if kind in ("value", "tls"):
            value = self._value(section, body, symbol, relocation)
            return value - THREAD_POINTER if kind == "tls" else value
        if kind == "got-base":
            return self._got_base
        if kind == "tls-module":
            if self._module_pair is None:
                self._module_pair = self._got_base + 8 * len(self._got_words)
                self._got_words += [1, 0]
            return self._module_pair
        key = (kind + symbol.name, 0 if symbol.name else relocation.symbol)
        if key not in self._got:
            value = self._value(section, body, symbol, Relocation(0, 0, relocation.symbol, 0))
            self._got[key] = self._got_base + 8 * len(self._got_words)
            if kind == "got":
                self._got_words.append(value)
            elif kind == "got-tls":
                self._got_words.append((value - THREAD_POINTER) & (1 << 64) - 1)
            elif kind == "tls-pair":
                self._got_words += [1, value]
            else:
                self._got_words += [self._slot(TLS_RESOLVER), value]
        return self._got[key]

    def _value(self, section: Section, body: bytearray, symbol: Symbol, relocation: Relocation) -> int:
        name, addend = symbol.name, relocation.addend
        named = bool(name) and not is_local(name, "elf") and symbol.kind != STT_SECTION
        if symbol.section == SHN_ABS:
            return symbol.value + addend
        if name == self._world.function and relocation.type in ((282, 283) if self._world.arm else (4,)):
            return self.image.entry + addend  # a branch to itself; its address as a value is its slot's
        if named:
            if name in self._elsewhere:
                return self._elsewhere[name] + addend
            if symbol.section in (SHN_UNDEF, SHN_COMMON):
                if symbol.kind == STT_TLS or _is_tls(self._world.arm, relocation.type):
                    return self._tls_slot(name) + addend
                return self._slot(name) + addend
            if self._file.sections[symbol.section].executable:
                if self._is_part(name):
                    return self._address_of(symbol) + addend
                return self._slot(name) + addend
        if symbol.section not in self._addresses:
            return self._slot(name or f"section {symbol.section}") + addend
        base = self._addresses[symbol.section]
        value = symbol.value + addend
        adjust = 0
        if not named:
            if not self._world.arm and section.executable and relocation.type in (2, 4):
                adjust = 4 + relocate.immediate_bytes(body, relocation.offset)
            owner = self._owner(symbol.section, value + adjust)
            if owner is not None:
                start, of = owner
                if self._file.sections[symbol.section].executable:
                    if start == value + adjust and not self._is_part(of):
                        return self._slot(of) - adjust
                elif of in self._elsewhere:
                    return self._elsewhere[of] + value - start
        return base + value

    def _owner(self, section: int, offset: int) -> tuple[int, str] | None:
        """The symbol of the section that the offset is in, or just behind; symbols without a size reach on."""
        found = self._in_section.get(section, [])
        at = bisect.bisect_right(found, (offset, "\uffff")) - 1
        if offset < 0 and found and not found[0][0] and not self._file.sections[section].executable:
            at = 0  # one element in front of an array, as loops that count from 1 begin
        if at < 0:
            return None
        symbol = self._defined[found[at][1]]
        return None if symbol.size and offset > symbol.value + symbol.size else found[at]

    def _slot(self, name: str) -> int:
        slots = self._world.slots
        name = self._world.aliases.get(name, name)
        if name not in slots:
            address = SLOT_BASE + len(slots) * SLOT_SPAN
            if address >= SLOT_END:
                raise BadObject("The object names too many outside symbols to emulate. Give a smaller file.")
            slots[name] = address
        return slots[name]

    def _tls_slot(self, name: str) -> int:
        slots = self._world.slots
        key = f"thread-local {name}"
        if key not in slots:
            slots[key] = TLS_BASE + 0x600000 + len(slots) * 0x100
        return slots[key]

    # --- constants under one name -----------------------------------------------------------------

    def compare_constants(self, first: _Placed) -> None:
        """A constant that both define under one name must be the same: code reads the original's."""
        for name, symbol in self._defined.items():
            other = first._defined.get(name)
            if other is None:
                continue
            mine, its = self._file.sections[symbol.section], first._file.sections[other.section]
            if not (_loaded(mine) and _loaded(its)) or mine.executable or its.executable:
                continue
            if not (_constant(mine) and _constant(its)) or not mine.data or not its.data:
                continue
            left = mine.data[symbol.value : symbol.value + symbol.size]
            right = its.data[other.value : other.value + (other.size or symbol.size)]
            if left != right:
                at = next(
                    (i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b),
                    min(len(left), len(right)),
                )
                self._world.data_differences.append(
                    f"the constant {name} differs from the original's at byte {at}"
                )

    # --- other things under one name --------------------------------------------------------------

    def compare_names(self, first: _Placed) -> None:
        """Variables and tables that both define begin with the same values, since code reads the original's; and what the
        original takes from elsewhere is no function of the candidate's own."""
        outside = {
            symbol.name for symbol in first._file.symbols if symbol.section == SHN_UNDEF and symbol.name
        }
        for name, symbol in self._defined.items():
            executable = self._file.sections[symbol.section].executable
            other = first._defined.get(name)
            if executable and symbol.binding == STB_LOCAL and name in outside and other is None:
                self._world.unclear = f"the candidate has a function {name} of its own, and the original takes one from elsewhere"
            if other is None or executable or not symbol.size:
                continue
            size = min(symbol.size, 1 << 20)
            mine, its = self._first_value(symbol, size), first._first_value(other, size)
            if mine is not None and its is not None and mine != its:
                self._world.unclear = f"{name} begins with another value than the original's"

    def _first_value(self, symbol: Symbol, size: int) -> tuple[bytes, list[tuple[int, object]]] | None:
        """The bytes of a variable as a program begins, and what is put into them by the linker, by what it means. None where
        it lies in no section that is loaded."""
        section = self._file.sections[symbol.section]
        if not _loaded(section) or section.executable:
            return None
        start, end = symbol.value, symbol.value + size
        data = bytearray(section.data[start:end])
        data += bytes(size - len(data))
        put = [relocation for relocation in section.relocations if start <= relocation.offset < end]
        for relocation in put:
            at = relocation.offset - start
            data[at : at + 8] = bytes(len(data[at : at + 8]))
        return bytes(data), [(each.offset - start, self._meant(each)) for each in put]

    def _meant(self, relocation: Relocation) -> object:
        """A name and a distance from it; of what has no name, its contents."""
        symbol = self._file.symbols[relocation.symbol]
        at = relocation.addend
        if symbol.section in (SHN_UNDEF, SHN_ABS) or symbol.section >= len(self._file.sections):
            return symbol.name, at
        if symbol.name and not symbol.name.startswith(".L") and symbol.kind != STT_SECTION:
            return symbol.name, at
        at += symbol.value
        owner = self._owner(symbol.section, at)
        if owner is not None and not owner[1].startswith(".L"):
            return owner[1], at - owner[0]
        section = self._file.sections[symbol.section]
        contents = section.data[at : at + 256]
        return contents.partition(b"\0")[0] if section.flags & SHF_STRINGS else contents[:64]


def _loaded(section: Section) -> bool:
    return section.allocated and not _NEVER_LOADED.match(section.name)


def _constant(section: Section) -> bool:
    return not section.writable or bool(_CONSTANT_ALL_THE_SAME.match(section.name))


def _aliases(placed: Sequence[_Placed], function: str) -> dict[str, str]:
    """What to call functions that have several names: compilers choose among those of one."""
    all_places = [one.places() for one in placed]
    names: dict[tuple[tuple[int, int] | None, ...], list[str]] = {}
    for name in all_places[0]:
        if all(name in places for places in all_places):
            names.setdefault(tuple(places[name] for places in all_places), []).append(name)
    found = {}
    for several in names.values():
        called = function if function in several else min(several)
        found.update({name: called for name in several if name != called})
    return found


def _is_tls(arm: bool, kind: int) -> bool:
    return 512 <= kind < 600 if arm else kind in (17, 18, 19, 20, 21, 22, 23, 34, 35)


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted ranges, those that overlap as one."""
    found: list[tuple[int, int]] = []
    for start, end in ranges:
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _up(value: int, align: int) -> int:
    return -(-value // align) * align
