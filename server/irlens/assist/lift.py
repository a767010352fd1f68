"""Lift: IR of an assembly function, judged before anybody sees it.

The model is asked first: its greedy answer, then sampled ones; the first that round-trips ends the search.
When none of them reaches `agrees`, the function is lifted mechanically and climbs the same ladder. When nothing
round-trips, the nearest of the model's answers and the mechanical lift are mended by small edits that LLVM judges
(`evidence.mend`). `lift` is the whole feature; the editor and the shell only call it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, get_args

from irlens.asm.macos_target import own_triple
from irlens.asm.normal import IntelSyntax, normalise
from irlens.asm.outline import function_named
from irlens.asm.whole import code_lines, refuse_cut_off
from irlens.assist.asking import Progress, ask
from irlens.assist.tools import Tools
from irlens.assist.words import counted
from irlens.cancel import CancelToken
from irlens.errors import IrlensError, ModelUnavailable, PromptTooLong, ReplyUnreadable, UnusableInput
from irlens.evidence.ladder import Evidence, climb
from irlens.evidence.lifted import MechanicalLifts
from irlens.evidence.mend import mend
from irlens.evidence.original import Original
from irlens.evidence.verdict import Verdict
from irlens.model.types import LiftSource
from irlens.prototypes.declared import Known

if TYPE_CHECKING:
    from irlens.model.client import Model

Origin = Literal["model", "mechanical"]
Wanted = Literal["best", "model", "mechanical"]
WANTED: tuple[Wanted, ...] = get_args(Wanted)

SAMPLING_TEMPERATURE = 0.7
NOT_ASKED = "the model was not asked"


@dataclass(frozen=True)
class Candidate:
    """One distinct answer. `ir` is None when a reply could not be read as IR at all. `tokens` is 0 for the
    mechanical lifter, which has none. `changes` are the edits, in words, by which it was made to round-trip."""

    origin: Origin
    verdict: Verdict
    reason: str
    ir: str | None
    tokens: int
    seconds: float
    evidence: Evidence | None = None
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class LiftResult:
    """The best candidate and, ranked, all of them.

    `ir` is None when no candidate even verifies. `why_origin` says why this origin was taken. `replies` counts
    the model's answers, equal ones included; `kept` of
    them were not asked for, but kept from before. `seconds` is wall time from call to answer.
    """

    name: str
    triple: str
    origin: Origin
    why_origin: str
    verdict: Verdict
    reason: str
    ir: str | None
    evidence: dict[str, object]
    candidates: tuple[Candidate, ...]
    replies: int
    seconds: float
    kept: int = 0
    prototype: str = ""
    """The function's own in C, and who says so; empty where the code alone says what it takes and gives."""

    @property
    def words(self) -> str:
        """The verdict in full; where there is no IR, why."""
        return self.verdict.words if self.ir is not None else f"not lifted: {self.why_not.rstrip('.')}"

    @property
    def why_not(self) -> str:
        """Why there is no IR: what stands in the way of the mechanical lifter, where it was asked. What a model's answer
        has wrong says nothing of the function."""
        mechanical = next((each for each in self.candidates if each.origin == "mechanical"), None)
        return (mechanical or self).reason


@dataclass
class _Asked:
    """What came of asking the model: its distinct answers by text, and why there are no more."""

    seen: dict[str, Candidate] = field(default_factory=dict)
    replies: int = 0
    kept: int = 0
    why_none: str = ""
    problem: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class _Bench:
    """One function on the bench: what it is lifted with, and judged with."""

    source: LiftSource
    original: Original
    lifts: MechanicalLifts
    tools: Tools
    cancel: CancelToken | None
    tell: Progress

    def judge(self, ir: str, *, another_agrees: bool = False) -> Evidence:
        return climb(
            ir,
            self.source,
            self.tools.llvm,
            emulator=self.tools.emulator,
            original=self.original,
            another_agrees=another_agrees,
            cancel=self.cancel,
            tell=lambda message: self.tell(message, None),
        )


