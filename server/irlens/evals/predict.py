"""`irlens eval predict`: how often models foretell what a pass pipeline does, against LLVM's own measurement.

    answered       the reply could be read
    instructions   the instruction count is exact
    bytes          the size is exact: of the function's symbol, or of the object where the model speaks of that
    ir             the IR is exact: the same text but for white space, or the same normal form
    compiles       LLVM makes an object from the predicted IR
    size_error     mean of |predicted - measured| / measured, over answered ones
    unchanged      the pipeline left the IR as it was: what one who always says "nothing" would get under `ir`

"Exact" and "compiles" are of all cases, as in the paper's Table 7, whose lines `table7` has. Its perplexity is not
there: it needs the probability of each word of LLVM's own answer, which none of the engines is asked for.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from irlens.assist.predict import predict
from irlens.assist.predicted import same_function
from irlens.cancel import CancelToken
from irlens.errors import IrlensError, LLVMRefused, LLVMStopped
from irlens.evals.lift_cases import BUCKETS
from irlens.evals.lift_metrics import mean, percent, table
from irlens.evals.lift_run import Progress, Row, fingerprint, label, run_rows, write
from irlens.evals.predict_cases import PredictCase
from irlens.llvm.client import LLVM
from irlens.model.client import Model

NAME = "eval-predict"
_MOST_PIPELINES = 12
"""Of more than that, random ones say, each has no line of its own."""


def evaluate(
    cases: Sequence[PredictCase],
    models: Sequence[Model],
    llvm: LLVM,
    *,
    output: Path | None = None,
    about: dict[str, Any] | None = None,
    cancel: CancelToken | None = None,
    progress: Progress = lambda message, fraction: None,
) -> Row:
    """The report, as `irlens.evals.lift.evaluate`'s. Raises `ModelUnavailable` and `Cancelled`."""
    keys = [fingerprint([case.triple, case.function, case.pipeline, case.ir]) for case in cases]
    head: Row = {
        "evaluation": "predict",
        "models": [label(model.info()) for model in models],
        "engines": [model.info().engine for model in models],
        "cases": fingerprint(keys),
        "count": len(cases),
        **(about or {}),
    }

    def ask(number: int, model: Model) -> Row:
        return predict_case(cases[number], model, llvm, cancel)

    rows = run_rows(NAME, head, keys, models, ask, output=output, cancel=cancel, progress=progress)
    report = {**head, "summary": summary(rows), "table7": table7(rows), "functions": rows}
    if output is not None:
        write(output, NAME, report)
    return report


def predict_case(case: PredictCase, model: Model, llvm: LLVM, cancel: CancelToken | None = None) -> Row:
    """One case, asked greedily."""
    started = time.monotonic()
    row: Row = {
        "package": case.package,
        "function": case.function,
        "target": case.target,
        "pipeline": case.pipeline,
        "instructions": case.instructions,
        "answered": False,
        "instructions_exact": False,
        "bytes_exact": False,
        "ir_exact": False,
        "compiles": False,
        "size_error": None,
        "unchanged": False,
        "predicted": [],
        "measured": [],
        "seconds": 0.0,
        "reason": "",
    }
    try:
        [found] = predict(
            case.ir, case.pipeline, case.function, model, llvm, in_module=True, cancel=cancel
        ).functions
    except IrlensError as error:
        row["reason"] = " ".join(str(error).split())
        return row
    predicted, measured = found.predicted, found.measured
    row["reason"] = found.why_not_measured or found.why_not_predicted
    if measured is not None:
        wanted = found.object_after if found.bytes_of == "object" else measured.bytes
        row["measured"] = [measured.instructions, wanted]
        row["unchanged"] = same_function(case.ir, measured.ir, case.function)
    if predicted is not None and measured is not None:
        row["answered"] = True
        row["predicted"] = [predicted.instructions, predicted.bytes]
        row["instructions_exact"] = predicted.instructions == measured.instructions
        row["bytes_exact"] = wanted is not None and predicted.bytes == wanted
        if wanted and predicted.bytes is not None:
            row["size_error"] = round(abs(predicted.bytes - wanted) / wanted, 4)
        if predicted.ir:
            row["ir_exact"] = same_function(predicted.ir, measured.ir, case.function)
            try:
                llvm.emit_object(predicted.ir, case.triple, cancel=cancel)
                row["compiles"] = True
            except (LLVMRefused, LLVMStopped) as error:
                row["reason"] = " ".join(str(error).split())
    row["seconds"] = round(time.monotonic() - started, 3)
    return row


def summary(rows: Sequence[Row]) -> list[Row]:
    """A row for each model and group: all, up to each length, the pipelines."""
    groups: list[tuple[str, list[Row]]] = [("all", list(rows))]
    for target in sorted({row["target"] for row in rows}):
        groups.append((target, [row for row in rows if row["target"] == target]))
    for bucket in BUCKETS:
        groups.append((f"to {bucket}", [row for row in rows if row["instructions"] <= bucket]))
    pipelines = {row["pipeline"] for row in rows}
    for pipeline in sorted(pipelines) if len(pipelines) <= _MOST_PIPELINES else ():
        groups.append((pipeline, [row for row in rows if row["pipeline"] == pipeline]))
    found = []
    for name, belonging in groups:
        for model in dict.fromkeys(row["model"] for row in rows):
            group = [row for row in belonging if row["model"] == model]
            if group:
                found.append(
                    {
                        "group": name,
                        "model": model,
                        "n": len(group),
                        "answered": percent(row["answered"] for row in group),
                        "instructions": percent(row["instructions_exact"] for row in group),
                        "bytes": percent(row["bytes_exact"] for row in group),
                        "ir": percent(row["ir_exact"] for row in group),
                        "compiles": percent(row["compiles"] for row in group),
                        "size_error": mean(row["size_error"] for row in group),
                        "unchanged": percent(row["unchanged"] for row in group),
                        "seconds": round(median(row["seconds"] for row in group), 2),
                    }
                )
    return found


def table7(rows: Sequence[Row]) -> list[Row]:
    """A line for each model as the paper's Table 7 has it, of all prompts: the unanswered ones count against it.
    Functions on which LLVM did not run the list are no prompts, as the paper dropped them."""
    found = []
    for model in dict.fromkeys(row["model"] for row in rows):
        every = [row for row in rows if row["model"] == model]
        its = [row for row in every if row["measured"]]
        found.append(
            {
                "model": model,
                "prompts": len(its),
                "unmeasured": len(every) - len(its),
                "answered": sum(row["answered"] for row in its),
                "compiles": sum(row["compiles"] for row in its),
                "compiles_of_prompts": percent(row["compiles"] for row in its),
                "exact": sum(row["ir_exact"] for row in its),
                "exact_of_prompts": percent(row["ir_exact"] for row in its),
                "perplexity": "not asked",
            }
        )
    return found


def as_table(report: Row) -> str:
    """The summary as Markdown, and the paper's measures."""
    return f"{table(report['summary'])}\n\nAs Table 7 of the paper:\n\n{table(report['table7'])}"
