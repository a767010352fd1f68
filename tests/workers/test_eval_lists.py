"""`irlens eval lists` with scripted models and the real LLVM; and the embedded model on our own examples."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens.cancel import Cancelled, CancelToken
from irlens.errors import ModelUnavailable
from irlens.evals import lists
from irlens.evals.always import BASELINES, COMMONEST_WINNER, OZ, Always
from irlens.evals.lift_run import label
from irlens.evals.lists_cases import TuneCase
from irlens.llvm.client import LLVM
from irlens.model.client import Model
from irlens.model.prompts.irlens import TUNE_LISTS, IrlensFamily
from support.fake_model import FakeModel
from support.scripted_family import ScriptedFamily

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "eval"
X86, A64 = "x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"
FAIL = f"""\
target triple = "{X86}"

@stream = external global ptr
@text = private constant [3 x i8] c"no\\00"

define void @fail() {{
  %1 = load ptr, ptr @stream
  %2 = call i32 (ptr, ptr, ...) @fprintf(ptr %1, ptr @text)
  %3 = load ptr, ptr @stream
  %4 = call i32 (ptr, ptr, ...) @fprintf(ptr %3, ptr @text)
  call void @exit(i32 3)
  unreachable
}}

declare i32 @fprintf(ptr, ptr, ...)
declare void @exit(i32) noreturn
"""
"""-Oz makes it larger: it calls fwrite, which takes four arguments, in place of fprintf."""
STORED = f"""\
target triple = "{X86}"

