"""What the function is given: values for its arguments, and memory that answers wherever it reads.

Everything is a function of a seed. Memory has contents page by page, made when a page is first touched: small
numbers, text, pointers that lead to further pages, floating-point values, numbers found in the code. A pointer
in a page leads to a page that no other pointer leads to, so that linked structures are trees and two objects
never overlap: code may have been compiled under the assumption that they do not.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from irlens.emulator.layout import (
    CANARY,
    DATA_BASE,
    PAGE,
    RESERVED_END,
    THREAD_POINTER,
    World,
)
from irlens.emulator.pages import (
    Pool,
    double_bits,
    extended_bits,
    float_bits,
    quad_bits,
    some_double,
    template,
)
from irlens.targets import abi
from irlens.targets.abi import Place

STACK_ENTRY = 0x7FFE00000800
"""The stack pointer at entry, before x86-64's return address is counted."""
STACK_LOW = STACK_ENTRY - (16 << 20)
STACK_HIGH = STACK_ENTRY + (1 << 20)
ARENA = 0x100000000000
ARGUMENT_SPAN = 0x40000000
"""Pointers that the function is given lie from here, so far apart."""
_CHILDREN = 0x200000000000
_WORD = (1 << 64) - 1
STACKED_BYTES = 512
"""Bytes of stacked arguments that are given and compared at most."""
CALLERS_FRAME = STACK_ENTRY + STACKED_BYTES
"""Behind all stacked arguments: what lies from here on is others'."""


@dataclass(frozen=True)
class Input:
    """One input. `values` are the arguments' parts in the order of the plan's places, as unsigned numbers of
    their width. `seed` makes everything that is not listed: garbage in unused registers, memory, what calls
    return. `style` says what memory is mostly made of. `memory` are bytes at addresses that differ from what
    the seed gives, `returned` results of the n-th call likewise."""

    values: tuple[int, ...]
    seed: int
    style: int
    initial: bool = True
    memory: tuple[tuple[int, bytes], ...] = ()
    returned: tuple[tuple[int, int], ...] = ()

    def with_memory(self, address: int, data: bytes) -> Input:
        kept = [(at, old) for at, old in self.memory if at + len(old) <= address or at >= address + len(data)]
        return replace(self, memory=(*kept, (address, data)))

    def with_value(self, index: int, value: int) -> Input:
        return replace(self, values=(*self.values[:index], value, *self.values[index + 1 :]))

    def with_returned(self, call: int, value: int) -> Input:
        return replace(self, returned=(*((n, v) for n, v in self.returned if n != call), (call, value)))


def mix(*parts: int) -> int:
    """64 well-mixed bits of some numbers (the finaliser of MurmurHash3)."""
    state = 0x9E3779B97F4A7C15
    for part in parts:
        state = (state ^ (part & _WORD)) * 0xFF51AFD7ED558CCD & _WORD
        state ^= state >> 33
        state = state * 0xC4CEB9FE1A85EC53 & _WORD
        state ^= state >> 29
    return state


def scalar_value(rng: random.Random, scalar: str, pool: Pool, number: int = 0) -> int:
    """A value for a scalar or vector, as an unsigned number of its width."""
    count, element = abi.lanes(scalar)
    if count > 1 or scalar.startswith("<"):
        width = abi.bits_of(element)
        one = 0
        for lane in range(count):
            one |= scalar_value(rng, element, pool, number) << (lane * width)
        return one
    if scalar == "ptr":
        if rng.random() < 0.05:
            return 0
        return (
            ARENA + number * ARGUMENT_SPAN + rng.choice((0x100, 0x100, 0x100, 0x100, 0x1000, 0x2340, 0x108))
        )
    if abi.is_float(scalar):
        value = some_double(rng, pool)
        if scalar == "double":
            return double_bits(value)
        if scalar == "float":
            return float_bits(value)
        if scalar == "x86_fp80":
            return extended_bits(value)
        if scalar == "fp128":
            return quad_bits(value)
        return rng.getrandbits(abi.bits_of(scalar))
    bits = abi.bits_of(scalar)
    return _integer(rng, bits, pool) & ((1 << bits) - 1)


