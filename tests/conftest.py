"""For all tests: a shell starts what runs in the background with SIGINT ignored, and nohup with SIGHUP; children inherit
that, and tests send both to commands."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

os.environ.pop("PYTHONUNBUFFERED", None)  # with it, what a command leaves unwritten at its end is never seen


@pytest.fixture(scope="session", autouse=True)
def folders_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What irlens keeps is kept apart from what the user has, here and in every process that is started from here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IRLENS_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.setenv("IRLENS_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


_seconds: Counter[str] = Counter()
"""What the tests of each folder took, with their fixtures."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    began = time.monotonic()
    offline = os.environ.get("HF_HUB_OFFLINE")
    yield
    # An engine that a test loads into this process sets it, for a process that would have no other work; later tests
    # start programs that download.
    if offline is None:
        os.environ.pop("HF_HUB_OFFLINE", None)
    else:
        os.environ["HF_HUB_OFFLINE"] = offline
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    _seconds[folder] += time.monotonic() - began


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where the time went, for a suite that has to stay short."""
    if sum(_seconds.values()) >= 60:
        tiers = ", ".join(f"{folder} {seconds:.0f}" for folder, seconds in _seconds.most_common())
        terminalreporter.write_line(f"seconds: {tiers}")
