"""A reply as it comes from the worker: its pieces, how far the prompt is read, and who is told of both."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from irlens.model.speed import Speed

OnRead = Callable[[int, int, float | None], None]
"""Told while a prompt is read: how many of how many tokens, and how many seconds the rest will take, which is None
while the model's speed is not known."""


@dataclass
class Receiving:
    """`speed` tells how long reading will take before this very prompt shows it."""

    on_text: Callable[[str], None] | None
    on_read: OnRead | None
    speed: Speed | None = None

    def __post_init__(self) -> None:
        self.pieces: list[str] = []
        self._reading: tuple[float, int] | None = None

    def take(self, answer: dict[str, Any]) -> None:
        if "text" in answer:
            self.pieces.append(answer["text"])
            if self.on_text is not None:
                self.on_text(answer["text"])
        elif self.on_read is not None:
            read, whole = answer["read"]
            self.on_read(read, whole, self._left(read, whole))

    def _left(self, read: int, whole: int) -> float | None:
        """Seconds, at the speed of this very prompt as soon as that shows, else at that of earlier ones."""
        now = time.monotonic()
        if self._reading is None:
            self._reading = (now, read)
        since, start = self._reading
        if read > start and now > since:
            return (whole - read) * (now - since) / (read - start)
        rate = self.speed.reading if self.speed is not None else 0.0
        return (whole - read) / rate if rate else None
