"""A server in the test's own process with a real LLVM and a scripted model, and the texts tests speak of."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from irlens.assist.tune_client import BackgroundTuner
from irlens.llvm.client import LLVM
from irlens.lsp.server import IrlensServer, create_server
from support.process import SERVE, Server
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


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def begin(command: list[str] | None = None) -> Server:
        servers.append(Server(tmp_path / f"stderr-{len(servers)}.log", command or SERVE))
        return servers[-1]

    yield begin
    for server in servers:
        server.process.kill()
        server.process.wait()
        sys.stderr.write(server.log.read_text())
