"""How far an evaluation is, on stderr."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from irlens.cli.main import EXIT_INTERRUPTED
from irlens.cli.tools import clear_progress
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


def interrupted(output: Path | None) -> int:
    """Say that the run was stopped, and what of it is kept; returns the exit code."""
    clear_progress()
    kept = f"; the same command goes on, {output} has what was done" if output else ""
    print(f"irlens: interrupted{kept}", file=sys.stderr)
    return EXIT_INTERRUPTED
