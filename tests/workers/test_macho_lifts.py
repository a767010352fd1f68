"""macOS assembly, lifted and compared for real: Apple's calling convention is told from Linux's, or refused by name."""

# ruff: noqa: E501 (a sample reads best on one line)

from __future__ import annotations

from collections.abc import Iterator

import pytest

from irlens.asm.macho import as_elf
from irlens.asm.macos_target import in_elf
from irlens.assist.compare import Compared, Pair, Side, compare
from irlens.assist.lift import LiftResult, lift
from irlens.assist.tools import Tools
from irlens.emulator.client import Emulator
from irlens.evidence.verdict import Verdict
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter
from irlens.model.types import LiftSource

ARM, X86 = "arm64-apple-macosx13.0", "x86_64-apple-macosx13.0"
REGISTERS = ", ".join(["i64"] * 8)

IR = {
    "packed": f"define i32 @packed({REGISTERS}, i32 %x, i8 signext %y, i16 zeroext %z, i64 %w) {{ %a = sext i8 %y to i32 %b = zext i16 %z to i32 %c = add i32 %a, %b %d = sub i32 %c, %x %e = trunc i64 %w to i32 %f = xor i32 %d, %e ret i32 %f }}",
    "said": '@text = private constant [7 x i8] c"%d %f\\0A\\00"\ndeclare i32 @printf(ptr, ...)\ndefine i32 @said(i32 %x, double %y) { %r = call i32 (ptr, ...) @printf(ptr @text, i32 %x, double %y) ret i32 %r }',
    "narrow": "declare i32 @taken(i8 signext, i16 zeroext)\ndefine i32 @narrow(i32 %x, i32 %y) { %a = trunc i32 %x to i8 %b = trunc i32 %y to i16 %r = call i32 @taken(i8 signext %a, i16 zeroext %b) ret i32 %r }",
    "short": "define zeroext i8 @short(i8 zeroext %x, i8 zeroext %y) { %r = add i8 %x, %y ret i8 %r }",
    "wide": f"define i64 @wide({REGISTERS}, i64 %x, i64 %y) {{ %a = add i64 %0, %1 %b = add i64 %a, %2 %c = add i64 %b, %3 %d = add i64 %c, %4 %e = add i64 %d, %5 %f = add i64 %e, %6 %g = add i64 %f, %7 %h = mul i64 %g, %x %i = sub i64 %h, %y ret i64 %i }}",
    "zeros": "@first = global i32 0\n@second = internal global i32 0\ndefine i32 @zeros(i32 %x) { %a = load i32, ptr @second store i32 %x, ptr @first store i32 %x, ptr @second ret i32 %a }",
    "counter": "@count = global i32 7\n@other = external global i64\ndefine i64 @counter() { %a = load i32, ptr @count %b = add i32 %a, 1 store i32 %b, ptr @count %c = load i64, ptr @other ret i64 %c }",
}


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    with LLVM(workers=1) as llvm, Emulator() as emulator, MechanicalLifter() as lifter:
        yield Tools(llvm, emulator, lifter)


def module(name: str, triple: str = ARM) -> str:
    return f'target triple = "{triple}"\n{IR[name]}\n'


def mach_o(name: str, tools: Tools, triple: str = ARM, level: int = 2) -> str:
    return tools.llvm.lower(module(name, triple), triple, opt_level=level)


def lifted(text: str, function: str, tools: Tools, triple: str = ARM) -> LiftResult:
    elf, elf_triple = as_elf(text, triple)
    return lift(LiftSource(elf, function, elf_triple), None, tools, wanted="mechanical")


def compared(text: str, name: str, tools: Tools, triple: str = ARM) -> Compared:
    """Mach-O assembly with the IR of that name."""
    elf, elf_triple = as_elf(text, triple)
    sides = Side("a.s", elf, True, elf_triple), Side("a.ll", module(name, triple), False)
    (found,) = compare(*sides, [Pair(name, name)], elf_triple, tools.llvm, tools.emulator, inputs=200)
    return found


