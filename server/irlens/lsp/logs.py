"""A log that no client can fill the disk with: few records of a kind, and none longer than a page.

A kind is the place in the code that wrote it; what it wrote of, the client may have chosen.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

MOST = 20
"""Records of one kind in a window."""
WINDOW_S = 60.0
LONGEST = 8000
"""Characters of a record, its traceback included."""


class Fewer(logging.Filter):
    """Lets the first records of each kind through, and says with the next one how many were left out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._kinds: dict[tuple[str, int], tuple[float, int]] = {}
        """Start of the window and records in it, by place in the code. There are as many as there are such places."""

    def filter(self, record: logging.LogRecord) -> bool:
        kind = (record.pathname, record.lineno)
        now = self._clock()
        start, count = self._kinds.get(kind, (now, 0))
        left_out = 0
        if now - start >= WINDOW_S:
            left_out, start, count = max(0, count - MOST), now, 0
        self._kinds[kind] = (start, count + 1)
        if left_out:
            record.msg, record.args = f"{record.getMessage()} (and {left_out:,} more like it before)", ()
        elif count == MOST - 1:
            record.msg = f"{record.getMessage()} (more like it are left out for up to {WINDOW_S:g} s)"
            record.args = ()
        return count < MOST


class Short(logging.Formatter):
    """One line a record, whatever its message holds, so that none can look like two; a traceback follows, indented. Leaves
    out the middle of what is too long: a traceback's end says most."""

    def format(self, record: logging.LogRecord) -> str:
        # Here: the server answers `initialize` before it loads anything.
        from irlens import escape

        record.message = record.getMessage()
        record.asctime = self.formatTime(record)
        text = escape.line(self.formatMessage(record))
        if record.exc_info:
            trace = escape.lines(self.formatException(record.exc_info))
            text += "".join(f"\n  {line}" for line in trace.split("\n"))
        if len(text) <= LONGEST:
            return text
        half = LONGEST // 2
        return f"{text[:half]}\n[{len(text) - 2 * half:,} characters left out]\n{text[-half:]}"
