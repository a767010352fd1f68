"""Which of many parts make a whole fail. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Part = TypeVar("Part")


def culprits(
    parts: Sequence[Part], fails: Callable[[Sequence[Part]], bool], most: int = 20
) -> tuple[list[Part], bool]:
    """The parts without which nothing fails, at most `most` of them, and whether what is left fails no more.

    `fails` is asked about lists of the parts in their order. The end of the shortest list from the first on that fails is
    found by halving, which is a part that fails beside those before it; then it is looked on without it.
    """
    left = list(parts)
    found: list[Part] = []
    while fails(left):
        if len(found) == most or not left:
            return found, False
        passes, failing = 0, len(left)
        if fails([]):
            return found, False  # it is none of them
        while failing - passes > 1:
            middle = (passes + failing) // 2
            if fails(left[:middle]):
                failing = middle
            else:
                passes = middle
        found.append(left.pop(failing - 1))
    return found, True
