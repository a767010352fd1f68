"""One cancel flag per job, shared by every stage of it.

The shell sets it; the token loop, the LLVM client and the loops of `assist` look at it.
It knows nothing of LSP or of processes, so every ring may use it.
"""

from __future__ import annotations

import threading


class Cancelled(Exception):
    """The job's owner no longer wants the answer."""


class CancelToken:
    """A flag that goes up once. Safe to set and to read from any thread."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        self._event.set()

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
