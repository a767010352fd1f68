"""Integer expressions of an assembly text, as far as they need no address: what `.rept` and `.if` count with. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_TOKEN = re.compile(
    r"\s*(?:(?P<number>0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)(?![\w.$])|(?P<name>[A-Za-z_.$][\w.$]*)"
    r"|(?P<sign>\|\||&&|<<|>>|==|!=|<>|<=|>=|[-+*/%&|^~!()<>]))"
)
_BINDS = {
    "||": 1, "&&": 2, "==": 3, "!=": 3, "<>": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "+": 4, "-": 4, "|": 5, "&": 5, "^": 5,
    "*": 6, "/": 6, "%": 6, "<<": 6, ">>": 6,
}  # fmt: skip
"""How tightly each binds in GNU as (Using as, "Infix Operators")."""
_LONGEST = 1000
_DEEPEST = 50


def value_of(expression: str, symbols: Mapping[str, int | None]) -> int | None:
    """The value, in 64 bits with a sign; None where it is not known before the text is assembled, or is no expression."""
    if len(expression) > _LONGEST:
        return None
    tokens: list[str] = []
    at, text = 0, expression.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            return None
        tokens.append(match[0].strip())
        at = match.end()
    reader = _Reader(tokens, symbols)
    try:
        value = reader.binary(0, 0)
    except _Unknown:
        return None
    return value if not reader.tokens else None


class _Unknown(Exception):
    pass


class _Reader:
    def __init__(self, tokens: list[str], symbols: Mapping[str, int | None]) -> None:
        self.tokens, self.symbols = tokens[::-1], symbols

    def binary(self, least: int, depth: int) -> int:
        if depth > _DEEPEST:
            raise _Unknown
        left = self._unary(depth)
        while self.tokens and _BINDS.get(self.tokens[-1], -1) > least:
            sign = self.tokens.pop()
            left = _apply(sign, left, self.binary(_BINDS[sign], depth + 1))
        return left

    def _unary(self, depth: int) -> int:
        if depth > _DEEPEST or not self.tokens:
            raise _Unknown
        token = self.tokens.pop()
        if token in ("-", "+", "~", "!"):
            value = self._unary(depth + 1)
            return _wrapped({"-": -value, "+": value, "~": ~value, "!": int(not value)}[token])
        if token == "(":
            value = self.binary(0, depth + 1)
            if not self.tokens or self.tokens.pop() != ")":
                raise _Unknown
            return value
        if token[0].isdigit():
            return _number(token)
        found = self.symbols.get(token)
        if found is None:
            raise _Unknown
        return found


def _number(token: str) -> int:
    if token[:2].lower() in ("0x", "0b"):
        return _wrapped(int(token[2:], 16 if token[1] in "xX" else 2))
    if len(token) > 30:
        raise _Unknown
    octal = token[0] == "0" and not set(token) & set("89")
    return _wrapped(int(token, 8 if octal else 10))


def _apply(sign: str, left: int, right: int) -> int:
    if sign in ("/", "%") and right == 0:
        raise _Unknown
    if sign in ("<<", ">>") and not 0 <= right < 64:
        raise _Unknown
    compared = {"==": left == right, "!=": left != right, "<>": left != right, "<": left < right, "<=": left <= right,
                ">": left > right, ">=": left >= right}  # fmt: skip
    if sign in compared:
        return -1 if compared[sign] else 0
    if sign in ("&&", "||"):
        return int(bool(left and right) if sign == "&&" else bool(left or right))
    value = {
        "+": left + right, "-": left - right, "*": left * right, "&": left & right, "|": left | right, "^": left ^ right,
        "<<": left << right if sign == "<<" else 0, ">>": left >> right if sign == ">>" else 0,
        "/": abs(left) // abs(right or 1) * (1 if (left < 0) == (right < 0) else -1),
        "%": abs(left) % abs(right or 1) * (1 if left >= 0 else -1),
    }[sign]  # fmt: skip
    return _wrapped(value)


def _wrapped(value: int) -> int:
    return (value + (1 << 63)) % (1 << 64) - (1 << 63)
