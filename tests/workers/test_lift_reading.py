"""Mechanical lifts as people read them, with the real assembler, lifter and LLVM."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens.asm.outline import functions
from irlens.assist.lift import Candidate
from irlens.assist.lift_reading import easier_to_read
from irlens.emulator.client import Emulator
from irlens.errors import IrlensError
from irlens.evidence import lifted as lifted_module
from irlens.evidence.behaviour import behaves
from irlens.evidence.ladder import Evidence
from irlens.evidence.lifted import MechanicalLifts
from irlens.evidence.original import Original
from irlens.evidence.verdict import Verdict
from irlens.llvm.client import LLVM
from irlens.mechanical.answers import Uncovered
from irlens.mechanical.client import MechanicalLifter
from irlens.mechanical.lift import lift_mechanically
from irlens.model.types import LiftSource

X86 = "x86_64-unknown-linux-gnu"
ARM = "aarch64-unknown-linux-gnu"
EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = [
    ("bits.s", X86),
    ("list.s", ARM),
    *((f"eval/{name}.x86_64.O2.s", X86) for name in ("calls", "fields")),
]


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


def lifts(
    text: str, function: str, llvm: LLVM, lifter: MechanicalLifter, triple: str = X86
) -> MechanicalLifts:
    return MechanicalLifts(LiftSource(text, function, triple), Original(text, triple, llvm), llvm, lifter)


LOOKS_UP = """	.text
	.globl	find
	.type	find, @function
find:
	testq	%rdi, %rdi
	je	.L4
	cmpl	$9, 8(%rdi)
	ja	.L9
	movl	8(%rdi), %eax
	leaq	.L7(%rip), %rdx
	movslq	(%rdx,%rax,4), %rax
	addq	%rdx, %rax
	jmp	*%rax
	.section	.rodata
	.align 4
.L7:
	.long	.L2-.L7
	.long	.L3-.L7
	.long	.L9-.L7
	.long	.L3-.L7
	.long	.L2-.L7
	.long	.L9-.L7
	.long	.L9-.L7
	.long	.L9-.L7
	.long	.L9-.L7
	.long	.L2-.L7
	.text
.L2:
	movl	16(%rdi), %eax
	ret
.L3:
	movl	16(%rdi), %eax
	addl	table(%rip), %eax
	ret
.L4:
	movl	$-1, %eax
	ret
.L9:
	movl	$-2, %eax
	ret
	.size	find, .-find
	.bss
	.align 8
	.type	table, @object
	.size	table, 24
table:
	.zero	24
"""


def test_a_function_reads_as_its_assembly(llvm: LLVM, lifter: MechanicalLifter, emulator: Emulator) -> None:
    """Labels behind the jump table, which gcc writes into its function, too; one address for both branches; the size
    and the alignment of the file's own data."""
    ir = lifts(LOOKS_UP, "find", llvm, lifter).readable().ir
    blocks = re.findall(r"^([\w.]+):", ir, re.MULTILINE)
    assert blocks[0] == "entry"
    assert [name for name in blocks if name in ("L2", "L3", "L4", "L9")] == ["L2", "L3"], (
        "the others are a phi's"
    )
    assert blocks == sorted(blocks, key=lambda name: (name != "entry", name == "return", name[0] == "L"))
    assert ir.count("= getelementptr i8, ptr %arg0, i64 16") == 1
    assert re.search(r"^@table = external (?:dso_local )?global \[24 x i8\], align 8$", ir, re.MULTILINE)
    assert re.search(r"%e\w+ = load i32, ptr %arg0\.16, align 1", ir)
    assert behaves(LOOKS_UP, "find", X86, ir, llvm, emulator).outcome == "agrees"


@pytest.mark.parametrize(("name", "triple"), FILES)
def test_every_example_stays_ir_and_has_one_scheme(
    name: str, triple: str, llvm: LLVM, lifter: MechanicalLifter
) -> None:
    text = (EXAMPLES / name).read_text()
    tried = 0
    for function in functions(text):
        made = lifts(text, function.name, llvm, lifter, triple)
        for keep_frame in (False, True):
            try:
                plain = made.lifted(keep_frame=keep_frame).ir
            except IrlensError:
                continue
            ir = made.readable(keep_frame=keep_frame).ir
            assert llvm.parse(ir).verified, ir
            body = ir[ir.index("\ndefine") :]
            assert not re.search(r"%(?:[vtpa]\d+|b\d+)\b|[\w.]+_[.\s,=:]", body), body
            names = re.findall(r"^(?:  %)?([-\w$.]+)(?: =|:)", body, re.MULTILINE)
            assert len(names) == len(set(names))
            assert body.count(" call ") == plain.count(" call ")
            assert body.count(" load ") == plain.count(" load ")
            tried += 1
    assert tried > 5


