"""The sizes and counts that the paper prints come out of LLVM: 65 and 53 bytes, 8 and 2 instructions."""

from __future__ import annotations

from contextlib import closing

import pytest

from irlens.assist.predict import OBJECT_CODEGEN_LEVEL
from irlens.assist.tools import Tools
from irlens.evals.round_trip import printed
from irlens.llvm.client import LLVM
from irlens.llvm.compilers import Compiler, Compilers, LlvmliteCompiler
from irlens.tuning.objective import Objective
from support import listings


def test_the_paper_s_code_generation_is_without_o() -> None:
    assert Objective("size", "paper").opt_level == OBJECT_CODEGEN_LEVEL == 0


def test_llvmlite_measures_what_the_paper_prints(llvm: LLVM) -> None:
    for ir, size, instructions in (
        (listings.RAW, listings.BEFORE_BYTES, listings.BEFORE_INSTRUCTIONS),
        (listings.OPTIMISED, listings.AFTER_BYTES, listings.AFTER_INSTRUCTIONS),
    ):
        assert llvm.outline(ir).instructions == instructions
        sizes = llvm.size(llvm.emit_object(ir, opt_level=OBJECT_CODEGEN_LEVEL))
        assert (sizes.total, sizes.sections[".eh_frame"]) == (size, 48)
    assert llvm.size(llvm.emit_object(listings.RAW, opt_level=2)).total == 60, "a build's is another number"


@pytest.mark.parametrize("who", ["installed", "llvmlite"])
def test_a_search_measures_what_the_paper_prints(who: str, tools: Tools) -> None:
    with closing(Compilers(tools.llvm, 1)) as compilers:
        compiler: Compiler = (
            compilers.of(listings.RAW) if who == "installed" else LlvmliteCompiler(tools.llvm)
        )
        measured = compiler.measure(listings.RAW.encode(), ["", listings.OZ], opt_level=0, count=True)
    assert [(each.bytes, each.instructions) for each in measured] == [(65, 8), (53, 2)]


def test_the_listings_ir_and_assembly_belong_together(llvm: LLVM) -> None:
    """What is stated of one is true of the other: LLVM makes the assembly from the IR, and -Oz the one IR from the
    other, up to comments."""
    for ir, asm in ((listings.RAW, listings.RAW_ASM), (listings.OPTIMISED, listings.OPTIMISED_ASM)):
        lowered = llvm.lower(ir, listings.TRIPLE, opt_level=0)
        assert printed(lowered, "sum", listings.TRIPLE) == printed(asm, "sum", listings.TRIPLE)
    made = llvm.run_passes(listings.RAW, listings.OZ).ir
    assert "%add = add nsw i32 %y, %x\n  ret i32 %add" in made
    assert made.count("define") == 1
