"""Where the floating values are written down: in the last block that is on the way to all their uses."""

from __future__ import annotations

from irlens.mechanical.body import Body, effect_operands
from irlens.mechanical.dominance import dominators
from irlens.mechanical.values import PINNED, Value

_NOWHERE = frozenset({"const", "addr", "sp", "guard", "entry", "left"})


def schedule(body: Body, live: set[Value]) -> dict[Value, int]:
    """The block of every pure value that is written down."""
    above, depth = dominators([block.before for block in body.blocks])

    def meet(one: int, other: int) -> int:
        while one != other:
            if depth[one] >= depth[other]:
                one = above[one]
            else:
                other = above[other]
        return one

    where: dict[Value, int] = {}

    def use(value: Value, number: int) -> None:
        if value.op in PINNED or value.op in _NOWHERE:
            return
        known = where.get(value)
        where[value] = number if known is None else meet(known, number)

    roots: list[Value] = []
    for number, block in enumerate(body.blocks):
        if above[number] == -1 and number:
            continue
        for effect in block.effects:
            found = list(effect_operands(effect))
            if effect.kind == "load" and effect.address is not None:
                found.append(effect.address)
            for value in found:
                use(value, number)
                roots.append(value)
        last = [*block.results.values()]
        if block.condition is not None:
            last.append(block.condition)
        for value in last:
            use(value, number)
            roots.append(value)
        for phi in block.phis:
            for before, value in zip(block.before, phi.args, strict=True):
                use(value, before)
                roots.append(value)
    for value in reversed(_postorder(roots)):  # users before what they use
        if value in where:
            for arg in value.args:
                use(arg, where[value])
    return where


def _postorder(roots: list[Value]) -> list[Value]:
    order: list[Value] = []
    seen: set[Value] = set()
    for root in roots:
        stack = [(root, False)]
        while stack:
            value, done = stack.pop()
            if done:
                order.append(value)
            elif value not in seen:
                seen.add(value)
                stack.append((value, True))
                if value.op not in PINNED:
                    stack.extend((arg, False) for arg in value.args)
    return order
