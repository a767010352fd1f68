"""Workers under attack: killed at random, killed while idle, orphaned, unable to start."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

import irlens
from irlens.cancel import Cancelled
from irlens.errors import LLVMStopped
from irlens.llvm.client import LLVM
from irlens.workers import pool
from irlens.workers.pool import Pool, WorkerDied, WorkerTimedOut, python_worker

GOOD = "define i32 @good(i32 %a) {\n  ret i32 %a\n}\n"
SLOW = "define i65536 @f(i65536 %a, i65536 %b) {\n  %r = mul i65536 %a, %b\n  ret i65536 %r\n}\n"


def wait_for(condition: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.01)


def gone(pid: int) -> bool:
    """No such process, or a dead one that its new parent has not collected yet."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=3) as client:
        yield client


def test_random_kills_under_load_lose_only_what_the_dead_had(llvm: LLVM) -> None:
    jobs, threads = 200, 6
    rng = random.Random(7)
    killed: list[int] = []
    answered: list[int] = []
    done = threading.Event()

    def ask(number: int) -> str | None:
        text = "".join(
            f"define i32 @f{number}_{part}(i32 %a) {{\n  %r = add i32 %a, {part}\n  ret i32 %r\n}}\n"
            for part in range(20)
        )
        try:
            outline = llvm.outline(text) if number % 2 else llvm.outline(llvm.run_passes(text, "verify").ir)
        except LLVMStopped as stopped:
            return str(stopped)
        finally:
            answered.append(number)
        # An answer must be the one to this question, whole.
        assert [facts.name for facts in outline.functions] == [f"f{number}_{part}" for part in range(20)]
        if outline.sizes is None:
            return outline.why
        return None

    def kill_now_and_then() -> None:
        # By progress, not by the clock, so that a slow machine sees as many kills as a fast one.
        at = 0
        while not done.wait(0.001):
            if len(answered) < at:
                continue
            at = len(answered) + rng.randint(2, 16)
            pids = llvm.worker_pids()
            if pids:
                victim = rng.choice(pids)
                try:
                    os.kill(victim, signal.SIGKILL)
                    killed.append(victim)
                except ProcessLookupError:
                    pass

    killer = threading.Thread(target=kill_now_and_then)
    with ThreadPoolExecutor(threads) as executor:
        killer.start()
        try:
            answers = list(executor.map(ask, range(jobs)))
        finally:
            done.set()
            killer.join()
    lost = [answer for answer in answers if answer is not None]
    assert sorted(answered) == list(range(jobs))
    assert len(set(killed)) > 10
    assert len(lost) <= len(set(killed))
    assert {
        answer for answer in lost if not answer.startswith("LLVM stopped on this input: SIGKILL")
    } == set()
    assert len(lost) < jobs / 2
    assert llvm.parse(GOOD).verified


def test_killing_idle_workers_loses_nothing(llvm: LLVM) -> None:
    for _ in range(3):
        assert llvm.parse(GOOD).verified
        for pid in llvm.worker_pids():
            os.kill(pid, signal.SIGKILL)
    assert llvm.parse(GOOD).verified


def test_a_stopped_worker_does_not_outlast_its_time_limit() -> None:
    with LLVM(workers=1) as llvm:
        llvm.parse(GOOD)
        (pid,) = llvm.worker_pids()
        job = ThreadPoolExecutor(1).submit(llvm.emit_object, SLOW, timeout_s=1.0)
        wait_for(lambda: psutil.Process(pid).cpu_percent(0.05) > 20)
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(LLVMStopped, match="timed out after 1 s"):
            job.result(timeout=20)
        assert llvm.parse(GOOD).verified