def lift(
    source: LiftSource,
    model: Model | None,
    tools: Tools,
    *,
    wanted: Wanted = "best",
    candidates: int = 4,
    original: Original | None = None,
    declared: Known | None = None,
    cancel: CancelToken | None = None,
    progress: Progress | None = None,
) -> LiftResult:
    """Lift one function. `original` is the text's object where it is shared by several functions, with the prototypes that
    are known; else those are `declared`.

    Assembly in Intel syntax is lifted mechanically: the model does not read it.

    Raises `UnusableInput` (no such function) and `Cancelled`. A bad answer of the model raises nothing: it is a
    rejected candidate with its reason; a prompt that does not fit, or an instruction that the mechanical lifter
    does not cover, is the reason of a rejected result. With `wanted` "model", also raises `ModelUnavailable`;
    otherwise a model that cannot be used leaves the function to the mechanical lifter.
    """
    started = time.monotonic()
    tell = progress or (lambda message, fraction: None)
    # Unusable input is refused before anything is woken.
    unreadable = ""
    try:
        code = normalise(source.text, source.function, source.triple).code
    except IntelSyntax as form:
        if wanted == "model":
            raise
        code, unreadable = code_lines(source.text, source.function), f"the model does not read {form.what}"
    refuse_cut_off(source.text, source.function, code)
    original = original or Original(source.text, source.triple, tools.llvm, source.function, declared)
    original.read_debug_information(tools.lifter, cancel)
    lifts = MechanicalLifts(source, original, tools.llvm, tools.lifter)
    bench = _Bench(source, original, lifts, tools, cancel, tell)
    asked = _Asked(why_none=unreadable or NOT_ASKED)
    if wanted != "mechanical" and not unreadable:
        asked = _ask(bench, model, candidates, may_fail=wanted == "best")
    found = list(asked.seen.values())
    best_of_model = max((candidate.verdict for candidate in found), default=Verdict.REJECTED)
    why = f"the model's answer {_words(best_of_model)}"
    if wanted == "mechanical" or (wanted == "best" and not best_of_model.is_shown_right):
        tell("lifting mechanically", 0.9)
        found += _lift_mechanically(bench)
        why_not_model = " ".join(asked.why_none.split()).rstrip(".") or "no answer of the model agrees"
        why = f"{why_not_model}; lifted mechanically"
    found += _mended(bench, found)
    numbered = model is not None and bool(asked.seen) and model.family().reads_lifted
    found = [_readable(bench, each, found, numbered=numbered) for each in found]
    if not found:
        found = [Candidate("model", Verdict.REJECTED, asked.why_none, None, 0, 0.0)]
    ranked = tuple(sorted(found, key=_rank, reverse=True))
    best = ranked[0]
    if best.origin == "model" and any(candidate.origin == "mechanical" for candidate in ranked):
        why = "the mechanical lift got no further than the model's answer"
    alias = function_named(source.text, source.function)
    if alias is not None and alias.name != source.function:
        why = f"{source.function} is another name of {alias.name}; {why}"
    if best.changes:
        why += f"; mended: {'; '.join(best.changes)}"
    evidence: dict[str, object] = {"verdict": "rejected", "reason": best.reason, **asked.problem}
    if best.evidence is not None:
        evidence = best.evidence.as_json()
    tell(f"{source.function}: {best.verdict}", 1.0)
    ranked = tuple(replace(each, ir=_for_its_target(each.ir, source.triple)) for each in ranked)
    best = ranked[0]
    return LiftResult(
        name=source.function,
        triple=own_triple(source.triple),
        origin=best.origin,
        why_origin=why,
        verdict=best.verdict,
        reason=best.reason,
        ir=best.ir if best.verdict.is_ir else None,
        evidence=evidence,
        candidates=ranked,
        replies=asked.replies,
        kept=asked.kept,
        seconds=time.monotonic() - started,
        prototype=_prototype(original, source.function),
    )


def _prototype(original: Original, function: str) -> str:
    known = original.declared.get(function)
    return f"{known.words} ({known.source})" if known is not None else ""


def _for_its_target(ir: str | None, triple: str) -> str | None:
    """With the triple of the user's file, where it was lifted by way of another object format."""
    return ir and ir.replace(f'target triple = "{triple}"', f'target triple = "{own_triple(triple)}"', 1)


def wanted_origin(text: str) -> Wanted:
    """A setting's or argument's text as what it names. Raises `UnusableInput` for anything else."""
    for wanted in WANTED:
        if text == wanted:
            return wanted
    raise UnusableInput(f"{text!r} is no origin of a lift. Choose one of: {', '.join(WANTED)}.")


def _words(verdict: Verdict) -> str:
    """The verdict as what an answer does."""
    return "is rejected" if verdict == Verdict.REJECTED else str(verdict)


