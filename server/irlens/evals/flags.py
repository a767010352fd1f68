"""`irlens eval flags`: flag tuning as the paper's Table 3 has it, on a folder of modules, with any model.

Each unit (`flags_cases`) is asked about once, greedily. Sizes are text + data of the object with the code generation
of `clang -c` without -O, all by one LLVM: as it is, after -Oz, after the list. What counts where there is no list:

    improved, regressed   units that the list makes smaller, or larger, than -Oz does
    zero_shot             1 - sum of sizes / sum of -Oz sizes, in per cent. -Oz counts for a unit without a usable list
    with_oz_backup        the same with the smaller of the list and -Oz, one compilation more
    too_long              units whose prompt has more tokens than the limit: they count as -Oz, as in the paper
    not_asked             the model was not trained to be asked about such a module: counts as -Oz
    no_answer             the reply could not be read: counts as -Oz
    refused               LLVM does not run the list, or has no such pass: counts as -Oz
    distrusted            the list breaks a program of the suite, or this unit, by the emulator's word: counts as -Oz,
                          as the paper falls back where PassListEval refuses
    kept_as_is            the model says that nothing smaller can be had: measured as it is, without any pass
    unmeasured            LLVM makes no object of the unit as it is or after -Oz: in no other column

    before_error, after_error   mean of |size the model said - measured| / measured (the paper's MAPE, as a fraction)
    seconds, tokens             the median of a question, and the mean of its reply

`n` is all units but the unmeasured, and the sums are over `n`; `asked` counts the prompts that were really sent.
Beside the models stand fixed lists that anybody could try (`BASELINES`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from irlens.assist.tools import Tools
from irlens.assist.trial import trial
from irlens.assist.witness import Witness
from irlens.cancel import Cancelled, CancelToken
from irlens.errors import LLVMRefused, LLVMStopped, PromptTooLong, ReplyUnreadable
from irlens.evals.always import OZ, Always
from irlens.evals.flags_cases import PROMPT_LIMIT, Unit
from irlens.evals.lift_metrics import mean, table
from irlens.evals.lift_run import Progress, Row, fingerprint, label, run_rows, write
from irlens.ir.pipeline import PipelineError
from irlens.llvm.compilers import Compiler, spelled
from irlens.model.client import Model
from irlens.model.types import GenerateOptions, TuneReply
from irlens.source.positions import to_utf8
from irlens.tuning.cache import Cache
from irlens.tuning.objective import Objective

NAME = "eval-flags"
BASELINES = (Always(OZ), Always(f"{OZ},iroutliner"), Always("function(sroa,newgvn,sink)"))
"""-Oz itself, the list that the paper names beside it, and the one that is best for most small functions of Debian."""
_LIMIT_S = 60.0
"""Seconds for one list. The paper drops what takes more than 120 s."""


@dataclass(frozen=True)
class Bench:
    """What units are measured and judged with. `compiler_of` chooses who compiles a module; `cache` keeps what the
    suite said of a list."""

    compiler_of: Callable[[str], Compiler]
    tools: Tools
    witness: Witness
    cache: Cache | None = None
    codegen: str = "paper"
    limit: int = PROMPT_LIMIT


def evaluate(
    units: Sequence[Unit],
    models: Sequence[Model | Always],
    bench: Bench,
    *,
    output: Path | None = None,
    about: dict[str, Any] | None = None,
    cancel: CancelToken | None = None,
    progress: Progress = lambda message, fraction: None,
) -> Row:
    """The report, as `irlens.evals.lift.evaluate`'s. Raises `ModelUnavailable` and `Cancelled`."""
    keys = [fingerprint([unit.name, unit.ir]) for unit in units]
    head: Row = {
        "evaluation": "flags",
        "models": [label(model.info()) for model in models],
        "engines": [model.info().engine for model in models],
        "codegen": bench.codegen,
        "prompt_limit": bench.limit,
        "by": _measured_by(units, bench),
        "cases": fingerprint(keys),
        "count": len(units),
        "modules": len({unit.module for unit in units}),
        "split_into_functions": len({unit.module for unit in units if unit.function}),
        **(about or {}),
    }
    known: dict[int, _Sizes] = {}  # of one unit: the models are asked about it one after the other

    def ask(number: int, model: Model | Always) -> Row:
        if number not in known:
            known.clear()
            known[number] = _Sizes(units[number].ir, bench, cancel)
        return flag_case(units[number], known[number], model, bench, cancel)

    rows = run_rows(NAME, head, keys, models, ask, output=output, cancel=cancel, progress=progress)
    report = {**head, "summary": summary(rows), "functions": rows}
    if output is not None:
        write(output, NAME, report)
    return report


