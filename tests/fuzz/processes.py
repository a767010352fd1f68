"""What the processes of a server are, and what they hold."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import PurePath

import psutil

KINDS = {
    "irlens.llvm.worker": "LLVM",
    "irlens.llvm.dump_worker": "dump",
    "irlens.llvm.library_worker": "library",
    "irlens.llvm.keystone_worker": "encoder",
    "irlens.emulator.worker": "emulator",
    "irlens.mechanical.worker": "lifter",
    "irlens.assist.tune_worker": "tune",
    "irlens.model.worker": "model",
    "irlens.model.pull_worker": "pull",
}
STARTING = "starting"
MOST_ZOMBIES = 8
"""A worker that dies while it has nothing to do is waited for when its place is needed next: there is one such place for
each worker, whatever the number of deaths."""


@dataclass(frozen=True)
class Held:
    """What a server holds: MiB of memory, open descriptors, threads; `tree_` counts its children too."""

    memory: float
    tree_memory: float
    descriptors: int
    tree_descriptors: int
    threads: int
    processes: int
    kinds: dict[str, tuple[int, float]] = field(default_factory=dict)
    """Number and MiB of the processes of each kind."""


def tree(pid: int) -> list[psutil.Process]:
    """The process and all below it; empty once it has ended."""
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def kind_of(process: psutil.Process) -> str:
    """Which child of irlens it is; a tool by its name. Raises `psutil.NoSuchProcess`."""
    words = process.cmdline()
    if not words:
        raise psutil.NoSuchProcess(process.pid)
    for word in words:
        if word in KINDS:
            return KINDS[word]
    name = PurePath(words[0]).name
    if name.startswith("python"):
        return STARTING  # between fork and exec a child has its parent's command line
    return f"tool {name}"


def held(pid: int) -> Held:
    """Measure now. Children that end meanwhile are left out."""
    memory, descriptors, threads = [], [], []
    kinds: dict[str, tuple[int, float]] = {}
    for process in tree(pid):
        try:
            with process.oneshot():
                kind = "server" if process.pid == pid else kind_of(process)
                memory.append(process.memory_info().rss / 2**20)
                count, sum_ = kinds.get(kind, (0, 0.0))
                kinds[kind] = count + 1, sum_ + memory[-1]
                threads.append(process.num_threads())
            descriptors.append(process.num_fds() if hasattr(process, "num_fds") else process.num_handles())
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    if not memory or not descriptors:
        raise ProcessLookupError(f"process {pid} has ended")
    return Held(memory[0], sum(memory), descriptors[0], sum(descriptors), threads[0], len(memory), kinds)


def processor_s(pid: int) -> float:
    """Processor time of the tree so far, seconds; of children that have ended and were waited for, too."""
    seconds = 0.0
    for process in tree(pid):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        seconds += times.user + times.system + times.children_user + times.children_system
    return seconds


def idle_processor_s(pid: int, *, over_s: float, patience_s: float, enough_s: float) -> float:
    """The least processor time that the tree takes in `over_s` seconds, measured until it is at most `enough_s` or
    `patience_s` are over: work that was begun may end first."""
    deadline = time.monotonic() + patience_s
    least = float("inf")
    while least > enough_s and time.monotonic() < deadline:
        before = processor_s(pid)
        time.sleep(over_s)
        least = min(least, max(0.0, processor_s(pid) - before))
    return least


def alive(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Those that still run; a zombie that nobody of ours is to wait for does not."""

    def runs(process: psutil.Process) -> bool:
        try:
            return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    return [process for process in processes if runs(process)]


def zombies(pid: int) -> list[int]:
    """Children that ended and were not waited for."""

    def is_zombie(process: psutil.Process) -> bool:
        try:
            return process.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    return [process.pid for process in tree(pid)[1:] if is_zombie(process)]


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition came true within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.02)
    return True
