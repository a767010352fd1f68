"""Files that changed on disk and wait to be looked at.

A change of branch touches a hundred thousand files in one message. So a URI waits once, a few files are looked at at a
time, and of what is too much only the files that something is said of are looked at.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable

logger = logging.getLogger(__name__)

MOST_WAITING = 2000
"""Files that wait at a time."""
AT_A_TIME = 2
"""Files that are looked at at a time: open documents want threads too."""


class DiskChanges:
    """A queue of URIs. `look` gives the task that looks at one; a change of a file calls off what `drop` calls off for
    it. Loop thread only."""

    def __init__(
        self,
        look: Callable[[str], asyncio.Task[None]],
        drop: Callable[[str], None],
        is_known: Callable[[str], bool],
    ) -> None:
        self._look = look
        self._drop = drop
        self._is_known = is_known
        self._due: dict[str, float] = {}
        self._left_out = 0
        self._workers: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        return len(self._due)

    def add(self, uris: Iterable[str], pause_s: Callable[[str], float]) -> None:
        """Have each file looked at after its pause, which begins anew where the file waits already."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for uri in uris:
            if uri not in self._due and len(self._due) >= MOST_WAITING and not self._is_known(uri):
                self._left_out += 1
                continue
            self._drop(uri)
            self._due[uri] = now + pause_s(uri)
        self._changed.set()
        self._staff()

    def close(self) -> None:
        self._due.clear()
        for worker in self._workers:
            worker.cancel()

    def _staff(self) -> None:
        while len(self._workers) < min(AT_A_TIME, len(self._due)):
            worker = asyncio.get_running_loop().create_task(self._work())
            self._workers.add(worker)
            worker.add_done_callback(self._ended)

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._due:
            uri = min(self._due, key=self._due.__getitem__)
            if (wait_s := self._due[uri] - loop.time()) > 0:
                self._changed.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), wait_s)
                continue  # another may be due first by now, or none
            del self._due[uri]
            await asyncio.wait({self._look(uri)})

    def _ended(self, worker: asyncio.Task[None]) -> None:
        self._workers.discard(worker)
        if not worker.cancelled() and (error := worker.exception()) is not None:
            logger.error("looking at changed files failed", exc_info=error)
        self._staff()  # a file may have come after this worker's last look at the queue
        if self._left_out and not self._workers:
            logger.warning(
                "more than %d files changed at once; %d of them are looked at when they change again or are opened",
                MOST_WAITING,
                self._left_out,
            )
            self._left_out = 0
