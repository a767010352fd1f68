"""A server in the test's own process with a real LLVM and a scripted model, and the texts tests speak of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from irlens.llvm.client import LLVM
from irlens.lsp.server import IrlensServer, create_server
from irlens.settings import Settings
from support.fake_model import FakeModel
from support.scripted_family import ScriptedFamily


@dataclass
class ScriptedBackends:
    """A real LLVM shared by tests, a model that says what it is told to."""

    real_llvm: LLVM
    fake: FakeModel = field(default_factory=lambda: FakeModel(ScriptedFamily()))
    configured: list[Settings] = field(default_factory=list)
    can_run: Callable[[str], bool] = lambda name: True

    def llvm(self) -> LLVM:
        return self.real_llvm

    def model(self) -> FakeModel:
        return self.fake

    def runnable(self) -> Callable[[str], bool]:
        return self.can_run

    def configure(self, settings: Settings) -> None:
        self.configured.append(settings)

    def close(self) -> None:
        self.fake.close()


@pytest.fixture(scope="session")
def llvm() -> Iterator[LLVM]:
    with LLVM() as client:
        client.parse("")
        yield client


@pytest.fixture
def backends(llvm: LLVM) -> ScriptedBackends:
    return ScriptedBackends(llvm)


@pytest.fixture
def server(backends: ScriptedBackends) -> IrlensServer:
    return create_server(backends=backends)
