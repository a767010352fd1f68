"""Tune: the pass list that makes the module smallest within a budget, measured, never larger than -Oz.

Candidates come from the model, from the library of lists that were strong on real code, and from local search around
the best of these (`irlens.tuning`). Every number is LLVM's. What is offered was made twice with the same result,
made as short as it goes, and run beside the module as it was (`guard`); a list that fails one of these is left out
with the reason, and the next one is taken.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from irlens.assist.guard import Guarded, guard
from irlens.assist.tools import Tools
from irlens.cancel import Cancelled, CancelToken
from irlens.errors import IrlensError, LLVMRefused, LLVMStopped, ReplyUnreadable, Unrunnable
from irlens.ir.passes import registry
from irlens.ir.pipeline import PipelineError
from irlens.llvm.compilers import Compiler, spelled
from irlens.model.client import Model
from irlens.model.types import GenerateOptions
from irlens.tuning.cache import Cache, Memory
from irlens.tuning.evaluation import Evaluation
from irlens.tuning.evaluator import Evaluator
from irlens.tuning.library import library
from irlens.tuning.objective import Objective
from irlens.tuning.search import OZ, Budget, Found, Progress, minimise, search
from irlens.tuning.strategies import Ours, spellings

MODEL_ANSWERS = 4
"""Asked of a model whose first answer names a list: the same greedily, then sampled."""
_TEMPERATURE = 0.8
_MOST_CHECKED = 8
"""Lists that are checked, smallest first, before the module is left as it is."""


@dataclass(frozen=True)
class TuneOptions:
    """`seed` makes the answer the same again for the same module, LLVM and budget of compilations. `jobs` are
    processes that compile; 0 is one a core."""

    objective: Objective = field(default_factory=Objective)
    budget: Budget = field(default_factory=lambda: Budget(200, 30.0))
    seed: int = 0
    jobs: int = 0
    limit_s: float = 10.0


@dataclass(frozen=True)
class TuneResult:
    """Values are in the objective's unit; for `size` text + data of the object in bytes. `best_passes` is "" when
    the module as it stands is the smallest. `model_passes` is None when no model was asked or it named no list, and
    `why_no_model_list` says which. `tried` has what was measured, in order of trial; `left_out` what could not be or
    was not to be trusted, with why. `by` is the LLVM that measured, `not_searched` what it lacks. `guard` is what the
    emulator said of the best list; None where the module stays as it is."""

    objective: Objective
    before: int
    oz: int
    best: int
    best_passes: str
    best_ir: str
    model_passes: str | None
    model_value: int | None
    why_no_model_list: str
    tried: tuple[Evaluation, ...]
    left_out: tuple[Evaluation, ...]
    compilations: int
    compiled: int
    why_ended: str
    by: str
    not_searched: str
    guard: Guarded | None
    seconds: float

    @property
    def saved(self) -> float:
        """Share under -Oz, 0 to 1."""
        return 1 - self.best / self.oz if self.oz else 0.0


def tune(
    ir: str,
    model: Model | None,
    tools: Tools,
    options: TuneOptions | None = None,
    *,
    compiler: Compiler | None = None,
    cache: Cache | None = None,
    cancel: CancelToken | None = None,
    progress: Progress | None = None,
) -> TuneResult:
    """Find the smallest of the module as it is, -Oz, and what a search within the budget comes to.

    `compiler` None is the one of `tools` that reads the module. Raises `LLVMRefused` where the module does not
    verify or lower, `LLVMStopped` where even -Oz cannot be run on it, and `Cancelled`.
    """
    started = time.monotonic()
    options = options or TuneOptions()
    tell = progress or (lambda message, fraction: None)
    chosen = compiler or tools.compilers.of(ir)
    jobs = options.jobs or os.cpu_count() or 1
    evaluator = Evaluator(
        ir, chosen, options.objective, jobs=jobs, cache=cache or Memory(), limit_s=options.limit_s
    )
    try:
        tell("asking the model for pass lists", 0.0)
        named, why_no_list = ask_for_lists(ir, model, cancel)
        usable, left_out = _spelled(named, chosen)
        strategy = Ours(
            library(options.objective.codegen, chosen.whole),
            chosen.release,
            options.budget.compilations,
            seed=options.seed,
            first=usable,
            may=spellings(chosen),
        )
        found = search(strategy, evaluator, options.budget, cancel=cancel, progress=tell)
        if found.as_is.value is None:
            raise LLVMRefused(f"This module cannot be measured: {found.as_is.why}. Mend it and try again.")
        if found.oz.value is None:
            raise LLVMStopped(f"-Oz itself could not be measured on this module: {found.oz.why}")
        best, best_ir, guarded, refused, more = _checked(ir, found, evaluator, tools, cancel, tell)
        tell("done", 1.0)
    finally:
        evaluator.close()
    failed = [each for each in found.history if each.value is None]
    value = evaluator.known[usable[0]].value if usable and usable[0] in evaluator.known else None
    return TuneResult(
        objective=options.objective,
        before=found.as_is.value,
        oz=found.oz.value,
        best=best.value if best.value is not None else found.as_is.value,
        best_passes=best.passes,
        best_ir=best_ir,
        model_passes=named[0] if named else None,
        model_value=value,
        why_no_model_list=why_no_list,
        tried=(found.oz, *(each for each in found.history if each.value is not None)),
        left_out=(*left_out, *refused, *failed),
        compilations=len(found.history) + more + 2,
        compiled=evaluator.compiled,
        why_ended=found.why_ended,
        by=chosen.name,
        not_searched=_not_searched(chosen),
        guard=guarded,
        seconds=time.monotonic() - started,
    )


def _checked(
    ir: str,
    found: Found,
    evaluator: Evaluator,
    tools: Tools,
    cancel: CancelToken | None,
    tell: Progress,
) -> tuple[Evaluation, str, Guarded | None, list[Evaluation], int]:
    """The best that can be trusted: the evaluation, its module, what the emulator said; what was refused on the way,
    and how many compilations all that took."""
    refused: list[Evaluation] = []
    digests: set[str] = set()
    used = 0
    ranked = sorted(
        (each for each in (found.oz, *found.history) if _smaller(each, found.as_is)),
        key=lambda each: each.value or 0,
    )
    for candidate in ranked:
        if len(digests) >= _MOST_CHECKED:
            break
        if candidate.digest in digests:
            continue
        digests.add(candidate.digest)
        tell(f"shortening and checking {candidate.passes}", None)
        best, more = (candidate, 0) if candidate.passes == OZ else minimise(candidate, evaluator, 40, cancel)
        used += more
        digests.add(best.digest)
        try:
            after, why = _made_again(ir, best, evaluator, cancel)
            guarded = _guard(ir, after, tools, cancel) if not why else None
        except (LLVMRefused, LLVMStopped, Unrunnable, PipelineError) as error:
            why, after, guarded = str(error), ir, None
        used += 1
        if guarded is not None and guarded.broken:
            why = guarded.words
        if not why:
            return best, after, guarded, refused, used
        refused.append(Evaluation(best.passes, None, best.bytes, best.digest, "not trusted", why))
    return found.as_is, ir, None, refused, used


def _smaller(one: Evaluation, other: Evaluation) -> bool:
    return one.value is not None and other.value is not None and one.value < other.value


def _made_again(
    ir: str, best: Evaluation, evaluator: Evaluator, cancel: CancelToken | None
) -> tuple[str, str]:
    """The module after the list, and why it is not to be trusted: a second run, measured as text, must come to the
    same value."""
    after = evaluator.module_after(best.passes, cancel)
    again = Evaluator(after, evaluator.compiler, evaluator.objective, jobs=1, limit_s=evaluator.limit_s)
    try:
        (second,) = again.evaluate([""], cancel)
    finally:
        again.close()
    if second.value != best.value:
        return after, f"run again it came to {second.value}, not {best.value}: it does not do the same twice"
    return after, ""


def _guard(before: str, after: str, tools: Tools, cancel: CancelToken | None) -> Guarded | None:
    """What the emulator says; None where it cannot be asked (the module makes no object it can run)."""
    try:
        return guard(before, after, tools, cancel=cancel)
    except (LLVMRefused, LLVMStopped):
        return None


def _spelled(named: Sequence[str], compiler: Compiler) -> tuple[list[str], list[Evaluation]]:
    """The model's lists as this LLVM spells them, and those it does not have."""
    usable, left_out = [], []
    for passes in named:
        try:
            text = spelled(passes, compiler.release)
        except PipelineError as error:
            left_out.append(Evaluation(passes, None, how="unrunnable", why=str(error)))
            continue
        usable.append(text)
    return usable, left_out


