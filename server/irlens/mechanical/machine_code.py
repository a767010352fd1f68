"""Machine code as P-code says it: plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


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
