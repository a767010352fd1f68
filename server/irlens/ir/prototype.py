"""The types of a function's result and parameters, from the line that defines or declares it. Text in, data out."""

from __future__ import annotations

from collections.abc import Iterable

from irlens.ir.extract import split_parameters


def types_of(header: str, symbol: str) -> tuple[str, ...]:
    """The type of the result and those of the parameters; `symbol` is the name as it stands in the header."""
    before, _, rest = header.partition(symbol)
    parameters = rest[rest.index("(") + 1 : _closing(rest)]
    return (_last_type(before), *(_first_type(each.strip()) for each in split_parameters(parameters)))


def _closing(rest: str) -> int:
    depth = 0
    for at, char in enumerate(rest):
        depth += (char == "(") - (char == ")")
        if depth == 0 and char == ")":
            return at
    return len(rest)


_OPENING, _CLOSING = "([{<", ")]}>"


def _words(text: str) -> Iterable[str]:
    """Words of the text; what stands in brackets is one."""
    word, depth = "", 0
    for char in text:
        depth += (char in _OPENING) - (char in _CLOSING)
        if char.isspace() and depth == 0:
            if word:
                yield word
            word = ""
        else:
            word += char
    if word:
        yield word


def _first_type(parameter: str) -> str:
    return next(iter(_words(parameter)), "")


def _last_type(before: str) -> str:
    return ["", *_words(before)][-1]
