"""What is wrong with a file, as far as LLVM, GNU as and the pass registry know. No model is asked here."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from irlens.asm.dialect import detect
from irlens.asm.readable import readable
from irlens.cancel import CancelToken
from irlens.errors import Unrunnable
from irlens.ir.kind import other_kind, written_by
from irlens.ir.optnone import optnone_functions
from irlens.ir.optnone import words as optnone_words
from irlens.ir.outline import outline
from irlens.ir.runlines import diagnose_run_lines
from irlens.llvm.answers import Diagnostic
from irlens.llvm.client import LLVM
from irlens.source.snapshot import split_lines
from irlens.source.split_file import MOST_PARTS, Part, parts

NOT_READ = "not-read"
"""Of the one finding in a text that is no IR at all."""
_MOST_READ_AGAIN, _LONGEST_READ_AGAIN = 20, 1 << 20
"""Times, and characters of a text that is read more than once for further errors."""
_QUICK_S, _ALL_S = 3.0, 4.0
"""Seconds that a first reading may take for there to be further ones, and after which there is none more. The first may have
to start a process, on a machine that is busy; so much less would make what is found a matter of luck."""
_NO_BODY = "unreachable"
_TIES_FUNCTIONS = ("blockaddress", "uselistorder", "dso_local_equivalent")
"""Words by which a text speaks elsewhere of what stands in a function's body."""
_IR, _ASM = (".ll",), (".s", ".S", ".asm")


def diagnose_ir(
    text: str,
    llvm: LLVM,
    *,
    runnable: Callable[[str], bool] | None = None,
    cancel: CancelToken | None = None,
) -> list[Diagnostic]:
    """`module_findings`, then findings in `; RUN:` lines, in the order of their lines.

    `runnable` says whether some runner at hand can run a pass; None means "do not look".
    Raises `LLVMStopped` where LLVM died on the text.
    """
    found = module_findings(text, llvm, cancel=cancel)
    found += run_line_findings(text, runnable=runnable)
    return sorted(found, key=lambda diagnostic: (diagnostic.line, diagnostic.column or 0))


def module_findings(text: str, llvm: LLVM, *, cancel: CancelToken | None = None) -> list[Diagnostic]:
    """Parser and verifier errors, each with the LLVM that says so. A split-file test is read part by part. What an
    installed `opt` of another release takes is a note, and so is a text that is something else than IR. Raises
    `LLVMStopped` where LLVM died on the text."""
    split = parts(text)
    if split:
        found = [each for part in split[:MOST_PARTS] for each in _of_part(part.name, part.text, llvm, cancel)]
        return [*found, *_unread(split)]
    return _of_module(text, llvm, cancel)


def _of_part(name: str, text: str, llvm: LLVM, cancel: CancelToken | None) -> list[Diagnostic]:
    if name.endswith(_IR):
        return _of_module(text, llvm, cancel)
    if name.endswith(_ASM) and (triple := detect(text).triple) is not None:
        try:
            return list(llvm.assemble(text, triple, cancel=cancel).diagnostics)
        except Unrunnable:
            return []
    return []


def _unread(split: tuple[Part, ...]) -> list[Diagnostic]:
    """A word at the first part that is not read, where there are more than are."""
    message = f"Only the first {MOST_PARTS} parts are checked, and this is the next. Split the file to have all checked."
    return [
        Diagnostic(part.line, None, message, "information", "unread-parts") for part in split[MOST_PARTS:]
    ]


def _of_module(text: str, llvm: LLVM, cancel: CancelToken | None) -> list[Diagnostic]:
    began = time.monotonic()
    parsed = llvm.parse(text, cancel=cancel)
    took_s = time.monotonic() - began
    errors = [each for each in parsed.diagnostics if each.severity == "error"]
    if not errors:
        return [*parsed.diagnostics, *_optnone(text)]
    if not parsed.parsed and (what := other_kind(text)):
        return [Diagnostic(0, None, f"This is {what}.", "information", NOT_READ)]
    by = llvm.llvm_name()
    if (other := llvm.other_release_that_reads(text, cancel=cancel)) is not None:
        first = errors[0]
        message = f"{other} reads this file; {by}, which irlens works with, does not ({first.message})"
        return [replace(first, message=message, severity="information", code="other-llvm")]
    further = _further(text, errors, llvm, cancel) if took_s < _QUICK_S else []
    found = [*parsed.diagnostics, *further]
    return [
        replace(each, message=_said(each.message, by)) if each.severity == "error" else each for each in found
    ]


