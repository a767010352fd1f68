"""The best list so far, for who stops a search: read off what passes through the cache."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from irlens.tuning.cache import Cache, Memory
from irlens.tuning.evaluation import Evaluation


class Watched(Cache):
    """`inner` (None: nothing is kept on disk), with an eye on the smallest that went through. Of one module."""

    def __init__(self, inner: Cache | None) -> None:
        self._inner = inner if inner is not None else Memory()
        self.best: Evaluation | None = None
        """Measured, but not made twice nor checked."""

    def find(self, scope: str, lists: Sequence[str]) -> dict[str, Evaluation]:
        found = self._inner.find(scope, lists)
        self._look(found.values())
        return found

    def keep(self, scope: str, results: Iterable[Evaluation]) -> None:
        results = list(results)
        self._look(results)
        self._inner.keep(scope, results)

    def close(self) -> None:
        """The inner one is its owner's to close."""

    def _look(self, results: Iterable[Evaluation]) -> None:
        for each in results:
            if each.value is not None and (self.best is None or each.value < (self.best.value or 0)):
                self.best = each
