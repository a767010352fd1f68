"""A change that cannot be made: the document is never out of step in silence, and its next whole text brings it back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from irlens.lsp.server import IrlensServer
from support.memory_client import Json, MemoryClient
from support.texts import ASM, BROKEN_IR, IR

URI = "file:///w/a.ll"
OTHER = "file:///w/b.s"
DOCUMENT = {"textDocument": {"uri": URI}}


def span(start_line: Any, start: Any, end_line: Any, end: Any) -> Json:
    return {"start": {"line": start_line, "character": start}, "end": {"line": end_line, "character": end}}


def change(client: MemoryClient, changes: Any, version: Any = 2, uri: Any = URI) -> None:
    params = {"textDocument": {"uri": uri, "version": version}, "contentChanges": changes}
    client.notify("textDocument/didChange", params)


async def told(client: MemoryClient, after: int = 0) -> str:
    params = await client.notification(
        "window/showMessage", lambda p: "out of step" in p["message"], after=after
    )
    return params["message"]


async def names(client: MemoryClient, uri: str = URI) -> list[str] | None:
    reply = await client.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
    return None if reply["result"] is None else [symbol["name"] for symbol in reply["result"]]


UNREADABLE: dict[str, Any] = {
    "a line of 2^31": [{"range": span(2**31, 0, 2**31, 0), "text": "x"}],
    "a column of 2^31": [{"range": span(0, 0, 0, 2**31), "text": "x"}],
    "a line of 10^400": [{"range": span(0, 0, 10**400, 0), "text": "x"}],
    "a negative line": [{"range": span(-1, 0, 0, 0), "text": "x"}],
    "half a line": [{"range": span(0.5, 0, 1, 0), "text": "x"}],
    "a line that is a text": [{"range": span("0", 0, 0, 0), "text": "x"}],
    "a line that is true": [{"range": span(True, 0, 1, 0), "text": "x"}],
    "no end": [{"range": {"start": {"line": 0, "character": 0}}, "text": "x"}],
    "a text that is a number": [{"range": span(0, 0, 0, 0), "text": 5}],
    "a text that is nothing": [{"text": None}],
    "no text": [{"range": span(0, 0, 0, 0)}],
    "a change that is a text": ["x"],
    "changes that are a text": "x",
    "no changes": None,
    "the end before the start": [{"range": span(3, 0, 2, 0), "text": "x"}],
    "a line beyond the text": [{"range": span(500, 0, 500, 0), "text": "x"}],
    "the second of two": [{"range": span(0, 0, 0, 0), "text": "x"}, {"range": span(500, 0, 500, 0), "text": ""}],
}  # fmt: skip


@pytest.mark.parametrize("changes", UNREADABLE.values(), ids=UNREADABLE)
async def test_after_it_nothing_is_said_of_the_old_text(server: IrlensServer, changes: Any) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, BROKEN_IR)
        client.open(OTHER, ASM, language="asm")
        assert await client.diagnostics(URI)
        seen = len(client.received)
        change(client, changes)
        message = await told(client)
        assert "a.ll" in message
        assert "Save the file, or close it and open it again" in message
        assert await client.diagnostics(URI, after=seen) == []
        assert await names(client) is None
        assert await names(client, OTHER) == ["double_it"]
        for method in ("hover", "definition", "references", "codeAction", "codeLens", "foldingRange"):
            place = {"position": {"line": 5, "character": 14}, "range": span(0, 0, 9, 0)}
            context = {"context": {"diagnostics": [], "includeDeclaration": True}}
            reply = await client.request(f"textDocument/{method}", {**DOCUMENT, **place, **context})
            assert reply["result"] is None, method
        assert (await client.request("textDocument/diagnostic", DOCUMENT))["result"]["items"] == []
        reply = await client.request("irlens/tune", {"uri": URI})
        assert "out of step" in reply["error"]["message"]
        # What follows is of a text that is not known either, and is no news.
        change(client, [{"range": span(0, 0, 0, 0), "text": "; x\n"}], 3)
        assert await names(client) is None
        assert len([m for m in client.all("window/showMessage") if "out of step" in m["message"]]) == 1


async def reopened(client: MemoryClient) -> None:
    client.notify("textDocument/didClose", DOCUMENT)
    client.open(URI, IR, version=9)


async def opened_again(client: MemoryClient) -> None:
    client.open(URI, IR, version=9)


async def saved(client: MemoryClient) -> None:
    client.notify("textDocument/didSave", {**DOCUMENT, "text": IR})


async def wholly_changed(client: MemoryClient) -> None:
    change(client, [{"text": IR}], 9)


async def changed_wholly_in_the_middle(client: MemoryClient) -> None:
    first, last = IR.index("\n"), {"range": span(0, 0, 0, 0), "text": IR[: IR.index("\n")]}
    change(client, [{"range": span(800, 0, 900, 0), "text": "?"}, {"text": IR[first:]}, last], 9)


@pytest.mark.parametrize(
    "come_back", [reopened, opened_again, saved, wholly_changed, changed_wholly_in_the_middle]
)
async def test_the_next_whole_text_brings_it_back(server: IrlensServer, come_back: Any) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, BROKEN_IR)
        assert await client.diagnostics(URI)
        change(client, [{"range": span(500, 0, 500, 0), "text": "x"}])
        await told(client)
        await come_back(client)
        assert await names(client) == ["double", "caller"]
        snapshot = server.documents.get(URI)
        assert snapshot is not None
        assert snapshot.text == IR
        seen = len(client.received)
        change(client, [{"range": span(0, 0, 0, 0), "text": BROKEN_IR + "\n"}], 10)
        assert await client.diagnostics(URI, after=seen)


async def test_a_save_without_the_text_does_not_bring_it_back(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        reply = await client.initialize()
        assert reply["result"]["capabilities"]["textDocumentSync"]["save"] == {"includeText": True}
        client.open(URI, IR)
        change(client, [{"range": span(500, 0, 500, 0), "text": "x"}])
        await told(client)
        for params in (DOCUMENT, {**DOCUMENT, "text": None}, {**DOCUMENT, "text": 5}):
            client.notify("textDocument/didSave", params)
            assert await names(client) is None


async def test_a_save_in_step_changes_nothing(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        client.notify("textDocument/didSave", {**DOCUMENT, "text": "; something else"})
        assert await names(client) == ["double", "caller"]


async def test_a_change_of_what_was_never_opened_is_told(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        for _ in range(3):
            change(client, [{"range": span(0, 0, 0, 0), "text": "x"}])
        change(client, [{"range": span(0, 0, 0, 0), "text": "x"}], uri="file:///w/notes.txt")
        assert "without having been opened" in await told(client)
        await names(client)
        assert len([m for m in client.all("window/showMessage") if "out of step" in m["message"]]) == 1
        assert "out of step" in (await client.request("irlens/tune", {"uri": URI}))["error"]["message"]
        change(client, [{"text": IR}])
        assert await names(client) == ["double", "caller"]


@pytest.mark.parametrize(
    "body",
    [
        '{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"a":' + "[" * 2000 + "]" * 2000 + "}}",
        '{"jsonrpc":"2.0","method":"textDocument\\/didChange","params":{"textDocument":NaN}}',
        '{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":5}}}',
        '{"jsonrpc":"2.0","method":"textDocument/didChange","params":[]}',
    ],
)
async def test_a_change_of_nobody_knows_what_may_be_of_any_document(server: IrlensServer, body: str) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        client.open(OTHER, ASM, language="asm")
        assert await names(client)
        client.raw(body.encode())
        assert "and 1 more" in await told(client)
        assert await names(client) is None
        assert await names(client, OTHER) is None
        client.open(OTHER, ASM, language="asm")
        assert await names(client, OTHER) == ["double_it"]


async def test_an_opening_that_cannot_be_read_is_told(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        document = {"uri": URI, "languageId": "llvm", "version": 1, "text": 5}
        client.notify("textDocument/didOpen", {"textDocument": document})
        assert "text is no text" in await told(client)


async def test_a_client_that_pulls_is_asked_to_pull_anew(server: IrlensServer) -> None:
    capabilities = {
        "textDocument": {"diagnostic": {}},
        "workspace": {"diagnostics": {"refreshSupport": True}},
    }
    async with MemoryClient(server, {"workspace/diagnostic/refresh": None}) as client:
        await client.initialize(capabilities)
        client.open(URI, BROKEN_IR)
        assert (await client.request("textDocument/diagnostic", DOCUMENT))["result"]["items"]
        seen = len(client.received)
        change(client, [{"range": span(500, 0, 500, 0), "text": "x"}])
        await client.message(lambda m: m.get("method") == "workspace/diagnostic/refresh", after=seen)
        assert (await client.request("textDocument/diagnostic", DOCUMENT))["result"]["items"] == []


async def test_the_end_of_the_text_and_of_a_line_may_be_said_loosely(server: IrlensServer) -> None:
    """LSP has a column past the end mean the end, and editors say the line after the last for the end of all."""
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        end = IR.count("\n") + 1
        change(client, [{"range": span(0, 2**31 - 1, 0, 2**31 - 1), "text": " ; x"}])
        change(client, [{"range": span(0.0, 0, end, 0), "text": IR}], 3.0)
        assert await names(client) == ["double", "caller"]
        assert not [m for m in client.all("window/showMessage") if "out of step" in m["message"]]
        snapshot = server.documents.get(URI)
        assert snapshot is not None
        assert snapshot.text == IR


async def test_a_look_at_the_text_before_it_comes_to_nothing(server: IrlensServer) -> None:
    """The same number of a version does not make it the same text."""
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, BROKEN_IR, version=1)
        change(client, [{"range": span(500, 0, 500, 0), "text": "x"}], 1)
        seen = len(client.received)
        client.open(URI, IR, version=1)
        await client.diagnostics(URI, after=seen)
        await names(client)
        late = [m for m in client.received[seen:] if m.get("method") == "textDocument/publishDiagnostics"]
        assert not any(found["severity"] == 1 for m in late for found in m["params"]["diagnostics"]), (
            json.dumps(late)
        )
