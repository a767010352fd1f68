"""Predict: what a pass pipeline will do to a function, beside what LLVM did when it was run.

"Predicted" is the model's, "measured" is LLVM's; they sit in two fields and are never mixed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from irlens.assist.asking import Progress, ask
from irlens.assist.guard import Guarded, guard
from irlens.assist.limit import Limit
from irlens.assist.predicted import PredictedIr, compared
from irlens.assist.scope import Scope, scope_of, without_cut
from irlens.assist.tools import Tools
from irlens.assist.words import counted
from irlens.cancel import Cancelled, CancelToken
from irlens.errors import (
    IrlensError,
    LLVMRefused,
    LLVMStopped,
    ReplyUnreadable,
    Unrunnable,
    UnusableInput,
)
from irlens.ir.cut import with_variables
from irlens.ir.extract import extract
from irlens.ir.optnone import note, optnone
from irlens.ir.outline import function_texts
from irlens.ir.outline import outline as text_outline
from irlens.ir.stable import Stable, with_names
from irlens.ir.unnamed import Named, named, shown
from irlens.llvm.answers import FunctionFacts, Outline
from irlens.llvm.client import LLVM, LLVMLITE_RELEASE
from irlens.model.types import PredictReply

if TYPE_CHECKING:
    from irlens.model.client import Model

OBJECT_CODEGEN_LEVEL = 0
"""The paper measures objects made by `clang -c` without -O: code generation at -O0."""


@dataclass(frozen=True)
class Measured:
    """LLVM's own numbers for one function: IR instructions, bytes of its symbol in the object, its IR text,
    and who ran the pipeline. A function that the pipeline removed has 0, 0 and no text. `shown` is the text for
    reading beside `FunctionPrediction.shown_before`, "" where nobody asked for it (`irlens.ir.stable`)."""

    instructions: int
    bytes: int | None
    ir: str
    by: str
    shown: str = ""


@dataclass(frozen=True)
class FunctionPrediction:
    """`before_*` are LLVM's. `bytes_of` says what `predicted.bytes` counts: "function" is the symbol's
    size, as in `measured`; "object" is text + data of the function alone, at -O0 code generation.
    `object_before` and `object_after` are LLVM's in that same unit, None for "function". `predicted_ir` is what LLVM
    says of the IR in `predicted`. `why_not_*` is a sentence where the part beside it is None. `kept`: the
    prediction is what the model said of the same question before; it was not asked again. `shown_before` is the
    function printed by whoever ran the passes, so that it differs from `measured.shown` by what they changed."""

    name: str
    before_instructions: int
    before_bytes: int | None
    predicted: PredictReply | None
    measured: Measured | None
    bytes_of: str = "function"
    why_not_predicted: str = ""
    why_not_measured: str = ""
    kept: bool = False
    object_before: int | None = None
    object_after: int | None = None
    predicted_ir: PredictedIr | None = None
    shown_before: str = ""


@dataclass(frozen=True)
class PredictResult:
    """One entry for each function asked for, in file order. `repairs` are changes made to the pipeline. `guard` is
    what the emulator said of the module before and after; None where it was not asked, or cannot be, which
    `why_not_checked` then says. `notes` are sentences to show with the result: what the passes were run on, what keeps
    them off. `why_no_bytes` is a sentence where a size is missing."""

    pipeline: str
    functions: tuple[FunctionPrediction, ...]
    repairs: tuple[str, ...]
    guard: Guarded | None
    seconds: float
    notes: tuple[str, ...] = ()
    why_no_bytes: str = ""
    why_not_checked: str = ""


def predict(
    ir: str,
    pipeline: str,
    function: str | None,
    model: Model | None,
    llvm: LLVM,
    *,
    guarded_by: Tools | None = None,
    in_module: bool = False,
    to_show: bool = False,
    limit_s: float | None = None,
    cancel: CancelToken | None = None,
    progress: Progress | None = None,
) -> PredictResult:
    """Predict and measure `pipeline` on every defined function of `ir`, or on `function` alone.

    For all functions the pipeline is run once on the whole module, so what it does between functions (inlining, say)
    is measured as it happens there; for one, on what `irlens.assist.scope` chooses, unless `in_module`. The model is
    shown each function with only what it refers to. With `to_show` one function's texts are also made for reading.
    After `limit_s` seconds LLVM and the emulator end and the model is asked nothing more, which the result says; a
    question that was begun is waited for, as the user sees how far it is.
    Raises `LLVMRefused` where the module does not verify, `LLVMStopped` where LLVM has not even read it in time,
    `UnusableInput` where `function` is not defined, `irlens.ir.pipeline.PipelineError` for a malformed pipeline, and
    `Cancelled`.
    """
    with Limit(limit_s, cancel) as limit:
        return _predict(
            ir,
            pipeline,
            function,
            model,
            llvm,
            guarded_by,
            in_module,
            to_show,
            limit,
            cancel,
            progress or (lambda message, fraction: None),
        )


def _predict(
    ir: str,
    pipeline: str,
    function: str | None,
    model: Model | None,
    llvm: LLVM,
    guarded_by: Tools | None,
    in_module: bool,
    to_show: bool,
    limit: Limit,
    cancel: CancelToken | None,
    tell: Progress,
) -> PredictResult:
    names = named(ir)
    wanted = function if function is None else names.name(function)
    scope = Scope(names.text, "whole", "")
    if wanted is not None and not in_module:
        _check_defined(names, wanted)
        scope = scope_of(names.text, pipeline, wanted, LLVMLITE_RELEASE)
    late = f"{limit.seconds:g} s were over" if limit.seconds is not None else ""
    advice = (
        "name one function" if function is None else "cut the module down (llvm-extract) or run fewer passes"
    )
    try:
        try:
            outline = llvm.outline(scope.ir, cancel=limit.token)
        except LLVMRefused:
            if scope.is_whole:
                raise
            scope = without_cut(names.text, scope)
            outline = llvm.outline(scope.ir, cancel=limit.token)
    except Cancelled:
        if not limit.is_over:
            raise
        raise LLVMStopped(
            f"{late} before LLVM had read and measured the module. {_as_sentence(advice)}"
        ) from None
    chosen = _choose(outline, wanted, names)
    tell(f"running {pipeline}", 0.1)
    try:
        after, run_ir, by, repairs, why = _measure(scope.ir, pipeline, llvm, limit.token)
    except Cancelled:
        if not limit.is_over:
            raise
        after, run_ir, by, repairs, why = None, "", "", (), f"{late} before LLVM had run the passes; {advice}"
    shown_texts = ("", "")
    guarded, why_not_checked = None, ""
    try:
        if to_show and wanted is not None and after is not None:
            shown_texts = _texts_to_show(scope.ir, pipeline, wanted, names, by, llvm, limit.token)
        if guarded_by is not None and after is not None:
            # Before the model is asked, which may take all of the time that there is.
            tell("running both, before and after", 0.2)
            guarded, why_not_checked = _checked(scope, run_ir, guarded_by, wanted, names, limit.token)
    except Cancelled:
        if not limit.is_over:
            raise
        why_not_checked = f"{late} before both were run; {advice}" if guarded_by is not None else ""
    made = {} if after is None else {facts.name: facts for facts in after.functions}
    texts = function_texts(run_ir) if after is not None else {}
    predictions = []
    left_out = 0
    for index, facts in enumerate(chosen):
        if cancel is not None:
            cancel.check()
        name = names.number(facts.name)
        measured = None
        if after is not None:
            measured = _of_function(
                made.get(facts.name), texts.get(facts.name, ""), by, names, shown_texts[1]
            )
        asked = None
        if model is None or not limit.is_over:
            fraction = 0.3 + 0.7 * index / len(chosen)
            tell(f"asking the model about {shown(name)}", fraction)
            try:
                asked = _ask(names.text, pipeline, facts, model, llvm, limit, cancel, tell, fraction)
            except Cancelled:
                if not limit.is_over:
                    raise
        if asked is None:
            asked = _Asked("function", why_not=f"{late} before its turn came; {advice}")
            left_out += 1
        after_text = texts.get(facts.name, "") if measured else None
        predicted_ir = _compared(asked, facts.name, after_text, llvm, cancel)
        predictions.append(
            FunctionPrediction(
                name=name,
                before_instructions=facts.instructions,
                before_bytes=facts.bytes,
                predicted=asked.reply,
                measured=measured,
                bytes_of=asked.bytes_of,
                why_not_predicted=asked.why_not,
                kept=asked.kept,
                object_before=asked.object_before,
                object_after=asked.object_after,
                predicted_ir=predicted_ir,
                why_not_measured=why,
                shown_before=shown_texts[0],
            )
        )
    tell("done", 1.0)
    told = [scope.words.replace(wanted or "", shown(function or "")) if names.prefix else scope.words]
    told.append(note(tuple(map(shown, optnone(ir, [each.name for each in predictions])))))
    if left_out:
        told.append(
            f"The model was not asked about {left_out:,} of {counted(len(chosen), 'function')}: {late}. "
            + _as_sentence(advice)
        )
    return PredictResult(
        pipeline,
        tuple(predictions),
        repairs,
        guarded,
        limit.spent_s,
        tuple(each for each in told if each),
        _why_no_bytes(outline, after, wanted),
        why_not_checked,
    )


def measure(
    ir: str, pipeline: str, function: str | None, llvm: LLVM, *, cancel: CancelToken | None = None
) -> PredictResult:
    """The measured half alone: no model is asked."""
    return predict(ir, pipeline, function, None, llvm, cancel=cancel)


def _check_defined(names: Named, function: str) -> None:
    """Raise `UnusableInput` where the text defines other functions, and not this one. LLVM is not asked: a module may be
    too large for it to answer in time."""
    defined = [each.name for each in text_outline(names.text).functions if each.is_definition]
    if function not in defined:
        there = ", ".join(names.number(each) for each in defined[:8]) or "none"
        raise UnusableInput(f"The module does not define @{names.number(function)}. Choose one of: {there}.")


def _choose(outline: Outline, function: str | None, names: Named) -> tuple[FunctionFacts, ...]:
    if function is None:
        if not outline.functions:
            raise UnusableInput("The module defines no function. Give a file with at least one `define`.")
        return outline.functions
    chosen = tuple(facts for facts in outline.functions if facts.name == function)
    if not chosen:
        there = ", ".join(names.number(facts.name) for facts in outline.functions[:8]) or "none"
        raise UnusableInput(f"The module does not define @{names.number(function)}. Choose one of: {there}.")
    return chosen


def _measure(
    ir: str, pipeline: str, llvm: LLVM, cancel: CancelToken | None
) -> tuple[Outline | None, str, str, tuple[str, ...], str]:
    try:
        run = llvm.run_passes(ir, pipeline, cancel=cancel)
        return llvm.outline(run.ir, cancel=cancel), run.ir, run.by, run.repairs, ""
    except (Unrunnable, LLVMStopped, LLVMRefused) as error:
        return None, "", "", (), str(error)


def _texts_to_show(
    ir: str,
    pipeline: str,
    function: str,
    names: Named,
    by: str,
    llvm: LLVM,
    cancel: CancelToken | None,
) -> tuple[str, str]:
    """The function before and after, both printed by who ran the passes. Empty where LLVM does not run them again."""
    prepared = with_names(ir, function)
    try:
        before = llvm.printed(prepared.ir, by, cancel=cancel)
        after = llvm.run_passes(prepared.ir, pipeline, cancel=cancel).ir
    except (Unrunnable, LLVMStopped, LLVMRefused):
        return "", ""
    stable = Stable(prepared)
    return names.restored(stable.shown(before)), names.restored(stable.shown(after))


def _checked(
    scope: Scope,
    run_ir: str,
    tools: Tools,
    function: str | None,
    names: Named,
    cancel: CancelToken | None,
) -> tuple[Guarded | None, str]:
    """What the emulator says, or why it was not asked."""
    if scope.kind == "with callees":
        return None, "only a part of the module was run"
    before, after = scope.ir, run_ir
    if scope.kind == "alone":
        # Here variables are lent by the module; to run the function, they must hold what they begin with.
        before, after = with_variables(before, before), with_variables(before, after)
    wanted = None if function is None else [function]
    try:
        found = guard(before, after, tools, functions=wanted, cancel=cancel)
    except (LLVMRefused, LLVMStopped) as error:
        return None, str(error)
    if not names.prefix:
        return found, ""
    return replace(
        found,
        agreed=tuple(names.number(each) for each in found.agreed),
        unknown=tuple((names.number(each), why) for each, why in found.unknown),
        broken=tuple(replace(each, name=names.number(each.name)) for each in found.broken),
    ), ""


def _why_no_bytes(before: Outline, after: Outline | None, function: str | None) -> str:
    """Why a size is missing, before the passes or else after them; "" where none is. Of all functions, or of one."""
    for outline in (before, *(() if after is None else (after,))):
        wanted = (facts for facts in outline.functions if function is None or facts.name == function)
        if any(facts.bytes is None for facts in wanted):
            return outline.why or "LLVM's object has no symbol for every function"
    return ""


def _as_sentence(advice: str) -> str:
    return f"{advice[0].upper()}{advice[1:]}."


def _of_function(
    facts: FunctionFacts | None, text: str, by: str, names: Named, text_to_show: str
) -> Measured:
    """`facts` and `text` are LLVM's after the passes; None where they removed the function."""
    if facts is None:
        return Measured(0, 0, "", by)
    return Measured(facts.instructions, facts.bytes, names.restored(text), by, text_to_show)


