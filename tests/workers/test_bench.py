"""What `make bench` asks the embedded model."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from irlens.evals import bench


def test_the_speed_of_the_embedded_model_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    monkeypatch.setattr(bench, "LIFTS", 2)
    bench.measure_model()
    said = capsys.readouterr().out
    assert re.search(r"irlens-small .*: \d+ tokens/s \(median of 2\)", said)
    assert re.search(r"for a prompt of [1-9]\d+ tokens", said)
