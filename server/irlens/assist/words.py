"""Small words that several answers share."""

from __future__ import annotations

from collections.abc import Sequence

MOST_SHOWN = 12
"""Names that a message lists."""
_MOST_COMPARED = 5000
"""Names that are compared with a wrong one; it takes about 10 us each."""


def counted(count: int, what: str) -> str:
    """`1 token`, `2 tokens`."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def duration(seconds: float) -> str:
    """A time to wait, as one says it: "1 s", "40 s", "7 min", "1.5 h"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def sentence(text: str) -> str:
    """Words of an error or a reason as a sentence of a message: one period at the end, whether they had one or not."""
    return f"{text.rstrip().rstrip('.')}."


def some(names: Sequence[str], most: int = MOST_SHOWN) -> str:
    """A list for a sentence, which says how many it leaves out: "a, b and 7 more"."""
    if not names:
        return "none"
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most:,} more" if len(names) > most else shown


def nearest(wrong: str, names: Sequence[str]) -> list[str]:
    """Up to three of the names that look like the wrong one, the nearest first."""
    import difflib  # only where somebody mistyped

    by_case = {name.casefold(): name for name in names[:_MOST_COMPARED] if len(name) <= 4 * len(wrong) + 8}
    return [by_case[each] for each in difflib.get_close_matches(wrong.casefold(), list(by_case), 3, 0.65)]


def choose_from(wrong: str, names: Sequence[str]) -> str:
    """The advice after a name that does not exist: "Did you mean parse? Choose one of: ..."."""
    near = nearest(wrong, names)
    guess = f"Did you mean {' or '.join(near)}? " if near else ""
    return f"{guess}Choose one of: {some(names)}."
