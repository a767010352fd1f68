"""What stands over each function: for assembly the lift, with how the last one ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from irlens.ide import symbols
from irlens.ide.known import LiftNote
from irlens.source.snapshot import DocumentSnapshot


@dataclass(frozen=True)
class Lens:
    """`function` is lifted when the lens is chosen; `line` is that of its label."""

    line: int
    title: str
    function: str


def lenses(snapshot: DocumentSnapshot, lifts: Mapping[str, LiftNote]) -> tuple[Lens, ...]:
    """`lifts` has the last lift of functions by name. A verdict on an earlier text is not shown."""
    if snapshot.language != "asm":
        return ()
    found = []
    for function in symbols.definitions(snapshot):
        note = lifts.get(function.name)
        body = "\n".join(snapshot.lines[function.start_line : function.end_line + 1])
        last = f" (last: {note.verdict})" if note is not None and note.source == body else ""
        found.append(Lens(function.name_line, f"Lift to LLVM IR{last}", function.name))
    return tuple(found)
