"""One instruction that no assembler knows costs its own function, not the file.

The lines in error are replaced by an instruction that traps, so that nothing which runs into them can seem right.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from irlens.asm.macho import unread_lines
from irlens.asm.outline import functions, lines_of
from irlens.errors import UnusableInput
from irlens.llvm.answers import Diagnostic
from irlens.objects.kinds import architecture

_TRAP = {"x86_64": "ud2", "aarch64": "udf #0"}
_DIRECTIVE = re.compile(r"^[ \t]*(?:[\w.$]+:[ \t]*)?\.")
_LABEL = re.compile(r"^([ \t]*[\w.$]+:)")


@dataclass(frozen=True)
class Refused:
    """An instruction, its line (counted from 0) and what the assembler says of it."""

    line: int
    instruction: str
    message: str


def error_inside(text: str, function: str, errors: Sequence[Diagnostic]) -> Refused | None:
    """The first of the errors that stands in the function; None where none does."""
    own = next((each for each in functions(text) if each.name == function), None)
    lines = lines_of(text)
    for error in errors:
        if own is not None and own.start_line <= error.line <= own.end_line:
            return Refused(error.line, " ".join(lines[error.line].split()), error.message)
    return None


def unread_functions(text: str) -> dict[str, str]:
    """By name, the functions of a macOS assembly (see `asm.macho`) with a line that was not understood, and a sentence on
    it. Under the name "" one that stands in none."""
    found: dict[str, str] = {}
    for line, why in unread_lines(text).items():
        inside = [each.name for each in functions(text) if each.start_line <= line <= each.end_line]
        for name in inside or [""]:
            found.setdefault(name, f"Line {line + 1} of this macOS assembly is not lifted or run: {why}.")
    return found


def refuse_unread(text: str, wanted: Collection[str]) -> None:
    """Raise `UnusableInput` for such a line in a wanted function; with none wanted, for any."""
    for name, why in unread_functions(text).items():
        if not wanted or not name or name in wanted:
            raise UnusableInput(why)


def with_traps(text: str, triple: str, wanted: Collection[str], errors: Sequence[Diagnostic]) -> str | None:
    """The text with a trap for each line in error; None where one stands in a wanted function or in none, or is a
    directive's, whose loss could change the meaning of other lines."""
    trap = _TRAP.get(architecture(triple))
    if trap is None or not errors:
        return None
    inside = {
        line
        for each in functions(text)
        if each.name not in wanted
        for line in range(each.start_line, each.end_line + 1)
    }
    lines = list(lines_of(text))
    for error in errors:
        if error.line not in inside or _DIRECTIVE.match(lines[error.line]):
            return None
        label = _LABEL.match(lines[error.line])
        lines[error.line] = f"{label[1] if label else ''}\t{trap}"
    return "\n".join(lines)
