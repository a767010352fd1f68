"""Does the original pass on more than the candidate says? See `machine_steps` for the question and the trial."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from irlens.emulator import calls
from irlens.emulator.inputs import Input
from irlens.emulator.machine_steps import FLIPS, Stepper, Writers
from irlens.emulator.plan import Plan
from irlens.emulator.trace import Start, Trace

_MOST_TRIALS = 32
_TURNS = 2


def passed_unsaid(
    stepper: Stepper,
    plan: Plan,
    given: Sequence[Input],
    give: Callable[[Input], None],
    start: Callable[[Input], Start],
) -> str:
    """A sentence on the first argument or result that the original passes and the candidate leaves out; empty
    where there is none on these inputs."""
    unread: dict[tuple[int, str], bool] = {}
    trials = 0
    for one in given:
        give(one)
        stepper.fresh_memory()
        trace, at_calls, at_end = stepper.stepped(start(one))
        if trace.end in ("limit", "trap", "left"):
            continue
        path, flags = stepper.path, stepper.flags
        found = [
            (number, step, address, what)
            for number, (step, address), what in _left_out(stepper, plan, trace, at_calls, at_end)
            if stepper.only_writes(address, stepper.following(step))
        ]
        for number, step, address, what in found:
            # One run of the writing instruction after which something reads its value is enough to let it be:
            # the last turn of a loop leaves such values behind, too.
            others = [at + 1 for at, ran in enumerate(path) if ran == address and at + 1 != step]
            for at in (step, *others[:_TURNS]):
                if not unread.get((address, what), True) or trials >= _MOST_TRIALS:
                    break
                trials += 1
                unread[address, what] = all(
                    _alike(trace, stepper.stepped(start(one), (at, number, flip))[0], plan)
                    and stepper.path == path
                    and stepper.flags == flags
                    for flip in FLIPS
                )
    return next((what for (_, what), nothing in unread.items() if nothing), "")


def _left_out(
    stepper: Stepper, plan: Plan, trace: Trace, at_calls: list[Writers], at_end: Writers
) -> list[tuple[int, tuple[int, int], str]]:
    """Registers behind the last declared one that were written: number, writer, and what it would mean."""
    found = []
    registers = 8 if plan.arm else 6
    for called, writers in zip(trace.calls, at_calls, strict=False):
        plans = plan.calls(called.name)
        if not plans or called.name in calls.PROTOTYPES or any(one.variable for one in plans):
            continue
        used = [place.index for one in plans for place in one.arguments if place.kind == "int"]
        number = max(used, default=-1) + 1
        if number < registers and number in writers:
            name = called.name or "a function called through a pointer"
            found.append((number, writers[number], f"gives {name} more arguments than the candidate says"))
    if trace.end == "return" and not plan.results and stepper.result_number in at_end:
        number = stepper.result_number
        found.append((number, at_end[number], "leaves a value where a result is returned"))
    return found


def _alike(left: Trace, right: Trace, plan: Plan) -> bool:
    """Whether the changed value made no difference to anything but itself."""
    if left.end != right.end or left.writes != right.writes or len(left.calls) != len(right.calls):
        return False
    for a, b in zip(left.calls, right.calls, strict=True):
        if (a.name, a.target) != (b.name, b.target):
            return False
        for one in plan.calls(a.name):
            if any(a.value(place) != b.value(place) for place in one.arguments if place.kind != "stack"):
                return False
    return True
