"""Predict and steps on modules of many functions: work that grows with the text alone, and an end where one is set."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from irlens.assist import guard as guarding
from irlens.assist.guard import guard, prepare
from irlens.assist.predict import PredictResult, as_json, measure, predict
from irlens.assist.steps import steps
from irlens.assist.tools import Tools
from irlens.cancel import Cancelled, CancelToken
from irlens.emulator.client import Emulator
from irlens.errors import LLVMStopped
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter
from support.fake_model import FakeModel
from support.scripted_family import ScriptedFamily
from support.timing import cpu_seconds, within

ENOUGH_S = 3.0
"""For what these small modules take, on a busy machine."""


def many(count: int) -> str:
    return "".join(
        f"define i32 @f{at}(i32 %a, i32 %b) {{\n  %x = add i32 %a, {at}\n  %y = mul i32 %x, %b\n"
        f"  %z = add i32 %y, 0\n  ret i32 %z\n}}\n"
        for at in range(count)
    )


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    made = Tools(LLVM(workers=1), Emulator(), MechanicalLifter())
    made.llvm.parse(many(1))  # no test waits for the worker to start
    yield made
    made.close()


class Changed:
    """The real LLVM, but for some of its methods."""

    def __init__(self, real: LLVM, **methods: Any) -> None:
        self._real = real
        self.__dict__.update(methods)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def never(*arguments: Any, cancel: CancelToken | None = None, **more: Any) -> Any:
    """A job that ends only with its token."""
    assert cancel is not None
    assert cancel.wait(60), "nobody ended the job"
    cancel.check()


def with_llvm(tools: Tools, **methods: Any) -> Tools:
    return Tools(Changed(tools.llvm, **methods), tools.emulator, tools.lifter)  # type: ignore[arg-type]


# --- growth -------------------------------------------------------------------------------------------


def test_the_work_of_a_module_grows_with_its_text(tools: Tools) -> None:
    took, _ = cpu_seconds(0.1, measure, many(500), "instcombine", None, tools.llvm)
    result = within(max(0.5, 3 * took), measure, many(1000), "instcombine", None, tools.llvm)
    assert len(result.functions) == 1000
    assert all(
        row.measured is not None and "add i32 %y, 0" not in row.measured.ir for row in result.functions
    )
    assert result.functions[7].measured is not None
    assert result.functions[7].measured.ir.startswith("define i32 @f7(")


def test_signatures_of_a_module_are_read_in_few_jobs(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = LLVM._job

    def counting(self: LLVM, operation: str, *arguments: Any) -> Any:
        asked.append(operation)
        return real(self, operation, *arguments)

    monkeypatch.setattr(LLVM, "_job", counting)
    known = prepare(many(600), tools)
    assert len(known.signatures) == 600
    assert len(asked) < 10
    assert known.signatures["f9"].function == tools.llvm.signatures(many(600), "f9").function


CALLING = """declare i32 @outside(i32 signext, ...)
define i32 @one(ptr %p) {
  %a = call i32 (i32, ...) @outside(i32 1, ptr %p)
  ret i32 %a
}
define void @two(ptr %p) {
  %a = call i32 (i32, ...) @outside(i32 1, ptr %p)
  %b = call i32 @one(ptr %p)
  ret void
}
"""


def test_signatures_of_many_functions_are_those_of_each(tools: Tools) -> None:
    found = tools.llvm.signatures_of(CALLING, ["one", "two", "three"])
    each = [tools.llvm.signatures(CALLING, name) for name in ("one", "two")]
    assert [found.own["one"], found.own["two"]] == [one.function for one in each]
    assert found.calls == tuple(dict.fromkeys(call for one in each for call in one.calls))
    assert len(found.calls) == 2
    assert found.unreadable == {"three": "The module does not define @three. Choose one that it defines."}


def test_a_function_that_stops_llvm_costs_the_others_nothing(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = LLVM._job

    def stopping(self: LLVM, operation: str, block: bytes, arguments: Any, *more: Any) -> Any:
        if "f3" in arguments["functions"]:
            raise LLVMStopped("LLVM stopped on this input. Correct it.")
        return real(self, operation, block, arguments, *more)

    monkeypatch.setattr(LLVM, "_job", stopping)
    names = [f"f{at}" for at in range(7)]
    found = tools.llvm.signatures_of(many(7), names)
    assert set(found.own) == set(names) - {"f3"}
    assert found.unreadable == {"f3": "LLVM stopped on this input. Correct it."}


# --- the budget of the check --------------------------------------------------------------------------


@pytest.mark.parametrize("slow", ["emit_object", "signatures_of"])
def test_the_check_has_one_budget_for_all_that_it_does(tools: Tools, slow: str) -> None:
    found = guard(many(3), many(3), with_llvm(tools, **{slow: never}), functions=["f0", "f2"], budget_s=0.2)
    assert (found.agreed, found.broken) == ((), ())
    assert found.unknown == (("f0", guarding._LATE), ("f2", guarding._LATE))
    assert "2 could not be checked (there was no time left to compare it)" in found.words
    assert found.seconds < 30


def test_a_check_that_is_cancelled_is_not_told_as_late(tools: Tools) -> None:
    cancel = CancelToken()
    threading.Timer(0.2, cancel.cancel).start()
    with pytest.raises(Cancelled):
        guard(many(3), many(3), with_llvm(tools, signatures_of=never), budget_s=50, cancel=cancel)


def test_a_module_that_is_not_made_ready_in_time_is_told_so(tools: Tools) -> None:
    with pytest.raises(LLVMStopped, match=r"made ready to be compared within 0\.2 s\. Cut it down"):
        prepare(many(3), with_llvm(tools, signatures_of=never), budget_s=0.2)


# --- the limit of a request ---------------------------------------------------------------------------


@pytest.mark.parametrize(("function", "what"), [(None, "Name one function."), ("f1", "Cut the module down")])
def test_a_module_that_is_not_read_in_time_is_told_with_what_to_do(
    tools: Tools, function: str | None, what: str
) -> None:
    with pytest.raises(LLVMStopped, match=f"^0 s were over before LLVM had read and .* {what}"):
        predict(many(3), "instcombine", function, None, tools.llvm, limit_s=0)


def test_passes_that_do_not_end_in_time_leave_what_was_measured_before(tools: Tools) -> None:
    slow = with_llvm(tools, run_passes=never)
    result = predict(many(2), "instcombine", None, None, slow.llvm, guarded_by=slow, limit_s=ENOUGH_S)
    for row in result.functions:
        assert (row.before_instructions, row.measured) == (4, None)
        assert row.why_not_measured == "3 s were over before LLVM had run the passes; name one function"


def test_a_check_that_has_no_time_says_so(tools: Tools) -> None:
    assert guarding.BUDGET_S > ENOUGH_S
    slow = with_llvm(tools, signatures_of=never)
    result = predict(many(2), "instcombine", None, None, tools.llvm, guarded_by=slow, limit_s=ENOUGH_S)
    assert all(row.measured is not None for row in result.functions)
    assert as_json(result)["guard"] is None
    assert as_json(result)["why_not_checked"] == "3 s were over before both were run; name one function"


def asked_until(tools: Tools, limit_s: float) -> PredictResult:
    """Three functions, of which the first has the model's word only when the time is over."""
    model, answer = FakeModel(ScriptedFamily()), threading.Event()
    model.reply("3 7", hold=answer)
    threading.Timer(limit_s + 0.5, answer.set).start()
    return predict(many(3), "instcombine", None, model, tools.llvm, limit_s=limit_s)


