"""Hovers: what is known now, what is on its way, what is measured and what only predicted."""

from __future__ import annotations

import re
import threading
import time

import pytest

from irlens.errors import ModelUnavailable
from irlens.lsp import facts
from irlens.lsp.server import IrlensServer
from support.conditions import wait_for
from support.memory_client import MemoryClient
from support.scripted_backends import ScriptedBackends
from support.texts import ASM, IR, LIFTED

URI = "file:///w/a.ll"
ASM_URI = "file:///w/a.s"
PASS_PLACE = (1, 24)
"""In `instcombine` of IR's RUN line."""


async def hover(client: MemoryClient, uri: str, line: int, character: int) -> str:
    place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
    result = (await client.request("textDocument/hover", place))["result"]
    return "" if result is None else result["contents"]["value"]


async def test_a_function_of_ir_shows_what_llvm_measured(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        await client.diagnostics(URI)
        await wait_for(lambda: server.known.sizes(URI).stage == "known")
        for place in ((5, 14), (5, 0), (15, 18)):  # the name, its define line, a call
            text = await hover(client, URI, *place)
            assert text.startswith("**`@double`**: 5 instructions, ")
            assert re.search(r"\d+ bytes \(measured by (LLVM|opt) [\d.]+", text), "it says which LLVM"
        assert await hover(client, URI, 7, 4) == ""


async def test_a_function_of_assembly_shows_size_and_the_last_lift(
    server: IrlensServer, backends: ScriptedBackends
) -> None:
    backends.fake.reply(LIFTED)
    answers = {"workspace/applyEdit": {"applied": True}}
    async with MemoryClient(server, answers) as client:
        await client.initialize()
        client.open(ASM_URI, ASM, language="asm")
        await hover(client, ASM_URI, 3, 2)
        await wait_for(lambda: server.known.sizes(ASM_URI).stage == "known")
        text = await hover(client, ASM_URI, 3, 2)
        assert text.startswith("**`double_it`**: 2 instructions, 4 bytes")
        arguments = [{"uri": ASM_URI, "function": "double_it"}]
        await client.request("workspace/executeCommand", {"command": "irlens.lift", "arguments": arguments})
        await wait_for(lambda: server.known.lifts)
        assert "Last lift, by scripted: round-trips" in await hover(client, ASM_URI, 3, 2)
        new = [{"text": ASM.replace("leal", "leaq").replace("%eax", "%rax")}]
        document = {"uri": ASM_URI, "version": 2}
        client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": new})
        assert "(of an earlier text of this function)" in await hover(client, ASM_URI, 3, 2)


async def test_a_pass_is_explained_measured_and_predicted_in_columns_of_their_own(
    server: IrlensServer, backends: ScriptedBackends
) -> None:
    backends.fake.reply("3 7").reply("2 9")
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        await hover(client, URI, *PASS_PLACE)
        await wait_for(lambda: server.known.effect(URI, "instcombine").predicted == "known")
        text = await hover(client, URI, *PASS_PLACE)
        assert text.startswith("**`instcombine`** · function pass")
        rows = {
            cells[1].strip(): [cell.strip() for cell in cells[2:5]]
            for line in text.splitlines()
            if line.startswith("| `") and (cells := line.split("|"))
        }
        assert "| function | before | predicted after | measured after |" in text
        assert rows["`double`"][1] == "3 instr., 7 B"
        assert rows["`caller`"][1] == "2 instr., 9 B"
        assert rows["`double`"][2].startswith("5 instr., ") or rows["`double`"][2].startswith("2 instr., ")
        assert "Predicted: scripted, a model, not checked." in text
        assert backends.fake.left == 0


async def test_the_first_answer_does_not_wait_for_the_model(
    server: IrlensServer, backends: ScriptedBackends
) -> None:
    gate = threading.Event()
    backends.fake.reply("3 7", hold=gate).reply("2 9")
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        await client.diagnostics(URI)
        started = time.monotonic()
        text = await hover(client, URI, *PASS_PLACE)
        assert time.monotonic() - started < 3  # the model would hold it for ever
        assert text
        await wait_for(lambda: server.known.effect(URI, "instcombine").measured == "known")
        text = await hover(client, URI, *PASS_PLACE)
        assert text.count("predicting…") == 1
        assert "Predicted" not in text
        assert "instr." in text
        gate.set()
        await wait_for(lambda: server.known.effect(URI, "instcombine").predicted == "known")
        assert "predicting…" not in await hover(client, URI, *PASS_PLACE)


async def test_a_missing_model_leaves_what_llvm_measured(
    server: IrlensServer, backends: ScriptedBackends
) -> None:
    for _ in range(2):
        backends.fake.fail(ModelUnavailable("There is no model. Give one with --model."))
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        await hover(client, URI, *PASS_PLACE)
        await wait_for(lambda: server.known.effect(URI, "instcombine").predicted == "known")
        text = await hover(client, URI, *PASS_PLACE)
        assert "No prediction: There is no model. Give one with --model." in text
        assert "Measured: " in text
        assert "Predicted: " not in text


async def test_a_lift_goes_before_predictions(server: IrlensServer, backends: ScriptedBackends) -> None:
    backends.fake.reply("3 7", hold=threading.Event()).reply(LIFTED)
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        client.open(ASM_URI, ASM, language="asm")
        await hover(client, URI, *PASS_PLACE)
        await wait_for(backends.fake.started.is_set)
        arguments = [{"uri": ASM_URI, "function": "double_it"}]
        await client.request("workspace/executeCommand", {"command": "irlens.lift", "arguments": arguments})
        await wait_for(lambda: (ASM_URI, "double_it") in server.known.lifts)
        assert server.known.effect(URI, "instcombine").predicted == "not asked"


async def test_an_edit_calls_the_prediction_off(server: IrlensServer, backends: ScriptedBackends) -> None:
    backends.fake.reply("3 7", hold=threading.Event())
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        await hover(client, URI, *PASS_PLACE)
        await wait_for(backends.fake.started.is_set)
        new = {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [{"text": IR + "\n"}]}
        client.notify("textDocument/didChange", new)
        await wait_for(lambda: backends.fake.state == "ready")
        assert server.known.effect(URI, "instcombine").predicted == "not asked"


async def test_no_model_is_asked_where_the_setting_says_so(
    server: IrlensServer, backends: ScriptedBackends
) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(initializationOptions={"hover.predict": False})
        client.open(URI, IR)
        await hover(client, URI, *PASS_PLACE)
        await wait_for(lambda: server.known.effect(URI, "instcombine").measured == "known")
        assert "Predicted" not in await hover(client, URI, *PASS_PLACE)
        assert backends.fake.prompts == []


async def test_containers_and_unknown_passes_say_what_they_are(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, "; RUN: opt -passes='function(instcombin)' %s\n")
        assert "each function in turn" in await hover(client, URI, 0, 22)
        assert "no pass of this name" in await hover(client, URI, 0, 32)


async def test_plain_text_clients_get_no_marks(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize({"textDocument": {"hover": {"contentFormat": ["plaintext"]}}})
        client.open(URI, IR)
        text = await hover(client, URI, 5, 14)
        assert text.startswith("@double: 5 instructions")


async def test_hovers_answer_while_the_model_is_busy_and_llvm_is_slow(
    server: IrlensServer, backends: ScriptedBackends
) -> None:
    backends.fake.reply(LIFTED, hold=threading.Event())
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        client.open(ASM_URI, ASM, language="asm")
        arguments = [{"uri": ASM_URI, "function": "double_it"}]
        await client.request("workspace/executeCommand", {"command": "irlens.lift", "arguments": arguments})
        await wait_for(backends.fake.started.is_set)
        started = time.monotonic()
        assert await hover(client, URI, 5, 14)
        assert time.monotonic() - started < 3  # the model would hold it for ever


async def test_of_a_large_file_only_what_is_hovered_is_measured(
    server: IrlensServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "LARGE", 10)
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        await client.diagnostics(URI)
        assert server.known.sizes(URI).bytes == {}
        await hover(client, URI, 5, 14)
        await wait_for(lambda: "double" in server.known.sizes(URI).bytes)
        assert set(server.known.sizes(URI).bytes) == {"double"}
        assert "bytes (measured by LLVM)" in await hover(client, URI, 5, 14)
        text = await hover(client, URI, *PASS_PLACE)
        assert "LLVM did not run it on this file: it is larger than" in text
        assert "Predict the pass on one function." in text
        client.open(ASM_URI, ASM, language="asm")
        await client.diagnostics(ASM_URI)
        assert "functions are not measured" in await hover(client, ASM_URI, 3, 2)


async def test_a_function_that_has_only_a_number_has_a_size_too(server: IrlensServer) -> None:
    """The object has no symbol for it."""
    text = "define i32 @0(i32 %x) {\n  %y = mul i32 %x, 3\n  ret i32 %y\n}\n"
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, text)
        await hover(client, URI, 0, 12)
        await wait_for(lambda: server.known.sizes(URI).stage == "known")
        assert re.match(r"\*\*`@0`\*\*: 2 instructions, \d+ bytes", await hover(client, URI, 0, 12))
