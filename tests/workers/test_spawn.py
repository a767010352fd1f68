"""Children end with the process that started them, stopped ones too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import psutil
import pytest

from irlens.confinement import environment
from irlens.workers.pool import Pool
from irlens.workers.spawn import spawn
from support.conditions import wait_until

PARENT = """
import sys, threading
from irlens.llvm.client import LLVM
from irlens.model.client import Model, embedded_model_path
llvm, model = LLVM(workers=1), Model(embedded_model_path())
def begin():  # from a thread that ends at once
    llvm.versions()
    model.load()
thread = threading.Thread(target=begin)
thread.start()
thread.join()
llvm.versions()
print(*llvm.worker_pids(), model.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel does it on Linux alone")
def test_a_stopped_child_ends_with_its_killed_parent() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment.python(),
    ) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        parent.kill()
    wait_until(lambda: not any(_lives(pid) for pid in pids), "the end of the children")


def test_what_cannot_be_started_is_told_to_who_asked() -> None:
    told: list[OSError] = []

    def ask() -> None:
        try:
            spawn(["/no/such/program"])
        except OSError as error:
            told.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    asking.join()
    assert isinstance(told[0], FileNotFoundError)


def test_one_that_ends_unwatched_is_no_zombie_for_long() -> None:
    child = spawn(["/bin/true"])
    wait_until(lambda: not psutil.pid_exists(child.pid), "its number to be free")


# Stopped as it starts, before it could ask the kernel to end with its parent, which ends in order.
STARTS_ONE = """
import os, signal, subprocess, sys
from irlens.workers.pool import Pool
from irlens.workers.spawn import spawn
child = spawn([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True,
              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
os.kill(child.pid, signal.SIGSTOP)
print(child.pid, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="stops a process with a signal")
def test_a_child_that_was_stopped_as_it_started_ends_with_its_parent() -> None:
    ran = subprocess.run([sys.executable, "-c", STARTS_ONE], capture_output=True, text=True, check=True)
    pid = int(ran.stdout)
    try:
        wait_until(lambda: not _lives(pid), "the end of the child")
    finally:
        if _lives(pid):
            os.kill(pid, signal.SIGKILL)


# A worker that starts one, which is stopped before it could ask for anything; then the worker itself is killed.
WORKER = """
import os, signal, subprocess, sys
from irlens.workers.serve import serve
from irlens.workers.spawn import group, share_group, spawn
share_group()
def start(block):
    child = spawn([sys.executable, "-c", "import time; time.sleep(600)"], stdout=subprocess.DEVNULL,
                  stderr=subprocess.DEVNULL, **group())
    os.kill(child.pid, signal.SIGSTOP)
    return {"pid": child.pid}, b""
serve(lambda: {"start": start})
"""


@pytest.mark.skipif(sys.platform == "win32", reason="stops a process with a signal")
@pytest.mark.parametrize("end", ["killed", "closed"])
def test_what_a_worker_started_and_was_stopped_at_once_ends_with_it(end: str) -> None:
    pool = Pool((sys.executable, "-c", WORKER), 1, env=environment.python())
    pid = pool.run({"op": "start", "args": {}}, b"", limit_s=60, cancel=None).header["pid"]
    try:
        assert _lives(pid)
        if end == "killed":
            os.kill(pool.pids()[0], signal.SIGKILL)
        pool.close()
        wait_until(lambda: not _lives(pid), "the end of the worker's child")
    finally:
        pool.close()
        if _lives(pid):
            os.kill(pid, signal.SIGKILL)


def test_the_end_waits_for_nobody() -> None:
    """It took the whole of the longest wait, for each command."""
    code = (
        "from irlens.workers import spawn\nspawn._LAST_WAIT_S = 600\nspawn.spawn(['sleep', '600']).poll()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
