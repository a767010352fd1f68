"""A text that takes long to read holds up no other document, is read once, and is given up with a word to the user."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from irlens.asm import demangled
from irlens.ide import symbols
from irlens.lsp import texts
from irlens.lsp.server import IrlensServer
from irlens.source.snapshot import DocumentSnapshot
from support.conditions import wait_for
from support.memory_client import Json, MemoryClient

TEXT = "\t.text\n\t.globl f\n\t.type f,@function\nf:\n\tmovl\t%edi, %eax\n\tretq\n\t.size f, .-f\n"
LARGE = TEXT + "# filled up\n" * (texts.MOST_INLINE // 10)
SLOW, OTHER = "file:///w/slow.s", "file:///w/other.s"
CALM = {"diagnostics": {"enabled": False}}


class Held:
    """Reading the document `SLOW` waits until `free` is set, unless the text says that it is quick."""

    def __init__(self) -> None:
        self.free = threading.Event()
        self.begun: list[int] = []

    def around(self, read: Callable[[DocumentSnapshot], Any]) -> Callable[[DocumentSnapshot], Any]:
        def reading(snapshot: DocumentSnapshot) -> Any:
            if snapshot.uri == SLOW and "quick" not in snapshot.text:
                self.begun.append(snapshot.version)
                assert self.free.wait(60)
            return read(snapshot)

        return reading


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    held = Held()
    monkeypatch.setattr(symbols, "_symbols", held.around(symbols._symbols))
    yield held
    held.free.set()


def of(uri: str) -> Json:
    return {"textDocument": {"uri": uri}}


def change(client: MemoryClient, version: int, text: str) -> None:
    document = {"uri": SLOW, "version": version}
    client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})


async def test_other_documents_go_on(server: IrlensServer, held: Held) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(initializationOptions=CALM)
        client.open(SLOW, LARGE, language="asm")
        client.open(OTHER, LARGE, language="asm")
        asked = client.send("textDocument/documentSymbol", of(SLOW))
        await wait_for(lambda: held.begun)
        reply = await client.request("textDocument/documentSymbol", of(OTHER))
        assert [each["name"] for each in reply["result"]] == ["f"]
        held.free.set()
        assert [each["name"] for each in (await client.reply(asked))["result"]] == ["f"]


async def test_a_document_takes_one_thread_however_often_it_changes(server: IrlensServer, held: Held) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(initializationOptions=CALM)
        client.open(OTHER, LARGE, language="asm")
        client.open(SLOW, LARGE, language="asm")
        asked = []
        for version in range(2, 10):
            change(client, version, LARGE + f"# {version}\n")
            asked.append(client.send("textDocument/documentSymbol", of(SLOW)))
        await wait_for(lambda: held.begun)
        reply = await client.request("textDocument/foldingRange", of(OTHER))
        assert len(reply["result"]) == 1
        assert len(held.begun) == 1
        held.free.set()
        for each in asked:
            await client.reply(each)


async def test_a_text_that_takes_too_long_is_given_up_until_it_changes(
    server: IrlensServer, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "LONGEST_S", 0.2)
    says = "slow.s: reading it takes more than 0.2 s, so irlens says nothing of this text until it changes."
    async with MemoryClient(server) as client:
        await client.initialize(initializationOptions={"lift": {"origin": "mechanical"}})
        client.open(SLOW, LARGE, language="asm")
        place = {"position": {"line": 3, "character": 0}, "context": {"includeDeclaration": True}}
        methods = ("documentSymbol", "foldingRange", "codeLens", "definition", "references", "hover")
        for asked in [client.send(f"textDocument/{each}", {**of(SLOW), **place}) for each in methods]:
            assert (await client.reply(asked))["result"] is None
        for method in methods:
            assert (await client.request(f"textDocument/{method}", {**of(SLOW), **place}))["result"] is None
        reply = await client.request("irlens/lift", {"uri": SLOW, "function": "f"})
        assert reply["error"]["message"] == says
        published = await client.notification("textDocument/publishDiagnostics")
        assert [each["message"] for each in published["diagnostics"]] == [f"Not checked: {says}"]
        shown = [each for each in client.received if each.get("method") == "window/showMessage"]
        assert [each["params"]["message"] for each in shown] == [f"irlens: {says}"]
        assert held.begun == [1]
        change(client, 2, LARGE + "# quick\n")
        held.free.set()
        reply = await client.request("textDocument/documentSymbol", of(SLOW))
        assert [each["name"] for each in reply["result"]] == ["f"]


async def test_a_text_is_read_once_for_all_who_ask(
    server: IrlensServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = threading.Event()
    begun: list[str] = []
    look = demangled.has_demangled

    def looking(lines: tuple[str, ...]) -> bool:
        begun.append(threading.current_thread().name)
        assert free.wait(60)
        return look(lines)

    monkeypatch.setattr(demangled, "has_demangled", looking)
    text = LARGE + "# read once\n"
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(SLOW, text, language="asm")
        asked = [
            client.send(f"textDocument/{each}", of(SLOW))
            for each in ("documentSymbol", "foldingRange", "codeLens")
        ]
        await wait_for(lambda: begun)
        for _ in range(20):
            await client.request("textDocument/documentSymbol", of("file:///w/nothing.s"))
        free.set()
        for each in asked:
            assert (await client.reply(each))["result"]
        await client.notification("textDocument/publishDiagnostics")
    assert len(begun) == 1, begun
