"""Comparisons of floating-point numbers as the machine's flags say them, put together again.

A comparison leaves less, equal and unordered in flags of their own, and a jump asks for some of them: `ucomisd; jbe`
is "unordered or less or equal". Without LLVM's clean-up, which finds that too, it is found here.
"""

from __future__ import annotations

from irlens.mechanical.values import Value

_LEAVES = frozenset({"fnan", "feq", "fne", "flt", "fle"})
_INNER = frozenset({"and", "or", "xor", "eq", "ne", "const", "zext", "extract"})
_NAMES = {
    "": "false", "e": "oeq", "g": "ogt", "eg": "oge", "l": "olt", "el": "ole", "gl": "one", "egl": "ord",
    "u": "uno", "eu": "ueq", "gu": "ugt", "egu": "uge", "lu": "ult", "elu": "ule", "glu": "une", "eglu": "true",
}  # fmt: skip
"""LLVM's predicates by the relations for which they hold: equal, greater, less, unordered."""


def float_comparison(value: Value) -> tuple[str, Value, Value] | None:
    """Predicate and operands, where a truth value comes from comparing one pair of numbers."""
    pair: list[Value] = []
    if not _collect(value, pair) or not pair:
        return None
    if len(pair) == 1:
        pair = pair * 2
    if len(pair) != 2:
        return None
    one, other = pair
    holds = ""
    for relation in "egl":
        if one is not other or relation == "e":
            holds += relation if _true(value, one, relation, (False, False)) else ""
    unordered = {_true(value, one, "u", nan) for nan in ((True, False), (False, True), (True, True))}
    if one is other:
        unordered = {_true(value, one, "u", (True, True))}
    if len(unordered) != 1:
        return None
    holds += "u" if unordered == {1} else ""
    if one is other:
        holds = {"e": "egl", "eu": "eglu"}.get(holds, holds)
    return _NAMES[holds], one, other


def _collect(value: Value, pair: list[Value]) -> bool:
    """Gather the numbers compared, those of a comparison of two first in its order."""
    todo = [value]
    seen: list[Value] = []
    while todo:
        each = todo.pop()
        if each.op in _LEAVES:
            seen.append(each)
        elif each.op not in _INNER:
            return False
        else:
            todo += each.args
    for leaf in sorted(seen, key=lambda leaf: leaf.op == "fnan"):
        pair += [arg for arg in leaf.args if arg not in pair]
    return len(pair) <= 2


def _true(value: Value, one: Value, relation: str, nan: tuple[bool, bool]) -> int:
    """The number that the expression is where `relation` holds between `one` and the other operand."""
    op, args = value.op, value.args
    if op == "fnan":
        return int(relation == "u" and nan[args[0] is not one])
    if op in _LEAVES:
        if relation == "u":
            return int(op == "fne")
        if args[0] is args[1]:
            return int(op in ("feq", "fle"))
        same = args[0] is one
        less = relation == ("l" if same else "g")
        return {
            "feq": int(relation == "e"),
            "fne": int(relation != "e"),
            "flt": int(less),
            "fle": int(less or relation == "e"),
        }[op]
    if op == "const":
        return int(value.data)
    numbers = [_true(arg, one, relation, nan) for arg in args]
    if op == "zext":
        return numbers[0]
    if op == "extract":
        return numbers[0] >> value.data & (1 << value.bits) - 1
    first, second = numbers
    return {
        "and": first & second,
        "or": first | second,
        "xor": first ^ second,
        "eq": int(first == second),
        "ne": int(first != second),
    }[op]
