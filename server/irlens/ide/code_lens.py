"""What stands over each function: of assembly the lift, with how the last one ended; of IR the sizes measured, where
something smaller is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from irlens.assist.tune_functions import Tuned
from irlens.ide import size_hints, symbols
from irlens.ide.known import LiftNote
from irlens.ide.size_hints import SizeNote
from irlens.llvm.session import short_name
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
            if sized.tuned.best < sized.tuned.now or (sized.tuned.name and sized.tuned.optnone)
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
    """`28 → 16 B`, and -Oz's size where that is neither of the two: two where clang -Oz's attributes make a difference."""
    what = "" if tuned.name else "module: "
    if tuned.name and tuned.optnone:
        return f"{tuned.now} B, optnone: passes skip it"
    if tuned.plain is not None:
        by_oz = f" (-Oz {tuned.plain}, {tuned.oz} with clang's attributes)"
    else:
        by_oz = " (-Oz)" if tuned.best == tuned.oz else f" (-Oz {tuned.oz})" if tuned.oz != tuned.now else ""
    # Once a file is enough: it is the same LLVM for all of it.
    by = "" if tuned.name or not tuned.by else f", {short_name(tuned.by)}"
    return f"{what}{tuned.now} → {tuned.best} B{by_oz}{by}"
