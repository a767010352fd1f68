"""Metadata nodes of one text found again in another, where LLVM has numbered them anew. Pure.

Nodes are compared by what they say, all the way down: a node's mark is made of its text with the marks of the nodes
it refers to, round after round, as long as more nodes can be told apart.
"""

from __future__ import annotations

import hashlib

from irlens.errors import UnusableInput
from irlens.ir.tokens import references, replaced
from irlens.source.positions import to_utf8

Nodes = dict[str, str]
"""The text after `=` of each node, by its number with the sigil."""
_MOST_ROUNDS = 40


def matched(old: Nodes, new: Nodes, wanted: list[str], before: list[str]) -> tuple[dict[str, str], list[str]]:
    """Numbers of `old` for the nodes of `new` that the lines `wanted` refer to, and the lines to add for those that
    `old` lacks. `before` are the lines that `wanted` replaces: what only they refer to may be used again. Raises
    `UnusableInput` where a node is one of several that look alike and may not be mistaken for each other."""
    needed = _reached(wanted, new)
    if not needed:
        return {}, []
    old_marks, new_marks = _marks(old, {number: new[number] for number in needed})
    alike: dict[str, list[str]] = {}
    for number, mark in old_marks.items():
        alike.setdefault(mark, []).append(number)
    own = {each for line in before for each in references(line, "node")}
    # The last first. What is used stays so, and is looked at once: thousands of loops may look alike.
    free = {mark: numbers_[::-1] for mark, numbers_ in alike.items()}
    free_own = {mark: [each for each in numbers_ if each in own] for mark, numbers_ in free.items()}
    numbers: dict[str, str] = {}
    lines: list[str] = []
    used: set[str] = set()
    fresh = max((int(number[1:]) for number in old), default=-1) + 1
    added = []
    for number in needed:
        is_distinct = new[number].startswith("distinct")
        is_loop = is_distinct and f"!{{{number}" in new[number]
        same = (free_own if is_loop else free).get(new_marks[number], [])
        while same and same[-1] in used:
            same.pop()
        if (
            is_distinct
            and not is_loop
            and "!DI" in new[number]
            and sum(each not in used for each in same) != 1
        ):
            raise UnusableInput("Its debug information cannot be told apart. Optimise the whole module.")
        if same:
            numbers[number] = same[-1]
            if is_loop:
                used.add(same[-1])
        else:
            numbers[number] = f"!{fresh}"
            fresh += 1
            added.append(number)
    for number in added:
        text = replaced(new[number], "node", lambda each: numbers.get(each, each))
        lines.append(f"{numbers[number]} = {text}")
    return numbers, lines


def _reached(texts: list[str], nodes: Nodes) -> list[str]:
    """In order of first mention."""
    found: dict[str, None] = {}
    left = list(reversed(texts))
    while left:
        for each in references(left.pop(), "node"):
            if each in nodes and each not in found:
                found[each] = None
                left.append(nodes[each])
    return list(found)


def _marks(one: Nodes, other: Nodes) -> tuple[dict[str, str], dict[str, str]]:
    """Both texts, round by round together, so that equal marks mean the same in both."""
    marks = [dict.fromkeys(one, ""), dict.fromkeys(other, "")]
    classes = 0
    for _ in range(_MOST_ROUNDS):
        marks = [_round(nodes, known) for nodes, known in zip((one, other), marks, strict=True)]
        now = len({*marks[0].values(), *marks[1].values()})
        if now == classes:
            break
        classes = now
    return marks[0], marks[1]


def _round(nodes: Nodes, marks: dict[str, str]) -> dict[str, str]:
    return {
        number: hashlib.blake2b(
            to_utf8(replaced(text, "node", lambda each: f"<{marks.get(each, '?')}>")), digest_size=12
        ).hexdigest()
        for number, text in nodes.items()
    }
