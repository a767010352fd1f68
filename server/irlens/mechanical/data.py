"""The object's data as LLVM globals: by name where it has one, else reproduced byte for byte."""

from __future__ import annotations

from irlens.ir.outline import written_names
from irlens.mechanical.answers import Uncovered
from irlens.mechanical.image import Image, Region, Symbol

_TEXT = frozenset(range(32, 127)) | frozenset(b"\t\n\r\x1b\a\b\f\v")
MAX_BLOB = 1 << 16
"""Bytes of unnamed constant data that a module may repeat."""


def quoted(name: str) -> str:
    """`@name` as LLVM spells it."""
    return written_names(name)[0]


class Globals:
    """Collects what the function refers to. `text` writes it down."""

    def __init__(self, image: Image, own: str) -> None:
        self.image = image
        self.own = own
        self.functions: dict[str, str] = {}
        """By name, the declaration's text."""
        self._lines: dict[str, str] = {}
        self._strings: dict[int, str] = {}
        self._taken = {symbol for symbol in image.symbols}
        self._last: dict[str, int] = {}
        """The last number that was put behind a stem."""
        self.sizes: dict[str, tuple[int, int]] = {}
        """Bytes and alignment of what is declared here and defined in the object."""

    def pointer(self, address: int, *, exact: bool = True) -> str:
        """A constant expression for an address of the image; `exact`: nothing is added to it to reach other
        data. Raises `Uncovered`."""
        region = self.image.region_of(address)
        if region is None:
            raise Uncovered(f"The code refers to {address:#x}, which is in no section.", "address")
        if region.executable:
            return self._code(address)
        name, start = self._object(region, address, exact)
        return name if start == address else f"getelementptr (i8, ptr {name}, i64 {address - start})"

    def _code(self, address: int) -> str:
        symbol = self.image.at(address)
        if symbol is None:
            inside = self.image.within(address)
            place = f"{inside.name}+{address - inside.address:#x}" if inside is not None else f"{address:#x}"
            raise Uncovered(
                f"The code takes the address of a place inside a function ({place}), as a computed goto does.",
                "code address",
            )
        if symbol.name != self.own:
            self.functions.setdefault(symbol.name, "")
        return quoted(symbol.name)

    def _object(self, region: Region, address: int, exact: bool) -> tuple[str, int]:
        symbol = self.image.within(address)
        if not region.section:
            assert symbol is not None
            if symbol.kind == "STT_FUNC":
                self.functions.setdefault(symbol.name, "")
            elif symbol.name not in self.functions:
                self._declare(symbol)
            return quoted(symbol.name), symbol.address
        if symbol is not None and ((region.writable and ".rel.ro" not in region.name) or not symbol.local):
            self._declare(symbol)
            return quoted(symbol.name), symbol.address
        if symbol is not None and symbol.size:
            return self._named(region, symbol), symbol.address
        if region.writable and ".rel.ro" not in region.name:
            raise Uncovered(
                f"The code refers to data in {region.name} that has no name.",
                "unnamed data",
            )
        return self._unnamed(region, address, exact)

    def _declare(self, symbol: Symbol) -> None:
        self._lines.setdefault(symbol.name, f"{quoted(symbol.name)} = external global i8")
        if symbol.size:
            self.sizes[symbol.name] = (symbol.size, self.image.alignment(symbol))

    def _named(self, region: Region, symbol: Symbol) -> str:
        if symbol.name not in self._lines:
            self._lines[symbol.name] = ""  # it may hold its own address
            kind, value = self._contents(
                region, symbol.address - region.start, symbol.size, quoted(symbol.name)
            )
            self._lines[symbol.name] = f"{quoted(symbol.name)} = internal constant {kind} {value}, align 16"
        return quoted(symbol.name)

    def define(self, name: str) -> None:
        """Have the data of that name defined and not only declared. What is no data of the object stays as it is. Raises
        `Uncovered`."""
        symbol = self.image.symbols.get(name)
        region = self.image.region_of(symbol.address) if symbol is not None else None
        if symbol is None or region is None or not region.section or region.executable or not symbol.size:
            return
        offset = symbol.address - region.start
        line = self._lines.get(name, "")
        self._lines[name] = ""  # it may hold its own address
        try:
            kind, value = self._contents(region, offset, symbol.size, quoted(name))
        except Uncovered:
            self._lines[name] = line
            raise
        linkage = "internal " if symbol.local else "dso_local "
        what = "constant" if not region.writable or ".rel.ro" in region.name else "global"
        align = min(16, offset & -offset) if offset else 16
        self._lines[name] = f"{quoted(name)} = {linkage}{what} {kind} {value}, align {align}"

    def _unnamed(self, region: Region, address: int, exact: bool) -> tuple[str, int]:
        offset = address - region.start
        if ".str" in region.name and 0 <= offset < len(region.data):
            # A place inside a string is that string's, so that equal tails stay one.
            begin = region.data.rfind(b"\0", 0, offset) + 1
            if region.start + begin not in self._strings:
                begin = offset
            end = region.data.find(b"\0", offset) + 1 or len(region.data)
            return self._blob(region, begin, end - begin, ".str"), region.start + begin
        if not 0 <= offset <= region.size:
            raise Uncovered(f"The code refers to a place outside {region.name}.", "address")
        if exact and self._reads_as_text(region, offset):
            # Up to the next place that something refers to: what is copied may go on behind the text.
            end = self.image.next_referred(address) - region.start
            return self._blob(region, offset, end - offset, ".const"), address
        if exact and region.size > MAX_BLOB and offset < len(region.data):
            end = self.image.next_referred(address) - region.start
            return self._blob(region, offset, end - offset, ".const"), address
        if region.size > MAX_BLOB:
            raise Uncovered(
                f"The code refers to unnamed data in {region.name}, which has {region.size} bytes.",
                "large data",
            )
        return self._blob(region, 0, len(region.data), ".rodata"), region.start

    @staticmethod
    def _reads_as_text(region: Region, offset: int) -> bool:
        """Whether a string begins at the offset. Anything else may be reached from a place inside it, so it is
        kept together with all that is around it."""
        end = region.data.find(b"\0", offset)
        if end < 0 or not (offset == 0 or offset % 8 == 0 or region.data[offset - 1] == 0):
            return False
        if any(offset - 8 < at <= end for at in (*region.relocated, *region.relative)):
            return False
        text = region.data[offset:end]
        return end > offset and all(byte in _TEXT for byte in text)

    def _blob(self, region: Region, offset: int, size: int, stem: str) -> str:
        address = region.start + offset
        if address not in self._strings:
            name = stem
            number = self._last.get(stem, 0)
            while name in self._lines or name in self._taken:
                number += 1
                name = f"{stem}.{number}"
            self._last[stem] = number
            self._strings[address] = name
            self._lines[name] = ""
            kind, value = self._contents(region, offset, size, quoted(name))
            align = 1 if stem == ".str" else 16
            self._lines[name] = (
                f"{quoted(name)} = private unnamed_addr constant {kind} {value}, align {align}"
            )
        return quoted(self._strings[address])

    def _contents(self, region: Region, offset: int, size: int, name: str) -> tuple[str, str]:
        """Type and initialiser of a range of a section, which becomes the global `name`."""
        parts: list[tuple[str, str]] = []
        position = offset
        data = bytes(region.data) if region.data else bytes(region.size)
        inside = range(offset, offset + size)
        run = previous = offset
        pointers = {at: 8 for at, (_, width) in region.relocated.items() if width == 8}
        for at, width in sorted((pointers | dict.fromkeys(region.relative, 4)).items()):
            if at not in inside or at + width > inside.stop:
                continue
            if width == 8:
                found = "ptr", self.pointer(region.relocated[at][0])
            else:
                # Tables of distances count them from their first entry.
                run = run if at == previous + 4 else at
                previous = at
                try:
                    found = "i32", self._distance(region.relative[at] - (at - run), name, run - offset)
                except Uncovered:
                    continue  # of a jump table, which became a switch
            if at > position:
                parts.append(_bytes(data[position:at]))
            parts.append(found)
            position = at + width
        if position < inside.stop or not parts:
            parts.append(_bytes(data[position : inside.stop]))
        if len(parts) == 1:
            return parts[0]
        kinds = ", ".join(kind for kind, _ in parts)
        values = ", ".join(f"{kind} {value}" for kind, value in parts)
        return f"<{{ {kinds} }}>", f"<{{ {values} }}>"

    def _distance(self, target: int, name: str, at: int) -> str:
        """How far the target is from `at` bytes into the global, in 32 bits."""
        place = f"getelementptr (i8, ptr {name}, i64 {at})" if at else name
        first = f"i64 ptrtoint (ptr {self.pointer(target)} to i64)"
        return f"trunc (i64 sub ({first}, i64 ptrtoint (ptr {place} to i64)) to i32)"

    def text(self, direct: dict[str, tuple[str, int]] | None = None) -> str:
        """`direct` gives, by the names of globals from elsewhere, a type and an alignment in bytes."""
        for name, (kind, align) in (direct or {}).items():
            for key, line in self._lines.items():
                if line == f"{name} = external global i8":
                    self._lines[key] = f"{name} = external global {kind}, align {align}"
        lines = [line for name, line in self._lines.items() if line and name not in self.functions]
        for name, declaration in self.functions.items():
            lines.append(declaration or f"declare void {quoted(name)}()")
        return "\n".join(lines)


def _bytes(data: bytes) -> tuple[str, str]:
    if not any(data):
        return f"[{len(data)} x i8]", "zeroinitializer"
    text = "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\{byte:02X}" for byte in data)
    return f"[{len(data)} x i8]", f'c"{text}"'
