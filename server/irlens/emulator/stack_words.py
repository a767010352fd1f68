"""Words that a function leaves at the bottom of its frame for what it calls: arguments on the stack."""

from __future__ import annotations

import re

from irlens.emulator.decode import Instruction
from irlens.emulator.inputs import STACK_HIGH, STACK_LOW

_KEPT = re.compile(r"r(?:b[xp]|1[2-5])$")
"""Registers whose push keeps the caller's value."""
_BY_FRAME_POINTER = re.compile(r"\[(?:rbp|x29)\b")
"""A store by the frame pointer is one to a local variable."""


class StackWords:
    """Told of each stack access and each call of a run, it knows which words were written before a call, from the stack
    pointer up, and were not read again. Addresses are those of 8-byte words."""

    def __init__(self) -> None:
        self._stored: set[int] = set()
        self.room: set[int] = set()
        """Words that `push rax` has put down: mostly to make room, whatever rax holds."""
        self._pointed: set[int] = set()
        self._waiting: dict[int, list[set[int]]] = {}
        self.at_calls: list[tuple[int, set[int]]] = []
        """The stack pointer at each recorded call (of the first argument word), and the words above it."""
        self.room_at_calls: list[set[int]] = []
        """Those of them that `push rax` has put down."""

    def written(self, address: int, value: int, one: Instruction | None) -> None:
        """A store of the instruction `one`."""
        word = address & -8
        self._waiting.pop(word, None)
        if STACK_LOW <= value < STACK_HIGH:
            self._pointed.add(value)
        self.room.discard(word)
        if one is None or not _may_pass(one):
            self._stored.discard(word)
        else:
            self._stored.add(word)
            if one.name == "push" and one.operands == "rax":
                self.room.add(word)

    def read(self, address: int, size: int) -> None:
        """A load: the words are the function's own."""
        for word in range(address & -8, address + size, 8):
            self._stored.discard(word)
            for words in self._waiting.pop(word, ()):
                words.discard(word)

    def carried_out(self) -> None:
        """A call that is no event: what was put down before it was not for the next one."""
        self._stored.clear()

    def called(self, bottom: int, arguments: list[int]) -> None:
        """A recorded call with the stack pointer at `bottom` and these values in argument registers."""
        self._pointed.update(arguments)
        words = set()
        at = bottom
        while at in self._stored and at not in self._pointed:
            words.add(at)
            self._waiting.setdefault(at, []).append(words)
            at += 8
        self._stored.clear()
        self.at_calls.append((bottom, words))
        self.room_at_calls.append(words & self.room)


def _may_pass(one: Instruction) -> bool:
    if one.name == "push":
        return not _KEPT.match(one.operands)
    return not _BY_FRAME_POINTER.search(one.operands)
