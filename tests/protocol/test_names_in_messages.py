"""Files whose functions are called what does harm where names are shown unescaped: every text that the server sends is
looked at, whatever the message."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import pytest

from irlens.escape import label
from irlens.ide.symbols import meant
from irlens.lsp import main
from irlens.lsp.server import IrlensServer
from irlens.source.snapshot import DocumentSnapshot
from support import hostile
from support.conditions import wait_for
from support.memory_client import Json, MemoryClient
from support.scripted_backends import ScriptedBackends

URI, ASM_URI = "file:///w/a%20%28b%29.ll", "file:///w/a.s"
MODEL = "m](command:x) ![i](https://evil.example) `\x1b]0;t\x07\n$(alert)"
RUN = "; RUN: opt -passes=instcombine -S %s\n\n"
CAPABILITIES: Json = {
    "textDocument": {
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}},
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        },
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
    },
    "workspace": {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]}},
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
}

TO_USE = {"uri", "ir", "newText", "passes", "path", "token", "resultId", "jsonrpc", "method", "version"}
"""Keys of what is no text to read. IR and edits are files' contents."""


@pytest.fixture
def backends(backends: ScriptedBackends) -> ScriptedBackends:
    backends.fake.name = MODEL
    return backends


def problems(message: Any) -> list[str]:
    """What is wrong in any text of a message."""
    found = []
    for at, text in hostile.texts_of(message):
        key = re.sub(r"\[\d+\]$", "", at).rpartition(".")[2]
        if key in TO_USE:
            continue
        if at.endswith("contents.value") or key == "evidence":
            bad = markdown_problems(text)
        elif key in ("text", "message") and "\n" in text:  # a head and IR, or a diagnostic of several lines
            bad = [f"U+{ord(character):04X}" for character in hostile.unseen(text, kept="\n\t")]
            bad += [] if ".candidates" in at else hostile.acts(re.sub(r"[\n\t]", " ", text))
        else:
            bad = hostile.acts(text)
        found += [f"{at}: {what}: {text!r}" for what in bad]
    return found


def markdown_problems(text: str) -> list[str]:
    """A whole hover or the evidence of a lift: blocks of code and the marks of ours are taken away first."""
    found = [f"U+{ord(character):04X}" for character in hostile.unseen(text, kept="\n\t")]
    text = re.sub(r"(?ms)^(`{3,})\w*$.*?^\1$", "", text)
    for line in text.split("\n"):
        cells = line.strip("|").split("|") if line.startswith("|") else [line]
        if line.startswith("|"):
            assert len(cells) in (2, 3, 4), line
        for cell in cells:
            cell = re.sub(r"^#{1,6} |\*\*", "", cell.strip())
            found += [] if set(cell) <= {"-"} else hostile.active_markdown(cell)
    return found


async def ask(client: MemoryClient, method: str, uri: str, **params: Any) -> Json:
    return await client.request(method, {"textDocument": {"uri": uri}, **params})


async def hover_all(client: MemoryClient, uri: str, text: str) -> int:
    """Hover the first name of each line that has one; how many hovers there were."""
    seen = 0
    for line, content in enumerate(text.split("\n")):
        if content.startswith(("define", "; RUN", '"')):
            place = {"line": line, "character": 24 if content[0] == ";" else 3}
            reply = await ask(client, "textDocument/hover", uri, position=place)
            seen += reply["result"] is not None
    return seen


async def everything(client: MemoryClient, uri: str, text: str) -> list[Json]:
    """The symbols, after all that an editor asks for unasked."""
    symbols = (await ask(client, "textDocument/documentSymbol", uri))["result"]
    await ask(client, "textDocument/codeLens", uri)
    last = text.count("\n")
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": last, "character": 0}}
    await ask(client, "textDocument/codeAction", uri, range=whole, context={"diagnostics": []})
    for symbol in symbols:
        await ask(client, "textDocument/codeAction", uri, range=symbol["range"], context={"diagnostics": []})
    return symbols


def check(client: MemoryClient) -> None:
    found = [problem for message in client.received for problem in problems(message)]
    assert found == []


def test_the_walker_sees_what_is_wrong() -> None:
    for bad in ("a\nb", "\x1b[0m", "[a](command:b)", "$(alert)", "\u202e"):
        assert problems({"params": {"title": bad}}), bad
    for bad in (
        "![i](https://e.example)",
        "<img src=x>",
        "**`a``**",
        "# a *b*",
        "| a | b | c |\n|`|x|y|z|",
        "a https://e.example",
    ):
        try:
            assert problems({"result": {"contents": {"value": bad}}}), bad
        except AssertionError:
            assert bad.startswith("|")
    assert problems({"result": {"contents": {"value": "# `a`: ok\n\n**`b`** is\n\n```\n![a](b)\n```"}}}) == []


