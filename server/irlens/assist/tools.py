"""What every assistance needs besides a model: LLVM, the emulator and the mechanical lifter, kept together."""

from __future__ import annotations

from dataclasses import dataclass

from irlens.emulator.client import Emulator
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter


@dataclass(frozen=True)
class Tools:
    """The clients of the child processes. Nothing starts before its first use or `warm`."""

    llvm: LLVM
    emulator: Emulator
    lifter: MechanicalLifter

    def warm(self) -> None:
        """Start the workers in the background; returns at once."""
        for client in (self.llvm, self.emulator, self.lifter):
            client.warm()

    def close(self) -> None:
        """End the workers. Jobs under way end in `Cancelled`."""
        for client in (self.llvm, self.emulator, self.lifter):
            client.close()
