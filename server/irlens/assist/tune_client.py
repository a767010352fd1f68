"""The way to the search in the background: `class BackgroundTuner`, synchronous and thread-safe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from irlens.assist.tune_functions import Tuned
from irlens.cancel import CancelToken
from irlens.errors import LLVMRefused, LLVMStopped
from irlens.llvm.session import announce
from irlens.source.positions import to_utf8
from irlens.workers.pool import IDLE_S, Pool, WorkerDied, WorkerTimedOut, python_worker

_SLICE_S = 0.7
_LIMIT_S = 60.0


@dataclass(frozen=True)
class Turn:
    """What one turn of a search brought: what was found, of what could not be tuned alone why, whether more is left."""

    tuned: tuple[Tuned, ...]
    failed: dict[str, str]
    left: bool


class BackgroundTuner:
    """One process at low priority, started with the first search. `cache` is the file that results are kept in,
    `measure_with` the setting of that name."""

    def __init__(
        self, cache: Path, opt: str | None, memory_limit_mb: int, measure_with: str = "installed"
    ) -> None:
        command, environment = python_worker(
            "irlens.assist.tune_worker", str(cache), opt or "", str(memory_limit_mb), measure_with
        )
        self._pool = Pool(command, 1, env=environment, idle_s=IDLE_S)

    def turn(self, ir: str, budget: int, done: Sequence[str], cancel: CancelToken | None = None) -> Turn:
        """About a second of search: functions of the module, largest first, without those in `done`; then the module
        itself, under the name "". `budget` counts lists a function. Raises `LLVMRefused` where the module cannot be
        compiled, `LLVMStopped` where the search stops, `Cancelled`."""
        block = to_utf8(ir)
        job = {"op": "tune", "args": {"budget": budget, "skip": list(done), "slice_s": _SLICE_S}}
        try:
            answer = self._pool.run(job, block, limit_s=_LIMIT_S, cancel=cancel).header
        except (WorkerDied, WorkerTimedOut) as end:
            raise LLVMStopped(
                f"The search in the background stopped ({end}). Set `irlens.tune.background` to 0 to do without it."
            ) from end
        if "refused" in answer or "stopped" in answer:
            raise LLVMRefused(f"{answer.get('refused') or answer.get('stopped')}")
        tuned = tuple(Tuned(**each) for each in answer["tuned"])
        for each in tuned:
            announce(each.by)
        return Turn(tuned, answer["failed"], answer["left"])

    def worker_pids(self) -> tuple[int, ...]:
        """Process ids of the live workers."""
        return self._pool.pids()

    def close(self) -> None:
        """Kill the process; those that it started see that and end."""
        self._pool.close()
