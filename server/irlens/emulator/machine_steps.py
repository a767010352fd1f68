"""Runs the original instruction by instruction, to tell values that are passed on from values that are used up.

A candidate may say that a callee takes fewer arguments than the original gives it, or that the function returns
nothing: then nothing of those would be compared. What the original writes to such a register, with an
instruction whose only effect that is, and what nothing reads before the call or the return, is an argument or a
result all the same. Whether something reads it is tried: the run is repeated with another value there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import unicorn as uc
from unicorn import arm64_const as a64
from unicorn import x86_const as x86

from irlens.emulator.decode import KEPT, UNKNOWN, VECTORS, Decoder, copied
from irlens.emulator.inputs import STACK_HIGH, STACK_LOW, Memory
from irlens.emulator.layout import Image, World
from irlens.emulator.machine import Bank, Machine
from irlens.emulator.machine_stack import StackWatch
from irlens.emulator.stack_words import StackWords
from irlens.emulator.trace import Start, Trace

_MOST_STEPS = 3_000
SECOND_RESULT = 2
"""rdx, by its number among the arguments."""
_VECTOR_ARGUMENTS = 8
_FLIP = 0x5A5A5A5A5A5A5A5A
AS_GIVEN = 129
"""Bits of a vector register that holds what another one was given."""
Writers = dict[int, tuple[int, int]]
"""By register number (arguments, then the result's; vectors from `VECTORS`): the step after the last write since the last
call, and the writing instruction's address."""


class Stepper(Machine):
    """A machine that remembers who wrote the argument and result registers of the original."""

    def __init__(self, world: World, memory: Memory, *, packed: bool = False) -> None:
        super().__init__(world, memory)
        self.packed = StackWatch(self._uc) if packed else None
        registers = self._registers
        self._watched = registers.arguments if world.arm else (*registers.arguments, registers.results[0])
        self._flags_bank = Bank(self._uc, (a64.UC_ARM64_REG_NZCV,) if world.arm else (x86.UC_X86_REG_EFLAGS,))
        self.result_number = 0 if world.arm else len(registers.arguments)
        self._arguments = frozenset(
            (*range(len(registers.arguments)), *range(VECTORS, VECTORS + _VECTOR_ARGUMENTS))
        )
        self.decoder = Decoder(world.arm, world.images[0].bytes_at)
        for start, end in world.images[0].own:
            self._uc.hook_add(uc.UC_HOOK_CODE, self._on_step, begin=start, end=end - 1)
        for access, told in (
            (uc.UC_HOOK_MEM_WRITE, self._on_stack_write),
            (uc.UC_HOOK_MEM_READ, self._on_stack_read),
        ):
            self._uc.hook_add(access, told, begin=STACK_LOW, end=STACK_HIGH - 1)
        self._reset()

    def _reset(self) -> None:
        if self.packed is not None:
            self.packed.reset()
        self._step = 0
        self._previous = 0
        self.stack = StackWords()
        self.ever: set[int] = set()
        """Result and argument registers that hold more than they held at the beginning."""
        self.last_called: str | None = None
        """What was called last, empty for what was called through a pointer; None where nothing was."""
        self.used_of: dict[str, set[int]] = {}
        """By function that was called: which of its results were used before anything else was put there."""
        self._writers: Writers = {}
        self.meant: dict[int, int] = {}
        """How many bits of a register were put there on purpose, by its number, where that shows."""
        self.at_calls: list[Writers] = []
        self.as_given: list[frozenset[int]] = []
        """For each recorded call, the argument registers that hold what the function was given itself."""
        self.vector_counts: list[int] = []
        """What al held at each recorded call where it was put there as a number for it, else 0."""
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
            _, number, mask = self._change
            if number >= VECTORS:
                register = self._registers.vectors[number - VECTORS]
            else:
                register = self._watched[number]
            self._uc.reg_write(register, int(self._uc.reg_read(register)) ^ mask)
        before = self.decoder.at(self._previous) if self._previous else None
        if before is not None:
            bits = {number: self._bits(number, said) for number, said in before.writes.items()}
            if before.bitwise is not None:
                left, right = before.bitwise
                bits[left] = self._of_both(left, right, bits.get(left, UNKNOWN))
            self.meant.update(bits)
            self._writers.update(dict.fromkeys(bits, (self._step, self._previous)))
            self.ever.update(bits)
        here = self.decoder.at(address)
        if here is not None and self.last_called is not None:
            used = here.reads - self._writers.keys()
            self.used_of.setdefault(self.last_called, set()).update(used & {self.result_number, VECTORS})
        # Flags that nothing reads make no difference.
        if here is None or here.reads_flags:
            self.flags.append(self._flags_bank.read()[0][0] & 0xF00008D5)
        self._previous = address
        self.path.append(address)
        self._step += 1

    def _on_stack_write(
        self, _: uc.Uc, access: int, address: int, size: int, value: int, data: object
    ) -> None:
        if self._previous:  # else it is a called function's
            one = self.decoder.at(self._previous)
            self.stack.written(address, value & (1 << 64) - 1, one)

    def _on_stack_read(
        self, _: uc.Uc, access: int, address: int, size: int, value: int, data: object
    ) -> None:
        self.stack.read(address, size)

    def _bits(self, number: int, said: int) -> int:
        if said == KEPT:
            return self.meant.get(number, UNKNOWN)
        if said < KEPT:
            source = copied(said)
            # What was given has as many bits as anybody likes.
            return self.meant.get(source, UNKNOWN if source in self.ever or source < VECTORS else AS_GIVEN)
        return said

    def _of_both(self, left: int, right: int, said: int) -> int:
        """How many bits are meant of two registers that are combined bit by bit."""
        if left >= VECTORS:
            # Of two that were given: scalars are not combined so.
            return said if self.ever.intersection((left, right)) else 128
        both = [self.meant.get(number, UNKNOWN) for number in (left, right)]
        return max(both) if set(both) <= {8, 16} else said

    def _called(self, image: Image, target: int) -> int | None:
        count = len(self._trace.calls)
        writers = dict(self._writers)
        as_given = frozenset() if self._call_steps else self._arguments - self.ever
        self.ever.add(self.result_number)
        self._writers.clear()
        self.meant.clear()
        self._previous = 0
        self._call_steps.append(self._step)
        back = super()._called(image, target)
        recorded = len(self._trace.calls) > count
        self.last_called = self._world.name_of(target) or image.code_names.get(target, "")
        if recorded:
            self.at_calls.append(writers)
            self.as_given.append(as_given)
            self.vector_counts.append(self._vector_count(writers))
            if self.packed is not None:
                self.packed.called(self._trace.calls[-1].sp)
            here = self._trace.calls[-1]
            bottom = here.sp + (0 if self._world.arm else 8)
            self.stack.called(bottom, [] if self._takes_off(here.back) else list(here.general))
        else:
            self.stack.carried_out()
        return back

    def _vector_count(self, writers: Writers) -> int:
        """What al says of a variadic call: how many vector registers it uses, 1 to 8."""
        if self._world.arm or self.result_number not in writers:
            return 0
        one = self.decoder.at(writers[self.result_number][1])
        found = (
            re.fullmatch(r"(?:al|eax), (\d+)", one.operands)
            if one is not None and one.name == "mov"
            else None
        )
        number = int(found[1]) if found else 0
        return number if number <= 8 else 0

    def _takes_off(self, back: int) -> bool:
        """Whether the code behind a call takes arguments off the stack again: what was there was for the callee alone."""
        one = self.decoder.at(back)
        if one is None or one.name != "add" or not one.operands.startswith("rsp, "):
            return False
        after = self.decoder.at(back + one.size)
        return after is not None and after.name not in ("ret", "pop", "leave", "jmp")

    def only_writes(self, address: int, following: Sequence[int]) -> bool:
        """Whether the instruction's one effect is the register it writes: it sets no flags, or none of the
        instructions that follow it (up to the call or the return) reads them."""
        one = self.decoder.at(address)
        if one is None or one.name == "pop":  # compilers take room off the stack so
            return False
        if not one.sets_flags or (one.is_move and not self._world.arm):
            return True
        return not any(other is None or other.reads_flags for other in map(self.decoder.at, following))

    def makes_more(self, address: int, number: int) -> bool:
        """Whether the instruction there gives further results, which it may be there for. A multiplication with a result
        in two registers is there for the second."""
        one = self.decoder.at(address)
        return one is None or (one.many and not (one.name in ("mul", "imul") and number == SECOND_RESULT))

    def name_of(self, number: int) -> str:
        """A watched register's name."""
        if number >= VECTORS:
            return f"{'v' if self._world.arm else 'xmm'}{number - VECTORS}"
        return f"x{number}" if self._world.arm else ("rdi", "rsi", "rdx", "rcx", "r8", "r9", "rax")[number]

    def following(self, step: int) -> list[int]:
        """Addresses of the instructions from a step on, up to the next call."""
        end = next((at for at in self._call_steps if at >= step), len(self.path))
        return self.path[step:end]


FLIPS = (_FLIP, (1 << 64) - 1, 1 << 63, 1 << 31, 0x7FF << 52, 0xFF << 23, 1)
"""Masks that a value is changed by, until one makes a difference: a comparison may come out alike after some. Of 64 bits."""
