"""What goes into a run and what comes out of it, as plain data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from irlens.targets.abi import Place

UNKNOWN_INSTRUCTION = "invalid instruction"
"""How a run ends on an instruction that unicorn does not know. A machine may: it is no behaviour."""


@dataclass(frozen=True)
class Start:
    """Registers and stacked arguments at entry, and how calls behave. `result` gives what the n-th recorded
    call returns, `pointees` the arguments of a callee that point to known amounts of memory, `scribbled` what the n-th call
    writes there where it is a local variable, `pure` where the arguments of a callee are that is no event, because it gives
    a result that depends on them and on memory, `ends` the callees that the original says do not return,
    `of_ir` whether the original is IR."""

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
    pure: Callable[[str], tuple[Place, ...] | None]
    ends: frozenset[str]
    of_ir: bool


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
    """Result registers at the end: integers, vectors, the top of the x87 stack (mantissa and exponent; None where the code
    has no x87 instructions) and how many values lie on it.

    `changed` says what a caller counts on and finds otherwise: registers that a function restores, by name, with what they
    hold, and 8-byte words of the caller's frame, by their distance from the stacked arguments' beginning."""

    general: tuple[int, ...]
    vectors: tuple[int, ...]
    x87: tuple[int, int] | None
    x87_depth: int = 0
    changed: tuple[tuple[str | int, int], ...] = ()


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
    wild: bool = False
    """Whether it was given up in a call that would have moved more memory than an input is worth, or copied between places
    that overlap, or called with the stack pointer above the function's frame."""
    scanned_zero: bool = False
    """Whether bsf or bsr of 0 ran: no manual gives its result."""
