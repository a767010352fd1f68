"""Does the original pass on more than the candidate says? See `machine_steps` for the question and the trial."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from irlens.emulator import calls
from irlens.emulator.compare import result_bits
from irlens.emulator.decode import VECTORS
from irlens.emulator.inputs import Input
from irlens.emulator.machine_steps import AS_GIVEN, FLIPS, SECOND_RESULT, Stepper, Writers
from irlens.emulator.plan import Plan
from irlens.emulator.trace import Start, Trace

_MOST_TRIALS = 32
_TURNS = 2


@dataclass
class Left:
    """What the original passes on and the candidate leaves out. `certain` is a sentence's end on the first that nothing but
    a caller or callee can be meant for, empty where there is none; `left_over` are registers in which a result may be
    returned, and in which the original leaves something that it also uses itself, or that what it called last gave: the
    candidate takes them for no result. `given_no_more` are callees that may take more of the original's own arguments than
    the candidate gives them."""

    certain: str = ""
    left_over: list[str] = field(default_factory=list)
    given_no_more: list[str] = field(default_factory=list)


def passed_unsaid(
    stepper: Stepper,
    plan: Plan,
    given: Sequence[Input],
    give: Callable[[Input], None],
    start: Callable[[Input], Start],
    *,
    guessed: bool = True,
) -> Left:
    """What the candidate leaves out, as far as these inputs show. `guessed`: the candidate's signature is a guess, so how
    wide a result is counts, too."""
    looked = _Looked(stepper, plan, guessed)
    for one in given:
        give(one)
        stepper.fresh_memory()
        if packed := looked.at(start(one)):
            return Left(packed)
    return looked.found()


class _Looked:
    """What several runs of the original have shown."""

    def __init__(self, stepper: Stepper, plan: Plan, guessed: bool) -> None:
        self._stepper, self._plan, self._guessed = stepper, plan, guessed
        self._trials = 0
        self._unread: dict[tuple[int, str], bool] = {}
        """By writing instruction, and what a value that nothing reads would mean: whether nothing has read it so far."""
        self._sure: dict[str, None] = {}
        self._used: dict[str, None] = {}
        self._given: dict[str, set[int]] = {}
        """By function that was called last: result registers with what it gave, of which the candidate returns nothing."""
        self._used_of: dict[str, set[int]] = {}
        self._no_more: dict[str, None] = {}
        self._never_set = False
        """Whether there is a way on which nothing is put where an integer is returned."""
        self._meant: dict[int, tuple[int, list[int]]] = {}
        """By result register: how many bits the candidate returns, and how many were meant in each run."""
        self._upper_is_read: set[int] = set()

    def at(self, start: Start) -> str:
        """Look at one run. A sentence's end where that settles it."""
        stepper, plan = self._stepper, self._plan
        trace, at_calls, at_end = stepper.stepped(start)
        if trace.end in ("limit", "trap", "left"):
            return ""
        if packed := _packed_words(stepper, plan, trace):
            return packed
        path, flags = stepper.path, stepper.flags
        left_out = [
            (number, step, address, what)
            for number, (step, address), what in _left_out(stepper, plan, trace, at_calls, at_end)
            if number >= VECTORS or stepper.only_writes(address, stepper.following(step))
        ]
        uppers: list[tuple[int, int, int]] = []
        if trace.end == "return":
            for sentence in (
                *_stacked(stepper, plan, trace),
                *_variadic(stepper, plan, trace),
                *_on_x87_stack(plan, trace),
            ):
                self._sure[sentence] = None
            uppers = [] if plan.is_declared else self._widths(at_end)
            if not plan.is_declared:
                self._used |= dict.fromkeys(_as_it_came(stepper, plan, at_end, at_calls))
            self._look_at_the_last_call(at_end)
        self._look_at_arguments(trace)
        for number, step, mask in uppers:
            self._trials += 1
            if not _alike(trace, stepper.stepped(start, (step, number, mask))[0], plan):
                self._upper_is_read.add(number)
        for number, step, address, what in left_out:
            if what != _MAYBE:
                # One run of the writing instruction after which something reads its value is enough to let it be:
                # the last turn of a loop leaves such values behind, too.
                others = [at + 1 for at, ran in enumerate(path) if ran == address and at + 1 != step]
                for at in (step, *others[:_TURNS]):
                    if not self._unread.get((address, what), True) or self._trials >= _MOST_TRIALS:
                        break
                    self._trials += 1
                    self._unread[address, what] = all(
                        _alike(trace, stepper.stepped(start, (at, number, _mask(number, flip)))[0], plan)
                        and stepper.path == path
                        and stepper.flags == flags
                        for flip in FLIPS
                    )
            by_product = what in (_RESULT, _PART) and not self._unread.get((address, what), True)
            if trace.end == "return" and (what == _MAYBE or by_product):
                self._used[stepper.name_of(number)] = None
        return ""

    def _widths(self, at_end: Writers) -> list[tuple[int, int, int]]:
        """Take down how wide results are; registers, steps and masks to try whether something else reads the rest."""
        uppers = []
        for number, said in _said(self._stepper, self._plan, self._guessed).items():
            meant = self._stepper.meant.get(number, 0)
            self._meant.setdefault(number, (said, []))[1].append(meant)
            tried = number in self._upper_is_read or self._trials >= _MOST_TRIALS
            if AS_GIVEN > meant > said and number in at_end and not tried:
                uppers.append((number, at_end[number][0], (1 << meant) - (1 << said)))
        return uppers

    def _look_at_arguments(self, trace: Trace) -> None:
        """Take down callees for which the next argument register still holds what the function was given itself."""
        stepper, plan = self._stepper, self._plan
        if plan.of_ir:
            return
        own = (*plan.places, *plan.results)
        for called, as_given in zip(trace.calls, stepper.as_given, strict=False):
            plans = plan.calls(called.name)
            if not as_given or not plans or plan.says_all(called.name):
                continue
            if any(one.variable for one in plans):
                continue
            given = [place for one in plans for place in one.arguments]
            returned = [place for one in plans for place in one.results]
            # Where nothing says that there are floating-point numbers at all, none is handed on.
            has_vectors = any(place.kind == "vec" for place in (*own, *given, *returned))
            for kind, first in (("int", 0), *([("vec", VECTORS)] if has_vectors else ())):
                used = [place.index for place in given if place.kind == kind]
                if first + max(used, default=-1) + 1 in as_given:
                    self._no_more[called.name or "a function called through a pointer"] = None

    def _look_at_the_last_call(self, at_end: Writers) -> None:
        """Take down what was given by the function that was called last and is still there. A candidate that returns what the
        original puts into a register itself is believed to return no more than that."""
        stepper, plan = self._stepper, self._plan
        self._never_set |= not plan.arm and stepper.result_number not in stepper.ever
        for name, used in stepper.used_of.items():
            self._used_of.setdefault(name, set()).update(used)
        if stepper.last_called is None or plan.of_ir or plan.is_declared:
            return
        kinds = {place.kind for place in plan.results}
        integer, vector = stepper.result_number, VECTORS
        left = {integer, vector} - at_end.keys()
        if "int" in kinds:
            left = left & {vector} if integer in left else set()
        if "vec" in kinds:
            left = left & {integer} if vector not in at_end else set()
        if "x87" in kinds:
            left = set()
        if left:
            self._given.setdefault(stepper.last_called, set()).update(left)

    def _what_calls_gave(self) -> list[str]:
        """What may be returned as it was given, in words."""
        found = []
        for name, left in self._given.items():
            kinds = self._plan.returned_by(name)
            used = self._used_of.get(name, set())
            if kinds is not None:
                numbers = {"int": self._stepper.result_number, "vec": VECTORS}
                left = left & {numbers[kind] for kind in kinds if kind in numbers}
            elif used:  # what is used of it tells what it gives
                left = left & used
            if self._never_set:
                left = left - {self._stepper.result_number}
            if left:
                registers = " or ".join(self._stepper.name_of(number) for number in sorted(left))
                found.append(f"what {name or 'a function called through a pointer'} gives in {registers}")
        return found

    def found(self) -> Left:
        """What all runs together say."""
        for number, (said, meant) in self._meant.items():
            name = self._stepper.name_of(number)
            # A write of a byte or half leaves the rest of the register, so one way that ends in such a write shows that
            # no more is meant.
            shown = [bits for bits in meant if bits in (8, 16)]
            if max(meant) <= said or (shown and max(shown) <= said):
                continue
            if number in self._upper_is_read or max(meant) == AS_GIVEN:
                self._used[f"the upper part of {name}"] = None
            else:
                self._sure[f"leaves {max(meant)} bits in {name}, of which the candidate returns {said}"] = (
                    None
                )
        unread = (what for (_, what), nothing in self._unread.items() if nothing)
        used = [*self._used, *self._what_calls_gave()]
        return Left(next(unread, "") or next(iter(self._sure), ""), used, list(self._no_more))