@dataclass(frozen=True)
class _Asked:
    """The model's word on one function, or why there is none. `alone` is what it was shown."""

    bytes_of: str
    reply: PredictReply | None = None
    why_not: str = ""
    kept: bool = False
    object_before: int | None = None
    object_after: int | None = None
    alone: str = ""


def _ask(
    ir: str,
    pipeline: str,
    facts: FunctionFacts,
    model: Model | None,
    llvm: LLVM,
    limit: Limit,
    cancel: CancelToken | None,
    tell: Progress,
    fraction: float,
) -> _Asked:
    if model is None:
        return _Asked("function", why_not="no model was asked")
    bytes_of = "function"
    try:
        family = model.family(cancel=limit.token)
        bytes_of = family.bytes_of
        alone = extract(ir, facts.name)
        size = facts.bytes
        object_before = None
        if bytes_of == "object":
            size = object_before = _object_bytes(alone, llvm, limit.token)
        if size is None:
            return _Asked(bytes_of, why_not="its size is not known: LLVM makes no object from the module")
        prompt = family.predict(alone, facts.name, pipeline, facts.instructions, size)
        if prompt is None:
            name = model.info().name
            return _Asked(bytes_of, why_not=f"{name} was not trained for this pipeline or this function")
        part = f"{facts.name}: the model"
        generation = ask(model, prompt, cancel=cancel, tell=tell, part=part, fraction=fraction)
        reply = prompt.read(generation.text)
        object_after = None if object_before is None else _object_after(alone, pipeline, llvm, cancel)
        return _Asked(bytes_of, reply, "", generation.kept, object_before, object_after, alone)
    except ReplyUnreadable as unreadable:
        return _Asked(bytes_of, why_not=f"the reply could not be read: {unreadable}")
    except IrlensError as error:
        return _Asked(bytes_of, why_not=str(error))


