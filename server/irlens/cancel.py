"""One cancel flag per job, shared by every stage of it.

The shell sets it; the token loop, the LLVM client and the loops of `assist` look at it.
It knows nothing of LSP or of processes, so every ring may use it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable


class Cancelled(Exception):
    """The job's owner no longer wants the answer."""


class CancelToken:
    """A flag that goes up once. Safe to set and to read from any thread."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._calls: list[Callable[[], None]] = []

    def cancel(self) -> None:
        """Put the flag up. The calls left by `on_cancel` run on this thread, each once."""
        with self._lock:
            self._event.set()
            calls, self._calls = self._calls, []
        for call in calls:
            call()

    def on_cancel(self, call: Callable[[], None]) -> Callable[[], None]:
        """Have `call` run when the flag goes up (now, if it is up). Returns what takes the wish back.

        `call` must be quick and must not raise: it runs on whatever thread cancels.
        """

        def forget() -> None:
            with self._lock:
                if call in self._calls:
                    self._calls.remove(call)

        with self._lock:
            if not self._event.is_set():
                self._calls.append(call)
                return forget
        call()
        return forget

    @property
    def cancelled(self) -> bool:
        return self._event.is_set()

    def check(self) -> None:
        """Raise `Cancelled` if the flag is up."""
        if self._event.is_set():
            raise Cancelled

    def wait(self, timeout_s: float) -> bool:
        """Wait at most `timeout_s` seconds; true as soon as the flag is up."""
        return self._event.wait(timeout_s)
