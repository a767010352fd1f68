"""Lifts that miss by a detail, mended with the real LLVM; and those that must not be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from irlens.cancel import Cancelled, CancelToken
from irlens.emulator.client import Emulator
from irlens.evidence.ladder import climb
from irlens.evidence.mend import mend
from irlens.evidence.verdict import Verdict
from irlens.llvm.client import LLVM
from irlens.model.types import LiftSource

X86 = "x86_64-unknown-linux-gnu"
ARM = "aarch64-unknown-linux-gnu"


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as client:
        yield client


def original(llvm: LLVM, ir: str, triple: str) -> LiftSource:
    return LiftSource(llvm.lower(ir, triple), "f", triple)


ZERO = """declare i32 @g(ptr, ptr)
define i32 @f(ptr %p) {
  %r = call i32 @g(ptr %p, ptr null)
  %s = add i32 %r, 1
  ret i32 %s
}
"""
TURNED = """define i32 @f(i64 %a, i64 %b) {
  %c = icmp ult i64 %a, %b
  br i1 %c, label %then, label %else
then:
  ret i32 1
else:
  %s = sub i64 %a, %b
  %t = trunc i64 %s to i32
  ret i32 %t
}
"""
NOTHING = """declare i32 @g(ptr, ptr)
declare void @h()
define void @f(ptr %p) {
  %r = call i32 @g(ptr %p, ptr null)
  call void @h()
  ret void
}
"""
HANDED_ON = """define i32 @f(ptr %o, ptr %x, i32 %y, ptr %z) {
  %q = getelementptr i8, ptr %o, i64 56
  %h = load ptr, ptr %q
  %r = tail call i32 %h(ptr %o, ptr %x, i32 %y, ptr %z)
  ret i32 %r
}
"""
FRAME = """declare void @fill(ptr, i64)
define i32 @f() {
  %a = alloca [96 x i8]
  call void @fill(ptr %a, i64 96)
  %v = load i32, ptr %a
  ret i32 %v
}
"""
CASES = {
    "a zero of another width": (ZERO, "ptr null", "i32 0", ARM),
    "a result that nobody gave": (NOTHING, "ret void", "ret i32 %r", X86),
    "arguments that stay in their registers": (
        HANDED_ON,
        "(ptr %o, ptr %x, i32 %y, ptr %z)",
        "(ptr %o)",
        ARM,
    ),
    "the size of an object on the stack": (FRAME, "[96 x i8]", "[64 x i8]", X86),
}


@pytest.mark.parametrize("what", sorted(CASES))
def test_a_lift_that_misses_by_a_detail_is_mended(llvm: LLVM, what: str) -> None:
    ir, right, wrong, triple = CASES[what]
    source = original(llvm, ir, triple)
    wrong_ir = (
        ir.replace(right, wrong).replace("define void", "define i32")
        if "ret i32" in wrong
        else ir.replace(right, wrong)
    )
    missed = climb(wrong_ir, source, llvm)
    assert missed.verdict == Verdict.COMPILES
    mended = mend(missed, source, llvm, seconds=30)
    assert mended is not None
    assert mended.changes
    assert climb(mended.evidence.ir, source, llvm).verdict == Verdict.ROUND_TRIPS


def test_what_is_another_function_is_not_mended(llvm: LLVM) -> None:
    source = original(llvm, TURNED, X86)
    other = "define i32 @f(double %a, double %b) {\n  %c = fptosi double %a to i32\n  ret i32 %c\n}\n"
    assert mend(climb(other, source, llvm), source, llvm) is None


def test_the_search_ends_after_so_many_recompilations(llvm: LLVM) -> None:
    source = original(llvm, TURNED.replace("sub i64 %a, %b", "mul i64 %a, %a"), X86)
    missed = climb(TURNED, source, llvm)
    assert missed.similarity >= 0.5
    calls = 0

    class Counting:
        def __getattr__(self, name: str) -> object:
            return getattr(llvm, name)

        def lower(self, *given: object, **named: object) -> str:
            nonlocal calls
            calls += 1
            return llvm.lower(*given, **named)  # type: ignore[arg-type]

    assert mend(missed, source, Counting(), tries=7, seconds=30) is None  # type: ignore[arg-type]
    assert calls == 7
    assert mend(missed, source, llvm, seconds=0) is None


def test_a_round_trip_needs_no_mending(llvm: LLVM) -> None:
    source = original(llvm, ZERO, X86)
    assert mend(climb(ZERO, source, llvm), source, llvm) is None


def test_what_has_no_normal_form_is_left_alone(llvm: LLVM) -> None:
    source = original(llvm, ZERO, X86)
    missed = climb(ZERO.replace("add i32 %r, 1", "add i32 %r, 2"), source, llvm)
    fence = missed.ir.replace("  ret i32", "  fence seq_cst\n  ret i32")
    assert mend(replace(missed, ir=fence), source, llvm) is None


def test_a_cancel_ends_the_search(llvm: LLVM) -> None:
    source = original(llvm, ZERO, X86)
    missed = climb(ZERO.replace("add i32 %r, 1", "add i32 %r, 2"), source, llvm)
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        mend(missed, source, llvm, cancel=cancel)


def test_what_was_mended_is_run_too(llvm: LLVM) -> None:
    """ "It gives nothing" is the original's code, for what is stored is left in eax, too: whoever believes it is told."""
    code = "\tpushq\t%rbx\n\tmovq\t%rdi, %rbx\n\tcallq\tg@PLT\n\tmovl\t%eax, (%rbx)\n\tpopq\t%rbx\n\tretq\n"
    text = f"\t.text\n\t.globl\tf\n\t.type\tf,@function\nf:\n{code}\t.size\tf, .-f\n"
    source = LiftSource(text, "f", X86)
    wide = (
        "declare i32 @g()\ndefine i64 @f(ptr %p) {\n  %r = call i32 @g()\n  store i32 %r, ptr %p\n"
        "  %s = sext i32 %r to i64\n  ret i64 %s\n}\n"
    )
    missed = climb(wide, source, llvm)
    by_its_code = mend(missed, source, llvm)
    assert by_its_code is not None
    assert "define void" in by_its_code.evidence.ir
    with Emulator() as emulator:
        run = mend(missed, source, llvm, emulator=emulator)
    assert run is not None
    assert "Taken to carry no result: what g gives in rax" in run.evidence.reason