define i32 @stored(i32 %x) {{
  %p = alloca i32
  store i32 %x, ptr %p
  %a = load i32, ptr %p
  ret i32 %a
}}
"""
FAILING = TuneCase("own", X86, "fail", FAIL, 6)
STORING = TuneCase("own", X86, "stored", STORED, 4)
SROA = "function(sroa)"


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as client:
        yield client


def scripted(*replies: str) -> FakeModel:
    model = FakeModel(ScriptedFamily())
    for reply in replies:
        model.reply(reply)
    return model


def size(llvm: LLVM, ir: str, function: str, passes: str = "") -> int:
    """By the other way to the same number: what `predict` reports of a function."""
    made = llvm.run_passes(ir, passes).ir if passes else ir
    [its] = [each.bytes for each in llvm.outline(made).functions if each.name == function]
    assert its is not None
    return its


def test_sizes_are_llvms_of_the_functions_symbol(llvm: LLVM) -> None:
    measured = lists.measure(FAILING, llvm)
    assert measured.as_is == size(llvm, FAIL, "fail")
    assert measured.after == {passes: size(llvm, FAIL, "fail", passes) for passes in TUNE_LISTS}
    assert measured.best == COMMONEST_WINNER
    assert measured.after[measured.best] < measured.after[OZ]
    total = llvm.size(llvm.emit_object(FAIL)).total
    assert total > measured.as_is, "the text and the unwind table are the object's, not the function's"


def test_sizes_are_of_the_cases_target(llvm: LLVM) -> None:
    other = TuneCase("own", A64, "stored", STORED.replace(X86, A64), 4)
    assert (lists.measure(other, llvm).as_is or 0) % 4 == 0
    assert lists.measure(STORING, llvm).as_is == size(llvm, STORED, "stored")
    assert lists.measure(other, llvm).as_is != lists.measure(STORING, llvm).as_is


def test_answers_are_measured(llvm: LLVM) -> None:
    model = scripted(COMMONEST_WINNER, OZ, "none", SROA)
    measured = lists.measure(FAILING, llvm)
    rows = [lists.list_case(FAILING, measured, model, llvm) for _ in range(4)]
    assert [row["passes"] for row in rows] == [COMMONEST_WINNER, OZ, "", SROA]
    assert [row["bytes"] for row in rows] == [
        size(llvm, FAIL, "fail", COMMONEST_WINNER),
        size(llvm, FAIL, "fail", OZ),
        size(llvm, FAIL, "fail"),
        size(llvm, FAIL, "fail", SROA),
    ]
    assert all(row["answered"] and not row["predicted"] for row in rows)
    assert [asked.options.temperature for asked in model.asked] == [0.0] * 4


def test_the_sizes_that_it_foretells_are_held_against_llvms(llvm: LLVM) -> None:
    measured = lists.measure(STORING, llvm)
    before, after = measured.as_is, measured.after[OZ]
    assert before is not None
    assert after is not None
    assert after < before
    model = FakeModel(IrlensFamily())
    model.reply(f"{OZ} {before} {after} ;").reply(f"{OZ} {before} {after + 1} ;").reply("what?")
    report = lists.evaluate([STORING] * 3, [model], llvm)
    found = report["summary"][0]
    assert (found["answered"], found["before"], found["after"]) == (66.7, 66.7, 33.3)
    assert "names none of the lists" in report["functions"][2]["reason"]
    assert report["functions"][2]["bytes"] is None


def test_baselines_stand_beside_the_model(llvm: LLVM) -> None:
    model = scripted(OZ, OZ)
    report = lists.evaluate([FAILING, STORING], [model, *BASELINES], llvm)
    theirs, oz, commonest = report["summary"][:3]
    assert [each["model"] for each in (oz, commonest)] == [f"always {OZ}", f"always {COMMONEST_WINNER}"]
    assert {**theirs, "model": "", "seconds": 0} == {**oz, "model": "", "seconds": 0}
    assert (oz["gain"], oz["beats_oz"], oz["beatable"], oz["best"]) == (0.0, 0.0, 50.0, 50.0)
    assert (commonest["gain"], commonest["beats_oz"], commonest["best"]) == (100.0, 50.0, 100.0)
    assert commonest["bytes"] == commonest["best_bytes"] < oz["bytes"] == oz["oz_bytes"]


def test_a_worse_list_is_seen_and_costs_nothing(llvm: LLVM) -> None:
    found = lists.evaluate([STORING], [scripted("none")], llvm)["summary"][0]
    assert found["worse"] == 100.0
    assert found["bytes"] == found["oz_bytes"] < found["as_is_bytes"]


def test_what_llvm_makes_no_symbol_of_is_left_out_with_its_reason(llvm: LLVM) -> None:
    unused = TuneCase("own", X86, "stored", STORED.replace("define", "define internal"), 4)
    broken = TuneCase("own", X86, "stored", STORED.replace("ret i32 %a", "ret i64 %a"), 4)
    report = lists.evaluate([unused, broken, STORING], [Always(OZ)], llvm)
    assert [row["oz_bytes"] is None for row in report["functions"]] == [True, True, False]
    assert "no symbol" in report["functions"][0]["reason"]
    assert report["functions"][1]["reason"]
    found = report["summary"][0]
    assert (found["n"], found["unmeasured"]) == (1, 2)


def test_a_model_that_is_gone_ends_the_run(llvm: LLVM) -> None:
    model = FakeModel(ScriptedFamily()).fail(ModelUnavailable("It has stopped. Start it again."))
    with pytest.raises(ModelUnavailable):
        lists.evaluate([STORING], [model], llvm)


def test_a_stopped_run_goes_on(llvm: LLVM, tmp_path: Path) -> None:
    cancel = CancelToken()

    def stop(message: str, fraction: float | None) -> None:
        cancel.cancel()

    with pytest.raises(Cancelled):
        lists.evaluate(
            [FAILING, STORING], [scripted(OZ)], llvm, output=tmp_path, cancel=cancel, progress=stop
        )
    again = scripted(SROA)
    report = lists.evaluate([FAILING, STORING], [again], llvm, output=tmp_path)
    assert again.left == 0
    assert [row["passes"] for row in report["functions"]] == [OZ, SROA]
    assert json.loads((tmp_path / "eval-lists.json").read_text()) == json.loads(json.dumps(report))
    with (tmp_path / "eval-lists.csv").open() as file:
        assert [row["passes"] for row in csv.DictReader(file)] == [OZ, SROA]
    assert not (tmp_path / "eval-lists.part").exists()


def test_the_embedded_model_is_not_worse_than_the_one_that_was_measured(tmp_path: Path) -> None:
    """`make eval` writes the committed result anew. Engines round differently on other CPUs: one answer may tip."""
    committed = json.loads((EXAMPLES / "results" / "eval-lists.json").read_text())
    with Model() as model:
        assert committed["models"][0] == label(model.info()), "run `make eval`"
    done = subprocess.run(
        [sys.executable, "-m", "irlens", "eval", "lists", str(EXAMPLES), "--output", str(tmp_path), "--json"],
        capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    now = json.loads(done.stdout)
    assert now["cases"] == committed["cases"], "the examples have changed: run `make eval`"
    before, after = committed["summary"][0], now["summary"][0]
    assert after["n"] == before["n"] > 25
    for total in ("as_is_bytes", "oz_bytes", "best_bytes"):
        assert after[total] == before[total], "LLVM measures otherwise: run `make eval`"
    slack = 100 / before["n"] + 0.1
    for measure in ("answered", "best", "before", "after"):
        assert after[measure] >= before[measure] - slack, measure
        assert after[measure] <= before[measure] + 3 * slack, f"{measure} is better: run `make eval`"
    assert abs(after["worse"] - before["worse"]) <= 3 * slack


def test_a_folder_without_functions_is_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "irlens", "eval", "lists", str(tmp_path)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "no case was found" in done.stderr
