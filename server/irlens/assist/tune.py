"""Tune: the pass list that makes the smallest object, run and measured, never larger than -Oz.

Candidates are the model's list and a short list of strong fixed ones. Every number here is LLVM's: each list
is run on the module, the result is verified and lowered, and its object is measured. The smallest is then run
beside the module as it was (see `guard`); a list that changes what a function does is left out, with the
counterexample, and the next one is taken.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from irlens.assist.guard import Guarded, guard
from irlens.assist.tools import Tools
from irlens.cancel import Cancelled, CancelToken
from irlens.errors import IrlensError, LLVMRefused, LLVMStopped, ReplyUnreadable, Unrunnable
from irlens.ir.pipeline import PipelineError
from irlens.llvm.client import LLVM
from irlens.model.client import Model
from irlens.model.types import GenerateOptions

Progress = Callable[[str, float | None], None]

OZ = "default<Oz>"

FIXED_LISTS = (
    OZ,
    "default<Os>",
    f"{OZ},{OZ}",
    f"{OZ},iroutliner",
    f"{OZ},mergefunc",
    f"function(sroa,early-cse,simplifycfg),{OZ}",
    f"function(mem2reg,instcombine,simplifycfg),{OZ},function(adce,simplifycfg)",
    f"{OZ},function(newgvn,sink,instcombine,simplifycfg)",
    f"{OZ},function(gvn-hoist,gvn-sink,simplifycfg),globaldce",
    f"{OZ},function(reassociate,instcombine,adce,simplifycfg),mergefunc",
    f"{OZ},function(mergereturn,simplifycfg)",
    f"attributor,{OZ},cgscc(attributor-cgscc)",
    "function(sroa,newgvn,sink)",
    "function(sroa,instcombine,tailcallelim)",
)
"""Lists around -Oz with the passes that the paper's autotuner used most (llm-compiler.md 1.6, its Fig. 10), and the two
that were most often the best of some eighty for the functions the embedded model was trained on (`TUNE_LISTS`).
What no runner at hand can run is left out by name."""


@dataclass(frozen=True)
class Tried:
    """One list: its size in bytes (text + data of the object), or why it has none."""

    passes: str
    bytes: int | None
    by: str = ""
    why_not: str = ""


@dataclass(frozen=True)
class TuneResult:
    """Sizes are text + data of the object in bytes. `best_passes` is "" when the module as it stands is the
    smallest. `model_passes` is None when no model was asked or it named no list; `why_no_model_list` says
    which. `left_out` are lists that could not be tried, with the reason, or that broke a function. `compilations`
    counts the lists that were run and measured, -Oz among them. `guard` is what the emulator said of the best
    list; None where the module stays as it is."""

    before_bytes: int
    oz_bytes: int
    best_bytes: int
    best_passes: str
    best_ir: str
    model_passes: str | None
    model_bytes: int | None
    why_no_model_list: str
    tried: tuple[Tried, ...]
    left_out: tuple[Tried, ...]
    compilations: int
    guard: Guarded | None
    seconds: float


def tune(
    ir: str,
    model: Model | None,
    tools: Tools,
    *,
    cancel: CancelToken | None = None,
    progress: Progress | None = None,
) -> TuneResult:
    """Find the smallest of the module as it is, -Oz, the fixed lists and the model's list.

    Raises `LLVMRefused` where the module does not verify or lower, `LLVMStopped` where even -Oz cannot be
    run on it, and `Cancelled`.
    """
    started = time.monotonic()
    tell = progress or (lambda message, fraction: None)
    llvm = tools.llvm
    before = _object_bytes(ir, llvm, cancel)
    tell("asking the model for a pass list", 0.0)
    model_list, why_no_list = _ask(ir, model, cancel)
    lists = list(dict.fromkeys(FIXED_LISTS + ((model_list,) if model_list else ())))
    tried: dict[str, Tried] = {}
    made: dict[str, str] = {}
    for index, passes in enumerate(lists):
        if cancel is not None:
            cancel.check()
        tell(f"measuring {passes}", (index + 1) / (len(lists) + 2))
        tried[passes], made[passes] = _try(ir, passes, llvm, cancel)
    oz = tried[OZ].bytes
    if oz is None:
        raise LLVMStopped(f"-Oz itself could not be measured on this module: {tried[OZ].why_not}")
    compilations = sum(attempt.bytes is not None for attempt in tried.values())
    best, guarded = "", None
    # Smallest first; of equals the first of the list.
    smaller = [
        (each.bytes, name) for name, each in tried.items() if each.bytes is not None and each.bytes < before
    ]
    for _, passes in sorted(smaller, key=lambda pair: pair[0]):
        tell(f"running both, before and after {passes}", (len(lists) + 1) / (len(lists) + 2))
        guarded = _guard(ir, made[passes], tools, cancel)
        if guarded is None or not guarded.broken:
            best = passes
            break
        tried[passes] = Tried(passes, None, tried[passes].by, guarded.words)
        guarded = None
    tell("done", 1.0)
    return TuneResult(
        before_bytes=before,
        oz_bytes=oz,
        best_bytes=tried[best].bytes or 0 if best else before,
        best_passes=best,
        best_ir=made[best] if best else ir,
        model_passes=model_list,
        model_bytes=tried[model_list].bytes if model_list else None,
        why_no_model_list=why_no_list,
        tried=tuple(attempt for attempt in tried.values() if attempt.bytes is not None),
        left_out=tuple(attempt for attempt in tried.values() if attempt.bytes is None),
        compilations=compilations,
        guard=guarded,
        seconds=time.monotonic() - started,
    )


def _guard(before: str, after: str, tools: Tools, cancel: CancelToken | None) -> Guarded | None:
    """What the emulator says; None where it cannot be asked (the module makes no object it can run)."""
    try:
        return guard(before, after, tools, cancel=cancel)
    except (LLVMRefused, LLVMStopped):
        return None


def _object_bytes(ir: str, llvm: LLVM, cancel: CancelToken | None) -> int:
    return llvm.size(llvm.emit_object(ir, cancel=cancel)).total


def _try(ir: str, passes: str, llvm: LLVM, cancel: CancelToken | None) -> tuple[Tried, str]:
    try:
        run = llvm.run_passes(ir, passes, cancel=cancel)
        return Tried(passes, _object_bytes(run.ir, llvm, cancel), run.by), run.ir
    except (Unrunnable, LLVMStopped, LLVMRefused, PipelineError) as error:
        return Tried(passes, None, why_not=str(error)), ir


def _ask(ir: str, model: Model | None, cancel: CancelToken | None) -> tuple[str | None, str]:
    if model is None:
        return None, "no model was asked"
    try:
        prompt = model.family().tune(ir)
        if prompt is None:
            return None, f"{model.info().name} was not trained to name pass lists for a module like this"
        options = GenerateOptions(max_tokens=prompt.max_tokens, stop=prompt.stop, shape=prompt.shape)
        generation = model.generate(prompt.text, options, cancel=cancel)
        if generation.stopped == "cancelled":
            raise Cancelled
        reply = prompt.read(generation.text)
    except ReplyUnreadable as unreadable:
        return None, f"the model's reply could not be read: {unreadable}"
    except IrlensError as error:
        return None, str(error)
    if reply.pipeline is None:
        return None, "the model says that nothing smaller can be had"
    return reply.pipeline, ""


def as_json(result: TuneResult) -> dict[str, object]:
    """What `irlens tune --json` prints."""
    model = (
        {"passes": result.model_passes, "bytes": result.model_bytes}
        if result.model_passes is not None
        else None
    )
    return {
        "before": {"bytes": result.before_bytes},
        "oz": {"bytes": result.oz_bytes},
        "best": {"bytes": result.best_bytes, "passes": result.best_passes},
        "model": model,
        "why_no_model_list": result.why_no_model_list or None,
        "tried": [{"passes": t.passes, "bytes": t.bytes, "by": t.by} for t in result.tried],
        "left_out": [{"passes": t.passes, "why": t.why_not} for t in result.left_out],
        "compilations": result.compilations,
        "guard": result.guard.as_json() if result.guard else None,
        "seconds": round(result.seconds, 3),
    }
