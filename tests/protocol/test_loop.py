"""Nothing that a document holds keeps the loop from the next message: every request on long lines, and on many.

What is measured is processor time on the loop's own thread (`support.loop_watch`), so a busy machine makes no
difference. Findings of LLVM are left out of most of it: its workers are processes of their own.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from irlens.ide.symbols import MOST_SYMBOLS
from irlens.lsp.server import create_server
from irlens.source.positions import utf16_length
from support.loop_watch import LIMIT_S, LoopWatch
from support.memory_client import Json, MemoryClient
from support.scripted_backends import ScriptedBackends

MEGABYTE = 1_000_000
UNITS = [
    " ", "\t", ";", '"', "\\", "@", "%", "1", "(", "!", ",", "a", "-", ".", ":", "{", "}", "=", "#", "/", "é", "😀", "\ud83d",
    "@f ", "f, ", "%a,", '"a"', "a:", "\\22", 'c"', '@"', "x;-p=", "// ", "/*", "; RUN: opt -passes=", "dce,", "define @f(",
]  # fmt: skip
"""What a line is made of. Blanks and semicolons stopped everything for half a minute once."""
LINES = [
    "define void @f(){}", "define i32 @f(i32 %x) {", "}", "f:", "\t.type f,@function\nf:\n\tret", "",
    "; RUN: opt -passes=xyzzy %s", "; RUN: opt -passes=dce\\", "@f = global i32 0", "declare void @f()",
    "  call void @f()", "\tcall f", '"', "/*", "\t.text",
]  # fmt: skip
"""What a text of many lines is made of."""
CALM = {"diagnostics": {"enabled": False, "hints": False}, "hover": {"predict": False}}


def _in_a_function(language: str, line: str) -> tuple[str, int]:
    """A text with a function and the line in it; the number of the line."""
    if language == "llvm":
        return f"define i32 @f() {{\n  {line}\n  ret i32 0\n}}\n", 1
    return f"\t.text\n\t.type f,@function\nf:\n\t{line}\n\tret\n\t.size f, .-f\n", 3


async def _ask_everything(client: MemoryClient, uri: str, line: int, columns: list[int]) -> None:
    document: Json = {"textDocument": {"uri": uri}}
    for method in ("documentSymbol", "foldingRange", "codeLens", "diagnostic"):
        await client.request(f"textDocument/{method}", document)
    for column in columns:
        place = {"line": line, "character": column}
        for method in ("hover", "definition", "references"):
            more = {"position": place, "context": {"includeDeclaration": True}}
            await client.request(f"textDocument/{method}", {**document, **more})
        more = {"range": {"start": place, "end": place}, "context": {"diagnostics": []}}
        await client.request("textDocument/codeAction", {**document, **more})


async def _calm_client(backends: ScriptedBackends) -> MemoryClient:
    client = MemoryClient(create_server(backends=backends))
    await client.__aenter__()
    await client.initialize(initializationOptions=CALM)
    # What is imported and made ready once is not the text's.
    change = {"textDocument": {"uri": "file:///w/b.ll", "version": 2}, "contentChanges": [{"text": ""}]}
    client.open("file:///w/b.ll", "")
    client.notify("textDocument/didChange", change)
    await client.request("textDocument/hover", _nowhere())
    client.is_watched = True
    return client


def _nowhere() -> Json:
    return {"textDocument": {"uri": "file:///nowhere"}, "position": {"line": 0, "character": 0}}


def _uri(language: str) -> str:
    return f"file:///w/a.{'ll' if language == 'llvm' else 's'}"


@pytest.mark.parametrize("unit", UNITS, ids=ascii)
@pytest.mark.parametrize("language", ["llvm", "asm"])
async def test_a_long_line_holds_up_nothing(backends: ScriptedBackends, language: str, unit: str) -> None:
    uri = _uri(language)
    line = unit * (MEGABYTE // len(unit))
    client = await _calm_client(backends)
    text, number = _in_a_function(language, line)
    length = utf16_length(text.split("\n")[number])
    client.open(uri, text, language=language)
    await client.request("textDocument/hover", _nowhere())
    await _ask_everything(client, uri, number, [0, length // 2, length - 1])
    end = {"line": number, "character": length}
    for version in range(2, 5):
        change = {"range": {"start": end, "end": end}, "text": unit}
        params = {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]}
        client.notify("textDocument/didChange", params)
        await client.request("textDocument/hover", _nowhere())
    client.open(uri, line, language=language)  # and nothing but the line
    await _ask_everything(client, uri, 0, [0, length // 2])
    await client.__aexit__(None)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("language", ["llvm", "asm"])
async def test_many_lines_hold_up_nothing(backends: ScriptedBackends, language: str, line: str) -> None:
    uri = _uri(language)
    count = MEGABYTE // 10 // (len(line) + 1)
    client = await _calm_client(backends)
    client.open(uri, f"{line}\n" * count, language=language)
    await client.request("textDocument/hover", _nowhere())
    await _ask_everything(client, uri, count // 2, [0, len(line)])
    place = {"line": count // 2, "character": 0}
    changes = [{"range": {"start": place, "end": place}, "text": "x"}] * 500  # many cursors
    client.notify(
        "textDocument/didChange", {"textDocument": {"uri": uri, "version": 2}, "contentChanges": changes}
    )
    await client.request("textDocument/hover", _nowhere())
    await client.__aexit__(None)


async def test_references_are_found_in_proportion(backends: ScriptedBackends) -> None:
    """Each use was measured from the beginning of its line: 18 s for a line of a megabyte."""
    client = await _calm_client(backends)
    client.open(_uri("llvm"), "define void @f() {\n  " + "@f " * 300_000 + "é\n}\n")
    place = {"position": {"line": 0, "character": 13}, "context": {"includeDeclaration": True}}
    started = time.process_time()
    reply = await client.request("textDocument/references", {"textDocument": {"uri": _uri("llvm")}, **place})
    assert time.process_time() - started < 60 * LIMIT_S
    found = reply["result"]
    assert len(found) == 10_000
    assert found[0]["range"] == _range(0, 12, 14)
    assert found[-1]["range"] == _range(1, 2 + 3 * 9998, 2 + 3 * 9998 + 2)
    await client.__aexit__(None)


def _range(line: int, start: int, end: int) -> Json:
    return {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}


async def test_an_answer_from_a_text_that_is_gone_is_none(backends: ScriptedBackends) -> None:
    client = await _calm_client(backends)
    uri = _uri("llvm")
    client.open(uri, "define void @f() {}\n" * 10_000)
    asked = client.send("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
    change = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": "; nothing\n"}]}
    client.notify("textDocument/didChange", change)
    assert (await client.reply(asked))["error"]["code"] == -32801
    assert (await client.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}}))[
        "result"
    ] == []
    await client.__aexit__(None)


async def test_what_is_asked_meanwhile_is_answered_first(backends: ScriptedBackends) -> None:
    client = await _calm_client(backends)
    client.open(_uri("llvm"), "define void @f() {}\n" * 50_000)
    slow = client.send("textDocument/documentSymbol", {"textDocument": {"uri": _uri("llvm")}})
    quick = client.send("textDocument/hover", _nowhere())
    await client.reply(quick)
    replies = [message.get("id") for message in client.received]
    assert slow not in replies
    assert len((await client.reply(slow))["result"]) == MOST_SYMBOLS
    await client.__aexit__(None)


async def test_findings_of_a_long_line_hold_up_nothing(backends: ScriptedBackends) -> None:
    client = MemoryClient(create_server(backends=backends))
    async with client:
        await client.initialize()
        uri = _uri("llvm")
        client.open(uri, "; RUN: opt -passes=dce %s\n" + BROKEN)
        await client.diagnostics(uri)
        client.watch.take()
        client.is_watched = True
        seen = len(client.received)
        client.open(uri, "; RUN: opt -passes=xyzzy %s\n" * 4000 + BROKEN + "; " + "é;" * 300_000, version=2)
        found = await client.diagnostics(uri, after=seen)
        assert len(found) > 400
        await client.request("textDocument/hover", _nowhere())


BROKEN = "define i32 @f() {\n  ret i32 %nothing\n}\n"


async def test_the_watch_sees_what_holds_up_a_loop() -> None:
    def hold() -> None:
        until = time.thread_time() + 0.05
        while time.thread_time() < until:
            pass

    with LoopWatch() as watch:
        asyncio.get_running_loop().call_soon(hold)
        await asyncio.sleep(0.01)
        took, what = watch.take()
        assert took >= 0.05
        assert "hold" in what
        await asyncio.sleep(0)
        assert watch.take()[0] < 0.05


async def test_a_request_that_holds_up_the_loop_fails(
    backends: ScriptedBackends, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: Any) -> tuple[()]:
        until = time.thread_time() + 10 * LIMIT_S
        while time.thread_time() < until:
            pass
        return ()

    client = await _calm_client(backends)
    client.open(_uri("llvm"), BROKEN)
    monkeypatch.setattr("irlens.ide.symbols.symbols", slow)
    with pytest.raises(AssertionError, match="held up the loop"):
        await client.request("textDocument/documentSymbol", {"textDocument": {"uri": _uri("llvm")}})
    monkeypatch.undo()
    await client.__aexit__(None)
