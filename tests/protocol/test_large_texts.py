"""Large texts keep nobody else waiting: what is looked for in them is looked for away from the loop."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from irlens.ide import symbols
from irlens.lsp import texts
from irlens.lsp.server import IrlensServer
from support.conditions import wait_for
from support.memory_client import MemoryClient

LARGE = {
    "file:///w/a.ll": "define i32 @f(i32 %x) {\n  ret i32 %x\n}\n"
    + "; filled up\n" * (texts.MOST_INLINE // 10),
    "file:///w/a.s": "\t.text\n\t.globl f\nf:\n\tret\n" + "# filled up\n" * (texts.MOST_INLINE // 10),
}
ASKED: list[tuple[str, str, Any]] = [
    ("file:///w/a.ll", "irlens/predict", {"passes": "dce", "function": "nobody"}),
    ("file:///w/a.ll", "irlens/steps", {"passes": "dce", "function": "nobody"}),
    ("file:///w/a.s", "irlens/lift", {"function": "nobody"}),
    ("file:///w/a.s", "workspace/executeCommand", "irlens.lift"),
    ("file:///w/a.ll", "workspace/executeCommand", "irlens.applyHere"),
]


@pytest.mark.parametrize(("uri", "method", "params"), ASKED)
async def test_the_function_that_is_meant_is_not_looked_for_on_the_loop(
    server: IrlensServer, monkeypatch: pytest.MonkeyPatch, uri: str, method: str, params: Any
) -> None:
    threads = []
    find = symbols.symbols

    def watched(snapshot: Any) -> Any:
        threads.append(threading.current_thread())
        return find(snapshot)

    monkeypatch.setattr(symbols, "symbols", watched)
    async with MemoryClient(server) as client:
        await client.initialize(
            initializationOptions={"diagnostics": {"enabled": False}, "lift": {"origin": "mechanical"}}
        )
        client.open(uri, LARGE[uri], language="asm" if uri.endswith(".s") else "llvm")
        if method == "workspace/executeCommand":
            await client.request(
                method, {"command": params, "arguments": [{"uri": uri, "function": "nobody"}]}
            )
            await client.notification("window/showMessage")
        else:
            await client.request(method, {"uri": uri, **params})
        await wait_for(lambda: not server.jobs)
    assert threads
    assert threading.main_thread() not in threads


@pytest.mark.parametrize("method", ["textDocument/documentSymbol", "textDocument/foldingRange"])
@pytest.mark.parametrize("is_hierarchical", [True, False])
async def test_of_a_long_answer_a_part_is_made_at_a_time(
    server: IrlensServer, monkeypatch: pytest.MonkeyPatch, method: str, is_hierarchical: bool
) -> None:
    written: list[int] = []
    write = server.protocol.written

    def watched(data: Any) -> str:
        if isinstance(data, list):
            written.append(len(data))
        return write(data)

    monkeypatch.setattr(server.protocol, "written", watched)
    count = 3 * texts.AT_A_TIME + 7
    text = "".join(f"define i32 @f{number}() {{\n  ret i32 {number}\n}}\n" for number in range(count))
    assert len(text) > texts.MOST_INLINE
    symbol = {"hierarchicalDocumentSymbolSupport": is_hierarchical}
    async with MemoryClient(server) as client:
        await client.initialize({"textDocument": {"documentSymbol": symbol}})
        client.open("file:///w/a.ll", text)
        reply = await client.request(method, {"textDocument": {"uri": "file:///w/a.ll"}})
        assert len(reply["result"]) == count
        client.open("file:///w/b.ll", "; nothing\n" * texts.MOST_INLINE)
        reply = await client.request(method, {"textDocument": {"uri": "file:///w/b.ll"}})
        assert reply["result"] == []
        client.open("file:///w/c.ll", text[: text.index("define", 9)])
        reply = await client.request(method, {"textDocument": {"uri": "file:///w/c.ll"}})
        assert len(reply["result"]) == 1
    assert written.count(texts.AT_A_TIME) == 3
    assert max(written) == texts.AT_A_TIME
