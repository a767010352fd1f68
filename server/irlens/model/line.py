"""Waiting in line: one at a time, in order of arrival, and whoever loses interest may leave.

Knows nothing of models.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from irlens.cancel import CancelToken


class Line:
    """A fair lock. The order is that of the calls to `turn`."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[object] = deque()

    def __len__(self) -> int:
        """How many have the turn (at most one) or wait for it."""
        with self._changed:
            return len(self._waiting)

    @contextmanager
    def turn(self, cancel: CancelToken | None) -> Iterator[None]:
        """Wait, then have the turn until the block ends.

        Raises `Cancelled` if the caller's flag goes up before its turn.
        """
        ticket = object()
        forget = cancel.on_cancel(self._wake) if cancel is not None else lambda: None
        with self._changed:
            self._waiting.append(ticket)
            try:
                self._changed.wait_for(
                    lambda: self._waiting[0] is ticket or (cancel is not None and cancel.cancelled)
                )
                if cancel is not None:
                    cancel.check()
            except BaseException:
                self._leave(ticket)
                raise
            finally:
                forget()
        try:
            yield
        finally:
            with self._changed:
                self._leave(ticket)

    def _leave(self, ticket: object) -> None:
        self._waiting.remove(ticket)
        self._changed.notify_all()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
