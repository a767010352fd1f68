"""The real LLVM, emulator and mechanical lifter for replies in the published shapes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from irlens.assist.tools import Tools
from irlens.assist.tune_client import BackgroundTuner
from irlens.emulator.client import Emulator
from irlens.llvm.client import LLVM
from irlens.lsp.server import IrlensServer, create_server
from irlens.mechanical.client import MechanicalLifter
from irlens.model.prompts.llm_compiler import LlmCompilerFamily
from support.fake_model import FakeModel
from support.scripted_backends import ScriptedBackends


@pytest.fixture(scope="session")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as client:
        yield client


@pytest.fixture(scope="session")
def tools(llvm: LLVM) -> Iterator[Tools]:
    with Emulator() as emulator, MechanicalLifter() as lifter:
        made = Tools(llvm, emulator, lifter)
        yield made
        made.close()


@pytest.fixture(scope="session")
def tuner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackgroundTuner]:
    client = BackgroundTuner(tmp_path_factory.mktemp("tune") / "tune.sqlite", None, 2048)
    yield client
    client.close()


@pytest.fixture
def backends(llvm: LLVM, tuner: BackgroundTuner) -> ScriptedBackends:
    """The fine-tuned weights for lift and tune, the plain ones for predict, as the paper's Table 7 asks."""
    ftd = FakeModel(LlmCompilerFamily(fine_tuned=True), "llm-compiler-7b-ftd", context=16384)
    plain = FakeModel(LlmCompilerFamily(fine_tuned=False), "llm-compiler-7b", context=16384)
    return ScriptedBackends(llvm, ftd, tuner=tuner, for_task={"predict": plain})


@pytest.fixture
def server(backends: ScriptedBackends) -> IrlensServer:
    return create_server(backends=backends)
