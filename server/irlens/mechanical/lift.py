"""A function of an object as clean IR, without a model: lift, let LLVM clean up."""

from __future__ import annotations

import re

from irlens.cancel import CancelToken
from irlens.llvm.client import LLVM
from irlens.mechanical.answers import Lifted
from irlens.mechanical.client import MechanicalLifter

CLEAN_UP = "function(sroa,instcombine,simplifycfg,sccp,instcombine,dse,simplifycfg,adce)"
"""LLVM passes that make the IR read well and change nothing of what it does: all of them llvmlite's own, so that
no installed `opt` is needed."""
KEEP = "verify"
"""As little as LLVM can be asked to do."""

_NAMES_NOTHING = re.compile(r"\A(?:; ModuleID = [^\n]*\n|source_filename = [^\n]*\n)+")
"""Lines of a module that was never a file."""
_ONLY_NO_BUILTINS = re.compile(r'^attributes #(\d+) = \{ "no-builtins" \}\n?', re.MULTILINE)


def lift_mechanically(
    object_file: bytes,
    function: str,
    triple: str,
    llvm: LLVM,
    lifter: MechanicalLifter,
    *,
    keep_frame: bool = False,
    cancel: CancelToken | None = None,
) -> Lifted:
    """A whole module with the function of an ELF object under its own name. `keep_frame` is for unoptimised code
    (see `unoptimised.keeps_its_frame`): its variables stay in memory and its blocks as they are.

    Raises `Uncovered` (what the lifter does not know), `LLVMStopped`, `LLVMRefused` and `Cancelled`.
    """
    lifted = lifter.lift(object_file, function, triple, keep_frame=keep_frame, cancel=cancel)
    cleaned = llvm.run_passes(lifted.ir, KEEP if keep_frame else CLEAN_UP, cancel=cancel)
    return Lifted(_readable(cleaned.ir), lifted.notes)


def _readable(ir: str) -> str:
    """Without what only the clean-up needed: the name of no file, and the attribute that kept LLVM from making
    other calls of those that are in the machine code."""
    ir = _NAMES_NOTHING.sub("", ir)
    only = _ONLY_NO_BUILTINS.search(ir)
    if only is None:
        return ir
    ir = ir[: only.start()] + ir[only.end() :]
    return re.sub(rf" #{only[1]}(?= |$)", "", ir, flags=re.MULTILINE).rstrip("\n") + "\n"
