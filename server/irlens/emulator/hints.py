"""Numbers worth trying, from the text of the code. Text in, numbers out."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(?<![\w.])-?(?:0x[0-9a-fA-F]+|\d+)(?![\w.])")


def numbers_in(text: str) -> list[int]:
    """Whole numbers that stand in assembly or IR."""
    found = set()
    for match in _NUMBER.findall(text):
        try:
            found.add(int(match, 0) if "x" in match else int(match))
        except ValueError:
            pass
    return sorted(value for value in found if -(1 << 63) <= value < 1 << 64)[:400]
