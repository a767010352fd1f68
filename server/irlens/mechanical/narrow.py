"""Widths as the code needs them: phis, arguments and results of which only the low bits are looked at."""

from __future__ import annotations

from irlens.mechanical.body import Body
from irlens.mechanical.values import Value

_LOW = frozenset({"add", "sub", "mul", "neg", "and", "or", "xor", "not"})
_WIDTHS = (1, 8, 16, 32, 64, 128)


def demanded(body: Body) -> dict[Value, int]:
    """By value, how many of its low bits somebody looks at. Values that nobody uses are missing."""
    need: dict[Value, int] = {}
    todo: list[tuple[Value, int]] = [(value, value.bits) for value in body.operands()]
    while todo:
        value, bits = todo.pop()
        bits = min(bits, value.bits)
        if need.get(value, 0) >= bits:
            continue
        need[value] = bits
        op = value.op
        if op == "extract":
            todo.append((value.args[0], value.data + bits))
        elif op in ("zext", "sext", "phi") or op in _LOW:
            todo += [(arg, bits) for arg in value.args]
        elif op == "shl" and value.args[1].op == "const":
            todo.append((value.args[0], max(1, bits - value.args[1].data)))
            todo.append((value.args[1], value.args[1].bits))
        elif op == "piece":
            low = value.args[1]
            todo.append((low, bits))
            if bits > low.bits:
                todo.append((value.args[0], bits - low.bits))
        else:
            todo += [(arg, arg.bits) for arg in value.args]
    return need


def narrow_phis(body: Body) -> bool:
    """Make phis as wide as they are looked at, or as what comes into them; answers whether any changed."""
    need = demanded(body)
    graph = body.graph
    replaced: dict[Value, Value] = {}
    fits = _fitting(body)
    for block in body.blocks:
        for phi in list(block.phis):
            wanted = need.get(phi, phi.bits)
            bits = next(width for width in _WIDTHS if width >= wanted)
            natural = fits.get(phi, phi.bits)
            target = min(bits, natural)
            if target >= phi.bits:
                continue
            narrow = graph.pin("phi", (), target, phi.data)
            narrow.home = phi.home
            narrow.args = tuple(graph.extract(arg, 0, target) for arg in phi.args)
            block.phis.append(narrow)
            replaced[phi] = graph.zext(narrow, phi.bits)
    if not replaced:
        return False
    body.substitute(replaced)
    body.tidy()
    return True


def _fitting(body: Body) -> dict[Value, int]:
    """Phis into which only zero-extended values come: the width they are extended from."""
    phis = [phi for block in body.blocks for phi in block.phis]
    known: dict[Value, int] = dict.fromkeys(phis, 1)
    changed = True
    while changed:
        changed = False
        for phi in phis:
            width = max((_natural(arg, known) for arg in phi.args), default=phi.bits)
            width = min(next((w for w in _WIDTHS if w >= width), phi.bits), phi.bits)
            if width > known[phi]:
                known[phi] = width
                changed = True
    return known


def _natural(value: Value, known: dict[Value, int]) -> int:
    if value.op == "zext":
        return value.args[0].bits
    if value.op == "const":
        return value.data.bit_length() or 1
    return known.get(value, value.bits)
