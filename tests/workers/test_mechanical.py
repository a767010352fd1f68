"""The mechanical lifter end to end: IR to an object by LLVM, the object back to IR, and both run side by side."""

from __future__ import annotations

import os
import random
import re
import signal
from collections.abc import Iterator

import pytest

from irlens.cancel import Cancelled, CancelToken
from irlens.emulator.client import Emulator
from irlens.evidence.behaviour import behaves
from irlens.llvm.client import LLVM
from irlens.mechanical.answers import Uncovered
from irlens.mechanical.client import MechanicalLifter
from irlens.mechanical.lift import CLEAN_UP, lift_mechanically
from support.conditions import wait_until

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


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as client:
        yield client


def round_trip(
    ir: str, name: str, triple: str, llvm: LLVM, lifter: MechanicalLifter, opt_level: int = 2
) -> tuple[bytes, str]:
    """The object of `ir`, and the IR that comes back from it."""
    made = llvm.emit_object(ir, triple, opt_level=opt_level)
    lifted = lifter.lift(made, name, triple)
    return made, llvm.run_passes(lifted.ir, CLEAN_UP).ir


ARITHMETIC = """define i32 @f(i32 %a, i32 %b) {
  %s = mul i32 %a, 3
  %d = sub i32 %s, %b
  %c = icmp slt i32 %d, %a
  %r = select i1 %c, i32 %d, i32 %b
  ret i32 %r
}
"""
LOOP = """define i64 @f(ptr %p, i32 %n) {
entry:
  %any = icmp sgt i32 %n, 0
  br i1 %any, label %loop, label %done
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %s = phi i64 [ 0, %entry ], [ %t, %loop ]
  %w = sext i32 %i to i64
  %e = getelementptr i32, ptr %p, i64 %w
  %v = load i32, ptr %e
  %x = sext i32 %v to i64
  %t = add i64 %s, %x
  %next = add i32 %i, 1
  %more = icmp slt i32 %next, %n
  br i1 %more, label %loop, label %done
done:
  %r = phi i64 [ 0, %entry ], [ %t, %loop ]
  ret i64 %r
}
"""
FLOATS = """define double @f(double %a, float %b, i32 %c) {
  %x = fpext float %b to double
  %y = fmul double %a, %x
  %z = sitofp i32 %c to double
  %s = fadd double %y, %z
  %m = fcmp olt double %s, %a
  %r = select i1 %m, double %s, double 1.5
  ret double %r
}
"""
CALLS = """@.str = private unnamed_addr constant [7 x i8] c"%d: %s\\00"
@count = external global i32
declare i32 @printf(ptr, ...)
declare ptr @next(ptr, i32)
define ptr @f(ptr %p, i32 %n) {
  %q = call ptr @next(ptr %p, i32 %n)
  %null = icmp eq ptr %q, null
  br i1 %null, label %out, label %more
more:
  %old = load i32, ptr @count
  %new = add i32 %old, 1
  store i32 %new, ptr @count
  %r = call i32 (ptr, ...) @printf(ptr @.str, i32 %n, ptr %q)
  br label %out
out:
  ret ptr %q
}
"""
BUFFER = """declare void @fill(ptr, i64)
define i32 @f(i32 %n) {
  %b = alloca [4 x i32]
  call void @fill(ptr %b, i64 16)
  %i = and i32 %n, 3
  %w = zext i32 %i to i64
  %e = getelementptr [4 x i32], ptr %b, i64 0, i64 %w
  %v = load i32, ptr %e
  ret i32 %v
}
"""
DIVISION = """define i64 @f(i32 %a, i32 %b, i64 %c) {
  %o = or i32 %b, 1
  %q = udiv i32 %a, %o
  %m = urem i32 %a, %o
  %k = sdiv i64 %c, 7
  %x = zext i32 %q to i64
  %y = zext i32 %m to i64
  %s = add i64 %x, %y
  %r = add i64 %s, %k
  ret i64 %r
}
"""
BITS = """declare i64 @llvm.bswap.i64(i64)
declare i32 @llvm.fshl.i32(i32, i32, i32)
define i64 @f(i64 %a, i32 %b, i32 %n) {
  %s = call i64 @llvm.bswap.i64(i64 %a)
  %r = call i32 @llvm.fshl.i32(i32 %b, i32 %b, i32 %n)
  %w = zext i32 %r to i64
  %x = xor i64 %s, %w
  ret i64 %x
}
"""
SWITCH = """declare i32 @g(i32)
define i32 @f(i32 %x) {
  switch i32 %x, label %d [ i32 0, label %a
    i32 1, label %b
    i32 2, label %c
    i32 3, label %e
    i32 4, label %a
    i32 5, label %c ]
a:
  ret i32 17
b:
  %r = call i32 @g(i32 99)
  ret i32 %r
c:
  %y = mul i32 %x, %x
  ret i32 %y
e:
  %z = call i32 @g(i32 3)
  ret i32 %z
d:
  ret i32 -1
}
"""
MANY = """declare i64 @g(i64, i64, i64, i64, i64, i64, i64, i64, i64, i64)
define i64 @f(i64 %a, i64 %b, i64 %c, i64 %d, i64 %e, i64 %g, i64 %h, i64 %i, i64 %j, i64 %k) {
  %s = add i64 %h, %k
  %r = call i64 @g(i64 %k, i64 %j, i64 %i, i64 %s, i64 %g, i64 %e, i64 %d, i64 %c, i64 %b, i64 %a)
  %t = add i64 %r, %s
  ret i64 %t
}
"""
POINTERS = """define i32 @f(ptr %f, i32 %x) {
  %g = load ptr, ptr %f
  %r = call i32 %g(ptr %f, i32 %x)
  %s = add i32 %r, 1
  ret i32 %s
}
"""
VARIABLE = """declare void @llvm.va_start.p0(ptr)
declare i32 @vprintf(ptr, ptr)
define i32 @f(ptr %format, ...) {
  %list = alloca [32 x i8], align 8
  call void @llvm.va_start.p0(ptr %list)
  %r = call i32 @vprintf(ptr %format, ptr %list)
  ret i32 %r
}
"""
ROUNDING = """declare double @llvm.fabs.f64(double)
declare double @llvm.sqrt.f64(double)
declare i64 @llvm.cttz.i64(i64, i1)
define double @f(double %a, double %b, i64 %c) {
  %x = call double @llvm.fabs.f64(double %a)
  %y = call double @llvm.sqrt.f64(double %x)
  %n = fneg double %b
  %d = fdiv double %y, %n
  %o = or i64 %c, 1024
  %z = call i64 @llvm.cttz.i64(i64 %o, i1 true)
  %f = uitofp i64 %z to double
  %r = fadd double %d, %f
  ret double %r
}
"""
ALL = {
    "arithmetic": ARITHMETIC,
    "loop": LOOP,
    "floats": FLOATS,
    "calls": CALLS,
    "buffer": BUFFER,
    "division": DIVISION,
    "bits": BITS,
    "switch": SWITCH,
    "many arguments": MANY,
    "pointers": POINTERS,
    "variable arguments": VARIABLE,
    "rounding": ROUNDING,
}


