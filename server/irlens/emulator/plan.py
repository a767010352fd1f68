"""What a signature says about one comparison: where values are, what calls pass and return."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from irlens.emulator import calls
from irlens.emulator.inputs import Input, Pool, mix, scalar_value
from irlens.llvm.signatures import PassedValue, Signature, Signatures
from irlens.prototypes.declared import Declared
from irlens.source.positions import to_utf8
from irlens.targets import abi
from irlens.targets.abi import Place, Unplaced

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
    registers are given numbers and pointers, and results are compared as far as both sides agree on a width. `declared` are
    prototypes by name, which are believed more than the signatures. `packed`: see `abi.arguments`."""

    def __init__(
        self,
        arm: bool,
        signatures: Signatures | None,
        pool: Pool,
        *,
        trust_locals: bool = True,
        packed: bool = False,
        aliases: bool = False,
        declared: Mapping[str, Declared] | None = None,
    ) -> None:
        self.packed = packed
        self._declared = declared or {}
        self.missing = ""
        """What the candidate leaves out of what prototypes say, as a sentence without an end."""
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
        self.signature = self._as_declared(signatures.function) if signatures else None
        self.is_declared = self.signature is not None and self.signature.name in self._declared
        """Whether a prototype says what the function itself takes and gives."""
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

    def _as_declared(self, own: Signature) -> Signature:
        """The function's own signature: its prototype's where there is one that the candidate gives all results of."""
        known = self._declared.get(own.name)
        if known is None:
            return own
        given = [*abi.results(self.arm, own.returns)]
        if not self.arm and any("sret" in value.attributes for value in own.parameters[:1]):
            given.append(_ADDRESS)
        wanted = [*abi.results(self.arm, known.signature.returns)]
        if not self.arm and any("sret" in value.attributes for value in known.signature.parameters[:1]):
            wanted.append(_ADDRESS)
        if any(not _holds(given, place) for place in wanted):
            self.missing = f"gives more than the candidate does: it is {known.words}, {known.source}"
        return known.signature

    def says_all(self, name: str) -> bool:
        """Whether a prototype says what a callee takes, and where that is any number, its name what it makes of them."""
        known = self._declared.get(name)
        return name in calls.PROTOTYPES or (known is not None and not known.signature.varargs)

    def returned_by(self, name: str) -> set[str] | None:
        """Which kinds of registers, "int" and "vec", a callee with a prototype gives something in; None for any other."""
        known = self._declared.get(name)
        prototype = known.signature if known is not None else calls.PROTOTYPES.get(name)
        return None if prototype is None else {p.kind for p in abi.results(self.arm, prototype.returns)}

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
        known = self._declared.get(call.name)
        try:
            plan = self._plan_of(call)
            return self._call_as_declared(plan, known) if known is not None else plan
        except Unplaced:
            return None if known is None else self._plan_of(known.signature)

    def _plan_of(self, call: Signature) -> CallPlan:
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

    def _call_as_declared(self, plan: CallPlan, known: Declared) -> CallPlan:
        """A call by the callee's prototype; what is known of memory behind its arguments stays. Of variable arguments only
        the call itself says which there are."""
        wanted = self._plan_of(known.signature)
        if not self.missing and (
            any(not _holds(plan.arguments, place) for place in wanted.arguments)
            or (wanted.varargs and not plan.varargs)
        ):
            name = known.signature.name
            self.missing = f"gives {name} more than the candidate does: it is {known.words}, {known.source}"
        if wanted.varargs:
            return replace(plan, results=wanted.results)
        behind = {(place.kind, place.index): place for place in plan.arguments}
        arguments = []
        for place in wanted.arguments:
            its = behind.get((place.kind, place.index))
            if its is not None:
                place = replace(place, memory=its.memory, reads_only=its.reads_only)
            arguments.append(place)
        return replace(wanted, arguments=tuple(arguments))

    def _checked(self, places: tuple[Place, ...]) -> tuple[Place, ...]:
        return tuple(abi.as_extended(place) for place in places) if self.packed else places

    def calls(self, name: str) -> list[CallPlan]:
        """The signatures that a callee has here; none where nothing is known of it."""
        if name not in self._calls:
            declared = self._declared.get(name)
            known = declared.signature if declared is not None else calls.PROTOTYPES.get(name)
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


_ADDRESS = Place("int", 0, 64, "ptr", "", 0)
"""Where System V has the address of a result in memory at the return."""


def _holds(given: Sequence[Place], wanted: Place) -> bool:
    """Whether all bits of a place are among those that are given."""
    return any(
        (place.kind, place.index) == (wanted.kind, wanted.index)
        and (32 if place.kind == "int" and place.bits < 32 and place.extension else place.bits) >= wanted.bits
        for place in given
    )


@lru_cache(maxsize=1024)
def _number_of(name: str) -> int:
    return mix(*to_utf8(name))
