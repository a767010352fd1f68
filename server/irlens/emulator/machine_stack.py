"""What the original leaves at the stack pointer for a call: with Apple's convention that may be an argument, whatever
registers the call uses. Nothing but a saved register or an argument is put down and never read."""

from __future__ import annotations

import unicorn as uc
from unicorn import arm64_const as a64

from irlens.emulator.inputs import STACK_HIGH, STACK_LOW

_SPAN = 64
"""Bytes at the stack pointer that are looked at."""
_KEPT = (
    *range(a64.UC_ARM64_REG_X19, a64.UC_ARM64_REG_X28 + 1),
    a64.UC_ARM64_REG_X29,
    a64.UC_ARM64_REG_X30,
    *range(a64.UC_ARM64_REG_D8, a64.UC_ARM64_REG_D15 + 1),
)


class StackWatch:
    """Of one machine. Offsets count from the stack pointer at a recorded call."""

    def __init__(self, engine: uc.Uc) -> None:
        self._uc = engine
        engine.hook_add(uc.UC_HOOK_MEM_WRITE, self._on_write, begin=STACK_LOW, end=STACK_HIGH - 1)
        engine.hook_add(uc.UC_HOOK_MEM_READ, self._on_read, begin=STACK_LOW, end=STACK_HIGH - 1)
        self.reset()

    def reset(self) -> None:
        self._stored: set[int] = set()
        self._read: set[int] = set()
        self._saved: set[int] = set()
        self._at_calls: list[tuple[int, frozenset[int]]] = []

    def called(self, sp: int) -> None:
        """A call was recorded."""
        there = frozenset(at for at in range(sp, sp + _SPAN) if at in self._stored)
        self._at_calls.append((sp, there))

    def left_at(self, number: int, offset: int, pointers: set[int]) -> bool:
        """Whether the word `offset` bytes behind the stack pointer of a call was put down before, and is read nowhere in
        the run. What one of the `pointers` leads to is a variable."""
        sp, stored = self._at_calls[number]
        word = set(range(sp + offset, sp + offset + 8))
        return bool(word & stored) and not word & (self._read | pointers)

    def _on_write(self, _: uc.Uc, access: int, address: int, size: int, value: int, data: object) -> None:
        if not self._stored and not self._saved:
            self._saved = {int(self._uc.reg_read(register)) for register in _KEPT} - {0}
        place = range(address, address + size)
        if value & ((1 << 64) - 1) in self._saved:
            self._stored.difference_update(place)
        else:
            self._stored.update(place)

    def _on_read(self, _: uc.Uc, access: int, address: int, size: int, value: int, data: object) -> None:
        self._read.update(range(address, address + size))
