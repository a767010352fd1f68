"""Rewriting rules for comparisons and for the flags that they come from."""

from __future__ import annotations

from collections.abc import Callable

from irlens.mechanical.values import Graph, Value, ones, signed, split

Rule = Callable[[Graph, Value, Value], "Value | None"]


def _equal(name: str) -> Rule:
    same = int(name == "eq")

    def rule(graph: Graph, left: Value, right: Value) -> Value | None:
        if left is right:
            return graph.const(same, 1)
        if left.bits == 1:
            found = graph.binary("xor", left, right)
            return found if name == "ne" else graph.invert(found)
        alike = left.op == "zext" == right.op and left.args[0].bits == right.args[0].bits
        if alike and (not graph.literal or left.args[0].bits == 1):
            return graph.compare(name, left.args[0], right.args[0])
        base, offset = split(left)
        other, more = split(right)
        if offset and offset == more:
            return graph.compare(name, base, other)
        if right.op == "const":
            if left.op == "sub" and right.data == 0:
                return graph.compare(name, *left.args)
            if left.op == "neg" and right.data == 0:
                return graph.compare(name, left.args[0], right)
            if left.op == "xor" and left.args[1].op != "const" and right.data == 0:
                return graph.compare(name, *left.args)
            truth = left.bits == 1 or (left.op == "zext" and left.args[0].bits == 1)
            if graph.literal and not truth and left.op != "addr":
                return None
            if left.op == "xor" and left.args[1].op == "const":
                return graph.compare(
                    name, left.args[0], graph.const(left.args[1].data ^ right.data, left.bits)
                )
            if left.op == "add" and left.args[1].op == "const":
                return graph.compare(
                    name, left.args[0], graph.const(right.data - left.args[1].data, left.bits)
                )
            if left.op == "add" and right.data == 0 and left.args[1].op == "neg":
                return graph.compare(name, left.args[0], left.args[1].args[0])
            if left.op == "not":
                return graph.compare(name, left.args[0], graph.const(~right.data, left.bits))
            if left.op == "zext":
                inner = left.args[0]
                if right.data > ones(inner.bits):
                    return graph.const(1 - same, 1)
                return graph.compare(name, inner, graph.const(right.data, inner.bits))
            if left.op == "sext":
                inner = left.args[0]
                if graph.sext(graph.const(right.data, inner.bits), left.bits) is right:
                    return graph.compare(name, inner, graph.const(right.data, inner.bits))
                return graph.const(1 - same, 1)
            if left.op in ("addr",) and right.data == 0:
                return graph.const(1 - same, 1)
        return None

    return rule


def _narrow_order(graph: Graph, op: str, left: Value, right: Value) -> Value | None:
    """An unsigned comparison of a zero-extended value with a number, in the width it had."""
    if graph.literal:
        return None
    for extended, number, first in ((left, right, True), (right, left, False)):
        if extended.op == "zext" and number.op == "const":
            inner = extended.args[0]
            if number.data > ones(inner.bits):
                return graph.const(int(first), 1)
            narrow = graph.const(number.data, inner.bits)
            return graph.compare(op, *((inner, narrow) if first else (narrow, inner)))
    return None


def _ult(graph: Graph, left: Value, right: Value) -> Value | None:
    if left is right or right.constant == 0:
        return graph.const(0, 1)
    if left.bits == 1:
        return graph.binary("and", graph.invert(left), right)
    if graph.literal:
        return None
    if left.op == "zext" and right.op == "zext" and left.args[0].bits == right.args[0].bits:
        return graph.compare("ult", left.args[0], right.args[0])
    return _narrow_order(graph, "ult", left, right)


def _ule(graph: Graph, left: Value, right: Value) -> Value | None:
    if left is right or left.constant == 0:
        return graph.const(1, 1)
    if graph.literal:
        return None
    if left.op == "zext" and right.op == "zext" and left.args[0].bits == right.args[0].bits:
        return graph.compare("ule", left.args[0], right.args[0])
    return _narrow_order(graph, "ule", left, right)


def _slt(graph: Graph, left: Value, right: Value) -> Value | None:
    if left is right:
        return graph.const(0, 1)
    if graph.literal:
        return None
    if left.op == "zext" and right.op == "const" and signed(right.data, right.bits) <= 0:
        return graph.const(0, 1)
    if left.op == "sext" and right.op == "sext" and left.args[0].bits == right.args[0].bits:
        return graph.compare("slt", left.args[0], right.args[0])
    if left.op == "sext" and right.constant == 0:
        return graph.compare("slt", left.args[0], graph.const(0, left.args[0].bits))
    return None


def _sle(graph: Graph, left: Value, right: Value) -> Value | None:
    return graph.const(1, 1) if left is right else None


def _carry(graph: Graph, left: Value, right: Value) -> Value | None:
    if right.op == "const":
        if right.data == 0:
            return graph.const(0, 1)
        return graph.compare("ule", graph.const(-right.data, left.bits), left)
    return graph.compare("ult", graph.binary("add", left, right), left)


def _scarry(graph: Graph, left: Value, right: Value) -> Value | None:
    return graph.const(0, 1) if right.constant == 0 else None


def _sborrow(graph: Graph, left: Value, right: Value) -> Value | None:
    return graph.const(0, 1) if right.constant == 0 or left is right else None


ORDER: dict[str, Rule] = {
    "eq": _equal("eq"),
    "ne": _equal("ne"),
    "ult": _ult,
    "ule": _ule,
    "slt": _slt,
    "sle": _sle,
    "carry": _carry,
    "scarry": _scarry,
    "sborrow": _sborrow,
}
"""By operation."""
