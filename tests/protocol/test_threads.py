"""Where the system starts no more threads, who asked is told so: the session is not ending."""

from __future__ import annotations

import asyncio

import pytest

from irlens.errors import UnusableInput
from irlens.lsp.work import Work


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("can't start new thread", UnusableInput),
        ("cannot schedule new futures after shutdown", asyncio.CancelledError),
    ],
)
async def test_who_asks_is_told(
    monkeypatch: pytest.MonkeyPatch, said: str, kind: type[BaseException]
) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError(said)

    monkeypatch.setattr("concurrent.futures.ThreadPoolExecutor.submit", refuse)
    work = Work()
    for _ in range(2):  # a turn is given on, too
        with pytest.raises(kind):
            await work.run("quick", lambda cancel: None, turn_of="one")