def _measured_by(units: Sequence[Unit], bench: Bench) -> str:
    """Who measures the first unit that can be: no other is tried where an `opt` reads it."""
    for unit in units:
        try:
            return bench.compiler_of(unit.ir).name
        except (LLVMRefused, LLVMStopped):
            continue
    return "nobody"


class _Sizes:
    """Bytes of one unit after lists, each measured once. `compiler` is None where no LLVM here reads it. Raises
    `Cancelled`."""

    def __init__(self, ir: str, bench: Bench, cancel: CancelToken | None) -> None:
        self.compiler: Compiler | None = None
        self._why = ""
        try:
            self.compiler = bench.compiler_of(ir)
        except (LLVMRefused, LLVMStopped) as error:
            self._why = " ".join(str(error).split())
        self._ir = to_utf8(ir)
        self._level = Objective("size", bench.codegen).opt_level  # type: ignore[arg-type]
        self._cancel = cancel
        self._known: dict[str, tuple[int | None, str]] = {}

    def after(self, passes: str) -> tuple[int | None, str]:
        """Bytes after the list ("": as it is), or None and why there are none."""
        if self.compiler is None:
            return None, self._why
        if passes not in self._known:
            (made,) = self.compiler.measure(
                self._ir, [passes], opt_level=self._level, limit_s=_LIMIT_S, cancel=self._cancel
            )
            self._known[passes] = (made.bytes, "") if made.how == "measured" else (None, made.why or made.how)
        return self._known[passes]


def flag_case(
    unit: Unit, sizes: _Sizes, model: Model | Always, bench: Bench, cancel: CancelToken | None = None
) -> Row:
    """One unit, asked greedily. Raises `ModelUnavailable` and `Cancelled`."""
    started = time.monotonic()
    as_is, why_not = sizes.after("")
    oz, why = sizes.after(OZ)
    row: Row = {
        "unit": unit.name,
        "prompt_tokens": 0,
        "outcome": "no answer",
        "passes": "",
        "as_is_bytes": as_is,
        "oz_bytes": oz,
        "bytes": None,
        "predicted": [],
        "tokens": 0,
        "seconds": 0.0,
        "reason": why_not or why,
    }
    if as_is is None or oz is None:
        return row
    started = time.monotonic()
    reply = _ask(unit, model, bench.limit, row, cancel)
    row["seconds"] = round(time.monotonic() - started, 3)
    if reply is None:
        return row
    if reply.before_bytes is not None and model.family().bytes_of == "object":
        row["predicted"] = [reply.before_bytes, reply.after_bytes]
    row["passes"] = reply.pipeline or ""
    if reply.pipeline is None:
        row["outcome"], row["bytes"] = "kept as is", as_is
        return row
    row["outcome"], row["bytes"], row["reason"] = _judge(unit, reply.pipeline, sizes, oz, bench, cancel)
    return row


def _ask(
    unit: Unit, model: Model | Always, limit: int, row: Row, cancel: CancelToken | None
) -> TuneReply | None:
    """The answer, or None; how it went is in the row."""
    prompt = model.family().tune(unit.ir)
    if prompt is None:
        row["outcome"] = "not asked"
        row["reason"] = "the model was not trained to name pass lists for a module like this"
        return None
    try:
        row["prompt_tokens"] = model.count_tokens(prompt.text, cancel=cancel)
        if row["prompt_tokens"] > limit:
            row["outcome"] = "too long"
            row["reason"] = f"the prompt has {row['prompt_tokens']} tokens, and the limit is {limit}"
            return None
        options = GenerateOptions(max_tokens=prompt.max_tokens, stop=prompt.stop, shape=prompt.shape)
        generation = model.generate(prompt.text, options, cancel=cancel)
        if generation.stopped == "cancelled":
            raise Cancelled
        row["tokens"] = generation.tokens
        return prompt.read(generation.text)
    except PromptTooLong as error:
        row["outcome"] = "too long"
        row["reason"] = " ".join(str(error).split())
    except ReplyUnreadable as error:
        row["reason"] = " ".join(str(error).split())
    return None


