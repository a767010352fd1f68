"""How long an event loop is held up: the processor time of each of its callbacks, on the loop's own thread.

Time on the clock says little on a busy machine, and what other threads and processes do meanwhile holds nobody up.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import threading
import time
from collections.abc import Iterator
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
        self._apart_s = 0.0
        self._thread = threading.get_ident()

    def __enter__(self) -> LoopWatch:
        self._run: Any = asyncio.events.Handle._run
        run, watch = self._run, self

        def timed(handle: asyncio.Handle) -> None:
            before = time.thread_time()
            watch._apart_s = 0.0
            try:
                run(handle)
            finally:
                took = time.thread_time() - before - watch._apart_s
                if took > watch.worst_s:
                    watch.worst_s, watch.what = took, repr(handle)[:400]

        asyncio.events.Handle._run = timed  # type: ignore[method-assign]
        gc.callbacks.append(self._collects)
        return self

    def _collects(self, phase: str, info: object) -> None:
        """What Python collects depends on all that the test run has made, and comes when it comes."""
        if threading.get_ident() == self._thread:
            self._apart_s += time.thread_time() * (-1 if phase == "start" else 1)

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.events.Handle._run = self._run  # type: ignore[method-assign]
        gc.callbacks.remove(self._collects)

    @contextlib.contextmanager
    def apart(self) -> Iterator[None]:
        """What a test's own client does inside a callback is not the server's."""
        before = time.thread_time()
        try:
            yield
        finally:
            self._apart_s += time.thread_time() - before

    def take(self) -> tuple[float, str]:
        """The longest since the last call."""
        worst = self.worst_s, self.what
        self.worst_s, self.what = 0.0, ""
        return worst


def is_too_long(took_s: float) -> bool:
    """Whether that is over the limit on this machine, as busy as it is just now: processors that share what they have
    with others take more time for the same."""
    if took_s <= LIMIT_S:
        return False
    pieces = sorted(_piece() for _ in range(7))
    return took_s > LIMIT_S * max(1.0, pieces[3] / _PIECE_S)


def _piece() -> float:
    before = time.thread_time()
    sum(number % 7 for number in range(250_000))
    return time.thread_time() - before
