"""The lifts of a file as one module, with the data that they share, accepted by LLVM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from irlens import escape
from irlens.assist.lift import LiftResult
from irlens.assist.lift_text import how_sure
from irlens.assist.tools import Tools
from irlens.assist.words import counted
from irlens.cancel import CancelToken
from irlens.errors import IrlensError
from irlens.evidence.original import Original
from irlens.ir.merge import Merged, Part, external_data, merge

_MOST_ROUNDS = 20
"""Functions that are taken out one by one where LLVM refuses the module."""
_SHOWN = 20


@dataclass(frozen=True)
class LiftedModule:
    """`notes` are sentences on what is not in it, or not as it was. `functions` counts those that are defined."""

    text: str
    functions: int
    notes: tuple[str, ...]


def module_of(
    results: Sequence[LiftResult],
    original: Original,
    triple: str,
    source_name: str,
    tools: Tools,
    cancel: CancelToken | None = None,
) -> LiftedModule | None:
    """One module of all results that have IR; None where no such function is left. What LLVM refuses is left out. Raises
    `Cancelled`, and what LLVM does when it stops."""
    lifted = [result for result in results if result.ir is not None]
    notes = [f"{result.name} is not lifted: {result.why_not}" for result in results if result.ir is None]
    parts = [Part(result.name, result.ir or "", (_comment(result),)) for result in lifted]
    merged = merge(parts, triple)
    for name, reason in merged.left_out.items():
        notes.append(f"{name} is left out: {reason}")
    parts = [part for part in parts if part.name not in merged.left_out]
    data, data_notes = _data(merged, original, tools, cancel)
    for _ in range(_MOST_ROUNDS):
        merged = merge([*parts, *data], triple)
        parsed = tools.llvm.parse(merged.text, cancel=cancel)
        if parsed.verified:
            break
        first = parsed.diagnostics[0] if parsed.diagnostics else None
        reason = first.message if first else "LLVM refuses it and gives no reason"
        guilty = _function_at(merged, first.line if first else -1)
        if guilty is not None:
            notes.append(f"{guilty} is left out: in one module LLVM refuses it ({reason})")
            parts = [part for part in parts if part.name != guilty]
        elif data:
            data_notes = [f"the data is declared and not defined: LLVM refuses its definitions ({reason})"]
            data = []
        else:
            return None
    else:
        return None
    if not parts:
        return None
    notes += [*merged.conflicts, *data_notes]
    head = _head(parts, results, notes, source_name)
    return LiftedModule(merge([*parts, *data], triple, head).text, len(parts), tuple(notes))


def _data(
    merged: Merged, original: Original, tools: Tools, cancel: CancelToken | None
) -> tuple[list[Part], list[str]]:
    """Definitions of the data that the module only declares, and why some is not defined."""
    names = external_data(merged.text)
    if not names:
        return [], []
    try:
        text, notes = tools.lifter.data(original.object(cancel), names, cancel=cancel)
        if not text:
            return [], list(notes)
        printed = tools.llvm.run_passes(text, "verify", cancel=cancel).ir  # as the lifts were
    except IrlensError as error:
        return [], [f"the data is declared and not defined: {error}"]
    return [Part("", printed)], list(notes)


def _function_at(merged: Merged, line: int) -> str | None:
    return next((name for name, (start, end) in merged.lines.items() if start <= line < end), None)


def _comment(result: LiftResult) -> str:
    words = f"{result.verdict}, {result.origin}"
    if not result.verdict.is_shown_right:
        return f"{how_sure(result.verdict)} ({words})"
    return words


def _head(
    parts: Sequence[Part], results: Sequence[LiftResult], notes: Sequence[str], source_name: str
) -> list[str]:
    head = [
        f"{escape.line(source_name)}, lifted by irlens: {len(parts)} of {counted(len(results), 'function')}",
        "Each verdict is of its function alone.",
    ]
    names = {part.name for part in parts}
    unsure = [each for each in results if each.name in names and not each.verdict.is_shown_right]
    for words in dict.fromkeys(how_sure(each.verdict) for each in unsure):
        these = ", ".join(each.name for each in unsure if how_sure(each.verdict) == words)
        head.append(f"{words}: {escape.line(these)}")
    head += [escape.line(" ".join(note.split())) for note in notes[:_SHOWN]]
    if len(notes) > _SHOWN:
        head.append(f"and {len(notes) - _SHOWN} more notes of this kind")
    return head
