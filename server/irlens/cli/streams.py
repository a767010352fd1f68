"""Standard input and other open streams as files: `-`, `/dev/stdin`, and `/dev/fd/N`, which a shell makes of `<(...)`.

Only those that the user names so: a file that is a link to one of them is refused as any pipe is, because nobody
expects to wait for it.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence

from irlens.cli.console import say
from irlens.errors import UnusableInput
from irlens.files import TooLarge

STDIN = "<stdin>"
"""What standard input is called in answers, as clang calls it."""

_PIECE = 1 << 20
_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/(\d{1,7})\Z")


def refuse_twice(paths: Sequence[str]) -> None:
    """Raises `UnusableInput` where two of the paths are one stream."""
    numbers = [number for path in paths if (number := _number(path)) is not None]
    if len(set(numbers)) < len(numbers):
        raise UnusableInput("A stream can be read only once. Save its text in a file and give that.")


def is_stream(path: str) -> bool:
    return _number(path) is not None


def shown(path: str) -> str:
    """What the file is called in answers."""
    return STDIN if _number(path) == 0 else path


def read(path: str, limit: int) -> bytes:
    """All of the stream. Raises `TooLarge` and every other `OSError`."""
    number = _number(path)
    if number is None:
        raise ValueError(f"{path} is no stream")
    if os.isatty(number):
        say(
            f"irlens: reading {shown(path)} from the terminal; end it with Ctrl-D",
            file=sys.stderr,
            flush=True,
        )
    pieces = []
    total = 0
    while piece := os.read(number, _PIECE):
        total += len(piece)
        if total > limit:
            raise TooLarge(total, limit)
        pieces.append(piece)
    return b"".join(pieces)


def _number(path: str) -> int | None:
    """The stream's file descriptor; None for a path that is a file's."""
    if path in ("-", "/dev/stdin"):
        return 0
    match = _DESCRIPTOR.match(path)
    return int(match[1]) if match else None
