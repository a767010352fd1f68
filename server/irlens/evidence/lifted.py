"""The mechanical lifts of one function: for a model that reads them, and as candidates of their own.

A function whose frame is its variables' home (unoptimised code) is shown to a model with the frame kept.
"""

from __future__ import annotations

from dataclasses import replace

from irlens.asm.normal import IntelSyntax, normalise
from irlens.cancel import CancelToken
from irlens.errors import IrlensError
from irlens.evidence.original import Original
from irlens.llvm.client import LLVM
from irlens.mechanical.answers import Lifted
from irlens.mechanical.client import MechanicalLifter
from irlens.mechanical.lift import lift_mechanically
from irlens.mechanical.unoptimised import keeps_its_frame
from irlens.model.types import LiftSource


class MechanicalLifts:
    """Each lift is made when first needed, and once. Not for several threads at once."""

    def __init__(self, source: LiftSource, original: Original, llvm: LLVM, lifter: MechanicalLifter) -> None:
        self._source = source
        self._original = original
        self._llvm = llvm
        self._lifter = lifter
        self._made: dict[bool, Lifted | IrlensError] = {}

    def lifted(self, *, keep_frame: bool = False, cancel: CancelToken | None = None) -> Lifted:
        """Raises `Uncovered` and what the assembler and LLVM say, each time; and `Cancelled`."""
        if keep_frame not in self._made:
            try:
                self._made[keep_frame] = lift_mechanically(
                    self._original.object(cancel),
                    self._source.function,
                    self._source.triple,
                    self._llvm,
                    self._lifter,
                    keep_frame=keep_frame,
                    local=self._local(),
                    cancel=cancel,
                )
            except IrlensError as error:
                self._made[keep_frame] = error
        made = self._made[keep_frame]
        if isinstance(made, IrlensError):
            raise made
        return made

    def _local(self) -> list[str]:
        """Functions and data of the same file, which an object calls without saying so: the text knows."""
        try:
            normal = normalise(self._source.text, self._source.function, self._source.triple)
        except IntelSyntax:
            return []
        return [symbol.name for symbol in normal.symbols if symbol.local and symbol.data is None]

    def frame_is_home(self) -> bool:
        """Whether the function looks unoptimised; False for Intel syntax, of which that is not known. Raises
        `UnusableInput` where there is no such function."""
        source = self._source
        try:
            code = normalise(source.text, source.function, source.triple).code
        except IntelSyntax:
            return False
        return keeps_its_frame(code, source.triple)

    def for_model(self, cancel: CancelToken | None = None) -> LiftSource:
        """The source with the lift that a model reads, or with the reason why there is none. Raises `UnusableInput`
        where the function cannot be normalised, and `Cancelled`."""
        kept = self.frame_is_home()
        try:
            lifted = self.lifted(keep_frame=kept, cancel=cancel)
        except IrlensError as error:
            return replace(self._source, not_lifted=str(error))
        return replace(self._source, lifted=lifted.ir, frame_kept=kept)
