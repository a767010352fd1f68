"""Arithmetic of the evaluations: BLEU, shares, means."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

ORDERS = 4


def bleu(given: Sequence[str], wanted: Sequence[str]) -> float:
    """Sentence BLEU-4 of words, 0 to 1 (Papineni et al., 2002), counts of two words and more each raised by one
    (Lin and Och, 2004), so that short functions have a value. Equal sequences have 1."""
    if not given or not wanted:
        return float(not given and not wanted)
    logarithms = 0.0
    for order in range(1, ORDERS + 1):
        ours, theirs = _grams(given, order), _grams(wanted, order)
        more = order > 1
        hits = sum(min(count, theirs[gram]) for gram, count in ours.items()) + more
        if not hits:
            return 0.0
        logarithms += math.log(hits / (max(len(given) - order + 1, 0) + more))
    brevity = min(0.0, 1 - len(wanted) / len(given))
    return math.exp(logarithms / ORDERS + brevity)


def _grams(words: Sequence[str], order: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[at : at + order]) for at in range(len(words) - order + 1))


def percent(hits: Iterable[bool]) -> float | None:
    """Per cent of trues, one digit; None of nothing."""
    values = list(hits)
    return round(100 * sum(values) / len(values), 1) if values else None


def mean(values: Iterable[float | None], digits: int = 3) -> float | None:
    """The mean of those that are not None; None of nothing."""
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), digits) if known else None


def table(rows: Sequence[dict[str, object]]) -> str:
    """Rows with the same keys as a Markdown table; None is shown as nothing."""
    if not rows:
        return ""
    heads = list(rows[0])
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for row in rows:
        lines.append("| " + " | ".join("" if row[head] is None else str(row[head]) for head in heads) + " |")
    return "\n".join(lines)
