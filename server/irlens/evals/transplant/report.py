"""What came of rebuilding programs from lifts, as a table, in sentences and as JSON. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from irlens.evals.transplant.run import Outcome


def table(outcomes: Sequence[Outcome]) -> str:
    """A row a program: its functions, those told and replaced, those of them that ran in its tests, and those that make its
    tests fail."""
    lines = [
        "| program | functions | replaced | ran in the tests | false |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    total = [0, 0, 0, 0]
    for each in outcomes:
        counts = _counts(each)
        total = [old + new for old, new in zip(total, counts, strict=True)]
        lines.append(f"| {_title(each)} | {' | '.join(map(str, counts))} |")
    if len(outcomes) > 1:
        lines.append(f"| all | {' | '.join(map(str, total))} |")
    return "\n".join(lines)


def sentences(outcome: Outcome) -> list[str]:
    """What a reader would want to know of one program."""
    functions, replaced, ran, _ = _counts(outcome)
    title = f"{_title(outcome)}, rebuilt with the lifts of {replaced} of its {functions} functions ({ran} of which ran)"
    if not any(outcome.builds.values()) and not outcome.unexplained:
        return [f"{title}, passes its own tests."]
    found = []
    for build, names in outcome.builds.items():
        unbuilt = [name for name in names if name.endswith(", cannot be built)")]
        wrong = [name for name in names if name not in unbuilt]
        if wrong:
            found.append(f"{title}, fails its own tests ({build}): {', '.join(wrong)}.")
        if unbuilt:
            found.append(f"{title}, is not built ({build}) with the lifts of: {', '.join(unbuilt)}.")
    found += [
        f"{title}, fails its own tests ({build}), and no function was found to explain it."
        for build in outcome.unexplained
    ]
    return found


def as_json(outcome: Outcome) -> dict[str, Any]:
    """All of it; `functions` without their IR."""
    rows = [{key: value for key, value in row.items() if key != "ir"} for row in outcome.functions]
    names = ("functions", "replaced", "ran", "false")
    return {
        "program": outcome.program, "version": outcome.version, **dict(zip(names, _counts(outcome), strict=True)),
        "fail": outcome.builds, "unexplained": outcome.unexplained, "rows": rows,
    }  # fmt: skip


def _counts(outcome: Outcome) -> tuple[int, int, int, int]:
    replaced = outcome.replaced
    return (
        len(outcome.functions),
        len(replaced),
        sum(row["ran"] for row in replaced),
        sum(bool(row.get("fails")) for row in replaced),
    )


def _title(outcome: Outcome) -> str:
    return f"{outcome.program} {outcome.version}".strip()
