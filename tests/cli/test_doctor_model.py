"""The self-test of `irlens doctor`, on models that are slower than it waits for by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from irlens.cli import doctor_model
from irlens.cli.doctor import _print
from irlens.model.client import Model
from support.tiny_gguf import write_tiny


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Model]:
    path = write_tiny(tmp_path_factory.mktemp("model") / "x.gguf", context=1024)
    with Model(str(path)) as model:
        yield model


@pytest.mark.parametrize("longest", [30.0, 0.0])
def test_a_slow_model_is_given_the_time_for_one_part(
    model: Model, longest: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor_model, "HALF_S", 0.0)
    monkeypatch.setattr(doctor_model, "LONGEST_S", longest)
    found = doctor_model.examine(model)
    speeds = [found["read_tokens_per_second"], found["written_tokens_per_second"]]
    # Where not even that can be had, it is not called a speed of nothing.
    assert speeds == [None, None] if longest == 0 else all(speeds)


def test_what_could_not_be_measured_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    opt = [
        {"path": "/bin/opt", "version": "14.0", "usable": False, "why_not": "too old"},
        {"path": "/bin/opt-19", "version": "19.1", "usable": True, "why_not": ""},
    ]
    assemblers: dict[str, list[str]] = {"x86_64": ["as"], "aarch64": []}
    _print({"llvm": {"opt": opt, "assemblers": assemblers}, "model": {"read": None}}, [])
    shown = capsys.readouterr().out.splitlines()
    assert "  opt: /bin/opt (14.0: too old), /bin/opt-19 (19.1)" in shown
    assert "  assemblers: x86_64: as; aarch64: none" in shown
    assert "  read: not measured" in shown
