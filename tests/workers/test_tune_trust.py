"""No list is offered that breaks something: the suite, the second run, the module itself, each with a list that does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from irlens.assist.tools import Tools
from irlens.assist.trial import trial
from irlens.assist.tune import OZ, TuneOptions, tune
from irlens.emulator.client import Emulator
from irlens.errors import LLVMStopped, Unrunnable
from irlens.llvm import mca, opt
from irlens.llvm.client import LLVM
from irlens.llvm.compilers import Compiler, LlvmliteCompiler
from irlens.llvm.measured import Measured
from irlens.mechanical.client import MechanicalLifter
from irlens.tuning import trust
from irlens.tuning.cache import Memory
from irlens.tuning.evaluator import Evaluator
from irlens.tuning.objective import Objective
from irlens.tuning.search import Budget
from irlens.tuning.suite import programs
from irlens.tuning.trust import Banned

ONE = """\
target triple = "x86_64-unknown-linux-gnu"

define i32 @f(i32 %x) minsize optsize {
  %p = alloca i32
  store i32 %x, ptr %p
  %a = load i32, ptr %p
  %c = icmp sgt i32 %a, 100
  %d = select i1 %c, i32 7, i32 %a
  ret i32 %d
}
"""
SMALL = TuneOptions(budget=Budget(6, None), jobs=1)


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    made = Tools(LLVM(workers=1), Emulator(), MechanicalLifter())
    yield made
    made.close()


class Fake:
    """llvmlite, but `break_ir` is what its lists make of a module's text, -Oz's too."""

    whole = False

    def __init__(self, tools: Tools, name: str = "fake") -> None:
        self.real: Compiler = LlvmliteCompiler(tools.llvm)
        self.release = self.real.release
        self.name = name
        self.runs = 0

    def break_ir(self, ir: str, passes: str) -> str:
        return ir

    def run(self, ir: str, passes: str, **more: Any) -> str:
        self.runs += 1
        return self.break_ir(self.real.run(ir, passes, **more), passes)

    def measure(self, ir: bytes, lists: list[str], **more: Any) -> list[Measured]:
        return self.real.measure(ir, lists, **more)

    def can(self, passes: str) -> bool:
        return self.real.can(passes)

    def close(self) -> None:
        pass


class WrongOnSuite(Fake):
    """Divides by 11 where it should by 10: no module here does but the suite's."""

    def break_ir(self, ir: str, passes: str) -> str:
        return ir.replace("udiv i64", "udiv exact i64").replace(", 1000\n", ", 1001\n") if passes else ir


class Wavering(Fake):
    """Does something else each time."""

    def break_ir(self, ir: str, passes: str) -> str:
        return ir + f"\n@again{self.runs} = external global i32\n" if passes else ir


class WrongHere(Fake):
    """Wrong on the module alone; `right` are the lists that are not."""

    right = ("", "default<Os>")

    def break_ir(self, ir: str, passes: str) -> str:
        if passes in self.right or "source_filename" in ir:
            return ir
        return ir.replace(" 100", " 99").replace(" 101", " 98")


class WrongHereAlways(WrongHere):
    right = ("",)


class DyingOnSuite(Fake):
    def run(self, ir: str, passes: str, **more: Any) -> str:
        if "source_filename" in ir:
            raise LLVMStopped("it stopped. Change the list.")
        return super().run(ir, passes, **more)


@pytest.mark.parametrize("passes", [OZ, "default<O3>", "function(sroa,simplifycfg,gvn)"])
def test_llvms_own_lists_keep_what_the_programs_do(tools: Tools, passes: str) -> None:
    compiler = tools.compilers.of(programs()[0].ir)
    found = trial(passes, compiler, tools, cache=None)
    assert (found.says, found.why) == ("keeps", "")
    assert found.compared >= 60


def test_a_wrong_list_is_found_with_its_counterexample_and_tried_once(tools: Tools) -> None:
    fake, cache = WrongOnSuite(tools), Memory()
    found = trial(OZ, fake, tools, cache=cache)
    assert (found.says, found.program) == ("breaks", "integers")
    assert "divided_by_constants" in found.why
    assert "Input: argument 1" in found.why
    runs = fake.runs
    assert trial(OZ, fake, tools, cache=cache) == found
    assert fake.runs == runs
    assert trial(OZ, WrongOnSuite(tools, "another"), tools, cache=cache).says == "breaks"


def test_a_list_that_removes_what_others_call_breaks(tools: Tools) -> None:
    compiler = tools.compilers.of(programs()[0].ir)
    if not compiler.can("internalize"):
        pytest.skip("llvmlite has no internalize")
    found = trial("internalize,globaldce", compiler, tools)
    assert found.says == "breaks"
    assert "it is gone" in found.why


