"""What `irlens lift` prints: the functions that were named in full, of a whole file a line each and a table."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Sequence

from irlens.assist.lift import LiftResult
from irlens.assist.lift_text import answers, as_json, why_not_lifted
from irlens.assist.words import counted
from irlens.cli import colors, console
from irlens.cli.colors import Paint
from irlens.cli.console import exact, say
from irlens.cli.tools import clear_progress, print_json
from irlens.emulator.agreement import TAKEN
from irlens.evidence.verdict import Verdict
from irlens.model.types import ModelInfo

_WIDEST = 40
_VERDICTS = tuple(reversed(Verdict))
_MANY = {
    Verdict.ROUND_TRIPS: "round-trip",
    Verdict.AGREES: "agree",
    Verdict.COMPILES: "only compile",
    Verdict.VERIFIES: "only verify",
    Verdict.DISAGREES: "disagree",
    Verdict.REJECTED: "not lifted",
}
_ONE = _MANY | {
    Verdict.ROUND_TRIPS: "round-trips",
    Verdict.AGREES: "agrees",
    Verdict.COMPILES: "only compiles",
    Verdict.VERIFIES: "only verifies",
    Verdict.DISAGREES: "disagrees",
}


class Printer:
    """Prints each result as it comes, and what there is to say at the end. `in_full`: with evidence and IR."""

    def __init__(
        self,
        arguments: argparse.Namespace,
        file: str,
        triple: str,
        info: ModelInfo | None,
        names: Sequence[str],
        *,
        in_full: bool,
    ) -> None:
        self._file, self._triple, self._info = file, triple, info
        self._json, self._jsonl = arguments.json, arguments.jsonl
        self._with_ir = arguments.ir or (in_full and arguments.output is None)
        self._in_full = in_full
        self._width = min(_WIDEST, max(map(len, names)))
        self._has_begun = False
        self._output = arguments.output

    def show(self, result: LiftResult) -> None:
        """A result that has just come."""
        if self._jsonl:
            clear_progress()
            console.exact_json({"file": self._file, "target": self._triple, **as_json(result)}, flush=True)
            return
        if self._json:
            return
        clear_progress()
        if not self._has_begun:
            self._has_begun = True
            say(self._head())
        if self._in_full:
            self._show_in_full(result)
        else:
            self._show_line(result)
        if self._with_ir and result.ir is not None:
            exact(textwrap.indent(result.ir.strip(), "    ") + "\n")

    def end(self, results: Sequence[LiftResult], seconds: float, *, interrupted: bool = False) -> None:
        """All results, in the order of the file, and the seconds that they took together."""
        clear_progress()
        if self._jsonl:
            return
        if self._json:
            print_json(
                {
                    "file": self._file,
                    "target": self._triple,
                    "model": self._info.name if self._info else None,
                    "functions": [as_json(result) for result in results],
                    "summary": _summary(results, seconds),
                    "interrupted": interrupted,
                }
            )
        elif len(results) > 1:
            self._show_table(results, seconds)

    def _head(self) -> str:
        info = self._info
        asked = f"model {info.name} ({info.quantisation or 'served'}, {info.engine})" if info else "no model"
        credit = f". {info.credit}" if info and info.credit else ""
        return f"{self._file}: {self._triple}, {asked}{credit}"

    def _show_in_full(self, result: LiftResult) -> None:
        say()
        if result.ir is None:
            why = why_not_lifted(result, self._info, in_shell=True)
            say(f"{result.name}: ", colors.outcome(str(result.verdict), "not lifted"), f": {why}")
        else:
            verdict, _, words = result.verdict.words.partition(":")
            say(f"{result.name}: ", colors.outcome(verdict), f":{words}")
        if result.ir is not None:
            say(f"  origin: {result.origin}: {result.why_origin}")
        if result.prototype:
            say(f"  prototype: {result.prototype}")
        reason = f"{result.reason.rstrip('.')}; " if result.ir is not None else ""
        say(
            f"  {reason}{answers(result)}, "
            f"{counted(len(result.candidates), 'candidate')}, {result.seconds:.2f} s"
        )

    def _show_line(self, result: LiftResult) -> None:
        verdict = str(result.verdict)
        why = ""
        if not result.verdict.is_shown_right:
            why = f"  {' '.join((result.reason if result.ir else result.why_not).split())}"
        elif TAKEN in result.reason:
            # What the verdict rests on belongs beside it.
            taken = result.reason[result.reason.index(TAKEN) :].rstrip(".")
            why = f"  {taken[0].lower()}{taken[1:]}"
        say(
            f"{result.name:<{self._width}}  ",
            colors.outcome(verdict),
            f"{' ' * (11 - len(verdict))}  {result.origin if result.ir else '-':<10} {result.seconds:>7.2f} s{why}",
            flush=True,
        )

    def _show_table(self, results: Sequence[LiftResult], seconds: float) -> None:
        say()
        say(f"{'verdict':<11}  functions  model  mechanical  seconds")
        for verdict in _VERDICTS:
            its = [result for result in results if result.verdict == verdict]
            if its:
                model = sum(result.origin == "model" for result in its if result.ir)
                mechanical = sum(result.origin == "mechanical" for result in its if result.ir)
                say(
                    colors.outcome(str(verdict)),
                    f"{' ' * (11 - len(str(verdict)))}  {len(its):>9}  {model:>5}  {mechanical:>10}  "
                    f"{sum(result.seconds for result in its):>7.1f}",
                )
        say(*_sentence(results), f", in {seconds:.1f} s")
        if not self._with_ir and self._output is None:
            say("The IR: -o OUT.ll writes one module, -o DIR a file for each function, --ir prints it.")


def _sentence(results: Sequence[LiftResult]) -> list[str | Paint]:
    """`89 functions: 27 round-trip, 57 agree, 5 only compile`, as parts of a line."""
    parts: list[str | Paint] = [f"{counted(len(results), 'function')}: "]
    for verdict in _VERDICTS:
        count = sum(result.verdict == verdict for result in results)
        if count:
            words = (_ONE if count == 1 else _MANY)[verdict]
            parts += [f"{count:,} ", colors.outcome(str(verdict), words), ", "]
    return parts[:-1]


def _summary(results: Sequence[LiftResult], seconds: float) -> dict[str, object]:
    verdicts = {str(verdict): sum(result.verdict == verdict for result in results) for verdict in _VERDICTS}
    return {
        "functions": len(results),
        "verdicts": verdicts,
        "origins": {
            origin: sum(result.origin == origin for result in results if result.ir is not None)
            for origin in ("model", "mechanical")
        },
        "seconds": round(seconds, 3),
    }
