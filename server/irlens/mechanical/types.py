"""What the mechanical lifter is asked and what it answers. Plain data, and its one error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

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


class Varnode(NamedTuple):
    """A storage place of P-code. `space` is "register", "unique", "const" or "ram"; `size` is in bytes."""

    space: str
    offset: int
    size: int


class Op(NamedTuple):
    """One P-code operation, by Ghidra's name of it."""

    name: str
    out: Varnode | None
    ins: tuple[Varnode, ...]


@dataclass(frozen=True)
class Instruction:
    """One machine instruction with what it means. `text` is its disassembly."""

    address: int
    length: int
    ops: tuple[Op, ...]
    text: str

    @property
    def end(self) -> int:
        return self.address + self.length