@BOTH
@pytest.mark.parametrize("opt_level", [0, 2])
@pytest.mark.parametrize("name", ALL)
def test_what_comes_back_does_the_same(
    name: str, triple: str, opt_level: int, llvm: LLVM, lifter: MechanicalLifter, emulator: Emulator
) -> None:
    made, ir = round_trip(ALL[name], "f", triple, llvm, lifter, opt_level)
    verdict = behaves("", "f", triple, ir, llvm, emulator, original=made)
    assert verdict.outcome == "agrees", f"{verdict.reason}\n{ir}"


@pytest.mark.parametrize("name", ["fma", "round", "floor", "trunc", "roundeven"])
def test_aarch64_rounds_as_the_machine_does(
    name: str, llvm: LLVM, lifter: MechanicalLifter, emulator: Emulator
) -> None:
    """P-code has these instructions wrong; the lifter does not."""
    arguments = "double %a" if name != "fma" else "double %a, double %b, double %c"
    kinds = re.sub(r" %\w", "", arguments)
    text = f"""declare double @llvm.{name}.f64({kinds})
define double @f({arguments}) {{
  %r = call double @llvm.{name}.f64({arguments})
  ret double %r
}}
"""
    made, ir = round_trip(text, "f", ARM, llvm, lifter)
    assert f"@llvm.{name}.f64" in ir
    assert behaves("", "f", ARM, ir, llvm, emulator, original=made).outcome == "agrees"


