"""Warm child processes that do one job at a time, each with its own pipes, supervised.

What a caller of `Pool.run` may rely on:
- every call ends in exactly one of: an answer to its own question, `WorkerDied`, `WorkerTimedOut`,
  `Cancelled`. A job that its worker had not begun when the worker died is given to another one;
- a worker that died, overran its time or was cancelled is killed and replaced at once;
- workers exit when this process ends, however it ends: their request pipe closes, and a thread in them
  waits for nothing else.

Why not a library: pebble 5.2 was tried. Its workers share one pair of pipes and one lock, so a worker that
is killed at the wrong moment takes the others with it (killing an idle worker with SIGKILL made every later
job fail with "Unexpected error within the Pool"), a job may be lost or wait for ever, a death is seen up to
0.1 s late, and answers are pickles. concurrent.futures gives the whole pool up when one worker dies.

This module knows nothing of what its workers do.
"""

from __future__ import annotations

import itertools
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from irlens.cancel import Cancelled, CancelToken
from irlens.confinement import environment
from irlens.workers.spawn import group, spawn
from irlens.workers.wire import BrokenFrame, Header, read_frame, read_tail, write_frame

START_LIMIT_S = 20.0
"""Longest wait for a worker to start, load its libraries and take its first job: 0.3 to 1.5 s on a quiet machine. Two
that hang in a row are waited for before a job gives up, and somebody waits for the job."""
TAKE_LIMIT_S = 10.0
"""Longest wait for a worker that has worked before to take another job. It only has to read it; one that does not is
stopped or hangs, and the job is given to another."""
MAX_FAILED_STARTS = 3
"""Workers that end on their own before they are ready, for one job, until it gives up."""
MAX_HUNG_WORKERS = 2
"""Workers that do not take a job within their limit, for one job, until it gives up."""
MAX_LOST_WORKERS = 50
"""Workers killed from outside before they began a job, for one job, until it gives up."""
IDLE_S = 60.0
"""How long a worker is kept warm without a job. One that is needed again starts anew, which takes some tenths of a
second."""
_CANCEL_SLICE_S = 0.02
_STDERR_TAIL = 64 << 10


@dataclass(frozen=True)
class Answer:
    """What the worker said, and what its libraries printed to stderr during this job alone."""

    header: Header
    block: bytes
    stderr: str


class WorkerDied(Exception):
    """The worker ended while it had the job. `returncode` as `subprocess` has it: -N for signal N."""

    def __init__(
        self, returncode: int | None, stderr: str, *, started: bool = True, hung: bool = False
    ) -> None:
        super().__init__(f"worker ended with {returncode}")
        self.returncode = returncode
        self.stderr = stderr
        self.started = started
        self.hung = hung
        """Whether it was killed because it did not take the job."""


