"""The way to the mechanical lifter: `class MechanicalLifter`, synchronous and thread-safe.

It must not import pypcode: that is its workers' alone.
"""

from __future__ import annotations

from irlens.cancel import CancelToken
from irlens.mechanical.answers import Lifted, Uncovered
from irlens.workers.client import WorkerClient
from irlens.workers.pool import WorkerDied, WorkerTimedOut


class MechanicalLifter(WorkerClient):
    """pypcode behind `workers` warm processes. A job may take `time_limit_s` seconds."""

    def __init__(self, workers: int = 1, time_limit_s: float = 5.0, memory_limit_mb: int = 1024) -> None:
        super().__init__("irlens.mechanical.worker", workers, memory_limit_mb)
        self.time_limit_s = time_limit_s

    def lift(
        self,
        object_file: bytes,
        function: str,
        triple: str,
        *,
        keep_frame: bool = False,
        cancel: CancelToken | None = None,
        timeout_s: float | None = None,
    ) -> Lifted:
        """IR of one function of an ELF object for x86-64 or AArch64, before LLVM's clean-up.

        `keep_frame` leaves the frame's variables in memory, as unoptimised code has them. `timeout_s` is seconds
        of the job itself (default `time_limit_s`). Raises `Uncovered` for what cannot be lifted, also when the
        lifter stops on it, and `Cancelled`.
        """
        limit = self.time_limit_s if timeout_s is None else timeout_s
        header = {"op": "lift", "args": {"function": function, "triple": triple, "keep_frame": keep_frame}}
        try:
            answer = self.run(header, object_file, limit_s=limit, cancel=cancel)
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