def test_functions_whose_turn_comes_too_late_are_named_as_such(tools: Tools) -> None:
    result = asked_until(tools, ENOUGH_S)
    first, *others = result.functions
    assert first.predicted is not None
    assert first.predicted.instructions == 3
    for row in others:
        assert row.measured is not None
        assert row.predicted is None
        assert row.why_not_predicted == "3 s were over before its turn came; name one function"
    assert result.notes[-1] == (
        "The model was not asked about 2 of 3 functions: 3 s were over. Name one function."
    )


def test_steps_that_are_not_run_in_time_are_told_with_what_to_do(tools: Tools) -> None:
    with pytest.raises(LLVMStopped, match=r"^0 s were over before LLVM .* Run fewer passes at a time"):
        steps(many(2), "instcombine", "f1", tools.llvm, limit_s=0)


def test_steps_that_are_left_out_are_counted(tools: Tools) -> None:
    slow = with_llvm(tools, outline=never).llvm
    tools.llvm.dump_passes(many(1), "instcombine", "f0")  # the worker is up
    result = steps(many(2), "function(instcombine,adce)", "f1", slow, limit_s=ENOUGH_S)
    assert result.steps == ()
    assert any(
        "Only the first 0 of " in note and "3 s were over. Run fewer passes" in note for note in result.notes
    )
    assert result.why_no_bytes == "3 s were over, so later steps have no bytes. Run fewer passes."
