"""An instruction that writes the lower half of a general register clears the other, whatever Ghidra says of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from irlens.emulator.client import Emulator
from irlens.evidence.behaviour import behaves
from irlens.llvm.client import LLVM
from irlens.mechanical import pcode
from irlens.mechanical.client import MechanicalLifter
from irlens.mechanical.lift import lift_mechanically
from irlens.objects.elf import read_object

X86 = "x86_64-unknown-linux-gnu"
FORMS = """
lodsl
xaddl %eax, %ecx
xaddl %eax, (%rdi)
xchgl %eax, %ecx
xchgl %eax, (%rdi)
cmpxchgl %ecx, (%rdi)
cmpxchgl %ecx, %edx
vmovd %xmm0, %eax
vmovd %xmm0, %r9d
movd %xmm0, %eax
vmovmskps %xmm0, %eax
vmovmskpd %xmm0, %eax
movmskps %xmm0, %eax
movmskpd %xmm0, %eax
vpmovmskb %xmm0, %eax
pmovmskb %xmm0, %eax
vpextrb $3, %xmm0, %eax
vpextrw $3, %xmm0, %eax
vpextrd $1, %xmm0, %eax
pextrb $3, %xmm0, %eax
pextrw $3, %xmm0, %eax
pextrd $1, %xmm0, %eax
extractps $1, %xmm0, %eax
vextractps $1, %xmm0, %eax
cvttsd2si %xmm0, %eax
cvttss2si %xmm0, %eax
cvtsd2si %xmm0, %eax
cvtss2si %xmm0, %eax
vcvttsd2si %xmm0, %eax
vcvttss2si %xmm0, %eax
vcvtsd2si %xmm0, %eax
vcvtss2si %xmm0, %eax
bsfl %edi, %eax
bsrl %edi, %eax
tzcntl %edi, %eax
lzcntl %edi, %eax
popcntl %edi, %eax
andnl %esi, %edi, %eax
bextrl %esi, %edi, %eax
blsrl %edi, %eax
blsil %edi, %eax
blsmskl %edi, %eax
bzhil %esi, %edi, %eax
mulxl %esi, %eax, %ecx
pdepl %esi, %edi, %eax
pextl %esi, %edi, %eax
rorxl $3, %edi, %eax
sarxl %esi, %edi, %eax
shlxl %esi, %edi, %eax
shrxl %esi, %edi, %eax
adcxl %esi, %eax
adoxl %esi, %eax
bswapl %eax
movbel (%rdi), %eax
cmovel %edi, %eax
cltd
cwtl
imull %edi, %eax
imull $3, %edi, %eax
mull %edi
imull %edi
divl %edi
idivl %edi
shldl $3, %edi, %eax
shrdl %cl, %edi, %eax
rcll $3, %eax
rcrl $1, %eax
roll %cl, %eax
sarl %cl, %eax
shll $3, %eax
btsl %edi, %eax
btrl $3, %eax
btcl %edi, %eax
incl %eax
decl %eax
negl %eax
notl %eax
leal (%rdi,%rsi), %eax
movzbl %dil, %eax
movswl %di, %eax
movsbl (%rdi), %eax
movl $3, %eax
movl %r9d, %r10d
movl (%rdi), %r11d
setno %al
addl %edi, %eax
adcl %edi, %eax
sbbl %eax, %eax
subl %edi, %eax
xorl %edi, %eax
orl %edi, %eax
andl %edi, %eax
rdtsc
rdtscp
rdrandl %eax
xgetbv
lahf
smsww %ax
smswl %eax
sldtl %eax
strl %eax
larl %edi, %eax
lsll %edi, %eax
crc32l %edi, %eax
crc32b (%rdi), %eax
popq %rax
inl %dx, %eax
cpuid
lfence
""".strip().split("\n")
GENERAL = {*range(0, 0x40, 8), *range(0x80, 0xC0, 8)}


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(1) as client:
        yield client


def test_no_upper_half_is_forgotten(llvm: LLVM) -> None:
    text = "".join(f'\t.section .f{number},"ax"\n\t{form}\n' for number, form in enumerate(FORMS))
    made = {section.name: section.data for section in read_object(llvm.object_of(text, X86)).sections}
    forgotten = []
    for number, form in enumerate(FORMS):
        ops = pcode.decode("x86_64", made[f".f{number}"], 0x1000).ops
        written = [op.out for op in ops if op.out is not None and op.out.space == "register"]
        whole = {out.offset for out in written if out.size == 8}
        if {out.offset for out in written if out.size == 4 and out.offset in GENERAL} - whole:
            forgotten.append(form)
    assert forgotten == []


@pytest.mark.parametrize(
    "body",
    [
        "movabsq $-1, %rax\n\tmovq %rdi, %rsi\n\tlodsl",
        "movq %rsi, %rax\n\txaddl %eax, (%rdi)",
        "movabsq $-1, %rax\n\tmovbel (%rdi), %eax",
        "movbeq (%rdi), %rax",
        "xorl %eax, %eax\n\tmovbew (%rdi), %ax",
    ],
)
def test_a_lift_says_so(body: str, llvm: LLVM) -> None:
    text = f"\t.text\n\t.globl f\n\t.type f,@function\nf:\n\t{body}\n\tretq\n\t.size f, .-f\n"
    made = llvm.object_of(text, X86)
    with MechanicalLifter() as lifter, Emulator() as emulator:
        lifted = lift_mechanically(made, "f", X86, llvm, lifter)
        found = behaves(text, "f", X86, lifted.ir, llvm, emulator, original=made)
    assert found.outcome == "agrees", found.reason


def test_a_store_that_turns_bytes_is_not_told(llvm: LLVM) -> None:
    """unicorn says that it writes what was in the register: one that turns nothing would agree."""
    text = "\t.text\n\t.globl f\n\t.type f,@function\nf:\n\tmovbel %esi, (%rdi)\n\tretq\n\t.size f, .-f\n"
    for value in ("%b", "%a"):
        ir = (
            "declare i32 @llvm.bswap.i32(i32)\n"
            "define void @f(ptr %p, i32 %a) {\n  %b = call i32 @llvm.bswap.i32(i32 %a)\n"
            f"  store i32 {value}, ptr %p, align 1\n  ret void\n}}\n"
        )
        with Emulator() as emulator:
            found = behaves(text, "f", X86, ir, llvm, emulator, original=llvm.object_of(text, X86))
        assert found.outcome == "unknown"
        assert "MOVBE stores" in found.reason
