"""An address that only the candidate wants to be aligned is a difference on a machine, and none in the emulator."""

from __future__ import annotations

from collections.abc import Iterator

import psutil
import pytest

from irlens.emulator.agreement import Agreement
from irlens.emulator.client import Emulator
from irlens.evidence.behaviour import Version, versions_alike
from irlens.llvm.client import LLVM

X86 = "x86_64-unknown-linux-gnu"
LOAD = "define <4 x float> @f(ptr %p) {\n  %r = load <4 x float>, ptr %p, ALIGNED\n  ret <4 x float> %r\n}\n"
STORE = "define void @f(ptr %p, <2 x i64> %x) {\n  store <2 x i64> %x, ptr %p, ALIGNED\n  ret void\n}\n"
FOLDED = """define <4 x i32> @f(ptr %p, i64 %n, <4 x i32> %x) {
  %q = getelementptr <4 x i32>, ptr %p, i64 %n
  %v = load <4 x i32>, ptr %q, ALIGNED
  %r = add <4 x i32> %v, %x
  ret <4 x i32> %r
}
"""
LOOP = """define i32 @f(ptr %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %j, %loop ]
  %s = phi <4 x i32> [ zeroinitializer, %entry ], [ %t, %loop ]
  %q = getelementptr <4 x i32>, ptr %p, i32 %i
  %v = load <4 x i32>, ptr %q, ALIGNED
  %t = add <4 x i32> %s, %v
  %j = add i32 %i, 1
  %c = icmp slt i32 %j, %n
  br i1 %c, label %loop, label %end
end:
  %r = extractelement <4 x i32> %t, i32 2
  ret i32 %r
}
"""


@pytest.fixture(scope="module")
def tools() -> Iterator[tuple[LLVM, Emulator]]:
    with LLVM() as llvm, Emulator() as emulator:
        yield llvm, emulator


def alike(tools: tuple[LLVM, Emulator], original: str, candidate: str) -> Agreement:
    return versions_alike(
        Version(original, "f", False, None), Version(candidate, "f", False, None), X86, *tools, inputs=200
    )


@pytest.mark.parametrize("ir", [LOAD, STORE, FOLDED, LOOP], ids=["load", "store", "folded", "loop"])
def test_a_promise_of_the_candidates_own_is_not_told_to_agree(tools: tuple[LLVM, Emulator], ir: str) -> None:
    found = alike(tools, ir.replace("ALIGNED", "align 4"), ir.replace("ALIGNED", "align 16"))
    assert found.outcome == "unknown"
    assert "wants an address to be a multiple of 16 (`" in found.reason
    for pair in ((16, 16), (16, 4), (4, 4)):
        original, candidate = (ir.replace("ALIGNED", f"align {each}") for each in pair)
        assert alike(tools, original, candidate).outcome == "agrees"


@pytest.mark.parametrize(
    "ir",
    [
        "define i64 @f(i64 %a, i64 %b) {\n  %s = alloca <2 x i64>, align 16\n  store volatile i64 %a, ptr %s\n"
        "  %v = load volatile <2 x i64>, ptr %s, align 16\n  %r = extractelement <2 x i64> %v, i32 0\n  ret i64 %r\n}\n",
        "@t = internal constant <4 x i32> <i32 1, i32 2, i32 3, i32 4>, align 16\n"
        "define <4 x i32> @f(<4 x i32> %x) {\n  %v = load <4 x i32>, ptr @t, align 16\n  %r = add <4 x i32> %v, %x\n"
        "  ret <4 x i32> %r\n}\n",
    ],
    ids=["its own stack", "its own data"],
)
def test_what_its_own_compiler_laid_out_is_aligned(tools: tuple[LLVM, Emulator], ir: str) -> None:
    assert alike(tools, ir.replace("align 16", "align 4"), ir).outcome == "agrees"


def test_engines_are_freed_after_each_job(tools: tuple[LLVM, Emulator]) -> None:
    """Python's collector left them: 2 MB a comparison, up to the worker's limit."""
    llvm, _ = tools
    ir = LOAD.replace("ALIGNED", "align 1")
    version = Version(ir, "f", False, None)
    with Emulator(workers=1) as emulator:
        versions_alike(version, version, X86, llvm, emulator, inputs=50)
        (worker,) = [
            child for child in psutil.Process().children() if "emulator.worker" in " ".join(child.cmdline())
        ][-1:]
        before = worker.memory_info().rss
        for seed in range(30):
            assert (
                versions_alike(version, version, X86, llvm, emulator, inputs=50, seed=seed).outcome
                == "agrees"
            )
        assert worker.is_running()
        assert worker.memory_info().rss - before < 30 << 20
