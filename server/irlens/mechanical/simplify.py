"""Rewriting rules of the graph: what P-code spells in many operations becomes the one that was meant.

Every rule is an identity of fixed-width integers (the test tries each against plain evaluation). Anything
that LLVM's own clean-up does as well is left to it, unless recovering pointers and widths needs it earlier.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from irlens.mechanical.fold import fold
from irlens.mechanical.order import ORDER
from irlens.mechanical.values import COMMUTES, Graph, Value, from_entry, ones, signed, split

Rule = Callable[[Graph, Value, Value], "Value | None"]


def simplify(graph: Graph, op: str, args: tuple[Value, ...], bits: int, data: Any) -> Value:
    """The simplest value equal to `op(args)`."""
    if all(arg.op == "const" for arg in args) and args:
        folded = fold(op, [arg.data for arg in args], args[0].bits, bits, data, args[-1].bits)
        if folded is not None:
            return graph.const(folded, bits)
    if op == "extract":
        return _extract(graph, args[0], data, bits)
    if op == "zext":
        return _zext(graph, args[0], bits)
    if op == "sext":
        return _sext(graph, args[0], bits)
    if op in ("udiv", "urem", "sdiv", "srem"):
        return _divide(graph, op, args[0], args[1], data)
    if len(args) == 2:
        left, right = args
        if op in COMMUTES and (left.op == "const" or (left.op == "addr" and right.op != "const")):
            left, right = right, left
        rule = _BINARY.get(op)
        if rule is not None:
            found = rule(graph, left, right)
            if found is not None:
                return found
        args = (left, right)
    return graph.raw(op, args, bits, data)


def _may(graph: Graph, value: Value) -> bool:
    """Whether a sum may be written in another way: where nobody minds, and in the frame."""
    return not graph.literal or any(
        part is not None and part.op == "sp" for part in (split(value)[0], *value.args)
    )


def _both_extended(graph: Graph, left: Value, right: Value) -> bool:
    if graph.literal and left.args and left.args[0].bits != 1:
        return False
    return left.op == "zext" and right.op == "zext" and left.args[0].bits == right.args[0].bits


def _add(graph: Graph, left: Value, right: Value) -> Value | None:
    if right.op == "const":
        if right.data == 0:
            return left
        if left.op == "addr":
            return graph.addr(left.data + right.data)
        if left.op == "add" and left.args[1].op == "const" and _may(graph, left):
            return graph.binary("add", left.args[0], graph.const(left.args[1].data + right.data, left.bits))
        return None
    for one, other in ((left, right), (right, left)):
        if one.op == "sub" and one.args[1] is other:
            return one.args[0]
        if one.op == "add" and one.args[1].op == "const" and _may(graph, one):  # constants go outside
            inner = graph.binary("add", one.args[0], other)
            return graph.binary("add", inner, one.args[1])
        if one.op == "neg":
            return graph.binary("sub", other, one.args[0])
    return None


def _sub(graph: Graph, left: Value, right: Value) -> Value | None:
    if left is right:
        return graph.const(0, left.bits)
    if right.op == "const":
        if not _may(graph, left) and left.op != "addr":
            return None
        return graph.binary("add", left, graph.const(-right.data, left.bits))
    if left.op == "addr" and right.op == "addr":
        return graph.const(left.data - right.data, 64)
    if left.op == "const" and left.data == 0:
        return graph.make("neg", (right,), right.bits)
    base, offset = split(left)
    other, minus = split(right)
    if base is other:
        return graph.const(offset - minus, left.bits)
    if left.op == "add":
        if left.args[1] is right:
            return left.args[0]
        if left.args[0] is right:
            return left.args[1]
        if left.args[1].op == "const" and _may(graph, left):
            return graph.binary("add", graph.binary("sub", left.args[0], right), left.args[1])
    if right.op == "add" and right.args[1].op == "const" and _may(graph, right):
        inner = graph.binary("sub", left, right.args[0])
        return graph.binary("add", inner, graph.const(-right.args[1].data, left.bits))
    return None


def _and(graph: Graph, left: Value, right: Value) -> Value | None:
    if left is right:
        return left
    if right.op == "const":
        mask, bits = right.data, left.bits
        if mask == 0:
            return right
        if mask == ones(bits):
            return left
        if left.op == "zext" and left.args[0].bits == 1 and mask & 1:
            return left
        if graph.literal and from_entry(left) is None:
            return None
        if left.op == "and" and left.args[1].op == "const":
            return graph.binary("and", left.args[0], graph.const(left.args[1].data & mask, bits))
        if left.op == "zext":
            inner = left.args[0]
            kept = mask & ones(inner.bits)
            return graph.zext(graph.binary("and", inner, graph.const(kept, inner.bits)), bits)
        if mask in (0xFF, 0xFFFF, 0xFFFFFFFF) and mask.bit_length() < bits:
            return graph.zext(graph.extract(left, 0, mask.bit_length()), bits)
        base, offset = split(left)
        rest, modulus = graph.stack_alignment
        size = (~mask & ones(bits)) + 1
        if base.op == "sp" and size & (size - 1) == 0 and size <= modulus:
            return graph.binary("add", base, graph.const(offset - (rest + offset) % size, 64))
        return None
    if _both_extended(graph, left, right):
        return graph.zext(graph.binary("and", left.args[0], right.args[0]), left.bits)
    if left.bits == 1:
        return _both(graph, left, right) or _both(graph, right, left)
    return None


def _both(graph: Graph, one: Value, other: Value) -> Value | None:
    """Less or equal, and different."""
    if other.op == "ne" and one.op in ("ule", "sle") and graph.compare(other.op, *one.args) is other:
        return graph.compare("ult" if one.op == "ule" else "slt", *one.args)
    return None


def _or(graph: Graph, left: Value, right: Value) -> Value | None:
    if left is right:
        return left
    if right.op == "const":
        if right.data == 0:
            return left
        if right.data == ones(left.bits):
            return right
        if left.op == "or" and left.args[1].op == "const" and not graph.literal:
            return graph.binary("or", left.args[0], graph.const(left.args[1].data | right.data, left.bits))
        return None
    if _both_extended(graph, left, right):
        return graph.zext(graph.binary("or", left.args[0], right.args[0]), left.bits)
    for high, low in ((left, right), (right, left)):
        if (
            high.op == "shl"
            and high.args[1].op == "const"
            and high.args[0].op == "zext"
            and low.op == "zext"
            and low.args[0].bits == high.args[1].data
            and high.args[0].args[0].bits + low.args[0].bits <= left.bits
        ):
            return graph.zext(graph.piece(high.args[0].args[0], low.args[0]), left.bits)
        if (
            left.bits == 1
            and low.op == "eq"
            and high.op in ("ult", "slt")
            and graph.compare(low.op, *high.args) is low
        ):
            return graph.compare("ule" if high.op == "ult" else "sle", *high.args)
    return None


_INVERSE = {
    "eq": ("ne", False),
    "ne": ("eq", False),
    "ult": ("ule", True),
    "ule": ("ult", True),
    "slt": ("sle", True),
    "sle": ("slt", True),
}


def _xor(graph: Graph, left: Value, right: Value) -> Value | None:
    if left is right:
        return graph.const(0, left.bits)
    if right.op == "const":
        if right.data == 0:
            return left
        if left.bits == 1 and left.op in _INVERSE:
            name, swap = _INVERSE[left.op]
            return graph.compare(name, *(reversed(left.args) if swap else left.args))
        if left.op == "xor" and left.args[1].op == "const" and not graph.literal:
            return graph.binary("xor", left.args[0], graph.const(left.args[1].data ^ right.data, left.bits))
        if (
            left.op == "zext"
            and right.data <= ones(left.args[0].bits)
            and (left.args[0].bits == 1 or not graph.literal)
        ):
            inner = graph.const(right.data, left.args[0].bits)
            return graph.zext(graph.binary("xor", left.args[0], inner), left.bits)
        if right.data == ones(left.bits) and left.bits > 1:
            return graph.make("not", (left,), left.bits)
        return None
    if _both_extended(graph, left, right):
        return graph.zext(graph.binary("xor", left.args[0], right.args[0]), left.bits)
    if left.bits == 1:
        for one, other in ((left, right), (right, left)):
            found = _signed_order(graph, one, other)
            if found is not None:
                return found
            if one.op == "xor" and one.args[1].op == "const":  # not(x) ^ y = not(x ^ y)
                return graph.invert(graph.binary("xor", one.args[0], other))
    return None


def _signed_order(graph: Graph, overflow: Value, sign: Value) -> Value | None:
    """Overflow differs from sign: the machine's way to say "less than"."""
    if sign.op != "slt" or sign.args[1].constant != 0:
        return None
    if overflow.op == "sborrow":
        a, b = overflow.args
        if graph.binary("sub", a, b) is sign.args[0]:
            return graph.compare("slt", a, b)
    if overflow.op == "scarry" and overflow.args[1].op == "const":
        a, b = overflow.args
        if b.data != 1 << (a.bits - 1) and graph.binary("add", a, b) is sign.args[0]:
            return graph.compare("slt", a, graph.const(-b.data, a.bits))
    return None