def _ask(bench: _Bench, model: Model | None, candidates: int, *, may_fail: bool) -> _Asked:
    """Ask the model and judge what it says. With `may_fail`, a model that cannot be used is a reason."""
    cancel, tell = bench.cancel, bench.tell
    asked = _Asked()
    try:
        if model is None:
            raise ModelUnavailable("There is no model. Name one with --model.")
        family = model.family(cancel=cancel)
        source = bench.lifts.for_model(cancel) if family.reads_lifted else bench.source
        try:
            prompt = family.lift(source)
        except UnusableInput as unusable:
            asked.why_none = str(unusable)
            return asked
        if prompt is None:
            raise ModelUnavailable(
                f"{model.info().name} was not trained to lift assembly. Choose another model with --model."
            )
        for index in range(max(1, candidates)):
            if cancel is not None:
                cancel.check()
            part = f"candidate {index + 1} of {candidates}"
            does = "reads the prompt" if model.state in ("ready", "busy") else "is loaded"
            tell(f"{part}: the model {does}", index / candidates)
            generation = ask(
                model,
                prompt,
                temperature=0.0 if index == 0 else SAMPLING_TEMPERATURE,
                seed=index,
                cancel=cancel,
                tell=tell,
                part=f"{part}: the model",
                fraction=index / candidates,
            )
            asked.replies += 1
            asked.kept += generation.kept
            spent = (generation.tokens, generation.seconds)
            try:
                reply = prompt.read(generation.text)
            except ReplyUnreadable as unreadable:
                reason = f"the reply is not IR: {unreadable}"
                asked.seen.setdefault(
                    generation.text, Candidate("model", Verdict.REJECTED, reason, None, *spent)
                )
                continue
            ir = reply.ir
            if ir in asked.seen:
                continue
            tell(f"{part}: LLVM checks it", (index + 0.5) / candidates)
            evidence = bench.judge(ir)
            if reply.truncated and evidence.verdict == Verdict.REJECTED:
                cut = f"the reply was cut off after {counted(generation.tokens, 'token')}"
                evidence = replace(evidence, reason=f"{cut}: {evidence.reason}")
            asked.seen[ir] = Candidate(
                "model", evidence.verdict, evidence.reason, evidence.ir, *spent, evidence
            )
            if evidence.verdict == Verdict.ROUND_TRIPS:
                break
    except PromptTooLong as too_long:
        asked.why_none = str(too_long)
        asked.problem = {"prompt_tokens": too_long.prompt_tokens, "context": too_long.context}
    except ModelUnavailable as unavailable:
        if not may_fail:
            raise
        asked.why_none = str(unavailable)
    return asked


def _lift_mechanically(bench: _Bench) -> list[Candidate]:
    """The lift in registers; of a function that looks unoptimised also the one with its frame kept, which comes back
    as it was more often and reads worse."""
    found = [_mechanical(bench, keep_frame=False)]
    if found[0].verdict < Verdict.ROUND_TRIPS and bench.lifts.frame_is_home():
        agrees = found[0].verdict == Verdict.AGREES
        found.append(_mechanical(bench, keep_frame=True, another_agrees=agrees))
    return found


def _mechanical(bench: _Bench, *, keep_frame: bool, another_agrees: bool = False) -> Candidate:
    started = time.monotonic()
    try:
        made = bench.lifts.readable(keep_frame=keep_frame, cancel=bench.cancel)
    except IrlensError as error:
        return Candidate("mechanical", Verdict.REJECTED, str(error), None, 0, time.monotonic() - started)
    seconds = time.monotonic() - started
    evidence = bench.judge(made.ir, another_agrees=another_agrees)
    return Candidate("mechanical", evidence.verdict, evidence.reason, evidence.ir, 0, seconds, evidence)


def _mended(bench: _Bench, found: list[Candidate]) -> list[Candidate]:
    """Where nothing round-trips: the nearest candidate of each origin, mended; the first that can be."""
    compared = [each for each in found if each.evidence is not None and each.evidence.difference]
    if not compared or max(each.verdict for each in found) == Verdict.ROUND_TRIPS:
        return []
    for origin in ("model", "mechanical"):
        its = [each for each in compared if each.origin == origin]
        if not its:
            continue
        nearest = max(its, key=lambda each: each.evidence.similarity if each.evidence else 0.0)
        assert nearest.evidence is not None
        bench.tell("mending the nearest answer", 0.95)
        started = time.monotonic()
        mended = mend(
            nearest.evidence,
            bench.source,
            bench.tools.llvm,
            emulator=bench.tools.emulator,
            original=bench.original,
            cancel=bench.cancel,
        )
        if mended is not None:
            its_evidence = mended.evidence
            spent = time.monotonic() - started
            return [
                Candidate(
                    nearest.origin,
                    its_evidence.verdict,
                    its_evidence.reason,
                    its_evidence.ir,
                    nearest.tokens,
                    nearest.seconds + spent,
                    its_evidence,
                    mended.changes,
                )
            ]
    return []


def _readable(bench: _Bench, candidate: Candidate, found: list[Candidate], *, numbered: bool) -> Candidate:
    """`numbered`: whether the model's answers have numbers for names. So has whatever was mended."""
    from irlens.assist.lift_reading import easier_to_read

    if not candidate.changes and not (candidate.origin == "model" and numbered):
        return candidate
    like = [
        each.ir
        for each in found
        if each.ir and not each.changes and each.origin == candidate.origin == "mechanical"
    ]
    try:
        sizes = bench.lifts.lifted(cancel=bench.cancel).sizes
    except IrlensError:
        sizes = {}
    return easier_to_read(
        candidate, bench.source, bench.tools.llvm, like=like, sizes=sizes, cancel=bench.cancel
    )


def _rank(candidate: Candidate) -> tuple[int, bool, float]:
    """Verdict first; of equals the model's, which reads better; then the nearest to the original."""
    similarity = candidate.evidence.similarity if candidate.evidence else 0.0
    proven = candidate.verdict.is_shown_right
    return (int(candidate.verdict), proven and candidate.origin == "model", similarity)