def _packed_words(stepper: Stepper, plan: Plan, trace: Trace) -> str:
    """A sentence on what the original puts on the stack for a call and the candidate does not say; see `StackWatch`."""
    if stepper.packed is None:
        return ""
    pointers = {value for called in trace.calls for value in called.general}
    for number, called in enumerate(trace.calls):
        plans = plan.calls(called.name)
        known = calls.PROTOTYPES.get(called.name)
        if not plans or (known is not None and not known.varargs):
            continue
        ends = [
            place.index + -(-place.bits // 8)
            for one in plans
            for place in one.arguments
            if place.kind == "stack"
        ]
        free = -(-max(ends, default=0) // 8) * 8
        if stepper.packed.left_at(number, free, pointers):
            return (
                f"puts more on the stack for {called.name or 'a function called through a pointer'} than the candidate "
                "says, where macOS has variable arguments"
            )
    return ""


def _left_out(
    stepper: Stepper, plan: Plan, trace: Trace, at_calls: list[Writers], at_end: Writers
) -> list[tuple[int, tuple[int, int], str]]:
    """Registers behind the last declared one that were written: number, writer, and what it would mean."""
    found = []
    registers = 8 if plan.arm else 6
    for called, writers in zip(trace.calls, at_calls, strict=False):
        plans = plan.calls(called.name)
        if not plans or plan.says_all(called.name):
            continue
        name = called.name or "a function called through a pointer"
        for kind, first, registers in (("int", 0, 8 if plan.arm else 6), ("vec", VECTORS, 8)):
            used = [place.index for one in plans for place in one.arguments if place.kind == kind]
            what = f"gives {name} more arguments than the candidate says"
            first_free = max(used, default=-1) + 1
            # Of vectors the first may be one that the original was given itself and passes on. General registers hold
            # so much else that only the next one counts.
            last = registers if kind == "vec" else min(registers, first_free + 1)
            for number in range(first + first_free, first + last):
                if number in writers:
                    found.append((number, writers[number], what))
    if trace.end == "return" and not plan.is_declared:
        found += [(number, at_end[number], what) for number, what in _results(stepper, plan, at_end)]
    return found


def _results(stepper: Stepper, plan: Plan, at_end: Writers) -> list[tuple[int, str]]:
    """Registers that may carry a result, or another part of one, and that the candidate says nothing of."""
    used = {kind: sum(place.kind == kind for place in plan.results) for kind in ("int", "vec")}
    what = _PART if plan.results else _RESULT
    found = []
    integers = range(2) if plan.arm else (stepper.result_number, SECOND_RESULT)
    if used["int"] < 2:
        number = integers[used["int"]]
        # What comes with another result, as the rest of a division does, is no sign of anything.
        if number in at_end:
            found.append((number, _MAYBE if stepper.makes_more(at_end[number][1], number) else what))
    if used["vec"] < (4 if plan.arm else 2) and (number := VECTORS + used["vec"]) in at_end:
        found.append((number, what))
    return found


def _stacked(stepper: Stepper, plan: Plan, trace: Trace) -> list[str]:
    """Words that are put on the stack for what is called, behind those that the candidate says."""
    found = []
    stack = stepper.stack
    for called, (bottom, words), room in zip(trace.calls, stack.at_calls, stack.room_at_calls, strict=False):
        plans = plan.calls(called.name)
        if not plans or plan.says_all(called.name):
            continue
        registers = [sum(place.kind == kind for place in plans[0].arguments) for kind in ("int", "vec")]
        if plan.arm and max(registers) < 8:
            continue  # only what has no room in registers is stacked, and locals are addressed by the stack pointer, too
        said = max(
            (place.index + 8 for one in plans for place in one.arguments if place.kind == "stack"), default=0
        )
        word = bottom + (said + 7 & -8)
        if word in words and (word not in room or registers[0] >= 6):
            name = called.name or "a function called through a pointer"
            found.append(f"gives {name} more arguments on the stack than the candidate says")
    return found


def _variadic(stepper: Stepper, plan: Plan, trace: Trace) -> list[str]:
    """Calls with a count of vector registers, which a variadic callee reads and the candidate does not give."""
    found = []
    for called, count in zip(trace.calls, stepper.vector_counts, strict=False):
        plans = plan.calls(called.name)
        name = called.name or "a function called through a pointer"
        most = max((sum(place.kind == "vec" for place in one.arguments) for one in plans), default=0)
        if any(one.varargs for one in plans) and (count or 0) > most and not plan.says_all(called.name):
            found.append(f"gives {name} more floating-point numbers than the candidate says")
        if count and plans and not any(one.varargs for one in plans):
            found.append(f"calls {name} as a function of variable arguments, and the candidate does not")
    return found


def _on_x87_stack(plan: Plan, trace: Trace) -> list[str]:
    """The x87 stack is empty at a return, but for a result."""
    if trace.results.x87_depth > sum(place.kind == "x87" for place in plan.results):
        return ["leaves a value on the x87 stack, where a long double is returned"]
    return []


def _said(stepper: Stepper, plan: Plan, guessed: bool) -> dict[int, int]:
    """How many bits the candidate returns in each register. What somebody wrote of an integer's width is believed."""
    bits: dict[int, int] = {}
    for place in plan.results:
        if place.kind == "vec":
            bits[VECTORS + place.index] = place.bits
        elif place.kind == "int" and guessed:
            number = (
                place.index if plan.arm else {0: stepper.result_number, 1: SECOND_RESULT}.get(place.index)
            )
            if number is not None:
                bits[number] = 32 if place.bits < 32 and place.extension else place.bits
    return bits


def _as_it_came(stepper: Stepper, plan: Plan, at_end: Writers, at_calls: Sequence[Writers]) -> list[str]:
    """A function that returns nothing, and whose first floating-point argument still lies where a result is returned: that
    it is one can't be seen."""
    first = any(place.kind == "vec" and place.index == 0 for place in plan.places)
    if (
        plan.results
        or at_calls
        or VECTORS in at_end
        or stepper.result_number in at_end
        or not (first or not plan.places)
    ):
        return []
    return [stepper.name_of(VECTORS)]


def _mask(number: int, flip: int) -> int:
    return flip | flip << 64 if number >= VECTORS else flip


_MAYBE = "leaves what may be a by-product"
_RESULT = "leaves a value where a result is returned"
_PART = "leaves a value where another part of the result is returned"


def _alike(left: Trace, right: Trace, plan: Plan) -> bool:
    """Whether the changed value made no difference to anything but itself."""
    if left.end != right.end or left.writes != right.writes or len(left.calls) != len(right.calls):
        return False
    if left.end == "return" and any(
        result_bits(left.results, place) != result_bits(right.results, place) for place in plan.results
    ):
        return False
    for a, b in zip(left.calls, right.calls, strict=True):
        if (a.name, a.target, a.pointees) != (b.name, b.target, b.pointees):
            return False
        for one in plan.calls(a.name):
            if any(a.value(place) != b.value(place) for place in one.arguments if place.kind != "stack"):
                return False
    return True
