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
