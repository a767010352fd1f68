"""Jump tables: which values of what lead where.

The target of an indirect jump is evaluated for one index after another over the object's own bytes, whatever
the form: absolute or relative entries, of 1, 2, 4 or 8 bytes. How many there are is said by the comparison
that guards the jump.
"""

from __future__ import annotations

from dataclasses import dataclass

from irlens.mechanical.body import Body, BodyBlock, Effect
from irlens.mechanical.flow import Flow
from irlens.mechanical.fold import fold
from irlens.mechanical.values import Value, reachable

MAX_CASES = 1024


@dataclass(frozen=True)
class Table:
    """`index` takes 0 and up; `targets` are addresses in its order."""

    index: Value
    targets: tuple[int, ...]


def read_table(body: Body, block: BodyBlock, flow: Flow) -> Table | None:
    """The table behind an indirect jump, or None where it is not one."""
    assert block.condition is not None
    for index in _indices(block.condition):
        bound = _bound(body, block, index)
        if bound is None:
            continue
        targets = []
        for number in range(min(bound, MAX_CASES)):
            target = _evaluate(block.condition, index, number, flow)
            if target is None or not flow.inside(target):
                break
            targets.append(target)
        if len(targets) == bound:
            return Table(index, tuple(targets))
    return None


def _indices(target: Value) -> list[Value]:
    """What the table's address depends on: candidates, the narrowest first."""
    loads = [value for value in reachable([target]) if value.op == "load"]
    found: list[Value] = []
    for load in loads:
        if not any(value.op == "addr" for value in reachable(load.args)):
            continue
        todo = [load.args[0]]
        while todo:
            value = todo.pop()
            if value.op in ("const", "addr"):
                continue
            if value.op in ("add", "mul", "shl", "zext", "sext"):
                if value.op in ("zext", "sext"):
                    found.append(value.args[0])
                todo.extend(value.args)
            if value not in found:
                found.append(value)
    order = {value: number for number, value in enumerate(found)}
    return sorted(found, key=lambda value: (value.bits, -order[value]))


def _bound(body: Body, block: BodyBlock, index: Value) -> int | None:
    """The number of cases, from the branches on the way to the block."""
    number = body.blocks.index(block)
    between = list(block.effects)  # what happens from the comparison to the jump, in order
    for _ in range(8):
        before = body.blocks[number].before
        if len(before) != 1:
            return None
        previous = body.blocks[before[0]]
        between = [*previous.effects, *between]
        if previous.end == "branch" and previous.condition is not None:
            taken = previous.targets[0] == number
            found = _limit(previous.condition, taken, index, between)
            if found is not None:
                return found
        number = before[0]
    return None


def _limit(condition: Value, taken: bool, index: Value, between: list[Effect]) -> int | None:
    """One more than the largest index for which the condition came out as `taken`."""
    if condition.op not in ("ult", "ule") or index.bits > 64:
        return None
    left, right = condition.args
    limit = None
    if taken and right.op == "const" and _same(left, index, between):
        limit = right.data + (condition.op == "ule")
    elif not taken and left.op == "const" and _same(right, index, between):
        # not (c < x) is x <= c; not (c <= x) is x < c
        limit = left.data + (condition.op == "ult")
    return limit if limit is not None and 0 < limit <= MAX_CASES else None


def _same(one: Value, other: Value, between: list[Effect]) -> bool:
    def bare(value: Value) -> Value:
        while value.op == "zext":
            value = value.args[0]
        return value

    one, other = bare(one), bare(other)
    if one is other or _same_load(one, other, between):
        return True
    # The comparison may be of the whole register and the index of its low half, or the other way.
    for wide, narrow in ((one, other), (other, one)):
        if narrow.op == "extract" and narrow.data == 0 and narrow.args[0] is wide:
            return True
    return False


def _same_load(one: Value, other: Value, between: list[Effect]) -> bool:
    """Whether both were read from one place with nothing written in the meantime."""
    if one.op != "load" or other.op != "load" or one.args != other.args or one.bits != other.bits:
        return False
    places = [number for number, effect in enumerate(between) if effect.value in (one, other)]
    if len(places) != 2:
        return False
    return all(effect.kind == "load" for effect in between[places[0] : places[1]])


def _evaluate(target: Value, index: Value, number: int, flow: Flow) -> int | None:
    memo: dict[Value, int | None] = {index: number}

    def value_of(value: Value) -> int | None:
        if value in memo:
            return memo[value]
        result: int | None = None
        if value.op in ("const", "addr"):
            result = value.data
        elif value.op == "load":
            address = value_of(value.args[0])
            result = None if address is None else flow.image.linked(address, value.bits // 8)
        elif value.args and value.op != "phi":
            args = [value_of(arg) for arg in value.args]
            numbers = [arg for arg in args if arg is not None]
            if len(numbers) == len(args):
                result = fold(
                    value.op,
                    numbers,
                    value.args[0].bits,
                    value.bits,
                    value.data,
                    value.args[-1].bits,
                )
        memo[value] = result
        return result

    return value_of(target)
