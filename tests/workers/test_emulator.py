"""The emulator's verdicts: right pairs agree, each kind of change is caught, on both targets.

Both sides are made by llvmlite's code generators, so the tests need no assembler: the original unoptimised, the
candidate optimised.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from irlens.emulator.agreement import Agreement
from irlens.emulator.client import Emulator
from irlens.evidence.behaviour import Version, behaves, objects_alike, versions_alike
from irlens.llvm.client import LLVM

X86, ARM = "x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"
TRIPLES = (X86, ARM)


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as client:
        yield client


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as client:
        yield client


def compared(
    llvm: LLVM, emulator: Emulator, original: str, candidate: str, triple: str, **more: int
) -> Agreement:
    """The original compiled without optimising, so that the two sides' code differs."""
    return objects_alike(
        llvm.emit_object(original, triple, opt_level=0),
        llvm.emit_object(candidate, triple),
        "f",
        emulator,
        signatures=llvm.signatures(candidate, "f", triple),
        text=original + candidate,
        **more,
    )


CLAMP = """define i32 @f(i32 %a, i32 %low, i32 %high) {
  %below = icmp slt i32 %a, %low
  br i1 %below, label %first, label %second
first:
  ret i32 %low
second:
  %above = icmp sgt i32 %a, %high
  %r = select i1 %above, i32 %high, i32 %a
  ret i32 %r
}
"""
LIST = """define i64 @f(ptr %node) {
entry:
  br label %head
head:
  %p = phi ptr [ %node, %entry ], [ %next, %body ]
  %sum = phi i64 [ 0, %entry ], [ %more, %body ]
  %end = icmp eq ptr %p, null
  br i1 %end, label %out, label %body
body:
  %at = getelementptr i8, ptr %p, i64 8
  %short = load i32, ptr %at
  %wide = sext i32 %short to i64
  %more = add i64 %sum, %wide
  %next = load ptr, ptr %p
  br label %head
out:
  ret i64 %sum
}
"""
LINK = """define void @f(ptr %l, ptr %r) {
  store ptr %r, ptr %l
  %p = getelementptr i8, ptr %r, i64 8
  store ptr %l, ptr %p
  ret void
}
"""
FACTORIAL = """define i64 @f(i64 %n) {
  %small = icmp ult i64 %n, 2
  br i1 %small, label %one, label %more
one:
  ret i64 1
more:
  %less = add i64 %n, -1
  %rest = call i64 @f(i64 %less)
  %r = mul i64 %rest, %n
  ret i64 %r
}
"""
SAY = """@fmt = private constant [13 x i8] c"%s has %d, %f"
@name = private constant [4 x i8] c"abc\\00"
declare i32 @printf(ptr, ...)
define void @f(i32 %n, double %d) {
  %r = call i32 (ptr, ...) @printf(ptr @fmt, ptr @name, i32 %n, double %d)
  ret void
}
"""
SAY = SAY.replace("[13 x i8]", "[14 x i8]").replace('%f"', '%f\\00"')
POINTER = """define i32 @f(ptr %callee, i32 %a, i32 %b) {
  %r = call i32 %callee(i32 %a, i32 %b)
  %s = add i32 %r, 1
  ret i32 %s
}
"""
FLOATS = """define double @f(double %a, float %b) {
  %w = fpext float %b to double
  %p = fmul double %a, %w
  %c = fcmp ogt double %p, 1.0
  %s = fadd double %p, 2.5
  %r = select i1 %c, double %p, double %s
  ret double %r
}
"""
PAIR = """define { i64, double } @f(i64 %a, double %d) {
  %x = insertvalue { i64, double } poison, i64 %a, 0
  %y = insertvalue { i64, double } %x, double %d, 1
  ret { i64, double } %y
}
"""
GLOBALS = """@counter = internal global i32 0
@table = internal constant [4 x i32] [i32 5, i32 60, i32 700, i32 8000]
@limit = external global i32
define i32 @f(i32 %i) {
  %c = load i32, ptr @counter
  %d = add i32 %c, 1
  store i32 %d, ptr @counter
  %m = and i32 %i, 3
  %w = zext i32 %m to i64
  %p = getelementptr [4 x i32], ptr @table, i64 0, i64 %w
  %t = load i32, ptr %p
  %l = load i32, ptr @limit
  %r = add i32 %t, %l
  ret i32 %r
}
"""
NARROW = """define zeroext i8 @f(i8 zeroext %a, i16 signext %b) {
  %w = zext i8 %a to i32
  %v = sext i16 %b to i32
  %s = add i32 %w, %v
  %r = trunc i32 %s to i8
  ret i8 %r
}
"""
GIVES_UP = """declare void @abort() noreturn
declare i32 @next(i32)
define i32 @f(i32 %n) {
  %bad = icmp slt i32 %n, 0
  br i1 %bad, label %stop, label %on
stop:
  call void @abort()
  unreachable
on:
  %r = call i32 @next(i32 %n)
  ret i32 %r
}
"""
LOCAL = """declare void @fill(ptr, i32)
define i32 @f(i32 %n) {
  %v = alloca [2 x i32]
  store i32 7, ptr %v
  %q = getelementptr i8, ptr %v, i64 4
  store i32 %n, ptr %q
  call void @fill(ptr %v, i32 %n)
  %r = load i32, ptr %q
  ret i32 %r
}
"""
SWITCH = """define i32 @f(i32 %n) {
  switch i32 %n, label %other [ i32 11, label %a
    i32 12, label %b
    i32 13, label %c
    i32 14, label %d
    i32 15, label %e ]
a:
  ret i32 5
b:
  ret i32 90
c:
  ret i32 17
d:
  ret i32 -4
e:
  ret i32 1000
other:
  ret i32 0
}
"""
MANY = """define i64 @f(i64 %a, i64 %b, i64 %c, i64 %d, i64 %e, i64 %g, i64 %h, i64 %i, i64 %j, i64 %k) {
  %x = sub i64 %j, %k
  %y = add i64 %x, %a
  ret i64 %y
}
"""
COPY = """declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
define void @f(ptr noalias %to, ptr noalias %from) {
  call void @llvm.memcpy.p0.p0.i64(ptr %to, ptr %from, i64 40, i1 false)
  ret void
}
"""
WIDE = """define i128 @f(i128 %a, i64 %b) {
  %w = zext i64 %b to i128
  %o = or i128 %w, 1
  %r = udiv i128 %a, %o
  ret i128 %r
}
"""

