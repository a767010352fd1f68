"""The ladder of evidence with the real LLVM: what must reach the top, and what must not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens.cancel import Cancelled, CancelToken
from irlens.evidence.ladder import NO_SECOND_SCHEDULING, climb, near_variants
from irlens.evidence.verdict import Verdict
from irlens.llvm.client import LLVM
from irlens.model.types import LiftSource

EXAMPLES = Path(__file__).parents[2] / "examples"
X86 = "x86_64-unknown-linux-gnu"
ARM = "aarch64-unknown-linux-gnu"
BITS = (EXAMPLES / "bits.s").read_text()
LIST = (EXAMPLES / "list.s").read_text()

ALIGN_UP = """define i32 @align_up(i32 %n, i32 %b) {
  %less = add i32 %n, -1
  %sum = add i32 %less, %b
  %mask = sub i32 0, %b
  %r = and i32 %sum, %mask
  ret i32 %r
}
"""
DROP = """declare void @release(ptr)

define void @drop(ptr %node) {
  %next = load ptr, ptr %node
  tail call void @release(ptr %next)
  ret void
}
"""


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as client:
        yield client


def source(function: str) -> LiftSource:
    return LiftSource(BITS, function, X86) if function in BITS else LiftSource(LIST, function, ARM)


RIGHT = {
    "align_up": ALIGN_UP,
    "smaller": """define i32 @smaller(i32 %a, i32 %b) {
  %r = call i32 @llvm.smin.i32(i32 %a, i32 %b)
  ret i32 %r
}
declare i32 @llvm.smin.i32(i32, i32)
""",
    "drop": DROP,
    "link_after": """define void @link_after(ptr %l, ptr %r) {
  store ptr %r, ptr %l
  %p = getelementptr i8, ptr %r, i64 8
  store ptr %l, ptr %p
  ret void
}
""",
}


BESIDE = {
    "@llvm.global_ctors": "@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 1, ptr @e, ptr "
    "null }]\ndeclare i32 @system(ptr)\ndefine internal void @e() {\n  %r = call i32 @system(ptr null)\n  ret void\n}\n",
    'section ".init_array"': '@p = internal global ptr @align_up, section ".init_array"\n',
    "a definition of @malloc": "define ptr @malloc(i64 %n) {\n  ret ptr null\n}\n",
    "@other, an alias": "@other = ifunc i32 (i32, i32), ptr @r\ndefine internal ptr @r() {\n  ret ptr @align_up\n}\n",
}


@pytest.mark.parametrize("more", BESIDE)
def test_the_right_ir_with_something_beside_it_is_no_lift(llvm: LLVM, more: str) -> None:
    """It would run, or take a program's own place, wherever the lift is linked in."""
    found = climb(ALIGN_UP + BESIDE[more], source("align_up"), llvm)
    assert (found.verdict, found.reason) == (Verdict.REJECTED, f"it brings more than the function: {more}")


@pytest.mark.parametrize("function", RIGHT)
def test_the_right_ir_round_trips(llvm: LLVM, function: str) -> None:
    evidence = climb(RIGHT[function], source(function), llvm)
    assert evidence.verdict == Verdict.ROUND_TRIPS, evidence.reason
    assert evidence.codegen == "-O2"
    assert evidence.difference == ()


WRONG = {
    "another operator": ("align_up", ALIGN_UP.replace("and i32", "or i32")),
    "another constant": ("align_up", ALIGN_UP.replace("-1", "-2")),
    "another predicate": ("smaller", RIGHT["smaller"].replace("smin", "smax")),
    "another sign": ("smaller", RIGHT["smaller"].replace("smin", "umin")),
    "another callee": ("drop", DROP.replace("release", "retain")),
    "another offset": ("link_after", RIGHT["link_after"].replace("i64 8", "i64 16")),
    "a dropped store": ("link_after", RIGHT["link_after"].replace("  store ptr %l, ptr %p\n", "")),
    "swapped arguments": ("link_after", RIGHT["link_after"].replace("(ptr %l, ptr %r)", "(ptr %r, ptr %l)")),
    "another width": ("drop", DROP.replace("load ptr, ptr %node", "load i32, ptr %node").replace(
        "(ptr %next)", "(i32 %next)").replace("(ptr)", "(i32)")),
}  # fmt: skip