def _integer(rng: random.Random, bits: int, pool: Pool) -> int:
    kind = rng.random()
    if kind < 0.28:
        return rng.randrange(0, 20)
    if kind < 0.36:
        return -rng.randrange(1, 20)
    if kind < 0.50:
        top = 1 << (bits - 1)
        return rng.choice((0, 1, -1, top, top - 1, top + 1, top >> 1, 2 * top - 2, 0x7F, 0x80, 0xFF, 0x100))
    if kind < 0.75 and pool.integers:
        return rng.choice(pool.integers) + rng.choice((0, 0, 0, 1, -1))
    if kind < 0.82:
        return 1 << rng.randrange(bits)
    if kind < 0.9:
        return rng.randrange(32, 127)
    if kind < 0.95:
        return rng.getrandbits(min(bits, 16))
    return rng.getrandbits(bits)


# --- memory ---------------------------------------------------------------------------------------

STYLES = 10
_TWINS = (8, 9)
"""Styles in which all pointer arguments lead to the same bytes, none of which are pointers."""
_TEMPLATES = 3
"""Pages made for each kind of content."""
_WEIGHTS: tuple[tuple[int, ...], ...] = (
    # zero, small, pointers and small, pointers mostly, text, random, floats, numbers of the code
    (0, 2, 4, 3, 1, 0, 0, 2),
    (6, 2, 1, 0, 0, 0, 0, 1),
    (0, 0, 3, 8, 0, 0, 0, 1),
    (0, 2, 4, 0, 4, 0, 0, 2),
    (0, 0, 2, 2, 0, 6, 0, 2),
    (0, 1, 3, 2, 0, 0, 6, 1),
    (0, 1, 2, 2, 0, 0, 0, 8),
    (1, 4, 4, 1, 1, 0, 0, 1),
    (1, 2, 0, 0, 6, 0, 0, 1),
    (4, 4, 0, 0, 1, 0, 0, 3),
)


class Memory:
    """Contents of pages for the inputs of one comparison."""

    def __init__(self, world: World, pool: Pool, seed: int) -> None:
        self._world = world
        self._pool = pool
        self._seed = seed
        self._made: dict[tuple[int, int], tuple[int, int]] = {}
        self._choices = [
            [kind for kind, weight in enumerate(weights) for _ in range(weight)] for weights in _WEIGHTS
        ]
        self._overrides: dict[int, list[tuple[int, bytes]]] = {}
        self._given: Input | None = None
        self._pages: dict[tuple[int, int], bytes] = {}
        """The pages that this input was asked for: every version of the code is given the same."""
        self.other = 0
        """Another number: another content of the fresh stack."""

    def give(self, given: Input) -> None:
        """Answer for this input from now on."""
        self._given = given
        self._pages.clear()
        self._overrides = {}
        for address, data in given.memory:
            for at in {address & -PAGE, (address + len(data) - 1) & -PAGE}:
                self._overrides.setdefault(at, []).append((address, data))

    def page(self, address: int) -> bytes:
        """The contents of the page at a page-aligned address."""
        assert self._given is not None
        key = (address, self.other)
        known = self._pages.get(key)
        if known is None:
            known = self._pages[key] = self._page(address, self._given)
        return known

    def _page(self, address: int, given: Input) -> bytes:
        data = self._base(address, given)
        for at, patch in self._overrides.get(address, ()):
            body = bytearray(data)
            low, high = max(at, address), min(at + len(patch), address + PAGE)
            body[low - address : high - address] = patch[low - at : high - at]
            data = bytes(body)
        return data

    def fill(self) -> int:
        """The byte that the fresh stack is filled with."""
        assert self._given is not None
        return (0, 0xA5, 1, 0xFF, 0x40, 0x7F, 0x80)[(mix(self._given.seed, 77) + 3 * self.other) % 7]

    def _base(self, address: int, given: Input) -> bytes:
        if STACK_LOW <= address < STACK_HIGH:
            return bytes([self.fill()]) * PAGE
        if address == THREAD_POINTER:
            thread = bytearray(self._seeded(address, given))
            thread[:8] = THREAD_POINTER.to_bytes(8, "little")
            thread[40:48] = CANARY.to_bytes(8, "little")
            return bytes(thread)
        data = self._seeded(address, given)
        # Where inner functions run, a pass may rely on who writes a variable: it is then as the program starts.
        if DATA_BASE <= address < RESERVED_END and (given.initial or self._world.inner):
            body = bytearray(data)
            for shared in self._world.shared:
                low, high = max(shared.address, address), min(shared.address + shared.size, address + PAGE)
                if low < high:
                    piece = shared.data[low - shared.address : high - shared.address]
                    body[low - address : high - address] = piece + bytes(high - low - len(piece))
            data = bytes(body)
        return data

    def _seeded(self, address: int, given: Input) -> bytes:
        source = address
        if given.style in _TWINS and ARENA <= address < ARENA + 64 * ARGUMENT_SPAN:
            source = (address - ARENA) % ARGUMENT_SPAN
        chosen = mix(given.seed, source)
        choices = self._choices[given.style % STYLES]
        which = choices[chosen % len(choices)], (chosen >> 16) % _TEMPLATES
        if which not in self._made:
            self._made[which] = template(which[0], mix(self._seed, *which), self._pool)
        base, ones = self._made[which]
        children = _CHILDREN + ((chosen >> 20 & 0xFFFFFF) << 22)
        return (base + children * ones).to_bytes(PAGE, "little")


