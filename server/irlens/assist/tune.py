"""Tune: the pass list that makes the module smallest within a budget, measured, never larger than -Oz.

-Oz is clang's: the pipeline, on functions with the attributes that clang -Oz gives them (`tuning.baseline`). Candidates
come from the model, from the library of lists that were strong on real code, and from local search around the best of
these (`irlens.tuning`). Every number is LLVM's. What is offered was made as short as it goes, made again
by a new process with the same result, run beside the module as it was (`guard`), and keeps what the programs of a
suite do (`trial`); a list that fails one of these is left out with the reason, and the next one is taken.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from irlens.assist.guard import Guarded
from irlens.assist.tools import Tools
from irlens.assist.tune_ask import ask_for_lists
from irlens.assist.tune_check import checked_best
from irlens.assist.words import sentence
from irlens.cancel import CancelToken
from irlens.errors import LLVMRefused, LLVMStopped, UnusableInput
from irlens.ir.outline import outline
from irlens.ir.passes import OZ, registry
from irlens.ir.pipeline import PipelineError, print_pipeline
from irlens.ir.repair import repair
from irlens.ir.size_attributes import SizeMarks
from irlens.llvm import opt
from irlens.llvm.client import LLVM, LLVMLITE_RELEASE
from irlens.llvm.compilers import Compiler
from irlens.llvm.mca import find as find_mca
from irlens.tuning.baseline import baseline
from irlens.tuning.cache import Cache, Memory
from irlens.tuning.evaluation import Evaluation
from irlens.tuning.evaluator import Evaluator
from irlens.tuning.library import Library, library, spelled_for
from irlens.tuning.objective import Objective
from irlens.tuning.reproducer import Failure, Went
from irlens.tuning.search import Budget, Progress, search
from irlens.tuning.strategies import Ours, spellings
from irlens.tuning.trust import why_banned

if TYPE_CHECKING:
    from irlens.model.client import Model

__all__ = [
    "OZ",
    "Budget",
    "Evaluation",
    "Failure",
    "Objective",
    "TuneOptions",
    "TuneResult",
    "as_json",
    "tune",
]


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
    """Values are in the objective's unit; for `size` text + data of the object in bytes. `oz` is the pipeline on the
    module with clang -Oz's attributes, as are all lists; `plain_oz` the same pipeline on the module as it stands, None
    where it comes to the same. `attributes` says which functions lack the attributes and which are `optnone`.
    `best_passes` is "" when the module as it stands is the smallest. `best` is what LLVM makes of the module as the
    passes leave it, or of its bitcode; `as_text` is what it makes of `best_ir`, which does not keep the order of uses:
    often the same, at times a few bytes more, never more than the text of -Oz. `model_passes` is None when no model was
    asked or it named no list, and `why_no_model_list` says which. `tried` has what was measured, in order of trial;
    `left_out` what could not be or was not to be trusted, with why. `by` is the LLVM that measured,
    `not_searched` what it lacks. `guard` is what the emulator said of the best list; None where the module stays as it
    is. `failures` are the lists that crashed, were late, were not the same twice or broke a function, for
    `tuning.reproducer.write`."""

    objective: Objective
    before: int
    oz: int
    plain_oz: int | None
    attributes: SizeMarks
    best: int
    best_passes: str
    best_ir: str
    as_text: int | None
    model_passes: str | None
    model_value: int | None
    model_note: str
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
    failures: tuple[Failure, ...] = ()

    @property
    def saved(self) -> float:
        """Share under what takes no search: the smallest of -Oz, with its attributes and without, and the module as it
        stands. 0 to 1; below 0 where no list that is as small could be trusted."""
        reference = min(self.oz, self.before, self.oz if self.plain_oz is None else self.plain_oz)
        return 1 - self.best / reference if reference else 0.0


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
    verify or lower, `UnusableInput` where there is nothing in it to measure, `LLVMStopped` where even -Oz cannot be run
    on it, and `Cancelled`.
    """
    started = time.monotonic()
    options = options or TuneOptions()
    tell = progress or (lambda message, fraction: None)
    chosen = compiler or tools.compilers.of(ir)
    jobs = options.jobs or os.cpu_count() or 1
    kept = cache or Memory()
    cycles = find_mca(tools.llvm.opt_setting) if options.objective.what == "cycles" else None

    def evaluator_of(text: str) -> Evaluator:
        return Evaluator(
            text, chosen, options.objective, jobs=jobs, cache=kept, limit_s=options.limit_s, mca=cycles
        )

    tell("measuring -Oz", 0.0)
    base, evaluator = baseline(ir, options.objective, evaluator_of, cancel)
    try:
        if base.as_is.value is None:
            raise LLVMRefused(
                f"This module cannot be measured: {sentence(base.as_is.why)} Fix it and try again."
            )
        if base.as_is.value == 0 and not any(one.is_definition for one in outline(ir).functions):
            raise UnusableInput(
                "The module defines no function, and it has no size to make smaller. Give a file with at least one `define`."
            )
        if base.oz.value is None:
            raise LLVMStopped(f"-Oz itself could not be measured on this module: {base.oz.why}")
        tell("asking the model for pass lists", 0.0)
        named = ask_for_lists(ir, model, cancel, tell)
        usable, left_out, repairs = _spelled(named.lists, chosen)
        strategy = Ours(
            _allowed(spelled_for(library(options.objective.codegen, chosen.whole), chosen.release)),
            chosen.release,
            options.budget.compilations,
            seed=options.seed,
            first=usable,
            may={gene for gene in spellings(chosen) if not why_banned(gene)},
        )
        found = search(strategy, evaluator, options.budget, cancel=cancel, progress=tell)
        checked = checked_best(ir, base, found, evaluator, tools, kept, cancel, tell)
        tell("done", 1.0)
    finally:
        evaluator.close()
    failed = [each for each in found.history if each.value is None]
    value = evaluator.known[usable[0]].value if usable and usable[0] in evaluator.known else None
    return TuneResult(
        objective=options.objective,
        before=base.as_is.value,
        oz=base.oz.value,
        plain_oz=base.plain_oz,
        attributes=base.marks,
        best=checked.best.value if checked.best.value is not None else base.as_is.value,
        best_passes=checked.best.passes,
        best_ir=checked.ir,
        as_text=checked.as_text,
        model_passes=named.lists[0] if named.lists else None,
        model_value=value,
        model_note="; ".join(filter(None, (named.note, repairs))),
        why_no_model_list=named.why_none,
        tried=(found.oz, *(each for each in found.history if each.value is not None)),
        left_out=(*left_out, *checked.refused, *failed),
        compilations=len(found.history) + checked.used + (4 if base.marks.lacking else 2),
        compiled=evaluator.compiled,
        why_ended=found.why_ended,
        by=chosen.name,
        not_searched=_not_searched(chosen, tools.llvm),
        guard=checked.guard,
        seconds=time.monotonic() - started,
        failures=(*checked.failures, *(_ended(each) for each in failed if each.how in _ENDED)),
    )


