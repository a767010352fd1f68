"""The way to the mechanical lifter: `class MechanicalLifter`, synchronous and thread-safe.

It must not import pypcode: that is its workers' alone.
"""

from __future__ import annotations

import weakref

from irlens.cancel import CancelToken
from irlens.mechanical.answers import Lifted, Uncovered
from irlens.workers.pool import Pool, WorkerDied, WorkerTimedOut, python_worker


class MechanicalLifter:
    """pypcode behind `workers` warm processes, each limited to `memory_limit_mb` MiB above the interpreter.
    Use as a context manager, or call `close`. Nothing is started before the first lift or `warm`."""

    def __init__(self, workers: int = 1, time_limit_s: float = 5.0, memory_limit_mb: int = 1024) -> None:
        self.time_limit_s = time_limit_s
        command, environment = python_worker("irlens.mechanical.worker", str(memory_limit_mb << 20))
        self._pool = Pool(command, workers, env=environment)
        weakref.finalize(self, self._pool.close)

    def __enter__(self) -> MechanicalLifter:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def lift(
        self,
        object_file: bytes,
        function: str,
        triple: str,
        *,
        cancel: CancelToken | None = None,
        timeout_s: float | None = None,
    ) -> Lifted:
        """IR of one function of an ELF object for x86-64 or AArch64, before LLVM's clean-up.

        `timeout_s` is seconds of the job itself (default `time_limit_s`). Raises `Uncovered` for what cannot
        be lifted, also when the lifter stops on it, and `Cancelled`.
        """
        limit = self.time_limit_s if timeout_s is None else timeout_s
        header = {"op": "lift", "args": {"function": function, "triple": triple}}
        try:
            answer = self._pool.run(header, object_file, limit_s=limit, cancel=cancel)
        except WorkerTimedOut as late:
            raise Uncovered(
                f"Lifting {function} took longer than {late.seconds:g} s. Raise the time limit, or use the "
                "model's lift.",
                "time limit",
            ) from late
        except WorkerDied as death:
            if not death.started:
                raise Uncovered(
                    "The mechanical lifter does not start. Check that pypcode is installed with irlens "
                    "(`irlens doctor`).",
                    "no worker",
                ) from death
            raise Uncovered(
                f"The mechanical lifter stopped on {function}. Use the model's lift for it.", "stopped"
            ) from death
        if "stopped" in answer.header:
            raise Uncovered(
                f"The mechanical lifter stopped on {function}: {answer.header['stopped']}. "
                "Use the model's lift for it.",
                "stopped",
            )
        if "refused" in answer.header:
            raise Uncovered(answer.header["refused"], answer.header.get("what", ""))
        return Lifted(answer.block.decode(), tuple(answer.header["notes"]))

    def warm(self) -> None:
        """Start the workers in the background; returns at once."""
        self._pool.warm()

    def worker_pids(self) -> tuple[int, ...]:
        """Process ids of the live workers."""
        return self._pool.pids()

    def close(self) -> None:
        """Kill the workers. Jobs under way end in `Cancelled`."""
        self._pool.close()