@pytest.mark.parametrize("change", WRONG)
def test_ir_that_does_something_else_only_compiles(llvm: LLVM, change: str) -> None:
    function, ir = WRONG[change]
    evidence = climb(ir, source(function), llvm)
    assert evidence.verdict == Verdict.COMPILES
    assert evidence.difference, "the user is shown where it differs"
    assert 0 <= evidence.similarity < 1


REJECTED = {
    "no IR": ("I cannot do that", "does not parse"),
    "undefined value": (ALIGN_UP.replace("%sum, %mask", "%sum, %nope"), "line 5"),
    "wrong type": (ALIGN_UP.replace("ret i32 %r", "ret i64 %r"), "does not parse"),
    "another name": (ALIGN_UP.replace("align_up", "align_down"), "does not define @align_up"),
    "not verified": (
        "define i32 @align_up(i32 %n, i32 %b) {\n  br label %x\nx:\n  %r = add i32 %q, %q\n"
        "  %q = add i32 %n, %b\n  ret i32 %r\n}\n",
        "verifier",
    ),
    "inline asm": (
        'define i32 @align_up(i32 %n, i32 %b) {\n  %r = call i32 asm "leal ($1,$2), $0", "=r,r,r"(i32 %n, '
        "i32 %b)\n  ret i32 %r\n}\n",
        "inline asm",
    ),
    "module asm": ('module asm "align_up: retq"\n' + ALIGN_UP, "inline asm"),
    "naked asm": (
        'define i32 @align_up(i32 %n, i32 %b) naked {\n  call void asm sideeffect "retq", ""()\n'
        "  unreachable\n}\n",
        "inline asm",
    ),
}


@pytest.mark.parametrize("kind", REJECTED)
def test_bad_ir_is_rejected_with_its_reason(llvm: LLVM, kind: str) -> None:
    ir, reason = REJECTED[kind]
    evidence = climb(ir, source("align_up"), llvm)
    assert evidence.verdict == Verdict.REJECTED
    assert reason in evidence.reason


def test_ir_that_kills_llvm_is_rejected_and_the_next_one_is_judged(llvm: LLVM) -> None:
    deep = "i32 " + "add (i32 " * 200_000 + "1" + ", i32 1)" * 200_000
    evidence = climb(f"@x = global {deep}\n" + ALIGN_UP, source("align_up"), llvm)
    assert evidence.verdict == Verdict.REJECTED
    assert climb(ALIGN_UP, source("align_up"), llvm).verdict == Verdict.ROUND_TRIPS


def test_the_original_s_frame_pointer_is_an_option_not_a_difference(llvm: LLVM) -> None:
    ir = "declare void @g()\n\ndefine void @f() {\n  call void @g()\n  call void @g()\n  ret void\n}\n"
    for triple in (X86, ARM):
        kept = llvm.lower(ir.replace("@f() {", '@f() "frame-pointer"="all" {'), triple)
        evidence = climb(ir, LiftSource(kept, "f", triple), llvm)
        assert evidence.verdict == Verdict.ROUND_TRIPS, evidence.reason
        assert '"frame-pointer"="all"' in evidence.ir, "the IR that is shown is the one that round-trips"


def test_code_generated_without_optimising_is_found(llvm: LLVM) -> None:
    ir = (
        "define i32 @f(i32 %a) {\n  %p = alloca i32\n  store i32 %a, ptr %p\n"
        "  %v = load i32, ptr %p\n  ret i32 %v\n}\n"
    )
    unoptimised = llvm.lower(ir, X86, opt_level=0)
    evidence = climb(ir, LiftSource(unoptimised, "f", X86), llvm)
    assert evidence.verdict == Verdict.ROUND_TRIPS
    assert evidence.codegen in ("-O0", "-O2")