def _allowed(of: Library) -> Library:
    """Without the lists that were found to break something since the library was made."""
    rows = [row for row in zip(of.lists, of.sizes, strict=True) if not why_banned(row[0])]
    return replace(of, lists=tuple(row[0] for row in rows), sizes=tuple(row[1] for row in rows))


_ENDED: dict[str, Went] = {"crashed": "crashed", "late": "late"}


def _ended(each: Evaluation) -> Failure:
    return Failure(each.passes, _ENDED[each.how], each.why)


def _spelled(named: Sequence[str], compiler: Compiler) -> tuple[list[str], list[Evaluation], str]:
    """The model's lists as this LLVM spells them, those it does not have, and what was put right in the others."""
    usable, left_out = [], []
    repairs: dict[str, None] = {}
    for passes in named:
        try:
            pipe, notes = repair(passes, compiler.release)
        except PipelineError as error:
            left_out.append(Evaluation(passes, None, how="unrunnable", why=str(error)))
            continue
        usable.append(print_pipeline(pipe))
        repairs |= dict.fromkeys(notes)
    return usable, left_out, f"repaired: {'; '.join(repairs)}" if repairs else ""


def _not_searched(compiler: Compiler, llvm: LLVM) -> str:
    if compiler.whole:
        return ""
    every = [
        info for info in registry().values() if info.llvm and info.kind in ("module", "cgscc", "function")
    ]
    able = sum(info.llvmlite for info in every)
    said = f"{len(every) - able} passes that llvmlite does not have were not searched."
    if llvm.measure_with == "llvmlite":
        return f"{said} Let the installed LLVM measure (`irlens.llvm.measureWith`, `--measure-with installed`) to search them."
    installed = opt.usable(llvm.opt_setting)
    if installed is not None:
        return (
            f"{said} {installed.name} cannot compile this module, which is written for a newer LLVM: give an `opt` of "
            f"LLVM {LLVMLITE_RELEASE} in the setting `llvm.opt` (`--opt` in a shell) to search them too."
        )
    return f"{said} Install an `opt` of LLVM 16 to 22 (on Debian and Ubuntu: apt-get install llvm-19) to search them too."


def as_json(result: TuneResult) -> dict[str, object]:
    """What `irlens tune --json` prints of a module."""
    unit = result.objective.unit
    model = {"passes": result.model_passes, unit: result.model_value} if result.model_passes else None
    if model is not None:
        model["note"] = result.model_note
    return {
        "objective": {"what": result.objective.what, "codegen": result.objective.codegen, "unit": unit},
        "before": {unit: result.before},
        "oz": {unit: result.oz, "without_attributes": result.plain_oz},
        "attributes": {
            "lacking": len(result.attributes.lacking),
            "functions": result.attributes.functions,
            "optnone": list(result.attributes.optnone),
            "optnone_words": result.attributes.optnone_words or None,
            "opt_options": list(result.attributes.opt_options()),
        },
        "best": {unit: result.best, "passes": result.best_passes, "as_text": result.as_text},
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
