"""What P-code's operations mean as values of the graph. Sources: Ghidra's P-code reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from irlens.mechanical.machine_code import Op
from irlens.mechanical.rounding import exact, open_operation
from irlens.mechanical.signature import is_garbage
from irlens.mechanical.values import Value

if TYPE_CHECKING:
    from irlens.mechanical.flow import Place
    from irlens.mechanical.ssa import Builder

_BINARY = {
    "INT_ADD": "add",
    "INT_SUB": "sub",
    "INT_MULT": "mul",
    "INT_AND": "and",
    "INT_OR": "or",
    "INT_XOR": "xor",
}
_COMPARE = {
    "INT_EQUAL": "eq",
    "INT_NOTEQUAL": "ne",
    "INT_LESS": "ult",
    "INT_LESSEQUAL": "ule",
    "INT_SLESS": "slt",
    "INT_SLESSEQUAL": "sle",
    "INT_CARRY": "carry",
    "INT_SCARRY": "scarry",
    "INT_SBORROW": "sborrow",
}
_SHIFT = {"INT_LEFT": "shl", "INT_RIGHT": "lshr", "INT_SRIGHT": "ashr"}
_DIVIDE = {"INT_DIV": "udiv", "INT_SDIV": "sdiv", "INT_REM": "urem", "INT_SREM": "srem"}
_LOGIC = {"BOOL_AND": "and", "BOOL_OR": "or", "BOOL_XOR": "xor"}
_FLOAT = {"FLOAT_ADD": "fadd", "FLOAT_SUB": "fsub", "FLOAT_MULT": "fmul", "FLOAT_DIV": "fdiv"}
_FLOAT_COMPARE = {
    "FLOAT_EQUAL": "feq",
    "FLOAT_NOTEQUAL": "fne",
    "FLOAT_LESS": "flt",
    "FLOAT_LESSEQUAL": "fle",
}
_FLOAT_ONE = {
    "FLOAT_NEG": "fneg",
    "FLOAT_ABS": "fabs",
    "FLOAT_SQRT": "sqrt",
    "FLOAT_CEIL": "ceil",
    "FLOAT_FLOOR": "floor",
}
SILENT = ("endbr64", "endbr32", "nop", "prefetch", "hint", "bti", "paciasp", "autiasp", "xpaclri", "yield")
"""Instructions that change nothing a program sees; compared with the beginning of their names."""


def apply(builder: Builder, op: Op, args: tuple[Value, ...], place: Place) -> Value | None:
    """The value of one operation. Raises `Uncovered`, with the instruction's name, where there is none."""
    graph, name = builder.graph, op.name
    bits = op.out.size * 8 if op.out is not None else 0
    if name == "COPY":
        return args[0]
    if name in _BINARY:
        return graph.make(_BINARY[name], args, bits)
    if name in _COMPARE:
        return graph.make(_COMPARE[name], args, 1)
    if name in _SHIFT:
        return graph.make(_SHIFT[name], args, bits)
    if name in _DIVIDE:
        return graph.make(_DIVIDE[name], args, bits, builder.now)
    if name in _LOGIC:
        return graph.make(_LOGIC[name], tuple(graph.truth(arg) for arg in args), 1)
    if name == "BOOL_NEGATE":
        return graph.invert(graph.truth(args[0]))
    if name == "INT_ZEXT":
        return graph.zext(args[0], bits)
    if name == "INT_SEXT":
        return graph.sext(args[0], bits)
    if name == "SUBPIECE":
        return _subpiece(builder, args, bits)
    if name == "PIECE":
        return graph.piece(args[0], args[1])
    if name in ("INT_2COMP", "INT_NEGATE"):
        return graph.make("neg" if name == "INT_2COMP" else "not", args, bits)
    if name in ("POPCOUNT", "LZCOUNT"):
        value = graph.make(name.lower(), args, args[0].bits)
        return graph.zext(value, bits) if bits > value.bits else graph.extract(value, 0, bits)
    if name.startswith("FLOAT_"):
        return _float(builder, name, args, bits, place)
    if name == "KEEP_IF_ZERO":
        return _keep_if_zero(builder, *args)
    return _other(builder, op, args, bits, place)


def _keep_if_zero(builder: Builder, asked: Value, value: Value, kept: Value) -> Value:
    graph = builder.graph
    if is_garbage(kept, builder.convention):  # nobody could rely on it
        return value
    mask = graph.sext(graph.compare("eq", asked, graph.const(0, asked.bits)), value.bits)
    other = graph.make("not", (mask,), value.bits)
    return graph.binary("or", graph.binary("and", kept, mask), graph.binary("and", value, other))


def _subpiece(builder: Builder, args: tuple[Value, ...], bits: int) -> Value:
    low = args[1].data * 8
    value = args[0]
    if low >= value.bits:
        return builder.graph.const(0, bits)
    if low + bits > value.bits:
        value = builder.graph.zext(value, low + bits)
    return builder.graph.extract(value, low, bits)


def _float(builder: Builder, name: str, args: tuple[Value, ...], bits: int, place: Place) -> Value:
    graph = builder.graph
    instruction = builder.flow.instructions[place[0]].text.split()[0].lower()
    arm = builder.convention.architecture == "aarch64"
    widths = [bits] if name in _FLOAT or name in _FLOAT_ONE else [arg.bits for arg in args]
    if name in ("FLOAT_INT2FLOAT", "FLOAT_FLOAT2FLOAT"):
        widths = [bits, *([args[0].bits] if name == "FLOAT_FLOAT2FLOAT" else [])]
    if any(width not in (32, 64) for width in widths):
        raise builder.flow.refuse(place[0], f"floating point of {max(widths)} bits is not covered")
    if arm:
        found = exact(graph, instruction, name, args, bits)
        if found is not None:
            return found
    if name in _FLOAT:
        return graph.make(_FLOAT[name], args, bits)
    if name in _FLOAT_COMPARE:
        return graph.make(_FLOAT_COMPARE[name], args, 1)
    if name == "FLOAT_NAN":
        return graph.make("fnan", args, 1)
    if name in _FLOAT_ONE:
        return graph.make(_FLOAT_ONE[name], args, bits)
    if name == "FLOAT_INT2FLOAT":
        value = args[0]
        if value.op == "zext" and value.bits > 64:
            return graph.make("uitofp", (value.args[0],), bits)
        if value.bits > 64:
            raise builder.flow.refuse(place[0], f"an integer of {value.bits} bits to floating point")
        return graph.make("sitofp", args, bits)
    if name == "FLOAT_FLOAT2FLOAT":
        return args[0] if args[0].bits == bits else graph.make("fpcast", args, bits)
    if name == "FLOAT_TRUNC":
        return graph.make("fptosi", args, bits)
    if name == "FLOAT_ROUND" and not arm and instruction.startswith("cvt"):
        return graph.make("rint", args, bits)
    raise builder.flow.refuse(place[0], f"its rounding ({name}) is not covered")


def _other(builder: Builder, op: Op, args: tuple[Value, ...], bits: int, place: Place) -> Value | None:
    instruction = builder.flow.instructions[place[0]].text.split()[0].lower()
    if instruction.startswith(SILENT):
        return None
    found = open_operation(builder.graph, op, args, bits)
    if found is not None:
        return found
    what = op.name.partition(":")[2] or op.name
    raise builder.flow.refuse(place[0], f"Ghidra leaves its meaning open ({what})", instruction)
