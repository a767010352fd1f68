"""`irlens eval lists`: how good the pass lists are that models name, against what LLVM measures.

Every function is alone in its module. What counts is the size of its symbol in the object, in bytes: as the function
is, after -Oz, after the list that the model names, and after each of the fixed lists (`TUNE_LISTS`), the best of
which a search over them would find.

    n            functions measured; `unmeasured` are those that LLVM made no symbol of, as they are or after -Oz,
                 and are in no other column
    answered     the reply could be read: a list, or that nothing smaller can be had
    beats_oz     its list makes the function smaller than -Oz does; `beatable`: one of the fixed lists does
    best         its list makes it as small as the best of the fixed lists does, or smaller
    worse        its list makes it larger than -Oz does. Nobody is shown such a list: -Oz is tried beside it
    as_is_bytes, oz_bytes, best_bytes   sums: as the functions are, after -Oz, after the best of the fixed lists
    bytes        sum with the better of -Oz and the model's list, -Oz alone where it names none
    gain         of what the best of the fixed lists save over -Oz, the share that `bytes` saves: 0 is -Oz. More than
                 100 is possible for a model that names other lists
    before, after   the model's own size of the function as it is and after its list is exact; blank where it gave none
    seconds      the median of the question alone

Shares are per cent of n. "Nothing smaller can be had" is measured as the function is. Beside the models stand two
that always name the same list (`evals.always`).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from irlens.cancel import Cancelled, CancelToken
from irlens.errors import LLVMRefused, LLVMStopped, PromptTooLong, ReplyUnreadable, Unrunnable
from irlens.evals.always import OZ, Always
from irlens.evals.lift_cases import BUCKETS
from irlens.evals.lift_metrics import percent, table
from irlens.evals.lift_run import Progress, Row, fingerprint, label, run_rows, write
from irlens.evals.lists_cases import TuneCase
from irlens.ir.pipeline import PipelineError
from irlens.llvm.client import LLVM
from irlens.model.client import Model
from irlens.model.prompts.irlens import TUNE_LISTS
from irlens.model.types import GenerateOptions, TuneReply

NAME = "eval-lists"


@dataclass(frozen=True)
class Measured:
    """LLVM's bytes of one function's symbol: as it is, and after each of `TUNE_LISTS`. None where it has none, or the
    list cannot be run. `why` says why the first of them could not be measured."""

    as_is: int | None
    after: dict[str, int | None]
    why: str = ""

    @property
    def best(self) -> str:
        """The list of the smallest function; of equals the first, which is -Oz before all others. -Oz where none
        was measured."""
        known = [passes for passes in TUNE_LISTS if self.after[passes] is not None]
        return min(known, key=lambda passes: self.after[passes] or 0, default=OZ)


def evaluate(
    cases: Sequence[TuneCase],
    models: Sequence[Model | Always],
    llvm: LLVM,
    *,
    output: Path | None = None,
    about: dict[str, Any] | None = None,
    cancel: CancelToken | None = None,
    progress: Progress = lambda message, fraction: None,
) -> Row:
    """The report, as `irlens.evals.lift.evaluate`'s. Raises `ModelUnavailable` and `Cancelled`."""
    keys = [fingerprint([case.triple, case.function, case.ir]) for case in cases]
    head: Row = {
        "evaluation": "lists",
        "lists": list(TUNE_LISTS),
        "models": [label(model.info()) for model in models],
        "engines": [model.info().engine for model in models],
        "cases": fingerprint(keys),
        "count": len(cases),
        **(about or {}),
    }
    known: dict[int, Measured] = {}  # of one case: the models are asked about it one after the other

    def ask(number: int, model: Model | Always) -> Row:
        if number not in known:
            known.clear()
            known[number] = measure(cases[number], llvm, cancel)
        return list_case(cases[number], known[number], model, llvm, cancel)

    rows = run_rows(NAME, head, keys, models, ask, output=output, cancel=cancel, progress=progress)
    report = {**head, "summary": summary(rows), "named": named(rows), "functions": rows}
    if output is not None:
        write(output, NAME, report)
    return report


def measure(case: TuneCase, llvm: LLVM, cancel: CancelToken | None = None) -> Measured:
    """The function as it is and after each of the fixed lists. Raises `Cancelled`."""
    as_is, why = _bytes_after(case, "", llvm, cancel)
    after: dict[str, int | None] = {}
    for passes in TUNE_LISTS:
        after[passes], its = _bytes_after(case, passes, llvm, cancel)
        why = why or its
    return Measured(as_is, after, why)


def _bytes_after(
    case: TuneCase, passes: str, llvm: LLVM, cancel: CancelToken | None
) -> tuple[int | None, str]:
    """Bytes of the function's symbol after the list ("": as it is), or None and why."""
    try:
        ir = llvm.run_passes(case.ir, passes, cancel=cancel).ir if passes else case.ir
        size = llvm.size(llvm.emit_object(ir, case.triple, cancel=cancel)).functions.get(case.function)
    except (Unrunnable, LLVMStopped, LLVMRefused, PipelineError) as error:
        return None, " ".join(str(error).split())
    return size, "" if size is not None else f"there is no symbol {case.function} in the object"


