"""A function of a `.s` as clean IR, without a model: assemble, lift, let LLVM clean up."""

from __future__ import annotations

from irlens.cancel import CancelToken
from irlens.errors import UnusableInput
from irlens.llvm.client import LLVM
from irlens.mechanical.answers import Lifted
from irlens.mechanical.client import MechanicalLifter
from irlens.model.types import LiftSource

CLEAN_UP = "function(sroa,instcombine,simplifycfg,early-cse,gvn,instcombine,simplifycfg,dce)"
"""LLVM passes that make the IR read well and change nothing of what it does."""


def lift_mechanically(
    source: LiftSource, llvm: LLVM, lifter: MechanicalLifter, *, cancel: CancelToken | None = None
) -> Lifted:
    """A whole module with the function under its own name.

    Raises `Uncovered` (what the lifter does not know), `UnusableInput` (the text does not assemble),
    `LLVMStopped`, `LLVMRefused`, `Unrunnable` (no assembler for the target) and `Cancelled`.
    """
    assembled = llvm.assemble(source.text, source.triple, cancel=cancel)
    if assembled.object is None:
        first = assembled.diagnostics[0] if assembled.diagnostics else None
        where = f": line {first.line + 1}: {first.message}" if first else ""
        raise UnusableInput(f"The assembly does not assemble{where}. Mend it and try again.")
    lifted = lifter.lift(assembled.object, source.function, source.triple, cancel=cancel)
    cleaned = llvm.run_passes(lifted.ir, CLEAN_UP, cancel=cancel)
    return Lifted(cleaned.ir, lifted.notes)
