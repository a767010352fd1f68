"""Where slow calls run, and how they are called off.

pygls reads nothing on its own pool here, and no handler runs there: pools of our own keep a lift of a
minute from holding up the diagnostics of the next keystroke. The rule of every slow call: one `CancelToken`,
which goes up when the asyncio task that waits for it is cancelled.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, TypeVar
from weakref import WeakValueDictionary

from irlens.cancel import Cancelled, CancelToken
from irlens.errors import UnusableInput

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
Pool = Literal["texts", "quick", "slow", "background", "downloads"]

GRACE_S = 0.5
"""Grace for automatic work with LLVM. A job that is called off costs its worker's life, and a new worker
takes longer to start than most jobs to end."""

QUICK_THREADS, SLOW_THREADS = 4, 3
"""Threads only wait for worker processes, so their number bounds jobs in flight, not processors."""
TEXT_THREADS = 4
"""Documents that are read at a time. These threads do work, but one alone would be every document's."""


class Work:
    """The server's thread pools: "texts" for what only reads a large text, "quick" for what LLVM answers, "slow" for
    what waits on the model, one thread for what nobody waits for, and two for downloads, which take hours and hold up
    nothing else."""

    def __init__(self) -> None:
        self._pools: dict[Pool, ThreadPoolExecutor] = {
            "texts": ThreadPoolExecutor(TEXT_THREADS, "irlens-texts"),
            "quick": ThreadPoolExecutor(QUICK_THREADS, "irlens-quick"),
            "slow": ThreadPoolExecutor(SLOW_THREADS, "irlens-slow"),
            "background": ThreadPoolExecutor(1, "irlens-background"),
            "downloads": ThreadPoolExecutor(2, "irlens-downloads"),
        }
        self._running: set[CancelToken] = set()
        self._turns: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    async def run(
        self,
        pool: Pool,
        call: Callable[[CancelToken], Result],
        cancel: CancelToken | None = None,
        *,
        grace_s: float = 0.0,
        turn_of: Hashable = None,
    ) -> Result:
        """Run `call` on a thread of the pool. When the awaiting task is cancelled the token goes up, after
        `grace_s` seconds in which the call may end by itself. Calls with the same `turn_of` run one after the other:
        one that goes on after it was called off holds up those, and no others.

        `Cancelled` from the call becomes `asyncio.CancelledError`, so callers know one kind of cancel.
        """
        token = cancel or CancelToken()
        turn = None if turn_of is None else self._turns.setdefault(turn_of, asyncio.Lock())
        if turn is not None:
            await turn.acquire()
        try:
            future = self._pools[pool].submit(_guarded(call, token))
        except RuntimeError as error:
            if turn is not None:
                turn.release()
            if "thread" in str(error):  # "can't start new thread"
                raise UnusableInput(
                    "The system starts no more threads for irlens. Close other programs, or raise its limits (`ulimit -v`, "
                    "`ulimit -u`)."
                ) from error
            raise asyncio.CancelledError from None  # the pools are closed: the session is ending
        if turn is not None:
            loop, release = asyncio.get_running_loop(), turn.release

            def next_turn(done: object) -> None:
                """Any thread."""
                with contextlib.suppress(RuntimeError):  # the loop has ended
                    loop.call_soon_threadsafe(release)

            future.add_done_callback(next_turn)
        self._running.add(token)
        future.add_done_callback(lambda done: self._running.discard(token))
        try:
            return await asyncio.wrap_future(future)
        except Cancelled:
            raise asyncio.CancelledError from None
        except asyncio.CancelledError:
            if grace_s > 0:
                asyncio.get_running_loop().call_later(grace_s, token.cancel)
            else:
                token.cancel()
            raise

    def cancel_all(self) -> None:
        for token in self._running.copy():
            token.cancel()

    def close(self) -> None:
        """Call everything off and take nothing new. Does not wait for threads."""
        self.cancel_all()
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)


def _guarded(call: Callable[[CancelToken], Result], token: CancelToken) -> Callable[[], Result]:
    def run() -> Result:
        token.check()  # it may have been called off while it waited for a thread
        return call(token)

    return run


class Latest:
    """At most one task a key: a newer one calls the older off. For automatic work only; what a user asked
    for is not keyed here and runs to its end."""

    def __init__(self) -> None:
        self._tasks: dict[Hashable, asyncio.Task[None]] = {}

    def start(
        self, key: Hashable, make: Callable[[], Awaitable[None]], *, delay_s: float = 0.0
    ) -> asyncio.Task[None]:
        """Run `make()` after `delay_s`, unless another start or `drop` of the key comes first."""
        self.drop(key)
        task = asyncio.get_running_loop().create_task(_after(delay_s, make))
        self._tasks[key] = task
        task.add_done_callback(lambda done: self._forget(key, done))
        return task

    def drop(self, key: Hashable) -> None:
        task = self._tasks.pop(key, None)
        if task is not None:
            task.cancel()

    def drop_where(self, chosen: Callable[[Hashable], bool]) -> None:
        for key in [key for key in self._tasks if chosen(key)]:
            self.drop(key)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._tasks

    def close(self) -> None:
        self.drop_where(lambda key: True)

    def _forget(self, key: Hashable, done: asyncio.Task[None]) -> None:
        if self._tasks.get(key) is done:
            del self._tasks[key]
        if not done.cancelled() and (error := done.exception()) is not None:
            logger.error("automatic work %s failed", key, exc_info=error)


async def _after(delay_s: float, make: Callable[[], Awaitable[None]]) -> None:
    if delay_s > 0:
        await asyncio.sleep(delay_s)
    await make()


class Pause:
    """How long to wait after an edit: twice what the last look took, within limits.

    A file that takes 5 ms is looked at almost while typing, one that takes a second when the user stops.
    """

    RATIO, LONGEST_S = 2.0, 3.0

    def __init__(self) -> None:
        self._took: dict[str, float] = {}

    def took(self, key: str, seconds: float) -> None:
        self._took[key] = seconds

    def forget(self, key: str) -> None:
        self._took.pop(key, None)

    def seconds(self, key: str, shortest_s: float) -> float:
        wanted = self.RATIO * self._took.get(key, 0.0)
        return max(shortest_s, min(self.LONGEST_S, wanted))
