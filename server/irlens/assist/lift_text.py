"""A lift as text: the file that is shown or saved, and the entry of `--json`."""

from __future__ import annotations

import re

from irlens.assist.lift import NOT_ASKED, LiftResult
from irlens.assist.words import counted
from irlens.escape import line
from irlens.evidence.ladder import Evidence
from irlens.evidence.verdict import Verdict
from irlens.model.types import ModelInfo

_LONGEST_LINE = 200
"""Characters of a comment line; an editor shows the whole evidence elsewhere."""
_QUOTED = re.compile(r"`[^`]*+`")
_SECOND_SENTENCE = re.compile(r"[.?!] [A-Z]")
"""An error's text ends in what to do; a refusal of the lifter, in one sentence, does not."""
_READS_ASSEMBLY = "llm-compiler-7b-ftd"
"""The smallest model of the catalogue that lifts from the assembly itself."""


def file_with_head(result: LiftResult, info: ModelInfo | None, source_name: str) -> str:
    """The text of the new `.ll`: two comment lines, which say what it is and how far it can be trusted, then the IR.
    The rest of what is known is in `ide.why` and `as_json`.

    `source_name` is the file the assembly came from, for the reader only; `info` the model that was asked.
    """
    if result.ir is None:
        raise ValueError("a rejected lift has no file")
    lifted = f"{result.name}, lifted by irlens from {source_name} ({_origin(result, info)})"
    if result.prototype:
        lifted += f", as {result.prototype}"
    if info and info.credit:
        lifted += f". {info.credit}"
    lifted = line(lifted)  # all of it: a model's name and credit are whoever made the file's
    if not result.verdict.is_shown_right:
        found = result.candidates[0].evidence
        is_wrong = result.verdict == Verdict.DISAGREES
        does = "does something else than the assembly" if is_wrong else "may not do what the assembly does"
        doubt = f"; verdict: {result.verdict}; {does}. {_difference(result, found)}"
        head = [f"; {how_sure(result.verdict)}: {lifted}", _shortened(line(doubt))]
    else:
        by = "LLVM" if result.verdict == Verdict.ROUND_TRIPS else "emulator"
        head = [
            f"; {lifted}",
            _shortened(line(f"; verdict: {result.verdict} ({by}: {_flat(result.reason)})")),
        ]
    return "\n".join(head) + "\n\n" + result.ir.strip() + "\n"


def how_sure(verdict: Verdict) -> str:
    """In capitals what a reader must not miss of a lift below `agrees`."""
    return "SHOWN TO BE WRONG" if verdict == Verdict.DISAGREES else "NOT SHOWN TO BE RIGHT"


def could_not_be_lifted(result: LiftResult, info: ModelInfo | None, shown: str) -> str:
    """Why a function has no lift, and one thing to do about it that was not done. `shown` is its name as it may be
    shown, `info` the model that was asked, None where there is none."""
    return f"{shown} could not be lifted: {why_not_lifted(result, info)}"


def why_not_lifted(result: LiftResult, info: ModelInfo | None, *, in_shell: bool = False) -> str:
    """The same without the name. `in_shell`: whether what to do is an option's or a setting's to do."""
    why = f"{_flat(result.why_not)}."
    if not result.candidates or _SECOND_SENTENCE.search(_QUOTED.sub("", why)):
        return why
    return f"{why} {_next_step(result, info, in_shell)}"


def _next_step(result: LiftResult, info: ModelInfo | None, in_shell: bool) -> str:
    if not any(each.origin == "mechanical" for each in result.candidates):
        where = "`--origin`" if in_shell else "`lift.origin`"
        return f'Set where lifts come from ({where}) to "best", so that it is also lifted without a model.'
    if info is not None and info.family != "irlens" and result.replies:
        where = "`--candidates`" if in_shell else "`lift.candidates`"
        return f"Ask the model for more than {counted(result.replies, 'answer')} ({where})."
    if "Intel syntax" in result.why_origin:
        return (
            f"Write the file in AT&T syntax (gcc -S -masm=att) and lift it with {_READS_ASSEMBLY}, "
            f"which reads assembly itself: `irlens model pull {_READS_ASSEMBLY}`."
        )
    return f"A model that reads assembly itself may: `irlens model pull {_READS_ASSEMBLY}`, then choose it."


def _origin(result: LiftResult, info: ModelInfo | None) -> str:
    if result.origin == "mechanical":
        # That a model was wanted and was not there must not be found out by chance.
        why = result.why_origin.removesuffix("; lifted mechanically")
        wanted = not result.replies and why not in (NOT_ASKED, result.why_origin)
        if result.replies and info is not None:
            return f"mechanically, after the model {info.name}"
        return f"mechanically: {line(why)}" if wanted else "mechanically"
    kept = f", {counted(result.kept, 'answer')} kept from before" if result.kept else ""
    return (f"by the model {info.name}" if info else "by a model") + kept


def _flat(text: str) -> str:
    return " ".join(text.split()).rstrip(".")


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_LINE else text[: _LONGEST_LINE - 3].rstrip() + "..."


def _difference(result: LiftResult, found: Evidence | None) -> str:
    """What is known against it: an input that shows the difference, or why it was not run or not compared."""
    agreement = found.emulation if found is not None else None
    if agreement is None or agreement.counterexample is None:
        why = found.not_emulated if found is not None and found.not_emulated else result.reason
        return f"{_flat(why)}."
    example = agreement.counterexample
    given = ", ".join((*example.arguments, *example.memory, *example.calls))
    did = f"the assembly {example.original}, this IR {example.candidate}"
    return _flat(f"Emulator: {did}{f'; given {given}' if given else ''}")


def answers(result: LiftResult) -> str:
    """How many answers the model gave, and how many of them were not asked for anew."""
    kept = f" ({result.kept} kept from before)" if result.kept else ""
    return f"{counted(result.replies, 'answer')} of the model{kept}"


def as_json(result: LiftResult) -> dict[str, object]:
    """One entry of `functions` in `irlens lift --json`."""
    return {
        "name": result.name,
        "origin": result.origin,
        "why_origin": result.why_origin,
        "prototype": result.prototype or None,
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
