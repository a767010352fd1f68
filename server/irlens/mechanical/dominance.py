"""Which block is on the way to which others. For the lifter in its child, and for the shells, which read what it wrote:
they import nothing of the lifter itself, which would be a good part of their start."""

from __future__ import annotations

from collections.abc import Sequence


def dominators(before: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """By block, its immediate dominator (the entry's is itself; -1: unreachable) and its depth in the tree. `before`
    are the blocks before each, which must be in reverse postorder (Cooper, Harvey and Kennedy, "A Simple, Fast
    Dominance Algorithm")."""
    count = len(before)
    above = [-1] * count
    above[0] = 0
    changed = True
    while changed:
        changed = False
        for number in range(1, count):
            new = -1
            for each in before[number]:
                if above[each] == -1:
                    continue
                if new == -1:
                    new = each
                else:
                    one, other = each, new
                    while one != other:
                        while one > other:
                            one = above[one]
                        while other > one:
                            other = above[other]
                    new = one
            if new != -1 and above[number] != new:
                above[number] = new
                changed = True
    depth = [0] * count
    for number in range(1, count):
        if above[number] != -1:
            depth[number] = depth[above[number]] + 1
    return above, depth
