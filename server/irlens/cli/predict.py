"""`irlens predict`: what a pass pipeline does to each function, the model's word beside LLVM's."""

from __future__ import annotations

import argparse

from irlens.assist.predict import FunctionPrediction, as_json, predict
from irlens.cli.console import say
from irlens.cli.inputs import read_ir
from irlens.cli.main import EXIT_DONE, EXIT_PARTLY
from irlens.cli.tools import Progress, clear_progress, model_of, print_json, tools_of
from irlens.errors import LLVMRefused, ModelUnavailable, UnusableInput
from irlens.ir.pipeline import PipelineError
from irlens.model.client import Model


def run(arguments: argparse.Namespace) -> int:
    """Exit 1 where a function was not measured, or not predicted though the model was asked, or was broken."""
    text = read_ir(arguments.file)
    with tools_of(arguments) as tools, model_of(arguments, "predict") as model:
        tools.warm()
        try:
            result = predict(
                text,
                arguments.passes,
                arguments.function,
                None if arguments.no_model else model,
                tools.llvm,
                guarded_by=tools,
                progress=Progress(),
            )
        except (LLVMRefused, UnusableInput) as unusable:
            raise UnusableInput(f"{arguments.file}: {unusable}") from None
        except PipelineError as error:
            raise UnusableInput(f"--passes, column {error.column + 1}: {error}") from None
    if arguments.json:
        print_json({"file": arguments.file, **as_json(result)})
    else:
        clear_progress()
        say(f"{arguments.file}: {result.pipeline}")
        for repair in result.repairs:
            say(f"  repaired: {repair}")
        for prediction in result.functions:
            _print(prediction)
        credit = "" if arguments.no_model else _credit(model)
        if credit and any(p.predicted is not None for p in result.functions):
            say()
            say(credit)
        if result.guard is not None:
            say()
            say(f"checked: {result.guard.words}")
    whole = all(
        p.measured is not None and (arguments.no_model or p.predicted is not None) for p in result.functions
    )
    broken = result.guard is not None and bool(result.guard.broken)
    return EXIT_DONE if whole and not broken else EXIT_PARTLY


def _credit(model: Model) -> str:
    try:
        return model.info().credit
    except ModelUnavailable:
        return ""


def _print(prediction: FunctionPrediction) -> None:
    predicted, measured = prediction.predicted, prediction.measured
    say()
    say(prediction.name)
    say(f"  before     {prediction.before_instructions:>6} instructions {_bytes(prediction.before_bytes)}")
    if predicted is not None:
        count = "     ?" if predicted.instructions is None else f"{predicted.instructions:>6}"
        size = _bytes(predicted.bytes) if prediction.bytes_of == "function" else ""
        kept = ", kept from before" if prediction.kept else ""
        say(f"  predicted  {count} instructions {size}   by the model{kept}")
    else:
        say(f"  predicted  nothing: {prediction.why_not_predicted}")
    if measured is not None:
        size = _bytes(measured.bytes)
        say(f"  measured   {measured.instructions:>6} instructions {size}   by {measured.by}")
    else:
        say(f"  measured   nothing: {prediction.why_not_measured}")
    if prediction.object_before is not None and predicted is not None:
        after = "?" if prediction.object_after is None else prediction.object_after
        said = "?" if predicted.bytes is None else predicted.bytes
        say(
            f"  as an object of its own (text + data, -O0 code generation): {prediction.object_before} bytes before, "
            f"{said} predicted, {after} measured"
        )
    if prediction.predicted_ir is not None:
        say(f"  the predicted IR {prediction.predicted_ir.words}")


def _bytes(count: int | None) -> str:
    return "     ? bytes" if count is None else f"{count:>6} bytes"