def list_case(
    case: TuneCase,
    measured: Measured,
    model: Model | Always,
    llvm: LLVM,
    cancel: CancelToken | None = None,
) -> Row:
    """One case, asked greedily. `measured` is of the same case. Raises `ModelUnavailable` and `Cancelled`."""
    started = time.monotonic()
    reply, why = _ask(case, model, cancel)
    seconds = time.monotonic() - started
    size: int | None = None
    if reply is not None and reply.pipeline is None:
        size = measured.as_is
    elif reply is not None and reply.pipeline in measured.after:
        size = measured.after[reply.pipeline]
    elif reply is not None and reply.pipeline is not None:
        size, why = _bytes_after(case, reply.pipeline, llvm, cancel)
    sizes = [reply.before_bytes, reply.after_bytes] if reply is not None else []
    if model.family().bytes_of != "function":  # sizes of objects are not what is measured here
        sizes = []
    return {
        "package": case.package,
        "function": case.function,
        "target": case.target,
        "instructions": case.instructions,
        "answered": reply is not None,
        "passes": (reply.pipeline or "") if reply is not None else "",
        "bytes": size,
        "predicted": [] if sizes == [None, None] else sizes,
        "as_is_bytes": measured.as_is,
        "oz_bytes": measured.after[OZ],
        "best_bytes": measured.after[measured.best],
        "best_passes": measured.best,
        "after": [measured.after[passes] for passes in TUNE_LISTS],
        "seconds": round(seconds, 3),
        "reason": why or measured.why,
    }


def _ask(case: TuneCase, model: Model | Always, cancel: CancelToken | None) -> tuple[TuneReply | None, str]:
    """The model's answer, or None and why there is none that can be read."""
    prompt = model.family().tune(case.ir)
    if prompt is None:
        return None, "the model was not trained to name pass lists for a module like this"
    options = GenerateOptions(max_tokens=prompt.max_tokens, stop=prompt.stop, shape=prompt.shape)
    try:
        generation = model.generate(prompt.text, options, cancel=cancel)
        if generation.stopped == "cancelled":
            raise Cancelled
        return prompt.read(generation.text), ""
    except (ReplyUnreadable, PromptTooLong) as error:
        return None, " ".join(str(error).split())


def summary(rows: Sequence[Row]) -> list[Row]:
    """A row for each model and group: all, the targets, up to each length."""
    groups: list[tuple[str, list[Row]]] = [("all", list(rows))]
    for target in sorted({row["target"] for row in rows}):
        groups.append((target, [row for row in rows if row["target"] == target]))
    for bucket in BUCKETS:
        groups.append((f"to {bucket}", [row for row in rows if row["instructions"] <= bucket]))
    found = []
    for name, belonging in groups:
        for model in dict.fromkeys(row["model"] for row in rows):
            group = [row for row in belonging if row["model"] == model]
            if group:
                found.append({"group": name, "model": model, **_of_group(group)})
    return found


def _of_group(group: Sequence[Row]) -> Row:
    known = [row for row in group if row["as_is_bytes"] is not None and row["oz_bytes"] is not None]
    oz = sum(row["oz_bytes"] for row in known)
    best = sum(row["best_bytes"] for row in known)
    backed = sum(min(row["oz_bytes"], _size(row)) for row in known)
    sized = any(row["predicted"] for row in known)
    return {
        "n": len(known),
        "unmeasured": len(group) - len(known),
        "answered": percent(row["answered"] for row in known),
        "beats_oz": percent(_size(row) < row["oz_bytes"] for row in known),
        "beatable": percent(row["best_bytes"] < row["oz_bytes"] for row in known),
        "best": percent(_size(row) <= row["best_bytes"] for row in known),
        "worse": percent(row["bytes"] is not None and row["bytes"] > row["oz_bytes"] for row in known),
        "as_is_bytes": sum(row["as_is_bytes"] for row in known),
        "oz_bytes": oz,
        "bytes": backed,
        "best_bytes": best,
        "gain": round(100 * (oz - backed) / (oz - best), 1) if best < oz else None,
        "before": percent(row["predicted"][:1] == [row["as_is_bytes"]] for row in known) if sized else None,
        "after": percent(_after_exact(row) for row in known) if sized else None,
        "seconds": round(median(row["seconds"] for row in known), 3) if known else None,
    }


def _size(row: Row) -> float:
    """Bytes after the model's list; infinite where it named none or it could not be measured."""
    return row["bytes"] if row["bytes"] is not None else float("inf")


def _after_exact(row: Row) -> bool:
    return row["bytes"] is not None and row["predicted"][1:] == [row["bytes"]]


NOTHING, NO_ANSWER, OTHER = "nothing smaller", "no answer", "other lists"


def named(rows: Sequence[Row]) -> list[Row]:
    """For each fixed list how many functions it is best for (of equals the first), how many it is smaller than -Oz
    for, and how often each model names it; then the answers that are no such list."""
    models = list(dict.fromkeys(row["model"] for row in rows))
    functions = [row for row in rows if row["model"] == models[0]] if models else []

    def counts(answer: str) -> Row:
        return {
            model: sum(row["model"] == model and _answer(row) == answer for row in rows) for model in models
        }

    found: list[Row] = []
    for number, passes in enumerate(TUNE_LISTS):
        smaller = [
            row["after"][number] is not None
            and row["oz_bytes"] is not None
            and row["after"][number] < row["oz_bytes"]
            for row in functions
        ]
        found.append(
            {
                "answer": passes,
                "best": sum(row["best_passes"] == passes for row in functions),
                "beats_oz": sum(smaller),
                **counts(passes),
            }
        )
    found += [
        {"answer": each, "best": None, "beats_oz": None, **counts(each)}
        for each in (NOTHING, OTHER, NO_ANSWER)
    ]
    return found


def _answer(row: Row) -> str:
    if not row["answered"]:
        return NO_ANSWER
    if not row["passes"]:
        return NOTHING
    return row["passes"] if row["passes"] in TUNE_LISTS else OTHER


def as_table(report: Row) -> str:
    """The summary and what was named as two Markdown tables."""
    return f"{table(report['summary'])}\n\n{table(report['named'])}"
