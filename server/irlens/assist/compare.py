"""Compare: do two versions of a function do the same? Any two of assembly and IR, in the emulator.

The first is the original, the second the candidate; where only one of them is assembly, that one is the
original, because the IR tells how its function passes its values.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from irlens.asm.outline import functions as asm_functions
from irlens.cancel import CancelToken
from irlens.emulator.agreement import Agreement
from irlens.emulator.client import Emulator
from irlens.errors import IrlensError, UnusableInput
from irlens.evidence.behaviour import behave_alike, behaves, objects_alike
from irlens.ir.outline import outline
from irlens.llvm.client import LLVM

INPUTS = 1000


@dataclass(frozen=True)
class Side:
    """One of the two texts. `name` is what the user calls it; `is_asm` tells assembly from IR."""

    name: str
    text: str
    is_asm: bool

    def functions(self) -> list[str]:
        """The functions that it defines, in order."""
        if self.is_asm:
            return [function.name for function in asm_functions(self.text)]
        return [function.name for function in outline(self.text).functions if function.is_definition]


@dataclass(frozen=True)
class Compared:
    """One function. `original` and `candidate` name the sides as the agreement's words do."""

    name: str
    original: str
    candidate: str
    agreement: Agreement


def in_both(left: Side, right: Side, wanted: str | None) -> list[str]:
    """The functions to compare. Raises `UnusableInput` where there is none."""
    there = set(right.functions())
    both = [name for name in left.functions() if name in there]
    if not both:
        raise UnusableInput(
            f"{left.name} and {right.name} define no function of the same name. "
            f"Rename one (the first has {_some(left.functions())}, the second {_some(right.functions())})."
        )
    if wanted is None:
        return both
    if wanted not in both:
        raise UnusableInput(
            f"{wanted} is not in both {left.name} and {right.name}. Choose one of: {_some(both)}."
        )
    return [wanted]


def compare(
    left: Side,
    right: Side,
    names: list[str],
    triple: str,
    llvm: LLVM,
    emulator: Emulator,
    *,
    inputs: int = INPUTS,
    seed: int = 0,
    cancel: CancelToken | None = None,
    progress: Callable[[str, float | None], None] | None = None,
) -> list[Compared]:
    """Run each function of both sides for `triple`. What cannot be run is "unknown", with the reason.

    Raises `UnusableInput` where an assembly does not assemble, `Unrunnable` where there is no assembler for the
    target, `Cancelled`.
    """
    original, candidate = (right, left) if right.is_asm and not left.is_asm else (left, right)
    made = llvm.object_of(original.text, triple, cancel=cancel) if original.is_asm else None
    other = llvm.object_of(candidate.text, triple, cancel=cancel) if candidate.is_asm else None
    found = []
    for number, name in enumerate(names):
        if cancel is not None:
            cancel.check()
        if progress is not None:
            progress(f"running {name}", number / len(names))
        try:
            if made is not None and other is not None:
                text = original.text + candidate.text
                agreement = objects_alike(
                    made, other, name, emulator, text=text, inputs=inputs, seed=seed, cancel=cancel
                )
            elif made is not None:
                agreement = behaves(
                    original.text,
                    name,
                    triple,
                    candidate.text,
                    llvm,
                    emulator,
                    original=made,
                    inputs=inputs,
                    seed=seed,
                    cancel=cancel,
                )
            else:
                agreement = behave_alike(
                    original.text,
                    candidate.text,
                    name,
                    triple,
                    llvm,
                    emulator,
                    inputs=inputs,
                    seed=seed,
                    cancel=cancel,
                )
        except UnusableInput:
            raise
        except IrlensError as error:
            agreement = Agreement("unknown", str(error), seed=seed)
        found.append(Compared(name, original.name, candidate.name, agreement))
    return found


def _some(names: list[str]) -> str:
    return ", ".join(names[:8]) + (", ..." if len(names) > 8 else "") if names else "none"
