"""How far an evaluation is, on stderr."""

from __future__ import annotations

import sys
import time

from irlens.cli.tools import progress as on_terminal

_LINE_EVERY_S = 30.0


class EvalProgress:
    """On a terminal a line that is written over; elsewhere a line every half minute."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _LINE_EVERY_S

    def __call__(self, message: str, fraction: float | None) -> None:
        if sys.stderr.isatty():
            on_terminal(message, fraction)
        elif time.monotonic() > self._next:
            self._next = time.monotonic() + _LINE_EVERY_S
            print(message, file=sys.stderr, flush=True)
