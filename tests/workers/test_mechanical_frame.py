"""Unoptimised code lifted with its variables in memory: recompiled without optimisation it is the same assembly."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from irlens.asm.normal import normalise
from irlens.emulator.client import Emulator
from irlens.evidence.behaviour import behaves
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter
from irlens.mechanical.lift import lift_mechanically
from irlens.mechanical.unoptimised import keeps_its_frame

X86 = "x86_64-unknown-linux-gnu"
ARM = "aarch64-unknown-linux-gnu"
BOTH = pytest.mark.parametrize("triple", [X86, ARM])


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as client:
        yield client


@pytest.fixture(scope="module")
def lifter() -> Iterator[MechanicalLifter]:
    with MechanicalLifter() as client:
        yield client


SCALARS = """define i32 @f(ptr %p, i32 %n) "frame-pointer"="all" {
  %1 = alloca ptr, align 8
  %2 = alloca i32, align 4
  %3 = alloca i32, align 4
  store ptr %p, ptr %1, align 8
  store i32 %n, ptr %2, align 4
  store i32 0, ptr %3, align 4
  br label %4
4:
  %5 = load i32, ptr %3, align 4
  %6 = load i32, ptr %2, align 4
  %7 = icmp slt i32 %5, %6
  br i1 %7, label %8, label %13
8:
  %9 = load ptr, ptr %1, align 8
  %10 = load i32, ptr %9, align 4
  %11 = load i32, ptr %3, align 4
  %12 = add i32 %11, %10
  store i32 %12, ptr %3, align 4
  br label %4
13:
  %14 = load i32, ptr %3, align 4
  ret i32 %14
}
"""
ESCAPES = """declare void @use(ptr, i32)
define void @f(i32 %n) "frame-pointer"="all" {
  %1 = alloca i32, align 4
  %2 = alloca [24 x i8], align 16
  %3 = alloca double, align 8
  store i32 %n, ptr %1, align 4
  store double 1.5, ptr %3, align 8
  %4 = load i32, ptr %1, align 4
  call void @use(ptr %2, i32 %4)
  %5 = load i32, ptr %1, align 4
  call void @use(ptr %3, i32 %5)
  ret void
}
"""


@BOTH
@pytest.mark.parametrize("ir", [SCALARS, ESCAPES], ids=["scalars", "escapes"])
def test_it_recompiles_to_the_same_assembly(
    ir: str, triple: str, llvm: LLVM, lifter: MechanicalLifter
) -> None:
    made = llvm.emit_object(ir, triple, opt_level=0)
    original = normalise(llvm.lower(ir, triple, opt_level=0), "f", triple)
    lifted = lift_mechanically(made, "f", triple, llvm, lifter, keep_frame=True).ir
    lifted = re.sub(r"(define .*) \{", r'\1 "frame-pointer"="all" {', lifted)
    again = normalise(llvm.lower(lifted, triple, opt_level=0), "f", triple)
    assert keeps_its_frame(original.code, triple)
    assert again.text == original.text


@BOTH
def test_its_variables_have_their_types_and_order(triple: str, llvm: LLVM, lifter: MechanicalLifter) -> None:
    made = llvm.emit_object(SCALARS, triple, opt_level=0)
    lifted = lift_mechanically(made, "f", triple, llvm, lifter, keep_frame=True).ir
    assert re.findall(r"alloca (\w+), align (\d)", lifted) == [("ptr", "8"), ("i32", "4"), ("i32", "4")]
    assert "alloca" not in lift_mechanically(made, "f", triple, llvm, lifter).ir


@BOTH
@pytest.mark.parametrize("ir", [SCALARS, ESCAPES], ids=["scalars", "escapes"])
def test_it_does_the_same(ir: str, triple: str, llvm: LLVM, lifter: MechanicalLifter) -> None:
    made = llvm.emit_object(ir, triple, opt_level=0)
    lifted = lift_mechanically(made, "f", triple, llvm, lifter, keep_frame=True).ir
    with Emulator() as emulator:
        text = llvm.lower(ir, triple, opt_level=0)
        agreement = behaves(text, "f", triple, lifted, llvm, emulator, original=made)
    assert agreement.outcome == "agrees", agreement.reason


def test_names_of_the_same_file_are_marked(llvm: LLVM, lifter: MechanicalLifter) -> None:
    made = llvm.emit_object(ESCAPES, X86, opt_level=0)
    lifted = lift_mechanically(made, "f", X86, llvm, lifter, keep_frame=True, local=["use"]).ir
    assert re.search(r"^declare dso_local \w+ @use\(ptr, i32\)", lifted, re.MULTILINE)


def test_a_number_put_where_a_pointer_was(llvm: LLVM, lifter: MechanicalLifter) -> None:
    """What is in one place is taken for one kind of thing; a floating-point argument stays one."""
    text = "f:\n\tmovq (%rdi), %rax\n\tmovl (%rax), %eax\n\tmovsd %xmm0, (%rdi)\n\tretq\n"
    whole = f"\t.text\n\t.globl f\n\t.type f,@function\n{text}\t.size f, .-f\n"
    made = llvm.object_of(whole, X86)
    for keep_frame in (False, True):
        ir = lift_mechanically(made, "f", X86, llvm, lifter, keep_frame=keep_frame).ir
        assert "(ptr %a0, double %a1)" in ir
        assert llvm.parse(ir).verified
