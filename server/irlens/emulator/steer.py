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
from dataclasses import dataclass

from irlens.emulator.inputs import STACK_HIGH, STACK_LOW, Input, Pool, double_bits, float_bits, mix
from irlens.emulator.layout import IMAGE_BASE, SLOT_END
from irlens.emulator.trace import Trace
from irlens.targets import abi
from irlens.targets.abi import Place

_PER_SITE = 6
"""Inputs of one rank for one operand of one comparison, over the whole search."""
_RESULTS, _READS = 8, 16
"""Calls and reads of one run that are looked at."""
_TURNS = 3
"""How often one comparison is looked at in one run."""
_TABLE = 40
"""The largest bound that is taken for a jump table's."""
_ORDER = (0, 1, 0, 2, 0, 2, 1)
"""Turns of the queues: comparisons, results of calls, other sources."""

_POINTERS = range(1 << 32, 1 << 47)
"""What a word is taken for a pointer by."""

Given = Callable[[Input, int, str], tuple[tuple[int, ...], tuple[int, ...]]]


def private(value: int) -> bool:
    """Whether a word may be an address of one side's own: into its frame, its code, its constants, or the slot
    of a function that the other side addresses directly."""
    return STACK_LOW <= value < STACK_HIGH or IMAGE_BASE <= value < SLOT_END


