"""`irlens compare` as a shell runs it: assembly and IR in any pairing, verdicts, counterexamples, errors."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from irlens.llvm.client import LLVM

X86, AARCH64 = "x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"

STEP = """declare i32 @g(i32)
define i32 @step(i32 %a, ptr %p) {
  %x = load i32, ptr %p
  %y = add i32 %a, %x
  %z = icmp slt i32 %y, 0
  br i1 %z, label %t, label %e
t:
  %c = call i32 @g(i32 %y)
  ret i32 %c
e:
  store i32 7, ptr %p
  ret i32 %y
}
define i64 @twice(i64 %a) {
  %b = shl i64 %a, 1
  ret i64 %b
}
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "right.ll").write_text(STEP)
    (tmp_path / "same.ll").write_text(STEP.replace("shl i64 %a, 1", "add i64 %a, %a"))
    (tmp_path / "wrong.ll").write_text(STEP.replace("store i32 7", "store i32 8"))
    (tmp_path / "other.ll").write_text(STEP.replace("@step", "@walk").replace("@twice", "@thrice"))
    with LLVM(workers=1) as llvm:
        (tmp_path / "x86.s").write_text(llvm.lower(STEP, X86))
        (tmp_path / "arm.s").write_text(llvm.lower(STEP, AARCH64))
    return tmp_path


def compare(*arguments: object) -> tuple[int, str, str]:
    ended = subprocess.run(
        [sys.executable, "-m", "irlens", "compare", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return ended.returncode, ended.stdout, ended.stderr


def functions(*arguments: object) -> tuple[int, dict[str, Any]]:
    code, out, _ = compare(*arguments, "--json")
    return code, {each["name"]: each["evidence"] for each in json.loads(out)["functions"]}


@pytest.mark.parametrize(
    ("a", "b"), [("right.ll", "same.ll"), ("x86.s", "same.ll"), ("same.ll", "arm.s"), ("x86.s", "x86.s")]
)
def test_what_does_the_same_agrees(files: Path, a: str, b: str) -> None:
    code, found = functions(files / a, files / b)
    assert {name: each["outcome"] for name, each in found.items()} == {"step": "agrees", "twice": "agrees"}
    assert code == 0
    assert all(each["covered"] == 1.0 and each["inputs"] >= 60 for each in found.values())
    assert all(each["counterexample"] is None for each in found.values())


@pytest.mark.parametrize("a", ["right.ll", "x86.s", "arm.s"])
def test_what_differs_has_a_counterexample(files: Path, a: str) -> None:
    code, found = functions(files / a, files / "wrong.ll")
    assert code == 1
    assert found["twice"]["outcome"] == "agrees"
    step = found["step"]
    assert step["outcome"] == "disagrees"
    assert len(step["counterexample"]["arguments"]) == 2
    assert "7" in step["counterexample"]["original"]
    assert "8" in step["counterexample"]["candidate"]


def test_a_reader_is_told_in_words_and_by_file(files: Path) -> None:
    code, out, _ = compare(files / "right.ll", files / "wrong.ll", "--function", "step")
    assert code == 1
    assert out.startswith("step: disagrees: ")
    assert "argument 1 (i32) = " in out
    assert f"{files / 'wrong.ll'} " in out
    assert "twice" not in out


def test_the_same_seed_gives_the_same_answer(files: Path) -> None:
    def without_time(seed: int) -> dict[str, Any]:
        _, found = functions(files / "x86.s", files / "wrong.ll", "--seed", seed)
        return {name: {**each, "seconds": 0} for name, each in found.items()}

    assert without_time(5) == without_time(5)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["right.ll", "other.ll"], "no function of the same name"),
        (["right.ll", "same.ll", "--function", "nothing"], "Choose one of: step, twice"),
        (["x86.s", "arm.s"], "Compile one of them"),
        (["right.ll", "gone.ll"], "no such file"),
        (["right.ll", "same.ll", "--inputs", "0"], "at least one input"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_line(files: Path, arguments: list[str], said: str) -> None:
    paths = [str(files / each) if each.endswith((".ll", ".s")) else each for each in arguments]
    code, out, err = compare(*paths)
    assert code == 2
    assert out == ""
    assert said in err
    assert err.count("\n") == 1
