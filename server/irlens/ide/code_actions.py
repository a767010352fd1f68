"""What irlens offers at a place. Offering is cheap and does no work; the work is done when one is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from irlens.ide import diagnostics, symbols
from irlens.ide.diagnostics import Fix, Item
from irlens.source.snapshot import DocumentSnapshot

Kind = Literal["lift", "apply-oz", "tune"]


@dataclass(frozen=True)
class Offer:
    """Something to do on demand. `function` names the one to lift, "" for the whole module."""

    kind: Kind
    title: str
    function: str = ""


@dataclass(frozen=True)
class Correction:
    """A quick fix whose edit is known; `first` marks the likeliest of its finding."""

    item: Item
    fix: Fix
    first: bool


def offers(snapshot: DocumentSnapshot, start_line: int, end_line: int) -> tuple[Offer, ...]:
    """What can be done for the selected lines."""
    if snapshot.language == "asm":
        chosen = [
            function
            for function in symbols.definitions(snapshot)
            if function.start_line <= end_line and function.end_line >= start_line
        ]
        return tuple(Offer("lift", f"Lift `{f.name}` to LLVM IR", f.name) for f in chosen[:8])
    if not symbols.definitions(snapshot):
        return ()
    return (
        Offer("apply-oz", "Apply -Oz"),
        Offer("tune", "Optimise for size (checked)"),
    )


def corrections(snapshot: DocumentSnapshot, start_line: int, end_line: int) -> tuple[Correction, ...]:
    """Did-you-mean fixes of the findings on the selected lines."""
    if snapshot.language != "llvm":
        return ()
    return tuple(
        Correction(item, fix, index == 0)
        for item in diagnostics.run_line_items(snapshot)
        if start_line <= item.line <= end_line
        for index, fix in enumerate(item.fixes)
    )