@pytest.mark.parametrize("level", [0, 2])
@pytest.mark.parametrize("name", IR)
def test_what_llvm_prints_for_macos_does_what_its_ir_does(name: str, level: int, tools: Tools) -> None:
    for triple in (ARM, X86):
        text = mach_o(name, tools, triple, level)
        assert f"\n_{name}:" in text
        assert compared(text, name, tools, triple).agreement.outcome == "agrees", (triple, text)


WRONG = [
    ("packed", "[sp, #4]", "[sp, #8]"),  # where Linux has the second argument on the stack
    ("packed", "[sp, #6]", "[sp, #7]"),
    ("narrow", "sxtb\tw0, w0", "nop"),  # a callee relies on the extension
    ("narrow", "and\tw1, w1, #0xffff", "nop"),
    ("short", "and\tw0, w8, #0xff", "mov\tw0, w8"),
    ("said", "[sp]", "[sp, #-16]"),  # then what is passed was never put there
]


@pytest.mark.parametrize(("name", "right", "wrong"), WRONG)
def test_a_wrong_convention_is_told(name: str, right: str, wrong: str, tools: Tools) -> None:
    text = mach_o(name, tools)
    assert right in text, text
    outcome = compared(text.replace(right, wrong), name, tools).agreement.outcome
    assert outcome == ("unknown" if name == "said" else "disagrees")


@pytest.mark.parametrize("triple", [ARM, X86])
@pytest.mark.parametrize("name", ["short", "wide", "counter", "said", "zeros"])
def test_a_lift_agrees_and_is_for_macos(name: str, triple: str, tools: Tools) -> None:
    text = mach_o(name, tools, triple)
    result = lifted(text, name, tools, triple)
    assert result.verdict >= Verdict.AGREES, result.reason
    assert result.ir is not None
    assert f'target triple = "{triple}"' in result.ir
    assert (result.name, result.triple) == (name, triple)
    assert "-elf" not in result.ir + str([each.ir for each in result.candidates])
    # What was lifted is again what LLVM compiles to the same for macOS.
    sides = Side("a.ll", module(name, triple), False), Side("b.ll", result.ir, False)
    (again,) = compare(*sides, [Pair(name, name)], in_elf(triple), tools.llvm, tools.emulator, inputs=200)
    assert again.agreement.outcome != "disagrees", again.agreement.reason