MINUS = """define void @f(ptr %p, ptr %q) {
  store i32 -1, ptr %p
  store i64 -1, ptr %q
  ret void
}
"""

RIGHT = {
    "clamp": CLAMP, "list": LIST, "link": LINK, "recursion": FACTORIAL, "variadic": SAY, "pointer": POINTER,
    "floats": FLOATS, "pair": PAIR, "globals": GLOBALS, "narrow": NARROW, "gives up": GIVES_UP, "local": LOCAL,
    "switch": SWITCH, "stacked arguments": MANY, "copy": COPY, "128 bits": WIDE,
}  # fmt: skip


@pytest.mark.parametrize("triple", TRIPLES)
@pytest.mark.parametrize("name", RIGHT)
def test_the_same_function_compiled_twice_agrees(
    llvm: LLVM, emulator: Emulator, name: str, triple: str
) -> None:
    found = compared(llvm, emulator, RIGHT[name], RIGHT[name], triple)
    assert found.outcome == "agrees", found
    assert found.agreed >= 8
    assert found.covered > 0.9


WRONG = {
    "predicate": (CLAMP, "slt i32", "sle i32", "disagrees"),  # where %a is %low and %high is less
    "no difference": (CLAMP, "sgt i32", "sge i32", "agrees"),
    "another predicate": (CLAMP, "slt i32", "ult i32", "disagrees"),
    "operator": (NARROW, "add i32 %w", "sub i32 %w", "disagrees"),
    "constant": (FLOATS, "1.0\n", "1.5\n", "disagrees"),
    "offset": (LINK, "i64 8", "i64 16", "disagrees"),
    "width": (LIST, "sext i32 %short to i64", "zext i32 %short to i64", "disagrees"),
    "swapped arguments": (POINTER, "(i32 %a, i32 %b)\n", "(i32 %b, i32 %a)\n", "disagrees"),
    "swapped operands": (MANY, "%j, %k", "%k, %j", "disagrees"),
    "dropped store": (LINK, "  store ptr %l, ptr %p\n", "", "disagrees"),
    "dropped store to a local": (LOCAL, "  store i32 7, ptr %v\n", "", "disagrees"),
    "dropped call": (GIVES_UP, "  call void @abort()\n", "", "disagrees"),
    "callee": (GIVES_UP, "@next", "@last", "disagrees"),
    "extension": (NARROW, "%v = sext i16", "%v = zext i16", "agrees"),  # of 8 bits that are looked at
    "string": (SAY, 'c"abc', 'c"abd', "disagrees"),
    "variable argument": (SAY, "i32 %n, double %d)\n  ret", "i32 0, double %d)\n  ret", "disagrees"),
    "small negative constant": (MINUS, "i32 -1, ptr", "i32 -2, ptr", "disagrees"),
    "wide negative constant": (MINUS, "i64 -1, ptr", "i64 -2, ptr", "disagrees"),
    "part of a structure": (PAIR, "double %d, 1", "double 0.0, 1", "disagrees"),
    "a table's entry": (GLOBALS, "i32 700", "i32 701", "disagrees"),
    "another global": (GLOBALS, "ptr @limit", "ptr @counter", "disagrees"),
    "case": (SWITCH, "i32 14, label %d", "i32 16, label %d", "disagrees"),
    "case's value": (SWITCH, "i32 17", "i32 18", "disagrees"),
    "recursion": (FACTORIAL, "i64 %less)", "i64 1)", "disagrees"),
    "no end": (LIST, "%next = load ptr, ptr %p", "%next = bitcast ptr %p to ptr", "disagrees"),
    "length": (COPY, "i64 40", "i64 36", "disagrees"),
    "high half": (WIDE, "zext i64 %b", "sext i64 %b", "disagrees"),
}


