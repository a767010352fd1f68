"""One function of a module with only what it refers to, as `llvm-extract` would cut it. Text in, text out.

The function becomes external (a pass that drops unused internals must not drop it), other functions become
declarations, globals that nothing left refers to are dropped, types, attributes and metadata stay.
"""

from __future__ import annotations

import re

from irlens.errors import UnusableInput
from irlens.ir.outline import IrFunction, outline

_LOCAL_LINKAGE = re.compile(
    r"^define\s+((?:(?:private|internal|available_externally|linkonce|weak|common|appending|extern_weak|"
    r"linkonce_odr|weak_odr|external)\s+))"
)
_DROPPED_IN_DECLARE = re.compile(
    r"^(?:private|internal|available_externally|linkonce|weak|common|appending|linkonce_odr|weak_odr|external|"
    r"dso_local|dso_preemptable|default|hidden|protected|dllexport|dllimport)\s+"
)
_GLOBAL = re.compile(r'^(@(?:[-a-zA-Z$._0-9]+|"(?:[^"\\]|\\.)*"))\s*=')
_REFERENCE = re.compile(r'@(?:[-a-zA-Z$._0-9]+|"(?:[^"\\]|\\.)*")')
_STRING = re.compile(r'c"(?:[^"\\]|\\.)*"')
_ATTRIBUTE_GROUPS = re.compile(r"#\d+")
_PARAMETER_NAME = re.compile(r'\s*%(?:[-a-zA-Z$._0-9]+|"(?:[^"\\]|\\.)*")$')


def extract(ir: str, function: str) -> str:
    """`ir` cut down to `function`. Raises `UnusableInput` where it is not defined."""
    lines = ir.split("\n")
    functions = outline(ir).functions
    target = next((f for f in functions if f.is_definition and f.name == function), None)
    if target is None:
        raise UnusableInput(f"The module does not define @{function}. Choose one that it defines.")
    in_function = {line for f in functions for line in range(f.start_line, f.end_line + 1)}
    rest = [line for index, line in enumerate(lines) if index not in in_function]
    body = _made_external(lines[target.start_line : target.end_line + 1])
    kept = _reachable(body, rest)
    out = [line for line in rest if not (match := _GLOBAL.match(line)) or match.group(1) in kept]
    out += ["", *body, ""]
    for other in functions:
        if other is not target and _symbol(other.name, lines[other.start_line]) in kept:
            out.append(declaration(lines, other))
    return "\n".join(out).strip("\n") + "\n"


def _made_external(body: list[str]) -> list[str]:
    return [_LOCAL_LINKAGE.sub("define ", body[0]), *body[1:]]


def _symbol(name: str, line: str) -> str:
    return f'@"{name}"' if f'@"{name}"' in line else f"@{name}"


def _reachable(body: list[str], rest: list[str]) -> set[str]:
    """Every @name that the body, metadata, or a global reachable from them mentions."""
    globals_ = {match.group(1): line for line in rest if (match := _GLOBAL.match(line))}
    texts = body + [line for line in rest if line.startswith("!")]
    found: set[str] = set()
    while texts:
        names = set(_REFERENCE.findall(_STRING.sub('""', texts.pop()))) - found
        found |= names
        texts.extend(globals_[name] for name in names if name in globals_)
    return found


def declaration(lines: list[str], function: IrFunction) -> str:
    """The function as another module declares it."""
    if not function.is_definition:
        return "\n".join(lines[function.start_line : function.end_line + 1])
    header = lines[function.start_line].removeprefix("define").strip()
    while (shorter := _DROPPED_IN_DECLARE.sub("", header)) != header:
        header = shorter
    symbol = _symbol(function.name, header)
    opening = header.index("(", header.index(symbol) + len(symbol))
    closing = _matching(header, opening)
    parameters = [_PARAMETER_NAME.sub("", p.strip()) for p in split_parameters(header[opening + 1 : closing])]
    groups = " ".join(_ATTRIBUTE_GROUPS.findall(header[closing:]))
    return f"declare {header[:opening]}({', '.join(parameters)}) {groups}".rstrip()


def _matching(text: str, opening: int) -> int:
    depth = 0
    for index in range(opening, len(text)):
        depth += (text[index] == "(") - (text[index] == ")")
        if depth == 0:
            return index
    return len(text)


def split_parameters(text: str) -> list[str]:
    """Split at the commas that no bracket encloses; an empty text has no parts."""
    parts, depth, start = [], 0, 0
    for index, char in enumerate(text):
        depth += (char in "([{<") - (char in ")]}>")
        if char == "," and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    return [*parts, text[start:]] if text.strip() else []
