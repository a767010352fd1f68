"""Small edits of a lift in normal form, likely ones first; text in, text out. `mend` says what for."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

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

_NUMBER = re.compile(r"(?<![\w%@.L#])-?\d+(?![\w.])")


def edits(lines: tuple[str, ...], original: list[str], recompiled: list[str]) -> Iterator[Edit]:
    """What may bring `recompiled`, which is what `lines` compile to, nearer to `original` (both normalised)."""
    numbers = list(_numbers(original, recompiled))
    for make in MAKERS:
        for edit in make(lines, numbers):
            if edit.lines != lines:
                yield edit


def _numbers(original: list[str], recompiled: list[str]) -> Iterator[tuple[int, int]]:
    """Numbers that differ in lines that are alike otherwise."""
    seen = set()
    matcher = difflib.SequenceMatcher(None, original, recompiled, autojunk=False)
    for tag, first, last, its_first, its_last in matcher.get_opcodes():
        if tag == "equal":
            continue
        for wanted in original[first:last]:
            for made in recompiled[its_first:its_last]:
                if _NUMBER.sub("0", wanted) != _NUMBER.sub("0", made):
                    continue
                for pair in zip(_NUMBER.findall(made), _NUMBER.findall(wanted), strict=True):
                    if pair[0] != pair[1] and pair not in seen:
                        seen.add(pair)
                        yield int(pair[0]), int(pair[1])
