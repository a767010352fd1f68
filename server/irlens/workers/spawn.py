"""Starting child processes that end with this one, however it ends: also those that are stopped and see no pipe close.

The kernel ends such a child with the *thread* that started it (`prctl(2)`, PR_SET_PDEATHSIG), so one thread starts them
all and lives as long as the process. A child asks for that when its interpreter has started. One that is stopped before
is killed when this process ends in order, and with its process group.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from functools import cache
from typing import Any

from irlens.confinement import nowhere

_PR_SET_PDEATHSIG = 1
_LOOK_S = 1.0
_LAST_WAIT_S = 5.0
_DYING_S = 1.0
"""Seconds for all that was killed to be gone; it takes milliseconds."""

_Order = tuple[Future[subprocess.Popen[bytes]], list[str], dict[str, Any]]


def spawn(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
    """`subprocess.Popen(command, **options)`. Raises as that does."""
    made: Future[subprocess.Popen[bytes]] = Future()
    _orders().put((made, command, options))
    return made.result()


_own_groups = True


def share_group() -> None:
    """Called in a child that starts others: they stay in its process group. So they end with it even where it is killed and
    they were stopped before they could ask to, for whoever started it kills the group."""
    global _own_groups
    _own_groups = False


def group() -> dict[str, Any]:
    """Options for `subprocess.Popen` that give a child a process group of its own, or leave it in this process's."""
    return {"start_new_session": _own_groups}


def end_with_parent() -> None:
    """Called in the child, as early as it can: it is killed when the thread that started it ends. Linux only; elsewhere a
    child sees its pipe close."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@cache
def _orders() -> queue.SimpleQueue[_Order | None]:
    orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
    ended = threading.Event()
    thread = threading.Thread(target=_start_each, args=(orders, ended), name="irlens-spawn", daemon=True)
    thread.start()

    def at_exit() -> None:
        orders.put(None)
        ended.wait(_LAST_WAIT_S)
        nowhere.sweep()

    atexit.register(at_exit)
    return orders


def _start_each(orders: queue.SimpleQueue[_Order | None], ended: threading.Event) -> None:
    """Start what is ordered, one after the other. At the end, `None`, kill what lives, and start nothing more."""
    living: set[subprocess.Popen[bytes]] = set()
    while True:
        try:
            order = orders.get(timeout=_LOOK_S if living else None)
        except queue.Empty:
            # One that ended while nobody waits for it would stay in the table of processes.
            living = {process for process in living if process.poll() is None}
            continue
        if order is None:
            break
        made, command, options = order
        try:
            process: Any = subprocess.Popen(command, **options)
        except BaseException as error:
            made.set_exception(error)
        else:
            living.add(process)
            made.set_result(process)
    for child in living:
        with contextlib.suppress(OSError):
            if child.poll() is None and hasattr(os, "killpg") and os.getpgid(child.pid) == child.pid:
                os.killpg(child.pid, signal.SIGKILL)
            child.kill()  # which sees first whether it has ended
    # One that is dead and not waited for counts as alive where its folder is swept up.
    deadline = time.monotonic() + _DYING_S
    for child in living:
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            child.wait(timeout=max(0.0, deadline - time.monotonic()))
    ended.set()
    while (order := orders.get()) is not None:
        order[0].set_exception(OSError("irlens is ending"))
