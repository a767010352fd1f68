"""`irlens predict`: what a pass pipeline does to each function, the model's word beside LLVM's."""

from __future__ import annotations

import argparse
import sys

from irlens.assist.predict import FunctionPrediction, PredictResult, as_json, predict
from irlens.assist.words import choose_from
from irlens.cli import streams
from irlens.cli.console import say
from irlens.cli.inputs import read_ir
from irlens.cli.main import EXIT_DONE, EXIT_PARTLY
from irlens.cli.tools import Progress, clear_progress, model_of, print_json, tools_of
from irlens.errors import LLVMRefused, ModelUnavailable, UnusableInput
from irlens.ir.outline import outline, plain_name
from irlens.ir.pipeline import PipelineError
from irlens.ir.unnamed import shown
from irlens.model.client import Model


def run(arguments: argparse.Namespace) -> int:
    """Exit 1 where a function was not measured, or does something else afterwards. What the model cannot answer is
    said; what LLVM measured is the result all the same."""
    file = streams.shown(arguments.file)
    text = read_ir(arguments.file)
    function = _name(arguments.function)
    _refuse_unknown(file, text, function)
    with tools_of(arguments) as tools, model_of(arguments, "predict") as model:
        tools.warm(1, lifts=False)
        try:
            result = predict(
                text,
                arguments.passes,
                function,
                None if arguments.no_model else model,
                tools.session,
                guarded_by=tools,
                to_show=True,
                progress=Progress(),
            )
        except (LLVMRefused, UnusableInput) as unusable:
            raise UnusableInput(f"{file}: {unusable}") from None
        except PipelineError as error:
            raise UnusableInput(f"--passes, column {error.column + 1}: {error}") from None
    if arguments.json:
        print_json({"file": file, **as_json(result)})
    elif (why := _why_nothing(result)) is not None:
        clear_progress()
        say(f"irlens: {file}: not measured: {' '.join(why.split())}", file=sys.stderr)
    else:
        clear_progress()
        say(f"{file}: {result.pipeline}")
        for repair in result.repairs:
            say(f"  repaired: {repair}")
        for note in result.notes:
            say(f"  {note}")
        for prediction in result.functions:
            _print(prediction)
        if result.why_no_bytes:
            say()
            say(f"sizes are not known: {' '.join(result.why_no_bytes.split()).rstrip('.')}")
        credit = "" if arguments.no_model else _credit(model)
        if credit and any(p.predicted is not None for p in result.functions):
            say()
            say(credit)
        if result.guard is not None or result.why_not_checked:
            say()
        if result.guard is not None:
            say(f"checked: {result.guard.words}")
        elif result.why_not_checked:
            say(f"not checked: {result.why_not_checked}")
    whole = all(p.measured is not None for p in result.functions)
    broken = result.guard is not None and bool(result.guard.broken)
    return EXIT_DONE if whole and not broken else EXIT_PARTLY


def _name(written: str | None) -> str | None:
    """A function's name as the file has it, `@` and quotes set aside."""
    return plain_name(written) if written and written.startswith("@") else written


def _refuse_unknown(file: str, text: str, function: str | None) -> None:
    """Raises `UnusableInput` for a function that the module does not define."""
    names = [each.name for each in outline(text).functions if each.is_definition]
    if function is not None and names and function not in names:
        raise UnusableInput(f"{file}: there is no function {shown(function)}. {choose_from(function, names)}")


def _why_nothing(result: PredictResult) -> str | None:
    """The one reason why there is nothing to show of any function; None where there is something."""
    is_any = any(p.measured is not None or p.predicted is not None for p in result.functions)
    reasons = {p.why_not_measured for p in result.functions}
    return reasons.pop() if not is_any and len(reasons) == 1 else None


def _credit(model: Model) -> str:
    try:
        return model.info().credit
    except ModelUnavailable:
        return ""


def _print(prediction: FunctionPrediction) -> None:
    predicted, measured = prediction.predicted, prediction.measured
    say()
    say(shown(prediction.name))
    say(f"  before     {_instructions(prediction.before_instructions)} {_bytes(prediction.before_bytes)}")
    if predicted is not None:
        size = _bytes(predicted.bytes) if prediction.bytes_of == "function" else ""
        kept = ", cached" if prediction.kept else ""
        say(f"  predicted  {_instructions(predicted.instructions)} {size}   by the model{kept}")
    else:
        say(f"  no prediction: {prediction.why_not_predicted}")
    if measured is not None:
        size = _bytes(measured.bytes)
        say(f"  measured   {_instructions(measured.instructions)} {size}   by {measured.by}")
    else:
        say(f"  not measured: {prediction.why_not_measured}")
    if prediction.object_before is not None and predicted is not None:
        after = "?" if prediction.object_after is None else prediction.object_after
        said = "?" if predicted.bytes is None else predicted.bytes
        say(
            f"  as an object of its own (text + data, -O0 code generation): {prediction.object_before} bytes before, "
            f"{said} predicted, {after} measured"
        )
    if prediction.predicted_ir is not None:
        say(f"  the predicted IR {prediction.predicted_ir.words}")


def _instructions(count: int | None) -> str:
    return _aligned(count, "instruction")


def _bytes(count: int | None) -> str:
    return _aligned(count, "byte")


def _aligned(count: int | None, what: str) -> str:
    """A number and its word, as wide for one as for many."""
    return f"{'?' if count is None else count:>6} {what}{' ' if count == 1 else 's'}"
