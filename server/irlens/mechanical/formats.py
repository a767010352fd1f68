"""How many arguments a format string asks for. ISO C17, 7.21.6.1 and 7.21.6.2."""

from __future__ import annotations

import re

_PRINT = re.compile(
    rb"%(?:(\d++)\$)?[-+ #0'I]*+(?>(\*|\d++)?)(?>(?:\.(\*|-?\d++)?)?)(hh|h|ll|l|q|L|j|z|t)?([diouxXeEfFgGaAcsCSpnm%])"
)
_SCAN = re.compile(rb"%(\*)?(\d+)?(hh|h|ll|l|q|L|j|z|t|m)?(?:([diouxXeEfFgGaAcsCSpn%])|\[\^?\]?[^\]]*\])")


def count_arguments(text: bytes, *, scanning: bool) -> str | None:
    """A letter for each argument behind the format: `d` for a double, `l` for anything else; None where the
    text is not understood in full."""
    letters = ""
    position = 0
    pattern = _SCAN if scanning else _PRINT
    while (position := text.find(b"%", position)) >= 0:
        match = pattern.match(text, position)
        if match is None:
            return None
        position = match.end()
        kind = (match[4] if scanning else match[5]) or b"["
        if scanning:
            letters += "" if kind == b"%" or match[1] else "l"
            continue
        if match[1] or match[4] == b"L":
            return None
        letters += "l" * ((match[2] == b"*") + (match[3] == b"*"))
        if kind in b"eEfFgGaA":
            letters += "d"
        elif kind not in b"%m":
            letters += "l"
    return letters
