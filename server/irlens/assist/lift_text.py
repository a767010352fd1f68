"""A lift as text: the file that is shown or saved, and the entry of `--json`."""

from __future__ import annotations

import textwrap

from irlens.assist.lift import LiftResult
from irlens.assist.words import counted
from irlens.escape import line
from irlens.evidence.verdict import Verdict
from irlens.model.types import ModelInfo

_HEAD_WIDTH, _HEAD_INDENT = 60, len("; evidence: ")


def file_with_head(result: LiftResult, info: ModelInfo | None, source_name: str) -> str:
    """The text of the new `.ll`: a head that says origin, verdict and evidence, then the IR.

    `source_name` is the file the assembly came from, for the reader only; `info` the model that was asked.
    """
    if result.ir is None:
        raise ValueError("a rejected lift has no file")
    asked = f"{info.name} ({info.quantisation or 'served'}, {info.engine})" if info else "none"
    credit = f". {info.credit}" if info and info.credit else ""
    head = [
        f"; {line(result.name)}, lifted by irlens from {line(source_name)}",
        *_comment("verdict", result.verdict.words),
        *_comment("evidence", result.reason),
        *_comment("origin", f"{result.origin} ({result.why_origin})"),
        *_comment("model", f"{asked}, {answers(result)} in {result.seconds:.1f} s{credit}"),
    ]
    if result.verdict < Verdict.AGREES:
        head = [
            "; NOT SHOWN TO BE RIGHT: nothing below says that this does",
            "; what the assembly does.",
            *head,
            *_counterexample(result),
        ]
    return "\n".join(head) + "\n\n" + result.ir.strip() + "\n"


def answers(result: LiftResult) -> str:
    """How many answers the model gave, and how many of them were not asked for anew."""
    kept = f" ({result.kept} kept from before)" if result.kept else ""
    return f"{counted(result.replies, 'answer')} of the model{kept}"


def _comment(name: str, text: str) -> list[str]:
    """Comment lines short enough for half a screen, where an editor shows them beside the assembly."""
    first = f"; {name}:".ljust(_HEAD_INDENT)
    lines = textwrap.wrap(
        line(" ".join(text.split())),
        _HEAD_WIDTH - _HEAD_INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [
        (first if index == 0 else ";".ljust(_HEAD_INDENT)) + part for index, part in enumerate(lines or [""])
    ]


def _counterexample(result: LiftResult) -> list[str]:
    """Comment lines with the input that shows the difference, where there is one."""
    found = result.candidates[0].evidence
    agreement = found.emulation if found is not None else None
    if agreement is None or agreement.counterexample is None:
        return (
            [f"; emulation: {line(found.not_emulated)}"] if found is not None and found.not_emulated else []
        )
    example = agreement.counterexample
    shown = (
        *example.arguments,
        *example.memory,
        *example.calls,
        f"the assembly {example.original}",
        f"this IR {example.candidate}",
    )
    return ["; counterexample:", *(f";   {line(each)}" for each in shown)]


def as_json(result: LiftResult) -> dict[str, object]:
    """One entry of `functions` in `irlens lift --json`."""
    return {
        "name": result.name,
        "origin": result.origin,
        "why_origin": result.why_origin,
        "verdict": str(result.verdict),
        "ir": result.ir,
        "evidence": result.evidence,
        "candidates": [
            {
                "origin": candidate.origin,
                "verdict": str(candidate.verdict),
                "reason": candidate.reason,
                "ir": candidate.ir,
                "tokens": candidate.tokens,
                "seconds": round(candidate.seconds, 3),
                "changes": list(candidate.changes),
            }
            for candidate in result.candidates
        ],
        "replies": result.replies,
        "kept_from_before": result.kept,
        "seconds": round(result.seconds, 3),
    }
