"""The one command, without network and clang, from nothing to a file that the engine loads."""

from __future__ import annotations

from pathlib import Path

import pytest

from irlens.model.client import Model
from irlens.model.types import GenerateOptions, LiftSource

pytest.importorskip("torch", reason="PyTorch is not installed: make .venv/installed-training")

import torch

from irlens.training import export
from irlens.training.__main__ import main


@pytest.mark.parametrize("how", [["--scratch"], ["--layers", "12"]])
def test_one_command_makes_a_model(how: list[str], tmp_path: Path) -> None:
    size = ["--shards", "2", "--functions", "100", "--minutes", "0.05", "--jobs", "1", "--threads", "1"]
    shipped = export.FILE.read_bytes()
    main(["--work", str(tmp_path), "--generated-only", *size, *how])
    made = tmp_path / export.FILE.name
    lifted = "define i32 @f(i32 %a) {\n  ret i32 %a\n}\n"
    source = LiftSource("f:\n\tmovl\t%edi, %eax\n\tretq\n", "f", "x86_64-unknown-linux-gnu", lifted)
    with Model(str(made)) as model:
        assert model.info().family == "irlens"
        prompt = model.family().lift(source)
        assert prompt is not None
        # After seconds of training the likeliest reply may be none; among others there are some.
        replies = [
            model.generate(prompt.text, GenerateOptions(max_tokens=8, temperature=2.0, seed=seed))
            for seed in range(16)
        ]
        assert any(reply.tokens for reply in replies)
    assert export.FILE.read_bytes() == shipped
    if "--layers" in how:
        assert torch.load(tmp_path / "checkpoint.pt", weights_only=True)["shape"]["layers"] == 12
    assert "done:" in (tmp_path / "train.log").read_text()
    # Given again, it goes on where it stopped: here, nowhere.
    main(["--work", str(tmp_path), "--generated-only", *size, *how])
    assert "tokens" in (tmp_path / "train.log").read_text().splitlines()[-1]
