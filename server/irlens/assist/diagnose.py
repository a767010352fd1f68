"""What is wrong with a file, as far as LLVM and the pass registry know. No model is asked here."""

from __future__ import annotations

from collections.abc import Callable

from irlens.cancel import CancelToken
from irlens.ir.runlines import diagnose_run_lines
from irlens.llvm.answers import Diagnostic
from irlens.llvm.client import LLVM


def diagnose_ir(
    text: str,
    llvm: LLVM,
    *,
    runnable: Callable[[str], bool] | None = None,
    cancel: CancelToken | None = None,
) -> list[Diagnostic]:
    """Parser and verifier errors, then findings in `; RUN:` lines, in the order of their lines.

    `runnable` says whether some runner at hand can run a pass; None means "do not look".
    Raises `LLVMStopped` where LLVM died on the text.
    """
    found = list(llvm.parse(text, cancel=cancel).diagnostics)
    found += run_line_findings(text, runnable=runnable)
    return sorted(found, key=lambda diagnostic: (diagnostic.line, diagnostic.column or 0))


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
    """The assembler's errors and warnings at their lines. `triple` is known, never guessed.

    Raises `Unrunnable` where no assembler for the target is at hand, `LLVMStopped` where it died.
    """
    return list(llvm.assemble(text, triple, cancel=cancel).diagnostics)