def _compared(
    asked: _Asked, function: str, after: str | None, llvm: LLVM, cancel: CancelToken | None
) -> PredictedIr | None:
    """What LLVM says of the IR in the reply; the function as the model was shown it is what it was before."""
    if asked.reply is None:
        return None
    return compared(asked.reply, function, asked.alone, after, llvm, cancel)


def _object_bytes(ir: str, llvm: LLVM, cancel: CancelToken | None) -> int:
    return llvm.size(llvm.emit_object(ir, opt_level=OBJECT_CODEGEN_LEVEL, cancel=cancel)).total


def _object_after(alone: str, pipeline: str, llvm: LLVM, cancel: CancelToken | None) -> int | None:
    """Text + data of the object of the function alone after the pipeline; None where LLVM makes none."""
    try:
        return _object_bytes(llvm.run_passes(alone, pipeline, cancel=cancel).ir, llvm, cancel)
    except (Unrunnable, LLVMStopped, LLVMRefused):
        return None


def as_json(result: PredictResult) -> dict[str, object]:
    """What `irlens predict --json` prints."""
    return {
        "pipeline": result.pipeline,
        "repairs": list(result.repairs),
        "functions": [_function_json(prediction) for prediction in result.functions],
        "guard": result.guard.as_json() if result.guard else None,
        "why_not_checked": result.why_not_checked,
        "notes": list(result.notes),
        "why_no_bytes": result.why_no_bytes,
        "seconds": round(result.seconds, 3),
    }


