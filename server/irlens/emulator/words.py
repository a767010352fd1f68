"""A counterexample in words: what the function was given, what each side did."""

from __future__ import annotations

from typing import Any

from irlens.emulator.compare import Comparer, Comparison
from irlens.emulator.inputs import Input
from irlens.emulator.layout import DATA_BASE, SLOT_BASE, SLOT_END, THREAD_POINTER
from irlens.emulator.plan import Plan
from irlens.emulator.trace import Trace

_SHOWN_READS = 8


def describe(plan: Plan, comparer: Comparer, given: Input, trace: Trace, found: Comparison) -> dict[str, Any]:
    """JSON-ready fields of `Counterexample`. `trace` is the original's, with what it read."""
    arguments = []
    for value, place in zip(given.values, plan.places, strict=True):
        shown = comparer.shown(place, value)
        part = f" part {place.part + 1}" if place.part else ""
        arguments.append(f"argument {place.parameter + 1}{part} ({place.scalar}) = {shown}")
    memory = []
    for address, data in dict(trace.reads).items():
        if SLOT_BASE <= address < SLOT_END or (
            address >= DATA_BASE and not 0 <= address - THREAD_POINTER < 4096
        ):
            memory.append(
                f"{comparer.address(address)}: {int.from_bytes(data, 'little'):#x} ({len(data)} bytes)"
            )
    returned = []
    for number, called in enumerate(trace.calls[:_SHOWN_READS]):
        general, _ = plan.returned(given, number, called.name)
        returned.append(f"call {number + 1} ({called.name or 'through a pointer'}) gave {general[0]:#x}")
    return {
        "arguments": arguments,
        "memory": memory[:_SHOWN_READS],
        "calls": returned,
        "what": found.what,
        "original": found.original,
        "candidate": found.candidate,
    }
