"""Lift: ask the model for IR of an assembly function, let LLVM judge every answer, rank what is left.

`lift` is the whole feature; the editor and the shell only call it. The greedy answer comes first, sampled
ones after it, and the first that round-trips ends the search.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from irlens.asm.normal import normalise
from irlens.asm.whole import refuse_cut_off
from irlens.cancel import Cancelled, CancelToken
from irlens.errors import ModelUnavailable, PromptTooLong, ReplyUnreadable
from irlens.evidence.ladder import Evidence, climb
from irlens.evidence.verdict import Verdict
from irlens.llvm.client import LLVM
from irlens.model.client import Model
from irlens.model.types import GenerateOptions, LiftSource, ModelInfo

Progress = Callable[[str, float | None], None]
"""Called with what is happening and how much of the job is done (0 to 1), or None where that is unknown."""

SAMPLING_TEMPERATURE = 0.7


@dataclass(frozen=True)
class Candidate:
    """One distinct answer of the model. `ir` is None when its reply could not be read as IR at all."""

    verdict: Verdict
    reason: str
    ir: str | None
    tokens: int
    seconds: float
    evidence: Evidence | None = None


@dataclass(frozen=True)
class LiftResult:
    """The best candidate and, ranked, all of them.

    `ir` is None when no candidate even verifies. `replies` counts the model's answers, equal ones included.
    `seconds` is wall time from call to answer.
    """

    name: str
    triple: str
    origin: str
    verdict: Verdict
    reason: str
    ir: str | None
    evidence: dict[str, object]
    candidates: tuple[Candidate, ...]
    replies: int
    seconds: float


def lift(
    source: LiftSource,
    model: Model,
    llvm: LLVM,
    *,
    candidates: int = 4,
    cancel: CancelToken | None = None,
    progress: Progress | None = None,
) -> LiftResult:
    """Lift one function.

    Raises `UnusableInput` (no such function), `ModelUnavailable` (no model, or one that cannot lift),
    `PromptTooLong` (with the numbers) and `Cancelled`. A bad answer of the model raises nothing: it is a
    rejected candidate with its reason.
    """
    started = time.monotonic()
    tell = progress or (lambda message, fraction: None)
    # Unusable input is refused before the model is woken.
    normal = normalise(source.text, source.function, source.triple)
    refuse_cut_off(source.text, source.function, normal.code)
    prompt = model.family().lift(source)
    if prompt is None:
        raise ModelUnavailable(
            f"{model.info().name} was not trained to lift assembly. Choose another model with --model."
        )
    seen: dict[str, Candidate] = {}
    replies = 0
    for index in range(max(1, candidates)):
        if cancel is not None:
            cancel.check()
        tell(f"asking the model for candidate {index + 1} of {candidates}", index / candidates)
        options = GenerateOptions(
            max_tokens=prompt.max_tokens,
            temperature=0.0 if index == 0 else SAMPLING_TEMPERATURE,
            seed=index,
            stop=prompt.stop,
        )
        generation = model.generate(prompt.text, options, cancel=cancel)
        if generation.stopped == "cancelled":
            raise Cancelled
        replies += 1
        try:
            ir = prompt.read(generation.text).ir
        except ReplyUnreadable as unreadable:
            reason = f"the reply is not IR: {unreadable}"
            seen.setdefault(
                generation.text,
                Candidate(Verdict.REJECTED, reason, None, generation.tokens, generation.seconds),
            )
            continue
        if ir in seen:
            continue
        tell(f"checking candidate {index + 1} with LLVM", (index + 0.5) / candidates)
        evidence = climb(ir, source, llvm, cancel=cancel)
        seen[ir] = Candidate(
            evidence.verdict,
            evidence.reason,
            evidence.ir,
            generation.tokens,
            generation.seconds,
            evidence,
        )
        if evidence.verdict == Verdict.ROUND_TRIPS:
            break
    ranked = tuple(sorted(seen.values(), key=_rank, reverse=True))
    best = ranked[0]
    shown = best.verdict >= Verdict.VERIFIES
    tell(f"{source.function}: {best.verdict}", 1.0)
    return LiftResult(
        name=source.function,
        triple=source.triple,
        origin="model",
        verdict=best.verdict,
        reason=best.reason,
        ir=best.ir if shown else None,
        evidence=best.evidence.as_json() if best.evidence else {"verdict": "rejected", "reason": best.reason},
        candidates=ranked,
        replies=replies,
        seconds=time.monotonic() - started,
    )


def _rank(candidate: Candidate) -> tuple[int, float]:
    return (int(candidate.verdict), candidate.evidence.similarity if candidate.evidence else 0.0)


def not_lifted(source: LiftSource, problem: PromptTooLong, seconds: float) -> LiftResult:
    """The result for a function whose prompt does not fit the model: rejected, with the numbers."""
    evidence = {
        "verdict": "rejected",
        "reason": str(problem),
        "prompt_tokens": problem.prompt_tokens,
        "context": problem.context,
    }
    return LiftResult(
        source.function,
        source.triple,
        "model",
        Verdict.REJECTED,
        str(problem),
        None,
        evidence,
        (),
        0,
        seconds,
    )


def file_with_head(result: LiftResult, info: ModelInfo, source_name: str) -> str:
    """The text of the new `.ll`: a head that says model, verdict and evidence, then the IR.

    `source_name` is the file the assembly came from, for the reader only.
    """
    if result.ir is None:
        raise ValueError("a rejected lift has no file")
    head = [
        f"; {result.name}, lifted by irlens from {source_name}",
        f"; model:    {info.name} ({info.quantisation}, {info.engine}), origin: {result.origin}",
        f"; verdict:  {result.verdict.words}",
        f"; evidence: {result.reason}",
        f"; asked:    {result.replies} answer(s), {len(result.candidates)} distinct, {result.seconds:.1f} s",
    ]
    if result.verdict < Verdict.AGREES:
        head.append("; NOT SHOWN TO BE RIGHT: nothing above says that this does what the assembly does.")
    return "\n".join(head) + "\n\n" + result.ir.strip() + "\n"


def as_json(result: LiftResult) -> dict[str, object]:
    """One entry of `functions` in `irlens lift --json`."""
    return {
        "name": result.name,
        "origin": result.origin,
        "verdict": str(result.verdict),
        "ir": result.ir,
        "evidence": result.evidence,
        "candidates": [
            {
                "verdict": str(candidate.verdict),
                "reason": candidate.reason,
                "ir": candidate.ir,
                "tokens": candidate.tokens,
                "seconds": round(candidate.seconds, 3),
            }
            for candidate in result.candidates
        ],
        "replies": result.replies,
        "seconds": round(result.seconds, 3),
    }
