"""The server's backends for tests: a real LLVM shared by tests, a model that says what it is told to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from irlens.assist.tools import Tools
from irlens.assist.tune_client import BackgroundTuner
from irlens.emulator.client import Emulator
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter
from irlens.settings import Settings
from irlens.tuning.cache import Cache, Memory
from support.fake_model import FakeModel
from support.scripted_family import ScriptedFamily


@dataclass
class ScriptedBackends:
    real_llvm: LLVM
    fake: FakeModel = field(default_factory=lambda: FakeModel(ScriptedFamily()))
    configured: list[Settings] = field(default_factory=list)
    can_run: Callable[[str], bool] = lambda name: True
    kept_tools: Tools | None = None
    tuner: BackgroundTuner | None = None
    kept: Cache = field(default_factory=Memory)
    for_task: dict[str, FakeModel] = field(default_factory=dict)

    def llvm(self) -> LLVM:
        return self.real_llvm

    def tools(self) -> Tools:
        if self.kept_tools is None:
            self.kept_tools = Tools(self.real_llvm, Emulator(), MechanicalLifter())
        return self.kept_tools

    def background(self) -> BackgroundTuner:
        assert self.tuner is not None, "this test searches in the background: give it a tuner"
        return self.tuner

    def cache(self) -> Cache:
        return self.kept

    def model(self, task: str | None = None) -> FakeModel:
        """`for_task` names others than `fake`."""
        return self.for_task.get(task or "", self.fake)

    def runnable(self) -> Callable[[str], bool]:
        return self.can_run

    def listen(self, on_model_state: Callable[[str, str], None]) -> None:
        self.fake.on_state = on_model_state

    def open_folders(self, folders: tuple[str, ...]) -> None:
        pass

    def configure(self, settings: Settings) -> None:
        self.configured.append(settings)

    def close(self) -> None:
        self.fake.close()
        if self.kept_tools is not None:
            self.kept_tools.close_besides_llvm()  # which is shared, also behind a stand-in of a test's
