"""What stands over each function: of assembly the lift, with how the last one ended; of IR the sizes measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from irlens.assist.tune_functions import Tuned
from irlens.ide import size_hints, symbols
from irlens.ide.known import LiftNote
from irlens.ide.size_hints import SizeNote
from irlens.source.snapshot import DocumentSnapshot


@dataclass(frozen=True)
class Lens:
    """`kind` is what is done to `function` ("" for the module) when the lens is chosen; `line` is that of its name."""

    line: int
    title: str
    function: str
    kind: Literal["lift", "apply-here", "tune"]


def lenses(
    snapshot: DocumentSnapshot, lifts: Mapping[str, LiftNote], sizes: Mapping[str, SizeNote]
) -> tuple[Lens, ...]:
    """`lifts` has the last lift of functions by name, `sizes` what was measured of them. What was found of an earlier
    text is not shown."""
    if snapshot.language != "asm":
        return tuple(
            Lens(
                sized.line,
                _sizes(sized.tuned),
                sized.tuned.name,
                "apply-here" if sized.tuned.name else "tune",
            )
            for sized in size_hints.known(snapshot, sizes)
        )
    found = []
    for function in symbols.definitions(snapshot):
        note = lifts.get(function.name)
        last = (
            f" (last: {note.verdict})"
            if note is not None and note.source == size_hints.source_of(snapshot, function)
            else ""
        )
        found.append(Lens(function.name_line, f"Lift to LLVM IR{last}", function.name, "lift"))
    return tuple(found)


def _sizes(tuned: Tuned) -> str:
    what = "" if tuned.name else "module: "
    best = f", best {tuned.best}" if tuned.passes else ""
    return f"{what}{tuned.now} bytes, -Oz {tuned.oz}{best}"
