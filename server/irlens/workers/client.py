"""What the clients of worker processes have in common: a pool of one kind of worker, and its life."""

from __future__ import annotations

import weakref
from typing import Self

from irlens.cancel import CancelToken
from irlens.confinement.walls import Walls
from irlens.workers.pool import IDLE_S, START_LIMIT_S, Answer, Pool, python_worker
from irlens.workers.wire import Header


class WorkerClient:
    """`workers` warm processes that run `module` of this package, each limited to `memory_limit_mb` MiB above
    the interpreter. Thread-safe. Use as a context manager, or call `close`. Nothing is started before the first
    job or `warm`, and all but `keep` workers end when there is nothing to do for a while."""

    def __init__(self, module: str, workers: int, memory_limit_mb: int, *, keep: int = 0) -> None:
        command, environment = python_worker(module, str(memory_limit_mb << 20))
        self.workers = workers
        self._pool = Pool(command, workers, env=environment, idle_s=IDLE_S, keep=keep)
        weakref.finalize(self, self._pool.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def run(self, job: Header, block: bytes, *, limit_s: float, cancel: CancelToken | None) -> Answer:
        """Give one job to a worker and wait, as `Pool.run`: `WorkerDied`, `WorkerTimedOut`, `Cancelled`."""
        return self._pool.run(job, block, limit_s=limit_s, cancel=cancel)

    def walls(self) -> Walls:
        """What stands around a worker, as that says itself. Raises as `run`."""
        said = self.run({"op": "walls"}, b"", limit_s=START_LIMIT_S, cancel=None).header
        return Walls(said["landlock"], said["seccomp"], said["why_not"])

    def warm(self, most: int | None = None) -> None:
        """Start the workers, or so many of them, in the background; returns at once."""
        self._pool.warm(most=most)

    def worker_pids(self) -> tuple[int, ...]:
        """Process ids of the live workers."""
        return self._pool.pids()

    def close(self) -> None:
        """Kill the workers. Jobs under way end in `Cancelled`."""
        self._pool.close()