def _shift(name: str) -> Rule:
    def rule(graph: Graph, left: Value, right: Value) -> Value | None:
        if right.op != "const":
            return graph.raw(name, (left, right.args[0]), left.bits) if right.op == "zext" else None
        amount = right.data
        if amount == 0:
            return left
        if amount >= left.bits:
            if name != "ashr":
                return graph.const(0, left.bits)
            return graph.binary(name, left, graph.const(left.bits - 1, left.bits))
        if right.bits != left.bits:
            return graph.binary(name, left, graph.const(amount, left.bits))
        if left.op == name and left.args[1].op == "const" and not graph.literal:
            return graph.binary(name, left.args[0], graph.const(left.args[1].data + amount, left.bits))
        if name == "lshr" and left.op == "zext" and amount >= left.args[0].bits:
            return graph.const(0, left.bits)
        return None

    return rule


def _mul(graph: Graph, left: Value, right: Value) -> Value | None:
    if right.op == "const":
        if right.data == 0:
            return right
        if right.data == 1:
            return left
    return None


def _divide(graph: Graph, name: str, left: Value, right: Value, home: Any) -> Value:
    """Divisions keep `home`, the block that does them: they may trap, so no other block shares them."""
    if name[0] == "u" and left.op == "zext":
        inner = left.args[0]
        divisor = None
        if right.op == "zext" and right.args[0].bits == inner.bits:
            divisor = right.args[0]
        elif right.op == "const" and 0 < right.data <= ones(inner.bits):
            divisor = graph.const(right.data, inner.bits)
        if divisor is not None:
            return graph.zext(graph.make(name, (inner, divisor), inner.bits, home), left.bits)
    return graph.raw(name, (left, right), left.bits, home)


