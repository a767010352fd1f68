"""Runs the original instruction by instruction, to tell values that are passed on from values that are used up.

A candidate may say that a callee takes fewer arguments than the original gives it, or that the function returns
nothing: then nothing of those would be compared. What the original writes to such a register, with an
instruction whose only effect that is, and what nothing reads before the call or the return, is an argument or a
result all the same. Whether something reads it is tried: the run is repeated with another value there.
"""

from __future__ import annotations

from collections.abc import Sequence

import unicorn as uc
from unicorn import arm64_const as a64
from unicorn import x86_const as x86

from irlens.emulator.inputs import Memory
from irlens.emulator.layout import Image, World
from irlens.emulator.machine import Bank, Machine
from irlens.emulator.trace import Start, Trace

_MOST_STEPS = 3_000
_FLIP = 0x5A5A5A5A5A5A5A5A
Writers = dict[int, tuple[int, int]]
"""By register number (arguments, then the result's): the step after the last write since the last call, and
the writing instruction's address."""


class Stepper(Machine):
    """A machine that remembers who wrote the argument and result registers of the original."""

    def __init__(self, world: World, memory: Memory) -> None:
        super().__init__(world, memory)
        registers = self._registers
        self._watched = registers.arguments if world.arm else (*registers.arguments, registers.results[0])
        self._watched_bank = Bank(self._uc, self._watched)
        self._flags_bank = Bank(self._uc, (a64.UC_ARM64_REG_NZCV,) if world.arm else (x86.UC_X86_REG_EFLAGS,))
        self.result_number = 0 if world.arm else len(registers.arguments)
        for start, end in world.images[0].own:
            self._uc.hook_add(uc.UC_HOOK_CODE, self._on_step, begin=start, end=end - 1)
        self._reset()

    def _reset(self) -> None:
        self._step = 0
        self._before: list[int] | None = None
        self._previous = 0
        self._writers: Writers = {}
        self.at_calls: list[Writers] = []
        self._change: tuple[int, int, int] | None = None
        self.path: list[int] = []
        self.flags: list[int] = []
        self._call_steps: list[int] = []

    def stepped(
        self, start: Start, change: tuple[int, int, int] | None = None
    ) -> tuple[Trace, list[Writers], Writers]:
        """The original's run, who wrote what at each recorded call, and at the end. `change` gives a step, a
        register's number and a mask that its value is changed by at that step."""
        self._reset()
        self._change = change
        trace = self.run(self._world.images[0], start)
        if self._step > _MOST_STEPS:
            trace.end = "limit"
        return trace, self.at_calls, dict(self._writers)

    def _on_step(self, _: uc.Uc, address: int, size: int, data: object) -> None:
        if self._step > _MOST_STEPS:
            self._uc.emu_stop()
            return
        if self._change is not None and self._change[0] == self._step:
            register = self._watched[self._change[1]]
            self._uc.reg_write(register, int(self._uc.reg_read(register)) ^ self._change[2])
        values = self._watched_bank.read()[0]
        if self._before is not None:
            for number, (old, new) in enumerate(zip(self._before, values, strict=True)):
                if old != new:
                    self._writers[number] = (self._step, self._previous)
        self.flags.append(self._flags_bank.read()[0][0] & 0xF00008D5)
        self._before = values
        self._previous = address
        self.path.append(address)
        self._step += 1

    def _called(self, image: Image, target: int) -> int | None:
        count = len(self._trace.calls)
        writers = dict(self._writers)
        self._writers.clear()
        self._before = None
        self._call_steps.append(self._step)
        back = super()._called(image, target)
        if len(self._trace.calls) > count:
            self.at_calls.append(writers)
        return back

    def only_writes(self, address: int, following: Sequence[int]) -> bool:
        """Whether the instruction's one effect is the register it writes: it sets no flags, or none of the
        instructions that follow it (up to the call or the return) reads them."""
        code = self._world.images[0].bytes_at
        if self._world.arm:
            word = int.from_bytes(code(address, 4), "little")
            logical = word & 0x1F000000 in (0x0A000000, 0x12000000) and word >> 29 & 3 == 3
            return not (word & 0x3F000000 in (0x31000000, 0x2B000000) or logical)
        if (
            0x58 <= _x86_opcode(code(address, 15))[0] <= 0x5F
        ):  # pop: compilers only take room off the stack so
            return False
        return _x86_moves(code(address, 15)) or not any(_x86_reads_flags(code(at, 15)) for at in following)

    def following(self, step: int) -> list[int]:
        """Addresses of the instructions from a step on, up to the next call."""
        end = next((at for at in self._call_steps if at >= step), len(self.path))
        return self.path[step:end]


def _x86_opcode(code: bytes) -> tuple[int, bytes]:
    at = 0
    while at < len(code) - 3 and code[at] in (0x66, 0xF2, 0xF3):
        at += 1
    if 0x40 <= code[at] <= 0x4F:
        at += 1
    return code[at], code[at + 1 : at + 3]


def _x86_reads_flags(code: bytes) -> bool:
    """jcc, setcc, cmovcc, adc, sbb, pushf and the like."""
    opcode, rest = _x86_opcode(code)
    if opcode == 0x0F:
        return rest[0] >> 4 in (4, 8, 9)
    if opcode in (0x80, 0x81, 0x83):
        return rest[0] >> 3 & 7 in (2, 3)
    return 0x70 <= opcode <= 0x7F or 0x10 <= opcode <= 0x1D or opcode in (0x9C, 0x9F, 0xE0, 0xE1, 0xF5)


def _x86_moves(code: bytes) -> bool:
    """mov, movzx, movsx, lea, setcc, cmovcc, conversions to integers, and `xor` of a register with itself."""
    opcode, rest = _x86_opcode(code)
    if opcode == 0x0F:
        second = rest[0]
        return (
            second in (0xB6, 0xB7, 0xBE, 0xBF, 0x2C, 0x2D, 0x7E)
            or 0x90 <= second <= 0x9F
            or 0x40 <= second <= 0x4F
        )
    if opcode in (0x31, 0x33):
        return rest[0] >> 6 == 3 and rest[0] >> 3 & 7 == rest[0] & 7
    return opcode in (0x88, 0x89, 0x8A, 0x8B, 0x8D, 0x63, 0xC6, 0xC7) or 0xB0 <= opcode <= 0xBF


FLIPS = (_FLIP, (1 << 64) - 1)