# --- inputs ---------------------------------------------------------------------------------------


def fresh(
    rng: random.Random,
    places: Sequence[Place],
    pool: Pool,
    style: int | None = None,
    shared: Sequence[int] | None = None,
) -> Input:
    """A new input. `shared` are addresses of variables that others may point to, for code in which pointers may lead to the
    same or to overlapping memory; None where nothing may."""
    values: list[int] = []
    for number, place in enumerate(places):
        if shared is not None and place.scalar == "ptr" and (alias := _alias(rng, values, places, shared)):
            values.append(alias)
            continue
        earlier = [
            v
            for v, other in zip(values, places, strict=False)
            if other.scalar == place.scalar and place.scalar != "ptr"
        ]
        if earlier and rng.random() < 0.15:  # equal arguments decide comparisons of two
            values.append(rng.choice(earlier))
        else:
            values.append(scalar_value(rng, place.scalar, pool, number))
    chosen = rng.randrange(STYLES) if style is None else style
    return Input(tuple(values), rng.getrandbits(48), chosen, rng.random() < 0.5)


_OVERLAPS = (0, 0, 0, 0, 4, 8, -4, -8, 1, 16)
"""Bytes that one pointer is away from another."""


def _alias(rng: random.Random, values: Sequence[int], places: Sequence[Place], shared: Sequence[int]) -> int:
    """Where an earlier pointer or a variable lies, or near it; 0 mostly, for a pointer of its own."""
    chosen = rng.random()
    earlier = [value for value, place in zip(values, places, strict=False) if place.scalar == "ptr" and value]
    if chosen < 0.2 and earlier:
        return rng.choice(earlier) + rng.choice(_OVERLAPS)
    return rng.choice(shared) if chosen > 0.92 and shared else 0


def registers(
    given: Input, places: Sequence[Place], ints: int, other: int = 0
) -> tuple[list[int], list[int], bytes, int]:
    """The values of the argument registers, the vector registers (8), the stacked bytes and x8.

    Bits that the ABI leaves free are garbage, which both sides get alike; with `other` other garbage."""
    rng = random.Random(given.seed + other)
    general = [rng.getrandbits(64) for _ in range(ints)]
    vectors = [rng.getrandbits(128) for _ in range(8)]
    stacked = bytearray(rng.randbytes(STACKED_BYTES))
    hidden = rng.getrandbits(64)
    for value, place in zip(given.values, places, strict=True):
        if place.kind == "int":
            general[place.index] = abi.extended(value, place, general[place.index])
        elif place.kind == "vec":
            mask = (1 << place.bits) - 1
            vectors[place.index] = vectors[place.index] & ~mask | value & mask
        elif place.kind == "stack":
            size = -(-place.bits // 8)
            if (
                place.index + 8 <= STACKED_BYTES
                and size <= 8
                and not abi.is_float(place.scalar)
                and not place.packed
            ):
                old = int.from_bytes(stacked[place.index : place.index + 8], "little")
                value, size = abi.extended(value, place, old), 8
            if place.index + size <= STACKED_BYTES:
                stacked[place.index : place.index + size] = value.to_bytes(size, "little")
        elif place.kind == "sret":
            hidden = value
    return general, vectors, bytes(stacked), hidden
