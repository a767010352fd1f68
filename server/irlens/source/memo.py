"""What was read out of the last few texts, kept without keeping many large texts. Pure."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

Result = TypeVar("Result")

MOST_TEXTS = 4
MOST_CHARACTERS = 4 << 20
"""Of the texts whose results are kept beside the newest, all together."""


def of_text(read: Callable[[str], Result]) -> Callable[[str], Result]:
    """`read`, with the results of the last few texts kept: `MOST_TEXTS` small ones, of large ones only the last.
    Thread-safe; two threads may read one text at the same time."""
    known: list[tuple[str, Result]] = []

    @wraps(read)
    def remembered(text: str) -> Result:
        before = tuple(known)
        found = next((each for each in before if each[0] == text), None) or (text, read(text))
        kept, characters = [found], 0
        for each in before:
            characters += len(each[0])
            if each[0] != text and len(kept) < MOST_TEXTS and characters <= MOST_CHARACTERS:
                kept.append(each)
        known[:] = kept  # at once: what another thread has put in meanwhile is read again, no more
        return found[1]

    return remembered
