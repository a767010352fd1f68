"""How far a command with many jobs is: a bar on a terminal, nothing elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

from irlens.assist.words import duration
from irlens.cli.tools import clear_progress, progress

_EVERY_S = 0.1
_BAR = 20


class Meter:
    """Of jobs by name, with the work that each is, in any unit. Thread-safe."""

    def __init__(self, work: Mapping[str, float]) -> None:
        self._work = work
        self._whole = sum(work.values()) or 1.0
        self._lock = threading.Lock()
        self._under_way: dict[str, float] = {}
        self._done: set[str] = set()
        self._started = time.monotonic()
        self._next = 0.0

    def tell(self, name: str, message: str, fraction: float | None) -> None:
        """What a job is at: `fraction` 0 to 1, None where it is as before."""
        with self._lock:
            if fraction is not None:
                self._under_way[name] = min(fraction, 1.0)
            now = time.monotonic()
            if now < self._next:
                return
            self._next = now + _EVERY_S
            progress(self.line(name, message), None)

    def finished(self, name: str) -> None:
        """A job is done; make room for a line of text."""
        with self._lock:
            self._done.add(name)
            self._under_way.pop(name, None)
            clear_progress()

    def line(self, name: str, message: str) -> str:
        """`[###.......] 17/89 parse: recompiling it, about 3 min left`"""
        share = self._share()
        filled = round(share * _BAR)
        bar = "#" * filled + "." * (_BAR - filled)
        number = min(len(self._done) + 1, len(self._work))
        return f"[{bar}] {number}/{len(self._work)} {name}: {message.removeprefix(f'{name}: ')}{self._left(share)}"

    def _share(self) -> float:
        done = sum(self._work[name] for name in self._done)
        done += sum(self._work[name] * part for name, part in self._under_way.items())
        return min(1.0, done / self._whole)

    def _left(self, share: float) -> str:
        spent = time.monotonic() - self._started
        if not self._done or share < 0.03 or spent < 1:
            return ""
        return f", about {duration(spent / share * (1 - share))} left"