@pytest.mark.parametrize("triple", TRIPLES)
@pytest.mark.parametrize("change", WRONG)
def test_a_change_is_told_by_what_it_does(llvm: LLVM, emulator: Emulator, change: str, triple: str) -> None:
    original, before, after, expected = WRONG[change]
    assert before in original
    found = compared(llvm, emulator, original, original.replace(before, after), triple)
    assert found.outcome == expected, found
    assert found.counterexample is not None or expected == "agrees" or "constant table" in found.reason


def test_the_counterexample_is_small_and_in_words(llvm: LLVM, emulator: Emulator) -> None:
    found = compared(llvm, emulator, CLAMP, CLAMP.replace("sgt", "ugt"), X86)
    example = found.counterexample
    assert example is not None
    assert len(example.arguments) == 3
    assert all(abs(int(text.split("= ")[1].split()[0])) < 100 for text in example.arguments), (
        example.arguments
    )
    assert example.original.startswith("returned ")
    assert example.original != example.candidate
    assert example.original in found.reason


@pytest.mark.parametrize("triple", TRIPLES)
def test_the_same_seed_gives_the_same_answer(llvm: LLVM, emulator: Emulator, triple: str) -> None:
    first = [compared(llvm, emulator, LOCAL, LOCAL, triple, seed=seed) for seed in (5, 5, 6)]
    plain = [replace(found, seconds=0.0) for found in first]
    assert plain[0] == plain[1]
    assert plain[2].seed == 6
    wrong = LOCAL.replace("i32 7", "i32 8")
    second = [compared(llvm, emulator, LOCAL, wrong, triple, seed=5).counterexample for _ in range(2)]
    assert second[0] == second[1]
    assert second[0] is not None


