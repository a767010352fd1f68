"""Candidates made easier to read, where that changes no byte of what LLVM makes of them: so their evidence still holds.

An answer in the normal form has numbers for names, and data that it does not define is given 1 MiB, so that code
generation folds offsets into addresses. A reader gets names and the sizes that the object says, or none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from irlens.assist.lift import Candidate
from irlens.cancel import CancelToken
from irlens.errors import LLVMRefused, LLVMStopped
from irlens.ir.normal import with_real_sizes
from irlens.llvm.client import LLVM
from irlens.mechanical.names import named, named_like
from irlens.model.types import LiftSource


def easier_to_read(
    candidate: Candidate,
    source: LiftSource,
    llvm: LLVM,
    *,
    like: Sequence[str],
    sizes: Mapping[str, tuple[int, int]],
    cancel: CancelToken | None = None,
) -> Candidate:
    """The candidate with other names and sizes, or as it is. `like` are texts that it may have been made from, whose
    names it gets; `sizes` are bytes and alignments of what the object defines. Raises `Cancelled`."""
    evidence = candidate.evidence
    if evidence is None or candidate.ir is None or not candidate.verdict.has_object:
        return candidate
    function = source.function
    names = next(filter(None, (named_like(candidate.ir, each, function) for each in like)), None)
    renamed = names or named(candidate.ir, function, {})
    levels = sorted({2, int(evidence.codegen.removeprefix("-O") or 2)})
    for text in (with_real_sizes(renamed, sizes), renamed):
        if text != candidate.ir and _same(candidate.ir, text, source.triple, levels, llvm, cancel):
            return replace(candidate, ir=text, evidence=replace(evidence, ir=text))
    return candidate


def _same(
    one: str, other: str, triple: str, levels: list[int], llvm: LLVM, cancel: CancelToken | None
) -> bool:
    """Whether both give the same object, byte for byte, at each level."""
    try:
        return all(
            llvm.emit_object(one, triple, opt_level=level, cancel=cancel)
            == llvm.emit_object(other, triple, opt_level=level, cancel=cancel)
            for level in levels
        )
    except (LLVMRefused, LLVMStopped):
        return False
