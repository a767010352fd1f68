"""Floating-point instructions that P-code says less exactly than the machine does them.

Ghidra spells a fused multiplication as two operations that each round, every rounding of AArch64 as one towards
zero, and leaves some operations open. Where the machine's meaning is one of LLVM's, it is put in; else the
instruction is refused. Source: Arm Architecture Reference Manual for A-profile, C7.2.
"""

from __future__ import annotations

from irlens.mechanical.machine_code import Op
from irlens.mechanical.values import Graph, Value

ROUNDINGS = {
    "frinta": "round",
    "frinti": "nearbyint",
    "frintm": "floor",
    "frintn": "roundeven",
    "frintp": "ceil",
    "frintx": "rint",
    "frintz": "trunc",
}
_CONVERSIONS = {"a": "round", "m": "floor", "n": "roundeven", "p": "ceil"}
_FUSED = ("fmadd", "fmsub", "fnmadd", "fnmsub")
REFUSED = (
    "fmax", "fmin", "ldx", "ldax", "stx", "stlx", "cas", "swp", "ldadd", "ldclr", "ldset", "ldeor", "stadd",
    "frecp", "frsqrt", "fmla", "fmls", "fcvtx", "fcvtn", "fcvtl",
)  # fmt: skip
"""AArch64 instructions, by the beginning of their names, whose P-code is not what they do. `fcvtns` and `fcvtnu`
are conversions of `_CONVERSIONS`, `fmaxnm` and `fminnm` are known by name."""


def refused(name: str) -> bool:
    """Whether an AArch64 instruction's P-code is not to be trusted."""
    if name in ("fcvtns", "fcvtnu", "fmaxnm", "fminnm"):
        return False
    return name.startswith(REFUSED)


def exact(graph: Graph, name: str, operation: str, args: tuple[Value, ...], bits: int) -> Value | None:
    """The value of a floating-point operation of the AArch64 instruction `name`, where P-code has it wrong."""
    if name in ROUNDINGS and len(args) == 1:
        return graph.make(ROUNDINGS[name], args, bits)
    if operation == "FLOAT_TRUNC" and name.startswith("fcvt") and name[5:] in ("s", "u"):
        rounding = _CONVERSIONS.get(name[4])
        value = graph.make(rounding, args, args[0].bits) if rounding else args[0]
        return graph.make("fptoui" if name[5] == "u" else "fptosi", (value,), bits)
    if name in _FUSED and operation in ("FLOAT_ADD", "FLOAT_SUB"):
        return _fused(graph, name, operation, *args)
    return None


def _fused(graph: Graph, name: str, operation: str, left: Value, right: Value) -> Value | None:
    """Ghidra has the product on the right, of the negated two on the left; the other may be a product as well."""
    bits = left.bits
    first_is_product = name.startswith("fnm")

    def negated(value: Value) -> Value:
        return value.args[0] if value.op == "fneg" else graph.make("fneg", (value,), bits)

    product, other = (left, right) if first_is_product else (right, left)
    inner = _product(product)
    if inner is None:
        return None
    first, second = inner.args
    if product.op == "fneg":
        first = negated(first)
    if operation == "FLOAT_SUB":
        if first_is_product:
            other = negated(other)
        else:
            first = negated(first)
    return graph.make("fma", (first, second, other), bits)


def _product(value: Value) -> Value | None:
    if value.op == "fmul":
        return value
    return value.args[0] if value.op == "fneg" and value.args[0].op == "fmul" else None


def open_operation(graph: Graph, op: Op, args: tuple[Value, ...], bits: int) -> Value | None:
    """The value of an operation that Ghidra leaves open, by its name; None where it is unknown here."""
    name = op.name.partition(":")[2]
    scalar = bits in (32, 64)
    if name == "NEON_ucvtf" and len(args) == 2 and scalar and args[1].bits == bits:
        return graph.make("uitofp", args[1:], bits)
    if name in ("NEON_fmaxnm", "NEON_fminnm") and len(args) == 3 and scalar:
        return graph.make("maxnum" if name == "NEON_fmaxnm" else "minnum", args[1:], bits)
    if (
        name == "NEON_ext"
        and len(args) >= 4
        and args[1].bits == args[2].bits == bits
        and args[3].op == "const"
    ):
        return graph.extract(graph.piece(args[2], args[1]), args[3].data * 8, bits)
    return None
