"""The server's backends for tests: a real LLVM shared by tests, a model that says what it is told to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from irlens.assist.tools import Tools
from irlens.emulator.client import Emulator
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter
from irlens.settings import Settings
from support.fake_model import FakeModel
from support.scripted_family import ScriptedFamily


@dataclass
class ScriptedBackends:
    real_llvm: LLVM
    fake: FakeModel = field(default_factory=lambda: FakeModel(ScriptedFamily()))
    configured: list[Settings] = field(default_factory=list)
    can_run: Callable[[str], bool] = lambda name: True
    judges: tuple[Emulator, MechanicalLifter] | None = None

    def llvm(self) -> LLVM:
        return self.real_llvm

    def tools(self) -> Tools:
        if self.judges is None:
            self.judges = (Emulator(), MechanicalLifter())
        return Tools(self.real_llvm, *self.judges)

    def model(self) -> FakeModel:
        return self.fake

    def runnable(self) -> Callable[[str], bool]:
        return self.can_run

    def listen(self, on_model_state: Callable[[str, str], None]) -> None:
        self.fake.on_state = on_model_state

    def configure(self, settings: Settings) -> None:
        self.configured.append(settings)

    def close(self) -> None:
        self.fake.close()
        for client in self.judges or ():
            client.close()