def _further(text: str, errors: list[Diagnostic], llvm: LLVM, cancel: CancelToken | None) -> list[Diagnostic]:
    """LLVM stops at the first error of a text. The errors of further functions: the body of each that has one is taken
    out, line for line, and the rest is read again."""
    if len(text) > _LONGEST_READ_AGAIN or any(word in text for word in _TIES_FUNCTIONS):
        return []
    lines = text.split("\n")
    if len(lines) != len(split_lines(text)):
        return []  # it has line ends that LLVM does not count
    functions = [each for each in outline(text).functions if each.is_definition]
    found: list[Diagnostic] = []
    end = time.monotonic() + _ALL_S
    for _ in range(_MOST_READ_AGAIN):
        if time.monotonic() > end or len(errors) != 1 or errors[0].code != "llvm-parse":
            break
        at = errors[0].line
        own = next((each for each in functions if each.start_line < at <= each.end_line), None)
        if own is None:
            break
        header = next(
            (row for row in range(own.start_line, own.end_line) if lines[row].rstrip().endswith("{")), None
        )
        if header is None or not header + 1 < own.end_line or at <= header or lines[header + 1] == _NO_BODY:
            break
        lines[header + 1 : own.end_line] = [_NO_BODY, *[""] * (own.end_line - header - 2)]
        parsed = llvm.parse("\n".join(lines), cancel=cancel)
        errors = [each for each in parsed.diagnostics if each.severity == "error"]
        if any(own.start_line <= each.line <= own.end_line for each in errors):
            break  # of our making
        found += errors
    return found


def _said(message: str, by: str) -> str:
    older = written_by(message)
    return f"{message} ({by}; {older})" if older else f"{message} ({by})"


def _optnone(text: str) -> list[Diagnostic]:
    """A word where no pass could change any function, as in what clang prints at -O0. A test with RUN lines means it."""
    names = optnone_functions(text)
    defined = [each for each in outline(text).functions if each.is_definition] if names else []
    if not names or len(names) < len(defined) or "RUN:" in text:
        return []
    return [Diagnostic(defined[0].start_line, None, optnone_words(text), "information", "optnone")]


def run_line_findings(text: str, *, runnable: Callable[[str], bool] | None = None) -> list[Diagnostic]:
    """Unknown, renamed and malformed passes in RUN lines; needs no LLVM."""
    return [
        Diagnostic(
            line=finding.line,
            column=finding.column,
            message=finding.message,
            severity=finding.severity,
            code=finding.code,
            end_column=finding.end_column,
        )
        for finding in diagnose_run_lines(text, runnable=runnable)
    ]


def diagnose_asm(
    text: str, triple: str, llvm: LLVM, *, cancel: CancelToken | None = None
) -> list[Diagnostic]:
    """The assembler's errors and warnings at their lines. `triple` is known, never guessed. A split-file test is read
    part by part.

    A listing is nobody's to correct, so nothing is said about it. Raises `Unrunnable` where no assembler for the
    target is at hand, `LLVMStopped` where it died.
    """
    if readable(text).is_listing:
        return []
    split = parts(text)
    if split:
        found: list[Diagnostic] = []
        for part in split[:MOST_PARTS]:
            if part.name.endswith(_ASM):
                found += llvm.assemble(
                    part.text, detect(part.text).triple or triple, cancel=cancel
                ).diagnostics
            else:
                found += _of_part(part.name, part.text, llvm, cancel)
        return [*found, *_unread(split)]
    return list(llvm.assemble(text, triple, cancel=cancel).diagnostics)