def test_a_cancel_stops_the_climb(llvm: LLVM) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        climb(ALIGN_UP, source("align_up"), llvm, cancel=token)


CLEARED = """define void @clear(ptr %p) {
  call void @llvm.memset.p0.i64(ptr %p, i8 0, i64 20, i1 false)
  ret void
}
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
"""


def test_x86_64_is_recompiled_for_what_clang_compiles_for(llvm: LLVM) -> None:
    """LLVM's own default clears eight bytes at once."""
    asm = "clear:\n\txorps %xmm0, %xmm0\n\tmovups %xmm0, (%rdi)\n\tmovl $0, 16(%rdi)\n\tretq\n"
    evidence = climb(CLEARED, LiftSource(asm, "clear", X86), llvm)
    assert evidence.verdict == Verdict.ROUND_TRIPS
    assert "target-cpu" not in evidence.ir


def test_a_call_that_is_no_jump_is_an_option_not_a_difference(llvm: LLVM) -> None:
    """At -O0 clang marks no call `tail`; nor does the mark ask for a jump."""
    asm = "drop:\n\tpushq %rax\n\tmovq (%rdi), %rdi\n\tcallq release@PLT\n\tpopq %rax\n\tretq\n"
    evidence = climb(DROP, LiftSource(asm, "drop", X86), llvm)
    assert evidence.verdict == Verdict.ROUND_TRIPS
    assert "tail call" not in evidence.ir


def test_a_must_tail_call_stays_one(llvm: LLVM) -> None:
    asm = "drop:\n\tpushq %rax\n\tmovq (%rdi), %rdi\n\tcallq release@PLT\n\tpopq %rax\n\tretq\n"
    evidence = climb(DROP.replace("tail call", "musttail call"), LiftSource(asm, "drop", X86), llvm)
    assert evidence.verdict == Verdict.COMPILES


CHOICE = """define i32 @f(i32 %x) {
  switch i32 %x, label %none [ i32 0, label %a  i32 1, label %b  i32 2, label %c  i32 3, label %d ]
a:
  %ra = tail call i32 @g(i32 7)
  ret i32 %ra
b:
  %rb = tail call i32 @h(i32 19)
  ret i32 %rb
c:
  %rc = tail call i32 @g(i32 -4)
  ret i32 %rc
d:
  %rd = tail call i32 @h(i32 23)
  ret i32 %rd
none:
  ret i32 0
}
declare i32 @g(i32)
declare i32 @h(i32)
"""


def test_a_jump_table_belongs_to_a_function_wherever_that_stands_in_its_file(llvm: LLVM) -> None:
    other = CHOICE.split("declare")[0].replace("@f(", "@before(")
    asm = llvm.lower(other + CHOICE, X86)
    assert ".LJTI1_0" in asm
    assert climb(CHOICE, LiftSource(asm, "f", X86), llvm).verdict == Verdict.ROUND_TRIPS


def test_a_second_scheduling_is_left_out_only_where_lines_stand_in_another_order() -> None:
    ir = "define void @f() {\n  ret void\n}\n"
    arm, x86 = LiftSource("", "f", ARM), LiftSource("", "f", X86)
    lines = ["ldp x29 x30 [sp] 16", "mov w0 1", "ret"]
    [variant] = near_variants(ir, arm, lines, [lines[1], lines[0], lines[2]])
    assert NO_SECOND_SCHEDULING in variant
    assert not list(near_variants(ir, arm, lines, [*lines, "nop"]))
    assert not list(near_variants(ir, x86, lines, [lines[1], lines[0], lines[2]]))
    assert not list(near_variants(ir, arm, lines, []))
