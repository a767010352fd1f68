"""Which inputs are tried, until the two versions differ or enough of them agreed.

First come systematic inputs, then seeded ones. Inputs that make the original run new code are kept and looked
at, and further ones are made from them on purpose (see `steer`). An
input that makes the original reach for memory that is not there is mended: the word that led there becomes a
pointer to memory.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field, replace
from typing import Any

from irlens.emulator import inputs
from irlens.emulator.compare import DIFFERS, SAME, SKIP, TRAPPED, Comparer, Comparison
from irlens.emulator.decode import not_run, padding
from irlens.emulator.inputs import ARENA, ARGUMENT_SPAN, Input, Memory, Pool, mix
from irlens.emulator.layout import DATA_BASE, RESERVED_END, THREAD_POINTER, Image, World
from irlens.emulator.machine import Machine, mappable
from irlens.emulator.machine_aligned import unpromised
from irlens.emulator.machine_steps import Stepper
from irlens.emulator.plan import Plan
from irlens.emulator.pool import simpler_values
from irlens.emulator.steer import Steering
from irlens.emulator.trace import Start, Trace
from irlens.emulator.unread import Left, passed_unsaid
from irlens.emulator.words import describe
from irlens.ir.defined import UNDEFINED
from irlens.targets import abi
from irlens.targets.abi import Place

LEAST_INPUTS = 8
"""Inputs that must have run to an end on both sides for `agrees`."""
LEAST_COVERED = 0.75
"""Share of the original's code that must have run for `agrees`."""
MOST_TIMES = 6
"""The most inputs are this many times those asked for."""
EFFORT = 48
"""No more inputs than asked for once this many runs, calls, pages and eighths of writes were made for each of
them: long loops are not run for ever."""
PATIENCE = 50
"""How many times the limits under which the original came to an end the candidate is given before it counts as
not coming to one."""
NOBODY = "the original's own result depends on what nobody decides: it reads what it never wrote"
NO_MEANING = "the original is undefined on them"
MOST_IDLE = 4
"""`agrees` needs one input that tells something for this many on which the two differ and that tell nothing."""
_REPAIRS = 6
_WATCHED = 40
_STEPPED = 12
"""Inputs that are run instruction by instruction before `agrees` is said."""
_SHRINK_RUNS, _SHRINK_S = 60, 0.3


@dataclass
class Tally:
    """How the inputs went."""

    tried: int = 0
    same: int = 0
    trapped: int = 0
    skipped: dict[str, int] = field(default_factory=dict)