BESIDE_A_PRODUCT = [
    f"fmul d2, d2, d3\n\t{name} d0, d0, d1, d2" for name in ("fmadd", "fmsub", "fnmadd", "fnmsub")
]
SIGNED_LOADS = [
    f"cbz x0, 1f\n\t{load}\n\tret\n1:\n\tmov w0, #-1"
    for load in ("ldrsh w0, [x0, #28]", "ldrsb w0, [x0]", "ldursh w0, [x0, #-2]")
]


@pytest.mark.parametrize("code", [*BESIDE_A_PRODUCT, *SIGNED_LOADS])
def test_aarch64_that_ghidra_has_wrong_is_put_right(
    code: str, llvm: LLVM, lifter: MechanicalLifter, emulator: Emulator
) -> None:
    """A fused multiplication knows its product from another; a signed load into 32 bits clears the rest."""
    text = f"\t.text\n\t.globl f\n\t.type f,@function\nf:\n\t{code}\n\tret\n\t.size f, .-f\n"
    made = llvm.object_of(text, ARM)
    ir = lift_mechanically(made, "f", ARM, llvm, lifter).ir
    assert behaves("", "f", ARM, ir, llvm, emulator, original=made).outcome == "agrees", ir


@BOTH
def test_a_wrong_lift_would_be_seen(
    triple: str, llvm: LLVM, lifter: MechanicalLifter, emulator: Emulator
) -> None:
    """The comparison above can fail: it does for a lift of something else."""
    made, _ = round_trip(ARITHMETIC, "f", triple, llvm, lifter)
    _, other = round_trip(ARITHMETIC.replace("slt", "ult"), "f", triple, llvm, lifter)
    assert behaves("", "f", triple, other, llvm, emulator, original=made).outcome == "disagrees"


@BOTH
def test_it_reads_well(triple: str, llvm: LLVM, lifter: MechanicalLifter) -> None:
    _, ir = round_trip(LOOP, "f", triple, llvm, lifter)
    assert "define i64 @f(ptr %a0, i32 %a1)" in ir
    assert "inttoptr" not in ir
    assert "alloca" not in ir
    _, ir = round_trip(ARITHMETIC, "f", triple, llvm, lifter)
    body = [line for line in ir.split("{", 1)[1].split("}", 1)[0].splitlines() if "=" in line]
    assert "define i32 @f(i32 %a0, i32 %a1)" in ir
    assert len(body) == 4  # no flag, no register is left
    _, ir = round_trip(CALLS, "f", triple, llvm, lifter)
    assert re.search(r"@\S+ = private unnamed_addr constant \[7 x i8\] c\"%d: %s\\00\"", ir)
    assert re.search(r"call i32 \(ptr, \.\.\.\) @printf\(ptr \S*\s*@", ir)
    assert "@count" in ir


@BOTH
def test_a_frame_pointer_and_spills_leave_no_trace(triple: str, llvm: LLVM, lifter: MechanicalLifter) -> None:
    text = ARITHMETIC.replace("i32 %b) {", 'i32 %b) "frame-pointer"="all" {')
    _, ir = round_trip(text, "f", triple, llvm, lifter, opt_level=0)
    assert "alloca" not in ir
    assert "store" not in ir


def test_a_lift_is_a_whole_module(llvm: LLVM, lifter: MechanicalLifter) -> None:
    text = "\t.globl f\n\t.type f,@function\nf:\n\tleal (%rdi,%rsi,4), %eax\n\tretq\n\t.size f, .-f\n"
    made = llvm.assemble(text, X86).object
    assert made is not None
    lifted = lift_mechanically(made, "f", X86, llvm, lifter)
    assert lifted.ir.count("define ") == 1
    assert "shl i32 %a1, 2" in lifted.ir
    assert llvm.parse(lifted.ir).verified


