"""What goes into a run and what comes out of it, as plain data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from irlens.emulator.abi import Place


@dataclass(frozen=True)
class Start:
    """Registers and stacked arguments at entry, and how calls behave. `result` gives what the n-th recorded
    call returns, `pointees` the arguments of a callee that point to known amounts of memory, `scribbled` what the n-th call
    writes there where it is a local variable."""

    seed: int
    general: list[int]
    vectors: list[int]
    stacked: bytes
    hidden: int
    varargs: bool
    noreturn: frozenset[str]
    result: Callable[[int, str], tuple[tuple[int, ...], tuple[int, ...]]]
    pointees: Callable[[str], tuple[Place, ...]]
    scribbled: Callable[[int, str, Place], bytes]


@dataclass
class Called:
    """One recorded call. `back` is where it returns to, `hidden` is x8, `writes` is how many writes there were before it."""

    name: str
    target: int
    general: tuple[int, ...]
    vectors: tuple[int, ...]
    stacked: bytes
    hidden: int
    back: int
    writes: int
    sp: int
    pointees: dict[Place, bytes] = field(default_factory=dict)

    def value(self, place: Place) -> int:
        """The argument's bits as they were passed."""
        mask = (1 << place.bits) - 1
        if place.kind == "int":
            return self.general[place.index] & mask
        if place.kind == "vec":
            return self.vectors[place.index] & mask
        if place.kind == "sret":
            return self.hidden
        size = -(-place.bits // 8)
        return int.from_bytes(self.stacked[place.index : place.index + size], "little") & mask


@dataclass(frozen=True)
class Results:
    """Result registers at the end: integers, vectors, the top of the x87 stack."""

    general: tuple[int, ...]
    vectors: tuple[int, ...]
    x87: tuple[int, int] | None


@dataclass
class Trace:
    """What one run did. `end` is "return", "ended in a call" (a function that does not return, or the end of
    the code behind a call), "trap", "left" (ran past the function's code) or "limit"."""

    end: str = ""
    trap: str = ""
    where: int = 0
    fault: int | None = None
    calls: list[Called] = field(default_factory=list)
    writes: list[tuple[int, bytes]] = field(default_factory=list)
    results: Results = Results((), (), None)
    reads: list[tuple[int, bytes]] = field(default_factory=list)
    compares: list[tuple[int, int, int, int]] = field(default_factory=list)
