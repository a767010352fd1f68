"""`irlens eval lift`: how often, how well and how fast models lift functions that they have not seen.

The paper's measures and ours, by target, optimisation level and length of the original IR:

    compiles       LLVM makes an object from the greedy answer; what the paper calls a round trip
    round_trips    the stricter one: recompiling the greedy answer gives the same normalised assembly
    exact          the greedy answer is the IR the function was made from (see `lift_cases.comparable`)
    bleu           of its words against that IR's; over answers that could be read, unlike the paper, which takes
                   those that compile: `bleu_compiles` is over those
    best_1, _4, _16   round trips with so many candidates
    mended         round trips of the best of all candidates, where none comes back by itself after small edits
                   (`evidence.mend`)
    agrees         of the best of all candidates, those that round-trip or behave like the original in the emulator
    shown_wrong    those where the best is shown to be wrong: the emulator found an input on which it differs
    shown_unproven those where the best is below `agrees` and not shown to be wrong either
    seconds, tokens   a function, until the first round trip or the last candidate; without mending

The model alone is judged: whatever else `assist` puts beside its answers is left out. Beside it in each table stands
what it reads, the mechanical lift as it is (`copying`). `table5` has the paper's measures of the greedy answer
(`round_trip`).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from irlens.cancel import Cancelled, CancelToken
from irlens.emulator.client import Emulator
from irlens.errors import IrlensError, ReplyUnreadable
from irlens.evals.copying import Copying
from irlens.evals.lift_cases import BUCKETS, LiftCase, comparable
from irlens.evals.lift_metrics import bleu, mean, percent, table
from irlens.evals.lift_run import Progress, Row, fingerprint, label, run_rows, write
from irlens.evals.round_trip import likeness, table5
from irlens.evidence.ladder import Evidence, climb
from irlens.evidence.lifted import MechanicalLifts
from irlens.evidence.mend import mend
from irlens.evidence.original import Original
from irlens.evidence.verdict import Verdict
from irlens.ir.normal import NotNormal
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter
from irlens.model.client import Model
from irlens.model.types import GenerateOptions, LiftReply, LiftSource, Prompt

NAME = "eval-lift"
TEMPERATURE = 0.7
BEST_OF = (1, 4, 16)
FORMAT = 2
"""Of a row. A run goes on behind rows of its own format only; in the first, verdicts were numbers."""


def evaluate(
    cases: Sequence[LiftCase],
    models: Sequence[Model | Copying],
    llvm: LLVM,
    lifter: MechanicalLifter,
    *,
    candidates: int = BEST_OF[-1],
    emulator: Emulator | None = None,
    mending: bool = True,
    output: Path | None = None,
    about: dict[str, Any] | None = None,
    cancel: CancelToken | None = None,
    progress: Progress = lambda message, fraction: None,
) -> Row:
    """The report: what was run, `summary` (a row for each model and group), `functions` (a row for each case and
    model). With `output`, its files are written there and a run that was stopped goes on.

    Raises `ModelUnavailable` and `Cancelled`.
    """
    keys = [fingerprint([case.triple, case.function, case.level, case.asm]) for case in cases]
    head: Row = {
        "evaluation": "lift",
        "format": FORMAT,
        "models": [label(model.info()) for model in models],
        "engines": [model.info().engine for model in models],
        "cases": fingerprint(keys),
        "count": len(cases),
        "candidates": candidates,
        "temperature": TEMPERATURE,
        "emulated": emulator is not None,
        "mending": mending,
        **(about or {}),
    }

    def ask(number: int, model: Model | Copying) -> Row:
        return lift_case(
            cases[number], model, llvm, lifter, candidates, emulator=emulator, mending=mending, cancel=cancel
        )

    rows = run_rows(NAME, head, keys, models, ask, output=output, cancel=cancel, progress=progress)
    report = {**head, "summary": summary(rows, candidates), "table5": table5(rows), "functions": rows}
    if output is not None:
        write(output, NAME, report)
    return report


def lift_case(
    case: LiftCase,
    model: Model | Copying,
    llvm: LLVM,
    lifter: MechanicalLifter,
    candidates: int,
    *,
    emulator: Emulator | None = None,
    mending: bool = True,
    cancel: CancelToken | None = None,
) -> Row:
    """One case: greedy, then sampled answers until one round-trips. `verdicts` are the candidates', by
    name and in order."""
    started = time.monotonic()
    source = LiftSource(case.asm, case.function, case.triple)
    verdicts: list[str] = []
    checked: dict[str, Evidence] = {}
    original = Original(case.asm, case.triple, llvm)
    row: Row = {
        "package": case.package,
        "function": case.function,
        "target": case.target,
        "level": case.level,
        "instructions": case.instructions,
        "verdicts": verdicts,
        "emulation": "",
        "exact": False,
        "bleu": None,
        "round_trip_exact": False,
        "round_trip_bleu": None,
        "tokens": 0,
        "prompt_tokens": 0,
        "seconds": 0.0,
        "first_seconds": 0.0,
        "reason": "",
        "mended": False,
        "mending": 0.0,
    }
    try:
        family = model.family()
        if family.reads_lifted:
            source = MechanicalLifts(source, original, llvm, lifter).for_model(cancel)
        prompt = family.lift(source)
        for index in range(candidates if prompt is not None else 0):
            assert prompt is not None
            options = GenerateOptions(
                max_tokens=prompt.max_tokens,
                temperature=TEMPERATURE if index else 0.0,
                seed=index,
                stop=prompt.stop,
                shape=prompt.shape,
            )
            generation = model.generate(prompt.text, options, cancel=cancel)
            if generation.stopped == "cancelled":
                raise Cancelled
            row["tokens"] += generation.tokens
            row["prompt_tokens"] = generation.prompt_tokens
            if generation.text not in checked:
                try:
                    checked[generation.text] = climb(
                        prompt.read(generation.text).ir,
                        source,
                        llvm,
                        emulator=emulator,
                        original=original,
                        cancel=cancel,
                    )
                except ReplyUnreadable as unreadable:
                    checked[generation.text] = Evidence(Verdict.REJECTED, str(unreadable), "")
            evidence = checked[generation.text]
            verdicts.append(str(evidence.verdict))
            if index == 0:
                row["reason"] = evidence.reason
                row["exact"], row["bleu"] = _likeness(prompt, generation.text, case)
                if evidence.verdict.has_object:
                    row["round_trip_exact"], row["round_trip_bleu"] = _back(case, evidence, llvm, cancel)
                row["first_seconds"] = round(time.monotonic() - started, 3)
            if evidence.verdict == Verdict.ROUND_TRIPS:
                break
    except IrlensError as error:
        row["reason"] = row["reason"] or " ".join(str(error).split())
    if checked:
        shown = max(checked.values(), key=lambda evidence: (evidence.verdict, evidence.similarity))
        row["emulation"] = shown.emulation.outcome if shown.emulation else ""
    row["seconds"] = round(time.monotonic() - started, 3)
    if checked:
        nearest = max(checked.values(), key=lambda evidence: evidence.similarity)
        row["mended"] = nearest.verdict == Verdict.ROUND_TRIPS or (
            mending
            and mend(nearest, source, llvm, emulator=emulator, original=original, cancel=cancel) is not None
        )
        row["mending"] = round(time.monotonic() - started - row["seconds"], 3)
    return row


def _back(
    case: LiftCase, evidence: Evidence, llvm: LLVM, cancel: CancelToken | None
) -> tuple[bool, float | None]:
    """The paper's round trip, at the code generation that came nearest."""
    level = int(evidence.codegen.removeprefix("-O") or 0)
    return likeness(evidence.ir, case.function, case.triple, case.asm, level, llvm, cancel)


