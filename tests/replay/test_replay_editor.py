"""What an editor shows of published replies: hovers, code actions, and the answers as data."""

from __future__ import annotations

from pathlib import Path

import pytest

from irlens.lsp.server import IrlensServer
from support import listings
from support.conditions import wait_for
from support.memory_client import Json, MemoryClient
from support.scripted_backends import ScriptedBackends

CAPABILITIES: Json = {"window": {"workDoneProgress": True, "showDocument": {"support": True}}}
ACTIONS: Json = {
    **CAPABILITIES,
    "textDocument": {
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}},
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        }
    },
    "workspace": {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]}},
}
IR_URI, ASM_URI = "file:///w/sum.ll", "file:///w/sum.s"
WITH_RUN = f"; RUN: opt -passes='{listings.OZ}' -S %s\n{listings.RAW}"
ON_OZ = (0, 34)
"""In `default<Oz>` of the RUN line."""
WRONG = listings.DISASSEMBLED.replace("add nsw", "sub nsw")


async def opened(client: MemoryClient, ir: str = listings.RAW) -> None:
    await client.initialize(CAPABILITIES)
    client.open(ASM_URI, listings.OPTIMISED_ASM, language="asm")
    client.open(IR_URI, ir)


async def hover(client: MemoryClient, uri: str, line: int, character: int) -> str:
    place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
    result = (await client.request("textDocument/hover", place))["result"]
    return "" if result is None else result["contents"]["value"]


async def test_a_lift_as_data(server: IrlensServer, backends: ScriptedBackends) -> None:
    backends.fake.reply(listings.DISASSEMBLED)
    async with MemoryClient(server) as client:
        await opened(client)
        result = (await client.request("irlens/lift", {"uri": ASM_URI, "function": "sum"}))["result"]
    (best,) = result["candidates"]
    assert (best["verdict"], best["origin"], best["shownRight"]) == ("round-trips", "model", True)
    assert "%add = add nsw i32 %y, %x" in best["ir"]
    assert backends.fake.prompts == [listings.DISASSEMBLE_PROMPT]
    assert backends.for_task["predict"].prompts == [], "the plain weights are for predictions"


async def test_a_wrong_lift_is_shown_with_its_counterexample(
    server: IrlensServer, backends: ScriptedBackends
) -> None:
    for reply in (WRONG, listings.DISASSEMBLED[:420], "I cannot.", WRONG):
        backends.fake.reply(reply)
    async with MemoryClient(server) as client:
        await opened(client)
        result = (await client.request("irlens/lift", {"uri": ASM_URI, "function": "sum"}))["result"]
    best, wrong = result["candidates"]
    assert (best["origin"], best["shownRight"]) == ("mechanical", True)
    assert (wrong["origin"], wrong["verdict"], wrong["shownRight"]) == ("model", "disagrees", False)
    assert wrong["text"].startswith("; SHOWN TO BE WRONG: ")
    assert result["rejected"] == 2


async def test_the_code_action_writes_the_lift_into_a_file(
    server: IrlensServer, backends: ScriptedBackends, tmp_path: Path
) -> None:
    backends.fake.reply(listings.DISASSEMBLED)
    path = tmp_path / "sum.s"
    path.write_text(listings.OPTIMISED_ASM)
    async with MemoryClient(server) as client:
        await client.initialize(ACTIONS)
        client.open(path.as_uri(), listings.OPTIMISED_ASM, language="asm")
        place = {"line": 6, "character": 0}
        params = {
            "textDocument": {"uri": path.as_uri()},
            "range": {"start": place, "end": place},
            "context": {"diagnostics": []},
        }
        (action,) = (await client.request("textDocument/codeAction", params))["result"]
        assert action["title"] == "Lift `sum` to LLVM IR"
        resolved = (await client.request("codeAction/resolve", action))["result"]
    made, filled = resolved["edit"]["documentChanges"]
    assert made["uri"] == (tmp_path / "sum.sum.ll").as_uri()
    (edit,) = filled["edits"]
    assert "; verdict: round-trips (LLVM: " in edit["newText"]
    assert "llm-compiler-7b-ftd" in edit["newText"]
    assert "%add = add nsw i32 %y, %x" in edit["newText"]


async def test_a_tuned_module_as_data(server: IrlensServer, backends: ScriptedBackends) -> None:
    for _ in range(4):
        backends.fake.reply("  " + listings.reduced_by("module(default<Oz>),"))
    async with MemoryClient(server) as client:
        await opened(client)
        result = (await client.request("irlens/tune", {"uri": IR_URI}))["result"]
    assert backends.fake.prompts == [listings.TUNE_PROMPT] * 4
    assert result["model"]["passes"] == "module(default<Oz>),"
    assert "trailing comma removed" in result["model"]["note"]
    assert result["model"]["bytes"] == result["oz"]["bytes"] == 52, "a build's code generation"
    assert result["best"]["bytes"] <= 52
    assert "add nsw i32" in result["text"]
    assert "52 bytes" in result["message"]


async def test_a_prediction_as_data(server: IrlensServer, backends: ScriptedBackends) -> None:
    plain = backends.for_task["predict"].reply(listings.EMULATED_IR)
    async with MemoryClient(server) as client:
        await opened(client)
        result = (await client.request("irlens/predict", {"uri": IR_URI, "passes": listings.OZ}))["result"]
    (row,) = result["functions"]
    assert plain.prompts == [listings.EMULATE_IR_PROMPT]
    assert (row["predicted"]["instructions"], row["predicted"]["bytes"]) == (2, 53)
    assert (row["predicted"]["bytes_of"], row["predicted"]["ir_says"]) == ("object", "same")
    assert row["object_bytes"] == {"before": 65, "measured": 53}
    assert row["measured"]["instructions"] == 2
    assert result["model"] == "llm-compiler-7b"


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (listings.EMULATED_IR, "The predicted IR of `sum` is what LLVM made."),
        ("\n\nAnd the" + listings.emulated(listings.RAW, 8, 65)[3:], "is the input unchanged"),
        (listings.EMULATED_IR[:520], "was cut off, and is refused by LLVM"),
        ("<|im_start|>assistant\n" + listings.EMULATE_IR_PROMPT, "raw text, not its chat endpoint"),
        ("no idea", r"neither counts nor \<code\>"),
    ],
)
async def test_a_hover_says_what_became_of_the_prediction(
    server: IrlensServer, backends: ScriptedBackends, reply: str, words: str
) -> None:
    backends.for_task["predict"].reply(reply)
    async with MemoryClient(server) as client:
        await opened(client, WITH_RUN)
        await hover(client, IR_URI, *ON_OZ)
        await wait_for(lambda: server.known.effect(IR_URI, "default<Oz>").predicted == "known")
        text = await hover(client, IR_URI, *ON_OZ)
    assert words in text
    assert "| `sum` | 8 instr., 12 B |" in text, "measured, whatever the model says"
    if reply == listings.EMULATED_IR:
        assert "| 8 instr., 12 B | 2 instr. | 2 instr., 4 B |" in text, "an object's size is in no column"
        assert "65 B now, 53 B predicted, 53 B measured" in text