class Search:
    """One comparison of `world`'s original with its candidate (image 1), and with further builds of both: an input
    counts against the candidate only if all its builds differ from the original in it, and all builds of the original
    do the same, because what a side leaves undefined may come out either way."""

    def __init__(
        self,
        world: World,
        plan: Plan,
        pool: Pool,
        *,
        count: int,
        seed: int,
        limit_s: float,
        guessed: bool = True,
    ) -> None:
        self._world, self._plan, self._pool = world, plan, pool
        self._count, self._seed, self._guessed = count, seed, guessed
        self._deadline = time.monotonic() + limit_s
        self._memory = Memory(world, pool, seed)
        self._machine = Machine(world, self._memory)
        self._watcher: Machine | None = None
        self._comparer = Comparer(world, plan, self._memory)
        self._unsafe = {image.number: not_run(world.arm, image) for image in world.images}
        """Instructions, by image and address, that the emulator does not run as a machine does."""
        self._steering = Steering(plan.places, pool, plan.returned, self._settable)
        self._kept: list[Input] = []
        self._watched = 0
        self._results: list[tuple[Trace, Trace, int]] = []
        self._started: tuple[Input, Start] | None = None
        self._counted: tuple[int, set[int]] = (-1, set())
        self._padding: set[int] | None = None
        self._effort = 0
        self.tally = Tally()

    def run(self) -> dict[str, Any]:
        """The verdict, JSON-ready, with `Agreement`'s fields except the seconds."""
        if self._world.data_differences:
            reason = _sentence(self._world.data_differences[0])
            return self._verdict("disagrees", reason) | {"unsaid": True}
        number = 0
        while time.monotonic() < self._deadline and self._goes_on(number):
            given, found = self._try(self._next(number))
            number += 1
            if found.kind == DIFFERS:
                return self._not_run() or self._disagreement(given, found)
        return self._not_run() or self._conclude()

    def _not_run(self) -> dict[str, Any] | None:
        """The verdict where an instruction ran, on either side, that the emulator does not run as a machine does."""
        for image in self._world.images:
            for address, one in self._unsafe[image.number].items():
                if any(start <= address < start + size for start, size in self._machine.blocks[image.number]):
                    side = "original" if image.number == 0 or image in self._world.originals else "candidate"
                    return self._verdict(
                        "unknown",
                        f"The emulator does not run {one.not_run} as a machine does (`{one}` of the {side}), so nothing "
                        "can be told.",
                    )
        return None

    def _goes_on(self, number: int) -> bool:
        """Up to the count always; beyond it while inputs are lined up or code has not run."""
        if number < self._count:
            return True
        if number >= MOST_TIMES * self._count or self._effort > EFFORT * self._count:
            return False
        return self._steering.waiting > 0 or self.covered() < 1.0

    # --- inputs -------------------------------------------------------------------------------------

    def _next(self, number: int) -> Input:
        places = self._plan.places
        rng = random.Random(mix(self._seed, 101, number))
        self._steering.decides = False
        if number < 6:
            return self._systematic(number, rng)
        if number >= self._count or number % 4:
            made = self._steering.next()
            if made is not None:
                return made
        if self._kept and rng.random() < 0.4:
            return self._mutated(rng, rng.choice(self._kept))
        shared = self._world.variables if self._plan.aliases else None
        return inputs.fresh(rng, places, self._pool, shared=shared)

    def _systematic(self, number: int, rng: random.Random) -> Input:
        """Pointers that are valid, and all other numbers 0, 1, 2, -1, small ones, or distinct."""
        values = []
        for at, place in enumerate(self._plan.places):
            if place.scalar == "ptr":
                values.append(ARENA + at * ARGUMENT_SPAN + 0x100)
            elif place.scalar in ("double", "float") and number < 3:
                code = inputs.double_bits if place.scalar == "double" else inputs.float_bits
                values.append(code((1.0, 2.0, 0.5)[number]))
            elif abi.is_float(place.scalar) or place.scalar.startswith("<"):
                values.append(inputs.scalar_value(rng, place.scalar, self._pool, at))
            else:
                number_ = (0, 1, 2, -1, 3 + at, 16 + 7 * at)[number]
                values.append(number_ & ((1 << place.bits) - 1))
        style = (1, 2, 7, 0, 3, 6)[number]
        return Input(tuple(values), rng.getrandbits(48), style, number % 2 == 0)

    def _mutated(self, rng: random.Random, base: Input) -> Input:
        made = base
        for _ in range(rng.choice((1, 1, 2))):
            kind = rng.random()
            if made.values and kind < 0.5:
                at = rng.randrange(len(made.values))
                place = self._plan.places[at]
                made = made.with_value(at, inputs.scalar_value(rng, place.scalar, self._pool, at))
            elif kind < 0.8:
                made = replace(made, seed=rng.getrandbits(48))
            else:
                made = replace(made, style=rng.randrange(inputs.STYLES))
        return made

    def _watch(self, given: Input) -> None:
        """Look at what this input compares, and line up inputs that would decide otherwise."""
        if self._watched >= _WATCHED:
            return
        self._watched += 1
        if self._watcher is None:
            self._watcher = Machine(self._world, self._memory, watching=True)
        self._watcher.fresh_memory()
        for image in self._world.images[:2]:
            trace = self._watcher.run(image, self._start(given))
            self._steering.look(given, trace)

    def _settable(self, address: int) -> bool:
        if self._world.inner and DATA_BASE <= address < RESERVED_END:
            return False  # variables are as the program starts
        return mappable(address & -4096) and not THREAD_POINTER <= address < THREAD_POINTER + 4096

    # --- runs ---------------------------------------------------------------------------------------

    def _start(self, given: Input) -> Start:
        if self._started is not None and self._started[0] is given:
            return self._started[1]
        start = self._made_start(given)
        self._started = (given, start)
        return start

    def _made_start(self, given: Input, other: int = 0) -> Start:
        plan = self._plan
        general, vectors, stacked, hidden = inputs.registers(given, plan.places, 8 if plan.arm else 6, other)

        def result(number: int, name: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
            return plan.returned(given, number, name)

        def scribbled(number: int, name: str, place: Place) -> bytes:
            return plan.scribbled(given, number, name, place)

        return Start(
            given.seed,
            general,
            vectors,
            stacked,
            hidden,
            plan.varargs,
            plan.noreturn,
            result,
            plan.pointees,
            scribbled,
            plan.pure,
            plan.ends,
            plan.of_ir,
        )

    def _run(self, given: Input, image: Image) -> Trace:
        return self._machine.run(image, self._start(given))

    def _give(self, given: Input) -> None:
        self._memory.give(given)
        self._machine.fresh_memory()

    def _try(self, given: Input) -> tuple[Input, Comparison]:
        self._give(given)
        original_image = self._world.images[0]
        covered = len(self._machine.blocks[0])
        original = self._run(given, original_image)
        for _ in range(_REPAIRS):
            if original.end != "trap" or original.trap != "memory":
                break
            mended = self._mended(given, original)
            if mended is None:
                break
            given = mended
            self._give(given)
            original = self._run(given, original_image)
        found = self._against(given, original)
        self._effort += 1 + len(original.calls) + len(original.writes) // 8 + self._machine.pages
        self.tally.tried += 1
        if found.kind == SAME:
            self.tally.same += 1
        elif found.kind == TRAPPED:
            self.tally.trapped += 1
        elif found.kind == SKIP:
            self.tally.skipped[found.what] = self.tally.skipped.get(found.what, 0) + 1
        if len(self._machine.blocks[0]) > covered or self._watched < 3 or self._steering.decides:
            self._kept.append(given)
            if found.kind != DIFFERS:
                self._watch(given)
        return given, found

    def _against(self, given: Input, original: Trace) -> Comparison:
        if original.end == "limit":
            return Comparison(SKIP, "the original reached a limit")
        first: Comparison | None = None
        original_image = self._world.images[0]
        if self._plan.structure is not None:
            start = given.values[self._plan.structure]
            self._comparer.unseen = range(start, start + self._plan.places[self._plan.structure].memory)
        for image in self._world.candidates:
            candidate = self._run(given, image)
            if candidate.end == "limit" and original.end != "left":
                candidate = self._machine.run(image, self._start(given), PATIENCE)
            found = self._comparer.compare(original, candidate, image)
            if found.kind != DIFFERS:
                if first is not None:
                    return Comparison(
                        SKIP, "the candidate's builds differ among themselves: undefined behaviour"
                    )
                if image.number == 1:
                    if found.kind == SAME and not self._plan.known:
                        self._results.append((original, candidate, self._start(given).vectors[0]))
                    return found
            if original.wild:
                return Comparison(SKIP, "the original reached a limit")
            first = first or found
        # Of assembly no register is known to carry nothing: the candidate may have overlooked an argument.
        twin = self._machine.run(original_image, self._made_start(given, int(self._plan.of_ir)), other=1)
        decided = [
            self._comparer.compare(original, self._run(given, image), image, twin)
            for image in self._world.candidates
        ]
        if any(found.kind != DIFFERS for found in decided):
            return Comparison(SKIP, NO_MEANING if original.scanned_zero else NOBODY)
        first = decided[0]
        for image in self._world.originals:
            again = self._machine.run(image, self._start(given), PATIENCE)
            if self._undefined(again):
                return Comparison(SKIP, NO_MEANING)
            if self._comparer.compare(original, again, image).kind not in (SAME, TRAPPED):
                return Comparison(SKIP, "the original's builds differ among themselves: undefined behavior")
        return first

    def _undefined(self, trace: Trace) -> bool:
        """Whether a build of the original with checks says that the input has no meaning (see `ir.defined`). What the checks
        wrote is taken out of the trace."""
        place = self._world.slots.get(UNDEFINED)
        if place is None:
            return False
        if any(address == place and any(data) for address, data in trace.writes):
            return True
        own = [address != place for address, _ in trace.writes]
        for called in trace.calls:
            called.writes = sum(own[: called.writes])
        trace.writes = [write for write, kept in zip(trace.writes, own, strict=True) if kept]
        return False

    def _mended(self, given: Input, original: Trace) -> Input | None:
        """The input with memory behind the pointer that led nowhere."""
        if original.fault is None:
            return None
        for at, (value, place) in enumerate(zip(given.values, self._plan.places, strict=True)):
            if place.bits == 64 and not abi.is_float(place.scalar) and abs(original.fault - value) < 0x8000:
                return given.with_value(at, ARENA + at * ARGUMENT_SPAN + 0x100)
        if self._watcher is None:
            self._watcher = Machine(self._world, self._memory, watching=True)
        self._watcher.fresh_memory()
        trace = self._watcher.run(self._world.images[0], self._start(given))
        pointer = ARENA + 0x800000000 + (mix(given.seed, original.fault) & 0xFFFF) * 0x100000 + 0x100
        for address, data in reversed(trace.reads):
            if len(data) == 8 and self._settable(address):
                value = int.from_bytes(data, "little")
                if abs(original.fault - value) < 0x8000:
                    return given.with_memory(address, pointer.to_bytes(8, "little"))
        for number, called in enumerate(trace.calls):
            general, _ = self._plan.returned(given, number, called.name)
            if abs(original.fault - general[0]) < 0x8000:
                return given.with_returned(number, pointer)
        for address, data in reversed(trace.reads):  # an index, then
            if len(data) == 4 and self._settable(address):
                value = int.from_bytes(data, "little")
                if value > 0x10000:
                    return given.with_memory(address, (value & 7).to_bytes(4, "little"))
        return None

    # --- verdicts -----------------------------------------------------------------------------------

    def _disagreement(self, given: Input, found: Comparison) -> dict[str, Any]:
        given, found = self._shrunk(given, found)
        self._give(given)
        if self._watcher is None:
            self._watcher = Machine(self._world, self._memory, watching=True)
        self._watcher.fresh_memory()
        trace = self._watcher.run(self._world.images[0], self._start(given))
        counterexample = describe(self._plan, self._comparer, given, trace, found)
        return self._verdict(
            "disagrees",
            f"On one input {found.what} differs: the original {found.original}, the candidate {found.candidate}.",
            counterexample,
        )

    def _shrunk(self, given: Input, found: Comparison) -> tuple[Input, Comparison]:
        """A simpler input on which they still differ."""
        runs = 0
        deadline = min(self._deadline, time.monotonic() + _SHRINK_S)

        def still(candidate: Input) -> Comparison | None:
            nonlocal runs
            runs += 1
            if runs > _SHRINK_RUNS or time.monotonic() > deadline:
                return None
            self._give(candidate)
            original = self._run(candidate, self._world.images[0])
            result = self._against(candidate, original)
            return result if result.kind == DIFFERS else None

        for simpler in (replace(given, memory=()), replace(given, returned=()), replace(given, style=1)):
            if simpler != given and (better := still(simpler)) is not None:
                given, found = simpler, better
        for at, place in enumerate(self._plan.places):
            for value in simpler_values(given.values[at], place.scalar, at):
                simpler = given.with_value(at, value)
                if simpler != given and (better := still(simpler)) is not None:
                    given, found = simpler, better
                    break
        return given, found

    def _conclude(self) -> dict[str, Any]:
        tally = self.tally
        covered = self.covered()
        finished = tally.same + tally.trapped
        if not self._plan.known:
            found = self._by_width()
            if found is not None:
                return found
        if not tally.tried:
            return self._verdict("unknown", "No input was tried within the time limit.")
        if tally.same < min(LEAST_INPUTS, self._count):
            why = (
                max(tally.skipped, key=lambda k: tally.skipped[k])
                if tally.skipped
                else "the original trapped"
            )
            return self._verdict(
                "unknown",
                f"Only {tally.same} of {tally.tried} inputs ran to an end on both sides; mostly {why}.",
            )
        idle = tally.skipped.get(NOBODY, 0) + tally.skipped.get(NO_MEANING, 0)
        # In assembly nothing is undefined: what it reads that it never wrote may be an argument of a convention of its own.
        read = tally.skipped.get(NOBODY, 0) and not self._plan.of_ir
        if read or idle > MOST_IDLE * tally.same:
            return self._verdict(
                "unknown",
                f"The two differ on {idle} of {tally.tried} inputs that tell nothing: mostly "
                f"{max((NOBODY, NO_MEANING), key=lambda why: tally.skipped.get(why, 0))}.",
            )
        unseen = self._machine.claimed - self._covered_bytes()
        if unseen:
            return self._verdict(
                "unknown",
                "The candidate says that a called function does not return; the original has code behind that "
                "call which never ran.",
            )
        if covered < LEAST_COVERED:
            return self._verdict(
                "unknown",
                f"The inputs ran only {covered:.0%} of the original's code; {finished} of them agree.",
            )
        if self._world.unclear:
            # Code that is the same says nothing of it either.
            reason = f"Nothing that was compared differs, but {self._world.unclear}."
            return self._verdict("unknown", reason) | {"unsaid": True}
        if self._comparer.unclear:
            return self._verdict(
                "unknown", f"Nothing that was compared differs, but {self._comparer.unclear}."
            )
        if self._plan.known and self._comparer.unplanned:
            return self._verdict(
                "unknown",
                f"Nothing that was compared differs, but {self._comparer.unplanned} is called, and nothing says which "
                "arguments it takes.",
            )
        left = self._left_out() if self._plan.known else Left()
        left.certain = self._plan.missing or left.certain
        if left.certain:
            return self._verdict(
                "unknown",
                f"Nothing that was compared differs, but the original {left.certain}, so not everything was compared.",
            ) | {"unsaid": True}
        if not self._world.arm and (
            aligned := unpromised(
                self._world, self._memory, self._kept[:_STEPPED], self._memory.give, self._start
            )
        ):
            return self._verdict("unknown", f"Nothing that was compared differs, but {aligned}.")
        return self._verdict(
            "agrees",
            f"Both did the same on {tally.same} inputs, which ran {covered:.0%} of the original's code.",
        ) | {
            "left_over": left.left_over
            + ([] if self._plan.is_declared else sorted(self._comparer.left_over)),
            "given_no_more": left.given_no_more,
        }

    def _left_out(self) -> Left:
        stepper = Stepper(self._world, self._memory, packed=self._plan.packed)
        given = self._kept[:_STEPPED]
        return passed_unsaid(
            stepper, self._plan, given, self._memory.give, self._start, guessed=self._guessed
        )

    def _by_width(self) -> dict[str, Any] | None:
        """Without a signature: how many low bits of the result register agree always."""
        returned = [(a.results, b.results, before) for a, b, before in self._results if a.end == "return"]
        pairs = [(a, b) for a, b, _ in returned]
        if not pairs:
            return None
        for bits in (64, 32, 16, 8):
            mask = (1 << bits) - 1
            if all(a.general[0] & mask == b.general[0] & mask for a, b in pairs):
                self.compared_result = f"the low {bits} bits of the result register"
                return None
        written = any(a.vectors[0] != before for a, _, before in returned)
        for bits in (64, 32) if written else ():
            mask = (1 << bits) - 1
            if all(a.vectors[0] & mask == b.vectors[0] & mask for a, b in pairs):
                self.compared_result = f"the low {bits} bits of the floating-point result register"
                return None
        return self._verdict(
            "unknown",
            "Calls and memory agree, but the result registers differ, and without a signature it is not known "
            "whether the function returns anything. Give IR for one side.",
        )

    compared_result = ""

    def covered(self) -> float:
        """Share of the bytes of the original's code that ran."""
        total = self._code_bytes()
        return len(self._covered_bytes()) / total if total else 0.0

    def _code_bytes(self) -> int:
        """Bytes of the original's code, without padding that did not run."""
        image = self._world.images[0]
        total = sum(end - start for start, end in image.counted)
        ran = self._covered_bytes()
        if len(ran) < total:
            if self._padding is None:
                self._padding = padding(self._world.arm, image)
            total -= len(self._padding - ran)
        return total

    def _covered_bytes(self) -> set[int]:
        if self._counted[0] == len(self._machine.blocks[0]):
            return self._counted[1]
        image = self._world.images[0]
        ran: set[int] = set()
        for start, size in self._machine.blocks[0]:
            if image.is_counted(start):
                ran.update(range(start, start + size))
        self._counted = len(self._machine.blocks[0]), {at for at in ran if image.is_counted(at)}
        return self._counted[1]

    def _verdict(
        self, outcome: str, reason: str, counterexample: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        compared = ["calls and their order", "memory outside the frame", "traps"]
        if self._plan.known:
            result = self._plan.signature.returns.type if self._plan.signature else "void"
            if result != "void":
                compared.insert(0, f"the result ({result})")
        elif self.compared_result:
            compared.insert(0, self.compared_result)
        own = self._code_bytes()
        return {
            "outcome": outcome,
            "reason": reason,
            "inputs": self.tally.tried,
            "agreed": self.tally.same,
            "blocks": len(self._machine.blocks[0]),
            "code_bytes": own,
            "covered_bytes": len(self._covered_bytes()),
            "seed": self._seed,
            "compared": compared,
            "counterexample": counterexample,
            "unsaid": False,
            "left_over": [],
            "given_no_more": [],
        }


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."
