"""Numbers to try: those that the code holds, and simpler ones in place of one that was tried."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from irlens.emulator import inputs
from irlens.emulator.inputs import ARENA, ARGUMENT_SPAN, Pool
from irlens.emulator.layout import World
from irlens.targets import abi


def pool_of(world: World, hints: Sequence[int]) -> Pool:
    """Numbers from the code's immediates (`hints`), and from the constants beside it."""
    integers = dict.fromkeys(value for value in hints if -(1 << 63) <= value < 1 << 64)
    doubles: set[float] = set()
    for image in world.images[:2]:
        for start, end in image.constants[:8]:
            data = image.bytes_at(start, min(end - start, 128))
            for at in range(0, len(data) - 7, 8):
                (value,) = struct.unpack_from("<d", data, at)
                if value == value and 1e-30 < abs(value) < 1e30:
                    doubles.add(value)
            for at in range(0, len(data) - 3, 4):
                (single,) = struct.unpack_from("<f", data, at)
                if single == single and 1e-6 < abs(single) < 1e12:
                    doubles.add(single)
                (whole,) = struct.unpack_from("<i", data, at)
                if abs(whole) < 4096:
                    integers[whole] = None
    # The code's own come first: no table beside it may push them out.
    return Pool(sorted(list(integers)[:400]), sorted(doubles)[:64])


def simpler_values(value: int, scalar: str, number: int) -> Sequence[int]:
    """Simpler values than this one, the simplest first."""
    if scalar == "ptr":
        return (ARENA + number * ARGUMENT_SPAN + 0x100,)
    if scalar == "double":
        return tuple(inputs.double_bits(v) for v in (0.0, 1.0, 2.0))
    if scalar == "float":
        return tuple(inputs.float_bits(v) for v in (0.0, 1.0, 2.0))
    if abi.is_float(scalar) or scalar.startswith("<"):
        return ()
    bits = abi.bits_of(scalar)
    mask = (1 << bits) - 1
    smaller = [0, 1, 2, 3, 5, 10, mask, value & 0xFF, value & 0xFFFF]
    signed = value - (1 << bits) if value >> (bits - 1) else value
    return [v & mask for v in smaller if abs(v if v != mask else -1) < abs(signed)]
