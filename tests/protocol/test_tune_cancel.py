"""A search that the user calls off: the compilation under way is the last one, and the server is free at once."""

from __future__ import annotations

import time

import pytest

from irlens.evals.bench import sample_ir
from irlens.lsp.server import IrlensServer
from support.conditions import wait_for
from support.memory_client import Json, MemoryClient
from support.scripted_backends import ScriptedBackends

URI = "file:///nowhere/long.ll"
MODULE = sample_ir(8000)
"""So long that the search would go on for some 25 seconds more."""
BOUND_S = 5.0
"""Ample for one compilation on a busy machine, and far less than the rest of the search."""
CAPABILITIES: Json = {"window": {"workDoneProgress": True}}


def searching(client: MemoryClient) -> Json | None:
    """The progress that says so, once the first lists are measured."""
    said = [
        params for params in client.all("$/progress") if " lists, best " in params["value"].get("message", "")
    ]
    return said[-1] if said else None


@pytest.mark.parametrize("by", ["the request's cancel", "the button of the progress bar"])
async def test_a_cancelled_search_ends_within_one_compilation(
    server: IrlensServer, backends: ScriptedBackends, by: str
) -> None:
    backends.fake.reply("none")
    async with MemoryClient(server) as client:
        await client.initialize(CAPABILITIES, initializationOptions={"settings": {"tune": {"background": 0}}})
        client.open(URI, MODULE)
        server.progress_table.least_gap_s = 0.0
        asked = client.send("irlens/tune", {"uri": URI, "workDoneToken": "mine"})
        await wait_for(lambda: searching(client), "the search", 60.0)
        started = time.monotonic()
        if by == "the request's cancel":
            client.notify("$/cancelRequest", {"id": asked})
        else:
            client.notify("window/workDoneProgress/cancel", {"token": "mine"})
        assert (await client.reply(asked))["error"]["code"] == -32800
        await wait_for(lambda: not server.work._running, "the end of the search's thread", BOUND_S)
        assert time.monotonic() - started < BOUND_S
        end = client.all("$/progress")[-1]
        assert end["value"] == {"kind": "end", "message": "cancelled"}
