"""A module before and after its passes: what does the same, what does not, what cannot be told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from irlens.assist.guard import guard
from irlens.assist.predict import predict
from irlens.assist.tools import Tools
from irlens.assist.tune import OZ
from irlens.cancel import CancelToken
from irlens.emulator.client import Emulator
from irlens.llvm.answers import PassRun
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter

MODULE = """
@count = internal global i32 5
@text = private constant [4 x i8] c"hi\\0A\\00"
declare i32 @outside(i32)
declare i32 @printf(ptr, ...)
define internal i32 @tripled(i32 %x) {
  %y = mul i32 %x, 3
  %z = call i32 @outside(i32 %y)
  ret i32 %z
}
define i32 @choose(i32 %a) {
  %c = icmp sgt i32 %a, 100
  br i1 %c, label %t, label %e
t:
  %r = call i32 @tripled(i32 %a)
  ret i32 %r
e:
  %l = load i32, ptr @count
  %s = add i32 %l, %a
  ret i32 %s
}
define i32 @say() {
  %n = call i32 (ptr, ...) @printf(ptr @text)
  ret i32 0
}
define i64 @sum(ptr %p, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %j, %loop ]
  %a = phi i64 [ 0, %entry ], [ %b, %loop ]
  %q = getelementptr i64, ptr %p, i64 %i
  %v = load i64, ptr %q
  %w = call i32 @narrow(i64 %v)
  %x = zext i32 %w to i64
  %b = add i64 %a, %x
  %j = add i64 %i, 1
  %m = icmp ult i64 %j, %n
  br i1 %m, label %loop, label %done
done:
  ret i64 %b
}
define internal i32 @narrow(i64 %v) noinline {
  %w = trunc i64 %v to i32
  ret i32 %w
}
"""
PLAIN = "\n".join(line for line in MODULE.splitlines() if "@printf" not in line and "@text" not in line)


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    made = Tools(LLVM(workers=1), Emulator(), MechanicalLifter())
    yield made
    made.close()


@pytest.mark.parametrize("passes", [OZ, "default<O3>", "function(sroa,instcombine,gvn)", "globalopt"])
def test_passes_that_keep_meaning_are_not_accused(tools: Tools, passes: str) -> None:
    found = guard(PLAIN, tools.llvm.run_passes(PLAIN, passes).ir, tools)
    assert found.broken == ()
    assert {"choose", "sum", "say"} <= set(found.agreed)
    assert "did the same as before" in found.words


@pytest.mark.parametrize(
    ("was", "becomes", "broken"),
    [
        ("mul i32 %x, 3", "mul i32 %x, 5", {"choose"}),  # only `choose` calls `tripled`
        ("i32 %a, 100", "i32 %a, 101", {"choose"}),
        ("icmp ult i64 %j", "icmp ule i64 %j", {"sum"}),
        ("zext i32 %w", "sext i32 %w", {"sum"}),
    ],
)
def test_what_a_wrong_pass_would_do_is_found(tools: Tools, was: str, becomes: str, broken: set[str]) -> None:
    found = guard(PLAIN, PLAIN.replace(was, becomes), tools)
    assert {each.name for each in found.broken} == broken
    assert all(each.agreement.counterexample is not None for each in found.broken)
    assert "the passes change what" in found.words


def test_a_library_call_that_was_replaced_is_no_accusation(tools: Tools) -> None:
    puts = MODULE.replace(
        "declare i32 @printf(ptr, ...)", "declare i32 @putchar(i32)\ndeclare i32 @puts(ptr)"
    )
    puts = puts.replace("call i32 (ptr, ...) @printf(ptr @text)", "call i32 @puts(ptr @text)")
    found = guard(MODULE, puts, tools, functions=["say"])
    assert found.broken == ()
    [(name, why)] = found.unknown
    assert name == "say"
    assert "library call" in why


def test_a_function_that_only_the_file_calls_is_compared_where_it_is_called(tools: Tools) -> None:
    wrong = PLAIN.replace("mul i32 %x, 3", "mul i32 %x, 5")
    found = guard(PLAIN, wrong, tools, functions=["tripled"])
    assert found.broken == ()
    [(name, why)] = found.unknown
    assert (name, "only this file calls it" in why) == ("tripled", True)


def test_a_function_that_other_files_call_must_be_there(tools: Tools) -> None:
    found = guard(PLAIN, PLAIN.replace("@choose", "@chosen").replace("@narrow", "@narrower"), tools)
    assert [(each.name, each.agreement.reason) for each in found.broken] == [
        ("choose", "Other files may call it, and it is gone.")
    ]


def test_without_time_nothing_is_claimed(tools: Tools) -> None:
    found = guard(PLAIN, PLAIN, tools, budget_s=0.0)
    assert (found.agreed, found.broken) == ((), ())
    assert {name for name, _ in found.unknown} == {"tripled", "choose", "say", "sum", "narrow"}


class Breaking:
    """LLVM whose -Oz has an error: what the guard is for. All else is the real one's."""

    def __init__(self, real: LLVM) -> None:
        self._real = real

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def run_passes(self, ir: str, pipeline: str, *, cancel: CancelToken | None = None) -> PassRun:
        run = self._real.run_passes(ir, pipeline, cancel=cancel)
        wrong = pipeline != "default<Os>"
        return replace(run, ir=run.ir.replace(" 100", " 99")) if wrong else run


def test_predict_says_what_a_pass_breaks(tools: Tools) -> None:
    broken = Tools(Breaking(tools.llvm), tools.emulator, tools.lifter)  # type: ignore[arg-type]
    result = predict(PLAIN, OZ, "choose", None, broken.llvm, guarded_by=broken)
    assert result.guard is not None
    assert [each.name for each in result.guard.broken] == ["choose"]
    right = predict(PLAIN, OZ, "choose", None, tools.llvm, guarded_by=tools)
    assert right.guard is not None
    assert right.guard.agreed == ("choose",)
