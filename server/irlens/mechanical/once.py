"""Nothing written twice: what a block on every way to another has computed is not computed there again.

The lifter makes an address where it is needed, in each block, and LLVM's clean-up leaves it so. Only what touches no
memory and cannot trap is shared, and only where the two are the same letter for letter, poison flags included. An
address at a fixed distance that several branches compute is computed before they part.
"""

from __future__ import annotations

import re

from irlens.mechanical.dominance import dominators
from irlens.mechanical.written import DEFINITION, USE, Written, written

_PURE = frozenset(
    "getelementptr trunc zext sext fptrunc fpext fptoui fptosi uitofp sitofp ptrtoint inttoptr bitcast "
    "add sub mul and or xor shl lshr ashr icmp fcmp select fadd fsub fmul fdiv fneg extractvalue".split()
)

_FIXED = re.compile(r"getelementptr (?:inbounds |nuw |nusw )*i8, ptr %\S+, i64 -?\d+\Z")


def once(ir: str, function: str) -> str:
    """`ir` without repetitions in `function`; text without such a definition comes back as it is."""
    found = written(ir, function)
    if found is None or not found.blocks:
        return ir
    flow = _Flow(found)
    _replace(found, flow.repeated())
    flow.put_together()
    return found.text


def _replace(function: Written, replaced: dict[str, str]) -> None:
    for block in function.blocks if replaced else ():
        kept = []
        for line in block.lines:
            made = DEFINITION.match(line)
            if made is None or made[1] not in replaced:
                kept.append(USE.sub(lambda use: f"%{replaced.get(use[1], use[1])}", line))
        block.lines = kept


class _Flow:
    """The blocks that are reached, in reverse postorder, and which of them is on every way to which."""

    def __init__(self, function: Written) -> None:
        self.function = function
        self.order = _order(function)
        place = {index: position for position, index in enumerate(self.order)}
        by_label = {block.label: index for index, block in enumerate(function.blocks)}
        before: list[list[int]] = [[] for _ in self.order]
        for index in self.order:
            for target in function.blocks[index].targets:
                before[place[by_label[target]]].append(place[index])
        self.above, self.depth = dominators(before)

    def repeated(self) -> dict[str, str]:
        """By the name of a value that is there already: the name of the first."""
        known: dict[str, list[tuple[int, str]]] = {}
        replaced: dict[str, str] = {}
        for now, index in enumerate(self.order):
            for line in self.function.blocks[index].lines:
                made = DEFINITION.match(line)
                if made is None or made[2].split(None, 1)[0] not in _PURE:
                    continue
                text = USE.sub(lambda use: f"%{replaced.get(use[1], use[1])}", made[2])
                earlier = known.setdefault(text, [])
                first = next((name for at, name in earlier if self._meet(at, now) == at), None)
                if first is None:
                    earlier.append((now, made[1]))
                else:
                    replaced[made[1]] = first
        return replaced

    def put_together(self) -> None:
        """Write an address that blocks beside each other compute at the end of the last block above them all."""
        found: dict[str, list[tuple[int, str]]] = {}
        for now, index in enumerate(self.order):
            for line in self.function.blocks[index].lines:
                made = DEFINITION.match(line)
                if made is not None and _FIXED.match(made[2]):
                    found.setdefault(made[2], []).append((now, made[1]))
        replaced: dict[str, str] = {}
        for text, places in found.items():
            if len(places) < 2:
                continue
            top = places[0][0]
            for place, _ in places[1:]:
                top = self._meet(top, place)
            first, *others = [name for _, name in places]
            replaced |= dict.fromkeys(others, first)
            self._move(first, text, top)
        _replace(self.function, replaced)

    def _move(self, name: str, text: str, top: int) -> None:
        line = f"  %{name} = {text}"
        for block in self.function.blocks:
            if line in block.lines:
                block.lines.remove(line)
        self.function.blocks[self.order[top]].lines.insert(-1, line)

    def _meet(self, one: int, other: int) -> int:
        """The last block that is on every way to both."""
        while one != other:
            if self.depth[one] >= self.depth[other]:
                one = self.above[one]
            else:
                other = self.above[other]
        return one


def _order(function: Written) -> list[int]:
    """The blocks that are reached, in reverse postorder."""
    by_label = {block.label: index for index, block in enumerate(function.blocks)}
    order: list[int] = []
    seen = {0}
    stack = [(0, iter(function.blocks[0].targets))]
    while stack:
        index, targets = stack[-1]
        for label in targets:
            target = by_label[label]
            if target not in seen:
                seen.add(target)
                stack.append((target, iter(function.blocks[target].targets)))
                break
        else:
            order.append(index)
            stack.pop()
    return order[::-1]
