"""Read the files of cases that a user names for an evaluation."""

from __future__ import annotations

from pathlib import Path

from irlens.errors import UnusableInput
from irlens.files import read_regular

MOST_BYTES = 1 << 30
"""Larger files of cases are refused."""


def text_of(path: Path, errors: str = "strict") -> str:
    """The text of a file, which is UTF-8. Raises `UnusableInput`; never waits for a pipe or a device."""
    try:
        return read_regular(path, MOST_BYTES).decode("utf-8", errors)
    except (OSError, UnicodeDecodeError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else "it is not UTF-8 text"
        raise UnusableInput(f"{path}: cannot be read ({why}). Check the file, or leave it out.") from problem
