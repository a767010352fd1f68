"""What the mechanical lifter answers."""

from __future__ import annotations

from dataclasses import dataclass

from irlens.errors import IrlensError


class Uncovered(IrlensError):
    """The function holds something that this lifter does not know how to say in IR. `what` names it in a word
    or two (an instruction's name where it is one), for counting."""

    def __init__(self, message: str, what: str = "") -> None:
        super().__init__(message)
        self.what = what


@dataclass(frozen=True)
class Lifted:
    """`ir` is a whole module as it was written down, before LLVM's clean-up. `notes` say where the IR knows
    less than the machine (such as a division by zero, which IR leaves undefined)."""

    ir: str
    notes: tuple[str, ...] = ()