HEAD = "\t.section\t__TEXT,__text,regular,pure_instructions\n\t.globl\t_f\n\t.p2align\t2\n_f:\n"
REFUSED = {
    "a call that may be variadic": ("\tsub\tsp, sp, #32\n\tstp\tx29, x30, [sp, #16]\n\tstr\tx1, [sp]\n\tbl\t_outside\n\tldp\tx29, x30, [sp, #16]\n\tadd\tsp, sp, #32\n\tret\n", "outside may be given variable arguments, which macOS has on the stack"),
    "a variadic call whose format is not there": ("\tsub\tsp, sp, #32\n\tstp\tx29, x30, [sp, #16]\n\tstr\tx1, [sp]\n\tbl\t_printf\n\tldp\tx29, x30, [sp, #16]\n\tadd\tsp, sp, #32\n\tret\n", "how many variable arguments printf is given is not to be seen"),
    "va_arg": ("\tldr\tw8, [sp]\n\tadd\tw0, w8, w0\n\tret\n", "may be of variable arguments"),
    "va_start": ("\tsub\tsp, sp, #16\n\tadd\tx8, sp, #16\n\tstr\tx8, [sp, #8]\n\tldr\tx9, [sp, #8]\n\tadd\tx10, x9, #8\n\tstr\tx10, [sp, #8]\n\tldr\tw0, [x9]\n\tadd\tsp, sp, #16\n\tret\n", "of variable arguments does"),
    "a thread-local variable": ("\tadrp\tx0, _t@TLVPPAGE\n\tldr\tx0, [x0, _t@TLVPPAGEOFF]\n\tldr\tx8, [x0]\n\tblr\tx8\n\tret\n", "a thread-local variable of macOS is not lifted"),
    "Objective-C": ("\tb\t_objc_msgSend\n", "Objective-C"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_told_is_refused_by_name(what: str, tools: Tools) -> None:
    code, says = REFUSED[what]
    result = lifted(HEAD + code + "\t.globl\t_g\n_g:\n\tmov\tw0, w1\n\tret\n", "f", tools)
    assert result.ir is None
    assert says in result.words
    other = lifted(HEAD + code + "\t.globl\t_g\n_g:\n\tmov\tw0, w1\n\tret\n", "g", tools)
    assert other.verdict == Verdict.ROUND_TRIPS, other.reason


def test_arguments_that_are_packed_on_the_stack_of_a_call_are_refused(tools: Tools) -> None:
    registers = "".join(f"\tmov\tw{n}, #{n}\n" for n in range(8))
    code = f"\tsub\tsp, sp, #32\n\tstp\tx29, x30, [sp, #16]\n\tstr\tw0, [sp]\n{registers}\tbl\t_nine\n\tldp\tx29, x30, [sp, #16]\n\tadd\tsp, sp, #32\n\tret\n"
    result = lifted(HEAD + code, "f", tools)
    assert result.ir is None
    assert "which macOS packs" in result.words


def test_a_line_that_is_not_read_costs_its_function_in_a_comparison(tools: Tools) -> None:
    text = mach_o("short", tools) + "\t.text\n\t.globl\t_t\n_t:\n\tadrp\tx0, _v@TLVPPAGE\n\tret\n"
    elf, triple = as_elf(text, ARM)
    right = f'target triple = "{ARM}"\n{IR["short"]}\ndefine void @t() {{ ret void }}\n'
    sides = Side("a.s", elf, True, triple), Side("a.ll", right, False)
    pairs = [Pair("short", "short"), Pair("t", "t")]
    found = [each.agreement for each in compare(*sides, pairs, triple, tools.llvm, tools.emulator, inputs=64)]
    assert [each.outcome for each in found] == ["agrees", "unknown"]
    assert "thread-local" in found[1].reason


VARIADIC = "declare i32 @outside(ptr, ...)\ndefine i32 @f(ptr %p, i32 %x, i64 %y) { %r = call i32 (ptr, ...) @outside(ptr %p, i32 %x, i64 %y) ret i32 %r }"


@pytest.mark.parametrize(
    ("call", "outcome"),
    [
        ("call i32 (ptr, ...) @outside(ptr %p, i32 %x, i64 %y)", "agrees"),
        ("call i32 (ptr, ...) @outside(ptr %p, i32 %x)", "unknown"),
        ("call i32 (ptr, ...) @outside(ptr %p)", "unknown"),
        ("call i32 (ptr, ...) @outside(ptr %p, i32 %x, i64 7)", "disagrees"),
    ],
)
def test_ir_that_leaves_out_what_a_call_has_on_the_stack_does_not_agree(
    call: str, outcome: str, tools: Tools
) -> None:
    text = tools.llvm.lower(f'target triple = "{ARM}"\n{VARIADIC}\n', ARM)
    elf, triple = as_elf(text, ARM)
    right = f'target triple = "{ARM}"\n' + VARIADIC.replace(
        "call i32 (ptr, ...) @outside(ptr %p, i32 %x, i64 %y)", call
    )
    sides = Side("a.s", elf, True, triple), Side("b.ll", right, False)
    (found,) = compare(*sides, [Pair("f", "f")], triple, tools.llvm, tools.emulator, inputs=64)
    assert found.agreement.outcome == outcome, found.agreement.reason


def test_variable_arguments_through_a_pointer_are_on_the_stack(tools: Tools) -> None:
    body = "define i32 @f(ptr %p, i32 %x, i32 %y) { %r = call i32 (i32, [2 x i64], ...) %p(i32 1, [2 x i64] zeroinitializer, i32 CALL) ret i32 %r }"
    text = tools.llvm.lower(f'target triple = "{ARM}"\n{body.replace("CALL", "%x")}\n', ARM)
    elf, triple = as_elf(text, ARM)
    for argument, outcome in (("%x", "agrees"), ("%y", "disagrees")):
        right = f'target triple = "{ARM}"\n{body.replace("CALL", argument)}\n'
        sides = Side("a.s", elf, True, triple), Side("b.ll", right, False)
        (found,) = compare(*sides, [Pair("f", "f")], triple, tools.llvm, tools.emulator, inputs=64)
        assert found.agreement.outcome == outcome, found.agreement.reason