def test_workers_end_with_their_parent_even_when_it_is_killed() -> None:
    script = (
        "import sys, threading, time\n"
        "from irlens.llvm.client import LLVM\n"
        f"llvm = LLVM(workers=2)\nllvm.parse({GOOD!r})\n"
        f"threading.Thread(target=lambda: llvm.emit_object({SLOW!r}, timeout_s=120), daemon=True).start()\n"
        "llvm.warm()\n"
        "while len(llvm.worker_pids()) < 2: time.sleep(0.01)\n"
        "print(*llvm.worker_pids(), flush=True)\ntime.sleep(120)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(irlens.__file__).parent.parent)}
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
        wait_for(lambda: any(psutil.Process(pid).cpu_percent(0.05) > 20 for pid in pids))
        parent.kill()
    wait_for(lambda: all(gone(pid) for pid in pids))


def test_a_worker_writes_nothing_into_its_parents_stdout(llvm: LLVM) -> None:
    llvm.parse(GOOD)
    if not Path("/proc/self/fd").exists():
        pytest.skip("needs /proc to look at another process's files")
    for pid in llvm.worker_pids():
        places = {fd: os.readlink(f"/proc/{pid}/fd/{fd}") for fd in (0, 1, 2)}
        assert places[0] == "/dev/null"
        assert places[1] == places[2] != os.readlink("/proc/self/fd/1")


def test_warm_starts_all_workers_without_waiting(llvm: LLVM) -> None:
    started = time.monotonic()
    llvm.warm()
    assert time.monotonic() - started < 0.1
    wait_for(lambda: len(llvm.worker_pids()) == 3)
    pids = set(llvm.worker_pids())
    assert llvm.parse(GOOD).verified
    assert set(llvm.worker_pids()) == pids


def test_close_ends_workers_and_jobs_under_way() -> None:
    llvm = LLVM(workers=1)
    llvm.parse(GOOD)
    (pid,) = llvm.worker_pids()
    job = ThreadPoolExecutor(1).submit(llvm.emit_object, SLOW, timeout_s=60)
    wait_for(lambda: psutil.Process(pid).cpu_percent(0.05) > 20)
    llvm.close()
    with pytest.raises(Cancelled):
        job.result(timeout=10)
    with pytest.raises(Cancelled):
        llvm.parse(GOOD)
    assert gone(pid)
    llvm.close()


def test_workers_without_a_job_end_but_for_those_that_are_kept() -> None:
    command, environment = python_worker("irlens.llvm.worker", str(1 << 30))
    workers = Pool(command, 2, env=environment, idle_s=0.5, keep=1)
    others = Pool(command, 1, env=environment, idle_s=0.5)
    try:
        job = {"op": "version", "args": {}}
        for each in (workers, others):
            each.warm()
            each.run(job, b"", limit_s=30, cancel=None)
        wait_for(lambda: others.pids() == ())
        wait_for(lambda: len(workers.pids()) == 1)
        (kept,) = workers.pids()
        assert others.run(job, b"", limit_s=30, cancel=None).header["llvm"]  # a new one, started for it
        wait_for(lambda: others.pids() == ())
        assert workers.pids() == (kept,)
        assert (workers.replaced, others.replaced) == (0, 0)
    finally:
        workers.close()
        others.close()


def test_a_worker_with_a_job_does_not_end_as_idle() -> None:
    command, environment = python_worker("irlens.llvm.worker", str(1 << 30))
    workers = Pool(command, 1, env=environment, idle_s=0.05)
    try:
        long = (GOOD + "; more\n" * 3_000_000).encode()
        for _ in range(3):
            assert workers.run({"op": "parse", "args": {}}, long, limit_s=60, cancel=None).header["verified"]
        wait_for(lambda: workers.pids() == ())
    finally:
        workers.close()


def test_more_callers_than_workers_all_get_their_own_answer(llvm: LLVM) -> None:
    def ask(number: int) -> str:
        return llvm.outline(f"define i32 @n{number}() {{\n  ret i32 {number}\n}}\n").functions[0].name

    with ThreadPoolExecutor(12) as executor:
        assert list(executor.map(ask, range(60))) == [f"n{number}" for number in range(60)]


def test_a_worker_that_cannot_start_says_so_and_is_not_tried_for_ever() -> None:
    pool = Pool([sys.executable, "-c", "raise SystemExit('no llvmlite here')"], 1)
    with pytest.raises(WorkerDied) as died:
        pool.run({"op": "parse"}, b"", limit_s=5, cancel=None)
    assert not died.value.started
    assert "no llvmlite here" in died.value.stderr
    pool.close()


def test_a_worker_that_answers_nonsense_is_replaced_not_believed() -> None:
    nonsense = "import sys; sys.stdin.buffer.read(1); sys.stdout.buffer.write(b'x' * 64); sys.stdout.flush()"
    pool = Pool([sys.executable, "-c", nonsense], 1)
    with pytest.raises(WorkerDied):
        pool.run({"op": "parse"}, b"", limit_s=5, cancel=None)
    pool.close()


def test_the_working_directory_cannot_replace_the_workers_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "llvmlite.py").write_text("raise SystemExit('taken over')\n")
    (tmp_path / "irlens").mkdir()
    monkeypatch.chdir(tmp_path)
    with LLVM(workers=1) as llvm:
        assert llvm.parse(GOOD).verified


