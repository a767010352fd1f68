"""Many files that change on disk at once: a branch was changed, or a client says so."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from irlens.lsp import disk
from irlens.lsp.disk import DiskChanges
from irlens.lsp.handlers import files
from irlens.lsp.server import IrlensServer
from support.conditions import wait_for
from support.loop_watch import LoopWatch, is_too_long
from support.memory_client import MemoryClient
from support.texts import BROKEN_IR, IR

MANY = 100_000


async def test_a_message_of_a_hundred_thousand_files_costs_a_bounded_number_of_looks(
    server: IrlensServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    known = tmp_path / "known.ll"
    known.write_text(BROKEN_IR)
    read: list[str] = []
    at_once = worst = 0
    look = files._look

    async def counted(server: IrlensServer, uri: str) -> None:
        nonlocal at_once, worst
        at_once += 1
        worst = max(worst, at_once)
        try:
            await look(server, uri)
        finally:
            at_once -= 1
            read.append(uri)

    monkeypatch.setattr(files, "_look", counted)
    async with MemoryClient(server) as client:
        await client.initialize()
        change = {"uri": known.as_uri(), "type": 2}
        client.notify("workspace/didChangeWatchedFiles", {"changes": [change]})
        assert await client.diagnostics(known.as_uri())
        known.write_text(IR)
        seen = len(client.received)
        read.clear()
        changes = [{"uri": f"file:///nowhere/{number}.ll", "type": 1} for number in range(MANY)]
        with LoopWatch() as watch, caplog.at_level(logging.WARNING):
            client.notify("workspace/didChangeWatchedFiles", {"changes": [*changes, *changes[:10], change]})
            assert await client.diagnostics(known.as_uri(), after=seen) == []
            await wait_for(lambda: "more than" in caplog.text)
        # The message itself is taken apart in one piece.
        assert not is_too_long(watch.worst_s / 20), watch.what
        assert len(server.latest._tasks) < 50
    assert len(read) == len(set(read)) == disk.MOST_WAITING + 1
    assert worst <= disk.AT_A_TIME
    assert caplog.text.count("more than") == 1
    assert f"{MANY - disk.MOST_WAITING} of them" in caplog.text


async def test_a_file_that_changes_again_waits_once_and_is_looked_at_after_its_last_change() -> None:
    looked: list[str] = []
    dropped: list[str] = []

    async def look(uri: str) -> None:
        looked.append(uri)

    changes = DiskChanges(
        lambda uri: asyncio.get_running_loop().create_task(look(uri)), dropped.append, lambda uri: False
    )
    changes.add(["slow"], lambda uri: 3600.0)
    changes.add(["slower"], lambda uri: 3600.0)
    for _ in range(5):
        changes.add(["a", "b", "a"], lambda uri: 0.01)
    await wait_for(lambda: len(looked) == 2)
    assert sorted(looked) == ["a", "b"]
    assert dropped.count("a") == 10
    assert len(changes) == 2
    changes.close()
    assert len(changes) == 0


async def test_what_is_said_of_closed_files_follows_one_rule(server: IrlensServer, tmp_path: Path) -> None:
    theirs, ours = tmp_path / "theirs.ll", tmp_path / "ours.ll"
    for file in (theirs, ours):
        file.write_text(BROKEN_IR)
    async with MemoryClient(server) as client:
        await client.initialize()
        event = lambda file: {"changes": [{"uri": file.as_uri(), "type": 2}]}  # noqa: E731
        # Changed by somebody else: shown, and after it was opened and closed again as well.
        client.notify("workspace/didChangeWatchedFiles", event(theirs))
        assert await client.diagnostics(theirs.as_uri())
        seen = len(client.received)
        client.open(theirs.as_uri(), BROKEN_IR)
        assert await client.diagnostics(theirs.as_uri(), after=seen)
        client.notify("textDocument/didClose", {"textDocument": {"uri": theirs.as_uri()}})
        # Saved by the editor and closed at once: the disk's event comes late, and nothing is shown any more.
        client.open(ours.as_uri(), BROKEN_IR)
        assert await client.diagnostics(ours.as_uri())
        client.notify("textDocument/didSave", {"textDocument": {"uri": ours.as_uri()}})
        client.notify("textDocument/didClose", {"textDocument": {"uri": ours.as_uri()}})
        client.notify("workspace/didChangeWatchedFiles", event(ours))

        def last(file: Path) -> list[object]:
            told = [p for p in client.all("textDocument/publishDiagnostics") if p["uri"] == file.as_uri()]
            return list(told[-1]["diagnostics"])

        await wait_for(lambda: last(theirs) and not last(ours) and not len(server.disk))
        await client.request("textDocument/documentSymbol", {"textDocument": {"uri": ours.as_uri()}})
        assert last(theirs)
        assert not last(ours)


async def test_a_link_that_leads_out_of_the_workspace_is_not_read(
    server: IrlensServer, tmp_path: Path
) -> None:
    """Who made the folder would choose which file of the user's is read and shown."""
    workspace, elsewhere = tmp_path / "workspace", tmp_path / "elsewhere"
    workspace.mkdir()
    elsewhere.mkdir()
    (elsewhere / "secret.ll").write_text(BROKEN_IR)
    (workspace / "own.ll").write_text(BROKEN_IR)
    (workspace / "out.ll").symlink_to(elsewhere / "secret.ll")
    (workspace / "folder").symlink_to(elsewhere)
    (workspace / "in.ll").symlink_to(workspace / "own.ll")
    names = ("out.ll", "folder/secret.ll", "in.ll", "own.ll")
    async with MemoryClient(server) as client:
        folders = [{"uri": workspace.as_uri(), "name": "workspace"}]
        await client.initialize(workspaceFolders=folders)
        changes = [{"uri": (workspace / name).as_uri(), "type": 1} for name in names]
        client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        for name in ("in.ll", "own.ll"):
            assert await client.diagnostics((workspace / name).as_uri())
        await wait_for(lambda: not server.latest._tasks)
        shown = {one["uri"] for one in client.all("textDocument/publishDiagnostics") if one["diagnostics"]}
        assert shown == {(workspace / name).as_uri() for name in ("in.ll", "own.ll")}
