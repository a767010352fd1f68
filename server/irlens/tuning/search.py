"""Run a strategy within a budget, then make what it found as short as it goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from irlens.cancel import CancelToken
from irlens.ir.passes import OZ
from irlens.tuning.evaluation import Evaluation, Strategy
from irlens.tuning.evaluator import Evaluator
from irlens.tuning.genome import Genome, read, render

BATCH = 8
"""Lists between two decisions of a strategy. Not the number of cores: the answer must not depend on those."""
Progress = Callable[[str, float | None], None]


@dataclass(frozen=True)
class Budget:
    """`compilations` count every list that a strategy proposes, one from the cache too, so that a seed has one
    answer; -Oz and the module as it is are not counted. `seconds` None is no limit. The search ends early after
    `patience` lists (None: a third of `compilations`, at least 48) that brought nothing."""

    compilations: int = 200
    seconds: float | None = None
    patience: int | None = None

    @property
    def waits(self) -> int:
        return self.patience if self.patience is not None else max(48, self.compilations // 3)


@dataclass(frozen=True)
class Found:
    """`best` is the smallest of all, of equals the first; never larger than `oz`. `history` has every list in the
    order of trial, without -Oz; `why_ended` is one of "budget", "time", "nothing more pays", "all tried"."""

    oz: Evaluation
    as_is: Evaluation
    best: Evaluation
    history: tuple[Evaluation, ...]
    why_ended: str


def search(
    strategy: Strategy,
    evaluator: Evaluator,
    budget: Budget,
    *,
    cancel: CancelToken | None = None,
    progress: Progress = lambda message, fraction: None,
) -> Found:
    """The best list that the strategy finds. Raises `Cancelled`. Where -Oz itself cannot be measured, `oz` has no
    value and `best` is the module as it is."""
    started = time.monotonic()
    oz, as_is = evaluator.evaluate([OZ, ""], cancel)
    if oz.value is None:
        return Found(oz, as_is, as_is, (), "all tried")
    history: list[Evaluation] = []
    best, idle = oz, 0
    if as_is.value is not None and as_is.value < oz.value:
        best = as_is
    strategy.learn([oz, as_is])
    why = "budget"
    while len(history) < budget.compilations:
        if budget.seconds is not None and time.monotonic() - started > budget.seconds:
            why = "time"
            break
        if idle >= budget.waits:
            why = "nothing more pays"
            break
        lists = strategy.propose(min(BATCH, budget.compilations - len(history)))
        if not lists:
            why = "all tried"
            break
        results = evaluator.evaluate(lists, cancel, _left(budget, started))
        history += results
        smallest = min((each for each in results if each.value is not None), key=_value, default=None)
        idle += len(lists)
        if smallest is not None and _value(smallest) < _value(best):
            best, idle = smallest, 0
        strategy.learn(results)
        saved = 1 - _value(best) / max(1, oz.value)
        progress(
            f"{len(history)} of {budget.compilations} lists, best {best.value} {evaluator.objective.unit} "
            f"({saved:.1%} under -Oz)",
            len(history) / budget.compilations,
        )
    return Found(oz, as_is, best, tuple(history), why)


def _left(budget: Budget, started: float) -> float | None:
    """Seconds until the budget's end."""
    return None if budget.seconds is None else budget.seconds - (time.monotonic() - started)


def _value(evaluation: Evaluation) -> int:
    return evaluation.value if evaluation.value is not None else 1 << 62


def minimise(
    best: Evaluation, evaluator: Evaluator, most: int, cancel: CancelToken | None = None
) -> tuple[Evaluation, int]:
    """The same or better with as few passes as can be had in `most` compilations: a pass that does not pay goes.
    One that goes may take what another paid with it, so it is gone over again until every pass pays. Returns the list
    and how many compilations that took."""
    genome, used = read(best.passes), 0
    at, since = len(genome) - 1, 0
    while since < len(genome) and len(genome) > 1 and used < most:
        shorter: Genome = genome[:at] + genome[at + 1 :]
        (result,) = evaluator.evaluate([render(shorter)], cancel)
        used += 1
        if result.value is not None and result.value <= _value(best):
            genome, best, since = shorter, result, 0
        else:
            since += 1
        at = at - 1 if at else len(genome) - 1
    return best, used