def test_code_that_does_not_end_is_unknown(llvm: LLVM, emulator: Emulator) -> None:
    forever = (
        "define void @f(ptr %p) {\n  br label %a\na:\n  store volatile i32 1, ptr %p\n  br label %a\n}\n"
    )
    found = compared(llvm, emulator, forever, forever, X86, inputs=8)
    assert found.outcome == "unknown"
    assert "limit" in found.reason


def test_code_that_only_traps_is_unknown(llvm: LLVM, emulator: Emulator) -> None:
    trap = "declare void @llvm.trap()\ndefine void @f() {\n  call void @llvm.trap()\n  unreachable\n}\n"
    assert compared(llvm, emulator, trap, trap, X86).outcome == "unknown"
    quiet = "define void @f() {\n  ret void\n}\n"
    found = compared(llvm, emulator, trap, quiet, X86)
    assert found.outcome == "disagrees"
    assert "trapped" in found.reason


def test_what_the_candidate_leaves_undefined_is_no_difference(llvm: LLVM, emulator: Emulator) -> None:
    """`undef` may be anything, and the two builds choose differently: the optimised one, nothing."""
    undefined = "define i32 @f(i32 %n) {\n  %r = add nsw i32 %n, 1\n  %c = icmp sgt i32 %r, %n\n  br i1 %c, label %a, label %b\n"
    undefined += "a:\n  ret i32 %r\nb:\n  unreachable\n}\n"
    wraps = "define i32 @f(i32 %n) {\n  %r = add i32 %n, 1\n  ret i32 %r\n}\n"
    found = versions_alike(Version(wraps, "f", False), Version(undefined, "f", False), X86, llvm, emulator)
    assert found.outcome == "agrees", found


@pytest.mark.parametrize("triple", TRIPLES)
def test_bits_that_the_abi_leaves_free_are_free(llvm: LLVM, emulator: Emulator, triple: str) -> None:
    low = "define i32 @f(i32 %a) {\n  %r = add i32 %a, 1\n  ret i32 %r\n}\n"
    wide = "define i64 @f(i64 %a) {\n  %r = add i64 %a, 1\n  ret i64 %r\n}\n"  # carries into the upper half
    assert compared(llvm, emulator, wide, low, triple).outcome == "agrees"
    assert compared(llvm, emulator, low, wide, triple).outcome == "disagrees"


def test_without_a_signature_the_result_counts_as_far_as_it_agrees(llvm: LLVM, emulator: Emulator) -> None:
    def objects(left: str, right: str) -> Agreement:
        made = [llvm.emit_object(ir, X86, opt_level=level) for ir, level in ((left, 0), (right, 2))]
        return objects_alike(made[0], made[1], "f", emulator)

    same = objects(MANY, MANY)
    assert same.outcome == "agrees"
    assert "the low 64 bits of the result register" in same.compared
    assert objects(MANY, MANY.replace("%j, %k", "%k, %j")).outcome == "unknown"
    assert objects(LINK, LINK.replace("i64 8", "i64 16")).outcome == "disagrees"


def test_a_claim_that_a_call_does_not_return_is_not_believed(llvm: LLVM, emulator: Emulator) -> None:
    goes_on = (
        "declare i32 @say(i32)\ndefine i32 @f(i32 %n) {\n  %r = call i32 @say(i32 %n)\n"
        "  %s = call i32 @say(i32 %r)\n  ret i32 %s\n}\n"
    )
    stops = "declare i32 @say(i32)\ndefine i32 @f(i32 %n) {\n  %r = call i32 @say(i32 %n)\n  unreachable\n}\n"
    found = compared(llvm, emulator, goes_on, stops, X86)
    assert found.outcome == "unknown"
    assert "does not return" in found.reason


def test_assembly_text_against_ir(llvm: LLVM, emulator: Emulator) -> None:
    host = llvm.versions()["host"]
    triple = ARM if host.startswith(("aarch64", "arm64")) else X86
    text = llvm.lower(CLAMP, triple, opt_level=0)
    assert behaves(text, "f", triple, CLAMP, llvm, emulator).outcome == "agrees"
    wrong = behaves(text, "f", triple, CLAMP.replace("sgt", "slt"), llvm, emulator)
    assert wrong.outcome == "disagrees"
    assert wrong.as_json()["counterexample"]["arguments"]


