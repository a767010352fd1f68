"""The graph's rewriting rules against plain evaluation: whatever is built, the simplified value is the same."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from irlens.mechanical.fold import fold
from irlens.mechanical.values import Graph, Value

BINARY = ("add", "sub", "mul", "and", "or", "xor")
COMPARE = ("eq", "ne", "ult", "ule", "slt", "sle", "carry", "scarry", "sborrow")
SHIFT = ("shl", "lshr", "ashr")
DIVIDE = ("udiv", "urem", "sdiv", "srem")
WIDTHS = (1, 8, 16, 32, 64)


def plain(op: str, numbers: list[int], widths: list[int], bits: int, data: Any) -> int | None:
    return fold(op, numbers, widths[0], bits, data, widths[-1])


def evaluate(value: Value, leaves: dict[Value, int]) -> int | None:
    if value in leaves:
        return leaves[value]
    if value.op == "const":
        return value.data
    numbers = [evaluate(arg, leaves) for arg in value.args]
    if any(number is None for number in numbers):
        return None
    return plain(
        value.op, [n for n in numbers if n is not None], [a.bits for a in value.args], value.bits, value.data
    )


@st.composite
def programs(draw: st.DrawFn) -> list[tuple[str, int, int, int, int]]:
    """Steps that each take two earlier values: name, first, second, width or low bit, number."""
    names = (*BINARY, *COMPARE, *SHIFT, *DIVIDE, "zext", "sext", "extract", "piece", "neg", "not", "const")
    step = st.tuples(
        st.sampled_from(names),
        st.integers(0, 30),
        st.integers(0, 30),
        st.integers(0, 64),
        st.one_of(
            st.integers(0, 2**64 - 1), st.sampled_from([0, 1, 2, 255, 2**31, 2**32 - 1, 2**63, 2**64 - 1])
        ),
    )
    return draw(st.lists(step, min_size=1, max_size=25))


@settings(max_examples=400, deadline=None)
@given(programs(), st.lists(st.integers(0, 2**64 - 1), min_size=3, max_size=3))
def test_a_simplified_value_is_the_value(
    program: list[tuple[str, int, int, int, int]], inputs: list[int]
) -> None:
    graph = Graph()
    leaves = {graph.pin("entry", (), 64): inputs[0], graph.pin("entry", (), 32): inputs[1] & 0xFFFFFFFF}
    leaves[graph.pin("entry", (), 8)] = inputs[2] & 0xFF
    made: list[tuple[Value, int | None]] = list(leaves.items())
    for name, first, second, width, number in program:
        left, a = made[first % len(made)]
        right, b = made[second % len(made)]
        data: Any = None
        if name == "const":
            bits = WIDTHS[width % len(WIDTHS)]
            made.append((graph.const(number, bits), number & (1 << bits) - 1))
            continue
        args, numbers = (left,), [a]
        bits = left.bits
        if name in ("zext", "sext"):
            bits = next((w for w in (*WIDTHS, 128) if w > left.bits), left.bits)
        elif name == "extract":
            data = width % left.bits
            bits = 1 + number % (left.bits - data)
        elif name not in ("neg", "not"):
            if name not in (*SHIFT, "piece") and right.bits != left.bits:
                if right.bits > left.bits:
                    right, b = (
                        graph.extract(right, 0, left.bits),
                        None if b is None else b & (1 << left.bits) - 1,
                    )
                else:
                    right = graph.zext(right, left.bits)
            args, numbers = (left, right), [a, b]
            if name == "piece":
                bits = left.bits + right.bits
                if bits > 256:
                    continue
            if name in COMPARE:
                bits = 1
        expected = None
        if None not in numbers:
            expected = plain(name, [n for n in numbers if n is not None], [x.bits for x in args], bits, data)
        value = graph.make(name, args, bits, data if name not in DIVIDE else 0)
        assert value.bits == bits
        if expected is not None:
            assert evaluate(value, leaves) == expected, (name, value)
        made.append((value, expected))


def compared(graph: Graph, name: str, a: Value, b: Value) -> dict[str, Value]:
    """The flags of an x86 `cmp a, b`, as P-code makes them."""
    difference = graph.binary("sub", a, b)
    zero = graph.const(0, a.bits)
    return {
        "CF": graph.compare("ult", a, b),
        "OF": graph.compare("sborrow", a, b),
        "SF": graph.compare("slt", difference, zero),
        "ZF": graph.compare("eq", difference, zero),
    }


def test_conditions_come_back_as_one_comparison() -> None:
    graph = Graph()
    a, b = graph.pin("entry", (), 32), graph.pin("entry", (), 32)
    for right in (b, graph.const(7, 32), graph.const(-3, 32)):
        flags = compared(graph, "cmp", a, right)
        less = graph.binary("xor", flags["OF"], flags["SF"])
        assert less is graph.compare("slt", a, right)
        greater = graph.binary("and", graph.invert(flags["ZF"]), graph.invert(less))
        assert greater is graph.compare("slt", right, a)
        above = graph.binary("and", graph.invert(flags["CF"]), graph.invert(flags["ZF"]))
        assert above is graph.compare("ult", right, a)
        below = graph.binary("or", flags["CF"], flags["ZF"])
        assert below is graph.compare("ule", a, right)


def test_a_division_by_a_sign_extended_register_pair_is_narrow() -> None:
    graph = Graph()
    a, b = graph.pin("entry", (), 32), graph.pin("entry", (), 32)
    high = graph.extract(graph.sext(a, 64), 32, 32)
    whole = graph.make(
        "or",
        (graph.binary("shl", graph.zext(high, 64), graph.const(32, 64)), graph.zext(a, 64)),
        64,
    )
    quotient = graph.extract(graph.make("sdiv", (whole, graph.sext(b, 64)), 64, 0), 0, 32)
    assert quotient is graph.make("sdiv", (a, b), 32, 0)


def test_address_arithmetic_keeps_what_is_an_address() -> None:
    graph = Graph()
    page = graph.addr(0x5E001000)
    assert graph.binary("add", page, graph.const(0x18, 64)) is graph.addr(0x5E001018)
    assert graph.binary("sub", graph.addr(0x5E001018), page) is graph.const(0x18, 64)
    assert graph.binary("add", graph.const(8, 64), page).op == "addr"