@dataclass(frozen=True)
class Source:
    """Something that a run depended on: an argument, what a call gave back, a word read from memory (`kind`
    argument, result or read). `at` says which, `number` tells it from the run's other sources."""

    kind: str
    number: int
    value: int
    bits: int
    scalar: str
    at: int

    def changed(self, given: Input, value: int) -> Input:
        if self.kind == "argument":
            return given.with_value(self.at, value)
        if self.kind == "result":
            return given.with_returned(self.at, value)
        return given.with_memory(self.at, value.to_bytes(self.bits // 8, "little"))


class Steering:
    """The queues. `returned` tells what the n-th call gave back, `settable` where memory may be set."""

    def __init__(
        self, places: Sequence[Place], pool: Pool, returned: Given, settable: Callable[[int], bool]
    ) -> None:
        self._places, self._pool = places, pool
        self._returned, self._settable = returned, settable
        self._queues: tuple[list[tuple[int, int, Input]], ...] = ([], [], [])
        self._lined = 0
        self.decides = False
        self._used: dict[tuple[int, ...], int] = {}
        self._turn = 0
        self._given = Input((), 0, 0)
        self._offsets = {0, *(sign * n for n in pool.integers if 0 < n < 1 << 16 for sign in (1, -1))}

    @property
    def waiting(self) -> int:
        return sum(map(len, self._queues))

    def next(self) -> Input | None:
        """The input whose turn it is. `decides` says afterwards whether it makes two compared things equal."""
        self.decides = False
        for _ in _ORDER:
            queue = self._queues[_ORDER[self._turn % len(_ORDER)]]
            self._turn += 1
            if queue:
                rank, _, made = heapq.heappop(queue)
                self.decides = queue is self._queues[0] and rank == 0
                return made
        return None

    def look(self, given: Input, trace: Trace) -> None:
        """Line up inputs that differ from this one in one thing that its run depended on."""
        self._given = given
        sources = self._sources(given, trace)
        met: dict[int, int] = {}
        for site, left, right, bits in trace.compares:
            met[site] = met.get(site, 0) + 1
            if met[site] <= _TURNS:
                mask = (1 << bits) - 1
                self._replace(sources, (0, site), left & mask, right & mask, bits)
                self._replace(sources, (1, site), right & mask, left & mask, bits)
        # The same source means something else on another path.
        went = ((site << 2) + (left > right) - (left < right) for site, left, right, _ in trace.compares[:64])
        path = mix(*went), len(trace.calls), len(trace.reads)
        for source in sources:
            for rank, value in enumerate(self._worth_trying(source, sources)):
                queue = 1 if source.kind == "result" else 2
                self._add(queue, rank, (source.number, value, *path), given, source, value, 1)

    def _sources(self, given: Input, trace: Trace) -> list[Source]:
        found = [
            Source("argument", at, value, place.bits, place.scalar, at)
            for at, (value, place) in enumerate(zip(given.values, self._places, strict=True))
        ]
        for number, called in enumerate(trace.calls[:_RESULTS]):
            value = self._returned(given, number, called.name)[0][0]
            scalar = "ptr" if value in _POINTERS else "i32"
            found.append(Source("result", 1000 + number, value & 0xFFFFFFFF, 32, scalar, number))
        reads = [(a, d) for a, d in dict(trace.reads).items() if len(d) <= 8 and self._settable(a)]
        for number, (address, data) in enumerate(reads[:_READS]):
            value = int.from_bytes(data, "little")
            scalar = "ptr" if value in _POINTERS else f"i{8 * len(data)}"
            found.append(Source("read", 2000 + number, value, 8 * len(data), scalar, address))
        return found

    def _add(
        self,
        queue: int,
        rank: int,
        key: tuple[int, ...],
        given: Input,
        source: Source,
        value: int,
        most: int,
    ) -> None:
        """Line up the input with another value in one source, unless there were `most` with this key; lower
        ranks go first."""
        count = self._used.get(key, 0)
        if count < most and value != source.value:
            self._used[key] = count + 1
            self._lined += 1
            heapq.heappush(self._queues[queue], (rank, self._lined, source.changed(given, value)))

    def _worth_trying(self, source: Source, sources: list[Source]) -> Iterator[int]:
        bits, mask = source.bits, (1 << source.bits) - 1
        if source.scalar == "ptr":
            yield 0
            return
        if source.scalar in ("double", "float"):
            code = double_bits if source.scalar == "double" else float_bits
            yield from (code(value) for value in (0.0, -0.0, -1.5, float("nan")))
            for factor in (1.0, 1.25, 0.75, -1.0):
                yield from (code(value * factor) for value in (*self._pool.doubles[:6], 1.0))
        elif abi.is_float(source.scalar) or source.scalar.startswith("<"):
            return
        else:
            yield from (0, 1, mask, 1 << (bits - 1), 2, 1000 & mask)
            if source.kind == "read" and bits in (32, 64):
                code = double_bits if bits == 64 else float_bits
                yield from (code(value) for value in self._pool.doubles[:3])
        near = [o for o in sources if o.kind == source.kind and o.bits == bits and o is not source][:3]
        yield from (other.value for other in near if not private(other.value))

    def _replace(
        self, sources: list[Source], key: tuple[int, ...], operand: int, other: int, bits: int
    ) -> None:
        """Line up inputs in which the operand, wherever it comes from, is the other one, or next to it. The
        operand may be its source plus a number that the code holds, as before a jump table."""
        mask = (1 << bits) - 1
        ranked = [(0, other), (1, other + 1 & mask), (1, other - 1 & mask)]
        # The same in its lowest bits only: whoever looks at too few of them goes wrong.
        ranked += [(2, other ^ 1 << low) for low in (8, 16, 32) if low < bits]
        if 2 <= other <= _TABLE:  # a table's last index
            ranked += [(3, index) for index in range(other)]
        ranked = [(rank, value) for rank, value in ranked if value != operand and not private(value)]
        for source in sources:
            if abi.is_float(source.scalar) or source.bits > 64:
                continue
            width = min(bits, source.bits)
            low = (1 << width) - 1
            added = (source.value - operand) & low
            signed = added - (1 << width) if added >> (width - 1) else added
            pointer = source.scalar == "ptr"
            if signed and (pointer or signed not in self._offsets):
                continue
            for rank, new in ranked[:1] if pointer else ranked:
                value = source.value >> width << width | (new + added) & low
                worse = 3 if signed else 0
                self._add(0, rank + worse, (*key, rank), self._given, source, value, _PER_SITE)
