"""What the graph's integer operations give on plain numbers."""

from __future__ import annotations

from typing import Any


def _signed(number: int, bits: int) -> int:
    return number - (1 << bits) if number >> (bits - 1) & 1 else number


def fold(op: str, numbers: list[int], width: int, bits: int, data: Any, second_width: int) -> int | None:
    """The result as an unsigned number of `bits` bits, or None where there is none (a division by zero) or
    the operation is not one on integers. `width` is the operands' width in bits."""
    mask = (1 << bits) - 1
    a = numbers[0]
    if len(numbers) == 1:
        return _one(op, a, width, data, mask)
    b = numbers[1]
    if op in ("shl", "lshr", "ashr"):
        if op == "shl":
            return (a << b) & mask if b < width else 0
        if op == "lshr":
            return a >> b if b < width else 0
        return (_signed(a, width) >> min(b, width - 1)) & mask
    if op == "piece":
        return a << second_width | b
    table = {
        "add": lambda: a + b,
        "sub": lambda: a - b,
        "mul": lambda: a * b,
        "and": lambda: a & b,
        "or": lambda: a | b,
        "xor": lambda: a ^ b,
        "eq": lambda: a == b,
        "ne": lambda: a != b,
        "ult": lambda: a < b,
        "ule": lambda: a <= b,
        "slt": lambda: _signed(a, width) < _signed(b, width),
        "sle": lambda: _signed(a, width) <= _signed(b, width),
        "carry": lambda: a + b >> width,
        "scarry": lambda: _outside(_signed(a, width) + _signed(b, width), width),
        "sborrow": lambda: _outside(_signed(a, width) - _signed(b, width), width),
    }
    if op in table:
        return int(table[op]()) & mask
    if op in ("udiv", "urem", "sdiv", "srem") and b:
        if op == "udiv":
            return a // b
        if op == "urem":
            return a % b
        x, y = _signed(a, width), _signed(b, width)
        quotient = abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)
        return (quotient if op == "sdiv" else x - quotient * y) & mask
    return None


def _outside(number: int, width: int) -> bool:
    return not -(1 << (width - 1)) <= number < 1 << (width - 1)


def _one(op: str, a: int, width: int, data: Any, mask: int) -> int | None:
    if op == "neg":
        return -a & mask
    if op == "not":
        return ~a & mask
    if op == "zext":
        return a
    if op == "sext":
        return _signed(a, width) & mask
    if op == "extract":
        return a >> data & mask
    if op == "popcount":
        return a.bit_count() & mask
    if op == "lzcount":
        return (width - a.bit_length()) & mask
    return None
