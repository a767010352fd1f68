"""What two texts have in common is found as `difflib` finds it, and in time where that would take hours."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irlens.evidence.edits import edits
from irlens.source import alike
from irlens.source.alike import Matcher, unified
from support.timing import within

LINES = st.lists(st.sampled_from(["ret", "nop", "a", "b", "c"]) | st.text("xyz", max_size=2), max_size=60)


def blocks(left: list[str], right: list[str]) -> list[difflib.Match]:
    return Matcher(left, right).get_matching_blocks()


@given(LINES, LINES)
def test_short_texts_are_compared_as_difflib_does(left: list[str], right: list[str]) -> None:
    theirs = difflib.SequenceMatcher(None, left, right, autojunk=False)
    assert blocks(left, right) == theirs.get_matching_blocks()
    assert Matcher(left, right).ratio() == theirs.ratio()


@given(LINES, LINES, st.integers(0, 3))
def test_a_diff_is_written_as_difflib_writes_it(left: list[str], right: list[str], context: int) -> None:
    theirs = difflib.unified_diff(left, right, "one", "other", "", "", context, "")
    assert list(unified(left, right, ("one", "other"), context)) == list(theirs)


@given(LINES, LINES, st.integers(0, 8), st.sampled_from([-1, 20, 20_000_000]))
def test_what_is_found_by_cuts_is_equal_and_in_order(
    left: list[str], right: list[str], short: int, between: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alike, "_MOST_STEPS", -1)
        patch.setattr(alike, "_SHORT", short)
        patch.setattr(alike, "_MOST_BETWEEN", between)
        found = blocks(left, right)
    at = its = 0
    for block in found[:-1]:
        assert block.size > 0
        assert block.a >= at
        assert block.b >= its
        assert left[block.a : block.a + block.size] == right[block.b : block.b + block.size]
        at, its = block.a + block.size, block.b + block.size
    assert found[-1] == (len(left), len(right), 0)
    if left == right:
        assert sum(block.size for block in found) == len(left)


def test_a_long_text_with_few_changes_is_all_found() -> None:
    """Cuts give what `difflib` gives where changes are few, as they are between two passes."""
    left = [f"line {at}" if at % 3 else "br" for at in range(20_000)]
    right = [line for at, line in enumerate(left) if at % 997]
    right[5_000:5_000] = ["new"] * 300
    matched = sum(block.size for block in within(5, blocks, left, right))
    assert matched == 20_000 - len(range(0, 20_000, 997))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (["nop"] * 20_000, ["nop"] * 19_000 + ["ret"] * 1_000),
        ([str(at) if at % 2 else "a" for at in range(20_000)], [str(at) if at % 2 else "b" for at in range(20_000)]),
        (["a", "b"] * 10_000, ["b", "b", "a"] * 6_000),
        ([str(at) for at in range(20_000)], [str(at) for at in reversed(range(20_000))]),
        (
            [str(at) if at % 32 == 0 else "ab"[at % 2] for at in range(200_000)],
            [str(at) if at % 32 == 0 else "aab"[at % 3] for at in range(200_000)],
        ),
    ],
    ids=["one line", "every second one", "two lines", "backwards", "short stretches"],
)  # fmt: skip
def test_no_texts_take_long(left: list[str], right: list[str]) -> None:
    within(5, blocks, left, right)


def test_numbers_to_try_are_few_however_many_lines_are_alike() -> None:
    """Each line was held against each: a minute for 5,000."""
    original = [f"addl ${at}, %eax" for at in range(5_000)]
    recompiled = [f"addl ${at}, %eax" for at in range(90_000, 95_000)]
    lines = ("%a = add i32 %b, 1",)
    within(15, lambda: sum(1 for _ in edits(lines, original, recompiled)))