async def test_a_module(server: IrlensServer, backends: ScriptedBackends) -> None:
    names = tuple(name for name in hostile.NAMES if name)
    text = RUN + hostile.ir_module(names)
    for _ in range(60):
        backends.fake.reply("3 7")
    async with MemoryClient(server) as client:
        await client.initialize(CAPABILITIES)
        client.open(URI, text)
        assert await client.diagnostics(URI) == [], "the module is one"
        await wait_for(lambda: server.known.sizes(URI).stage == "known")
        assert await hover_all(client, URI, text) > len(names)
        await wait_for(lambda: server.known.effect(URI, "instcombine").predicted == "known")
        await wait_for(lambda: server.known.tuned.get(URI))
        await hover_all(client, URI, text)
        symbols = await everything(client, URI, text)
        assert len(symbols) == len(names)
        assert all(symbol["name"].strip() for symbol in symbols)
        for symbol in symbols:
            for method, more in (("irlens/predict", {}), ("irlens/steps", {})):
                params = {"uri": URI, "passes": "instcombine", "function": symbol["name"], **more}
                reply = await client.request(method, params)
                shown = (
                    reply["result"]["functions"][0]["name"]
                    if method == "irlens/predict"
                    else reply["result"]["function"]
                )
                assert shown == symbol["name"], "what is shown names the function"
        await client.request("irlens/models", None)
        arguments = [{"uri": URI, "function": symbols[0]["name"]}]
        await client.request(
            "workspace/executeCommand", {"command": "irlens.applyHere", "arguments": arguments}
        )
        await wait_for(lambda: client.all("window/showMessage"))
        check(client)


async def test_assembly(server: IrlensServer, backends: ScriptedBackends) -> None:
    text = hostile.asm_module()
    for _ in range(100):
        backends.fake.reply("define i32 @f() { this is no IR ](command:x) \x1b[31m")
    async with MemoryClient(
        server, {"workspace/applyEdit": {"applied": True}, "window/showDocument": {"success": True}}
    ) as client:
        await client.initialize(CAPABILITIES)
        client.open(ASM_URI, text, language="asm")
        await client.diagnostics(ASM_URI)
        symbols = await everything(client, ASM_URI, text)
        assert len(symbols) >= 8
        lifted = 0
        for symbol in symbols:
            reply = await client.request("irlens/lift", {"uri": ASM_URI, "function": symbol["name"]})
            if "result" in reply:
                lifted += 1
                assert reply["result"]["function"] == symbol["name"]
                name = reply["result"]["fileName"]
                assert re.fullmatch(r"a\.[\w$@][\w.$@-]*\.ll", name)
                for candidate in reply["result"]["candidates"]:
                    head = candidate["text"].partition("\n\n")[0]
                    assert all(line.startswith(";") for line in head.split("\n")), head
        assert lifted
        assert await hover_all(client, ASM_URI, text) >= len(symbols)
        params = {"command": "irlens.lift", "arguments": [{"uri": ASM_URI, "function": symbols[0]["name"]}]}
        await client.request("workspace/executeCommand", params)
        await wait_for(lambda: not server.jobs)
        check(client)


async def test_a_client_that_shows_no_markdown(server: IrlensServer) -> None:
    name = "a`b|*c*"
    async with MemoryClient(server) as client:
        await client.initialize({"textDocument": {"hover": {"contentFormat": ["plaintext"]}}})
        text = hostile.ir_module((name,))
        client.open(URI, text)
        reply = await ask(client, "textDocument/hover", URI, position={"line": 0, "character": 3})
        assert reply["result"]["contents"]["kind"] == "plaintext"
        assert reply["result"]["contents"]["value"].startswith(f"@{name}: ")


async def test_a_broken_module(server: IrlensServer) -> None:
    """LLVM repeats names in what it says."""
    names = tuple(name for name in hostile.NAMES if name)
    text = hostile.ir_module(names) + hostile.ir_module(names)
    async with MemoryClient(server) as client:
        await client.initialize(CAPABILITIES)
        client.open(URI, text)
        assert await client.diagnostics(URI)
        for name in hostile.NAMES:
            await client.request("irlens/lift", {"uri": URI, "function": name or "x"})
            await client.request("irlens/predict", {"uri": URI, "passes": name or "x", "function": name})
            await client.request("irlens/steps", {"uri": URI, "passes": "gvn", "function": name or "x"})
            await client.request("irlens/useModel", {"name": name or "x", "tasks": None})
            arguments = [{"uri": URI, "function": name or "x", "passes": name or "x"}]
            for command in ("irlens.lift", "irlens.applyHere", "irlens.applyList", "irlens.copy"):
                given: list[Any] = [name] if command == "irlens.copy" else arguments
                await client.request("workspace/executeCommand", {"command": command, "arguments": given})
        await wait_for(lambda: not server.jobs)
        check(client)


def test_a_record_is_one_line_of_the_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    root = logging.getLogger()
    before = list(root.handlers)
    try:
        main._log(str(log))
        logging.getLogger("irlens.test").warning("about %s", "a\n2026-01-01 INFO irlens: forged\x1b[2J\u202e")
        try:
            raise ValueError("b\n2026-01-01 INFO irlens: forged\x1b[2J")
        except ValueError:
            logging.getLogger("irlens.test").exception("it failed")
    finally:
        for handler in [handler for handler in root.handlers if handler not in before]:
            root.removeHandler(handler)
            handler.close()
    lines = log.read_text(encoding="utf-8").split("\n")
    assert [line for line in lines if line.startswith("2026-01-01 INFO")] == []
    assert hostile.unseen("".join(lines)) == []
    assert lines[0].endswith("about a\\0A2026-01-01 INFO irlens: forged\\1B[2J\\u202E")


def test_a_label_means_the_function_that_was_shown(server: IrlensServer) -> None:
    names = tuple(name for name in hostile.NAMES if name)
    snapshot = DocumentSnapshot(URI, 1, "llvm", hostile.ir_module(names))
    assert [meant(snapshot, label(name)) for name in names] == list(names)
    assert [meant(snapshot, name) for name in names] == list(names)
    assert meant(snapshot, "not there") == "not there"
