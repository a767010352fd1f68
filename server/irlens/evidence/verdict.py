"""The ladder of evidence. A verdict is never rounded up."""

from __future__ import annotations

from enum import IntEnum


class Verdict(IntEnum):
    """How far a candidate got. The order is the rank: what is shown to be wrong is worth less than what nothing is known
    of, and more than no IR. Written to a file by name, for a rank may change."""

    REJECTED = 0
    DISAGREES = 1
    VERIFIES = 2
    COMPILES = 3
    AGREES = 4
    ROUND_TRIPS = 5

    def __str__(self) -> str:
        return self.name.lower().replace("_", "-")

    @classmethod
    def named(cls, name: str) -> Verdict:
        """The inverse of `str`. Raises `KeyError` for any other text."""
        return {str(each): each for each in cls}[name]

    @property
    def is_ir(self) -> bool:
        """Whether LLVM takes the candidate as IR."""
        return self != Verdict.REJECTED

    @property
    def has_object(self) -> bool:
        """Whether LLVM makes an object from the candidate."""
        return self == Verdict.DISAGREES or self >= Verdict.COMPILES

    @property
    def is_shown_right(self) -> bool:
        """Whether the candidate may be offered as an edit."""
        return self >= Verdict.AGREES

    @property
    def words(self) -> str:
        """What the editor says, in full."""
        return _WORDS[self]


_WORDS = {
    Verdict.REJECTED: "rejected: LLVM takes no IR of it",
    Verdict.DISAGREES: "disagrees: it is shown to do something else than the original",
    Verdict.VERIFIES: "verifies: well-formed IR; nothing is known about what it does",
    Verdict.COMPILES: "compiles: LLVM makes an object from it; it is not shown to do the same",
    Verdict.AGREES: "agrees: it gave the same results as the original on every emulated input",
    Verdict.ROUND_TRIPS: "round-trips: recompiling it gives the same normalised assembly",
}
