"""Numbers worth trying, from the text of the code. Text in, numbers out."""

from __future__ import annotations

import re
from collections.abc import Sequence

MOST, FEW = 400, 64
_NUMBER = re.compile(r"(?<![\w.])-?(?:0x[0-9a-fA-F]+|\d+)(?![\w.])")


def numbers_to_try(own: Sequence[str], others: Sequence[str]) -> list[int]:
    """Numbers of the functions' own code, as many of each, the first of each first: one that is full of numbers leaves no
    other without. Where these are few, some of the other texts' too."""
    found: dict[int, None] = {}
    for codes, most in ((own, MOST), (others, FEW)):
        each = [list(dict.fromkeys(_numbers(code))) for code in codes]
        for at in range(max(map(len, each), default=0)):
            if len(found) >= most:
                break
            found.update(dict.fromkeys(numbers[at] for numbers in each if at < len(numbers)))
    return sorted(list(found)[:MOST])


def numbers_in(text: str) -> list[int]:
    """Whole numbers that stand in assembly or IR, the first `MOST` of them in ascending order."""
    return sorted(list(dict.fromkeys(_numbers(text)))[:MOST])


def _numbers(text: str) -> list[int]:
    found = []
    for match in _NUMBER.findall(text):
        try:
            value = int(match, 0) if "x" in match else int(match)
        except ValueError:
            continue
        if -(1 << 63) <= value < 1 << 64:
            found.append(value)
    return found
