"""IR beside what LLVM 19 makes of it: kinds of difference that were told on LLVM's own tests, and are none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from irlens.emulator.client import Emulator
from irlens.evidence.behaviour import Version, versions_alike
from irlens.llvm.client import LLVM

X86 = "x86_64-unknown-linux-gnu"
SAME = {
    "a thread-local variable of the module": (
        "@v = dso_local thread_local global i32 15\n@w = dso_local thread_local global i32 4\n"
        "define i32 @f() {\n  %a = load i32, ptr @v\n  %b = load i32, ptr @w\n  %r = add i32 %a, %b\n  ret i32 %r\n}\n",
        "f:\n\tmovl %fs:w@TPOFF, %eax\n\taddl %fs:v@TPOFF, %eax\n\tretq\n"
        '\t.section .tdata,"awT",@progbits\n\t.globl v\nv:\t.long 15\n\t.globl w\nw:\t.long 4\n',
    ),
    "its address": (
        "@v = dso_local thread_local global i32 15\ndefine ptr @f() {\n  ret ptr @v\n}\n",
        "f:\n\tmovq %fs:0, %rax\n\tleaq v@TPOFF(%rax), %rax\n\tretq\n"
        '\t.section .tdata,"awT",@progbits\n\t.globl v\nv:\t.long 15\n',
    ),
    "half a vector register": (
        "define <2 x float> @f(<2 x float> %x) {\n  %r = fadd <2 x float> %x, %x\n  ret <2 x float> %r\n}\n",
        "f:\n\taddps %xmm0, %xmm0\n\tretq\n",
    ),
    "less than a register beside a vector": (
        "define i32 @f(<4 x i32> %x) {\n  %r = extractelement <4 x i32> %x, i32 0\n  ret i32 %r\n}\n",
        "f:\n\tmovd %xmm0, %eax\n\tretq\n",
    ),
    "in front of an array": (
        "@t = internal global [4 x i32] zeroinitializer\ndefine ptr @f() {\n  ret ptr getelementptr (i8, ptr @t, i64 -4)\n}\n",
        "f:\n\tleaq t-4(%rip), %rax\n\tretq\n\t.local t\n\t.comm t,16,16\n",
    ),
    "copies of nothing to nowhere": (
        "declare void @llvm.memmove.p0.p0.i64(ptr, ptr, i64, i1)\ndefine void @f(ptr %p) {\n"
        "  call void @llvm.memmove.p0.p0.i64(ptr %p, ptr %p, i64 100, i1 false)\n  ret void\n}\n",
        "f:\n\tmovl $100, %edx\n\tmovq %rdi, %rsi\n\tjmp memmove@PLT\n",
    ),
    "another name of what is called": (
        "@g = dso_local alias i32 (i32), ptr @h\ndefine dso_local i32 @h(i32 %x) {\n  ret i32 %x\n}\n"
        "define i32 @f(i32 %x) {\n  %r = call i32 @g(i32 %x)\n  %s = add i32 %r, 1\n  ret i32 %s\n}\n",
        "\t.globl h\n\t.type h,@function\nh:\tmovl %edi, %eax\n\tretq\n\t.globl g\n\t.set g, h\n"
        "f:\tpushq %rax\n\tcallq g\n\tincl %eax\n\tpopq %rcx\n\tretq\n",
    ),
}
OPEN = {
    "elements that are widened": (
        "define <4 x i1> @f(<4 x i32> %x) {\n  %r = icmp slt <4 x i32> %x, zeroinitializer\n  ret <4 x i1> %r\n}\n",
        "f:\n\tpsrad $31, %xmm0\n\tretq\n",
        "<4 x i1> are not emulated",
    ),
    "where releases differ": (
        "define i64 @f(i64 %a, i64 %b, i64 %c, i64 %d, i64 %e, i128 %x) {\n  %r = trunc i128 %x to i64\n  ret i64 %r\n}\n",
        "f:\n\tmovq %r9, %rax\n\tretq\n",
        "releases differ",
    ),
    "relaxed floating point": (
        "declare float @llvm.sqrt.f32(float)\ndefine float @f(float %x) {\n  %r = call afn float @llvm.sqrt.f32(float %x)\n"
        "  ret float %r\n}\n",
        "f:\n\tsqrtss %xmm0, %xmm0\n\tmulss .LC0(%rip), %xmm0\n\tretq\n\t.section .rodata\n.LC0:\t.long 0x3f800001\n",
        "may allow both",
    ),
    "a choice that undef leaves": (
        "define i32 @f(i32 %x) {\n  %r = and i32 %x, undef\n  ret i32 %r\n}\n",
        "f:\n\tmovl %edi, %eax\n\tretq\n",
        "",
    ),
}
DIFFERENT = {
    "the other thread-local variable": (
        SAME["its address"][0],
        SAME["its address"][1].replace("v@TPOFF", "v@TPOFF+4"),
    ),
    "the other element": (SAME["half a vector register"][0], "f:\n\taddss %xmm0, %xmm0\n\tretq\n"),
    "the function, not its alias": (
        SAME["another name of what is called"][0].replace("@g(i32 %x)\n", "@k(i32 %x)\n")
        + "declare i32 @k(i32)\n",
        SAME["another name of what is called"][1],
    ),
}


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as made:
        yield made


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(workers=1) as made:
        yield made


def told(ir: str, asm: str, llvm: LLVM, emulator: Emulator) -> tuple[str, str]:
    asm = f"\t.text\n\t.globl f\n\t.type f,@function\n{asm}"
    found = versions_alike(Version(ir, "f", False), Version(asm, "f", True), X86, llvm, emulator, inputs=200)
    return found.outcome, found.reason


@pytest.mark.parametrize("name", SAME)
def test_what_is_the_same_agrees(name: str, llvm: LLVM, emulator: Emulator) -> None:
    assert told(*SAME[name], llvm, emulator)[0] == "agrees"


@pytest.mark.parametrize("name", OPEN)
def test_what_cannot_be_told_is_not(name: str, llvm: LLVM, emulator: Emulator) -> None:
    ir, asm, why = OPEN[name]
    outcome, reason = told(ir, asm, llvm, emulator)
    assert outcome != "disagrees"
    assert why in reason


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_differs_is_found(name: str, llvm: LLVM, emulator: Emulator) -> None:
    assert told(*DIFFERENT[name], llvm, emulator)[0] == "disagrees"
