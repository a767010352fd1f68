"""What `irlens tune` says: text or JSON on stdout, the report, SARIF."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from irlens import __version__, escape
from irlens.cli.console import exact_json, say
from irlens.cli.tools import clear_progress, print_json
from irlens.cli.tune_files import write_whole
from irlens.cli.tune_progress import TuneProgress
from irlens.cli.tune_run import Answer
from irlens.llvm import opt
from irlens.tuning.outcome import Failure, Outcome, Run
from irlens.tuning.report import report
from irlens.tuning.sarif import sarif

_SHOWN = 10
"""Lists of one module that are printed."""


class Printer:
    """Answers on stdout as they come. `alone`: of the one file that was named."""

    def __init__(self, arguments: argparse.Namespace, alone: bool, progress: TuneProgress) -> None:
        self._alone, self._progress = alone, progress
        self._json, self._fail_over = arguments.json, arguments.fail_over
        self._quiet = arguments.json or arguments.sarif == "-"
        self._headed = False

    def show(self, answer: Answer) -> None:
        """Print what can be said of a module before the others are done."""
        if self._quiet or (self._alone and answer.why):
            return
        self._progress.aside()
        if self._alone and answer.report:
            _print_module(answer.path, answer.report)
        elif answer.report:
            if not self._headed:
                self._headed = True
                what = answer.report["objective"]["unit"]
                say(f"{'as it is':>10} {'-Oz':>10} {'best':>10} {'saved':>7}  module: list ({what})")
            outcome = outcome_of(answer.path, answer.report)
            say(
                f"{outcome.before:>10} {outcome.oz:>10} {outcome.best:>10} {outcome.saved:>7.1%}  "
                f"{outcome.path}: {outcome.passes or '(as it is)'}",
                flush=True,
            )
        elif answer.why:
            say(f"{'not tuned':>40}  {answer.path}: {answer.why}", flush=True)
        elif answer.best is not None:
            passes = answer.best.passes or "(as it is)"
            say(f"{answer.path}: stopped; {answer.best.value} at best, not checked yet: {passes}")

    def end(self, summary: Run, answers: Sequence[Answer]) -> None:
        """What can be said of all."""
        clear_progress()
        if self._json:
            print_json(_of_one(answers[0]) if self._alone else _of_all(summary, answers, self._fail_over))
        elif not self._quiet and not self._alone:
            _print_totals(summary)


def outcome_of(path: str, found: dict[str, Any]) -> Outcome:
    """Of what `irlens tune --json` has of a module."""
    unit = found["objective"]["unit"]
    notes = [found["not_searched"]] if found["not_searched"] else []
    if found["best"][unit] > found["oz"][unit]:
        notes.append("No list that is as small as -Oz, nor -Oz itself, passed the check.")
    return Outcome(
        path=path,
        unit=unit,
        before=found["before"][unit],
        oz=found["oz"][unit],
        best=found["best"][unit],
        passes=found["best"]["passes"],
        measured=tuple(each[unit] for each in found["tried"]),
        compilations=found["compilations"],
        seconds=found["seconds"],
        by=found["by"],
        checked=_checked(found),
        model=found["model"][unit] if found["model"] else None,
        notes=tuple(notes),
        plain_oz=found["oz"]["without_attributes"],
        lacking=found["attributes"]["lacking"],
        attributes=tuple(found["attributes"]["opt_options"]),
        optnone=found["attributes"]["optnone_words"] or "",
    )


def _checked(found: dict[str, Any]) -> str:
    guard = found["guard"]
    if not guard:
        return ""
    agreed, unknown, broken = (len(guard[kind]) for kind in ("agreed", "unknown", "broken"))
    said = f"{agreed} of {agreed + unknown + broken} functions did the same as before on every emulated input"
    why = guard.get("commonest", "")
    return said + (f", {unknown} could not be told{f' ({why})' if why else ''}" if unknown else "")


def summary(arguments: argparse.Namespace, answers: Sequence[Answer], seconds: float) -> Run:
    """The run as the reports take it."""
    reports = [(each.path, each.report) for each in answers if each.report]
    outcomes = tuple(outcome_of(path, found) for path, found in reports)
    tool = opt.usable(arguments.opt)
    program = "opt"
    if tool is not None:
        name = os.path.basename(tool.path)
        program = name if shutil.which(name) == tool.path else tool.path
    return Run(
        outcomes=outcomes,
        failures=tuple(Failure(each.path, each.why) for each in answers if each.why),
        command=" ".join(map(escape.shell_word, ["irlens", *arguments.words])),
        versions={
            "irlens": __version__,
            "measured by": ", ".join(dict.fromkeys(each.by for each in outcomes)) or "nobody",
            "llvmlite": version("llvmlite"),
            "opt": f"{tool.version} ({tool.path})" if tool is not None else "none found",
        },
        opt=program,
        seconds=seconds,
        left=sum(not each.report and not each.why for each in answers),
        settings={
            "objective": f"{arguments.objective}, code generation of {arguments.codegen}",
            "budget": f"{arguments.budget} compilations and {arguments.seconds:g} s of search a module",
            "seed": str(arguments.seed),
        },
    )


def write_reports(arguments: argparse.Namespace, run: Run) -> None:
    """The files that were asked for, and SARIF on stdout. Raises `UnusableInput`."""
    if arguments.report:
        write_whole(arguments.report, report(run), "--report file")
    if arguments.sarif == "-":
        exact_json(sarif(run), indent=2)
    elif arguments.sarif:
        write_whole(arguments.sarif, json.dumps(sarif(run), indent=2) + "\n", "--sarif file")


def say_over(arguments: argparse.Namespace, run: Run) -> bool:
    """Say which modules are larger than `--fail-over` allows; whether there is one."""
    if arguments.fail_over is None:
        return False
    over = run.over(arguments.fail_over)
    for each in over:
        say(
            f"irlens: {each.path}: {each.reference} {each.unit} with clang's -Oz or as it is, {each.excess:.2f}% more than "
            f"{each.best} with the best list found (--fail-over {arguments.fail_over:g}). "
            f"Use the list: {each.opt_command(run.opt)}",
            file=sys.stderr,
        )
    return bool(over)


def say_interrupted(answers: Sequence[Answer]) -> None:
    """On stderr, with what to do next."""
    done = sum(bool(each.report or each.why) for each in answers)
    say(
        f"irlens: interrupted: {done} of {len(answers)} modules done. Run the same command again to go on.",
        file=sys.stderr,
    )


def _of_one(answer: Answer) -> dict[str, object]:
    if answer.report:
        return {"file": answer.path, **answer.report}
    return {"file": answer.path, "interrupted": True, "best_so_far": _best(answer)}


def _best(answer: Answer) -> dict[str, object] | None:
    return {"value": answer.best.value, "passes": answer.best.passes} if answer.best is not None else None


def _of_all(run: Run, answers: Sequence[Answer], fail_over: float | None) -> dict[str, object]:
    left = [each for each in answers if not each.report and not each.why]
    return {
        "modules": [{"file": each.path, **each.report} for each in answers if each.report],
        "failed": [{"file": each.path, "why": each.why} for each in run.failures],
        "interrupted": bool(left),
        "left": [{"file": each.path, "best_so_far": _best(each)} for each in left],
        "over": None if fail_over is None else [each.path for each in run.over(fail_over)],
        "totals": {
            "before": sum(each.before for each in run.outcomes),
            "oz": sum(each.oz for each in run.outcomes),
            "best": sum(each.best for each in run.outcomes),
            "improved": run.found.improved,
            "regressed": run.found.regressed,
            "under_oz": round(run.found.alone, 5),
            "under_oz_with_backup": round(run.found.with_oz, 5),
            "compilations": sum(each.compilations for each in run.outcomes),
        },
        "command": run.command,
        "versions": run.versions,
        "seconds": round(run.seconds, 3),
    }


def _print_totals(run: Run) -> None:
    if run.outcomes:
        before = sum(each.before for each in run.outcomes)
        oz, best = sum(each.oz for each in run.outcomes), sum(each.best for each in run.outcomes)
        say(f"{before:>10} {oz:>10} {best:>10} {run.found.alone:>7.1%}  all {len(run.outcomes)} modules")
        say(
            f"{run.found.improved} of {len(run.outcomes)} smaller than with -Oz, {run.found.regressed} larger; "
            f"measured by {run.versions['measured by']}"
        )
        for note in (
            *run.attribute_notes,
            *dict.fromkeys(note for each in run.outcomes for note in each.notes),
        ):
            say(note)
    if run.failures:
        say(f"{len(run.failures)} modules could not be tuned")
    say(f"{sum(each.compilations for each in run.outcomes)} compilations, {run.seconds:.1f} s")


def _print_module(path: str, found: dict[str, Any]) -> None:
    unit = found["objective"]["unit"]
    outcome = outcome_of(path, found)
    say(f"{path}: {unit}, every number measured by {outcome.by}")
    for attempt in sorted(found["tried"], key=lambda each: each[unit])[:_SHOWN]:
        say(f"  {attempt[unit]:>7}  {attempt['passes']}")
    say(f"  {outcome.before:>7}  as it is")
    for attempt in found["left_out"]:
        say(f"  left out: {attempt['passes']}: {attempt['why']}")
    if found["model"] is None:
        say(f"  no list from the model: {found['why_no_model_list']}")
    elif found["model"]["note"]:
        say(f"  of the model's lists: {found['model']['note']}")
    verdict = (
        f"{outcome.saved:.1%} smaller than -Oz" if outcome.saved > 0 else "nothing smaller than -Oz found"
    )
    if outcome.saved <= 0 and outcome.optnone:
        verdict = "nothing to search"
    say(f"best: {outcome.best} {unit}, {verdict}: {outcome.passes or '(the module as it is)'}")
    if outcome.checked:
        say(f"checked: {outcome.checked}")
    for note in (outcome.attribute_words, outcome.optnone, *outcome.notes):
        if note:
            say(note)
    say(f"{outcome.compilations} compilations, {outcome.seconds:.1f} s")