def test_the_model_reads_the_lift_as_before(llvm: LLVM, lifter: MechanicalLifter) -> None:
    """It was trained on repetitions, on blocks as LLVM leaves them, on data without a size."""
    made = lifts(LOOKS_UP, "find", llvm, lifter)
    read = made.readable().ir
    plain = lift_mechanically(llvm.object_of(LOOKS_UP, X86), "find", X86, llvm, lifter).ir
    model_reads = made.for_model().lifted
    assert model_reads is not None
    assert model_reads.replace("dso_local ", "") == plain
    assert model_reads != read
    assert "@table = external global i8\n" in plain


def test_without_an_assembler_that_keeps_names_there_are_no_labels(
    llvm: LLVM, lifter: MechanicalLifter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        lifted_module, "with_lasting_labels", lambda text: ("\tno such instruction\n", {"a": "b"})
    )
    ir = lifts(LOOKS_UP, "find", llvm, lifter).readable().ir
    assert "\nentry.1:" in ir
    assert "L2" not in ir
    assert llvm.parse(ir).verified


COMPUTED = (
    LOOKS_UP.replace("find:\n", "find:\n\tpushq\t%rbx\n")
    .replace("movslq\t(%rdx,%rax,4), %rax", "movq\t24(%rdi,%rax,8), %rax")
    .replace("addq\t%rdx, %rax\n", "")
)


@pytest.mark.parametrize(
    ("text", "function", "said"),
    [
        (COMPUTED, "find", "`jmp *%rax` at line 13: where it jumps is not to be seen."),
        ("\t.type f,@function\nf:\n\tnop\n\n1:\tcpuid\n\tretq\n", "f", "`1: cpuid` at line 5: Ghidra leaves"),
    ],
)
def test_a_refusal_names_the_line_as_it_is_written(
    text: str, function: str, said: str, llvm: LLVM, lifter: MechanicalLifter
) -> None:
    with pytest.raises(Uncovered) as error:
        lifts(text, function, llvm, lifter).lifted()
    assert str(error.value).startswith(said)
    assert "model" not in str(error.value)


NUMBERED = """target triple = "x86_64-unknown-linux-gnu"

@table = external global [1048576 x i8], align 16

define i32 @f(ptr %v0) {
b0:
  %v1 = icmp eq ptr %v0, null
  br i1 %v1, label %b2, label %b1
b1:
  %v2 = load i32, ptr @table
  ret i32 %v2
b2:
  ret i32 0
}
"""


@pytest.mark.parametrize(("sizes", "shown"), [({"table": (24, 8)}, "[24 x i8], align 8"), ({}, "i8")])
def test_an_answer_with_numbers_is_written_with_names(
    sizes: dict[str, tuple[int, int]], shown: str, llvm: LLVM
) -> None:
    evidence = Evidence(Verdict.COMPILES, "it differs", NUMBERED, "-O2")
    candidate = Candidate("model", Verdict.COMPILES, "it differs", NUMBERED, 9, 0.1, evidence)
    source = LiftSource("", "f", X86)
    found = easier_to_read(candidate, source, llvm, like=[], sizes=sizes)
    assert found.ir is not None
    assert found.evidence is not None
    assert found.evidence.ir == found.ir
    assert f"@table = external global {shown}\n" in found.ir
    assert "define i32 @f(ptr %arg0) {\nentry:\n  %cmp = icmp eq ptr %arg0, null\n" in found.ir
    assert llvm.emit_object(found.ir, X86) == llvm.emit_object(NUMBERED, X86)
    like = found.ir.replace("%load", "%eax").replace("entry.1", "L5")
    again = easier_to_read(candidate, source, llvm, like=["", like], sizes=sizes)
    assert again.ir == like


def test_a_size_that_would_change_the_code_is_left(llvm: LLVM) -> None:
    """AArch64 folds an offset into an address only where it knows that the object goes so far."""
    text = NUMBERED.replace("x86_64", "aarch64").replace(
        "ptr @table\n", "ptr getelementptr (i8, ptr @table, i64 40)\n"
    )
    text = text.replace("external", "external dso_local")
    evidence = Evidence(Verdict.COMPILES, "it differs", text, "-O2")
    candidate = Candidate("model", Verdict.COMPILES, "it differs", text, 9, 0.1, evidence)
    found = easier_to_read(candidate, LiftSource("", "f", ARM), llvm, like=[], sizes={})
    assert found.ir is not None
    assert "[1048576 x i8]" in found.ir
    assert "%arg0" in found.ir
    assert llvm.emit_object(found.ir, ARM) == llvm.emit_object(text, ARM)
