"""Why a lift has its verdict: the evidence, whole, as Markdown. Nothing is rounded up in words either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from irlens.escape import code_span, fenced, markdown

if TYPE_CHECKING:
    from irlens.assist.lift import LiftResult
    from irlens.emulator.agreement import Agreement
    from irlens.model.types import ModelInfo

_ORIGIN = {"model": "the model", "mechanical": "the mechanical lifter"}


def why_text(result: LiftResult, info: ModelInfo | None) -> str:
    """Of the result's first candidate. `info` is the model that was asked, None where there is none."""
    candidate = result.candidates[0]
    model = candidate.origin == "model" and info is not None
    by = _ORIGIN[candidate.origin] + (f", {markdown(info.name)}" if model and info is not None else "")
    spent = f"{candidate.seconds:.1f} s"
    if candidate.tokens:
        spent = f"{candidate.tokens} tokens in {spent}"
    parts = [
        f"# {code_span(result.name)}: {candidate.verdict}",
        f"**{candidate.verdict.words}.**",
        f"{_sentence(candidate.reason)} Lifted by {by} ({spent}).",
        f"Why this one: {_sentence(result.why_origin)} {_asked(result, info)}",
    ]
    if result.prototype:
        parts.append(f"Prototype: {markdown(result.prototype)}.")
    evidence = candidate.evidence
    if evidence is None:
        return "\n\n".join(parts) + "\n"
    if evidence.codegen:
        parts.append(
            f"## Recompiled\n\nRecompiled at {code_span(evidence.codegen)}, {evidence.similarity:.1%} of its normalised "
            "assembly lines are those of the original. That share ranks candidates; it proves nothing."
        )
    if evidence.difference:
        parts.append(fenced("\n".join(evidence.difference), "diff"))
    if evidence.emulation is not None:
        parts.append(emulation_text(evidence.emulation, "the assembly", "this IR"))
    elif evidence.not_emulated:
        parts.append(f"## Not run\n\n{_sentence(evidence.not_emulated)}")
    return "\n\n".join(parts) + "\n"


def _asked(result: LiftResult, info: ModelInfo | None) -> str:
    from irlens.assist.lift_text import answers

    if info is None:
        return f"No model was asked; {result.seconds:.1f} s in all."
    asked = f"{info.name} ({info.quantisation or 'served'}, {info.engine})"
    return f"Asked: {markdown(asked)}; {answers(result)}, {result.seconds:.1f} s in all."


def emulation_text(agreement: Agreement, original: str, candidate: str) -> str:
    """What was run and compared, as Markdown, with an input that shows a difference. `original` and `candidate` are what
    the two are called."""
    lines = [
        "## Run beside the original",
        "",
        "| | |",
        "|---|---|",
        f"| inputs | {agreement.inputs}, seed {agreement.seed} |",
        f"| the same on | {agreement.agreed} |",
        f"| compared | {markdown(', '.join(agreement.compared) or 'nothing')} |",
        f"| code of the original that ran | {agreement.covered_bytes} of {agreement.code_bytes} bytes "
        f"({agreement.covered:.0%}) |",
        f"| time | {agreement.seconds:.2f} s |",
    ]
    found = agreement.counterexample
    if found is None:
        return "\n".join(lines)
    given = [*found.arguments, *found.memory, *found.calls]
    given += [f"{original} {found.original}", f"{candidate} {found.candidate}"]
    lines += ["", f"### An input that shows the difference: {markdown(found.what)}", ""]
    return "\n".join([*lines, fenced("\n".join(given))])


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    text = markdown(text[:1].upper() + text[1:])
    return text if text.endswith(".") else text + "."
