"""Mend a lift that compiles but does not come back as the original: small edits, led by where the two assemblies differ.

Whatever a lift was made by, it often misses by a detail that machine code shows only when it is compiled again: a
zero of the wrong width, operands the other way round, an argument that is handed on, the size of an object on the
stack. `mend` tries such edits (`edits`) on the normal form, keeps what brings the recompilation nearer to the original
and goes on from there. Nothing rests on the edits being right: what they end in climbs the ladder like any answer, and
only a round trip is taken.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from irlens.asm.normal import normalise
from irlens.cancel import CancelToken
from irlens.emulator.client import Emulator
from irlens.errors import IrlensError
from irlens.evidence.edits import edits
from irlens.evidence.ladder import Evidence, climb, same_code, with_attributes_of
from irlens.evidence.original import Original
from irlens.evidence.verdict import Verdict
from irlens.ir.normal import decode, encode
from irlens.llvm.client import LLVM
from irlens.model.types import LiftSource
from irlens.source.alike import Matcher

TRIES = 100
"""Recompilations at most."""
SECONDS = 2.0
"""Wall time at most. The last recompilation may go over it."""
LEAST_SIMILARITY, OF_SHORT = 1.1, 0.7
"""Of 2, see `_Search._similarity`. What is further away is another function, which no few edits mend: of 114 searches on
functions of bzip2, zlib, lz4 and libtommath (gcc 12 and clang 19, four levels; mechanical and the model's) the 12 that ended
in a round trip began at 1.3 or more, and those that began below 1.1 took half of the time.
In a short one a single line is much."""
SHORT = 12
"""Lines of normalised assembly."""


@dataclass(frozen=True)
class Mended:
    """A lift that round-trips now. `changes` are what was edited, in words and in order; `tries` recompilations."""

    evidence: Evidence
    changes: tuple[str, ...]
    tries: int


def mend(
    evidence: Evidence,
    source: LiftSource,
    llvm: LLVM,
    *,
    emulator: Emulator | None = None,
    original: Original | None = None,
    tries: int = TRIES,
    seconds: float = SECONDS,
    cancel: CancelToken | None = None,
) -> Mended | None:
    """The candidate of `evidence` made to round-trip, or None where the search ended without. `evidence` is one that
    compiles and was compared with the original. `emulator` and `original` are as in `climb`: what was mended is run, too, for
    an edit may have left out what comes through by luck. Raises `Cancelled`."""
    if not evidence.difference:
        return None
    search = _Search(evidence, source, llvm, tries, time.monotonic() + seconds, cancel)
    return search.run(emulator, original)


class _Search:
    def __init__(
        self,
        evidence: Evidence,
        source: LiftSource,
        llvm: LLVM,
        tries: int,
        deadline: float,
        cancel: CancelToken | None,
    ) -> None:
        self._evidence = evidence
        self._source = source
        self._llvm = llvm
        self._most = tries
        self._deadline = deadline
        self._cancel = cancel
        self._level = int(evidence.codegen.removeprefix("-O") or 2)
        self._original = normalise(source.text, source.function, source.triple).text.splitlines()
        self.tries = 0

    def run(self, emulator: Emulator | None, original: Original | None) -> Mended | None:
        try:
            normal = encode(self._evidence.ir, self._source.function)
        except IrlensError:
            return None
        self._symbols = normal.symbols
        lines = tuple(normal.text.splitlines())
        recompiled = self._recompiled(lines)
        if recompiled is None:
            return None
        best = self._similarity(recompiled)
        if best < (OF_SHORT if len(self._original) <= SHORT else LEAST_SIMILARITY):
            return None
        changes: tuple[str, ...] = ()
        seen = {lines}
        while recompiled is not None and not same_code(recompiled, self._original, self._source.triple):
            found = None
            for edit in edits(lines, self._original, recompiled):
                if edit.lines in seen:
                    continue
                seen.add(edit.lines)
                if self.tries >= self._most or time.monotonic() > self._deadline:
                    return None
                made = self._recompiled(edit.lines)
                if made is not None and self._similarity(made) > best:
                    found = edit
                    recompiled, best = made, self._similarity(made)
                    break
            if found is None:
                return None
            lines, changes = found.lines, (*changes, found.words)
        # The whole ladder, an object and runs included, on what came out.
        final = climb(
            self._decoded(lines),
            self._source,
            self._llvm,
            emulator=emulator,
            original=original,
            cancel=self._cancel,
        )
        return Mended(final, changes, self.tries) if final.verdict == Verdict.ROUND_TRIPS else None

    def _decoded(self, lines: tuple[str, ...]) -> str:
        return decode("\n".join(lines), self._symbols, self._source.triple, self._source.function)

    def _recompiled(self, lines: tuple[str, ...]) -> list[str] | None:
        """Normalised assembly of it; None where it is no IR."""
        if self._cancel is not None:
            self._cancel.check()
        self.tries += 1
        source = self._source
        try:
            ir = with_attributes_of(self._evidence.ir, self._decoded(lines), source.function)
            text = self._llvm.lower(ir, source.triple, opt_level=self._level, cancel=self._cancel)
            return normalise(text, source.function, source.triple).text.splitlines()
        except IrlensError:
            return None

    def _similarity(self, recompiled: list[str]) -> float:
        """0 to 2: that of the lines, as in `Evidence`, and that of their words, so that half an improvement counts."""
        its, other = (" \n ".join(lines).split(" ") for lines in (self._original, recompiled))
        return _alike(self._original, recompiled) + _alike(its, other)


def _alike(one: list[str], other: list[str]) -> float:
    return Matcher(one, other).ratio()
