"""What the evaluations say and refuse: a run that was stopped, a folder that cannot be written."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from irlens.cli.console import say
from irlens.cli.main import EXIT_INTERRUPTED
from irlens.cli.tools import clear_progress
from irlens.errors import UnusableInput
from irlens.output import why_no_folder


def output_of(arguments: argparse.Namespace) -> Path | None:
    """The folder of --output. Raises `UnusableInput` where no file can be made in it: now, not after the run."""
    if not arguments.output:
        return None
    why = why_no_folder(arguments.output)
    if why is not None:
        raise UnusableInput(
            f"--output {arguments.output}: cannot be written to ({why}). Name another folder."
        )
    return Path(arguments.output)


def parts_of(arguments: argparse.Namespace) -> list[str]:
    """Files in the folder of --output in which an earlier run kept its rows, by name."""
    folder = getattr(arguments, "output", None)
    try:
        return sorted(map(str, Path(folder).glob("*.part"))) if folder else []
    except (OSError, ValueError):
        return []


def interrupted(output: Path | None) -> int:
    """Say that the run was stopped, and what of it is kept; returns the exit code."""
    clear_progress()
    kept = f"; the same command goes on, {output} has what was done" if output else ""
    say(f"irlens: interrupted{kept}", file=sys.stderr)
    return EXIT_INTERRUPTED
