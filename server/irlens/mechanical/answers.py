"""What the mechanical lifter answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from irlens.errors import IrlensError


class Uncovered(IrlensError):
    """The function holds something that this lifter does not know how to say in IR. `what` names it in a word
    or two (an instruction's name where it is one), for counting; `offset` is the instruction's, in bytes from the
    function's beginning, where the message is about one. The message says what, not what to do: who asked knows what
    was not tried yet (`assist.lift_text.could_not_be_lifted`)."""

    def __init__(self, message: str, what: str = "", offset: int | None = None) -> None:
        super().__init__(message)
        self.what = what
        self.offset = offset


@dataclass(frozen=True)
class Lifted:
    """`ir` is a whole module as it was written down, before LLVM's clean-up. `notes` say where the IR knows
    less than the machine (such as a division by zero, which IR leaves undefined). `sizes` are the bytes of data and
    their alignment, by the names under which `ir` declares it and the object defines it."""

    ir: str
    notes: tuple[str, ...] = ()
    sizes: Mapping[str, tuple[int, int]] = field(default_factory=dict)
