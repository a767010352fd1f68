"""A limit in seconds for work of many jobs: one flag goes up, and whatever job is under way ends, as when it is cancelled."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

from irlens.cancel import CancelToken


class Limit:
    """Use as a context manager. `token` is for the jobs: it goes up with `cancel`, and after `limit_s` seconds (None: no
    limit). Whoever meets `Cancelled` asks `is_over` whose word it was."""

    def __init__(self, limit_s: float | None, cancel: CancelToken | None = None) -> None:
        self.seconds = limit_s
        self.token = CancelToken()
        self._cancel = cancel
        self._began = time.monotonic()
        self._forget = cancel.on_cancel(self.token.cancel) if cancel is not None else None
        self._timer: threading.Timer | None = None
        if limit_s is not None and limit_s <= 0:
            self.token.cancel()
        elif limit_s is not None:
            self._timer = threading.Timer(limit_s, self.token.cancel)
            self._timer.daemon = True
            self._timer.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._forget is not None:
            self._forget()

    @property
    def is_over(self) -> bool:
        """Whether the seconds are over and the user still wants the answer."""
        cancelled = self._cancel is not None and self._cancel.cancelled
        return self.token.cancelled and not cancelled

    @property
    def spent_s(self) -> float:
        return time.monotonic() - self._began

    @property
    def left_s(self) -> float:
        """Seconds that are left; infinity where there is no limit."""
        return float("inf") if self.seconds is None else self.seconds - self.spent_s
