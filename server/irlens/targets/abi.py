"""Where values are passed: System V AMD64 and AAPCS64, as LLVM lowers the parts of a first-class value.

Sources: the same documents as in `relocate`, and LLVM's calling convention tables (X86CallingConv.td,
AArch64CallingConvention.td), which decide where each part of an IR value goes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from irlens.llvm.signatures import PassedValue, Signature


class Unplaced(Exception):
    """A type whose place is not known here. The text names it."""


@dataclass(frozen=True)
class Place:
    """Where one part of a value is.

    `kind`: "int" and "vec" are registers by number (of arguments, or of results), "stack" is a byte offset from
    the first stacked argument, "x87" the top of the x87 stack, "sret" AArch64's x8. `bits` counts from the
    lowest; `scalar` is its type, and `extension` zeroext, signext or nothing. `parameter` is the number of the
    value it belongs to, `part` its number in it, `memory` the bytes known to be behind a pointer, which are not written where
    `reads_only`.
    """

    kind: str
    index: int
    bits: int
    scalar: str
    extension: str
    parameter: int
    part: int = 0
    memory: int = 0
    reads_only: bool = False
    packed: bool = False
    """On the stack: it takes no more than its own size."""


_FLOATS = {
    "half": 16,
    "bfloat": 16,
    "float": 32,
    "double": 64,
    "x86_fp80": 80,
    "fp128": 128,
    "ppc_fp128": 128,
}
_VECTOR = re.compile(r"<(\d+) x (.+)>$")


def bits_of(scalar: str) -> int:
    """Bits of a scalar or vector. Raises `Unplaced`."""
    if scalar == "ptr":
        return 64
    if scalar in _FLOATS:
        return _FLOATS[scalar]
    integer = re.fullmatch(r"i(\d+)", scalar)
    if integer:
        return int(integer[1])
    vector = _VECTOR.match(scalar)
    if vector:
        return int(vector[1]) * bits_of(vector[2])
    raise Unplaced(scalar)


def is_float(scalar: str) -> bool:
    return scalar in _FLOATS


def lanes(scalar: str) -> tuple[int, str]:
    """Number and type of a vector's elements; one for a scalar."""
    vector = _VECTOR.match(scalar)
    return (int(vector[1]), vector[2]) if vector else (1, scalar)


