"""How long an event loop is held up: the processor time of each of its callbacks, on the loop's own thread.

Time on the clock says little on a busy machine, and what other threads and processes do meanwhile holds nobody up.
"""

from __future__ import annotations

import asyncio
import time
from functools import cache
from types import TracebackType
from typing import Any

LIMIT_S = 0.1
"""Longest that one callback may take on a machine as quick as those that irlens is developed on."""
_PIECE_S = 0.010
"""Seconds that `_piece` takes there."""


class LoopWatch:
    """Watches every callback of the loops of this thread while the block lasts. `worst` is the longest so far."""

    def __init__(self) -> None:
        self.worst_s = 0.0
        self.what = ""

    def __enter__(self) -> LoopWatch:
        self._run: Any = asyncio.events.Handle._run
        run, watch = self._run, self

        def timed(handle: asyncio.Handle) -> None:
            before = time.thread_time()
            try:
                run(handle)
            finally:
                took = time.thread_time() - before
                if took > watch.worst_s:
                    watch.worst_s, watch.what = took, repr(handle)[:400]

        asyncio.events.Handle._run = timed  # type: ignore[method-assign]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.events.Handle._run = self._run  # type: ignore[method-assign]

    def take(self) -> tuple[float, str]:
        """The longest since the last call."""
        worst = self.worst_s, self.what
        self.worst_s, self.what = 0.0, ""
        return worst


@cache
def limit_s() -> float:
    """`LIMIT_S` on this machine."""
    return LIMIT_S * max(1.0, min(_piece() for _ in range(5)) / _PIECE_S)


def _piece() -> float:
    before = time.thread_time()
    sum(number % 7 for number in range(250_000))
    return time.thread_time() - before
