"""Small questions about values that several passes ask."""

from __future__ import annotations

from irlens.mechanical.values import Value

FLOAT_RESULTS = frozenset(
    {
        "fadd", "fsub", "fmul", "fdiv", "fneg", "fabs", "sqrt", "ceil", "floor", "sitofp", "uitofp", "fpcast",
        "fma", "round", "nearbyint", "roundeven", "rint", "trunc", "maxnum", "minnum",
    }
)  # fmt: skip
"""Operations whose result is a floating-point number."""
FLOAT_ARGUMENTS = FLOAT_RESULTS - {"sitofp", "uitofp"} | {
    "feq",
    "fne",
    "flt",
    "fle",
    "fnan",
    "fptosi",
    "fptoui",
}
"""Operations whose arguments are floating-point numbers."""


def low_float(value: Value) -> int:
    """Whether the low bits of a 64-bit register piece are a number: 64, 32, or 0 for no."""
    seen: set[Value] = set()

    def look(value: Value) -> int:
        if value in seen:
            return -1
        seen.add(value)
        if value.op in FLOAT_RESULTS:
            return value.bits
        if value.op == "zext" or (value.op == "extract" and value.data == 0):
            return look(value.args[0])
        if value.op == "piece":
            return look(value.args[1])
        if value.op == "phi":
            found = {look(arg) for arg in value.args} - {-1}
            if found and found <= {32, 64, -2} and len(found - {-2}) == 1:
                return (found - {-2}).pop()
            return 0
        if value.op == "const":
            return -2
        return 0

    return max(0, look(value))
