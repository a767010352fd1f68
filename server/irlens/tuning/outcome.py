"""What became of the modules of one run, as reports tell it. Plain data; numbers are measured, in the unit named."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate

from irlens.llvm.opt import command


@dataclass(frozen=True)
class Outcome:
    """One module. `before`, `oz` and `best` are in `unit`; `passes` is "" where the module stays as it is.
    `measured` has the value of each list that could be measured, in order of trial, -Oz first. `model` is the value
    of the model's first list, None without one. `checked` is what the check of the best list said, `notes` what else
    is to be known."""

    path: str
    unit: str
    before: int
    oz: int
    best: int
    passes: str
    measured: tuple[int, ...]
    compilations: int
    seconds: float
    by: str
    checked: str = ""
    model: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def reference(self) -> int:
        """What can be had without a search: the smaller of -Oz and the module as it is."""
        return min(self.oz, self.before)

    @property
    def saved(self) -> float:
        """Share under -Oz; below 0 where no list that is as small as -Oz could be trusted."""
        return 1 - self.best / self.oz if self.oz else 0.0

    @property
    def excess(self) -> float:
        """By how many percent of the best the reference is larger than it; 0 at least."""
        if self.best == 0:
            return 0.0 if self.reference == 0 else float("inf")
        return max(0.0, 100 * (self.reference / self.best - 1))

    @property
    def gains(self) -> list[float]:
        """The best share under -Oz after each list measured."""
        if not self.oz:
            return [0.0] * len(self.measured)
        return [1 - value / self.oz for value in accumulate(self.measured, min)]

    def opt_command(self, opt: str) -> str:
        """The shell command that makes the best module again; "" where it stays as it is."""
        if not self.passes:
            return ""
        target = self.path.removesuffix(".ll") + ".small.ll"
        return command(opt, self.passes, self.path, target)


@dataclass(frozen=True)
class Failure:
    """A module that could not be tuned, and why; the text ends in what to do next."""

    path: str
    why: str


@dataclass(frozen=True)
class Totals:
    """A row of the paper's Table 3 (llm-compiler.md 2.3): modules on which the list is smaller or larger than -Oz,
    1 - sum of values / sum of -Oz's, and the same where -Oz is taken wherever it is smaller."""

    improved: int
    regressed: int
    alone: float
    with_oz: float


@dataclass(frozen=True)
class Run:
    """All of it. `versions` names who measured and who searched, `opt` the program of the commands, `left` how many
    modules were not reached because the user stopped it."""

    outcomes: tuple[Outcome, ...]
    failures: tuple[Failure, ...]
    command: str
    versions: dict[str, str]
    opt: str = "opt"
    seconds: float = 0.0
    left: int = 0
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def found(self) -> Totals:
        """Of the best list of each module."""
        return totals([(each.oz, each.best) for each in self.outcomes])

    @property
    def model(self) -> Totals | None:
        """Of the model's first list alone, a module without one counting as -Oz; None where it named none."""
        if all(each.model is None for each in self.outcomes):
            return None
        return totals([(each.oz, each.oz if each.model is None else each.model) for each in self.outcomes])

    def over(self, percent: float) -> list[Outcome]:
        """Modules that are more than so many percent larger than the best found (see `Outcome.excess`)."""
        return [each for each in self.outcomes if each.excess > percent]


def totals(pairs: list[tuple[int, int]]) -> Totals:
    """Of pairs (-Oz's value, the list's)."""
    whole = sum(oz for oz, _ in pairs)
    share = (lambda total: 1 - total / whole) if whole else (lambda total: 0.0)
    return Totals(
        improved=sum(value < oz for oz, value in pairs),
        regressed=sum(value > oz for oz, value in pairs),
        alone=share(sum(value for _, value in pairs)),
        with_oz=share(sum(min(pair) for pair in pairs)),
    )


def share(under: float) -> str:
    """A share under -Oz in words."""
    return f"{under:.2%} under -Oz" if under >= 0 else f"{-under:.2%} over -Oz"
