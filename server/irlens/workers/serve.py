"""The loop of a worker process: jobs from fd 0, answers to what was fd 1, one at a time (see `wire`).

What the worker's own module gives is `load`: it imports the native library and returns the operations. The
library may print what it likes: fd 1 is moved away before it is loaded and then points at stderr, and stderr
is a file of the parent's that is emptied when a job begins, so one job's output never shows in another's.

Between the two the process is confined (`irlens.confinement`): the library is trusted, what a job brings is not.

The job runs on the main thread (its stack is the largest); a second thread reads jobs and ends the process
as soon as the parent is gone, also in the middle of a job.
"""

from __future__ import annotations

import gc
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cache
from typing import BinaryIO

from irlens.confinement import nowhere
from irlens.confinement.policy import Confinement
from irlens.confinement.walls import confine
from irlens.workers.spawn import end_with_parent
from irlens.workers.wire import BrokenFrame, Header, read_frame, read_tail, write_frame

RETIRE_ABOVE_BYTES = 768 << 20
"""A worker whose resident memory is above this after a job is replaced: LLVM's heap does not shrink."""
_STDERR_LIMIT = 64 << 10

Answer = tuple[Header, bytes]
Operations = Mapping[str, Callable[..., Answer]]
"""By name. Each takes the job's bytes and keyword arguments, and answers with a JSON-ready header and bytes."""


class Refused(Exception):
    """The input was read and cannot be worked on: an answer, no failure. `details` are JSON-ready fields that
    go with it in the answer's header."""

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.details = details


def serve(
    load: Callable[[], Operations], memory_limit_bytes: int = 0, confinement: Confinement | None = None
) -> None:
    """Serve jobs until the parent closes the pipe. `memory_limit_bytes` is for the job's address space, above
    what the bare interpreter maps; 0 is no limit. `confinement` is what a job may do; None, for a worker that only
    starts others, is whatever the user may."""
    end_with_parent()
    requests, answers = _take_pipes()
    _statm_file()
    _limit(memory_limit_bytes)
    operations = load()
    if confinement is not None:
        nowhere.leave()
        standing = asdict(confine(confinement))
        operations = {**operations, "walls": lambda block: (standing, b"")}
    gc.collect()
    gc.freeze()  # what was imported is never looked at again
    # Not before: a wall binds the thread that builds it, and those that it starts.
    jobs: queue.SimpleQueue[tuple[Header, bytes]] = queue.SimpleQueue()
    threading.Thread(target=_read_jobs, args=(requests, jobs), daemon=True).start()
    while True:
        header, block = jobs.get()
        _empty_stderr()
        write_frame(answers, {"event": "began", "id": header["id"]})
        answer, answer_block = _run(operations, header, block)
        answer |= {"event": "answer", "id": header["id"], "stderr": _stderr()}
        write_frame(answers, answer, answer_block)
        if answer.get("retire") or _resident_bytes() > RETIRE_ABOVE_BYTES:
            os._exit(0)
        # What a native library holds is small to Python's collector, which would leave an engine of megabytes for hours.
        del answer, answer_block, header, block
        gc.collect()


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Private copies of fd 0 and fd 1; fd 0 becomes /dev/null and fd 1 becomes stderr."""
    requests = os.fdopen(os.dup(0), "rb", buffering=1 << 16)
    answers = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the parent to handle
    return requests, answers


def _read_jobs(requests: BinaryIO, jobs: queue.SimpleQueue[tuple[Header, bytes]]) -> None:
    try:
        while (frame := read_frame(requests)) is not None:
            jobs.put(frame)
    except (OSError, BrokenFrame):
        pass
    os._exit(0)


def _limit(memory_bytes: int) -> None:
    """Cap the address space at `memory_bytes` above what the bare interpreter maps, where the system can;
    leave no core files behind."""
    try:
        import resource
    except ImportError:
        return
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if memory_bytes > 0:
            limit = _statm(0) + memory_bytes
            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            if hard != resource.RLIM_INFINITY:
                limit = min(limit, hard)
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))  # hard: the job must not lift it
    except (OSError, ValueError):
        pass  # macOS refuses RLIMIT_AS; the time limit still holds


def _run(operations: Operations, header: Header, block: bytes) -> Answer:
    try:
        return operations[header["op"]](block, **header.get("args", {}))
    except Refused as refused:
        return {"refused": str(refused), **refused.details}, b""
    except MemoryError:
        return {"stopped": "it ran out of memory", "retire": True}, b""
    except Exception as error:
        return {"stopped": f"{type(error).__name__}: {error}", "retire": True}, b""


def _empty_stderr() -> None:
    try:
        os.lseek(2, 0, os.SEEK_SET)
        os.ftruncate(2, 0)
    except OSError:
        pass  # stderr is no file when a person starts this by hand


def _stderr() -> str:
    sys.stderr.flush()
    try:
        return read_tail(2, _STDERR_LIMIT)
    except OSError:
        return ""


def _resident_bytes() -> int:
    return _statm(1)


@cache
def _statm_file() -> int | None:
    """/proc/self/statm, opened while that may be done; None where there is no such file."""
    try:
        return os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        return None


def _statm(field: int) -> int:
    """A field of /proc/self/statm in bytes: 0 total, 1 resident; 0 where there is no such file."""
    file = _statm_file()
    try:
        return (
            int(os.pread(file, 256, 0).split()[field]) * os.sysconf("SC_PAGE_SIZE") if file is not None else 0
        )
    except (OSError, ValueError, AttributeError):
        return 0
