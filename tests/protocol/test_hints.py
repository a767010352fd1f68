"""Hints at functions that -Oz makes smaller: measured unasked for, once a text is left alone, and never in the way."""

from __future__ import annotations

import pytest

from irlens.ide.size_hints import MOST_LINES
from irlens.lsp import hints
from irlens.lsp.server import IrlensServer
from support.conditions import wait_for
from support.memory_client import Json, MemoryClient
from support.texts import BROKEN_IR, IR

URI = "file:///w/a.ll"
HINT = 4


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "REST_S", 0.0)


def hinted(client: MemoryClient) -> list[Json]:
    shown = client.all("textDocument/publishDiagnostics")
    return [found for found in (shown[-1]["diagnostics"] if shown else []) if found["severity"] == HINT]


async def test_a_function_that_could_be_smaller_is_marked_at_its_name(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        await wait_for(lambda: hinted(client))
        first = hinted(client)[0]
        start, end = first["range"]["start"], first["range"]["end"]
        assert IR.split("\n")[start["line"]][start["character"] : end["character"]] == "@double"
        now, _, after = first["message"].partition(" bytes, and ")
        assert int(now.split()[-1]) > int(after.split()[0])


async def test_the_hint_comes_with_quick_fixes(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(
            {
                "textDocument": {
                    "codeAction": {"dataSupport": True, "resolveSupport": {"properties": ["edit"]}}
                }
            }
        )
        client.open(URI, IR)
        await wait_for(lambda: hinted(client))
        shown = hinted(client)
        params: Json = {"textDocument": {"uri": URI}, "range": shown[0]["range"]}
        context: Json = {"diagnostics": shown[:1], "only": ["quickfix"]}
        fixes = (await client.request("textDocument/codeAction", {**params, "context": context}))["result"]
        assert [fix["title"] for fix in fixes] == ["Apply -Oz", "Optimise for size (checked)"]
        assert all(fix["diagnostics"] == shown[:1] for fix in fixes)
        # Each is offered once, whatever is asked for.
        both = (await client.request("textDocument/codeAction", {**params, "context": {"diagnostics": []}}))[
            "result"
        ]
        assert [fix["kind"] for fix in both] == ["quickfix", "quickfix"]


async def test_a_new_text_takes_its_hints_away(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        await wait_for(lambda: hinted(client))
        change = {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [{"text": BROKEN_IR}]}
        client.notify("textDocument/didChange", change)
        await wait_for(lambda: not hinted(client))
        assert server.known.smaller(URI) is None


async def test_a_client_that_pulls_is_asked_to_pull_again(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(
            {
                "textDocument": {"diagnostic": {}},
                "workspace": {"diagnostics": {"refreshSupport": True}},
            }
        )
        client.open(URI, IR)
        params = {"textDocument": {"uri": URI}}
        await client.request("textDocument/diagnostic", params)
        await wait_for(lambda: server.known.smaller(URI))
        await wait_for(
            lambda: [m for m in client.received if m.get("method") == "workspace/diagnostic/refresh"]
        )
        items = (await client.request("textDocument/diagnostic", params))["result"]["items"]
        assert HINT in [item["severity"] for item in items]


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        (IR, {"diagnostics": {"hints": False}}),
        (IR + "\n" * MOST_LINES, {}),
        (BROKEN_IR, {}),
    ],
    ids=["where the setting says so", "of a long module", "of a broken one"],
)
async def test_nothing_is_compiled_unasked_for(server: IrlensServer, text: str, settings: Json) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(initializationOptions={"settings": settings})
        client.open(URI, text)
        await client.diagnostics(URI)
        await client.request("textDocument/documentSymbol", {"textDocument": {"uri": URI}})
        assert ("hints", URI) not in server.latest
        assert server.known.smaller(URI) is None