class _Assigner:
    def __init__(self, arm: bool, ints: int, vecs: int, packed: bool = False) -> None:
        self.arm, self.ints, self.vecs, self.packed = arm, ints, vecs, packed
        self.variable = False
        self.next_int = self.next_vec = self.stack = 0
        self.found: list[Place] = []
        self._reads_only = False

    def value(self, number: int, value: PassedValue) -> None:
        extension = next((word for word in ("zeroext", "signext") if word in value.attributes), "")
        if "byval" in value.attributes and not self.arm:
            for offset in range(0, value.memory_bytes, 8):
                bits = min(64, 8 * (value.memory_bytes - offset))
                self.found.append(
                    Place("stack", self.stack + offset, bits, f"i{bits}", "", number, offset // 8)
                )
            self.stack += -(-value.memory_bytes // 8) * 8
            return
        if "sret" in value.attributes and self.arm:
            self.found.append(Place("sret", 0, 64, "ptr", "", number, 0, value.memory_bytes))
            return
        if self.arm and len(value.scalars) > 1 and value.type.startswith("["):
            self._together(value)
        self._reads_only = bool({"readonly", "readnone"} & set(value.attributes))
        for part, scalar in enumerate(value.scalars):
            self._scalar(number, part, scalar, extension, value.memory_bytes)

    def _together(self, value: PassedValue) -> None:
        """An array goes into registers as a whole, or onto the stack."""
        vec = is_float(value.scalars[0]) or value.scalars[0].startswith("<")
        if vec and self.next_vec + len(value.scalars) > self.vecs:
            self.next_vec = self.vecs
        elif not vec and self.next_int + len(value.scalars) > self.ints:
            self.next_int = self.ints
        else:
            return
        if self.packed:
            raise Unplaced(f"{value.type} on the stack of macOS")

    def _lies_as_in_memory(self, scalar: str) -> bool:
        """Whether a vector's elements lie in a register side by side. Others get wider elements there, or a register each:
        `<4 x i1>` has an element in each quarter of a register."""
        count, element = lanes(scalar)
        bits = bits_of(element)
        if bits not in (8, 16, 32, 64) or count < 2:
            return False
        if count & (count - 1):
            return count == 3 and bits == 32
        return not self.arm or count * bits >= 64

    def _scalar(self, number: int, part: int, scalar: str, extension: str, memory: int) -> None:
        bits = bits_of(scalar)
        if scalar.startswith("<") and not self._lies_as_in_memory(scalar):
            raise Unplaced(scalar)
        if scalar == "x86_fp80":
            self.stack = -(-self.stack // 16) * 16
            self._push(number, part, scalar, 80, 16)
        elif is_float(scalar) or scalar.startswith("<"):
            for low in range(0, bits, 128):
                piece = min(128, bits - low)
                if self.next_vec < self.vecs:
                    kind = scalar if bits <= 128 else f"<{piece // 64} x i64>"
                    self.found.append(Place("vec", self.next_vec, piece, kind, "", number, part))
                    self.next_vec += 1
                else:
                    if piece > 64:
                        self.stack = -(-self.stack // 16) * 16
                    self._push(
                        number, part, scalar if bits <= 128 else "<2 x i64>", piece, max(8, piece // 8)
                    )
        elif bits > 64:
            words = -(-bits // 64)
            if self.arm and words == 2 and self.next_int % 2:
                self.next_int += 1
            if self.next_int + words > self.ints:
                if not self.arm:
                    # LLVM before 20 puts parts of it into registers, and no gap in front of it.
                    raise Unplaced(f"{scalar} on the stack, where LLVM's releases differ,")
                self.next_int = self.ints
                if words == 2:
                    self.stack = -(-self.stack // 16) * 16
                for _ in range(words):
                    self._push(number, part, "i64", 64, 8)
            else:
                for _ in range(words):
                    self.found.append(Place("int", self.next_int, 64, "i64", "", number, part))
                    self.next_int += 1
        elif self.next_int < self.ints:
            self.found.append(
                Place("int", self.next_int, bits, scalar, extension, number, part, memory, self._reads_only)
            )
            self.next_int += 1
        else:
            self._push(number, part, scalar, bits, 8, extension, memory)

    def _push(
        self, number: int, part: int, scalar: str, bits: int, size: int, extension: str = "", memory: int = 0
    ) -> None:
        packed = self.packed and not self.variable and bits < 64
        if packed:
            if bits not in (1, 8, 16, 32):
                raise Unplaced(f"{scalar} on the stack of macOS")
            size, extension = max(1, bits // 8), ""
        if self.packed:
            self.stack = -(-self.stack // size) * size
        self.found.append(
            Place(
                "stack", self.stack, bits, scalar, extension, number, part, memory, self._reads_only, packed
            )
        )
        self.stack += size


def arguments(
    arm: bool, parameters: Sequence[PassedValue], fixed: int | None = None, *, packed: bool = False
) -> tuple[Place, ...]:
    """Where arguments of these types are. With `packed` as Apple has them on AArch64, where those behind the `fixed`
    ones are variable arguments, on the stack. Raises `Unplaced`."""
    assigner = _Assigner(arm, 8 if arm else 6, 8, packed)
    for number, value in enumerate(parameters):
        if packed and fixed is not None and number == fixed:
            assigner.variable = True
            assigner.next_int, assigner.next_vec = assigner.ints, assigner.vecs
            assigner.stack = -(-assigner.stack // 8) * 8
        assigner.value(number, value)
    return tuple(assigner.found)


def results(arm: bool, returns: PassedValue) -> tuple[Place, ...]:
    """Where a result of this type is: "int" 0, 1, 2 are rax, rdx, rcx or x0, x1, ... Raises `Unplaced`."""
    if not arm and returns.scalars == ("x86_fp80",):
        return (Place("x87", 0, 80, "x86_fp80", "", 0),)
    assigner = _Assigner(arm, 8 if arm else 3, 8 if arm else 4)
    assigner.value(0, PassedValue(returns.type, returns.scalars, returns.attributes))
    if any(place.kind == "stack" for place in assigner.found) or "x86_fp80" in returns.scalars:
        raise Unplaced(returns.type)
    return tuple(assigner.found)


def value(kind: str) -> PassedValue:
    """A `PassedValue` of one scalar; "void" has none."""
    return PassedValue(kind, () if kind == "void" else (kind,))


def prototype(name: str, text: str) -> Signature:
    """A signature from one letter a type, result first: v void, p pointer, i i32, l i64, d double, f float,
    x long double, and a final `.` for variable arguments."""
    words = {"v": "void", "p": "ptr", "i": "i32", "l": "i64", "d": "double", "f": "float"}
    values = [value(words[letter]) for letter in text.rstrip(".")]
    return Signature(name, values[0], tuple(values[1:]), len(values) - 1, text.endswith("."))


def as_extended(place: Place) -> Place:
    """The place of a narrow integer that whoever passes it extends to 32 bits: all of them count."""
    narrow = place.kind == "int" and place.bits < 32 and place.extension
    return replace(place, bits=32, scalar="i32", extension="") if narrow else place


def extended(value: int, place: Place, garbage: int) -> int:
    """A narrow integer in its register: extended to 32 bits where the signature says so, garbage above."""
    bits = place.bits
    if bits >= 64:
        return value
    if bits < 32 and place.extension:
        if place.extension == "signext" and value >> (bits - 1):
            value |= ((1 << 32) - 1) & ~((1 << bits) - 1)
        bits = 32
    return garbage & ~((1 << bits) - 1) & ((1 << 64) - 1) | value
