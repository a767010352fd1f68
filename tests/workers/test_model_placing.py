"""Loading with layers on a GPU, with the GPU stood in for: what fits, what fails, what is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import pytest

from irlens.errors import ModelUnavailable
from irlens.model import client
from irlens.model.child import ChildGone
from irlens.model.client import Model
from irlens.model.engine import EngineOptions
from irlens.model.engines import loading
from irlens.model.gpu import Device
from support.tiny_gguf import write_tiny

GIB = 1 << 30


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_tiny(tmp_path_factory.mktemp("placing") / "tiny.gguf", layers=8))


@dataclass
class Loads:
    """Stands in for an engine: of how many layers each try placed, `most` work."""

    most: int = 1000
    tried: list[int | None] = field(default_factory=list)

    def load(self, path: str, options: EngineOptions) -> Any:
        self.tried.append(options.gpu_layers)
        if (options.gpu_layers or 0) > self.most:
            raise ModelUnavailable("out of memory on the GPU. Choose fewer layers.")
        return object()


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> Loads:
    found = Loads()
    monkeypatch.setattr(loading, "_loader", lambda name: found.load)
    return found


def gpus(monkeypatch: pytest.MonkeyPatch, *devices: Device, why: str = "") -> None:
    monkeypatch.setattr(loading, "devices_of", lambda name: (list(devices), why))


def test_all_layers_go_to_a_gpu_with_room(tiny: str, loads: Loads, monkeypatch: pytest.MonkeyPatch) -> None:
    gpus(monkeypatch, Device("Some GPU", 8 * GIB, 8 * GIB))
    placed: list[int] = []
    _, why = loading.load_engine("llama-cpp-python", tiny, EngineOptions(), placed.append)
    assert loads.tried == placed == [9]
    assert why == "all of it fits Some GPU (8.0 GiB free)"


def test_no_gpu_is_the_cpu_with_the_reason(tiny: str, loads: Loads, monkeypatch: pytest.MonkeyPatch) -> None:
    gpus(monkeypatch, why="llama.cpp finds no GPU")
    _, why = loading.load_engine("llama-cpp-python", tiny, EngineOptions())
    assert (loads.tried, why) == ([0], "llama.cpp finds no GPU")


def test_a_number_that_is_set_is_taken_and_nothing_else_is_tried(
    tiny: str, loads: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads.most = 3
    assert (
        loading.load_engine("llama-cpp-python", tiny, EngineOptions(gpu_layers=2))[1]
        == "gpuLayers is set to 2"
    )
    with pytest.raises(ModelUnavailable, match="fewer layers"):
        loading.load_engine("llama-cpp-python", tiny, EngineOptions(gpu_layers=7))
    assert loads.tried == [2, 7]


def test_what_fails_is_tried_with_fewer_and_in_the_end_none(
    tiny: str, loads: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    gpus(monkeypatch, Device("Some GPU", 8 * GIB, 8 * GIB))
    loads.most = 2
    _, why = loading.load_engine("llama-cpp-python", tiny, EngineOptions())
    assert loads.tried == [9, 4, 2]
    assert "4 of 9 layers could not be loaded (out of memory" in why
    loads.tried.clear()
    loads.most = -1
    with pytest.raises(ModelUnavailable):
        loading.load_engine("llama-cpp-python", tiny, EngineOptions())
    assert loads.tried == [9, 4, 2, 1, 0]


class DyingChild:
    """A worker whose driver ends it while layers are placed; one that places none does not die."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.alive = True
        self.pid = 1
        self._answers: Iterator[dict[str, Any] | None] = iter(())

    def send(self, message: dict[str, Any]) -> None:
        asked.append(message["options"]["gpu_layers"])
        number = message["id"]
        if asked[-1] == 0:
            loaded = {"name": "", "engine": "x", "device": "CPU", "context": 8, "why_device": "set"}
            self._answers = iter([{"id": number, "placing": 0}, {"id": number, "loaded": loaded}])
        else:
            self._answers = iter([{"id": number, "placing": 33}, None])

    def watched(self) -> AbstractContextManager[None]:
        return nullcontext()

    def receive(self) -> dict[str, Any]:
        answer = next(self._answers)
        if answer is None:
            raise ChildGone("signal 6; it last printed: CUDA error")
        return json.loads(json.dumps(answer))

    def kill(self) -> None:
        self.alive = False

    close = kill


asked: list[int | None] = []


def test_a_process_that_dies_over_its_gpu_is_replaced_by_one_without(
    tiny: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked.clear()
    monkeypatch.setattr(client, "_start", DyingChild)
    model = Model(tiny)
    model.load()
    assert asked == [None, 0]
    assert model.state == "ready"
    assert model.info().why_device.startswith(
        "placing 33 layers on the GPU ended the model's process (signal 6"
    )
    asked.clear()
    with pytest.raises(ModelUnavailable, match="signal 6"):
        Model(tiny, gpu_layers=33).load()
    assert asked == [33]


def test_the_real_worker_says_why_it_lies_where_it_does(tiny: str) -> None:
    with Model(tiny, threads=1) as model:
        assert model.info().why_device == ""
        model.load()
        assert model.info().device.startswith("CPU")
        assert model.info().why_device
