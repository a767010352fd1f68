"""`irlens/compare`: two functions of open documents, with the verdict and the counterexample in words."""

from __future__ import annotations

from typing import Any

import pytest

from irlens.lsp.server import IrlensServer
from support.memory_client import Json, MemoryClient

IR = """target triple = "x86_64-unknown-linux-gnu"
define i32 @src(i32 %x) {
  %y = mul i32 %x, 2
  ret i32 %y
}
define i32 @tgt(i32 %x) {
  %y = shl i32 %x, 1
  ret i32 %y
}
define i32 @wrong(i32 %x) {
  %y = add i32 %x, 1
  ret i32 %y
}
"""
ASM = """\t.text
\t.globl\tsrc
\t.type\tsrc,@function
src:
\tleal\t(%rdi,%rdi), %eax
\tretq
\t.size\tsrc, .-src
\t.globl\talone
\t.type\talone,@function
alone:
\tmovl\t%edi, %eax
\tretq
\t.size\talone, .-alone
"""
IR_URI, ASM_URI, SAME_URI = "file:///w/pair.ll", "file:///w/other.s", "file:///elsewhere/pair.ll"


async def asked(client: MemoryClient, **params: Any) -> Json:
    client.open(IR_URI, IR)
    client.open(ASM_URI, ASM, language="asm")
    client.open(SAME_URI, IR.replace("shl i32 %x, 1", "shl i32 %x, 3"))
    return await client.request("irlens/compare", {"uri": IR_URI, **params})


@pytest.mark.parametrize(
    ("params", "pairs", "outcome"),
    [
        ({}, [("src", "tgt")], "agrees"),
        ({"function": "tgt"}, [("src", "tgt")], "agrees"),
        ({"function": "src", "otherFunction": "wrong"}, [("src", "wrong")], "disagrees"),
        ({"other": ASM_URI}, [("src", "src")], "agrees"),
        ({"other": ASM_URI, "function": "src"}, [("src", "src")], "agrees"),
        ({"other": ASM_URI, "function": "wrong", "otherFunction": "alone"}, [("wrong", "alone")], "disagrees"),
        ({"other": SAME_URI}, [("src", "src"), ("tgt", "tgt"), ("wrong", "wrong")], "disagrees"),
    ],
)  # fmt: skip
async def test_functions_are_compared(
    server: IrlensServer, params: Json, pairs: list[tuple[str, str]], outcome: str
) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        answer = (await asked(client, **params))["result"]
        assert [(each["name"], each["with"]) for each in answer["functions"]] == pairs
        assert answer["outcome"] == outcome
        outcomes = [each["outcome"] for each in answer["functions"]]
        if params.get("other") == SAME_URI:
            assert outcomes == ["agrees", "disagrees", "agrees"]
            assert answer["summary"] == "3 functions: 2 agree, 1 disagrees"
            assert (answer["a"], answer["b"]) == ("pair.ll", "pair.ll (2)")
        else:
            assert answer["summary"] == outcome
        assert ("An input that shows the difference" in answer["text"]) == (outcome == "disagrees")
        assert ("only in `other.s`: alone" in answer["text"]) == (params == {"other": ASM_URI})


async def test_the_counterexample_names_both_and_what_they_did(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        params = {"function": "src", "otherFunction": "wrong", "workDoneToken": "mine"}
        text = (await asked(client, **params))["result"]["text"]
        assert text.startswith("# `pair.ll` and `pair.ll`: disagrees\n\n## `src -> wrong`: disagrees\n\n**")
        told = text.rpartition("```\n")[0].rpartition("```\n")[2]
        assert "\nsrc returned " in told
        assert "\nwrong returned " in told
        kinds = [p["value"]["kind"] for p in client.all("$/progress") if p["token"] == "mine"]
        assert (kinds[0], kinds[-1]) == ("begin", "end")


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"other": ASM_URI, "function": "tgt"}, "tgt is not in both"),
        ({"function": "wrong"}, "wrong alone was named"),
        ({"function": "src", "otherFunction": "nobody"}, "there is no function nobody"),
        ({"otherFunction": "src"}, "named alone"),
        ({"other": "file:///not/open.ll"}, "not open"),
    ],
)
async def test_what_cannot_be_compared_is_said(server: IrlensServer, params: Json, says: str) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        error = (await asked(client, **params))["error"]
        assert error["code"] == -32803
        assert says in error["message"]


async def test_code_of_two_machines_is_not_compared(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open("file:///w/arm.ll", IR.replace("x86_64", "aarch64"))
        error = (await asked(client, other="file:///w/arm.ll"))["error"]
        assert "Compile one of them for the other's target." in error["message"]


async def test_pairs_whose_turn_comes_too_late_are_unknown(
    server: IrlensServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("irlens.lsp.compare.LIMIT_S", -1.0)
    async with MemoryClient(server) as client:
        await client.initialize()
        result = (await asked(client, other=SAME_URI))["result"]
    assert result["outcome"] == "unknown"
    assert len(result["functions"]) == 3
    assert all(
        each["reason"] == "-1 s were over before its turn came; compare it alone"
        for each in result["functions"]
    )
