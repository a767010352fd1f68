"""A search on a local cluster of real processes, one of them killed in the middle of it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from irlens import __version__
from irlens.errors import UnusableInput
from irlens.llvm.client import LLVM
from irlens.llvm.compilers import Compilers
from irlens.tuning.cache import Memory
from irlens.tuning.evaluation import Evaluation
from irlens.tuning.evaluator import Evaluator
from irlens.tuning.objective import Objective

pytest.importorskip("distributed")

from irlens.tuning import spread
from irlens.tuning.spread import Cluster, SpreadCompiler

IR = (Path(__file__).parents[2] / "examples/checksum.ll").read_text()
PASSES = (
    "sroa",
    "gvn",
    "instcombine<no-verify-fixpoint>",
    "simplifycfg",
    "early-cse",
    "dce",
    "reassociate",
    "adce",
)
LISTS = [f"function({one},{other})" for one in PASSES for other in PASSES]


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str], pattern: str) -> str:
    """The first group of the first line on stderr that has the pattern; the rest is read and forgotten."""
    assert process.stderr is not None
    for line in process.stderr:
        found = re.search(pattern, line)
        if found:
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return found[1]
    raise AssertionError("it ended without a word")


class Local:
    """A scheduler and two workers, each a process."""

    def __init__(self, folder: Path) -> None:
        self.scheduler = start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"
        )
        self.address = said(self.scheduler, r"Scheduler at:\s+(tcp://\S+)")
        self.workers = [
            start(
                "worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard",
                "--local-directory", str(folder / str(number)), "--name", str(number),
            )
            for number in range(2)
        ]  # fmt: skip
        for worker in self.workers:
            said(worker, r"Registered to:\s+(tcp://\S+)")

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            for child in (
                psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
            ):
                child.kill()
            process.kill()
            process.wait(timeout=30)


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Local]:
    cluster = Local(tmp_path)
    try:
        yield cluster
    finally:
        cluster.close()


class Counted(Memory):
    """Goes up when half of the lists are measured."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[str] = []
        self.half = threading.Event()

    def keep(self, scope: str, results: object) -> None:
        results = list(results)  # type: ignore[call-overload]
        self.kept += [each.passes for each in results]
        super().keep(scope, results)
        if len(self.kept) >= len(LISTS) // 2:
            self.half.set()


def in_batches(evaluator: Evaluator) -> list[Evaluation]:
    found: list[Evaluation] = []
    for at in range(0, len(LISTS), 8):
        found += evaluator.evaluate(LISTS[at : at + 8])
    return found


def test_a_killed_worker_changes_no_result_and_loses_none(local: Local) -> None:
    with LLVM() as llvm:
        compilers = Compilers(llvm, 2)
        alone = compilers.of(IR)
        here = Evaluator(IR, alone, Objective(), jobs=2)
        expected = in_batches(here)
        here.close()
        assert len({each.value for each in expected}) > 3, "the lists do differ"
        cluster = Cluster(local.address)
        cache = Counted()
        there = Evaluator(IR, SpreadCompiler(alone, cluster), Objective(), jobs=cluster.threads, cache=cache)
        try:
            with ThreadPoolExecutor(1) as thread:
                running = thread.submit(in_batches, there)
                assert cache.half.wait(60)
                os.kill(local.workers[0].pid, signal.SIGKILL)
                found = running.result(timeout=90)
            assert local.workers[0].wait(timeout=10) == -signal.SIGKILL
            assert cluster.threads == 1
        finally:
            there.close()
            cluster.close()
            compilers.close()
    assert found == expected
    assert sorted(cache.kept) == sorted(LISTS), "each list came back once"


def test_another_llvm_there_is_refused(local: Local) -> None:
    cluster = Cluster(local.address)
    try:
        with pytest.raises(UnusableInput, match=r"not LLVM 9\.9\.9.*Install the same LLVM"):
            cluster.measure("LLVM 9.9.9", IR.encode(), ["function(sroa)"], {}, None)
    finally:
        cluster.close()


def test_another_irlens_there_is_refused(local: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("irlens.tuning.spread.__version__", "99.0")
    with pytest.raises(UnusableInput, match=rf"has irlens {re.escape(__version__)}, not 99\.0"):
        Cluster(local.address)


def test_a_scheduler_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread, "CONNECT_S", 1.0)
    with pytest.raises(UnusableInput, match="no scheduler answers"):
        Cluster("tcp://127.0.0.1:1")