def test_a_stopped_worker_costs_its_limit_and_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """SIGSTOP while it waits: the job goes to another, for it had not begun. While it works: its time is over."""
    monkeypatch.setattr(pool, "TAKE_LIMIT_S", 0.5)
    with LLVM(workers=1) as llvm:
        assert llvm.parse(GOOD).verified
        (pid,) = llvm.worker_pids()
        os.kill(pid, signal.SIGSTOP)
        assert llvm.parse(GOOD).verified
        assert gone(pid)
        (pid,) = llvm.worker_pids()
        stopper = threading.Timer(0.2, os.kill, (pid, signal.SIGSTOP))
        stopper.start()
        with pytest.raises(LLVMStopped, match="timed out after 2 s"):
            llvm.lower(SLOW, timeout_s=2)
        stopper.join()
        wait_for(lambda: gone(pid))
        assert llvm.parse(GOOD).verified


def test_what_a_worker_started_ends_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """An assembler works in a copy of its worker, which must not go on alone, even if nobody told it so."""
    endless = ".rept 900000\n\tmovabsq $0x1234567890, %rax\n.endr\n"  # seconds
    with LLVM(workers=1, time_limit_s=60) as llvm:
        llvm.assemble("nop\n", "x86_64-unknown-linux-gnu")
        (worker,) = llvm._assembler().worker_pids()
        asking = threading.Thread(
            target=lambda: _ignoring(lambda: llvm.assemble(endless, "x86_64-unknown-linux-gnu"))
        )
        asking.start()
        wait_for(lambda: psutil.Process(worker).children())
        copies = [each.pid for each in psutil.Process(worker).children()]
        llvm.close()
        asking.join()
        wait_for(lambda: all(gone(pid) for pid in (worker, *copies)))


def _ignoring(call: Callable[[], object]) -> None:
    try:
        call()
    except (LLVMStopped, Cancelled):
        pass


@pytest.mark.parametrize(
    "says",
    [
        'for n in range(1000): write_frame(out, {"event": "began", "id": job["id"]}); time.sleep(0.05)',
        'write_frame(out, {"id": job["id"]}); time.sleep(60)',
        'write_frame(out, {"event": [], "id": job["id"]}); time.sleep(60)',
        'write_frame(out, {"event": "answer", "id": 999}); time.sleep(60)',
        'out.write(b"irL1" + b"\\xff" * 12); out.flush(); time.sleep(60)',
        'write_frame(out, {"event": "began", "id": job["id"]}); time.sleep(60)',
    ],
)
def test_a_worker_in_a_strangers_hands_ends_its_job_in_time(says: str) -> None:
    """Whatever it sends in place of an answer."""
    code = (
        "import sys, time\nfrom irlens.workers.wire import read_frame, write_frame\n"
        f"out = sys.stdout.buffer\njob, _ = read_frame(sys.stdin.buffer)\n{says}\n"
    )
    _, environment = python_worker("irlens")
    workers = Pool([sys.executable, "-c", code], 1, env=environment)
    try:
        with pytest.raises((WorkerDied, WorkerTimedOut)):
            workers.run({"op": "x"}, b"", limit_s=1.0, cancel=None)
    finally:
        workers.close()
