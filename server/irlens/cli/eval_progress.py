"""What is said of an evaluation that was stopped."""

from __future__ import annotations

import sys
from pathlib import Path

from irlens.cli.console import say
from irlens.cli.main import EXIT_INTERRUPTED
from irlens.cli.tools import clear_progress


def interrupted(output: Path | None) -> int:
    """Say that the run was stopped, and what of it is kept; returns the exit code."""
    clear_progress()
    kept = f"; the same command goes on, {output} has what was done" if output else ""
    say(f"irlens: interrupted{kept}", file=sys.stderr)
    return EXIT_INTERRUPTED
