"""The check of the check: it counts false alarms and survivors, and goes on where it stopped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens.emulator.client import Emulator
from irlens.evals.evidence import Judge, chosen, read, report, run_mutants, run_pairs, same_code
from irlens.llvm.client import LLVM

IR = """declare i32 @g(i32, i32)
define i32 @right(i32 %a, ptr %p) {
  %c = icmp slt i32 %a, 12
  br i1 %c, label %x, label %y
x:
  store i32 %a, ptr %p, align 4
  %r = call i32 @g(i32 %a, i32 7)
  ret i32 %r
y:
  %s = sub i32 %a, 3
  ret i32 %s
}
define i32 @wrong(i32 %a) {
  %s = add i32 %a, 1
  ret i32 %s
}
"""


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as client:
        yield client


@pytest.fixture
def corpus(tmp_path: Path, llvm: LLVM) -> Path:
    triple = (
        "aarch64-unknown-linux-gnu"
        if llvm.versions()["host"].startswith(("aarch64", "arm64"))
        else "x86_64-unknown-linux-gnu"
    )
    (tmp_path / "a.s").write_text(llvm.lower(IR, triple))
    (tmp_path / "a.ll").write_text(IR.replace("add i32 %a, 1", "add i32 %a, 2"))
    common = {
        "package": "p",
        "asm": "a.s",
        "ir": "a.ll",
        "compiler": "clang-19",
        "level": "-O2",
        "triple": triple,
    }
    entries = [{**common, "function": name, "instructions": 9} for name in ("right", "wrong")]
    entries.append({**common, "ir": None, "compiler": "gcc-12", "function": "right", "instructions": 9})
    (tmp_path / "index.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    return tmp_path


def test_pairs_and_mutants_are_judged_once_and_reported(tmp_path: Path, corpus: Path, llvm: LLVM) -> None:
    entries = chosen(corpus, 0)
    assert len(entries) == 2, "gcc's have no IR"
    with Emulator() as emulator:
        judge = Judge(corpus, llvm, emulator, 32)
        for _ in range(2):
            run_pairs(judge, entries, tmp_path / "pairs.jsonl", 10)
        found = {record["function"]: record["outcome"] for record in read(tmp_path / "pairs.jsonl").values()}
        assert found == {"right": "agrees", "wrong": "disagrees"}
        assert len((tmp_path / "pairs.jsonl").read_text().splitlines()) == 2, "nothing is judged twice"
        sound = [entry for entry in entries if entry["function"] == "right"]
        run_mutants(judge, sound, tmp_path / "mutants.jsonl", 10, 0)
    mutants = read(tmp_path / "mutants.jsonl").values()
    assert {record["kind"] for record in mutants if record["outcome"] == "disagrees"} >= {
        "predicate",
        "operator",
        "constant",
        "dropped store",
        "swapped branch",
    }
    text = report(tmp_path)
    assert "disagrees  1" in text
    assert "caught of those told: 100.00%" in text
    assert (tmp_path / "survivors.txt").read_text() == ""


def test_changes_that_change_nothing_are_no_mutants(llvm: LLVM) -> None:
    triple = "x86_64-unknown-linux-gnu"
    assert same_code(llvm, IR, IR.replace("sub i32 %a, 3", "add i32 %a, -3"), triple)
    assert not same_code(llvm, IR, IR.replace("sub i32 %a, 3", "sub i32 %a, 4"), triple)
