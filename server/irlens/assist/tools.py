"""What every assistance needs besides a model: LLVM, the emulator and the mechanical lifter, kept together."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property

from irlens.emulator.client import Emulator
from irlens.llvm.client import LLVM
from irlens.llvm.compilers import Compilers
from irlens.llvm.session import Session
from irlens.mechanical.client import MechanicalLifter


def at_once() -> int:
    """Emulators that run side by side: as many as there are cores, up to four."""
    return min(4, os.cpu_count() or 1)


@dataclass(frozen=True)
class Tools:
    """The clients of the child processes. Nothing starts before its first use or `warm`."""

    llvm: LLVM
    emulator: Emulator
    lifter: MechanicalLifter

    @cached_property
    def compilers(self) -> Compilers:
        """Who compiles for searches."""
        return Compilers(self.llvm, os.cpu_count() or 1, self.llvm.opt_setting, self.llvm.measure_with)

    @property
    def session(self) -> Session:
        """The LLVM whose numbers are shown."""
        return Session(self.llvm, self.compilers)

    @cached_property
    def emulators(self) -> Emulator:
        """As many as there are cores, up to four, for many functions at once."""
        count = at_once()
        return self.emulator if self.emulator.workers >= count else Emulator(workers=count)

    def warm(self, at_once: int | None = None, *, lifts: bool = True) -> None:
        """Start the workers in the background, for so many jobs at a time (None: all there may be), with or without those
        that lift; returns at once."""
        for client in (self.llvm, self.emulator, *((self.lifter,) if lifts else ())):
            client.warm(at_once)

    def close(self) -> None:
        """End the workers. Jobs under way end in `Cancelled`."""
        self.llvm.close()
        self.close_besides_llvm()

    def close_besides_llvm(self) -> None:
        """End the workers but LLVM's, which belong to somebody else."""
        for client in (self.emulator, self.lifter):
            client.close()
        for name in ("compilers", "emulators"):
            if name in self.__dict__:
                self.__dict__[name].close()