def test_what_is_not_covered_is_named_with_its_place(llvm: LLVM, lifter: MechanicalLifter) -> None:
    text = "\t.globl f\n\t.type f,@function\nf:\n\tnop\n\tcpuid\n\tretq\n\t.size f, .-f\n"
    made = llvm.assemble(text, X86).object
    assert made is not None
    with pytest.raises(Uncovered, match=r"`CPUID` at f\+0x1: .*[^.]\.\Z") as error:
        lifter.lift(made, "f", X86)
    assert (error.value.what, error.value.offset) == ("cpuid", 1)


@pytest.mark.parametrize("name", ["nothing", ""])
def test_a_missing_function_is_said(name: str, llvm: LLVM, lifter: MechanicalLifter) -> None:
    made = llvm.emit_object(ARITHMETIC, X86)
    with pytest.raises(Uncovered, match="defines no function"):
        lifter.lift(made, name, X86)


def test_hostile_objects_end_in_an_answer(llvm: LLVM, lifter: MechanicalLifter) -> None:
    """Bytes changed at random: IR or a refusal each time, from a worker that goes on."""
    made = bytearray(llvm.emit_object(SWITCH, X86))
    rng = random.Random(7)
    refusals = []
    for _ in range(120):
        broken = bytearray(made)
        for _ in range(rng.randint(1, 12)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        try:
            assert "define" in lifter.lift(bytes(broken[: rng.randint(1, len(broken))]), "f", X86).ir
        except Uncovered as uncovered:
            refusals.append(str(uncovered))
    assert len(refusals) > 60
    assert all(refusal.endswith(".") for refusal in refusals)
    assert "define" in lifter.lift(bytes(made), "f", X86).ir


def test_a_killed_worker_costs_one_lift(llvm: LLVM) -> None:
    made = llvm.emit_object(ARITHMETIC, X86)
    with MechanicalLifter() as lifter:
        lifter.lift(made, "f", X86)
        (before,) = lifter.worker_pids()
        os.kill(before, signal.SIGKILL)
        wait_until(lambda: before not in lifter.worker_pids(), "the worker died")
        assert "define" in lifter.lift(made, "f", X86).ir
        assert lifter.worker_pids() != (before,)


def test_a_cancelled_lift_stops(llvm: LLVM, lifter: MechanicalLifter) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        lifter.lift(llvm.emit_object(ARITHMETIC, X86), "f", X86, cancel=token)


def test_a_time_limit_is_said(llvm: LLVM) -> None:
    made = llvm.emit_object(ARITHMETIC, X86)
    with MechanicalLifter() as lifter, pytest.raises(Uncovered, match="took longer than") as error:
        lifter.lift(made, "f", X86, timeout_s=0.0)
    assert error.value.what == "time limit"


def test_a_function_that_comes_back_twice_is_refused(llvm: LLVM, lifter: MechanicalLifter) -> None:
    text = """declare i32 @_setjmp(ptr) returns_twice
@buffer = external global [200 x i8]
define i32 @f(i32 %a) {
  %r = call i32 @_setjmp(ptr @buffer) returns_twice
  %s = add i32 %r, %a
  ret i32 %s
}
"""
    with pytest.raises(Uncovered, match="comes back twice"):
        lifter.lift(llvm.emit_object(text, X86), "f", X86)


@BOTH
def test_constants_are_reproduced_with_what_they_point_to(
    triple: str, llvm: LLVM, lifter: MechanicalLifter, emulator: Emulator
) -> None:
    text = """@one = private unnamed_addr constant [4 x i8] c"one\\00"
@two = private unnamed_addr constant [4 x i8] c"two\\00"
@names = internal constant [2 x ptr] [ptr @one, ptr @two]
@squares = internal constant [4 x i32] [i32 0, i32 1, i32 4, i32 9]
declare i32 @use(ptr, i32)
define i32 @f(i32 %i) {
  %w = and i32 %i, 1
  %n = zext i32 %w to i64
  %p = getelementptr [2 x ptr], ptr @names, i64 0, i64 %n
  %name = load ptr, ptr %p
  %v = and i32 %i, 3
  %m = zext i32 %v to i64
  %q = getelementptr [4 x i32], ptr @squares, i64 0, i64 %m
  %square = load i32, ptr %q
  %r = call i32 @use(ptr %name, i32 %square)
  ret i32 %r
}
"""
    made, ir = round_trip(text, "f", triple, llvm, lifter)
    assert 'c"one\\00"' in ir
    assert 'c"two\\00"' in ir
    assert r"\04\00\00\00\09" in ir
    assert behaves("", "f", triple, ir, llvm, emulator, original=made).outcome == "agrees"


ASSEMBLY = {
    "stack protector": (
        X86,
        """subq $40, %rsp
	movq %fs:40, %rax
	movq %rax, 24(%rsp)
	movq %rsp, %rdi
	call fill@PLT
	movl 8(%rsp), %eax
	movq 24(%rsp), %rdx
	subq %fs:40, %rdx
	jne 1f
	addq $40, %rsp
	ret
1:	call __stack_chk_fail@PLT""",
        ("alloca",),
        ("stack_chk", "addrspace"),
    ),
    "string instructions": (
        X86,
        """movq %rdi, %r8
	movl $4, %ecx
	rep movsb
	movb $7, %al
	movl $3, %ecx
	rep stosb
	movq %r8, %rax
	ret""",
        ("store i8",),
        (),
    ),
    "bit search": (X86, "orl $16, %edi\n\tbsrl %edi, %eax\n\tret", ("ctlz",), ("br ",)),
    "bit search that may keep": (X86, "movl $63, %eax\n\tbsfq %rdi, %rax\n\tret", ("cttz",), ("br ",)),
    "carry": (
        X86,
        "movq %rdi, %rax\n\taddq %rdx, %rax\n\tadcq $0, %rsi\n\txorq %rsi, %rax\n\tret",
        ("icmp ult",),
        (),
    ),
    "a tail call": (
        X86,
        "addq $8, %rdi\n\txorl %esi, %esi\n\tjmp other@PLT",
        ("tail call", "@other(", "i32 0"),
        (),
    ),
    "a pointer to a function": (
        X86,
        "movq %rsi, %rdi\n\tleaq helper(%rip), %rsi\n\tjmp apply@PLT",
        ("@helper",),
        (),
    ),
    "high bytes": (X86, "movl %edi, %eax\n\tmovb %ah, %al\n\tmovzbl %al, %eax\n\tret", ("lshr",), ()),
    "a trap at address 0": (
        X86,
        "testl %edi, %edi\n\tje 1f\n\tmovl %edi, %eax\n\tret\n1:\tmovl %edi, 0\n\tud2",
        ("store volatile",),
        (),
    ),
    "a result in memory": (
        ARM,
        "str x0, [x8]\n\tstr x1, [x8, #8]\n\tstr x2, [x8, #16]\n\tret",
        ("sret",),
        ("ret i64",),
    ),
    "conditional comparison": (
        ARM,
        "cmp w0, #3\n\tccmp w1, #5, #4, gt\n\tcset w0, ne\n\tret",
        ("icmp",),
        ("br ",),
    ),
}


@pytest.mark.parametrize("name", ASSEMBLY)
def test_what_the_machine_says_in_its_own_way(
    name: str, llvm: LLVM, lifter: MechanicalLifter, emulator: Emulator
) -> None:
    triple, body, has, has_not = ASSEMBLY[name]
    mark = "@" if triple == X86 else "%"
    text = f"\t.text\n\t.globl f\n\t.type f,{mark}function\nf:\n\t{body}\n\t.size f, .-f\n"
    made = llvm.assemble(text, triple).object
    assert made is not None
    lifted = lift_mechanically(made, "f", triple, llvm, lifter)
    for part in has:
        assert part in lifted.ir
    for part in has_not:
        assert part not in lifted.ir
    verdict = behaves(text, "f", triple, lifted.ir, llvm, emulator, original=made)
    assert verdict.outcome == "agrees", f"{verdict.reason}\n{lifted.ir}"


def test_what_a_callee_of_the_object_keeps_is_kept(llvm: LLVM, lifter: MechanicalLifter) -> None:
    """gcc's -fipa-ra: rcx lives through the call, since the callee does not write it."""
    text = """	.text
	.type g,@function
g:	leal 1(%rdi), %eax
	ret
	.size g, .-g
	.globl f
	.type f,@function
f:	call g
	addl %ecx, %eax
	ret
	.size f, .-f
"""
    made = llvm.assemble(text, X86).object
    assert made is not None
    ir = lift_mechanically(made, "f", X86, llvm, lifter).ir
    assert re.search(r"= add i32 .*%a3", ir)
    made = llvm.assemble(text.replace("leal 1(%rdi), %eax", "movl %edi, %ecx"), X86).object
    assert made is not None
    with pytest.raises(Uncovered, match="rcx is read after this call"):
        lifter.lift(made, "f", X86)


@BOTH
def test_a_sum_of_two_pointers_ends(
    triple: str, llvm: LLVM, lifter: MechanicalLifter, emulator: Emulator
) -> None:
    """Neither is the base of the other; the search for one must not go round for ever."""
    text = """define i64 @f(ptr %p, ptr %q, ptr %out) {
  %a = load i64, ptr %p
  %b = load i64, ptr %q
  store volatile ptr %q, ptr %out
  %x = ptrtoint ptr %p to i64
  %y = ptrtoint ptr %q to i64
  %s = add i64 %x, %y
  store volatile i64 %s, ptr %out
  %m = add i64 %a, %b
  %r = add i64 %s, %m
  ret i64 %r
}
"""
    made, ir = round_trip(text, "f", triple, llvm, lifter)
    assert behaves("", "f", triple, ir, llvm, emulator, original=made).outcome == "agrees"


@BOTH
def test_an_argument_of_128_bits_is_not_cut(triple: str, llvm: LLVM, lifter: MechanicalLifter) -> None:
    """Its upper half is in no place that a C scalar can be in: refused, not dropped."""
    text = """declare void @use(ptr)
define void @f(<2 x double> %a) {
  %p = alloca <2 x double>
  store <2 x double> %a, ptr %p
  call void @use(ptr %p)
  ret void
}
"""
    with pytest.raises(Uncovered, match="in which no convention passes anything"):
        lifter.lift(llvm.emit_object(text, triple), "f", triple)


def test_calls_of_one_function_pass_as_many(llvm: LLVM, lifter: MechanicalLifter) -> None:
    """`sink(a); sink(3);`: the first passes what the function was given, which nothing but the second shows."""
    ir = "declare void @sink(i32)\ndefine void @f(i32 %a) {\n  call void @sink(i32 %a)\n  call void @sink(i32 3)\n  ret void\n}\n"
    _, lifted = round_trip(ir, "f", X86, llvm, lifter)
    passed = re.findall(r"call [^@]*@sink\(([^)]*)\)", lifted)
    assert len(passed) == 2
    assert re.search(r" %", passed[0]), lifted
    assert passed[1].endswith(" 3")


def test_a_number_that_is_stored_and_stays_is_returned(llvm: LLVM, lifter: MechanicalLifter) -> None:
    """`return *p = g();`: g's use shows that it gives a floating-point number, and it is still there at the end."""
    ir = "declare double @g()\ndefine double @f(ptr %p) {\n  %r = call double @g()\n  store double %r, ptr %p\n"
    ir += "  ret double %r\n}\n"
    _, lifted = round_trip(ir, "f", X86, llvm, lifter)
    assert "define double @f(" in lifted
    assert re.search(r"call double @g\(", lifted)


def test_what_stands_before_a_parameter_is_one(llvm: LLVM, lifter: MechanicalLifter) -> None:
    """The third argument is looked at, so there are two before it, which the call may be given."""
    ir = (
        "declare i32 @g(i32, i32)\ndefine i32 @f(i32 %a, i32 %b, i32 %c) {\n  %z = icmp eq i32 %c, 0\n"
        "  br i1 %z, label %no, label %yes\nyes:\n  %r = call i32 @g(i32 %a, i32 %b)\n  %s = add i32 %r, 1\n"
        "  ret i32 %s\nno:\n  ret i32 0\n}\n"
    )
    _, lifted = round_trip(ir, "f", X86, llvm, lifter)
    [passed] = re.findall(r"call [^@]*@g\(([^)]*)\)", lifted)
    assert passed.count("%") >= 2, lifted
