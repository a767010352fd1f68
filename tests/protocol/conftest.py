"""A server in the test's own process with a real LLVM and a scripted model, and the texts tests speak of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from irlens.llvm.client import LLVM
from irlens.lsp.server import IrlensServer, create_server
from support.scripted_backends import ScriptedBackends


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
