"""What each pass of a pipeline does to a function, as LLVM reports it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from irlens.assist.scope import WHOLE_BELOW
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


def filler(characters: int) -> str:
    return "".join(f"define void @f{n}() {{\n  ret void\n}}\n" for n in range(characters // 28))


def test_a_pass_on_single_functions_runs_on_the_function_alone_whatever_the_size_of_the_module(
    llvm: LLVM,
) -> None:
    result = steps(MEMORY + filler(3 << 20), "function(sroa)", "double", llvm)
    changed = [step for step in result.steps if step.changed]
    assert [step.name for step in changed] == ["sroa"]
    assert changed[0].bytes is not None
    assert result.notes == ("Run on double alone: the passes work on one function at a time.",)


def test_passes_across_functions_of_a_large_module_get_the_functions_that_are_called_and_say_so(
    llvm: LLVM,
) -> None:
    result = steps(MEMORY + filler(WHOLE_BELOW), "default<O1>", "outer", llvm)
    (note,) = result.notes
    assert note.startswith("Run on outer and 2 functions that it calls, not on the whole module")
    assert "default<O1> works across functions" in note
    assert result.end_instructions == 1  # both were inlined
    small = steps(MEMORY, "default<O1>", "outer", llvm)
    assert small.notes == ("Run on the whole module, since default<O1> works across functions.",)
    assert small.end_ir == result.end_ir


def test_where_a_module_is_too_large_to_be_printed_each_time_sizes_are_said_to_be_missing(llvm: LLVM) -> None:
    unnamed_type = "%0 = type { i32 }\n@v = external global %0\n"  # which keeps the function in its module
    result = steps(unnamed_type + MEMORY + filler(WHOLE_MODULE_BELOW), "function(sroa)", "double", llvm)
    assert {step.bytes for step in result.steps if step.changed} == {None}
    assert "too large to be printed" in result.why_no_bytes
    assert "the function cannot be cut out (Types without names" in result.notes[0]


NUMBERED = """define i32 @f(ptr %0, i32 %1) {
  %3 = icmp sgt i32 %1, 0
  br i1 %3, label %4, label %8

4:                                                ; preds = %2
  %5 = load i32, ptr %0, align 4, !tbaa !5
  %6 = load i32, ptr %0, align 4, !tbaa !5
  %7 = add i32 %5, %6
  br label %8

8:                                                ; preds = %2, %4
  %9 = phi i32 [ %7, %4 ], [ 0, %2 ]
  ret i32 %9
}

!5 = !{!6, !6, i64 0}
!6 = !{!"int", !7, i64 0}
!7 = !{!"char", !8, i64 0}
!8 = !{!"C"}
"""


def test_a_pass_that_takes_one_instruction_changes_the_lines_that_held_it(llvm: LLVM) -> None:
    if opt.usable() is None:
        pytest.skip("there is no opt: bash tests/install-opt.sh")
    result = steps(NUMBERED, "function(early-cse,gvn)", "f", llvm)
    assert [(step.name, step.added, step.removed) for step in result.steps if step.changed] == [
        ("early-cse", 1, 2)
    ]
    assert result.start_ir == function_text(NUMBERED, "f")
    assert result.end_ir == (function_text(NUMBERED, "f") or "").replace(
        "  %6 = load i32, ptr %0, align 4, !tbaa !5\n  %7 = add i32 %5, %6", "  %7 = add i32 %5, %5"
    )


def test_a_function_without_a_name_is_stepped_through_under_its_number(llvm: LLVM) -> None:
    ir = "@0 = private constant i32 7\n" + MEMORY.replace("@inner", "@1")
    result = steps(ir, "function(sroa,instcombine)", "1", llvm)
    assert result.start_ir.startswith("define internal i32 @1(") or result.start_ir.startswith(
        "define i32 @1("
    )
    assert result.start_instructions == 2
    assert result.start_bytes is not None


def test_a_function_that_keeps_passes_off_says_so(llvm: LLVM) -> None:
    ir = MEMORY.replace("@double(i32 %a) {", "@double(i32 %a) noinline optnone {")
    result = steps(ir, "function(sroa)", "double", llvm)
    assert not any(step.changed for step in result.steps)
    assert "double is optnone: passes skip it. Compile with -Xclang -disable-O0-optnone." in result.notes


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


def test_a_report_is_read_up_to_a_length(llvm: LLVM, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pass on loops prints the module for each of them: half a minute in the server for 500 loops."""
    every = steps(MEMORY, "function(sroa,adce,instcombine)", "double", llvm)
    monkeypatch.setattr("irlens.assist.steps.MOST_READ", 200)
    some = steps(MEMORY, "function(sroa,adce,instcombine)", "double", llvm)
    assert 0 < len(some.steps) < len(every.steps)
    assert some.end_ir == every.end_ir
    assert any(
        each.startswith(f"Only the first {len(some.steps)} of {len(every.steps)} pass runs")
        for each in some.notes
    )
