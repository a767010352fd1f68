"""Starting child processes that end with this one, however it ends: also those that are stopped and see no pipe close.

The kernel ends such a child with the *thread* that started it (`prctl(2)`, PR_SET_PDEATHSIG), so one thread starts them
all and lives as long as the process.
"""

from __future__ import annotations

import ctypes
import queue
import signal
import subprocess
import sys
import threading
from concurrent.futures import Future
from functools import cache
from typing import Any

_PR_SET_PDEATHSIG = 1
_LOOK_S = 1.0


def spawn(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
    """`subprocess.Popen(command, **options)`. Raises as that does."""
    made: Future[subprocess.Popen[bytes]] = Future()
    _orders().put((made, command, options))
    return made.result()


def end_with_parent() -> None:
    """Called in the child, as early as it can: it is killed when the thread that started it ends. Linux only; elsewhere a
    child sees its pipe close."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@cache
def _orders() -> queue.SimpleQueue[tuple[Future[subprocess.Popen[bytes]], list[str], dict[str, Any]]]:
    orders: queue.SimpleQueue[tuple[Future[subprocess.Popen[bytes]], list[str], dict[str, Any]]] = (
        queue.SimpleQueue()
    )
    threading.Thread(target=_start_each, args=(orders,), name="irlens-spawn", daemon=True).start()
    return orders


def _start_each(
    orders: queue.SimpleQueue[tuple[Future[subprocess.Popen[bytes]], list[str], dict[str, Any]]],
) -> None:
    living: set[subprocess.Popen[bytes]] = set()
    while True:
        try:
            made, command, options = orders.get(timeout=_LOOK_S if living else None)
        except queue.Empty:
            # One that ended while nobody waits for it would stay in the table of processes.
            living = {process for process in living if process.poll() is None}
            continue
        try:
            process = subprocess.Popen(command, **options)
        except BaseException as error:
            made.set_exception(error)
        else:
            living.add(process)
            made.set_result(process)
