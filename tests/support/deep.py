"""A folder deeper than Python calls itself, and than one path can name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LEVELS = 1_500


@contextmanager
def deep_folder(inside: Path) -> Iterator[None]:
    """Folders named "d" within each other below `inside`, removed at the end: pytest itself could not."""
    before = Path.cwd()
    made = 0
    os.chdir(inside)
    try:
        while made < LEVELS:
            os.mkdir("d")
            os.chdir("d")
            made += 1
        os.chdir(before)
        yield
    finally:
        os.chdir(inside)
        for _ in range(made):
            os.chdir("d")
        for _ in range(made):
            os.chdir("..")
            os.rmdir("d")
        os.chdir(before)
