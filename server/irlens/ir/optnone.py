"""Functions that no pass changes, since they are `optnone`, as clang marks them at -O0. Text in, names out."""

from __future__ import annotations

import re

from irlens.ir.outline import outline
from irlens.source.snapshot import split_lines

_GROUP = re.compile(r"^attributes[ \t]+#(\d+)[ \t]*=[ \t]*\{([^\n]*)", re.MULTILINE)
_WORD = re.compile(r"\boptnone\b")
_STRING = re.compile(r'"[^"\n]*"?')
_REFERENCE = re.compile(r"#(\d+)")

ADVICE = "Compile with `clang -O0 -Xclang -disable-O0-optnone`, or at another level with `-Xclang -disable-llvm-passes`."
"""How to get the same code without the attribute."""
SHORT_ADVICE = "Compile with -Xclang -disable-O0-optnone."
"""The same where there is little room."""


def optnone_functions(text: str) -> tuple[str, ...]:
    """Names of the functions that are defined and `optnone`, in the order of the text."""
    if "optnone" not in text:
        return ()
    groups = {match[1] for match in _GROUP.finditer(text) if _WORD.search(_STRING.sub("", match[2]))}
    lines = split_lines(text)
    found = []
    for function in outline(text).functions:
        if not function.is_definition:
            continue
        head = _STRING.sub("", _head(lines, function.start_line, function.end_line))
        if _WORD.search(head) or any(number in groups for number in _REFERENCE.findall(head)):
            found.append(function.name)
    return tuple(found)


def optnone(ir: str, functions: list[str]) -> tuple[str, ...]:
    """Those of the functions that are `optnone`, in the order of the list."""
    found = set(optnone_functions(ir))
    return tuple(name for name in functions if name in found)


def note(names: tuple[str, ...]) -> str:
    """What to say of them in one short sentence and what to do; "" of none."""
    if not names:
        return ""
    if len(names) == 1:
        said = f"{names[0]} is optnone: passes skip it."
    else:
        some = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
        said = f"{len(names)} functions are optnone ({some}): passes skip them."
    return f"{said} {SHORT_ADVICE}"


def words(text: str) -> str:
    """A sentence for users where passes leave functions of the text alone, with what to do; else empty."""
    names = optnone_functions(text)
    if not names:
        return ""
    others = len(names) - 1
    more = "" if not others else f" and {others:,} more function{'s' if others > 1 else ''}"
    verb = "are" if others else "is"
    return f"@{names[0]}{more} {verb} optnone, so passes change nothing there. {ADVICE}"


def _head(lines: tuple[str, ...] | list[str], start: int, end: int) -> str:
    """What stands before the function's body."""
    taken = []
    for line in lines[start : end + 1]:
        taken.append(line)
        if line.rstrip().endswith("{") or line.strip() == "{":
            break
    return " ".join(taken)
