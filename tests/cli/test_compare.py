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
        (["right.ll", "same.ll", "--function", "stpe"], "Did you mean step?"),
        (["right.ll"], "no pair of functions src and tgt"),
        (["right.ll", "--function", "step"], "--with"),
        (["right.ll", "same.ll", "--with", "step"], "--function F"),
        (["right.ll", "same.ll", "--function", "step", "--with", "walk"], "there is no function walk"),
        (["right.ll", "other.ll", "--rename", "stop=walk"], "has no function stop"),
        (["right.ll", "other.ll", "--rename", "step"], "is not OLD=NEW"),
        (["right.ll", "other.ll", "--rename", "step=walk", "--rename", "twice=walk"], "walk twice"),
        ([".", "same.ll"], "A folder is compared with a folder"),
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


def test_objects_are_compared_and_lifted(tmp_path: Path) -> None:
    module = STEP.replace("store i32 7", "store i32 8")
    with LLVM(workers=1) as llvm:
        (tmp_path / "a.o").write_bytes(llvm.emit_object(STEP, X86))
        (tmp_path / "b.o").write_bytes(llvm.emit_object(module, X86))
        (tmp_path / "a.s").write_text(llvm.lower(STEP, X86))
    code, out, err = compare(tmp_path / "a.o", tmp_path / "a.s")
    assert (code, [line.split(":")[1] for line in out.splitlines()[:2]]) == (0, [" agrees", " agrees"]), (
        out + err
    )
    code, out, _ = compare(tmp_path / "a.s", tmp_path / "b.o", "--function", "step")
    assert code == 1
    assert "step: disagrees" in out
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "irlens",
            "lift",
            str(tmp_path / "a.o"),
            "--function",
            "twice",
            "--origin",
            "mechanical",
        ],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert "twice: agrees" in ended.stdout
    assert "i64 @twice(i64 %arg0)" in ended.stdout
    (tmp_path / "mac.o").write_bytes(b"\xcf\xfa\xed\xfe" + bytes(200))
    code, _, err = compare(tmp_path / "mac.o", tmp_path / "a.s")
    assert code == 2
    assert "Mach-O" in err


# The sides


@pytest.mark.parametrize("a", ["right.ll", "x86.s"])
@pytest.mark.parametrize("b", ["wrong.ll", "wrong.s"])
def test_the_first_is_the_original_whatever_its_kind(files: Path, a: str, b: str) -> None:
    with LLVM(workers=1) as llvm:
        (files / "wrong.s").write_text(llvm.lower((files / "wrong.ll").read_text(), X86))
    code, out, _ = compare(files / a, files / b, "--function", "step", "--json")
    report = json.loads(out)
    assert code == 1
    assert (report["a"], report["b"]) == (str(files / a), str(files / b))
    found = report["functions"][0]["evidence"]["counterexample"]
    assert "0x7 " in found["original"]
    assert "0x8 " in found["candidate"]
    _, out, _ = compare(files / b, files / a, "--function", "step", "--json")
    found = json.loads(out)["functions"][0]["evidence"]["counterexample"]
    assert "0x8 " in found["original"]
    assert "0x7 " in found["candidate"]
    _, out, _ = compare(files / a, files / b, "--function", "step")
    assert f"    {files / a} wrote 0x7" in out
    assert f"    {files / b} wrote 0x8" in out


def test_what_the_original_leaves_undefined_is_no_difference(tmp_path: Path) -> None:
    """Its two builds do different things with `undef`, so that nothing can be held against the candidate."""
    text = "define i32 @f(i32 %n) {\n  %c = icmp slt i32 %n, 0\n  br i1 %c, label %a, label %b\na:\n"
    text += "  %u = add i32 undef, %n\n  ret i32 %u\nb:\n  %r = add i32 %n, 3\n  ret i32 %r\n}\n"
    (tmp_path / "a.ll").write_text(text)
    (tmp_path / "b.ll").write_text(text.replace("undef", "9"))
    with LLVM(workers=1) as llvm:
        for stem in ("a", "b"):
            (tmp_path / f"{stem}.s").write_text(llvm.lower((tmp_path / f"{stem}.ll").read_text(), X86))
    for b in ("b.ll", "b.s"):
        assert functions(tmp_path / "a.ll", tmp_path / b)[1]["f"]["outcome"] == "agrees"
    # In assembly nothing is undefined, and a register that it reads first may be an argument.
    evidence = functions(tmp_path / "a.s", tmp_path / "b.ll")[1]["f"]
    assert evidence["outcome"] == "unknown"
    assert "reads what it never wrote" in evidence["reason"]


def test_other_types_are_not_said_to_agree(tmp_path: Path) -> None:
    (tmp_path / "a.ll").write_text("define i32 @f(i32 %a) {\n  ret i32 %a\n}\n")
    (tmp_path / "b.ll").write_text("define void @f(i32 %a) {\n  ret void\n}\n")
    code, out, _ = compare(tmp_path / "a.ll", tmp_path / "b.ll")
    assert code == 1
    assert out.startswith("f: unknown: ")


# Functions of different names

PAIRS = """define i8 @src(i8 %x) {
  %r = sdiv i8 %x, 2
  ret i8 %r
}
define i8 @tgt(i8 %x) {
  %r = ashr i8 %x, 1
  ret i8 %r
}
define i8 @src1(i8 %x) {
  %r = mul i8 %x, 2
  ret i8 %r
}
define i8 @tgt1(i8 %x) {
  %r = shl i8 %x, 1
  ret i8 %r
}
define i8 @source(i8 %x) {
  ret i8 %x
}
"""