def _judge(
    unit: Unit, named: str, sizes: _Sizes, oz: int, bench: Bench, cancel: CancelToken | None
) -> tuple[str, int | None, str]:
    """How the list fares, the bytes after it, and why it is not used."""
    compiler = sizes.compiler
    assert compiler is not None, "it was measured as it is"
    try:
        passes = spelled(named, compiler.release)
    except PipelineError as error:
        return "refused", None, str(error)
    size, why = sizes.after(passes)
    if size is None:
        return "refused", None, why
    if passes == OZ:
        return "used", size, ""
    tried = trial(passes, compiler, bench.tools, cache=bench.cache, cancel=cancel)
    if not tried.trusted:
        return "distrusted", None, f"on program {tried.program} of the suite: {tried.why or tried.says}"
    if accused := bench.witness.accuses(unit.ir, compiler, passes, cancel):
        return "distrusted", None, f"it changes what {accused['function']} does: {accused['why']}"
    return "used", size, ""


def summary(rows: Sequence[Row]) -> list[Row]:
    """A line for each model, as the paper's Table 3 and what it leaves to its text."""
    return [
        _line(model, [row for row in rows if row["model"] == model])
        for model in dict.fromkeys(row["model"] for row in rows)
    ]


def _line(model: str, every: Sequence[Row]) -> Row:
    rows = [row for row in every if row["as_is_bytes"] is not None and row["oz_bytes"] is not None]
    oz = sum(row["oz_bytes"] for row in rows)
    alone = sum(_or_oz(row) for row in rows)
    backed = sum(min(_or_oz(row), row["oz_bytes"]) for row in rows)

    def count(*outcomes: str) -> int:
        return sum(row["outcome"] in outcomes for row in rows)

    asked = [row for row in rows if row["outcome"] not in ("too long", "not asked")]
    return {
        "model": model,
        "n": len(rows),
        "asked": len(asked),
        "improved": sum(_or_oz(row) < row["oz_bytes"] for row in rows),
        "regressed": sum(_or_oz(row) > row["oz_bytes"] for row in rows),
        "zero_shot": _share(oz - alone, oz),
        "with_oz_backup": _share(oz - backed, oz),
        "too_long": count("too long"),
        "not_asked": count("not asked"),
        "no_answer": count("no answer"),
        "refused": count("refused"),
        "distrusted": count("distrusted"),
        "kept_as_is": count("kept as is"),
        "unmeasured": len(every) - len(rows),
        "oz_bytes": oz,
        "bytes": alone,
        "before_error": mean(_error(row, 0, row["as_is_bytes"]) for row in rows),
        "after_error": mean(_error(row, 1, row["bytes"]) for row in rows),
        "seconds": round(median(row["seconds"] for row in asked), 2) if asked else None,
        "tokens": mean((float(row["tokens"]) for row in asked), 1),
    }


def _or_oz(row: Row) -> int:
    size: int = row["bytes"] if row["bytes"] is not None else row["oz_bytes"]
    return size


def _error(row: Row, which: int, measured: int | None) -> float | None:
    """How far the model's own size is off; None where it gave none or there is nothing to compare it with."""
    said = row["predicted"][which] if len(row["predicted"]) > which else None
    return abs(said - measured) / measured if said is not None and measured else None


def _share(part: float, whole: float) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


def as_table(report: Row) -> str:
    """For people: what the numbers are of, then a line for each model."""
    cut = report["split_into_functions"]
    split = f", {cut} of them asked about function by function" if cut else ""
    about = (
        f"{report['count']} units of {report['modules']} modules{split}; prompts of up to {report['prompt_limit']} "
        f"tokens; text + data, {report['codegen']} code generation, measured by {report['by']}; shares in per cent"
    )
    return f"{about}\n\n{table(report['summary'])}"
