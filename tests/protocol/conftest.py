"""A server in the test's own process with a real LLVM and a scripted model, and the texts tests speak of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens.assist.tune_client import BackgroundTuner
from irlens.llvm.client import LLVM
from irlens.lsp.server import IrlensServer, create_server
from support.scripted_backends import ScriptedBackends


@pytest.fixture(scope="session")
def llvm() -> Iterator[LLVM]:
    with LLVM() as client:
        client.parse("")
        yield client


@pytest.fixture(scope="session")
def tuner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackgroundTuner]:
    folder: Path = tmp_path_factory.mktemp("tune")
    client = BackgroundTuner(folder / "tune.sqlite", None, 2048)
    yield client
    client.close()


@pytest.fixture
def backends(llvm: LLVM, tuner: BackgroundTuner) -> ScriptedBackends:
    return ScriptedBackends(llvm, tuner=tuner)


@pytest.fixture
def server(backends: ScriptedBackends) -> IrlensServer:
    return create_server(backends=backends)
