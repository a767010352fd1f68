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
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

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


def pump(fd: int, loop: asyncio.AbstractEventLoop, reader: asyncio.StreamReader) -> None:
    """Feed `reader` with what comes from `fd` until it ends. Call it on the loop's thread.

    The loop watches the descriptor itself where it can, which saves each message a hop between threads; it
    cannot on Windows, and nowhere for a plain file.
    """
    try:
        loop.add_reader(fd, lambda: _read_ready(fd, loop, reader))
    except (NotImplementedError, OSError):
        threading.Thread(target=_read_all, args=(fd, loop, reader), name="irlens-stdin", daemon=True).start()


def _read_ready(fd: int, loop: asyncio.AbstractEventLoop, reader: asyncio.StreamReader) -> None:
    """There is something to read, so this does not block, though the descriptor is a blocking one: to change
    that would change it for everybody who shares it."""
    if data := _read(fd):
        reader.feed_data(data)
    else:
        loop.remove_reader(fd)
        reader.feed_eof()


def _read_all(fd: int, loop: asyncio.AbstractEventLoop, reader: asyncio.StreamReader) -> None:
    """A thread's work. It is a daemon and holds no lock while it waits, so a client that never closes its end
    cannot keep the process alive."""
    with contextlib.suppress(RuntimeError):  # the loop has ended before us
        while data := _read(fd):
            loop.call_soon_threadsafe(reader.feed_data, data)
        loop.call_soon_threadsafe(reader.feed_eof)


def _read(fd: int) -> bytes:
    """What has come; nothing at the end, which is also where the descriptor was closed."""
    try:
        return os.read(fd, _CHUNK)
    except OSError:
        return b""