def _piece(graph: Graph, high: Value, low: Value) -> Value | None:
    bits = high.bits + low.bits
    if high.constant == 0:
        return graph.zext(low, bits)
    if (
        high.op == "extract"
        and low.op == "extract"
        and high.args[0] is low.args[0]
        and high.data == low.data + low.bits
    ):
        return graph.extract(low.args[0], low.data, bits)
    if high.op == "extract" and high.args[0].op == "sext":
        inner = high.args[0]
        if inner.args[0] is low and high.data >= low.bits:
            return graph.sext(low, bits)
    if high.op == "ashr" and high.args[0] is low and high.args[1].constant == low.bits - 1:
        return graph.sext(low, bits)
    if high.op == "extract" and high.args[0] is low and high.data == low.bits - 1 and high.bits == 1:
        return graph.sext(low, bits)
    if high.op == "zext":
        return graph.zext(graph.piece(high.args[0], low), bits)
    if high.op == "piece" and high.args[1].op == "extract" and low.op == "extract":
        middle = graph.piece(high.args[1], low)
        if middle.op != "piece":
            return graph.piece(high.args[0], middle)
    return None


_NARROWS = frozenset({"and", "or", "xor", "not"})
_LOW_ONLY = frozenset({"add", "sub", "mul", "neg"})


