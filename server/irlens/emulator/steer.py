"""Inputs made on purpose: from what a run compared, read and was given back, inputs that would decide otherwise.

Where an operand of a comparison is an argument, a number read from memory or the result of a call, it is set
equal to the other operand, one more and one less. (Aschermann et al., "REDQUEEN: Fuzzing with Input-to-State
Correspondence", NDSS 2019, steers a fuzzer so.) Not every decision is a comparison that the emulator shows
(`test`, `cbz`, floating point), so each of these sources is also set to 0, 1, -1, its most negative value, and
to what the others hold.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence

from irlens.emulator import abi
from irlens.emulator.abi import Place
from irlens.emulator.inputs import Input, Pool, double_bits, float_bits
from irlens.emulator.trace import Trace

_PER_SITE = 6
"""Inputs of one rank for one operand of one comparison, over the whole search."""
_RESULTS, _READS = 8, 12
"""Calls and reads of one run that are looked at."""
_TABLE = 40
"""The largest bound that is taken for a jump table's."""
_ORDER = (0, 1, 2, 0, 2)
"""Turns of the queues: comparisons, results of calls, other sources."""

_POINTERS = range(1 << 32, 1 << 47)
"""What a word is taken for a pointer by."""

Given = Callable[[Input, int, str], tuple[tuple[int, ...], tuple[int, ...]]]


