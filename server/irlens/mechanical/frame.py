"""Which parts of the stack frame are the function's own variables, and which are memory others may reach.

A slot whose address goes nowhere becomes a variable, as a register is. Where an address does go somewhere
(to a call, into memory, into arithmetic), everything from there up may be one object with it: that part
stays memory, one array, in the order it had. Slots that only keep a caller's registers are always apart.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from irlens.mechanical.answers import Uncovered
from irlens.mechanical.body import Body, effect_operands
from irlens.mechanical.convention import Convention
from irlens.mechanical.flow import Flow, Place
from irlens.mechanical.objects import Object, Reach, objects_of, outgoing
from irlens.mechanical.signature import comes_in
from irlens.mechanical.ssa import Slots
from irlens.mechanical.values import Value, from_entry, signed


@dataclass(frozen=True)
class Access:
    place: Place
    offset: int
    size: int
    stored: Value | None

    @property
    def end(self) -> int:
        return self.offset + self.size


@dataclass
class Frame:
    """`slots` are variables; the part that stays memory is from `low` (None: there is none) to `high`, where
    saved registers or the frame's end begin. Offsets count from the stack pointer at entry."""

    slots: Slots
    low: int | None
    high: int = 0
    variadic: bool = False
    """Whether the address of the arguments on the stack is taken."""
    objects: list[Object] | None = None
    """The function's variables, where they are kept in memory: then `slots` are but the saved registers and the
    arguments on the stack, and `low` is None."""
    top: int = 0
    """Below it the objects begin."""

    def holding(self, offset: int) -> Object | None:
        return next((each for each in self.objects or () if each.start <= offset < each.end), None)


def analyse(body: Body, convention: Convention, flow: Flow, *, keep: bool = False) -> Frame:
    """`keep` leaves every variable in memory. Raises `Uncovered` for frames that are not laid out at fixed
    offsets."""
    accesses = _accesses(body)
    escapes = escaping(body)
    # An address of the arguments on the stack is what `va_start` leaves; anything there is then memory.
    variadic = any(offset >= max(convention.return_slot, 1) for offset in escapes) or (
        not convention.return_slot and 0 in escapes
    )
    escapes = [offset for offset in escapes if offset < 0]
    if convention.return_slot and any(a.offset < 8 and a.end > 0 for a in accesses):
        raise Uncovered(
            f"{flow.symbol.name} reads or writes its return address.",
            "return address",
        )
    low = min(escapes) if escapes else None
    apart = _saves(accesses, convention)
    while low is not None:
        crossing = [a.offset for a in accesses if a not in apart and a.offset < low < a.end]
        if not crossing:
            break
        low = min(crossing)
    passed = outgoing(body, convention) if keep else set()
    own = [
        a
        for a in accesses
        if a in apart
        or a.offset >= convention.return_slot
        or (a.offset in passed if keep else low is None or a.offset < low)
    ]
    slots = _slots(own)
    if keep:
        top = _top(apart)
        reaches = _reaches([a for a in accesses if a not in own and a.offset < 0])
        return Frame(slots, None, variadic=variadic, objects=objects_of(reaches, escapes, top), top=top)
    if low is None:
        return Frame(slots, None, variadic=variadic)
    top = max([*escapes, *(a.end - 1 for a in accesses if a not in own and a.offset < 0)]) + 1
    high = min((a.offset for a in apart if a.offset >= top), default=0)
    rest, modulus = convention.stack_alignment
    low -= (low + rest) % modulus  # what was aligned stays so
    if len(escapes) > 1:
        low -= modulus  # several objects: the whole must not pass for the first of them
    return Frame(slots, low, high, variadic)


def _slots(own: list[Access]) -> Slots:
    slots = Slots()
    for cluster in _clusters(own):
        cuts = sorted({a.offset for a in cluster} | {a.end for a in cluster})
        atoms = [(start, end - start) for start, end in itertools.pairwise(cuts)]
        for start, size in atoms:
            slots.sizes[start] = size
        for access in cluster:
            slots.places[access.place] = [
                (start, size) for start, size in atoms if access.offset <= start < access.end
            ]
    return slots


