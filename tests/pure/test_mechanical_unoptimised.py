"""Which assembly keeps its variables in the frame: text in, an answer out."""

from __future__ import annotations

import pytest

from irlens.mechanical.unoptimised import keeps_its_frame

X86 = "x86_64-unknown-linux-gnu"
ARM = "aarch64-unknown-linux-gnu"


@pytest.mark.parametrize(
    ("triple", "code"),
    [
        (X86, ["pushq %rbp", "movq %rsp %rbp", "movl %edi -4 (%rbp)", "popq %rbp", "retq"]),
        (X86, ["pushq %rbp", "movl $0 -4 (%rbp)", "addl -4 (%rbp) %eax", "popq %rbp", "retq"]),
        (X86, ["jmp L1", "L1:", "retq"]),
        (ARM, ["sub sp sp 16", "str x0 [sp 8", "add sp sp 16", "ret"]),
        (ARM, ["sub sp sp 16", "mov w8 1", "str w8 [sp 8", "ldr w0 [sp 8", "add sp sp 16", "ret"]),
        (ARM, ["cbz w0 L1", "b L2", "L2:", "ret", "L1:", "ret"]),
    ],
)
def test_unoptimised_code_is_told_by_its_slots_and_jumps(triple: str, code: list[str]) -> None:
    assert keeps_its_frame(code, triple)


@pytest.mark.parametrize(
    ("triple", "code"),
    [
        (X86, ["leal (%rdi,%rsi) %eax", "retq"]),
        (X86, ["pushq %rbp", "movq %rsp %rbp", "callq @1@PLT", "popq %rbp", "retq"]),
        (X86, ["movl %edi 4 (%rsp)", "leaq 4 (%rsp) %rdi", "callq @1@PLT", "movl 4 (%rsp) %eax", "retq"]),
        (X86, ["movl $1 4 (%rsp)", "callq @1@PLT", "addl 4 (%rsp) %eax", "retq"]),
        (ARM, ["stp x29 x30 [sp -16 !", "mov x29 sp", "bl @1", "ldp x29 x30 [sp] 16", "ret"]),
        (ARM, ["str x30 [sp -16 !", "bl @1", "ldr x30 [sp] 16", "ret"]),
        (ARM, ["str w0 [sp 12", "add x0 sp 12", "bl @1", "ldr w0 [sp 12", "ret"]),
    ],
)
def test_other_code_is_not(triple: str, code: list[str]) -> None:
    assert not keeps_its_frame(code, triple)
