"""What two lists of lines have in common, in time that their author cannot drive up. Pure.

`difflib.SequenceMatcher` finds the longest stretch in common, then looks left and right of it. For lists of a thousand
lines that is well under a second as a rule, and can be made hours: by lines that are all the same, or by every second one
being another. Where it could take long, lists are cut first at the lines that stand once in each, in the same order, as
"patience" diffs do, and what lies between two cuts is compared by `difflib` only where it is short.
"""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

_MOST_STEPS = 20_000_000
"""Of `difflib`'s innermost loop, at worst; about two seconds. Real functions of some 2,000 lines stay below."""
_SHORT = 32
"""Lines between two cuts that are compared by `difflib`: at worst this many steps to the third for each."""
_MOST_BETWEEN = 20_000_000
"""Such steps of all that lies between cuts; what comes after them is compared no more."""


class Matcher(difflib.SequenceMatcher[str]):
    """`difflib.SequenceMatcher(None, left, right, autojunk=False)`, whose time is bounded: about proportional to the lines
    where they are many. All its other methods rest on `get_matching_blocks`."""

    def __init__(self, left: Sequence[str], right: Sequence[str]) -> None:
        super().__init__(None, left, right, autojunk=False)
        self._sides = left, right
        self._blocks: list[difflib.Match] | None = None

    def get_matching_blocks(self) -> list[difflib.Match]:
        if _worst_steps(*self._sides) <= _MOST_STEPS:
            return super().get_matching_blocks()
        if self._blocks is None:
            self._blocks = [
                *_joined(_stretches(*self._sides)),
                difflib.Match(len(self._sides[0]), len(self._sides[1]), 0),
            ]
        return self._blocks


def unified(left: Sequence[str], right: Sequence[str], names: tuple[str, str], context: int) -> Iterator[str]:
    """The lines of `diff -U context`, without line ends; nothing where both are the same."""
    header = True
    for group in Matcher(left, right).get_grouped_opcodes(context):
        if header:
            yield f"--- {names[0]}"
            yield f"+++ {names[1]}"
            header = False
        first, last = group[0], group[-1]
        yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@"
        for tag, at, end, its, its_end in group:
            if tag == "equal":
                yield from (f" {line}" for line in left[at:end])
                continue
            yield from (f"-{line}" for line in left[at:end])
            yield from (f"+{line}" for line in right[its:its_end])


def _range(start: int, end: int) -> str:
    """As `diff` writes lines `start` up to `end`, which count from 0 here."""
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + (length > 0)},{length}"


def _worst_steps(left: Sequence[str], right: Sequence[str]) -> int:
    """Each of at most as many stretches as lines costs a look at every pair of equal lines."""
    counts = Counter(right)
    pairs = sum(counts[line] for line in left)
    return (pairs + len(left)) * min(len(left), len(right))


def _stretches(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Equal stretches in ascending order: a place in each, and a length."""
    head = _run(left, right, 0, 0, len(left), len(right))
    tail = steps = 0
    while tail < min(len(left), len(right)) - head and left[-1 - tail] == right[-1 - tail]:
        tail += 1
    end, its_end = len(left) - tail, len(right) - tail
    yield 0, 0, head
    here = its = head
    for cut, its_cut in [*_cuts(left, right, head, tail), (end, its_end)]:
        if cut < here or its_cut < its:
            continue  # an equal stretch before it reached as far
        if cut - here <= _SHORT and its_cut - its <= _SHORT:
            lines, its_lines = left[here:cut], right[its:its_cut]
            steps += _worst_steps(lines, its_lines)
            if steps <= _MOST_BETWEEN:
                between = difflib.SequenceMatcher(None, lines, its_lines, autojunk=False)
                for block in between.get_matching_blocks():
                    yield here + block.a, its + block.b, block.size
        length = _run(left, right, cut, its_cut, end, its_end)
        yield cut, its_cut, length
        here, its = cut + length, its_cut + length
    yield end, its_end, tail


def _run(left: Sequence[str], right: Sequence[str], at: int, its: int, end: int, its_end: int) -> int:
    """How many lines are equal from two places on, up to two ends."""
    most = min(end - at, its_end - its)
    return next((count for count in range(most) if left[at + count] != right[its + count]), most)


def _cuts(left: Sequence[str], right: Sequence[str], head: int, tail: int) -> list[tuple[int, int]]:
    """The places of lines that stand once in each middle, the most that come in the same order."""
    middle, its_middle = range(head, len(left) - tail), range(head, len(right) - tail)
    counts = Counter(left[at] for at in middle)
    its_counts = Counter(right[at] for at in its_middle)
    places = {right[at]: at for at in its_middle if its_counts[right[at]] == 1}
    pairs = [(at, places[left[at]]) for at in middle if counts[left[at]] == 1 and left[at] in places]
    # The longest ascending subsequence of the second places.
    ends: list[int] = []
    tops: list[int] = []
    before: list[int] = []
    for index, (_, its) in enumerate(pairs):
        pile = bisect_left(ends, its)
        before.append(tops[pile - 1] if pile else -1)
        ends[pile : pile + 1] = [its]
        tops[pile : pile + 1] = [index]
    chosen: list[tuple[int, int]] = []
    index = tops[-1] if tops else -1
    while index >= 0:
        chosen.append(pairs[index])
        index = before[index]
    return chosen[::-1]


def _joined(stretches: Iterator[tuple[int, int, int]]) -> Iterator[difflib.Match]:
    """Without empty ones, and neighbours made one."""
    at = its = length = 0
    for start, its_start, size in stretches:
        if not size:
            continue
        if at + length == start and its + length == its_start:
            length += size
            continue
        if length:
            yield difflib.Match(at, its, length)
        at, its, length = start, its_start, size
    if length:
        yield difflib.Match(at, its, length)
