"""What the original passes on and a candidate leaves out: it is not told to agree, or told with what it takes for granted."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from irlens.emulator.agreement import Agreement, taken_for_granted
from irlens.emulator.client import Emulator
from irlens.evidence.behaviour import Version, behaves, versions_alike
from irlens.evidence.ladder import climb
from irlens.evidence.verdict import Verdict
from irlens.llvm.client import LLVM
from irlens.model.types import LiftSource

X86 = "x86_64-unknown-linux-gnu"


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as made:
        yield made


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(workers=1) as made:
        yield made


def assembly(code: str) -> str:
    lines = "".join(f"\t{line.strip()}\n" if ":" not in line else f"{line}\n" for line in code.split(";"))
    return f"\t.text\n\t.globl f\n\t.type f,@function\nf:\n{lines}\t.size f, .-f\n"


LEFT_OUT = {
    "a write of what was there": ("movq %xmm0, %rax; movq %rax, %xmm0; ret", "void @f(double %x)", "ret void", "a value"),
    "a long double": ("fldt 8(%rsp); ret", "void @f()", "ret void", "x87"),
    "two floats in one register": (
        "cvtsd2ss %xmm0, %xmm0; movss %xmm0, -8(%rsp); movss %xmm0, -4(%rsp); movq -8(%rsp), %xmm0; ret",
        "float @f(double %x)", "%r = fptrunc double %x to float\nret float %r", "64 bits in xmm0",
    ),
    "a whole vector": (
        "addps %xmm1, %xmm0; ret", "float @f(float %x, float %y)", "%r = fadd float %x, %y\nret float %r", "128 bits in xmm0",
    ),
    "a part that is computed": (
        "movq %rdi, %rax; movl %esi, %edx; orl $4, %edx; ret", "i64 @f(i64 %x, i32 %y)", "ret i64 %x", "another part",
    ),
    "the upper half": ("leaq (%rdi,%rsi), %rax; ret", "i32 @f(i32 %x, i32 %y)", "%r = add i32 %x, %y\nret i32 %r", "64 bits"),
    "a pushed argument": (
        "subq $8, %rsp; pushq %rsi; pushq %rdi; movl $1, %edi; call g; addq $24, %rsp; ret", "i32 @f(i64 %x, i64 %y)",
        "%r = call i32 @g(i32 1)\nret i32 %r", "on the stack",
    ),
    "a structure on the stack": (
        "pushq %rbp; movq %rsp, %rbp; subq $16, %rsp; subq $16, %rsp; movq %rsp, %rcx; movq %rdi, (%rcx); movq %rsi, 8(%rcx); "
        "movl $1, %edi; call g; addq $16, %rsp; addl $1, %eax; leave; ret", "i32 @f(i64 %x, i64 %y)",
        "%c = call i32 @g(i32 1)\n%r = add i32 %c, 1\nret i32 %r", "on the stack",
    ),
    "a count of vector registers": (
        "subq $8, %rsp; leaq fmt(%rip), %rdi; movb $1, %al; call h; addq $8, %rsp; ret",
        "i32 @f(double %x)", "%r = call i32 @h(ptr @fmt, double %x)\nret i32 %r", "variable arguments",
    ),
    "the upper half of a product": (
        "movq %rdi, %rax; imulq %rsi; ret", "i64 @f(i64 %x, i64 %y)", "%r = mul i64 %x, %y\nret i64 %r", "another part",
    ),
    "a vector argument": (
        "subq $8, %rsp; cvtsi2sd %edi, %xmm0; call g; addq $8, %rsp; ret", "i32 @f(i32 %x)",
        "%r = call i32 @g(i32 %x)\nret i32 %r", "more arguments",
    ),
}  # fmt: skip
"""The original's code, the candidate's head and body, and a word of the reason."""
TAKEN = {
    "a scratch register": (
        "cvtss2sd %xmm1, %xmm1; addsd %xmm1, %xmm0; ret", "double @f(double %x, float %y)",
        "%w = fpext float %y to double\n%r = fadd double %x, %w\nret double %r", ("xmm1",),
    ),
    "a vector that is stored": (
        "movups (%rsi), %xmm0; movups (%rdi), %xmm1; addps %xmm1, %xmm0; movups %xmm0, (%rdi); ret",
        "void @f(ptr %p, ptr %q)",
        "%a = load <4 x float>, ptr %p, align 1\n%b = load <4 x float>, ptr %q, align 1\n%c = fadd <4 x float> %a, %b\n"
        "store <4 x float> %c, ptr %p, align 1\nret void", ("xmm0",),
    ),
    "a vector as it was given": (
        "movaps %xmm1, %xmm0; ret", "double @f(double %x, double %y)", "ret double %y", ("the upper part of xmm0",),
    ),
    "the rest of a division": (
        "movl %edi, %eax; cltd; idivl %esi; ret", "i32 @f(i32 %x, i32 %y)", "%r = sdiv i32 %x, %y\nret i32 %r", ("rdx",),
    ),
    "nothing at all": ("ret", "void @f(double %x)", "ret void", ("xmm0",)),
    "room that is pushed": (
        "movl %edi, %eax; addl $1, %eax; pushq %rax; movl %eax, %edi; call g; addq $8, %rsp; ret", "i32 @f(i32 %x)",
        "%a = add i32 %x, 1\n%r = call i32 @g(i32 %a)\nret i32 %r", ("what g gives in xmm0",),
    ),
    "what a call gave": (
        "subq $8, %rsp; call g; movl $0, x(%rip); addq $8, %rsp; ret", "void @f(i32 %x)",
        "%r = call i32 @g(i32 %x)\nstore i32 0, ptr @x\nret void", ("what g gives in rax or xmm0",),
    ),
    "an integer that is stored and stays": (
        "pushq %rbx; movq %rdi, %rbx; call p; movl %eax, (%rbx); popq %rbx; ret", "void @f(ptr %p)",
        "%r = call i32 @p(ptr %p)\nstore i32 %r, ptr %p\nret void", ("what p gives in rax",),
    ),
    "a number that is stored and stays": (
        "pushq %rbx; movq %rdi, %rbx; call p; movsd %xmm0, (%rbx); popq %rbx; ret", "void @f(ptr %p)",
        "%r = call double @p(ptr %p)\nstore double %r, ptr %p\nret void", ("what p gives in xmm0",),
    ),
    "an integer for what may be a number": (
        "subq $8, %rsp; call g; movl $0, x(%rip); addq $8, %rsp; ret", "i64 @f(i32 %x)",
        "%r = call i64 @g(i32 %x)\nstore i32 0, ptr @x\nret i64 %r", ("what g gives in xmm0",),
    ),
    "what a function of the C library gives": (
        "subq $8, %rsp; call puts; movl $0, x(%rip); addq $8, %rsp; ret", "void @f(ptr %x)",
        "%r = call i32 @puts(ptr %x)\nstore i32 0, ptr @x\nret void", ("what puts gives in rax",),
    ),
    "one that gives nothing": (
        "subq $8, %rsp; call free; movl $0, x(%rip); addq $8, %rsp; ret", "void @f(ptr %x)",
        "call void @free(ptr %x)\nstore i32 0, ptr @x\nret void", (),
    ),
    "a result behind a call": (
        "subq $8, %rsp; call g; movl $7, %eax; addq $8, %rsp; ret", "i32 @f(i32 %x)",
        "%r = call i32 @g(i32 %x)\nret i32 7", (),
    ),
    "a way without the call": (
        "testl %edi, %edi; je .La; subq $8, %rsp; call g; addq $8, %rsp; ret;.La:;movl $0, x(%rip); ret", "void @f(i32 %x)",
        "%c = icmp eq i32 %x, 0\nbr i1 %c, label %a, label %b\na:\nstore i32 0, ptr @x\nret void\nb:\n"
        "%r = call i32 @g(i32 %x)\nret void", ("what g gives in xmm0",),
    ),
    "a byte on one way": (
        "testl %edi, %edi; jle .Lb; movl $1, %eax; ret;.Lb:;cmpl $-9, %edi; setl %al; ret", "i8 @f(i32 %x)",
        "%p = icmp sgt i32 %x, 0\n%n = icmp slt i32 %x, -9\n%o = or i1 %p, %n\n%r = zext i1 %o to i8\nret i8 %r", (),
    ),
    "a part of it elsewhere": (
        "cmpl $7, %edi; ja f.cold; leal 1(%rdi), %eax; ret;\t.size f, .-f;\t.section .text.unlikely;\t.type f.cold, @function;"
        "f.cold:;xorl %eax, %eax; ret;\t.size f.cold, .-f.cold;\t.text", "i32 @f(i32 %x)",
        "%c = icmp ugt i32 %x, 7\n%a = add i32 %x, 1\n%r = select i1 %c, i32 0, i32 %a\nret i32 %r", (),
    ),
}  # fmt: skip


def compared(code: str, head: str, body: str, llvm: LLVM, emulator: Emulator) -> Agreement:
    calls = re.findall(r"call (\w+) @(\w+)\(([^)]*)\)", body)
    declared = {
        name: f"declare {gives} @{name}({', '.join(each.split()[0] for each in takes.split(', ') if each)})"
        for gives, name, takes in calls
    }
    data = "@fmt = external global i8\n@x = external dso_local global i32\n"
    ir = f"{data}{chr(10).join(declared.values())}\ndefine {head} {{\n{body}\n}}\n"
    return behaves(assembly(code), "f", X86, ir, llvm, emulator)


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_is_left_out_is_not_told_to_agree(name: str, llvm: LLVM, emulator: Emulator) -> None:
    code, head, body, said = LEFT_OUT[name]
    found = compared(code, head, body, llvm, emulator)
    assert (found.outcome, found.unsaid) == ("unknown", True), found.reason
    assert said in found.reason


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_taken_for_granted_is_said(name: str, llvm: LLVM, emulator: Emulator) -> None:
    code, head, body, registers = TAKEN[name]
    found = compared(code, head, body, llvm, emulator)
    assert (found.outcome, found.left_over) == ("agrees", registers), found.reason
    assert all(f"no result: {register}" in found.reason for register in registers[:1])


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("vaddsd %xmm2, %xmm1, %xmm0; ret", "does not run AVX"),
        ("adcxq %rsi, %rdi; movq %rdi, %rax; ret", "does not run ADX"),
    ],
)
def test_what_the_emulator_does_not_run_is_not_told(
    code: str, said: str, llvm: LLVM, emulator: Emulator
) -> None:
    body = "%r = fadd double %y, %z\nret double %r" if "xmm" in code else "ret i64 %x"
    head = "double @f(double %x, double %y, double %z)" if "xmm" in code else "i64 @f(i64 %x, i64 %y)"
    found = compared(code, head, body, llvm, emulator)
    assert found.outcome == "unknown"
    assert said in found.reason


def test_bit_operations_on_general_registers_that_look_like_avx_are_run(
    llvm: LLVM, emulator: Emulator
) -> None:
    body = "%n = xor i64 %x, -1\n%r = and i64 %n, %y\nret i64 %r"
    assert (
        compared("andnq %rsi, %rdi, %rax; ret", "i64 @f(i64 %x, i64 %y)", body, llvm, emulator).outcome
        == "agrees"
    )


@pytest.mark.parametrize("apart", ["", " noalias"])
def test_pointers_may_lead_to_the_same_memory_unless_it_is_said_that_they_do_not(
    apart: str, llvm: LLVM, emulator: Emulator
) -> None:
    code = "movl $1, (%rdi); movl $2, (%rsi); movl (%rdi), %eax; ret"
    body = "store i32 1, ptr %p\nstore i32 2, ptr %q\nret i32 1"
    found = compared(code, f"i32 @f(ptr{apart} %p, ptr{apart} %q)", body, llvm, emulator)
    assert found.outcome == ("agrees" if apart else "disagrees")


def test_a_candidate_cannot_leave_out_a_call_by_calling_it_pure(llvm: LLVM, emulator: Emulator) -> None:
    code = "pushq %rbx; movl %edi, %ebx; call p; movl %ebx, %edi; call p; popq %rbx; ret"
    ir = "declare i32 @p(i32) memory(none) nounwind willreturn\ndefine i32 @f(i32 %x) {\n"
    ir += "  %r = call i32 @p(i32 %x)\n  ret i32 %r\n}\n"
    assert behaves(assembly(code), "f", X86, ir, llvm, emulator).outcome == "disagrees"


def test_a_lift_must_hold_once_it_is_optimised(llvm: LLVM, emulator: Emulator) -> None:
    source = LiftSource(
        assembly("leal 1(%rdi), %eax; cmpl %edi, %eax; setg %al; movzbl %al, %eax; ret"), "f", X86
    )
    ir = "define i32 @f(i32 %x) {\n  %y = add FLAGi32 %x, 1\n  %c = icmp sgt i32 %y, %x\n"
    ir += "  %r = zext i1 %c to i32\n  ret i32 %r\n}\n"
    right = climb(ir.replace("FLAG", ""), source, llvm, emulator=emulator)
    wrong = climb(ir.replace("FLAG", "nsw "), source, llvm, emulator=emulator)
    assert right.verdict >= Verdict.AGREES
    assert wrong.verdict < Verdict.AGREES


def test_a_round_trip_says_what_it_takes_for_granted(llvm: LLVM, emulator: Emulator) -> None:
    source = LiftSource(assembly("ret"), "f", X86)
    found = climb("define void @f(double %x) {\n  ret void\n}\n", source, llvm, emulator=emulator)
    assert found.verdict == Verdict.ROUND_TRIPS
    assert "Taken to carry no result: xmm0" in found.reason


def test_what_a_call_gave_is_said_of_aarch64_and_of_pointers_too(llvm: LLVM, emulator: Emulator) -> None:
    code = "stp x29, x30, [sp, #-16]!; blr x0; ldp x29, x30, [sp], #16; ret"
    text = assembly(code).replace("%function", "@function")
    ir = "define void @f(ptr %p) {\n  call void %p(ptr %p)\n  ret void\n}\n"
    found = behaves(text, "f", "aarch64-unknown-linux-gnu", ir, llvm, emulator)
    assert found.left_over == ("what a function called through a pointer gives in x0 or v0",), found.reason


def test_where_the_original_is_ir_its_result_is_known(llvm: LLVM, emulator: Emulator) -> None:
    ir = "declare i32 @g(i32)\ndefine void @f(i32 %x) {\n  %r = call i32 @g(i32 %x)\n  ret void\n}\n"
    found = versions_alike(Version(ir, "f", False), Version(ir, "f", False), X86, llvm, emulator)
    assert (found.outcome, found.left_over) == ("agrees", ())


@pytest.mark.parametrize(
    ("code", "head", "body", "named"),
    [
        ("subq $8, %rsp; call g; addl $1, %eax; addq $8, %rsp; ret", "i32 @f()", "call i32 @g()", ("g",)),
        (
            "subq $8, %rsp; call g; addl $1, %eax; addq $8, %rsp; ret",
            "i32 @f(i32 %x)",
            "call i32 @g(i32 %x)",
            ("g",),
        ),
        (
            "subq $8, %rsp; call puts; addl $1, %eax; addq $8, %rsp; ret",
            "i32 @f(ptr %x)",
            "call i32 @puts(ptr %x)",
            (),
        ),
        (
            "subq $8, %rsp; movl $1, %edi; xorl %esi, %esi; call g; addl $1, %eax; addq $8, %rsp; ret",
            "i32 @f()",
            "call i32 @g(i32 1, i32 0)",
            ("g",),
        ),
        (
            "pushq %rbx; movl %edi, %ebx; call abs; leal (%rax,%rbx), %edi; call g; addl $1, %eax; popq %rbx; ret",
            "i32 @f(i32 %x)",
            "call i32 @abs(i32 %x)\n%y = add i32 %a, %x\n%r = call i32 @g(i32 %y)",
            (),
        ),
    ],
    ids=["none", "one of them", "known", "two of three", "behind another call"],
)
def test_arguments_that_may_be_handed_on_are_said(
    code: str, head: str, body: str, named: tuple[str, ...], llvm: LLVM, emulator: Emulator
) -> None:
    body = f"%{'a' if '%r' in body else 'r'} = {body}\n%s = add i32 %r, 1\nret i32 %s"
    found = compared(code, head, body, llvm, emulator)
    assert (found.outcome, found.given_no_more) == ("agrees", named), found.reason
    assert ("Taken to be given no more arguments: g." in found.reason) == bool(named)


def test_names_are_told_up_to_a_few() -> None:
    assert taken_for_granted(Agreement("agrees", "")) == ""
    some = Agreement("agrees", "", left_over=("rdx",), given_no_more=tuple("abcde"))
    assert taken_for_granted(some) == (
        "Taken to carry no result: rdx. Taken to be given no more arguments: a, b, c and 2 more"
    )