def _top(apart: set[Access]) -> int:
    """The lowest of the registers that are saved at the very top."""
    top = 0
    for access in sorted(apart, key=lambda a: -a.offset):
        if access.end == top and access.stored is not None and access.stored.op == "entry":
            top = access.offset
    return top


def _reaches(accesses: list[Access]) -> list[Reach]:
    found = []
    for cluster in _clusters(accesses):
        stored = [a.stored for a in cluster if a.stored is not None]
        given = any(comes_in(value) for value in stored)
        end = max(a.end for a in cluster)
        found.append(Reach(cluster[0].offset, end, given, len(stored) < len(cluster), bool(stored)))
    return found


def _accesses(body: Body) -> list[Access]:
    found = []
    for block in body.blocks:
        for effect in block.effects:
            if effect.kind in ("load", "store") and effect.address is not None:
                offset = from_entry(effect.address)
                if offset is not None:
                    assert effect.value is not None
                    stored = effect.value if effect.kind == "store" else None
                    found.append(Access(effect.place, offset, effect.value.bits // 8, stored))
    return found


def escaping(body: Body) -> list[int]:
    """Offsets whose addresses are used for more than a load or a store there."""
    found: set[int] = set()

    def note(value: Value) -> None:
        offset = from_entry(value)
        if offset is not None:
            found.add(offset)

    for block in body.blocks:
        for effect in block.effects:
            if effect.kind == "store":
                assert effect.value is not None
                note(effect.value)
            elif effect.call is not None:
                for value in effect_operands(effect):
                    note(value)
        for value in block.results.values():
            note(value)
    live = body.live()
    # `sp + index` is an address only with the number that is added to it, which comes last in a sum.
    sums = {value for value in live if value.op == "add" and value.args[1].op != "const" and _on_stack(value)}
    bare = [value.args[0] for value in live if value.op == "load"]
    for value in live:
        if value.op == "load" or from_entry(value) is not None or value in sums:
            continue
        if value.op == "add" and value.args[1].op == "const" and value.args[0] in sums:
            found.add(signed(value.args[1].data, 64))
        else:
            bare += value.args
            for arg in value.args:
                note(arg)
    for block in body.blocks:
        bare += block.results.values()
        for effect in block.effects:
            bare += effect_operands(effect)
    if any(value in sums for value in bare):  # an index from nowhere: into any part of the frame
        found.add(min((access.offset for access in _accesses(body) if access.offset < 0), default=-8))
    return sorted(found)


def _on_stack(value: Value) -> bool:
    return any(arg.op == "sp" for arg in value.args)


def _saves(accesses: list[Access], convention: Convention) -> set[Access]:
    """Accesses to slots that only keep what registers had at entry (or the stack protector's word)."""
    by_range: dict[tuple[int, int], list[Access]] = {}
    for access in accesses:
        by_range.setdefault((access.offset, access.size), []).append(access)
    found: set[Access] = set()
    for (offset, size), group in by_range.items():
        overlapped = any(
            a.offset < offset + size and offset < a.end
            for other, them in by_range.items()
            if other != (offset, size)
            for a in them
        )
        stores = [a.stored for a in group if a.stored is not None]
        if overlapped or not stores:
            continue
        if all(
            value.op == "guard"
            or (
                value.op == "entry"
                and (value.data in convention.kept or value.data == convention.link or len(group) == 1)
                and value.data not in (*convention.integers, *convention.floats)
            )
            for value in stores
        ):
            found.update(group)
    return found


def _clusters(accesses: list[Access]) -> list[list[Access]]:
    clusters: list[list[Access]] = []
    end = None
    for access in sorted(accesses, key=lambda a: a.offset):
        if end is None or access.offset >= end:
            clusters.append([])
            end = access.end
        clusters[-1].append(access)
        end = max(end, access.end)
    return clusters