PASSES_ON = """declare void @g(i32, i32)
define i32 @f(i32 %a) {
  %x = add i32 %a, 7
  call void @g(i32 %a, i32 %x)
  %y = mul i32 %a, 3
  ret i32 %y
}
"""


@pytest.mark.parametrize("level", [0, 2])
@pytest.mark.parametrize("triple", TRIPLES)
def test_leaving_out_an_argument_or_the_result_is_seen(
    llvm: LLVM, emulator: Emulator, triple: str, level: int
) -> None:
    original = llvm.emit_object(PASSES_ON, triple, opt_level=level)

    def against(candidate: str) -> Agreement:
        made = llvm.emit_object(candidate, triple)
        return objects_alike(
            original, made, "f", emulator, signatures=llvm.signatures(candidate, "f", triple)
        )

    assert against(PASSES_ON).outcome == "agrees"
    fewer = PASSES_ON.replace("@g(i32, i32)", "@g(i32)").replace("(i32 %a, i32 %x)", "(i32 %a)")
    assert "gives g more arguments" in against(fewer).reason
    assert against(fewer).outcome == "unknown"
    nothing = PASSES_ON.replace("define i32", "define void").replace("ret i32 %y", "ret void")
    assert "where a result is returned" in against(nothing).reason
    assert against(nothing).outcome == "unknown"


KEEPS = {
    X86: "f:\n\tmovl %edi, %r8d\n\tsubq $8, %rsp\n\tcall g\n\taddq $8, %rsp\n\tmovl %r8d, %eax\n\tret\n",
    ARM: "f:\n\tstp x29, x30, [sp, -16]!\n\tmov w8, w0\n\tbl g\n\tmov w0, w8\n\tldp x29, x30, [sp], 16\n\tret\n",
}


def test_a_register_that_a_function_of_the_same_file_leaves_alone(llvm: LLVM, emulator: Emulator) -> None:
    """gcc looks into the callee (-fipa-ra) and keeps values where the calling convention does not."""
    triple = ARM if llvm.versions()["host"].startswith(("aarch64", "arm64")) else X86
    caller = f"\t.text\n\t.globl f\n\t.type f, %function\n{KEEPS[triple]}\t.size f, .-f\n"
    callee = "\t.type g, %function\ng:\n\tret\n\t.size g, .-g\n"
    if triple == X86:
        caller, callee = caller.replace("%function", "@function"), callee.replace("%function", "@function")
    ir = "declare void @g(i32)\ndefine i32 @f(i32 %a) {\n  call void @g(i32 %a)\n  ret i32 %a\n}\n"
    assert behaves(caller + callee, "f", triple, ir, llvm, emulator).outcome == "agrees"
    alone = behaves(caller, "f", triple, ir, llvm, emulator)
    assert alone.outcome == "unknown"
    assert "reads what it never wrote" in alone.reason


@pytest.mark.parametrize("triple", TRIPLES)
def test_a_structure_that_is_the_result_is_not_seen_by_calls(
    llvm: LLVM, emulator: Emulator, triple: str
) -> None:
    ir = """%pair = type { i64, i64 }
declare void @g(ptr)
define void @f(ptr noalias sret(%pair) %out, ptr %p, i64 %n) {
  store i64 %n, ptr %out
  call void @g(ptr %p)
  %q = getelementptr i8, ptr %out, i64 8
  store i64 7, ptr %q
  ret void
}
"""
    later = ir.replace("  store i64 %n, ptr %out\n", "").replace(
        "  ret void", "  store i64 %n, ptr %out\n  ret void"
    )
    assert compared(llvm, emulator, ir, later, triple).outcome == "agrees"
    assert compared(llvm, emulator, ir, later.replace("i64 7", "i64 8"), triple).outcome == "disagrees"
    seen = ir.replace(" noalias sret(%pair)", "")
    unseen = later.replace(" noalias sret(%pair)", "")
    assert compared(llvm, emulator, seen, unseen, triple).outcome == "disagrees"