def ask_for_lists(ir: str, model: Model | None, cancel: CancelToken | None) -> tuple[list[str], str]:
    """The lists that the model names, greedily first, each once; or why there is none."""
    if model is None:
        return [], "no model was asked"
    named: list[str] = []
    why = ""
    try:
        prompt = model.family().tune(ir)
        if prompt is None:
            return [], f"{model.info().name} was not trained to name pass lists for a module like this"
        for number in range(MODEL_ANSWERS):
            options = GenerateOptions(
                max_tokens=prompt.max_tokens,
                stop=prompt.stop,
                shape=prompt.shape,
                temperature=_TEMPERATURE if number else 0.0,
                seed=number,
            )
            generation = model.generate(prompt.text, options, cancel=cancel)
            if generation.stopped == "cancelled":
                raise Cancelled
            try:
                reply = prompt.read(generation.text)
            except ReplyUnreadable as unreadable:
                why = why or f"the model's reply could not be read: {unreadable}"
            else:
                if reply.pipeline is None:
                    why = why or "the model says that nothing smaller can be had"
                elif reply.pipeline not in named:
                    named.append(reply.pipeline)
            if not named:
                break  # it has nothing to say of this module; sampling would only guess
    except IrlensError as error:
        why = why or str(error)
    return named, "" if named else why


def _not_searched(compiler: Compiler) -> str:
    if compiler.whole:
        return ""
    every = [
        info for info in registry().values() if info.llvm and info.kind in ("module", "cgscc", "function")
    ]
    able = sum(info.llvmlite for info in every)
    return (
        f"{len(every) - able} passes that llvmlite does not have were not searched. Install an `opt` of LLVM 16 to 22 "
        "(on Debian and Ubuntu: apt-get install llvm-19) to search them too."
    )


def as_json(result: TuneResult) -> dict[str, object]:
    """What `irlens tune --json` prints of a module."""
    unit = result.objective.unit
    model = {"passes": result.model_passes, unit: result.model_value} if result.model_passes else None
    return {
        "objective": {"what": result.objective.what, "codegen": result.objective.codegen, "unit": unit},
        "before": {unit: result.before},
        "oz": {unit: result.oz},
        "best": {unit: result.best, "passes": result.best_passes},
        "saved": round(result.saved, 5),
        "model": model,
        "why_no_model_list": result.why_no_model_list or None,
        "tried": [{"passes": each.passes, unit: each.value} for each in result.tried],
        "left_out": [{"passes": each.passes, "how": each.how, "why": each.why} for each in result.left_out],
        "compilations": result.compilations,
        "compiled": result.compiled,
        "why_ended": result.why_ended,
        "by": result.by,
        "not_searched": result.not_searched or None,
        "guard": result.guard.as_json() if result.guard else None,
        "seconds": round(result.seconds, 3),
    }
