"""Read files that somebody else may have made: never waiting, never more than a limit, never anything but a file.

A name may lead to a pipe, a terminal, a disk or a file of the kernel's, on purpose or not. Whoever opens one without
looking waits for ever, fills the memory, or takes from a device what was meant for others.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Callable, Collection
from io import FileIO
from pathlib import Path
from typing import Any

JSON_LIMIT = 1 << 20
"""Bytes of a file of JSON that irlens keeps for itself."""
_PIECE = 1 << 20
_KINDS: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a disk"),
)


class NotRegular(OSError):
    """The path leads to something that is no regular file; `kind` says what, as in "a named pipe"."""

    def __init__(self, kind: str) -> None:
        super().__init__(errno.EINVAL, f"it is {kind}, not a file")
        self.kind = kind


class TooLarge(OSError):
    """The file has more bytes than the caller takes; `size` is how many it has at least."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(errno.EFBIG, f"its {size:,} bytes are over the limit of {limit:,}")
        self.size = size


def kind_of(mode: int) -> str | None:
    """What a file of this `st_mode` is called where it is no regular file, else None."""
    if stat.S_ISREG(mode):
        return None
    return next((name for test, name in _KINDS if test(mode)), "something else")


def status_of(path: str | os.PathLike[str]) -> os.stat_result:
    """As `os.stat`; a name that no file can have is an `OSError` too."""
    try:
        return os.stat(path)
    except ValueError as problem:  # a NUL byte, or letters that the file system cannot spell
        raise OSError(errno.EINVAL, "no file can have that name") from problem


def open_regular(path: str | os.PathLike[str]) -> FileIO:
    """Open a regular file to read, unbuffered. Raises `NotRegular` and every other `OSError`, and never waits."""
    _refuse_others(status_of(path))  # before: to open some devices is to use them
    flags = os.O_RDONLY
    for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    handle = os.open(path, flags)
    try:
        _refuse_others(os.fstat(handle))  # after: another may stand there by now
        return FileIO(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_regular(path: str | os.PathLike[str], limit: int) -> bytes:
    """All of a regular file of at most `limit` bytes. Raises `NotRegular`, `TooLarge` and every other `OSError`.

    A file whose size is 0 is empty. The kernel's own files say that too, and reading some of them never ends.
    """
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > limit:
            raise TooLarge(size, limit)
        pieces: list[bytes] = []
        total = 0
        while size and (piece := os.read(file.fileno(), _PIECE)):
            total += len(piece)
            if total > limit:  # it grows while it is read
                raise TooLarge(total, limit)
            pieces.append(piece)
        return b"".join(pieces)


def is_below(path: str, folder: str) -> bool:
    """Of two absolute paths without links: whether the first is in the folder, however deep."""
    try:
        return os.path.commonpath((folder, path)) == folder
    except ValueError:  # of two drives
        return False


def inside(folder: str | os.PathLike[str], suffixes: Collection[str]) -> list[Path]:
    """The files below a folder whose names end so, sorted. A link that leads out of the folder is none of its files: whoever
    made the folder would choose what is read."""
    root = os.path.realpath(folder)
    found = []
    # `Path.rglob` and `os.walk` call themselves for each level, and a folder may be a thousand deep.
    left = [os.fspath(folder)]
    while left:
        for path in _entries(left.pop(), left):
            if path.suffix in suffixes and path.is_file() and is_below(os.path.realpath(path), root):
                found.append(path)
    return sorted(found)


def _entries(folder: str, below: list[str]) -> list[Path]:
    """What is in a folder, nothing where it cannot be looked into; the folders in it go to `below`."""
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except OSError:
        return []
    below += [entry.path for entry in found if entry.is_dir(follow_symlinks=False)]
    return [Path(entry.path) for entry in found]


def read_json(path: str | os.PathLike[str], limit: int = JSON_LIMIT) -> Any:
    """The value in a file of JSON. Raises `OSError`, and `ValueError` for what is too large, no JSON, or nested deeper
    than Python reads."""
    try:
        return parse_json(read_regular(Path(path), limit))
    except TooLarge as problem:
        raise ValueError(problem.strerror) from problem


def parse_json(text: str | bytes) -> Any:
    """The value of a text that anybody may have written. Raises `ValueError` for every text that has none."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def _refuse_others(status: os.stat_result) -> None:
    kind = kind_of(status.st_mode)
    if kind is not None:
        raise NotRegular(kind)
