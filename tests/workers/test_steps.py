"""What each pass of a pipeline does to a function, as LLVM reports it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from irlens.assist.steps import WHOLE_MODULE_BELOW, steps
from irlens.cancel import Cancelled, CancelToken
from irlens.errors import LLVMRefused, Unrunnable, UnusableInput
from irlens.ir.outline import function_text
from irlens.ir.passes import registry
from irlens.llvm import opt
from irlens.llvm.client import LLVM

MEMORY = """define i32 @double(i32 %a) {
  %slot = alloca i32
  store i32 %a, ptr %slot
  %v = load i32, ptr %slot
  %r = add i32 %v, 0
  ret i32 %r
}

define internal i32 @inner(i32 %a) {
  %r = call i32 @double(i32 %a)
  ret i32 %r
}

define i32 @outer(i32 %a) {
  %r = call i32 @inner(i32 %a)
  ret i32 %r
}
"""


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as client:
        yield client


def test_every_pass_is_a_step_with_what_it_changed(llvm: LLVM) -> None:
    result = steps(MEMORY, "function(sroa,adce,instcombine)", "double", llvm)
    assert "llvmlite" in result.by
    assert (result.start_instructions, result.start_blocks) == (5, 1)
    sroa, adce, instcombine = result.steps
    assert (sroa.name, sroa.on, sroa.changed, sroa.instructions) == ("sroa", "double", True, 2)
    assert sroa.removed == 4
    assert "alloca" not in (sroa.ir or "")
    assert sroa.summary == registry()["sroa"].summary
    assert sroa.bytes is not None
    assert result.start_bytes is not None
    assert sroa.bytes < result.start_bytes
    assert (adce.changed, adce.ir, adce.instructions, adce.bytes) == (False, None, 2, sroa.bytes)
    assert (instcombine.changed, instcombine.instructions) == (True, 1)


def test_a_whole_level_is_taken_apart_and_ends_as_llvm_ends_it(llvm: LLVM) -> None:
    result = steps(MEMORY, "default<O2>", "outer", llvm)
    names = {step.name for step in result.steps}
    assert len(result.steps) > 50
    assert names <= set(registry())
    inline = next(step for step in result.steps if step.name == "inline" and step.changed)
    assert "call" not in (inline.ir or "call")
    assert result.end_ir == function_text(llvm.run_passes(MEMORY, "default<O2>").ir, "outer")
    assert result.end_ir == [step.ir for step in result.steps if step.ir is not None][-1]


def test_a_function_that_goes_away_has_nothing_left(llvm: LLVM) -> None:
    result = steps(MEMORY, "default<O2>", "inner", llvm)
    assert any(step.name == "inline" and step.changed for step in result.steps)
    assert (result.end_ir, result.end_instructions) == ("", 0)


def test_what_llvmlite_cannot_run_an_installed_opt_reports(llvm: LLVM) -> None:
    if opt.usable() is None:
        pytest.skip("there is no opt: bash tests/install-opt.sh")
    result = steps(MEMORY, "function(sroa,instcombine<no-verify-fixpoint;max-iterations=2>)", "double", llvm)
    assert result.by.startswith("opt ")
    assert [step.name for step in result.steps if step.changed] == ["sroa", "instcombine"]


def test_a_large_module_is_reported_by_function_and_says_that_it_is_not_measured(llvm: LLVM) -> None:
    filler = "".join(f"define void @f{n}() {{\n  ret void\n}}\n" for n in range(WHOLE_MODULE_BELOW // 28))
    result = steps(MEMORY + filler, "function(sroa)", "double", llvm)
    changed = [step for step in result.steps if step.changed]
    assert [step.name for step in changed] == ["sroa"]
    assert changed[0].bytes is None
    assert "not measured" in result.why_no_bytes


def test_any_name_can_be_stepped_through(llvm: LLVM) -> None:
    result = steps(MEMORY.replace("@double", '@"a, b"'), "default<O1>", "a, b", llvm)
    assert any(step.name == "sroa" and step.changed for step in result.steps)


def test_what_cannot_be_done_says_why(llvm: LLVM) -> None:
    with pytest.raises(UnusableInput, match="does not define @nobody"):
        steps(MEMORY, "default<O2>", "nobody", llvm)
    with pytest.raises(LLVMRefused):
        steps(MEMORY.replace("i32 %a)", "i32 %b)"), "default<O2>", "double", llvm)
    with pytest.raises(Unrunnable, match="no-such-pass"):
        steps(MEMORY, "no-such-pass", "double", llvm)


def test_it_can_be_called_off(llvm: LLVM) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        steps(MEMORY, "default<O2>", "double", llvm, cancel=cancel)
