"""The ladder of evidence. A verdict is never rounded up."""

from __future__ import annotations

from enum import IntEnum


class Verdict(IntEnum):
    """How far a candidate got. The order is the rank."""

    REJECTED = 0
    VERIFIES = 1
    COMPILES = 2
    AGREES = 3
    ROUND_TRIPS = 4

    def __str__(self) -> str:
        return self.name.lower().replace("_", "-")

    @property
    def words(self) -> str:
        """What the editor says, in full."""
        return _WORDS[self]


_WORDS = {
    Verdict.REJECTED: "rejected: LLVM takes no IR of it",
    Verdict.VERIFIES: "verifies: well-formed IR; nothing is known about what it does",
    Verdict.COMPILES: "compiles: LLVM makes an object from it; it is not shown to do the same",
    Verdict.AGREES: "agrees: it gave the same results as the original on every emulated input",
    Verdict.ROUND_TRIPS: "round-trips: recompiling it gives the same normalised assembly",
}
