"""Lines of an assembly and of its lift that belong together, as LLVM itself tells them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from irlens.evidence.ladder import climb
from irlens.evidence.lines import linked_lines
from irlens.evidence.verdict import Verdict
from irlens.llvm.client import LLVM
from irlens.model.types import LiftSource

EXAMPLES = Path(__file__).parents[2] / "examples"
X86, ARM = "x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"
LINK_AFTER = """
define void @link_after(ptr %a, ptr %b) {
  store ptr %b, ptr %a
  %second = getelementptr i8, ptr %b, i64 8
  store ptr %a, ptr %second
  ret void
}
"""
ALIGN_UP = """define i32 @align_up(i32 %n, i32 %b) {
  %sum = add i32 %n, %b
  %less = add i32 %sum, -1
  %mask = sub i32 0, %b
  %r = and i32 %less, %mask
  ret i32 %r
}
"""


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as client:
        yield client


def words(source: LiftSource, ir: str, links: tuple[tuple[int, int], ...]) -> dict[str, str]:
    """The instruction of the assembly, and what it stands beside."""
    asm, lines = source.text.split("\n"), ir.split("\n")
    return {" ".join(asm[place].split()): lines[line].strip() for place, line in links}


def test_a_lift_that_round_trips_is_linked_instruction_by_instruction(llvm: LLVM) -> None:
    source = LiftSource((EXAMPLES / "list.s").read_text(), "link_after", ARM)
    evidence = climb(LINK_AFTER, source, llvm)
    assert evidence.verdict == Verdict.ROUND_TRIPS
    found = words(source, evidence.ir, linked_lines(evidence, source, llvm))
    assert found == {
        "str x1, [x0]": "store ptr %b, ptr %a",
        "str x0, [x1, #8]": "store ptr %a, ptr %second",
        "ret": "ret void",
    }


def test_of_another_lift_only_what_is_the_same_is_linked(llvm: LLVM) -> None:
    source = LiftSource((EXAMPLES / "bits.s").read_text(), "align_up", X86)
    evidence = climb(ALIGN_UP.replace("add i32 %sum, -1", "add i32 %sum, -2"), source, llvm)
    assert evidence.verdict == Verdict.COMPILES
    found = words(source, evidence.ir, linked_lines(evidence, source, llvm))
    assert found == {
        "leal (%rdi,%rsi), %eax": "%less = add i32 %sum, -2",
        "negl %esi": "%mask = sub i32 0, %b",
        "andl %esi, %eax": "%r = and i32 %less, %mask",
        "retq": "ret i32 %r",
    }


def test_where_nothing_is_known_nothing_is_linked(llvm: LLVM) -> None:
    source = LiftSource((EXAMPLES / "bits.s").read_text(), "align_up", X86)
    evidence = climb(ALIGN_UP, source, llvm)
    other = "define i32 @align_up(i32 %n, i32 %b) {\n  unreachable\n}\n"
    assert linked_lines(replace(evidence, ir=other, verdict=Verdict.COMPILES), source, llvm) == ()
    assert linked_lines(replace(evidence, ir="no IR", verdict=Verdict.COMPILES), source, llvm) == ()
    assert linked_lines(replace(evidence, codegen=""), source, llvm) == ()
