"""Standard error of a server, read as it comes: tracebacks that say that irlens itself failed."""

from __future__ import annotations

import re
import threading
from collections import deque
from typing import IO

_RECORD = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ (?P<level>[A-Z]+) (?P<logger>[\w.]+): (?P<text>.*)")
_TRACEBACK = "Traceback (most recent call last):"
_FRAME = re.compile(r'[ |+]*File ".*?/irlens/(.*?)", line \d+, in (\S+)')
_TYPE = re.compile(r"[ |]*(?:[\w<>]+\.)*([A-Z]\w+)(?::|$)")
_REFUSALS = "Unable to deserialize message"
"""pygls prints a traceback for each message that it cannot read; the client is told, so nothing has failed."""
_KEPT_LINES = 200


class ErrorsLog:
    """Feeds on lines. `failures` are kind and text of each traceback that is no refusal."""

    def __init__(self) -> None:
        self.failures: deque[tuple[str, str]] = deque(maxlen=50)
        self.last: deque[str] = deque(maxlen=40)
        self._lock = threading.Lock()
        self._head = ""
        self._record: deque[str] = deque(maxlen=_KEPT_LINES)

    def read(self, stream: IO[bytes]) -> None:
        """Until the stream ends. A thread's work."""
        for raw in stream:
            self.line(raw[:2000].decode("utf-8", "replace").rstrip("\n"))
        self.settle()

    def settle(self) -> None:
        """What has been read so far is whole: nothing more belongs to its last record."""
        with self._lock:
            self._judge()

    def line(self, line: str) -> None:
        with self._lock:
            if _RECORD.match(line):
                self._judge()
                self._head = line
            self._record.append(line)
            self.last.append(line[:500])

    def _judge(self) -> None:
        record = list(self._record)
        self._record.clear()
        if not any(_TRACEBACK in line for line in record):
            return
        head = _RECORD.match(self._head)  # the record may have lost its beginning
        if head is not None and _REFUSALS in head["text"]:
            return
        name, at = "", ""
        for line in record:
            if (frame := _FRAME.match(line)) is not None:
                at = f" in {frame[1]} {frame[2]}"
            elif (found := _TYPE.match(line)) is not None:
                name = found[1]
        if head is not None and head["logger"].startswith("pygls") and name.startswith("JsonRpc"):
            return  # an error that the client was given in its reply; one of ours has a record of its own
        self.failures.append((f"traceback: {name}{at}", "\n".join(record[-40:])))