class WorkerTimedOut(Exception):
    """The job ran for `seconds` and was killed."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no answer in {seconds:g} s")
        self.seconds = seconds


class _Worker:
    """One child. Used by one job at a time; its own thread moves the bytes, so that a child which stops
    reading or writing can hold up nobody's clock."""

    def __init__(self, command: Sequence[str], env: dict[str, str] | None) -> None:
        self.ready = False
        self.idle_since = time.monotonic()
        self._doomed = False
        self._ending = threading.Lock()
        self._ended = False
        self._errors: IO[bytes] = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
        try:
            # As a rule in a process group of its own, which no wall lets it leave: killing the group ends all that it
            # started.
            self.process = spawn(
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env=env,
                **group(),
            )
        except BaseException:
            self._errors.close()
            raise
        self._requests: queue.SimpleQueue[tuple[Header, bytes] | None] = queue.SimpleQueue()
        self._events: queue.SimpleQueue[tuple[Header, bytes] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._move, name="worker-pipes", daemon=True)
        self._thread.start()

    def _move(self) -> None:
        """Write each request, pass on what comes back; None to the job when the child is gone."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            while (request := self._requests.get()) is not None:
                write_frame(stdin, *request)
                while (frame := read_frame(stdout)) is not None:
                    self._events.put(frame)
                    if frame[0].get("event") == "answer":
                        break
                else:
                    break
        except (OSError, ValueError, BrokenFrame):
            pass
        finally:
            self._end()
            self._events.put(None)

    def _end(self) -> None:
        self._kill()
        with self._ending:
            self._ended = True
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                pass

    def ask(
        self,
        header: Header,
        block: bytes,
        limit_s: float,
        cancel: CancelToken | None,
        closed: threading.Event,
    ) -> Answer:
        """One job. After `WorkerDied`, `WorkerTimedOut` or `Cancelled` this worker is dead."""
        self._requests.put((header, block))
        began = False
        deadline = time.monotonic() + (TAKE_LIMIT_S if self.ready else START_LIMIT_S)
        while True:
            try:
                event = self._events.get(timeout=self._slice(deadline, cancel))
            except queue.Empty:
                if closed.is_set() or (cancel is not None and cancel.cancelled):
                    self.kill()
                    raise Cancelled from None
                if time.monotonic() >= deadline:
                    self.kill()
                    if not began:
                        raise WorkerDied(None, self.stderr(), started=False, hung=True) from None
                    raise WorkerTimedOut(limit_s) from None
                continue
            if event is None:
                if closed.is_set():
                    raise Cancelled
                raise WorkerDied(self.process.returncode, self.stderr(), started=began)
            answer, answer_block = event
            kind = answer.get("event")
            if (
                answer.get("id") != header["id"]
                or kind not in ("began", "answer")
                or (kind == "began" and began)
            ):
                # Whoever has taken it over: one beginning and one answer is all that a worker says.
                self.kill()
                raise WorkerDied(None, "the worker said what is no answer to the job", started=began)
            if kind == "answer":
                said = answer.get("stderr", "")
                return Answer(answer, answer_block, said if isinstance(said, str) else "")
            began = self.ready = True
            deadline = time.monotonic() + limit_s

    @staticmethod
    def _slice(deadline: float, cancel: CancelToken | None) -> float:
        left = max(0.0, deadline - time.monotonic())
        return left if cancel is None else min(left, _CANCEL_SLICE_S)

    @property
    def alive(self) -> bool:
        return not self._doomed and self._thread.is_alive() and self.process.poll() is None

    def stderr(self) -> str:
        """What the child printed since it took its last job; at most the last 64 KiB."""
        try:
            return read_tail(self._errors.fileno(), _STDERR_TAIL)
        except (OSError, ValueError):
            return ""

    def kill(self) -> None:
        """Kill the child; its thread sees the end of the pipe and ends too."""
        self._doomed = True
        self._kill()
        self._requests.put(None)

    def _kill(self) -> None:
        """The whole group, also where the child itself is dead and something that it started lives."""
        with self._ending:
            if self._ended:
                return  # its number may be another's by now
            try:
                if hasattr(os, "killpg"):
                    os.killpg(self.process.pid, signal.SIGKILL)
                else:
                    self.process.kill()
            except OSError:
                self.process.kill()

    def close(self) -> None:
        self.kill()
        self._thread.join(timeout=5)
        self._errors.close()


def python_worker(module: str, *arguments: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Command and environment that run a module of this package as a worker, whatever the working directory
    is and with nothing importable from it, and with none of the user's secrets."""
    return (sys.executable, "-P", "-m", module, *arguments), environment.python()


