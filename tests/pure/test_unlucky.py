"""Garbage in the registers that IR does not name."""

from __future__ import annotations

import pytest

from irlens.evals.native.unlucky import unlucky

IR = """declare i64 @g(i64)
define i64 @f(i64 %x) {
  %r = tail call i64 @g(i64 %x)
  %c = call i64 @llvm.ctpop.i64(i64 %r)
  ret i64 %r
}
define i64 @other(i64 %x) {
  ret i64 %x
}
"""


def test_there_is_garbage_before_and_behind_a_call_and_before_the_return() -> None:
    lines = unlucky(IR, "f").split("\n")
    kinds = ["garbage" if " asm " in line else line.split("(")[0].strip() for line in lines]
    assert kinds == [
        "declare i64 @g",
        "define i64 @f",
        "garbage",
        "%r = call i64 @g",
        "garbage",
        "%c = call i64 @llvm.ctpop.i64",
        "garbage",
        "ret i64 %r",
        "}",
        "define i64 @other",
        "ret i64 %x",
        "}",
        "",
    ]
    before, behind = lines[2], lines[4]
    assert "%rdi" in before
    assert "%rax" not in before, "al is the compiler's to set for a variadic call"
    assert "%rax" in behind
    assert "%rdi" not in behind


def test_a_call_that_must_be_last_stays() -> None:
    with pytest.raises(ValueError, match="last thing"):
        unlucky(IR.replace("tail call", "musttail call"), "f")
