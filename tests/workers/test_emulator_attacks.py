"""Hostile objects, and workers that die: one clear error each, and the next comparison works."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections.abc import Iterator

import pytest

from irlens.cancel import Cancelled, CancelToken
from irlens.emulator.client import Emulator
from irlens.errors import EmulatorStopped, IrlensError, UnusableInput
from irlens.llvm.client import LLVM

X86 = "x86_64-unknown-linux-gnu"
GOOD = "declare i32 @g(i32)\ndefine i32 @f(i32 %a) {\n  %r = call i32 @g(i32 %a)\n  ret i32 %r\n}\n"
FOREVER = """define void @f(ptr %p, i64 %n) {
  br label %a
a:
  %i = phi i64 [ 0, %0 ], [ %j, %a ]
  %q = getelementptr i8, ptr %p, i64 %i
  store volatile i8 1, ptr %q
  %j = add i64 %i, 4096
  br label %a
}
"""


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as client:
        yield client


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(time_limit_s=20) as client:
        yield client


@pytest.fixture(scope="module")
def good(llvm: LLVM) -> bytes:
    return llvm.emit_object(GOOD, X86)


def works(emulator: Emulator, good: bytes) -> bool:
    return emulator.compare(good, good, function="f", signatures=None).outcome == "agrees"


HOSTILE = {
    "no ELF": lambda data: b"hello" + data,
    "empty": lambda data: b"",
    "cut off": lambda data: data[: len(data) // 2],
    "header only": lambda data: data[:64],
    "32 bits": lambda data: data[:4] + b"\x01" + data[5:],
    "another machine": lambda data: data[:18] + b"\x28\x00" + data[20:],
    "executable": lambda data: data[:16] + b"\x02\x00" + data[18:],
    "no sections": lambda data: data[:60] + b"\0\0" + data[62:],
    "section table outside": lambda data: data[:40] + b"\xff" * 8 + data[48:],
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_object_is_refused_with_what_to_do(emulator: Emulator, good: bytes, kind: str) -> None:
    with pytest.raises(UnusableInput) as refused:
        emulator.compare(HOSTILE[kind](good), good, function="f", signatures=None)
    assert str(refused.value).endswith(".")
    assert ". " in str(refused.value), "it says what to do next"
    assert works(emulator, good)


def test_random_damage_never_costs_more_than_one_answer(emulator: Emulator, good: bytes) -> None:
    rng = random.Random(3)
    for _ in range(60):
        data = bytearray(good)
        for _ in range(rng.choice((1, 3, 20))):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            said = emulator.compare(bytes(data), good, function="f", signatures=None, inputs=4).reason
        except IrlensError as error:
            said = str(error)
        assert said.endswith(".")
    assert works(emulator, good)


def test_a_function_that_is_not_there_is_named(emulator: Emulator, good: bytes) -> None:
    with pytest.raises(UnusableInput, match="does not define the function nowhere"):
        emulator.compare(good, good, function="nowhere", signatures=None)


def test_objects_for_two_machines_are_refused(emulator: Emulator, llvm: LLVM, good: bytes) -> None:
    other = llvm.emit_object(GOOD, "aarch64-unknown-linux-gnu")
    with pytest.raises(UnusableInput, match="different machines"):
        emulator.compare(good, other, function="f", signatures=None)


def test_a_worker_that_is_killed_costs_one_answer(emulator: Emulator, llvm: LLVM, good: bytes) -> None:
    assert works(emulator, good)
    (pid,) = emulator.worker_pids()
    endless = llvm.emit_object(FOREVER, X86)
    failed: list[BaseException] = []

    def ask() -> None:
        try:
            emulator.compare(endless, endless, function="f", signatures=None, inputs=100_000)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join(timeout=0.3)
    assert thread.is_alive(), "the comparison is long enough to be killed in"
    os.kill(pid, signal.SIGKILL)
    thread.join(timeout=20)
    assert [type(error) for error in failed] == [EmulatorStopped]
    assert works(emulator, good)
    assert pid not in emulator.worker_pids()


def test_a_cancel_ends_a_comparison(emulator: Emulator, llvm: LLVM, good: bytes) -> None:
    endless = llvm.emit_object(FOREVER, X86)
    token = CancelToken()
    timer = threading.Timer(0.2, token.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        emulator.compare(endless, endless, function="f", signatures=None, inputs=100_000, cancel=token)
    timer.join()
    assert works(emulator, good)


def test_the_time_limit_ends_a_search(llvm: LLVM) -> None:
    endless = llvm.emit_object(FOREVER, X86)
    with Emulator(time_limit_s=0.3) as emulator:
        found = emulator.compare(endless, endless, function="f", signatures=None, inputs=100_000)
    assert found.outcome == "unknown"
    assert found.inputs < 100_000
