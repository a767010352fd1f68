"""Errors whose text is meant for the user: one sentence on what is wrong, one on what to do next."""

from __future__ import annotations

import sys


class IrlensError(Exception):
    """Base of every error that a shell may show as it is. The text ends in what to do next."""


class UnusableInput(IrlensError):
    """The file or argument cannot be worked on at all (exit code 2 in a shell)."""


def of_a_number(error: BaseException) -> UnusableInput | None:
    """`error` in words where it is Python's refusal to read a number of thousands of digits (`sys.set_int_max_str_digits`),
    which keeps such numbers from costing minutes; None for any other. What reads numbers of files need not look at their
    lengths: whoever shows errors asks here."""
    if not isinstance(error, ValueError) or not str(error).startswith("Exceeds the limit ("):
        return None
    return UnusableInput(
        f"A number has more than {sys.get_int_max_str_digits():,} digits, which irlens does not read. Look for a long run of "
        "digits in the text and take it out."
    )


class LLVMStopped(IrlensError):
    """An LLVM worker died, hung or ran out of memory on this input. The next call gets a fresh worker."""


class EmulatorStopped(IrlensError):
    """An emulator worker died, hung or ran out of memory. The next call gets a fresh worker."""


class LLVMRefused(IrlensError):
    """LLVM read the input and said no: it does not parse, verify, lower or assemble.

    `diagnostics` holds `irlens.llvm.answers.Diagnostic` values, most important first.
    """

    def __init__(self, message: str, diagnostics: tuple = ()) -> None:
        super().__init__(message)
        self.diagnostics = diagnostics


class Unrunnable(IrlensError):
    """No runner at hand can run these passes. `passes` names them."""

    def __init__(self, message: str, passes: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.passes = passes


class ModelUnavailable(IrlensError):
    """The model cannot be loaded or has stopped; the text says why and what to do."""


class PromptTooLong(IrlensError):
    """The prompt does not fit the context. Nothing was truncated; nothing was generated."""

    def __init__(self, message: str, *, prompt_tokens: int, context: int) -> None:
        super().__init__(message)
        self.prompt_tokens = prompt_tokens
        self.context = context


class ReplyUnreadable(IrlensError):
    """The model's reply does not have the form that its prompt asks for."""
