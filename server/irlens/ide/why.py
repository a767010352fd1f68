"""Why a lift has its verdict: the evidence, whole, as Markdown. Nothing is rounded up in words either."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from irlens.assist.lift import Candidate
    from irlens.emulator.agreement import Agreement

_ORIGIN = {"model": "the model", "mechanical": "the mechanical lifter"}


def why_text(candidate: Candidate, function: str, model: str) -> str:
    """`model` names the model, "" where there is none."""
    by = _ORIGIN[candidate.origin] + (f", {model}" if candidate.origin == "model" and model else "")
    spent = f"{candidate.seconds:.1f} s"
    if candidate.tokens:
        spent = f"{candidate.tokens} tokens in {spent}"
    parts = [
        f"# {function}: {candidate.verdict}",
        f"**{candidate.verdict.words}.**",
        f"{_sentence(candidate.reason)} Lifted by {by} ({spent}).",
    ]
    evidence = candidate.evidence
    if evidence is None:
        return "\n\n".join(parts) + "\n"
    if evidence.codegen:
        parts.append(
            f"## Recompiled\n\nRecompiled at `{evidence.codegen}`, {evidence.similarity:.1%} of its normalised "
            "assembly lines are those of the original. That share ranks candidates; it proves nothing."
        )
    if evidence.difference:
        parts.append("```diff\n" + "\n".join(evidence.difference) + "\n```")
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
        f"| compared | {', '.join(agreement.compared) or 'nothing'} |",
        f"| code of the original that ran | {agreement.covered_bytes} of {agreement.code_bytes} bytes "
        f"({agreement.covered:.0%}) |",
        f"| time | {agreement.seconds:.2f} s |",
    ]
    found = agreement.counterexample
    if found is None:
        return "\n".join(lines)
    given = [*found.arguments, *found.memory, *found.calls]
    lines += ["", f"### An input that shows the difference: {found.what}", "", "```"]
    lines += [*given, f"the assembly {found.original}", f"this IR {found.candidate}", "```"]
    return "\n".join(lines)


def _sentence(text: str) -> str:
    text = text.strip()
    return (text[:1].upper() + text[1:]) if text.endswith(".") else text[:1].upper() + text[1:] + "."
