"""Waiting for a server with an eye on the cancel flag and the clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

Value = TypeVar("Value")

LOOK_EVERY_S = 0.05
"""How often a waiting request looks at its cancel flag and its time-out."""
_CLOSING_S = 2.0


class Stopped(Exception):
    """The request was cancelled."""


class TooSlow(Exception):
    """The request's time was up."""


@dataclass
class Watch:
    """When a request has to end. `until` is on the clock of `time.monotonic` and may be moved while it runs."""

    cancelled: Callable[[], bool]
    until: float

    def more(self, seconds: float) -> None:
        self.until = time.monotonic() + seconds

    async def over(self, work: Awaitable[Value]) -> Value:
        """The work's result. Raises `Stopped` or `TooSlow`, with the work ended and its connection closed."""
        task = asyncio.ensure_future(work)
        try:
            while True:
                done, _ = await asyncio.wait({task}, timeout=LOOK_EVERY_S)
                if done:
                    return task.result()
                if self.cancelled():
                    raise Stopped
                if time.monotonic() > self.until:
                    raise TooSlow
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait({task}, timeout=_CLOSING_S)