def test_tune_offers_no_list_that_breaks_the_suite(tools: Tools) -> None:
    result = tune(ONE, None, tools, SMALL, compiler=WrongOnSuite(tools))
    assert (result.best_passes, result.best_ir) == ("", ONE)
    assert result.failures
    assert {each.what for each in result.failures} == {"breaks the suite"}
    assert {each.program for each in result.failures} == {"integers"}
    assert any("divided_by_constants" in each.why for each in result.left_out)


def test_tune_offers_no_list_that_breaks_the_module(tools: Tools) -> None:
    result = tune(ONE, None, tools, SMALL, compiler=WrongHere(tools))
    assert result.failures
    assert {each.what for each in result.failures} == {"breaks the module"}
    assert all(each.why.startswith("f: ") and "Input: argument 1" in each.why for each in result.failures)
    assert result.best_passes in ("", "default<Os>")
    assert " 99" not in result.best_ir


def test_a_function_that_all_usual_pipelines_break_cannot_be_compared(tools: Tools) -> None:
    result = tune(ONE, None, tools, SMALL, compiler=WrongHereAlways(tools))
    assert result.guard is not None
    assert result.guard.agreed == ()
    [(name, why)] = result.guard.unknown
    assert (name, "-O1, -Os and -Oz" in why) == ("f", True)


def test_tune_offers_no_list_that_does_not_do_the_same_twice(tools: Tools) -> None:
    result = tune(ONE, None, tools, SMALL, compiler=Wavering(tools))
    assert result.best_passes == ""
    assert {each.what for each in result.failures} == {"not the same twice"}


def test_tune_offers_no_list_that_llvm_dies_of_elsewhere(tools: Tools) -> None:
    result = tune(ONE, None, tools, SMALL, compiler=DyingOnSuite(tools))
    assert result.best_passes == ""
    assert {each.what for each in result.failures} == {"crashed"}


def test_tune_offers_what_passes_every_check(tools: Tools) -> None:
    result = tune(ONE, None, tools, SMALL)
    assert result.best < result.before
    assert result.best <= result.oz
    assert result.failures == ()
    assert result.guard is not None
    assert result.guard.agreed == ("f",)


def test_a_banned_list_is_forbidden_even_where_the_cache_has_it(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, compiler = Memory(), LlvmliteCompiler(tools.llvm)

    def value() -> str:
        evaluator = Evaluator(ONE, compiler, Objective(), jobs=1, cache=cache)
        try:
            return evaluator.evaluate(["function(sroa,dce)"])[0].how
        finally:
            evaluator.close()

    assert value() == "measured"
    monkeypatch.setattr(trust, "banned", lambda: Banned({"dce": "it is a test"}))
    assert value() == "forbidden"


def test_cycles_are_estimated_by_the_llvm_that_compiles(tools: Tools, tmp_path: Path) -> None:
    try:
        tool = mca.find()
    except Unrunnable:
        pytest.skip("there is no llvm-mca beside opt")
    assert tool.cycles(ONE, opt_level=0) > tool.cycles(ONE) > 0
    twice = ONE + ONE.partition("\n\n")[2].replace("@f", "@g")
    assert tool.cycles(twice) == 2 * tool.cycles(ONE)
    assert tool.cycles('target triple = "x86_64-unknown-linux-gnu"\n@a = global i32 1\n') == 0
    result = tune(ONE, None, tools, TuneOptions(Objective("cycles"), Budget(4, None), jobs=1))
    assert result.best <= result.oz
    assert result.best == tool.cycles(result.best_ir)


def test_without_llvm_mca_it_is_said_what_to_install(tmp_path: Path) -> None:
    if opt.usable() is None:
        with pytest.raises(Unrunnable, match="Install one"):
            mca.find()
        return
    script = tmp_path / "opt"
    version = opt.usable().version  # type: ignore[union-attr]
    script.write_text(f"#!/bin/sh\necho 'LLVM version {version}'\n")
    script.chmod(0o755)
    with pytest.raises(Unrunnable, match=r"llvm-mca beside .*it is not there.*apt-get install"):
        mca.find(str(script))


def test_lists_of_the_library_that_were_banned_since_cost_nothing(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trust, "banned", lambda: Banned({"sroa": "it is a test"}))
    result = tune(ONE, None, tools, SMALL)
    every = [each.passes for each in (*result.tried, *result.left_out)]
    assert len(every) > 3
    assert not [passes for passes in every if "sroa" in passes]
