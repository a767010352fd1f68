"""The mechanical lifts of one function: for a model that reads them, and as candidates of their own.

A function whose frame is its variables' home (unoptimised code) is shown to a model with the frame kept.
"""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakKeyDictionary

from irlens.asm.labels import PREFIX, with_lasting_labels
from irlens.asm.normal import IntelSyntax, normalise
from irlens.cancel import CancelToken
from irlens.errors import IrlensError
from irlens.evidence.original import Original
from irlens.evidence.refusal import with_line
from irlens.llvm.client import LLVM
from irlens.mechanical.answers import Lifted, Uncovered
from irlens.mechanical.client import MechanicalLifter
from irlens.mechanical.lift import functions_as_such, lift_mechanically, plain_declarations, sized
from irlens.mechanical.names import named
from irlens.mechanical.once import once
from irlens.mechanical.unoptimised import keeps_its_frame
from irlens.model.types import LiftSource

_LAST: WeakKeyDictionary[LLVM, tuple[tuple[str, str], bytes]] = WeakKeyDictionary()
"""The last file that was assembled for its labels, by who assembles."""


class MechanicalLifts:
    """Each lift is made when first needed, and once. Not for several threads at once."""

    def __init__(self, source: LiftSource, original: Original, llvm: LLVM, lifter: MechanicalLifter) -> None:
        self._source = source
        self._original = original
        self._llvm = llvm
        self._lifter = lifter
        self._made: dict[bool, Lifted | IrlensError] = {}
        self._places: dict[int, str] | None = None

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
                    declared=self._original.declared,
                    cancel=cancel,
                )
            except Uncovered as uncovered:
                self._made[keep_frame] = self._with_line(uncovered, cancel)
            except IrlensError as error:
                self._made[keep_frame] = error
        made = self._made[keep_frame]
        if isinstance(made, IrlensError):
            raise made
        return made

    def readable(self, *, keep_frame: bool = False, cancel: CancelToken | None = None) -> Lifted:
        """As `lifted`, for people: nothing is computed twice, and names are those of the assembly. The model was not
        trained on these. Raises the same."""
        made = self.lifted(keep_frame=keep_frame, cancel=cancel)
        function = self._source.function
        ir = made.ir if keep_frame else once(made.ir, function)
        ir = plain_declarations(functions_as_such(sized(ir, made.sizes)))
        return replace(made, ir=named(ir, function, self._labels(cancel)))

    def _labels(self, cancel: CancelToken | None) -> dict[int, str]:
        """The assembly's labels by how far they are behind the function's beginning; none where the assembler does
        not keep them, which costs the reader their names."""
        if self._places is None:
            text, meant = with_lasting_labels(self._source.text)
            try:
                marked = self._assembled(text, cancel)
                places = self._lifter.places(marked, self._source.function, PREFIX, cancel=cancel)
            except IrlensError:
                places = {}
            self._places = {place: meant[name] for name, place in reversed(places.items()) if name in meant}
        return self._places

    def _assembled(self, text: str, cancel: CancelToken | None) -> bytes:
        """The object of a text with lasting labels, which is the same for every function of a file."""
        key = (text, self._source.triple)
        known = _LAST.get(self._llvm)
        if known is None or known[0] != key:
            known = _LAST[self._llvm] = (
                key,
                self._llvm.object_of(text, self._source.triple, cancel=cancel),
            )
        return known[1]

    def _with_line(self, uncovered: Uncovered, cancel: CancelToken | None) -> Uncovered:
        """With the instruction as it is written in the file, and its line, where they can be found."""
        source = self._source

        def assemble(text: str) -> bytes:
            return self._llvm.object_of(text, source.triple, wanted=(source.function,), cancel=cancel)

        told = with_line(uncovered, source.text, source.function, assemble)
        return Uncovered(told, uncovered.what, uncovered.offset)

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