def _function_json(prediction: FunctionPrediction) -> dict[str, object]:
    predicted, measured = prediction.predicted, prediction.measured
    entry: dict[str, object] = {
        "name": prediction.name,
        "before": {
            "instructions": prediction.before_instructions,
            "bytes": prediction.before_bytes,
            "ir": prediction.shown_before or None,
        },
        "predicted": None,
        "measured": None,
    }
    if predicted is not None:
        entry["predicted"] = {
            "instructions": predicted.instructions,
            "bytes": predicted.bytes,
            "bytes_of": prediction.bytes_of,
            "ir": predicted.ir,
            "truncated": predicted.truncated,
            "ir_says": prediction.predicted_ir.says if prediction.predicted_ir else None,
            "ir_words": prediction.predicted_ir.words if prediction.predicted_ir else None,
            "kept_from_before": prediction.kept,
        }
    else:
        entry["why_not_predicted"] = prediction.why_not_predicted
    if measured is not None:
        entry["measured"] = {
            "instructions": measured.instructions,
            "bytes": measured.bytes,
            "ir": measured.shown or measured.ir,
            "by": measured.by,
        }
    else:
        entry["why_not_measured"] = prediction.why_not_measured
    if prediction.object_before is not None:
        entry["object_bytes"] = {"before": prediction.object_before, "measured": prediction.object_after}
    return entry
