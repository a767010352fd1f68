"""Why a lift has its verdict: the evidence, whole, as Markdown. Nothing is rounded up in words either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from irlens.escape import code_span, fenced, markdown

if TYPE_CHECKING:
    from irlens.assist.lift import Candidate
    from irlens.emulator.agreement import Agreement

_ORIGIN = {"model": "the model", "mechanical": "the mechanical lifter"}


def why_text(candidate: Candidate, function: str, model: str) -> str:
    """`model` names the model, "" where there is none."""
    by = _ORIGIN[candidate.origin] + (f", {markdown(model)}" if candidate.origin == "model" and model else "")
    spent = f"{candidate.seconds:.1f} s"
    if candidate.tokens:
        spent = f"{candidate.tokens} tokens in {spent}"
    parts = [
        f"# {code_span(function)}: {candidate.verdict}",
        f"**{candidate.verdict.words}.**",
        f"{_sentence(candidate.reason)} Lifted by {by} ({spent}).",
    ]
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
        parts.append(_emulation(evidence.emulation))
    elif evidence.not_emulated:
        parts.append(f"## Not run\n\n{_sentence(evidence.not_emulated)}")
    return "\n\n".join(parts) + "\n"


def _emulation(agreement: Agreement) -> str:
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
    given += [f"the assembly {found.original}", f"this IR {found.candidate}"]
    lines += ["", f"### An input that shows the difference: {markdown(found.what)}", ""]
    return "\n".join([*lines, fenced("\n".join(given))])


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    text = markdown(text[:1].upper() + text[1:])
    return text if text.endswith(".") else text + "."