class Steering:
    """The queues. `returned` tells what the n-th call gave back, `settable` where memory may be set."""

    def __init__(
        self, places: Sequence[Place], pool: Pool, returned: Given, settable: Callable[[int], bool]
    ) -> None:
        self._places, self._pool = places, pool
        self._returned, self._settable = returned, settable
        self._queues: tuple[list[tuple[int, int, Input]], ...] = ([], [], [])
        self._lined = 0
        self._used: dict[tuple[int, ...], int] = {}
        self._turn = 0
        self._offsets = {0, *(sign * n for n in pool.integers if 0 < n < 1 << 16 for sign in (1, -1))}

    @property
    def waiting(self) -> int:
        return sum(map(len, self._queues))

    def next(self) -> Input | None:
        for _ in _ORDER:
            queue = self._queues[_ORDER[self._turn % len(_ORDER)]]
            self._turn += 1
            if queue:
                return heapq.heappop(queue)[2]
        return None

    def look(self, given: Input, trace: Trace) -> None:
        """Line up inputs that differ from this one in one thing that its run depended on."""
        for site, left, right, bits in trace.compares:
            mask = (1 << bits) - 1
            for side, operand, other in ((0, left & mask, right & mask), (1, right & mask, left & mask)):
                for rank, made in self._replaced(given, trace, operand, other, bits):
                    self._add(0, rank, (0, site, side, rank), made, _PER_SITE)
        # The same source means something else on another path, which its lengths tell apart.
        path = len(trace.compares), len(trace.calls), len(trace.reads)
        for number, called in enumerate(trace.calls[:_RESULTS]):
            general, _ = self._returned(given, number, called.name)
            for rank, value in enumerate((0,) if general[0] in _POINTERS else self._worth_trying(32)):
                self._add(1, rank, (1, number, value, *path), given.with_returned(number, value), 1)
        for at, place in enumerate(self._places):
            for rank, value in enumerate(self._for_place(given, place)):
                self._add(2, rank, (2, at, value, *path), given.with_value(at, value), 1)
        reads = [(a, d) for a, d in dict(trace.reads).items() if self._settable(a)][:_READS]
        for number, (address, data) in enumerate(reads):
            for rank, value in enumerate(self._for_read(given, reads, number)):
                made = given.with_memory(address, value.to_bytes(len(data), "little"))
                self._add(2, rank, (3, number, value, *path), made, 1)

    def _add(self, queue: int, rank: int, key: tuple[int, ...], made: Input, most: int) -> None:
        """Line up, unless there were `most` with this key; lower ranks go first."""
        count = self._used.get(key, 0)
        if count < most:
            self._used[key] = count + 1
            self._lined += 1
            heapq.heappush(self._queues[queue], (rank, self._lined, made))

    def _worth_trying(self, bits: int) -> Iterator[int]:
        mask = (1 << bits) - 1
        yield from (0, 1, mask, 1 << (bits - 1), 2, 1000 & mask)

    def _for_place(self, given: Input, place: Place) -> Iterator[int]:
        if place.scalar == "ptr":
            yield 0
        elif place.scalar in ("double", "float"):
            code = double_bits if place.scalar == "double" else float_bits
            yield from (code(value) for value in (*self._pool.doubles[:6], 0.0, -0.0, -1.5, float("nan")))
        elif abi.is_float(place.scalar) or place.scalar.startswith("<"):
            return
        else:
            yield from self._worth_trying(place.bits)
        for value, other in zip(given.values, self._places, strict=True):
            if other.scalar == place.scalar and place.scalar != "ptr":
                yield value

    def _for_read(self, given: Input, reads: list[tuple[int, bytes]], number: int) -> Iterator[int]:
        _, data = reads[number]
        if len(data) > 8:
            return
        if len(data) == 8 and int.from_bytes(data, "little") in _POINTERS:
            yield 0
            return
        yield from self._worth_trying(8 * len(data))
        for other in range(max(0, number - 3), number):
            if len(reads[other][1]) == len(data):
                yield int.from_bytes(reads[other][1], "little")
        if len(data) == 8:
            yield from (double_bits(value) for value in self._pool.doubles[:3])
        elif len(data) == 4:
            yield from (float_bits(value) for value in self._pool.doubles[:3])

    def _replaced(
        self, given: Input, trace: Trace, operand: int, other: int, bits: int
    ) -> Iterator[tuple[int, Input]]:
        """Inputs in which the operand, wherever it comes from, is the other one, or next to it, each with its
        rank. The operand may be its source plus a number that the code holds, as before a jump table."""
        mask = (1 << bits) - 1
        ranked = [(0, other), (1, other + 1 & mask), (1, other - 1 & mask)]
        # The same in its lowest bits only: whoever looks at too few of them goes wrong.
        ranked += [(2, other ^ 1 << low) for low in (8, 16, 32) if low < bits]
        if 2 <= other <= _TABLE:  # a table's last index
            ranked += [(3, index) for index in range(other)]
        ranked = [(rank, value) for rank, value in ranked if value != operand]

        def changes(value: int, width: int, *, pointer: bool = False) -> Iterator[tuple[int, int]]:
            """Ranked new values of a source that holds `value`."""
            low = (1 << width) - 1
            added = (value - operand) & low
            signed = added - (1 << width) if added >> (width - 1) else added
            if signed == 0:
                yield from ranked[:1] if pointer else ranked
            elif signed in self._offsets and not pointer:
                yield from ((rank + 3, (new + added) & low) for rank, new in ranked)

        for at, (value, place) in enumerate(zip(given.values, self._places, strict=True)):
            if abi.is_float(place.scalar) or place.bits > 64:
                continue
            width = min(bits, place.bits)
            for rank, new in changes(value, width, pointer=place.scalar == "ptr"):
                kept = value >> width << width if place.bits > width else 0
                yield rank, given.with_value(at, kept | new & ((1 << width) - 1))
        for number, called in enumerate(trace.calls):
            general, _ = self._returned(given, number, called.name)
            for rank, new in changes(general[0], min(bits, 32)):
                yield rank, given.with_returned(number, new)
        for address, data in dict(trace.reads).items():
            width = min(bits, 8 * len(data))
            if width and self._settable(address):
                for rank, new in changes(int.from_bytes(data, "little"), width):
                    changed = (new & ((1 << width) - 1)).to_bytes(width // 8, "little")
                    yield rank, given.with_memory(address, changed)
