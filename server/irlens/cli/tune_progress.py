"""How far `irlens tune` is: a bar on a terminal, nothing elsewhere."""

from __future__ import annotations

import shutil
import threading
import time

from irlens.assist.words import duration
from irlens.cli.tools import clear_progress, progress

_EVERY_S = 0.1
_BAR = 20


class TuneProgress:
    """Of `modules` modules. Thread-safe; each module tells its own share."""

    def __init__(self, modules: int) -> None:
        self._modules = modules
        self._lock = threading.Lock()
        self._shares: dict[str, float] = {}
        self._kept = 0
        self._done = 0
        self._started = time.monotonic()
        self._next = 0.0

    def tell(self, path: str, message: str, fraction: float | None) -> None:
        """What a module is at: `fraction` 0 to 1, None where it is as before."""
        with self._lock:
            if fraction is not None:
                self._shares[path] = min(fraction, 1.0)
            now = time.monotonic()
            if now < self._next:
                return
            self._next = now + _EVERY_S
            progress(self._line(path, message), None)

    def finished(self, path: str, kept: bool) -> None:
        """A module is done with; `kept` where it was from an earlier run."""
        with self._lock:
            self._done += 1
            self._kept += kept
            self._shares[path] = 1.0

    def aside(self) -> None:
        """Make room for a line of text."""
        clear_progress()

    def _line(self, path: str, message: str) -> str:
        share = sum(self._shares.values()) / self._modules
        filled = round(share * _BAR)
        bar = "#" * filled + "." * (_BAR - filled)
        number = min(self._done + 1, self._modules)
        line = (
            f"[{bar}] {share:4.0%} module {number} of {self._modules}{self._left(share)}: {path}: {message}"
        )
        return line[: shutil.get_terminal_size().columns - 1]

    def _left(self, share: float) -> str:
        """From what was really worked on, not from what was known already."""
        worked = share * self._modules - self._kept
        open_ = self._modules * (1 - share)
        spent = time.monotonic() - self._started
        if worked <= 0.05 or spent < 1:
            return ""
        return f", about {duration(spent / worked * open_)} left"
