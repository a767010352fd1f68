"""Two assemblers on one text: what LLVM refuses and GNU as takes is no error.

gcc prints for GNU as, so a file that GNU as assembles is right. LLVM's messages are kept where both refuse a line,
since they have columns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from irlens.llvm.answers import Assembled, Diagnostic

MAX_ERRORS = 20
"""Errors of GNU as that are told: it gives every one, and LLVM as many as these."""
_ROUNDS = 3
"""GNU as finds some errors only where there are no others, so it is asked again without the lines in error."""
STRUCTURE = (".if", ".else", ".endif", ".macro", ".endm", ".rept", ".endr", ".irp", ".include")
"""Directives whose loss would make errors elsewhere: after an error in one of these nothing more is tried."""
CODE = "gnu-only"
"""Of the note that says who takes a text and who does not."""


def settled(first: Assembled, text: str, ask: Callable[[str], Assembled | None]) -> Assembled:
    """`first` is LLVM's answer on `text`; `ask` gives GNU as's, None where there is none.

    The object is GNU as's where LLVM has made none, with one note in place of LLVM's errors. Where both refuse the text,
    the errors are those of the lines that GNU as refuses.
    """
    errors = [each for each in first.diagnostics if each.severity == "error"]
    if not errors or any(each.code != "asm" for each in errors):
        return first
    second = ask(text)
    if second is None:
        return first
    others = tuple(each for each in first.diagnostics if each.severity != "error")
    if second.object is not None:
        return Assembled(second.object, (*others, _note(errors, first.by, second.by)), second.by)
    told = _refused(second, text, ask)
    if not told:
        return first
    by_line = {each.line: each for each in reversed(errors)}
    kept = [by_line.get(each.line, each) for each in told[:MAX_ERRORS]]
    return replace(first, diagnostics=tuple(sorted((*others, *kept), key=lambda each: each.line)))


def _refused(second: Assembled, text: str, ask: Callable[[str], Assembled | None]) -> list[Diagnostic]:
    """The first error of each line that GNU as refuses."""
    lines = text.split("\n")
    told: dict[int, Diagnostic] = {}
    for _ in range(_ROUNDS):
        new = [each for each in second.diagnostics if each.severity == "error" and each.line not in told]
        for each in new:
            told.setdefault(each.line, each)
        structural = any(
            each.line < len(lines) and lines[each.line].lstrip().startswith(STRUCTURE) for each in new
        )
        if not new or structural or len(told) >= MAX_ERRORS:
            break
        for each in new:
            if each.line < len(lines):
                lines[each.line] = ""
        again = ask("\n".join(lines))
        if again is None or again.object is not None:
            break
        second = again
    return [told[line] for line in sorted(told)]


def _note(errors: list[Diagnostic], first: str, second: str) -> Diagnostic:
    at = errors[0]
    lines = len({each.line for each in errors})
    more = "" if lines == 1 else f" and {lines - 1} more line{'s' if lines > 2 else ''}"
    message = f"{second} takes this line{more}; {first} does not ({at.message})"
    return replace(at, message=message, severity="information", code=CODE)
