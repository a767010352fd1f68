"""The protocol's own rules: life cycle, exactly one reply, unreadable messages."""

from __future__ import annotations

import json
import logging
import threading

import pytest

from irlens.lsp import capabilities, diagnosis, handlers
from irlens.lsp.server import IrlensServer
from support.conditions import wait_for
from support.memory_client import MemoryClient
from support.texts import BROKEN_IR, IR

URI = "file:///w/a.ll"
HOVER = {"textDocument": {"uri": URI}, "position": {"line": 5, "character": 13}}


async def test_requests_before_initialize_are_refused(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        reply = await client.request("textDocument/hover", HOVER)
        assert reply["error"]["code"] == -32002
        client.open(URI, IR)  # a notification is left out without harm
        await client.initialize()
        assert (await client.request("textDocument/hover", HOVER))["result"] is None


async def test_a_second_initialize_is_refused(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        reply = await client.request("initialize", {"capabilities": {}})
        assert reply["error"]["code"] == -32600


async def test_requests_after_shutdown_are_refused_and_exit_is_clean(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        await client.request("shutdown", None)
        reply = await client.request("textDocument/hover", HOVER)
        assert reply["error"]["code"] == -32600
        client.notify("exit", None)
        assert await client.exit_code == 0


async def test_exit_without_shutdown_is_a_failure(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.notify("exit", None)
        assert await client.exit_code == 1


async def test_an_unknown_method_gets_an_error(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        assert (await client.request("textDocument/nonsense", {}))["error"]["code"] == -32601


@pytest.mark.parametrize(
    "params",
    [
        None,
        {},
        [],
        {"textDocument": 5, "position": None},
        {"textDocument": {"uri": URI}, "position": {"line": "x"}},
    ],
)
async def test_unreadable_parameters_get_an_error_and_the_server_goes_on(
    server: IrlensServer, params: object
) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        reply = await client.request("textDocument/hover", params)
        assert reply["error"]["code"] in (-32602, -32603)
        client.open(URI, BROKEN_IR)
        assert await client.diagnostics(URI)


async def test_what_is_not_json_gets_a_parse_error(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.raw(b'{"jsonrpc": "2.0", "id": ')
        refused = await client.message(lambda m: "error" in m and m["id"] is None)
        assert refused["error"]["code"] == -32700
        client.raw(b"\xff\xfe")
        client.raw(b"[]")
        client.raw(b'{"jsonrpc": "2.0"}')
        client.open(URI, BROKEN_IR)
        assert await client.diagnostics(URI)


async def test_an_unreadable_notification_is_survived(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.notify("textDocument/didOpen", {"textDocument": {"uri": 3}})
        client.notify("textDocument/didChange", {"textDocument": {"uri": URI}, "contentChanges": "?"})
        client.notify("$/cancelRequest", {"id": 12345})
        client.open(URI, BROKEN_IR)
        assert await client.diagnostics(URI)


async def test_a_handler_that_fails_costs_one_error(
    server: IrlensServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("an impossible state")

    monkeypatch.setattr("irlens.ide.symbols.symbols", fail)
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        reply = await client.request("textDocument/documentSymbol", {"textDocument": {"uri": URI}})
        assert "an impossible state" in reply["error"]["message"]
        monkeypatch.undo()
        reply = await client.request("textDocument/documentSymbol", {"textDocument": {"uri": URI}})
        assert [symbol["name"] for symbol in reply["result"]] == ["double", "caller"]


async def test_a_text_that_changed_is_no_error_in_the_log(
    server: IrlensServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Clients that ask for findings while somebody types get that answer all day."""
    looking, go_on = threading.Event(), threading.Event()

    def wait(*_: object) -> diagnosis.Look:
        looking.set()
        go_on.wait(20)
        return diagnosis.Look(())

    monkeypatch.setattr(diagnosis, "_find", wait)
    async with MemoryClient(server) as client:
        await client.initialize({"textDocument": {"diagnostic": {}}})
        client.open(URI, IR)
        asked = client.send("textDocument/diagnostic", {"textDocument": {"uri": URI}})
        await wait_for(looking.is_set)
        change = {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [{"text": IR}]}
        client.notify("textDocument/didChange", change)
        assert (await client.request("textDocument/hover", HOVER))["result"]
        go_on.set()
        assert (await client.reply(asked))["error"]["code"] == -32802
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING or record.exc_info]


def test_every_request_handler_is_announced() -> None:
    told = capabilities.initialize_result(
        {
            "capabilities": {
                "textDocument": {
                    "diagnostic": {},
                    "codeAction": {"dataSupport": True, "resolveSupport": {"properties": ["edit"]}},
                }
            }
        }
    )["capabilities"]
    provider_of = {
        "textDocument/hover": "hoverProvider",
        "textDocument/diagnostic": "diagnosticProvider",
        "textDocument/codeAction": "codeActionProvider",
        "textDocument/codeLens": "codeLensProvider",
        "textDocument/documentSymbol": "documentSymbolProvider",
        "textDocument/foldingRange": "foldingRangeProvider",
        "textDocument/definition": "definitionProvider",
        "textDocument/references": "referencesProvider",
    }
    served = {
        entry.method
        for entry in handlers.TABLE
        if entry.method.startswith("textDocument/") and not entry.method.startswith("textDocument/did")
    }
    assert served == set(provider_of)
    assert {provider_of[method] for method in served} <= set(told)
    assert told["codeActionProvider"]["resolveProvider"] is True


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["utf-8", "utf-16"], "utf-8"),
        (["utf-32", "utf-8"], "utf-32"),
        (["utf-7", "utf-16"], "utf-16"),
        ([], "utf-16"),
        (None, "utf-16"),
        ("utf-8", "utf-16"),
    ],
)
def test_the_clients_first_known_encoding_is_taken(offered: object, chosen: str) -> None:
    params = {"capabilities": {"general": {"positionEncodings": offered}}}
    result = capabilities.initialize_result(params)
    assert result["capabilities"]["positionEncoding"] == chosen
    assert json.loads(json.dumps(result)) == result
