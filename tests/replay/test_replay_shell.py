"""The commands as a user runs them, with a server that answers as LLM Compiler did: what goes over the wire byte for byte,
and what is printed of the replies."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support import listings
from support.bad_server import BadServer
from support.replay_server import prompts, serving


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sum.ll").write_text(listings.RAW)
    (tmp_path / "sum.s").write_text(listings.OPTIMISED_ASM)
    (tmp_path / "loop.ll").write_text(listings.LOOP)
    return tmp_path


def irlens(folder: Path, server: BadServer, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "irlens", *words, "--model", server.address, "--ask-anew"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


def report(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.stdout.count("\n") == 1, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


TUNE = ("tune", "--codegen", "paper", "--budget", "12", "--no-cache")


def test_lift(folder: Path) -> None:
    with serving(listings.DISASSEMBLED) as server:
        done = irlens(folder, server, "lift", "sum.s")
        assert prompts(server) == [listings.DISASSEMBLE_PROMPT]
        (body,) = server.posted()
    assert (body["temperature"], body["stop"]) == (0, ["</code>"])
    assert done.returncode == 0, done.stderr
    assert "model llm-compiler-7b-ftd" in done.stdout
    assert "sum: round-trips" in done.stdout
    assert "%add = add nsw i32 %y, %x" in done.stdout


def test_lift_of_a_wrong_answer(folder: Path) -> None:
    wrong = listings.DISASSEMBLED.replace("add nsw", "sub nsw")
    with serving(wrong) as server:
        [function] = report(
            irlens(folder, server, "lift", "sum.s", "--candidates", "1", "--origin", "model", "--json")
        )["functions"]
    assert function["verdict"] == "disagrees"
    assert function["evidence"]["emulation"]["outcome"] == "disagrees"


def test_predict(folder: Path) -> None:
    with serving(listings.EMULATED_IR, name="llm-compiler-7b") as server:
        done = irlens(folder, server, "predict", "sum.ll", "--passes", listings.OZ)
        assert prompts(server) == [listings.EMULATE_IR_PROMPT]
    assert done.returncode == 0, done.stderr
    assert "before          8 instructions" in done.stdout
    assert "65 bytes before, 53 predicted, 53 measured" in done.stdout
    assert "the predicted IR is what LLVM made\n" in done.stdout


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("  " + listings.emulated(listings.RAW, 8, 65), "the predicted IR is the input unchanged"),
        (listings.EMULATED_IR[:520], "the predicted IR was cut off, and is refused by LLVM"),
        (listings.emulated(listings.OPTIMISED.replace("@sum", "@f")), "is of another function"),
        ("<|im_start|>assistant\n" + listings.EMULATE_IR_PROMPT, "raw text, not its chat endpoint"),
        ("I do not know.", "it has neither counts nor <code>"),
    ],
)
def test_predict_of_replies_gone_wrong(folder: Path, reply: str, words: str) -> None:
    """LLVM has measured, whatever the model said: the command has done what it was asked for."""
    with serving(reply, name="llm-compiler-7b") as server:
        done = irlens(folder, server, "predict", "sum.ll", "--passes", listings.OZ)
    assert words in done.stdout
    assert done.returncode == 0, done.stdout
    assert "measured        2 instructions" in done.stdout


def test_tune(folder: Path) -> None:
    with serving(listings.REDUCED + "\n\nThis will produce code:\n\n<code>;") as server:
        found = report(irlens(folder, server, *TUNE, "sum.ll", "--json"))
        assert prompts(server) == [listings.TUNE_PROMPT] * 4
    assert (found["before"]["bytes"], found["oz"]["bytes"], found["best"]["bytes"]) == (65, 53, 53)
    assert (found["model"]["passes"], found["model"]["bytes"]) == (listings.OZ, 53)


def test_tune_says_what_was_put_right_and_what_was_left_out(folder: Path) -> None:
    lists = ["function(licm),module(default<Oz>),", "module(default<Oz>),function(instsimplfy)"]
    with serving(*(listings.reduced_by(passes) for passes in lists)) as server:
        done = irlens(folder, server, *TUNE, "loop.ll")
    assert done.returncode == 0, done.stderr
    assert "repaired: trailing comma removed; licm put inside loop-mssa(...)" in done.stdout
    assert "left out: module(default<Oz>),function(instsimplfy): " in done.stdout


def test_tune_of_an_answer_without_a_list(folder: Path) -> None:
    with serving(listings.NOT_REDUCED) as server:
        done = irlens(folder, server, *TUNE, "sum.ll")
        assert len(prompts(server)) == 1
    assert "no list from the model: the model says that nothing smaller can be had" in done.stdout
    assert "best: 53 bytes" in done.stdout


def test_the_tables_of_the_paper(folder: Path) -> None:
    """`irlens eval flags` over the same server: the two modules are asked about whole."""
    (folder / "sum.s").unlink()
    answers = [
        listings.reduced_by("cgscc(function(instcombine<no-verify-fixpoint>))", 146, 145),
        listings.REDUCED,
    ]
    with serving(*answers) as server:
        found = report(irlens(folder, server, "eval", "flags", ".", "--json"))
        assert prompts(server)[1:] == [listings.TUNE_PROMPT]
    ours = found["summary"][0]
    assert ours["model"] == f"llm-compiler-7b-ftd at 127.0.0.1:{server.port}"
    assert (ours["n"], ours["asked"], ours["improved"], ours["regressed"]) == (2, 2, 1, 0)
    assert found["engines"][0] not in ("ctransformers", "none", "")
    assert [row["bytes"] for row in found["functions"] if row["model"] == ours["model"]] == [145, 53]


def test_a_prompt_over_the_limit_counts_as_oz(folder: Path) -> None:
    with serving(listings.reduced_by("function(reg2mem)")) as server:
        found = report(
            irlens(
                folder, server, "eval", "flags", ".", "--prompt-limit", "100", "--split", "never", "--json"
            )
        )
        asked = len(prompts(server))
    ours = found["summary"][0]
    assert (ours["n"], ours["too_long"], asked) == (2, 2 - asked, ours["asked"])
    assert ours["too_long"] >= 1


def test_a_model_named_twice_is_refused(folder: Path) -> None:
    with serving(listings.REDUCED) as server:
        done = irlens(folder, server, "eval", "flags", "sum.ll", "--model", server.address)
    assert done.returncode == 2
    assert "is to be measured twice. Name each model once." in done.stderr
