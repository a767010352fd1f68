"""The graph that a function becomes: values with a width in bits, shared where they are equal.

Pure values float: they belong to no block until they are written down. Pinned ones (a phi, a load, what a
call left in a register) keep their identity. Widths are bits; a truth value is 1 bit.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any


class Value:
    """`op` with `args`. `data` is the number of a "const" or "addr", the (low bit) of an "extract", and
    free for pinned values. `home` is the place where the machine put it first, or "": for its name only."""

    __slots__ = ("args", "bits", "data", "home", "number", "op")

    def __init__(self, op: str, args: tuple[Value, ...], bits: int, data: Any, number: int) -> None:
        self.op = op
        self.args = args
        self.bits = bits
        self.data = data
        self.number = number
        self.home = ""

    def __repr__(self) -> str:
        inner = ", ".join(f"v{arg.number}" for arg in self.args)
        return f"v{self.number}={self.op}:{self.bits}({inner}){'' if self.data is None else self.data}"

    @property
    def constant(self) -> int | None:
        """The number, for a plain constant."""
        return self.data if self.op == "const" else None


PINNED = frozenset({"phi", "load", "left", "entry"})
"""`left` is what a call left in a register (`data`: the variable), `entry` what was there at the start."""
COMMUTES = frozenset({"add", "mul", "and", "or", "xor", "eq", "ne", "fadd", "fmul", "feq", "fne"})
COMPARES = frozenset({"eq", "ne", "feq", "fne"})

_LAST = {"addr": 1, "const": 2}


class Graph:
    """Makes values. `make` simplifies and shares; `pin` always gives a new one."""

    def __init__(self, stack_alignment: tuple[int, int] = (8, 16), *, literal: bool = False) -> None:
        self._numbers = itertools.count()
        self._shared: dict[tuple[Any, ...], Value] = {}
        self.stack_alignment = stack_alignment
        """The entry stack pointer modulo the second number is the first."""
        self.literal = literal
        """Whether operations stay as the machine does them, in its widths, but for addresses in the frame."""

    def mark(self) -> int:
        """A number between those of the values made before and after."""
        return next(self._numbers)

    def pin(self, op: str, args: tuple[Value, ...], bits: int, data: Any = None) -> Value:
        return Value(op, args, bits, data, next(self._numbers))

    def const(self, number: int, bits: int) -> Value:
        return self.raw("const", (), bits, number & (1 << bits) - 1)

    def addr(self, number: int) -> Value:
        return self.raw("addr", (), 64, number & (1 << 64) - 1)

    def raw(self, op: str, args: tuple[Value, ...], bits: int, data: Any = None) -> Value:
        """The shared value, not simplified."""
        if op in (COMPARES if self.literal else COMMUTES) and len(args) == 2:
            args = tuple(sorted(args, key=lambda arg: (_LAST.get(arg.op, 0), arg.number)))
        key = (op, bits, data, *(id(arg) for arg in args))
        found = self._shared.get(key)
        if found is None:
            found = self._shared[key] = Value(op, args, bits, data, next(self._numbers))
        return found

    def make(self, op: str, args: tuple[Value, ...], bits: int, data: Any = None) -> Value:
        """A pure value, in its simplest form."""
        from irlens.mechanical.simplify import simplify

        return simplify(self, op, args, bits, data)

    # Shorthands

    def binary(self, op: str, left: Value, right: Value) -> Value:
        return self.make(op, (left, right), left.bits)

    def compare(self, op: str, left: Value, right: Value) -> Value:
        return self.make(op, (left, right), 1)

    def extract(self, value: Value, low: int, bits: int) -> Value:
        return self.make("extract", (value,), bits, low)

    def zext(self, value: Value, bits: int) -> Value:
        return self.make("zext", (value,), bits)

    def sext(self, value: Value, bits: int) -> Value:
        return self.make("sext", (value,), bits)

    def piece(self, high: Value, low: Value) -> Value:
        return self.make("piece", (high, low), high.bits + low.bits)

    def invert(self, value: Value) -> Value:
        """Not, of a truth value."""
        return self.make("xor", (value, self.const(1, 1)), 1)

    def truth(self, value: Value) -> Value:
        """A P-code byte as a truth value."""
        if value.bits == 1:
            return value
        return self.make("ne", (value, self.const(0, value.bits)), 1)


def reachable(roots: Iterable[Value]) -> set[Value]:
    """Every value that the roots use, themselves included."""
    seen: set[Value] = set()
    todo = list(roots)
    while todo:
        value = todo.pop()
        if value not in seen:
            seen.add(value)
            todo.extend(value.args)
    return seen


def from_entry(value: Value) -> int | None:
    """Bytes from the stack pointer at entry, for an address that is at a fixed distance from it."""
    if value.op == "sp":
        return 0
    if value.op == "add" and value.args[0].op == "sp" and value.args[1].op == "const":
        number = value.args[1].data
        return number - (1 << 64) if number >> 63 else number
    return None


def ones(bits: int) -> int:
    """The number whose lowest `bits` bits are set."""
    return (1 << bits) - 1


def signed(number: int, bits: int) -> int:
    """An unsigned number of `bits` bits, read as a signed one."""
    return number - (1 << bits) if number >> (bits - 1) & 1 else number


def split(value: Value) -> tuple[Value, int]:
    """A value as another plus a signed number."""
    if value.op == "add" and value.args[1].op == "const":
        return value.args[0], signed(value.args[1].data, value.bits)
    return value, 0
