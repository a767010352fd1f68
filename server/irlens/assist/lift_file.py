"""Lift many functions of one assembly text: some at a time, each result as it comes.

The mechanical lifts and the evidence run in parallel; the model, which is one process, takes one question at a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from irlens.asm.macos_target import own_triple
from irlens.asm.normal import IntelSyntax, normalise
from irlens.asm.outline import functions
from irlens.asm.whole import code_lines, refuse_cut_off
from irlens.assist.lift import LiftResult, Wanted, lift
from irlens.assist.parallel import in_parallel
from irlens.assist.tools import Tools
from irlens.cancel import Cancelled, CancelToken
from irlens.errors import IrlensError, ModelUnavailable, UnusableInput
from irlens.evidence.original import Original
from irlens.evidence.verdict import Verdict
from irlens.model.types import LiftSource
from irlens.prototypes.declared import Known

if TYPE_CHECKING:
    from irlens.model.client import Model

Tell = Callable[[str, str, float | None], None]
"""Called with a function, what is happening to it, and how much of its work is done (0 to 1, or None)."""


def lift_file(
    text: str,
    names: Sequence[str],
    triple: str,
    model: Model | None,
    tools: Tools,
    *,
    wanted: Wanted = "best",
    candidates: int = 4,
    jobs: int = 1,
    declared: Known | None = None,
    cancel: CancelToken | None = None,
    tell: Tell | None = None,
) -> Iterator[LiftResult]:
    """The lifts of the functions, each when it is done. One that cannot be lifted is a rejected result with the reason.
    `declared` are prototypes by name.

    Raises `UnusableInput` at once where the text is cut off, `ModelUnavailable` with `wanted` "model", and `Cancelled`.
    """
    if names and (last := functions(text)[-1].name) in names:
        _refuse_cut_off(text, last, triple)
    shared = _shared(text, triple, tools, declared, cancel)

    def work(name: str) -> LiftResult:
        started = time.monotonic()
        try:
            return lift(
                LiftSource(text, name, triple),
                model,
                tools,
                wanted=wanted,
                candidates=candidates,
                original=shared,
                declared=declared,
                cancel=cancel,
                progress=None if tell is None else lambda message, fraction: tell(name, message, fraction),
            )
        except (Cancelled, ModelUnavailable):
            raise
        except IrlensError as error:
            return _failed(name, triple, str(error), started)
        except Exception as error:  # a fault of ours at one function must not cost the others theirs
            reason = (
                f"irlens itself failed ({type(error).__name__}: {error}). Please report it with the file."
            )
            return _failed(name, triple, reason, started)

    yield from in_parallel(names, work, jobs, cancel, in_order=False)


def _shared(
    text: str, triple: str, tools: Tools, declared: Known | None, cancel: CancelToken | None
) -> Original | None:
    """The object of the text, made once for all functions; None where there is none, so that each function finds out what
    can be done for it."""
    original = Original(text, triple, tools.llvm, declared=declared)
    try:
        original.object(cancel)
    except IrlensError:
        return None
    return original


def _refuse_cut_off(text: str, name: str, triple: str) -> None:
    try:
        code = normalise(text, name, triple).code
    except IntelSyntax:
        code = code_lines(text, name)
    except UnusableInput:
        return  # the lift says so
    refuse_cut_off(text, name, code)


def _failed(name: str, triple: str, reason: str, started: float) -> LiftResult:
    return LiftResult(
        name=name,
        triple=own_triple(triple),
        origin="mechanical",
        why_origin="it could not be lifted",
        verdict=Verdict.REJECTED,
        reason=reason,
        ir=None,
        evidence={"verdict": str(Verdict.REJECTED), "reason": reason},
        candidates=(),
        replies=0,
        seconds=time.monotonic() - started,
    )
