"""Small edits of a lift in normal form, likely ones first; text in, text out. `mend` says what for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from irlens.evidence.edit import Edit
from irlens.evidence.edits_code import (
    blocks,
    call_arguments,
    calls,
    compares,
    constants,
    flags,
    operands,
    order,
)
from irlens.evidence.edits_signature import handed_on, result, signature
from irlens.source.alike import Matcher

MAKERS = (
    call_arguments,
    result,
    constants,
    compares,
    operands,
    calls,
    blocks,
    signature,
    handed_on,
    order,
    flags,
)

_MOST_ALIKE = 100
"""Lines that differ from a line in numbers only, and whose numbers are tried for its own."""
_MOST_NUMBERS = 2_000
_NUMBER = re.compile(r"(?<![\w%@.L#])-?\d+(?![\w.])")


def edits(lines: tuple[str, ...], original: list[str], recompiled: list[str]) -> Iterator[Edit]:
    """What may bring `recompiled`, which is what `lines` compile to, nearer to `original` (both normalised)."""
    numbers = list(islice(_numbers(original, recompiled), _MOST_NUMBERS))
    for make in MAKERS:
        for edit in make(lines, numbers):
            if edit.lines != lines:
                yield edit


def _numbers(original: list[str], recompiled: list[str]) -> Iterator[tuple[int, int]]:
    """Numbers that differ in lines that are alike otherwise."""
    seen = set()
    matcher = Matcher(original, recompiled)
    for tag, first, last, its_first, its_last in matcher.get_opcodes():
        if tag == "equal":
            continue
        alike: dict[str, dict[tuple[str, ...], None]] = {}
        for made in recompiled[its_first:its_last]:
            alike.setdefault(_NUMBER.sub("0", made), {})[tuple(_NUMBER.findall(made))] = None
        for wanted in dict.fromkeys(original[first:last]):
            numbers = _NUMBER.findall(wanted)
            for its in islice(alike.get(_NUMBER.sub("0", wanted), ()), _MOST_ALIKE):
                for pair in zip(its, numbers, strict=True):
                    if pair[0] != pair[1] and pair not in seen:
                        seen.add(pair)
                        yield int(pair[0]), int(pair[1])
