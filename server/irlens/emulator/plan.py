"""What a signature says about one comparison: where values are, what calls pass and return."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from irlens.emulator import abi, calls
from irlens.emulator.abi import Place, Unplaced
from irlens.emulator.inputs import Input, Pool, mix, scalar_value
from irlens.llvm.signatures import PassedValue, Signature, Signatures
from irlens.source.positions import to_utf8

_UNKNOWN = (*(["i64"] * 6), *(["double"] * 4))
_RESULTS = 0x500000000000
"""Pointers that calls return lie from here."""


@dataclass(frozen=True)
class CallPlan:
    """One signature of a callee: its arguments' places, its result's, how many arguments are variable, and whether any may be."""

    arguments: tuple[Place, ...]
    results: tuple[Place, ...]
    variable: int
    varargs: bool = False


class Plan:
    """The function's own places and those of its callees. `signature` None: nothing is known, so the argument
    registers are given numbers and pointers, and results are compared as far as both sides agree on a width. `packed`: see
    `abi.arguments`."""

    def __init__(
        self,
        arm: bool,
        signatures: Signatures | None,
        pool: Pool,
        *,
        trust_locals: bool = True,
        packed: bool = False,
        aliases: bool = False,
    ) -> None:
        self.packed = packed
        self._trust_locals = trust_locals
        self.aliases = aliases
        """Whether pointers may lead to the same memory."""
        self.of_ir = False
        """Whether the original is IR: its registers that carry no argument then hold nothing."""
        self.ends: frozenset[str] = frozenset()
        """Callees that the original itself says do not return."""
        self.arm = arm
        self.known = signatures is not None
        self.pool = pool
        self.signature = signatures.function if signatures else None
        parameters: Sequence[PassedValue]
        if self.signature is None:
            parameters = [abi.value(kind) for kind in _UNKNOWN]
        else:
            parameters = self.signature.parameters
        self.places = abi.arguments(arm, parameters, packed=packed)
        self.results = self._checked(abi.results(arm, self.signature.returns)) if self.signature else ()
        self.structure = self._structure()
        """The place of the pointer to a structure that is the result, if there is one."""
        if self.structure is not None and not arm:
            self.results = (Place("int", 0, 64, "ptr", "", 0),)  # System V: its address comes back in rax
        self.varargs = self.signature.varargs if self.signature else False
        self.noreturn: frozenset[str] = frozenset()
        self.returning: frozenset[str] = frozenset()
        """Callees that are known to return, or do so in the candidate."""
        self._pure = frozenset(call.name for call in (signatures.calls if signatures else ()) if call.pure)
        self._calls: dict[str, list[CallPlan]] = {}
        self._add_calls(signatures.calls if signatures else ())
        self._pointees: dict[str, tuple[Place, ...]] = {}

    def _structure(self) -> int | None:
        if self.signature is None:
            return None
        for at, place in enumerate(self.places):
            if "sret" in self.signature.parameters[place.parameter].attributes:
                return at
        return None

    def _add_calls(self, found: Sequence[Signature]) -> None:
        returning = {call.name for call in found if not call.noreturn}
        self.returning = frozenset({*returning, *calls.PROTOTYPES}) - calls.NEVER_RETURN
        self.noreturn = frozenset(
            call.name for call in found if call.noreturn and call.name and call.name not in returning
        )
        for call in found:
            plan = self._call_plan(call)
            if plan is not None:
                self._calls.setdefault(call.name, []).append(plan)

    def _call_plan(self, call: Signature) -> CallPlan | None:
        try:
            return CallPlan(
                self._checked(
                    abi.arguments(
                        self.arm,
                        call.parameters,
                        call.fixed if call.varargs else None,
                        packed=self.packed,
                    )
                ),
                abi.results(self.arm, call.returns),
                len(call.parameters) - call.fixed,
                call.varargs,
            )
        except Unplaced:
            return None

    def _checked(self, places: tuple[Place, ...]) -> tuple[Place, ...]:
        return tuple(abi.as_extended(place) for place in places) if self.packed else places

    def calls(self, name: str) -> list[CallPlan]:
        """The signatures that a callee has here; none where nothing is known of it."""
        if name not in self._calls:
            known = calls.PROTOTYPES.get(name)
            plan = self._call_plan(known) if known else None
            self._calls[name] = [plan] if plan else []
        return self._calls[name]

    def pure(self, name: str) -> tuple[Place, ...] | None:
        """Where the arguments are of a callee that does nothing but give a result; None for any other."""
        plans = self.calls(name) if name in self._pure else []
        return plans[0].arguments if len(plans) == 1 else None

    def pointees(self, name: str) -> tuple[Place, ...]:
        """Arguments of the callee behind which the memory has a known size in every call."""
        if name not in self._pointees:
            plans = self.calls(name) if self._trust_locals else []
            sizes: dict[Place, int] = {}
            for place in plans[0].arguments if plans else ():
                sizes[place] = min(
                    next(
                        (o.memory for o in plan.arguments if (o.kind, o.index) == (place.kind, place.index)),
                        0,
                    )
                    for plan in plans
                )
            self._pointees[name] = tuple(replace(place, memory=size) for place, size in sizes.items() if size)
        return self._pointees[name]

    def scribbled(self, given: Input, number: int, name: str, place: Place) -> bytes:
        """What the n-th recorded call writes to a local variable that is passed by address; nothing where the
        callee is known not to, and in a quarter of the cases."""
        reads = name in calls.PROTOTYPES and name not in calls.WRITERS
        if reads or place.reads_only or place.kind == "sret":
            return b""
        chosen = mix(given.seed, 51, number, place.index)
        if chosen % 4 == 0:
            return b""
        rng = random.Random(chosen)
        size = min(place.memory, 256)
        made = b""
        while len(made) < size:
            kind = rng.random()
            if kind < 0.5 and len(made) % 8 == 0 and size - len(made) >= 8:
                scalar = "ptr" if kind < 0.25 else "i64"
                made += self._value(rng, scalar, chosen + len(made)).to_bytes(8, "little")
            else:
                made += self._value(rng, "i32", chosen).to_bytes(4, "little")
        return made[:size]

    def returned(self, given: Input, number: int, name: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """What the n-th recorded call gives back, as register values."""
        rng = random.Random(mix(given.seed, 41, number, _number_of(name)))
        key = rng.getrandbits(48)
        general = [rng.getrandbits(64) for _ in range(3)]
        vectors = [rng.getrandbits(128) for _ in range(2)]
        plans = self.calls(name)
        override = dict(given.returned).get(number)
        if not plans:
            kind = rng.choice(("ptr", "i32", "i32", "i64"))
            general[0] = self._value(rng, kind, key) if override is None else override
            vectors[0] = scalar_value(rng, "double", self.pool)
            return tuple(general), tuple(vectors)
        if not any(place.kind == "vec" for place in plans[0].results):
            vectors = []
        succeeds = mix(given.seed, 61) % 4 == 0  # all calls do, in a quarter of the inputs
        for place in plans[0].results:
            value = self._value(rng, place.scalar, key + place.index)
            if succeeds and place.scalar.startswith("i"):
                value = 0
            if override is not None and place.kind == "int" and place.index == 0:
                value = override & ((1 << place.bits) - 1)
            if place.kind == "int":
                general += [0] * (place.index + 1 - len(general))
                general[place.index] = abi.extended(value, place, general[place.index])
            elif place.kind == "vec":
                mask = (1 << place.bits) - 1
                vectors += [0] * (place.index + 1 - len(vectors))
                vectors[place.index] = vectors[place.index] & ~mask | value & mask
        return tuple(general), tuple(vectors)

    def _value(self, rng: random.Random, scalar: str, key: int) -> int:
        if scalar == "ptr":
            return 0 if rng.random() < 0.2 else _RESULTS + (mix(key) & 0xFFFFF) * 0x1000000 + 0x100
        if scalar.startswith("i") and rng.random() < 0.3:
            return 0  # success, for most functions
        return scalar_value(rng, scalar, self.pool)


@lru_cache(maxsize=1024)
def _number_of(name: str) -> int:
    return mix(*to_utf8(name))
