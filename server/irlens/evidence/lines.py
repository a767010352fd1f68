"""Which lines of an assembly function and of its lift belong together.

The lift is compiled once more, its instructions carrying their line numbers as debug locations. Where the code that
comes out is the original's, instruction by instruction, each one's line in the lift is known. Of a lift that does not
round-trip only what is the same in the same order is known: stretches, and single instructions that each side has
once. Any other single one is taken for chance.

It says nothing about whether a lift is right: that is the ladder's.
"""

from __future__ import annotations

import re
from collections import Counter

from irlens.asm.normal import NormalAsm, normalise
from irlens.asm.outline import lines_of
from irlens.cancel import CancelToken
from irlens.errors import LLVMRefused, LLVMStopped, UnusableInput
from irlens.evidence.ladder import Evidence, variants
from irlens.evidence.verdict import Verdict
from irlens.ir.line_table import with_lines
from irlens.llvm.client import LLVM
from irlens.model.types import LiftSource
from irlens.source.alike import Matcher

Links = tuple[tuple[int, int], ...]
"""Line of the assembly file and line of the IR, both from 0, in the order of the assembly."""

_LOCATION = re.compile(r"\s*\.loc\s+\d+\s+(\d+)\b")
_SHORTEST_STRETCH = 2


def linked_lines(
    evidence: Evidence, source: LiftSource, llvm: LLVM, cancel: CancelToken | None = None
) -> Links:
    """The lines that are known to belong together; none where nothing is. Raises `Cancelled`."""
    if not evidence.codegen:
        return ()
    try:
        original = normalise(source.text, source.function, source.triple)
    except UnusableInput:
        return ()
    same = evidence.verdict == Verdict.ROUND_TRIPS
    tried = [evidence.ir] if same else variants(evidence.ir, source, list(original.code))
    found: list[Links] = []
    for variant in tried:
        traced = with_lines(variant, source.function)
        if traced is None:
            continue
        try:
            level = int(evidence.codegen.removeprefix("-O"))
            text = llvm.lower(traced, source.triple, opt_level=level, cancel=cancel)
            recompiled = normalise(text, source.function, source.triple)
        except (LLVMRefused, LLVMStopped, UnusableInput):
            continue
        found.append(_links(original, recompiled, _locations(text)))
    return max(found, key=len, default=())


def _locations(text: str) -> list[int]:
    """By line of an assembly text: the line of the IR, from 1, that it was made from; 0 where that is not known."""
    found, now = [], 0
    for line in lines_of(text):
        location = _LOCATION.match(line)
        now = int(location[1]) if location else now
        found.append(now)
    return found


def _links(original: NormalAsm, recompiled: NormalAsm, locations: list[int]) -> Links:
    left, right = original.code, recompiled.code
    stretches = Matcher(left, right).get_matching_blocks()
    counts, its_counts = Counter(left), Counter(right)
    pairs = {
        (original.places[stretch.a + index], locations[recompiled.places[stretch.b + index]] - 1)
        for stretch in stretches[:-1]  # the last one is empty
        if stretch.size >= _SHORTEST_STRETCH or counts[left[stretch.a]] == its_counts[right[stretch.b]] == 1
        for index in range(stretch.size)
        if not left[stretch.a + index].endswith(":")
    }
    return tuple(sorted(pair for pair in pairs if pair[1] >= 0))
