"""Frames between the LLVM client and its workers: a JSON header and one block of bytes.

A worker runs native code on text that anybody may have written, so what comes back from it is data and
never a pickle. This module knows nothing of LLVM, of processes or of threads.
"""

from __future__ import annotations

import json
import os
import struct
from typing import IO, Any

_HEAD = struct.Struct(">4sIQ")
_MAGIC = b"irL1"
MAX_HEADER_BYTES = 16 << 20
"""The outline of 100,000 functions has some 10 MB. JSON of nothing but brackets takes 27 times its size in memory."""
MAX_BLOCK_BYTES = 1 << 30

Header = dict[str, Any]


class BrokenFrame(Exception):
    """The other side sent something that is no frame of ours."""


def write_frame(stream: IO[bytes], header: Header, block: bytes = b"") -> None:
    """Write one frame and flush. Raises `OSError` where the other side is gone."""
    encoded = json.dumps(header, separators=(",", ":")).encode("utf-8", "surrogatepass")
    stream.write(_HEAD.pack(_MAGIC, len(encoded), len(block)))
    stream.write(encoded)
    stream.write(block)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[Header, bytes] | None:
    """The next frame, or None at the end of the stream (also in the middle of a frame: the writer died).

    Raises `BrokenFrame` for bytes that no frame begins with, and for one above the size limits.
    """
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    magic, header_bytes, block_bytes = _HEAD.unpack(head)
    if magic != _MAGIC or header_bytes > MAX_HEADER_BYTES or block_bytes > MAX_BLOCK_BYTES:
        raise BrokenFrame
    encoded = stream.read(header_bytes)
    block = stream.read(block_bytes) if block_bytes else b""
    if len(encoded) < header_bytes or len(block) < block_bytes:
        return None
    try:
        header = json.loads(encoded)
    except (ValueError, RecursionError) as error:
        raise BrokenFrame from error
    if not isinstance(header, dict):
        raise BrokenFrame
    return header, block


def read_tail(descriptor: int, limit: int) -> str:
    """The last `limit` bytes of an open file as text, without moving the position its writers share."""
    size = os.fstat(descriptor).st_size
    if size == 0:
        return ""
    start = max(0, size - limit)
    if hasattr(os, "pread"):
        return os.pread(descriptor, limit, start).decode("utf-8", "replace")
    position = os.lseek(descriptor, 0, os.SEEK_CUR)
    os.lseek(descriptor, start, os.SEEK_SET)
    tail = os.read(descriptor, limit)
    os.lseek(descriptor, position, os.SEEK_SET)
    return tail.decode("utf-8", "replace")
