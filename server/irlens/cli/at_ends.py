"""What holds around every command: notices reach the terminal, and no half-written file outlives the process."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

from irlens.cli import console
from irlens.output import remove_temporaries

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class _Notices(logging.Handler):
    """Warnings as one line on stderr each, as errors are told."""

    def emit(self, record: logging.LogRecord) -> None:
        console.overwrite("")  # what is there of a line of progress goes
        console.say(f"irlens: {' '.join(record.getMessage().split())}", file=sys.stderr, flush=True)


def open_what_is_closed() -> None:
    """Have standard streams where whoever started us closed them (`>&-`): nobody reads what is printed, and no file
    that is opened later gets their numbers. Whoever names them as files still hears that they cannot be written."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            with contextlib.suppress(OSError):
                os.open(os.devnull, os.O_RDONLY)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115


def flush_or_drop(stream: TextIO) -> None:
    """See that what was printed on the stream leaves this process. Where it cannot, it and all that is still to be printed
    goes nowhere: Python would try once more at the end, complain of it in words of its own and exit with 120."""
    try:
        stream.flush()
    except (OSError, ValueError):
        # io.UnsupportedOperation too: the stream of a test, with no file behind it
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


@contextmanager
def told() -> Iterator[None]:
    """For the block, print what `irlens.notices` says."""
    logger = logging.getLogger("irlens")
    handler = _Notices(logging.WARNING)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


@contextmanager
def tidy() -> Iterator[None]:
    """For the block, remove temporary files where a signal ends the process."""
    before = {}
    if threading.current_thread() is threading.main_thread():
        # A signal that is ignored, as under nohup, stays ignored.
        before = {each: signal.signal(each, _end) for each in _SIGNALS if _is_default(each)}
    try:
        yield
    finally:
        for number, action in before.items():
            signal.signal(number, action)


def _is_default(number: int) -> bool:
    return signal.getsignal(number) is signal.SIG_DFL


def _end(number: int, frame: FrameType | None) -> None:
    """End as the signal would have, leaving nothing behind."""
    remove_temporaries()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
