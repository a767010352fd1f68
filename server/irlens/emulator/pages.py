"""Contents of made-up memory, a page of one kind at a time, and numbers as bits."""

from __future__ import annotations

import random
import struct
from dataclasses import dataclass, field
from functools import lru_cache

from irlens.emulator.layout import PAGE

_WORD = (1 << 64) - 1
_SLOTS = sum((number << 12 | 0x100) << (64 * number) for number in range(PAGE // 8))
"""Where the pointer in each word of a page leads, from the page's own region."""

_NONE = bytes(8)
_ZERO = (_NONE, _NONE)
_POINTER = (_NONE, (1).to_bytes(8, "little"))
_TEXT = b"abcdefgh ijkXYZ 0123456789 -+./:%\n\t\"'_=,"
Words = list[tuple[bytes, bytes]]
"""Words to draw from, each with a mark of whether it is a pointer."""


@dataclass
class Pool:
    """Numbers worth trying: those that the code and its constants hold."""

    integers: list[int] = field(default_factory=list)
    doubles: list[float] = field(default_factory=list)


_DOUBLES = (
    0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.25, 10.0, 100.5, -7.75, 1e-3, 1e6, -1e9, 1e18, -1e19, 1e-300, 1e300,
    float("inf"), float("-inf"), float("nan"), 0.1, 1.25, 0.75, 255.0, 256.0, 65535.5, 2147483647.0, -2147483648.0,
)  # fmt: skip


def double_bits(value: float) -> int:
    return int(struct.unpack("<Q", struct.pack("<d", value))[0])


def float_bits(value: float) -> int:
    try:
        return int(struct.unpack("<I", struct.pack("<f", value))[0])
    except OverflowError:
        return 0x7F800000 if value > 0 else 0xFF800000


def extended_bits(value: float) -> int:
    """x87's 80 bits of a double."""
    bits = double_bits(value)
    sign, exponent, fraction = bits >> 63, bits >> 52 & 0x7FF, bits & (1 << 52) - 1
    if exponent == 0x7FF:
        return sign << 79 | 0x7FFF << 64 | 1 << 63 | fraction << 11
    if exponent == 0:
        return sign << 79  # denormals count as zero: no test needs them
    return sign << 79 | (exponent - 1023 + 16383) << 64 | 1 << 63 | fraction << 11


def quad_bits(value: float) -> int:
    bits = double_bits(value)
    sign, exponent, fraction = bits >> 63, bits >> 52 & 0x7FF, bits & (1 << 52) - 1
    if exponent == 0x7FF:
        return sign << 127 | 0x7FFF << 112 | fraction << 60
    if exponent == 0:
        return sign << 127
    return sign << 127 | (exponent - 1023 + 16383) << 112 | fraction << 60


def some_double(rng: random.Random, pool: Pool) -> float:
    kind = rng.random()
    if kind < 0.45:
        return rng.choice(_DOUBLES)
    if kind < 0.6 and pool.doubles:
        return rng.choice(pool.doubles) * rng.choice((1, 1, 1.0000001, -1, 0.5))
    if kind < 0.8:
        return float(rng.randrange(-40, 300)) * rng.choice((1, 0.25))
    return rng.uniform(-1000, 1000)


def template(kind: int, seed: int, pool: Pool) -> tuple[int, int]:
    """A page as a number, and a number with 1 in each word that is a pointer. `kind`: 0 zero, 1 small numbers,
    2 pointers and small numbers, 3 pointers mostly, 4 text, 5 random, 6 floating point, 7 numbers of the code."""
    if kind < 6:
        return _plain(kind, seed)
    rng = random.Random(seed)
    return _page(rng, _floats(rng, pool) if kind == 6 else _codes(rng, pool))


@lru_cache(maxsize=256)
def _plain(kind: int, seed: int) -> tuple[int, int]:
    """The kinds that do not depend on the code: the same for every comparison with this seed."""
    rng = random.Random(seed)
    if kind == 4:
        return _page(
            rng,
            [
                (bytes(rng.choice(_TEXT) if rng.random() < 0.93 else 0 for _ in range(8)), _NONE)
                for _ in range(24)
            ],
        )
    if kind == 5:
        return _page(rng, [(_bytes(rng.getrandbits(64), 8), _NONE) for _ in range(32)])
    smalls = [(_small(rng, 4) + _small(rng, 4), _NONE) for _ in range(16)]
    longs = [(_small(rng, 8), _NONE) for _ in range(8)]
    singles = [(b"".join(_small(rng, 1) for _ in range(8)), _NONE) for _ in range(8)]
    return _page(
        rng,
        (
            [_ZERO] * 7 + smalls[:1],
            smalls + longs + singles,
            [_POINTER] * 20 + [_ZERO] * 8 + smalls + longs,
            [_POINTER] * 24 + [_ZERO] * 4 + smalls[:4],
        )[kind],
    )


def _page(rng: random.Random, words: Words) -> tuple[int, int]:
    chosen = rng.choices(words, k=PAGE // 8)
    base = int.from_bytes(b"".join(word for word, _ in chosen), "little")
    ones = int.from_bytes(b"".join(mark for _, mark in chosen), "little")
    return base | (_SLOTS & ones * _WORD), ones


def _bytes(value: int, size: int) -> bytes:
    return (value & ((1 << (8 * size)) - 1)).to_bytes(size, "little")


def _small(rng: random.Random, size: int) -> bytes:
    return _bytes(rng.choice((0, 1, 1, 2, 3, 4, 5, 7, 8, -1, 10, 16, rng.randrange(64))), size)


def _codes(rng: random.Random, pool: Pool) -> Words:
    integers = pool.integers or [1, 2, 3]

    def one(size: int) -> bytes:
        return _bytes(rng.choice(integers) + rng.choice((0, 0, 0, 1, -1)), size)

    return [
        (b"".join(one(size) for _ in range(8 // size)), _NONE)
        for size in (1, 1, 2, 4, 4, 4, 8, 8, 8)
        for _ in range(4)
    ]


def _floats(rng: random.Random, pool: Pool) -> Words:
    doubles = [(_bytes(double_bits(some_double(rng, pool)), 8), _NONE) for _ in range(16)]
    singles = [
        (b"".join(_bytes(float_bits(some_double(rng, pool)), 4) for _ in range(2)), _NONE) for _ in range(16)
    ]
    return doubles + singles