def _likeness(prompt: Prompt[LiftReply], reply: str, case: LiftCase) -> tuple[bool, float | None]:
    """Is the answer the original, and how like it is it? The latter None where one of the two has no normal form."""
    if not case.answer:
        return False, None
    try:
        given = comparable(prompt.read(reply).ir, case.function)
    except (ReplyUnreadable, NotNormal):
        return False, None
    names = [symbol.name for symbol in given.symbols]
    # Data that only the file sees has another name in assembly than in IR.
    same = all(
        one == other or one.startswith(".") or other.startswith(".")
        for one, other in zip(names, case.symbols, strict=False)
    )
    exact = given.text == case.answer and len(names) == len(case.symbols) and same
    return exact, round(bleu(given.text.split(), case.answer.split()), 4)


def summary(rows: Sequence[Row], candidates: int) -> list[Row]:
    """A row for each model and group: all, the targets, up to each length, the levels."""
    targets = sorted({row["target"] for row in rows})
    groups: list[tuple[str, list[Row]]] = [("all", list(rows))]
    of_target = {target: [row for row in rows if row["target"] == target] for target in targets}
    groups += of_target.items()
    for target, its in of_target.items():
        for bucket in BUCKETS:
            groups.append(
                (f"{target}, to {bucket}", [row for row in its if 0 < row["instructions"] <= bucket])
            )
    for target, its in of_target.items():
        for level in sorted({row["level"] for row in its if row["level"]}):
            groups.append((f"{target}, {level}", [row for row in its if row["level"] == level]))
    found = []
    for name, belonging in groups:
        for model in dict.fromkeys(row["model"] for row in rows):
            group = [row for row in belonging if row["model"] == model]
            if group:
                found.append({"group": name, "model": model, **_of_group(group, candidates)})
    return found


def _of_group(group: Sequence[Row], candidates: int) -> Row:
    def best_of(row: Row, count: int | None = None) -> Verdict:
        return max(map(Verdict.named, row["verdicts"][:count]), default=Verdict.REJECTED)

    def greedy(row: Row) -> Verdict:
        return best_of(row, 1)

    top = Verdict.ROUND_TRIPS
    best = {
        f"best_{count}": percent(best_of(row, count) == top for row in group)
        for count in BEST_OF
        if count <= candidates
    }
    return {
        "n": len(group),
        "verifies": percent(greedy(row).is_ir for row in group),
        "compiles": percent(greedy(row).has_object for row in group),
        "round_trips": percent(greedy(row) == top for row in group),
        "exact": percent(row["exact"] for row in group),
        "bleu": mean(row["bleu"] for row in group),
        "bleu_compiles": mean(row["bleu"] for row in group if greedy(row).has_object),
        **best,
        "mended": percent(row["mended"] for row in group),
        "agrees": percent(best_of(row).is_shown_right for row in group),
        "shown_wrong": percent(best_of(row) == Verdict.DISAGREES for row in group),
        "shown_unproven": percent(best_of(row) in (Verdict.VERIFIES, Verdict.COMPILES) for row in group),
        "seconds": round(median(row["seconds"] for row in group), 2),
        "tokens": round(sum(row["tokens"] for row in group) / len(group), 1),
    }


def as_table(report: Row) -> str:
    """The summary as Markdown, and the paper's measures."""
    return f"{table(report['summary'])}\n\nAs Table 5 of the paper:\n\n{table(report['table5'])}"