class Pool:
    """`size` warm workers behind one thread-safe call. Nothing is started before the first job or `warm`. With `idle_s`
    all but `keep` of them end when they had no job for so many seconds."""

    def __init__(
        self,
        command: Sequence[str],
        size: int,
        *,
        env: dict[str, str] | None = None,
        idle_s: float | None = None,
        keep: int = 0,
    ) -> None:
        if size < 1:
            raise ValueError("a pool needs at least one worker")
        self._command = tuple(command)
        self._env = env
        self._owner = os.getpid()
        self._ids = itertools.count(1)
        self._closed = threading.Event()
        self._changed = threading.Condition()
        self._idle: list[_Worker | None] = [None] * size
        self._busy: set[_Worker] = set()
        self._idle_s, self._keep = idle_s, keep
        self._reaper: threading.Timer | None = None
        self.replaced = 0
        """Workers that were replaced so far, for status and tests."""

    def run(self, header: Header, block: bytes, *, limit_s: float, cancel: CancelToken | None) -> Answer:
        """Give one job to a worker and wait. `limit_s` counts from when a worker has begun the job.

        Raises `WorkerDied`, `WorkerTimedOut`, `Cancelled` (also when the pool is closed meanwhile).
        """
        failed = lost = hung = 0
        while True:
            if cancel is not None:
                cancel.check()
            worker = self._acquire(cancel)
            try:
                return worker.ask({**header, "id": next(self._ids)}, block, limit_s, cancel, self._closed)
            except WorkerDied as death:
                if death.started:
                    raise
                if death.hung:
                    hung += 1
                    if hung >= MAX_HUNG_WORKERS:
                        raise
                    continue
                # It had not begun this job, so nothing is done twice when another worker gets it.
                by_itself = not worker.ready and (death.returncode is None or death.returncode >= 0)
                failed, lost = failed + by_itself, lost + (not by_itself)
                if failed >= MAX_FAILED_STARTS or lost >= MAX_LOST_WORKERS:
                    raise
            finally:
                self._release(worker)

    def warm(self, then: Callable[[], Any] | None = None, *, most: int | None = None) -> None:
        """Start the workers that are not running (`most`: until so many run) in the background, and return at once."""
        threading.Thread(target=self._warm, args=(then, most), name="llvm-warm", daemon=True).start()

    def _warm(self, then: Callable[[], Any] | None, most: int | None) -> None:
        with self._changed:
            empty = [index for index, worker in enumerate(self._idle) if worker is None]
            run = len(self._busy) + len(self._idle) - len(empty)
            # From the end, where the next job looks first.
            for index in empty[::-1][: None if most is None else max(0, most - run)]:
                if not self._closed.is_set():
                    self._idle[index] = self._start()
            self._watch_idle()
        if then is not None:
            then()

    def pids(self) -> tuple[int, ...]:
        """Process ids of the workers that are alive now."""
        with self._changed:
            workers = [*self._busy, *(worker for worker in self._idle if worker is not None)]
        return tuple(worker.process.pid for worker in workers if worker.alive)

    def close(self) -> None:
        """Kill all workers. Jobs under way end in `Cancelled`, as do later ones. Safe to call twice, and
        without effect in a fork of the process that owns the workers."""
        if os.getpid() != self._owner:
            return
        self._closed.set()
        with self._changed:
            workers = [*self._busy, *(worker for worker in self._idle if worker is not None)]
            self._idle = [None for _ in self._idle]
            if self._reaper is not None:
                self._reaper.cancel()
            self._changed.notify_all()
        for worker in workers:
            worker.close()

    def _watch_idle(self) -> None:
        """See to it that workers without a job are ended in time; for whoever has the lock."""
        waiting = [worker.idle_since for worker in self._idle if worker is not None]
        spare = len(waiting) + len(self._busy) - self._keep
        if (
            self._idle_s is None
            or self._reaper is not None
            or self._closed.is_set()
            or not waiting
            or spare <= 0
        ):
            return
        left = min(waiting) + self._idle_s - time.monotonic()
        self._reaper = threading.Timer(max(0.0, left), self._end_idle)
        self._reaper.daemon = True
        self._reaper.start()

    def _end_idle(self) -> None:
        """The timer's thread: end those that had no job for so long, and wait for the next."""
        assert self._idle_s is not None
        ended: list[_Worker] = []
        with self._changed:
            self._reaper = None
            if self._closed.is_set():
                return
            there = [(worker.idle_since, at) for at, worker in enumerate(self._idle) if worker is not None]
            spare = len(there) + len(self._busy) - self._keep
            for since, at in sorted(there)[: max(0, spare)]:
                worker = self._idle[at]
                if worker is not None and time.monotonic() - since >= self._idle_s:
                    ended.append(worker)
                    self._idle[at] = None
            self._watch_idle()
        for worker in ended:
            worker.close()

    def _start(self) -> _Worker | None:
        try:
            return _Worker(self._command, self._env)
        except OSError:
            return None  # out of processes or memory just now: the next job tries again and reports it

    def _acquire(self, cancel: CancelToken | None) -> _Worker:
        with self._changed:
            while not self._closed.is_set():
                if cancel is not None:
                    cancel.check()
                if self._idle:
                    # A live one before an empty place, the last used before others: its caches are warm.
                    best = max(range(len(self._idle)), key=lambda i: (self._idle[i] is not None, i))
                    worker = self._idle.pop(best)
                    if worker is None or not worker.alive:
                        if worker is not None:
                            self.replaced += 1
                            worker.close()
                        try:
                            worker = _Worker(self._command, self._env)
                        except OSError as error:
                            self._idle.append(None)
                            self._changed.notify_all()
                            raise WorkerDied(None, str(error), started=False) from error
                    self._busy.add(worker)
                    return worker
                self._changed.wait(timeout=None if cancel is None else _CANCEL_SLICE_S)
        raise Cancelled

    def _release(self, worker: _Worker) -> None:
        replacement: _Worker | None = worker
        if not worker.alive or self._closed.is_set():
            worker.close()
            replacement = None if self._closed.is_set() else self._start()
        with self._changed:
            self._busy.discard(worker)
            if replacement is not worker:
                self.replaced += 1
            if self._closed.is_set() and replacement is not None:
                replacement.close()
                replacement = None
            if replacement is not None:
                replacement.idle_since = time.monotonic()
            self._idle.append(replacement)
            self._watch_idle()
            # All, not one: the one that is woken may be about to leave because its job was cancelled.
            self._changed.notify_all()
