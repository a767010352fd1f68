"""The ranked library of pass lists, and which of them to try next on this module. Pure but for the data file.

`library.json` comes from `irlens.training.lists`: lists that were the smallest for some real module, with what each
made of a sample of modules. A module's answers to the lists tried so far say which modules of the sample it is like;
the next list is the one that would help those most. Before any answer that is the order of the file.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from irlens.tuning.genome import Gene
from irlens.tuning.vocabulary import SPELLING

UNIT = 1000
"""Sizes are kept as thousandths of -Oz."""


@dataclass(frozen=True)
class Library:
    """`lists` in ranked order; `sizes[i][m]` is list i's size on module m of the sample, in thousandths of -Oz's (None:
    it could not be measured); `weights` say how often a pass stood in the best list of a module."""

    lists: tuple[str, ...]
    sizes: tuple[tuple[int | None, ...], ...]
    weights: dict[Gene, float]
    source: dict[str, Any]


@cache
def library(codegen: str, whole: bool) -> Library:
    """Of the code generation `build` or `paper`; for llvmlite alone where not `whole`."""
    from pkgutil import get_data

    data = get_data("irlens.tuning", "library.json")
    if data is None:
        raise FileNotFoundError("irlens was installed without irlens/tuning/library.json. Install it again.")
    read = json.loads(data)
    part = read["libraries"][f"{codegen} {'opt' if whole else 'llvmlite'}"]
    return Library(
        tuple(part["lists"]),
        tuple(tuple(None if each < 0 else each for each in row) for row in part["sizes"]),
        {Gene(level, text): weight for level, text, weight in part["weights"]},
        {**read["source"], **part["source"]},
    )


def spelled_for(of: Library, release: int) -> Library:
    """The same with the lists as this LLVM spells them: before 18 instcombine looks for no fixpoint, and has no
    parameter that says so."""
    if release >= 18:
        return of
    old = tuple(each.replace(SPELLING["instcombine"], "instcombine") for each in of.lists)
    return replace(of, lists=old)


class Chooser:
    """Which lists of the library come next. `observe` every answer, then ask for the `next`."""

    SHARPNESS = 60.0
    """How fast a module of the sample stops counting as its answers differ: e times less at a mean difference of
    1/60 of -Oz's size. On 60 modules of `develop`, 24 lists, an earlier library came to a mean of 5.64 %
    with 0 (the order of the file), 5.92 with 20, 5.89 with 60, 6.03 with 150: that it is used matters, its value does not."""

    def __init__(self, of: Library) -> None:
        self._of = of
        self._left = dict.fromkeys(range(len(of.lists)))
        self._modules = range(len(of.sizes[0]) if of.sizes else 0)
        self._distance = [0.0] * len(self._modules)
        self._seen = 0
        self._at = {passes: number for number, passes in enumerate(of.lists)}
        self._best = 1.0

    def observe(self, passes: str, ratio: float | None) -> None:
        """The list's size on this module, as a share of -Oz's; None where there is none."""
        if ratio is not None:
            self._best = min(self._best, ratio)
        number = self._at.get(passes)
        if number is None or ratio is None:
            return
        self._seen += 1
        for module, size in zip(self._modules, self._of.sizes[number], strict=True):
            self._distance[module] += min(abs(ratio - (size or UNIT) / UNIT), 0.1)

    def next(self, count: int) -> list[str]:
        """The most promising lists that were not given out yet, taken together."""
        weights = self._weights()
        now = [self._best] * len(weights)
        chosen: list[str] = []
        while self._left and len(chosen) < count:
            number = max(self._left, key=lambda each: self._gain(each, weights, now))
            del self._left[number]
            chosen.append(self._of.lists[number])
            row = self._of.sizes[number]
            now = [min(best, (size or UNIT) / UNIT) for best, size in zip(now, row, strict=True)]
        return chosen

    def _weights(self) -> list[float]:
        if not self._seen:
            return [1.0] * len(self._distance)
        means = [distance / self._seen for distance in self._distance]
        nearest = min(means, default=0.0)
        return [math.exp(-self.SHARPNESS * (mean - nearest)) for mean in means]

    def _gain(self, number: int, weights: list[float], now: list[float]) -> float:
        total = 0.0
        for size, weight, best in zip(self._of.sizes[number], weights, now, strict=True):
            if size is not None and size < best * UNIT:
                total += weight * (best - size / UNIT)
        return total
