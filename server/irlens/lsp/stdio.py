"""The protocol's own streams.

`claim` takes stdin and stdout away from everybody else: after it, fd 1 is stderr and fd 0 is empty, so a
stray `print`, a native library's banner or a child process can neither write into the protocol nor read from
it. It must run before anything that might print is loaded, so this module imports almost nothing.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable

_CHUNK = 1 << 16


def claim() -> tuple[int, int]:
    """Private descriptors (in, out) of the protocol. Children do not inherit them."""
    sys.stdout.flush()
    protocol_in, protocol_out = os.dup(0), os.dup(1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(protocol_in, os.O_BINARY)
        msvcrt.setmode(protocol_out, os.O_BINARY)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return protocol_in, protocol_out


class FdWriter:
    """Writes whole messages to a descriptor. Raises `BrokenPipeError` when the client has gone."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._lock = threading.Lock()

    def write(self, data: bytes) -> None:
        left = memoryview(data)
        with self._lock:
            while left:
                left = left[os.write(self._fd, left) :]

    def close(self) -> None:
        with self._lock:
            if self._fd >= 0:
                os.close(self._fd)
                self._fd = -1


def pump(fd: int, feed: Callable[[bytes], object], end: Callable[[], object]) -> threading.Thread:
    """Read `fd` on a thread of its own until it ends; `feed` gets each piece, `end` is called once.

    The thread is a daemon and holds no lock while it waits, so a client that never closes its end cannot
    keep the process alive.
    """

    def read() -> None:
        # OSError: the descriptor was closed, the same as an end; RuntimeError: the loop has ended before us.
        with contextlib.suppress(RuntimeError):
            with contextlib.suppress(OSError):
                while data := os.read(fd, _CHUNK):
                    feed(data)
            end()

    thread = threading.Thread(target=read, name="irlens-stdin", daemon=True)
    thread.start()
    return thread
