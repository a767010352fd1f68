"""The embedded model's pass list on its way through `tune`: its words are read, the list is run and measured."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from irlens.assist import tune as tuning
from irlens.assist import tune_ask
from irlens.assist.tools import Tools
from irlens.emulator.client import Emulator
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter
from irlens.model.prompts.irlens import IrlensFamily
from support.fake_model import FakeModel

ONE = """\
target triple = "x86_64-unknown-linux-gnu"

define i32 @f(i32 %x) nounwind uwtable {
  %p = alloca i32
  store i32 %x, ptr %p
  %a = load i32, ptr %p
  %d = add i32 %a, 3
  ret i32 %d
}
"""
FEW = tuning.TuneOptions(budget=tuning.Budget(12))
LIST = "function(sroa,newgvn,sink)"


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    made = Tools(LLVM(workers=1), Emulator(), MechanicalLifter())
    yield made
    made.close()


@pytest.fixture
def model() -> FakeModel:
    return FakeModel(IrlensFamily())


def test_its_list_is_measured(tools: Tools, model: FakeModel) -> None:
    for _ in range(tune_ask.ANSWERS):
        model.reply(f"{LIST} 18 4 ;")
    result = tuning.tune(ONE, model, tools, FEW)
    assert result.model_passes == LIST
    assert result.model_value is not None
    assert result.model_value < result.before
    assert result.best <= result.oz


def test_noise_costs_nothing_but_the_list(tools: Tools, model: FakeModel) -> None:
    model.reply("fn i32 i32 ret.i32 %0 ;")
    result = tuning.tune(ONE, model, tools, FEW)
    assert result.model_passes is None
    assert "could not be read" in result.why_no_model_list
    assert result.best <= result.oz


def test_of_two_functions_it_is_asked_one_by_one(tools: Tools, model: FakeModel) -> None:
    model.reply("fn i32 i32 ret.i32 %0 ;").reply(f"{LIST} 18 4 ;")
    two = ONE + ONE.replace("@f", "@g").partition("\n\n")[2]
    result = tuning.tune(two, model, tools, FEW)
    assert [asked.options.temperature for asked in model.asked] == [0.0, 0.0]
    assert result.model_passes == LIST
    assert LIST in [each.passes for each in (*result.tried, *result.left_out)], "it was tried on the module"
    assert result.best <= result.oz
