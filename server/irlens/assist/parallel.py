"""Many jobs of one kind, some at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from irlens.cancel import Cancelled, CancelToken

Item = TypeVar("Item")
Result = TypeVar("Result")

_LOOK_S = 0.2
"""How often a wait looks for signals: Python handles them on the main thread, between its waits."""


def in_parallel(
    items: Sequence[Item],
    work: Callable[[Item], Result],
    jobs: int,
    cancel: CancelToken | None = None,
    *,
    in_order: bool = True,
) -> Iterator[Result]:
    """The results of `work`, on `jobs` threads, in the order of the items or, without `in_order`, as they come.

    What `work` raises is raised here. Then, and when the caller stops asking, no further item is begun, and the token
    goes up for those under way, which are waited for. Raises `Cancelled` where it goes up before all is done.
    """
    if jobs <= 1 or len(items) <= 1:
        for item in items:
            if cancel is not None:
                cancel.check()
            yield work(item)
        return
    number = 0
    running: dict[Future[Result], int] = {}
    done: dict[int, Result] = {}
    given = 0
    with ThreadPoolExecutor(jobs, thread_name_prefix="job") as threads:
        try:
            while True:
                stopped = cancel is not None and cancel.cancelled
                while len(running) < jobs and number < len(items) and not stopped:
                    running[threads.submit(work, items[number])] = number
                    number += 1
                if not running:
                    break
                ended, _ = wait(running, _LOOK_S, FIRST_COMPLETED)
                for future in ended:
                    at = running.pop(future)
                    result = future.result()
                    if in_order:
                        done[at] = result
                    else:
                        yield result
                while given in done:
                    yield done.pop(given)
                    given += 1
        except BaseException:
            if cancel is not None:
                cancel.cancel()
            raise
    if cancel is not None and cancel.cancelled and number < len(items):
        raise Cancelled