def _extract(graph: Graph, value: Value, low: int, bits: int) -> Value:
    if low == 0 and bits == value.bits:
        return value
    op, args = value.op, value.args
    if op == "const":
        return graph.const(value.data >> low, bits)
    if op == "extract":
        return graph.extract(args[0], value.data + low, bits)
    if op == "zext":
        inner = args[0]
        if low >= inner.bits:
            return graph.const(0, bits)
        if low + bits <= inner.bits:
            return graph.extract(inner, low, bits)
        return graph.zext(graph.extract(inner, low, inner.bits - low), bits)
    if op == "sext":
        inner = args[0]
        if low + bits <= inner.bits:
            return graph.extract(inner, low, bits)
        if low == 0:
            return graph.sext(inner, bits)
    if op == "piece":
        lower = args[1]
        if low >= lower.bits:
            return graph.extract(args[0], low - lower.bits, bits)
        if low + bits <= lower.bits:
            return graph.extract(lower, low, bits)
        upper = graph.extract(args[0], 0, low + bits - lower.bits)
        return graph.piece(upper, graph.extract(lower, low, lower.bits - low))
    if op == "mul" and low == 0 and all(_had(arg, bits) for arg in args):  # in twice the width
        return graph.binary("mul", *(graph.extract(arg, 0, bits) for arg in args))
    narrows = not graph.literal or value.bits == 1 or from_entry(value) is not None
    if narrows and (op in _NARROWS or (op in _LOW_ONLY and low == 0)):
        narrowed = tuple(graph.extract(arg, low, bits) for arg in args)
        return graph.make(op, narrowed, bits)
    if narrows and op in ("shl", "lshr", "ashr") and args[1].op == "const":
        amount = args[1].data
        if op == "shl":
            if low >= amount:
                return graph.extract(args[0], low - amount, bits)
            if low + bits <= amount:
                return graph.const(0, bits)
            if low == 0:
                return graph.binary("shl", graph.extract(args[0], 0, bits), graph.const(amount, bits))
        elif amount + low + bits <= value.bits:
            return graph.extract(args[0], amount + low, bits)
    if op in ("sdiv", "srem") and low == 0:
        left, right = args
        if left.op == "sext" and left.args[0].bits == bits:
            if right.op == "sext" and right.args[0].bits == bits:
                return graph.make(op, (left.args[0], right.args[0]), bits, value.data)
            if right.op == "const" and signed(right.data, right.bits) == signed(
                right.data & ones(bits), bits
            ):
                return graph.make(op, (left.args[0], graph.const(right.data, bits)), bits, value.data)
    return graph.raw("extract", (value,), bits, low)


def _had(value: Value, bits: int) -> bool:
    return value.op == "const" or (value.op == "sext" and value.args[0].bits == bits)


def _zext(graph: Graph, value: Value, bits: int) -> Value:
    if bits == value.bits:
        return value
    if value.op == "const":
        return graph.const(value.data, bits)
    if value.op == "zext":
        return graph.zext(value.args[0], bits)
    return graph.raw("zext", (value,), bits)


def _sext(graph: Graph, value: Value, bits: int) -> Value:
    if bits == value.bits:
        return value
    if value.op == "const":
        return graph.const(signed(value.data, value.bits), bits)
    if value.op == "sext":
        return graph.sext(value.args[0], bits)
    if value.op == "zext":
        return graph.zext(value.args[0], bits)
    return graph.raw("sext", (value,), bits)


_BINARY: dict[str, Rule] = {
    "add": _add,
    "sub": _sub,
    "and": _and,
    "or": _or,
    "xor": _xor,
    "mul": _mul,
    "shl": _shift("shl"),
    "lshr": _shift("lshr"),
    "ashr": _shift("ashr"),
    **ORDER,
    "piece": _piece,
}
