"""-Oz is what clang makes at -Oz, and no gain is a mark on functions: with the real LLVM."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens.assist.tools import Tools
from irlens.assist.tune import Budget, TuneOptions, as_json, tune
from irlens.assist.tune_functions import FunctionTuner, apply_to_function
from irlens.emulator.client import Emulator
from irlens.errors import UnusableInput
from irlens.ir.passes import OZ
from irlens.ir.size_attributes import cold_functions, size_marks
from irlens.llvm import opt
from irlens.llvm.client import LLVM
from irlens.llvm.compilers import Compiler
from irlens.mechanical.client import MechanicalLifter
from irlens.tuning.baseline import baseline
from irlens.tuning.cache import Memory
from irlens.tuning.evaluation import Evaluation
from irlens.tuning.evaluator import Evaluator
from irlens.tuning.marking import Marking
from irlens.tuning.objective import Objective

FROM_O2 = """target triple = "x86_64-unknown-linux-gnu"
define i32 @a(i32 %x) {
  %q = sdiv i32 %x, 10
  ret i32 %q
}
define i32 @b(i32 %x) {
  %q = sdiv i32 %x, 11
  ret i32 %q
}
"""
"""A division is one instruction with `minsize`, and several without: nothing is left for a search."""
COLD_END = """target triple = "x86_64-unknown-linux-gnu"
declare void @log() cold
define i32 @hot(ptr %p, i64 %n) minsize optsize {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %i1, %loop ]
  %q = getelementptr i32, ptr %p, i64 %i
  %v = load i32, ptr %q
  %w = mul i32 %v, 17
  store i32 %w, ptr %q
  %i1 = add i64 %i, 1
  %c = icmp slt i64 %i1, %n
  br i1 %c, label %loop, label %end
end:
  call void @log()
  ret i32 0
}
"""
"""A hot loop, and a call at its end that is rare: `hotcoldsplit` calls all of it cold."""
OPTNONE = """target triple = "x86_64-unknown-linux-gnu"
define i32 @f(i32 %x) noinline optnone {
  %p = alloca i32
  store i32 %x, ptr %p
  %v = load i32, ptr %p
  ret i32 %v
}
"""


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    made = Tools(LLVM(workers=1), Emulator(), MechanicalLifter())
    yield made
    made.close()


def compiler_of(tools: Tools, ir: str) -> Compiler:
    found = tools.compilers.of(ir)
    if not found.whole:
        pytest.skip("llvmlite alone puts the attributes on at -Oz by itself, and has no hotcoldsplit")
    return found


def test_a_file_without_the_attributes_has_both_numbers_and_nothing_is_found(tools: Tools) -> None:
    compiler_of(tools, FROM_O2)
    result = tune(FROM_O2, None, tools, TuneOptions(budget=Budget(24)))
    assert result.plain_oz is not None
    assert result.oz < result.plain_oz, "the division"
    assert result.attributes.lacking == ("a", "b")
    assert result.best == result.oz
    assert result.saved == 0
    report = as_json(result)
    assert report["oz"] == {"bytes": result.oz, "without_attributes": result.plain_oz}
    for name in ("a", "b"):
        tuned = FunctionTuner(FROM_O2, tools.compilers.of(FROM_O2), tools, Memory(), 24).function(name)
        assert tuned.plain is not None
        assert tuned.oz < tuned.plain
        assert not tuned.is_worth_a_hint
        assert tuned.passes == ""


def test_with_the_attributes_there_is_one_number(tools: Tools) -> None:
    ir = size_marks(FROM_O2).text
    result = tune(ir, None, tools, TuneOptions(budget=Budget(2)))
    assert result.plain_oz is None
    assert result.attributes.lacking == ()


def test_what_the_attributes_alone_bring_is_the_least_that_counts(tools: Tools) -> None:
    """A list that does nothing is smaller than the file, and no find."""
    chosen = compiler_of(tools, FROM_O2)
    base, evaluator = baseline(
        FROM_O2, Objective(), lambda text: Evaluator(text, chosen, Objective(), jobs=1)
    )
    (nothing,) = evaluator.evaluate(["function(lower-expect)"])
    evaluator.close()
    assert base.as_is.value is not None
    assert nothing.value is not None
    assert nothing.value < base.as_is.value
    assert nothing.value >= base.floor
    assert base.floor <= min(each.value or 0 for each in (base.as_is, base.plain, base.marked, base.oz))


def test_a_list_that_marks_code_cold_is_named_as_that(tools: Tools) -> None:
    chosen = compiler_of(tools, COLD_END)
    evaluator = Evaluator(COLD_END, chosen, Objective(), jobs=1)
    marking = Marking(COLD_END, evaluator)
    said = {
        passes: marking.why_no_find(Evaluation(passes, 1))
        for passes in ("hotcoldsplit", f"{OZ},hotcoldsplit", OZ, "function(sroa)")
    }
    evaluator.close()
    assert said["hotcoldsplit"].startswith("it marks hot cold")
    assert "-Oz with the same marks" in said["hotcoldsplit"]
    assert said[f"{OZ},hotcoldsplit"].startswith("it marks hot cold")
    assert said[OZ] == said["function(sroa)"] == ""
    with pytest.raises(UnusableInput, match="cold"):
        apply_to_function(COLD_END, "hot", "hotcoldsplit", chosen, tools)


def test_no_search_marks_hot_code_cold(tools: Tools) -> None:
    compiler_of(tools, COLD_END)
    result = tune(COLD_END, None, tools, TuneOptions(budget=Budget(60)))
    assert cold_functions(result.best_ir) == set()
    assert not any("hotcoldsplit" in each.passes for each in result.tried)


def test_passes_skip_optnone_functions_and_that_is_said(tools: Tools) -> None:
    result = tune(OPTNONE, None, tools, TuneOptions(budget=Budget(4)))
    assert result.best_passes == ""
    assert "f is optnone" in str(as_json(result)["attributes"])
    tuned = FunctionTuner(OPTNONE, tools.compilers.of(OPTNONE), tools, Memory(), 4).function("f")
    assert "-disable-O0-optnone" in tuned.optnone
    with pytest.raises(UnusableInput, match="optnone"):
        apply_to_function(OPTNONE, "f", OZ, tools.compilers.of(OPTNONE), tools)


@pytest.mark.parametrize("ir", [FROM_O2, FROM_O2 + OPTNONE.partition("\n")[2]], ids=["all", "beside optnone"])
def test_the_command_for_opt_makes_what_was_measured(tools: Tools, tmp_path: Path, ir: str) -> None:
    chosen, tool = compiler_of(tools, ir), opt.usable()
    assert tool is not None
    source, target = tmp_path / "a b.ll", tmp_path / "out.ll"
    source.write_text(ir)
    marks = size_marks(ir)
    words = opt.command(tool.path, OZ, str(source), str(target), marks.opt_options())
    subprocess.run(shlex.split(words), check=True)
    made = target.read_text()
    (measured,) = chosen.measure(marks.text.encode(), [OZ])
    (again,) = chosen.measure(made.encode(), [""])
    assert (again.how, again.bytes) == ("measured", measured.bytes)
    assert size_marks(made).lacking == ()
