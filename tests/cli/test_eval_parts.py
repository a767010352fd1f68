"""Rows that an earlier run of an evaluation left, or that somebody else did."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import pytest

from irlens.cli import eval as evaluations
from irlens.errors import UnusableInput
from irlens.evals.lift_run import begin


def test_rows_that_cannot_be_read_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(arguments: argparse.Namespace) -> int:
        raise KeyError("case")

    monkeypatch.setattr(evaluations, "_run", fails)
    arguments = argparse.Namespace(output=str(tmp_path))
    with pytest.raises(KeyError):  # a fault of ours is none of the folder's
        evaluations.run(arguments)
    (tmp_path / "eval-lift.part").write_text("{}\n1\n")
    with pytest.raises(UnusableInput, match=r"eval-lift.part: .* Delete that file"):
        evaluations.run(arguments)


@pytest.mark.skipif(not hasattr(os, "link"), reason="no hard links")
def test_rows_are_not_written_into_another_file(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_text("mine\n")
    (tmp_path / "out").mkdir()
    part = tmp_path / "out" / "eval-lift.part"
    os.link(mine, part)
    with pytest.raises(UnusableInput, match="hard link"):
        begin(part, {"evaluation": "lift"})
    assert mine.read_text() == "mine\n"
