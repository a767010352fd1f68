"""Versions that do not do the same where only a caller, another run of the program or the rest of it would notice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from irlens.emulator.client import Emulator
from irlens.evidence.behaviour import Version, versions_alike
from irlens.evidence.ladder import climb
from irlens.evidence.verdict import Verdict
from irlens.llvm.client import LLVM
from irlens.model.types import LiftSource

X86, ARM = "x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as found:
        yield found


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as found:
        yield found


def asm(*lines: str) -> str:
    body = "".join(f"\t{line}\n" for line in lines)
    return f"\t.text\n\t.globl f\n\t.type f, %function\nf:\n{body}\t.size f, .-f\n"


SAME = "define i32 @f(i32 %x) {\n  ret i32 %x\n}\n"
SAME_X86 = asm("movl %edi, %eax", "ret")
SAME_ARM = asm("ret")
TRIGGER = """define i32 @f(i32 %x) {
  %z = icmp eq i32 %x, 305419896
  %r = select i1 %z, i32 7, i32 %x
  ret i32 %r
}
"""
ALIAS = """define i32 @f(ptr %p, ptr %q) {
  store i32 1, ptr %p
  store i32 2, ptr %q
  %r = load i32, ptr %p
  ret i32 %r
}
"""
NO_ALIAS = ALIAS.replace("ret i32 %r", "ret i32 1")
CALLS = "declare i32 @g(i32)\ndefine i32 @f(i32 %x) {\n  %r = call i32 @g(i32 %x)\n  ret i32 %r\n}\n"
READS = "@t = %s\ndefine i32 @f() {\n  %%r = load volatile i32, ptr @t\n  ret i32 %%r\n}\n"
TABLE = """@a = private constant [4 x i8] c"yes\\00"
@b = private constant [3 x i8] c"no\\00"
@t = internal constant [2 x ptr] [ptr @%s, ptr @%s]
declare i32 @puts(ptr)
define i32 @f(i32 %%x) {
  %%y = and i32 %%x, 1
  %%p = getelementptr ptr, ptr @t, i32 %%y
  %%r = load ptr, ptr %%p
  %%s = call i32 @puts(ptr %%r)
  ret i32 %%s
}
"""


def inline(code: str, clobbers: str = "") -> str:
    return (
        f'define i32 @f(i32 %x) {{\n  call void asm sideeffect "{code}", "{clobbers}"()\n  ret i32 %x\n}}\n'
    )


RDPID = """define i32 @f(i32 %x) {
  %z = icmp ult i32 %x, 16
  br i1 %z, label %ok, label %other
ok:
  ret i32 %x
other:
  call void asm sideeffect "rdpid %rax", "~{eax}"()
  ret i32 7
}
"""
RETURN_ADDRESS = """declare ptr @llvm.returnaddress(i32)
define i32 @f(i32 %x) {
  %a = call ptr @llvm.returnaddress(i32 0)
  %i = ptrtoint ptr %a to i64
  %h = lshr i64 %i, 40
  %z = icmp eq i64 %h, 0
  %r = select i1 %z, i32 %x, i32 7
  ret i32 %r
}
"""
UNDEFINED = (
    "define i32 @f(i32 %x) {\n  br i1 undef, label %a, label %b\na:\n  ret i32 %x\nb:\n  ret i32 7\n}\n"
)
NUMBERS = "".join(f"; {number}\n" for number in range(2, 900))
WRONG = {
    "rbx": (SAME_X86, asm("movl %edi, %eax", "xorl %ebx, %ebx", "ret"), "disagrees", "rbx differs"),
    "stack pointer": (
        SAME_X86,
        asm("movl %edi, %eax", "popq %rcx", "addq $8, %rsp", "jmp *%rcx"),
        "disagrees",
        "rsp differs",
    ),
    "caller's frame, near": (SAME_X86, asm("movl %edi, %eax", "movq $0, 0x40(%rsp)", "ret"), "unknown", "writes to the stack"),
    "caller's frame, near, of IR": (SAME, inline("movl $$7, 64(%rsp)", "~{memory}"), "disagrees", "the caller's stack"),
    "caller's frame, far": (SAME, inline("movl $$7, 4096(%rsp)", "~{memory}"), "disagrees", "memory"),
    "direction flag": (SAME_X86, asm("movl %edi, %eax", "std", "ret"), "disagrees", "direction flag"),
    "rounding": (SAME, inline("movl $$0x7f80, -8(%rsp); ldmxcsr -8(%rsp)"), "disagrees", "mxcsr"),
    "the original's own": (asm("movl %edi, %eax", "std", "ret"), SAME, "unknown", "does not leave the direction flag"),
    "unknown instruction": (SAME, RDPID, "unknown", "does not know"),
    "return address": (SAME, RETURN_ADDRESS, "unknown", "return address"),
    "undefined": (SAME, UNDEFINED, "unknown", "undefined"),
    "trigger": (SAME, TRIGGER, "disagrees", "305419896"),
    "trigger behind comments": (SAME, NUMBERS + TRIGGER, "disagrees", "305419896"),
    "alias": (ALIAS, NO_ALIAS, "disagrees", "the result"),
    "alias behind a comment": (ALIAS, "; noalias\n" + NO_ALIAS, "disagrees", "the result"),
    "alias behind another function": (
        ALIAS,
        NO_ALIAS + "define void @other(ptr noalias %x) {\n  ret void\n}\n",
        "disagrees",
        "the result",
    ),
    "own callee": (
        CALLS,
        "define internal i32 @g(i32 %x) noinline {\n  ret i32 7\n}\n" + CALLS.split("\n", 1)[1],
        "unknown",
        "g of its own",
    ),
    "own callee of assembly": (
        CALLS,
        'module asm ".local g"\nmodule asm ".type g,@function"\nmodule asm "g: movl $7, %eax"\nmodule asm "ret"\n' + CALLS,
        "unknown",
        "g of its own",
    ),
    "start value": (READS % "internal global i32 5", READS % "internal global i32 6", "unknown", "begins with another"),
    "constant and variable": (READS % "constant i32 5", READS % "global i32 6", "unknown", "begins with another"),
    "table": (TABLE % ("a", "b"), TABLE % ("b", "a"), "unknown", "begins with another"),
}  # fmt: skip
RIGHT = {
    "saved and restored": (SAME_X86, asm("pushq %rbx", "movl %edi, %ebx", "movl %ebx, %eax", "popq %rbx", "ret")),
    "flag set and cleared": (SAME_X86, asm("std", "movl %edi, %eax", "cld", "ret")),
    "noalias of the original": (ALIAS.replace("ptr %p, ptr %q", "ptr noalias %p, ptr %q"), NO_ALIAS),
    "same callee": (CALLS, CALLS),
    "same start value": (READS % "internal global i32 5", READS % "internal global i32 5"),
    "same table": (TABLE % ("a", "b"), TABLE % ("a", "b")),
    "same table, other names": (
        TABLE % ("a", "b"),
        (TABLE % ("c", "d")).replace("@a =", "@c =").replace("@b =", "@d ="),
    ),
}  # fmt: skip
ARM_WRONG = {
    "x19": asm("mov x19, x0", "ret"),
    "d8": asm("fmov d8, x0", "ret"),
    "stack pointer": asm("sub sp, sp, 16", "ret"),
    "fpcr": asm("mov x9, 0x1000000", "msr fpcr, x9", "ret"),
}


def alike(llvm: LLVM, emulator: Emulator, first: str, second: str, triple: str) -> tuple[str, str]:
    versions = [Version(text, "f", "define" not in text) for text in (first, second)]
    found = versions_alike(*versions, triple, llvm, emulator, inputs=500)
    return found.outcome, found.reason


@pytest.mark.parametrize("name", WRONG)
def test_they_are_not_told_to_agree(llvm: LLVM, emulator: Emulator, name: str) -> None:
    first, second, outcome, word = WRONG[name]
    found, reason = alike(llvm, emulator, first, second, X86)
    assert (found, word in reason) == (outcome, True), reason


@pytest.mark.parametrize("name", RIGHT)
def test_what_keeps_to_the_rules_agrees(llvm: LLVM, emulator: Emulator, name: str) -> None:
    found, reason = alike(llvm, emulator, *RIGHT[name], X86)
    assert found == "agrees", reason


@pytest.mark.parametrize(
    ("definition", "verdict"),
    [("internal global i32 6", Verdict.COMPILES), ("constant i32 6", Verdict.DISAGREES)],
    ids=["variable", "constant"],
)
def test_code_that_comes_back_is_no_round_trip_where_its_data_differ(
    llvm: LLVM, emulator: Emulator, definition: str, verdict: Verdict
) -> None:
    text = asm("movl t(%rip), %eax", "ret") + "\t.section .rodata\n\t.size t, 4\nt:\t.long 5\n"
    verdicts = {
        value: climb(READS % each, LiftSource(text, "f", X86), llvm, emulator=emulator).verdict
        for value, each in (("other", definition), ("same", definition.replace("6", "5")))
    }
    assert verdicts["other"] == verdict
    assert verdicts["same"] >= Verdict.AGREES


def test_a_register_that_the_original_does_not_restore_is_named(llvm: LLVM, emulator: Emulator) -> None:
    """As `xlatb` wants its table in rbx, and code that is written by hand does not always mind."""
    found, reason = alike(llvm, emulator, asm("movl %edi, %eax", "leaq 1(%rdi), %rbx", "ret"), SAME, X86)
    assert found == "agrees"
    assert "to carry no result: rbx" in reason


@pytest.mark.parametrize("name", ARM_WRONG)
def test_what_aarch64_preserves(llvm: LLVM, emulator: Emulator, name: str) -> None:
    assert alike(llvm, emulator, SAME_ARM, SAME, ARM)[0] == "agrees"
    found, reason = alike(llvm, emulator, SAME_ARM, ARM_WRONG[name], ARM)
    assert found == "disagrees", reason
    assert f"{name.replace('stack pointer', 'sp')} differs" in reason
