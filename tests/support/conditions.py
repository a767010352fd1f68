"""Wait for what a test needs, not for a time that is hoped to be enough."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

TIMEOUT_S = 20.0
_LOOK_EVERY_S = 0.01


async def wait_for(condition: Callable[[], Value], what: str = "", timeout_s: float = TIMEOUT_S) -> Value:
    """The condition's first true value. Fails after `timeout_s` seconds, saying what never came."""
    deadline = time.monotonic() + timeout_s
    while not (value := condition()):
        assert time.monotonic() < deadline, f"never came true in {timeout_s} s: {what or condition}"
        await asyncio.sleep(_LOOK_EVERY_S)
    return value


def wait_until(condition: Callable[[], Value], what: str = "", timeout_s: float = TIMEOUT_S) -> Value:
    """The same for a test without an event loop."""
    deadline = time.monotonic() + timeout_s
    while not (value := condition()):
        assert time.monotonic() < deadline, f"never came true in {timeout_s} s: {what or condition}"
        time.sleep(_LOOK_EVERY_S)
    return value
