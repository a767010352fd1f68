"""For all tests: a shell starts what runs in the background with SIGINT ignored, and children inherit that; tests send
it to commands."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def folders_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What irlens keeps is kept apart from what the user has, here and in every process that is started from here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IRLENS_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.setenv("IRLENS_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield
