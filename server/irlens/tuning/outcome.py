"""What became of the modules of one run, as reports tell it. Plain data; numbers are measured, in the unit named."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate

from irlens import escape
from irlens.ir.optnone import SHORT_ADVICE
from irlens.llvm.opt import command


@dataclass(frozen=True)
class Outcome:
    """One module. `before`, `oz` and `best` are in `unit`; `passes` is "" where the module stays as it is. `oz` is with
    clang -Oz's attributes, which `lacking` of its functions do not have in the file; `plain_oz` is without them, None
    where that is the same, and `attributes` are the options of `opt` that put them on. `optnone` is a sentence on
    functions that passes skip.
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
    plain_oz: int | None = None
    lacking: int = 0
    attributes: tuple[str, ...] = ()
    optnone: str = ""

    @property
    def reference(self) -> int:
        """What can be had without a search: the smallest of -Oz, with and without its attributes, and the module as it
        is."""
        return min(self.oz, self.before, self.oz if self.plain_oz is None else self.plain_oz)

    @property
    def is_find(self) -> bool:
        """Whether the list beats all that can be had without a search."""
        return bool(self.passes) and self.best < self.reference

    @property
    def attribute_words(self) -> str:
        """A sentence where the file's functions lack clang -Oz's attributes; "" where none does."""
        if not self.lacking:
            return ""
        some = "1 function lacks" if self.lacking == 1 else f"{self.lacking} functions lack"
        said = f"{some} the attributes that clang -Oz gives (minsize, optsize)"
        if self.plain_oz is None:
            return f"{said}; -Oz comes to {self.oz} with them and without."
        return f"{said}: -Oz comes to {self.plain_oz} without them and to {self.oz} with them, which is compared with."

    @property
    def saved(self) -> float:
        """Share under the reference; below 0 where no list that is as small could be trusted."""
        return 1 - self.best / self.reference if self.reference else 0.0

    @property
    def excess(self) -> float:
        """By how many percent of the best the reference is larger than it; 0 at least."""
        if self.best == 0:
            return 0.0 if self.reference == 0 else float("inf")
        return max(0.0, 100 * (self.reference / self.best - 1))

    @property
    def gains(self) -> list[float]:
        """The best share under the reference after each list measured, 0 at least."""
        if not self.reference:
            return [0.0] * len(self.measured)
        return [max(0.0, 1 - value / self.reference) for value in accumulate(self.measured, min)]

    def opt_command(self, opt: str) -> str:
        """The shell command that makes the best module again; "" where it stays as it is."""
        if not self.passes:
            return ""
        return command(opt, self.passes, self.path, self._target("small"), self.attributes)

    def diff_command(self, opt: str) -> str:
        """The shell command that makes the best module and compares it with the module, both as LLVM prints them."""
        before, after = self._target("before"), self._target("small")
        printed = command(opt, "verify", self.path, before)
        compared = f"diff -u {escape.shell_path(before)} {escape.shell_path(after)}"
        return f"{printed} && {self.opt_command(opt)} && {compared}" if self.passes else ""

    def _target(self, what: str) -> str:
        return f"{self.path.removesuffix('.ll')}.{what}.ll"


@dataclass(frozen=True)
class Failure:
    """A module that could not be tuned, and why; the text ends in what to do next."""

    path: str
    why: str


@dataclass(frozen=True)
class Totals:
    """A row of the paper's Table 3 (llm-compiler.md 2.3): modules on which the list is smaller or larger than the
    reference, 1 - sum of values / sum of references, and the same where the reference is taken wherever it is smaller.
    The paper's modules had seen no pass, so that its reference was always -Oz."""

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
        return totals([(each.reference, each.best) for each in self.outcomes])

    @property
    def model(self) -> Totals | None:
        """Of the model's first list alone, a module without one counting as the reference; None where it named none."""
        if all(each.model is None for each in self.outcomes):
            return None
        return totals(
            [(each.reference, each.reference if each.model is None else each.model) for each in self.outcomes]
        )

    @property
    def attribute_notes(self) -> list[str]:
        """Sentences on modules whose functions lack clang -Oz's attributes, or that passes skip."""
        lacking = [each for each in self.outcomes if each.lacking]
        skipped = [each for each in self.outcomes if each.optnone]
        said = []
        if lacking:
            with_them = sum(each.oz for each in lacking)
            without = sum(each.oz if each.plain_oz is None else each.plain_oz for each in lacking)
            some = "1 module has" if len(lacking) == 1 else f"{len(lacking)} modules have"
            said.append(
                f"{some} functions without the attributes that clang -Oz gives (minsize, optsize): -Oz comes to "
                f"{without:,} there without them and to {with_them:,} with them, which is compared with."
            )
        if len(skipped) == 1:
            said.append(f"{skipped[0].path}: {skipped[0].optnone}")
        elif skipped:
            said.append(f"{len(skipped)} modules have optnone functions, which passes skip. {SHORT_ADVICE}")
        return said

    def over(self, percent: float) -> list[Outcome]:
        """Modules that are more than so many percent larger than the best found (see `Outcome.excess`)."""
        return [each for each in self.outcomes if each.excess > percent]


def totals(pairs: list[tuple[int, int]]) -> Totals:
    """Of pairs (the reference, the list's value)."""
    whole = sum(reference for reference, _ in pairs)
    share = (lambda total: 1 - total / whole) if whole else (lambda total: 0.0)
    return Totals(
        improved=sum(value < reference for reference, value in pairs),
        regressed=sum(value > reference for reference, value in pairs),
        alone=share(sum(value for _, value in pairs)),
        with_oz=share(sum(min(pair) for pair in pairs)),
    )


def share(under: float) -> str:
    """A share under the reference in words."""
    return f"{under:.2%} smaller" if under >= 0 else f"{-under:.2%} larger"