def test_src_and_tgt_of_one_file(tmp_path: Path) -> None:
    path = tmp_path / "p.ll"
    path.write_text(PAIRS)
    code, out, _ = compare(path, "--json")
    rows = {(each["name"], each["with"]): each["evidence"] for each in json.loads(out)["functions"]}
    assert code == 1
    assert {pair: each["outcome"] for pair, each in rows.items()} == {
        ("src", "tgt"): "disagrees",
        ("src1", "tgt1"): "agrees",
    }
    assert (
        rows["src", "tgt"]["counterexample"]["original"] != rows["src", "tgt"]["counterexample"]["candidate"]
    )
    code, out, _ = compare(path, "--function", "src1")
    assert (code, out.split(":")[0]) == (0, "src1 -> tgt1")
    code, out, _ = compare(path, "--function", "src")
    assert "    src returned " in out
    assert "    tgt returned " in out
    assert compare(path, "--function", "src1", "--with", "src1")[0] == 0
    assert compare(path, "--function", "source", "--with", "tgt")[0] == 1


RECURSIVE = """declare i32 @help(i32)
define i32 @fact(i32 %n) noinline {
  %c = icmp slt i32 %n, 1
  br i1 %c, label %a, label %b
a:
  ret i32 1
b:
  %m = call i32 @help(i32 %n)
  %r = call i32 @fact(i32 %m)
  %p = mul i32 %r, %n
  ret i32 %p
}
define i32 @twice(i32 %n) {
  %r = call i32 @fact(i32 %n)
  %q = call i32 @fact(i32 %r)
  ret i32 %q
}
"""


@pytest.mark.parametrize("kinds", ["ll ll", "s ll", "ll s", "s s"])
def test_functions_that_were_renamed(tmp_path: Path, kinds: str) -> None:
    renamed = RECURSIVE.replace("@fact", "@fakt").replace("@help", "@assist")
    kind_a, kind_b = kinds.split()
    with LLVM(workers=1) as llvm:
        for stem, text in (("a", RECURSIVE), ("b", renamed)):
            (tmp_path / f"{stem}.ll").write_text(text)
            (tmp_path / f"{stem}.s").write_text(llvm.lower(text, X86))
    a, b = tmp_path / f"a.{kind_a}", tmp_path / f"b.{kind_b}"
    code, found = functions(a, b, "--rename", "fact=fakt", "--rename", "help=assist")
    assert {name: each["outcome"] for name, each in found.items()} == {"fact": "agrees", "twice": "agrees"}
    assert code == 0
    code, found = functions(a, b)
    assert {name: each["outcome"] for name, each in found.items()} == {"twice": "disagrees"}
    assert code == 1


def test_two_functions_that_changed_names_with_each_other(tmp_path: Path) -> None:
    text = "define i32 @up(i32 %a) {\n  %r = add i32 %a, 1\n  ret i32 %r\n}\n"
    text += "define i32 @down(i32 %a) {\n  %r = add i32 %a, -1\n  ret i32 %r\n}\n"
    (tmp_path / "a.ll").write_text(text)
    (tmp_path / "b.ll").write_text(text.replace("@up", "@x").replace("@down", "@up").replace("@x", "@down"))
    files = (tmp_path / "a.ll", tmp_path / "b.ll")
    assert compare(*files)[0] == 1
    code, out, _ = compare(*files, "--rename", "up=down", "--rename", "down=up")
    assert code == 0, out


def test_what_only_one_side_has_is_said(files: Path) -> None:
    (files / "more.ll").write_text(STEP + "define void @more() {\n  ret void\n}\n")
    code, out, _ = compare(files / "right.ll", files / "more.ll", "--json")
    report = json.loads(out)
    assert (code, report["only_in_a"], report["only_in_b"]) == (0, [], ["more"])


# Folders


def test_folders_are_compared_file_by_file(files: Path) -> None:
    a, b = files / "a", files / "b"
    for folder in (a, b):
        (folder / "sub").mkdir(parents=True)
    (a / "sub/same.ll").write_text(STEP)
    (b / "sub/same.ll").write_text(STEP)
    (a / "other.s").write_text((files / "x86.s").read_text())
    (b / "other.ll").write_text((files / "wrong.ll").read_text())
    (a / "broken.ll").write_text(STEP)
    (b / "broken.ll").write_text("define i32 @step(i32 %a, ptr %p) {\n  bogus\n}\n")
    (a / "only.ll").write_text(STEP)
    (a / "notes.txt").write_text("")
    code, out, _ = compare(a, b, "--json")
    report = json.loads(out)
    assert code == 1
    outcomes = {
        Path(each["a"]).name: [row["evidence"]["outcome"] for row in each.get("functions", [])]
        for each in report["files"]
    }
    assert outcomes["same.ll"] == ["agrees", "agrees"]
    assert outcomes["other.s"] == ["disagrees", "agrees"]
    assert report["only_in_a"] == ["only.ll"]
    summary = report["summary"]
    assert (summary["files"], summary["agrees"], summary["disagrees"]) == (3, 3, 1)
    _, out, _ = compare(a, b)
    assert "3 files, " in out.splitlines()[-1]
    assert "other.s -> other.ll:" in out
