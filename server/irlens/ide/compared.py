"""What came of comparing functions, as Markdown: the verdict in words, and the input on which two of them differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from irlens.assist.words import counted, sentence, some
from irlens.escape import code_span, markdown
from irlens.ide.why import emulation_text

if TYPE_CHECKING:
    from irlens.assist.compare import Compared

_MANY = {"agrees": "agree", "disagrees": "disagree", "unknown": "unknown"}


def summary(found: Sequence[Compared]) -> str:
    """`agrees`, or of several `3 functions: 2 agree, 1 disagrees`."""
    outcomes = [each.agreement.outcome for each in found]
    if len(outcomes) == 1:
        return outcomes[0]
    parts = [
        f"{count:,} {outcome if count == 1 else many}"
        for outcome, many in _MANY.items()
        if (count := [str(each) for each in outcomes].count(outcome))
    ]
    return f"{counted(len(outcomes), 'function')}: {', '.join(parts)}"


def compared_text(
    found: Sequence[Compared], left: str, right: str, only: Sequence[tuple[str, Sequence[str]]]
) -> str:
    """`left` and `right` are what the two texts are called; `only` are a text's name and the functions that it alone has."""
    parts = [f"# {code_span(left)} and {code_span(right)}: {markdown(summary(found))}"]
    for each in found:
        pair, agreement = each.pair, each.agreement
        names = (left, right) if left != right else (pair.original, pair.candidate)
        parts += [
            f"## {code_span(pair.words)}: {agreement.outcome}",
            f"**{markdown(sentence(agreement.reason))}**",
        ]
        if agreement.inputs:
            parts.append(emulation_text(agreement, *names).replace("## ", "### ", 1))
    parts += [
        f"Not compared, only in {code_span(name)}: {markdown(some(list(names)))}."
        for name, names in only
        if names
    ]
    return "\n\n".join(parts) + "\n"
