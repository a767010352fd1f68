"""How the tests of the served engine ask a scripted server. The fixtures are taken in by name, as in
`server = served_asking.server`; so that no surroundings of the machine count, `no_surroundings` is to be taken in by each.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from irlens.errors import ModelUnavailable
from irlens.model.engine import Ended, EngineOptions
from irlens.model.engines import served_http
from irlens.model.engines.served import ServedEngine
from irlens.model.engines.served_place import KEY_VARIABLE, ServerOptions
from irlens.model.types import GenerateOptions
from support.bad_server import BadServer

GREEDY = GenerateOptions(max_tokens=40)
QUICK = ServerOptions(connect_s=5, first_s=5, between_s=5, answer_s=5, retries=1)
KEY = "a-secret-that-must-not-show"
COMPLETIONS = "/v1/completions"


@pytest.fixture(autouse=True)
def no_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", KEY_VARIABLE):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served_http, "_FIRST_RETRY_S", 0.02)
    monkeypatch.setattr(served_http, "_BUSY_RETRY_S", 0.02)


@pytest.fixture
def server() -> Iterator[BadServer]:
    with BadServer() as server:
        yield server.vllm()


def engine_of(server: BadServer, options: ServerOptions = QUICK, **more: Any) -> ServedEngine:
    return ServedEngine(server.address, EngineOptions(**more), options)


def run(
    engine: ServedEngine, prompt: str = "a prompt", options: GenerateOptions = GREEDY, cancelled: Any = None
) -> tuple[str, Ended]:
    pieces: list[str] = []
    ended = engine.generate(prompt, options, pieces.append, cancelled or (lambda: False))
    return "".join(pieces), ended


def refusal(engine: ServedEngine, options: GenerateOptions = GREEDY) -> str:
    with pytest.raises(ModelUnavailable) as refused:
        run(engine, options=options)
    text = str(refused.value)
    assert text.endswith("."), text
    assert len(text) < 900
    return text
