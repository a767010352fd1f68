"""One spelling where the machine code cannot tell two apart, so that an answer can be known from its question.

Parameters that nothing reads, the order of integer and floating-point ones (they come in different registers),
arguments that were never given a value, extension marks: each has a form here that leaves the code as it is.
`training.pairs` lowers what comes out, so a mistake here would cost a pair its length, not its truth.
"""

from __future__ import annotations

import re

from irlens.ir.normal import plain
from irlens.ir.normal_places import bytewise

_FLOATS = ("float", "double")
_REGISTERS = 6
"""Integer arguments in registers on x86-64, the lesser of the two targets: behind them, order is memory."""


def canonical(text: str) -> str:
    """`text` with its parameters and its calls' arguments in their one spelling."""
    head, *lines = text.splitlines()
    lines = [_call(line) for line in lines]
    return "\n".join(_parameters(head, lines))


def bare(text: str, *, calls: bool = True) -> str:
    """`shortest`, with addresses in bytes: all that machine code can show."""
    return shortest(bytewise(text), calls=calls)


def shortest(text: str, *, calls: bool = True) -> str:
    """`plain`, without the marks that parameters are extended."""
    return re.sub(r"\b(?:zeroext|signext)[ .]|\.(?:zeroext|signext)\b", "", plain(text, calls=calls))


def _parameters(head: str, lines: list[str]) -> list[str]:
    words = head.split()[1:]
    front = []
    while words and words[0] in ("optsize", "minsize"):
        front.append(words.pop(0))
    taken = 2 if words[0] in ("zeroext", "signext") else 1
    result, rest = words[:taken], words[taken:]
    if "..." in rest:
        return [head, *lines]
    parameters: list[str] = []
    for word in rest:
        if parameters and parameters[-1] in ("zeroext", "signext"):
            parameters[-1] += f" {word}"
        else:
            parameters.append(word)
    used = {int(number) for number in re.findall(r"%(\d+)\b(?!=)", "\n".join(lines))}
    integers = [i for i, type_ in enumerate(parameters) if type_ not in _FLOATS]
    floats = [i for i, type_ in enumerate(parameters) if type_ in _FLOATS]
    if len(integers) > _REGISTERS or len(floats) > 8 or any(type_[0] in "{[v" for type_ in parameters):
        return [head, *lines]
    while integers and integers[-1] not in used:
        integers.pop()
    while floats and floats[-1] not in used:
        floats.pop()
    order = [*integers, *floats]
    types = [parameters[i] if i in used else ("double" if parameters[i] in _FLOATS else "i32") for i in order]
    numbers = {old: new for new, old in enumerate(order)}
    shift = len(parameters) - len(order)

    def renumber(match: re.Match[str]) -> str:
        number = int(match[1])
        return f"%{numbers[number] if number < len(parameters) else number - shift}"

    return [
        " ".join(["fn", *front, *result, *types]),
        *(re.sub(r"%(\d+)", renumber, line) for line in lines),
    ]


def _call(line: str) -> str:
    """Arguments without a value at the end left out; integers before floating point."""
    match = re.match(r"((?:%\d+= )?(?:call|ncall)\S* \S+)((?: \S+ \S+)*)$", line)
    if match is None or "..." in line or "@llvm." in line:
        return line
    words = match[2].split()
    pairs = list(zip(words[::2], words[1::2], strict=True))
    integers = [pair for pair in pairs if pair[0] not in _FLOATS]
    floats = [pair for pair in pairs if pair[0] in _FLOATS]
    if len(integers) > _REGISTERS or len(floats) > 8 or any(type_[0] in "{[v" for type_, _ in pairs):
        return line
    for group in (integers, floats):
        while group and group[-1][1] in ("undef", "poison"):
            group.pop()
    return " ".join([match[1], *(word for pair in [*integers, *floats] for word in pair)])
