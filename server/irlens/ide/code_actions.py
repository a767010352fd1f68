"""What irlens offers at a place. Offering is cheap and does no work; the work is done when one is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from irlens import escape
from irlens.ide import diagnostics, size_hints, symbols
from irlens.ide.diagnostics import Fix, Item
from irlens.ide.size_hints import SizeNote
from irlens.ir.size_attributes import size_marks
from irlens.llvm.opt import command
from irlens.source.snapshot import DocumentSnapshot

Kind = Literal["lift", "apply-oz", "tune", "apply-here", "apply-list", "copy"]


@dataclass(frozen=True)
class Offer:
    """Something to do on demand. `function` names the one it is done to, "" for the whole module; `passes` is the
    list that is applied, `text` what is copied."""

    kind: Kind
    title: str
    function: str = ""
    passes: str = ""
    text: str = ""


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
        return tuple(Offer("lift", f"Lift `{escape.label(f.name)}` to LLVM IR", f.name) for f in chosen[:8])
    if not symbols.definitions(snapshot):
        return ()
    return (
        Offer("apply-oz", "Apply -Oz"),
        Offer("tune", "Optimise for size (checked)"),
    )


def size_offers(
    snapshot: DocumentSnapshot, notes: Mapping[str, SizeNote], start_line: int, end_line: int, file_name: str
) -> tuple[Offer, ...]:
    """What can be done at the hints on the selected lines."""
    found: list[Offer] = []
    for sized in size_hints.hinted(snapshot, notes):
        if not start_line <= sized.line <= end_line:
            continue
        tuned, passes = sized.tuned, sized.passes
        by_oz = passes == size_hints.OZ
        size = tuned.oz if by_oz else tuned.best
        if tuned.name:
            what = "-Oz" if by_oz else "the best list"
            found.append(
                Offer(
                    "apply-here",
                    f"Apply {what} to `{escape.label(tuned.name)}` alone ({size} bytes)",
                    tuned.name,
                    passes,
                )
            )
        if not by_oz:
            module = "Apply this list to the module" + ("" if tuned.name else f" ({size} bytes)")
            found.append(Offer("apply-list", module, "", passes))
        if not by_oz and "\0" not in file_name:
            attributes = size_marks("\n".join(snapshot.lines)).opt_options()
            words = command("opt", passes, file_name, attributes=attributes)
            found.append(Offer("copy", "Copy the opt command", "", passes, words))
    return tuple(found)


def corrections(snapshot: DocumentSnapshot, start_line: int, end_line: int) -> tuple[Correction, ...]:
    """Did-you-mean fixes of the findings on the selected lines."""
    if snapshot.language != "llvm":
        return ()
    return tuple(
        Correction(item, fix, index == 0)
        for item in diagnostics.run_line_items(snapshot, start_line, end_line)
        if start_line <= item.line <= end_line
        for index, fix in enumerate(item.fixes)
    )
