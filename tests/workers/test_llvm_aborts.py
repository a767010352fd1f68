"""Inputs that kill, hang or exhaust LLVM cost one clear answer, and the next job is served as if nothing
had happened."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from irlens.cancel import Cancelled, CancelToken
from irlens.errors import LLVMStopped
from irlens.llvm.client import LLVM

X86 = "x86_64-unknown-linux-gnu"
A64 = "aarch64-unknown-linux-gnu"
NEST = 200_000
GOOD = "define i32 @good(i32 %a) {\n  ret i32 %a\n}\n"

NEWGVN_ASSERTION = """define i32 @f(i32 %n) {
  br label %head
head:
  %v = phi i32 [ %n, %0 ], [ %masked, %join ], [ %v, %back ]
  %u = phi i32 [ %n, %0 ], [ %u2, %join ], [ %zero, %back ]
  %nothing = sub i32 %u, %u
  %small = icmp slt i32 %v, 100
  br i1 %small, label %join, label %back
back:
  %zero = xor i32 %v, %v
  %again = icmp slt i32 %v, %n
  br i1 %again, label %head, label %out
out:
  %low = icmp slt i32 %nothing, 10
  br i1 %low, label %left, label %join
join:
  %u2 = phi i32 [ %u, %head ], [ %zero, %out ]
  %masked = and i32 %nothing, %v
  %more = icmp slt i32 %masked, 100
  br i1 %more, label %head, label %right
right:
  ret i32 %nothing
left:
  ret i32 %nothing
}
"""

INTRINSIC = """declare i32 @llvm.aarch64.crc32b(i32, i32)
define i32 @f(i32 %a) {
  %r = call i32 @llvm.aarch64.crc32b(i32 %a, i32 1)
  ret i32 %r
}
"""

SLOW = """define i65536 @f(i65536 %a, i65536 %b) {
  %r = mul i65536 %a, %b
  ret i65536 %r
}
"""

LARGE = "@x = constant [3000000000 x i8] zeroinitializer\n"


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as client:
        yield client


KILLERS: dict[str, tuple[Callable[[LLVM], object], str]] = {
    "nested constants": (
        lambda llvm: llvm.parse("@x = global i32 " + "add (i32 1, i32 " * NEST),
        "SIGSEGV",
    ),
    "nested types": (
        lambda llvm: llvm.parse("@x = global " + "{" * NEST + "i32" + "}" * NEST + " zeroinitializer"),
        "SIGSEGV",
    ),
    "nested metadata": (lambda llvm: llvm.parse("!0 = !{" + "!{" * NEST), "SIGSEGV"),
    "legal passes that hit an assertion": (
        lambda llvm: llvm.run_passes(NEWGVN_ASSERTION, "function(lcssa,newgvn)"),
        r"assertion failed in NewGVN\.cpp:\d+: .*SIGABRT",
    ),
    "an intrinsic of another target": (
        lambda llvm: llvm.lower(INTRINSIC, X86),
        "Cannot select.*crc32b.*SIGABRT",
    ),
    "module assembly without a parser": (
        lambda llvm: llvm.emit_object('module asm "nop"\n', A64),
        "don't have an asm parser.*SIGABRT",
    ),
    "endless code generation": (
        lambda llvm: llvm.emit_object(SLOW, X86, timeout_s=0.5),
        r"timed out after 0\.5 s",
    ),
    "an endless assembly text": (
        lambda llvm: llvm.assemble(" nop\n" * 4_000_000, X86, timeout_s=0.5),
        r"timed out after 0\.5 s",
    ),
}


@pytest.mark.parametrize("name", KILLERS)
def test_a_killing_input_costs_one_clear_answer(llvm: LLVM, name: str) -> None:
    job, words = KILLERS[name]
    if name.startswith(("module assembly", "an endless assembly")) and not _host_is(llvm, "x86_64"):
        pytest.skip("this input kills on an x86-64 host only")
    with pytest.raises(LLVMStopped, match=words) as stopped:
        job(llvm)
    assert str(stopped.value).startswith(("LLVM stopped on this input: ", "LLVM timed out after "))
    assert str(stopped.value).endswith(".")
    assert llvm.parse(GOOD).verified


def _host_is(llvm: LLVM, arch: str) -> bool:
    return llvm.versions()["host"].startswith(arch)


def test_running_out_of_memory_is_one_clear_answer() -> None:
    with LLVM(workers=1, memory_limit_mb=256) as llvm:
        with pytest.raises(LLVMStopped, match="LLVM stopped on this input: it ran out of memory"):
            llvm.emit_object(LARGE, X86)
        assert llvm.parse(GOOD).verified


def test_the_time_limit_is_kept(llvm: LLVM) -> None:
    llvm.parse(GOOD)
    started = time.monotonic()
    with pytest.raises(LLVMStopped, match="smaller input"):
        llvm.emit_object(SLOW, X86, timeout_s=0.3)
    assert time.monotonic() - started < 3


def test_cancel_ends_a_running_job_and_costs_nobody_else(llvm: LLVM) -> None:
    class Soon(CancelToken):
        """Goes up at the third look, which is while the job runs."""

        looks = 0

        @property
        def cancelled(self) -> bool:
            self.looks += 1
            return self.looks > 3

    started = time.monotonic()
    with pytest.raises(Cancelled):
        llvm.emit_object(SLOW, X86, timeout_s=60, cancel=Soon())
    assert time.monotonic() - started < 5
    assert llvm.parse(GOOD).verified


def test_a_job_that_is_cancelled_already_is_not_begun(llvm: LLVM) -> None:
    llvm.parse(GOOD)
    pids = llvm.worker_pids()
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        llvm.emit_object(SLOW, X86, cancel=token)
    assert llvm.worker_pids() == pids


def test_a_dead_worker_is_replaced_by_another_process(llvm: LLVM) -> None:
    llvm.parse(GOOD)
    before = llvm.worker_pids()
    with pytest.raises(LLVMStopped):
        llvm.lower(INTRINSIC, X86)
    assert llvm.parse(GOOD).verified
    assert len(llvm.worker_pids()) == 1
    assert llvm.worker_pids() != before


def test_an_assembly_error_costs_no_worker(llvm: LLVM) -> None:
    llvm.parse(GOOD)
    before = llvm.worker_pids()
    host = llvm.versions()["host"]
    assert llvm.assemble(" definitely not an instruction\n", host).object is None
    assert llvm.worker_pids() == before


def test_what_one_job_prints_is_not_in_the_next_jobs_error(llvm: LLVM) -> None:
    host = llvm.versions()["host"]
    warned = llvm.emit_object('module asm ".warning \\22a mark of the first job\\22"\n', host)
    assert warned.startswith(b"\x7fELF")
    with pytest.raises(LLVMStopped) as stopped:
        llvm.parse("!0 = !{" + "!{" * NEST)
    assert "mark" not in str(stopped.value)
