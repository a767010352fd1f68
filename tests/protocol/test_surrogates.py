"""A lone surrogate, which JSON can spell and UTF-8 cannot: every feature goes on, and positions are right."""

from __future__ import annotations

import pytest

from irlens import escape
from irlens.lsp.server import IrlensServer
from irlens.source.positions import to_utf8
from support.memory_client import Json, MemoryClient
from support.scripted_backends import ScriptedBackends
from support.texts import ASM, IR

URI, ASM_URI = "file:///w/a.ll", "file:///w/a.s"
LONE = ["\ud83d", "\udc80", "\udfff\udcc3", "\ud83dx\ud83d"]
RUNS = "; RUN: opt -passes={passes} -S %s\n"


def named(lone: str) -> str:
    """IR with half characters in a comment, a string, a name and a RUN line."""
    return (
        RUNS.format(passes=f"dce,{lone}")
        + f"; {lone}\n"
        + IR.replace("@caller", f'@"call{lone}er"')
        + f'@text = constant [{len(to_utf8(lone))} x i8] c"{lone}"\n'
    )


@pytest.mark.parametrize("lone", LONE, ids=ascii)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
async def test_an_error_behind_it_is_found_where_it_is(
    server: IrlensServer, lone: str, encoding: str
) -> None:
    line = f"  %x = add i32 0, 0 ; {lone}"
    call = f'  %y = call i32 @"{lone}"(i32 %nothing)'
    text = f"define i32 @f() {{\n{line}\n{call}\n  ret i32 %x\n}}\n"
    async with MemoryClient(server) as client:
        await client.initialize({"general": {"positionEncodings": [encoding]}})
        client.open(URI, text)
        (found,) = [each for each in await client.diagnostics(URI) if each["severity"] == 1]
        start = call.index("%nothing")
        before = call[:start]
        column = {
            "utf-8": len(before.encode("utf-8", "surrogatepass")),
            "utf-16": len(before.encode("utf-16-le", "surrogatepass")) // 2,
            "utf-32": len(before),
        }[encoding]
        if encoding == "utf-8":  # a byte that is not UTF-8 is one, and no client that counts bytes sends one
            column -= 2 * sum("\udc80" <= char <= "\udcff" for char in before)
        assert found["range"]["start"] == {"line": 2, "character": column}


@pytest.mark.parametrize("lone", LONE, ids=ascii)
async def test_findings_are_published_again(server: IrlensServer, lone: str) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, "define i32 @f() {\n  ret i32 %x\n}\n")
        assert await client.diagnostics(URI)
        seen = len(client.received)
        change = {"text": f"; {lone}\ndefine i32 @f() {{\n  ret i32 0\n}}\n"}
        document = {"uri": URI, "version": 2}
        client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
        assert await client.diagnostics(URI, after=seen) == []


async def _ask_all(client: MemoryClient, uri: str, text: str, function: str) -> list[tuple[str, Json]]:
    document: Json = {"textDocument": {"uri": uri}}
    replies = []
    lines = text.split("\n")
    spots = [
        {"line": at, "character": column} for at, line in enumerate(lines) for column in (0, 6, len(line))
    ]
    for place in spots:
        for method in ("hover", "definition", "references"):
            params = {**document, "position": place, "context": {"includeDeclaration": True}}
            replies.append((method, await client.request(f"textDocument/{method}", params)))
        params = {**document, "range": {"start": place, "end": place}, "context": {"diagnostics": []}}
        replies.append(("codeAction", await client.request("textDocument/codeAction", params)))
    for method in ("documentSymbol", "foldingRange", "codeLens", "diagnostic"):
        replies.append((method, await client.request(f"textDocument/{method}", document)))
    asked: list[tuple[str, Json]] = [
        ("irlens/tune", {}),
        ("irlens/steps", {"passes": "dce,instcombine", "function": function}),
        ("irlens/steps", {"passes": f"dce,{function}", "function": function}),
        ("irlens/steps", {"passes": "print<domtree>", "function": function}),
        ("irlens/steps", {"passes": "print<domtree>", "function": "a\0b"}),
        ("irlens/lift", {"function": function}),
    ]
    for method, more in asked:
        replies.append((method, await client.request(method, {"uri": uri, **more})))
    for kind, more in (
        ("apply-oz", {}),
        ("apply-list", {"passes": "instcombine"}),
        ("apply-here", {"function": function, "passes": "dce"}),
        ("lift", {"function": function}),
    ):
        data = {"kind": kind, "uri": uri, **more}
        replies.append((kind, await client.request("codeAction/resolve", {"title": "x", "data": data})))
    return replies


@pytest.mark.parametrize("lone", LONE, ids=ascii)
async def test_every_request_is_answered(server: IrlensServer, backends: ScriptedBackends, lone: str) -> None:
    for _ in range(4):
        backends.fake.reply("none")
    text = named(lone)
    assembly = ASM.replace("double_it", f'"double{lone}it"') + f'# {lone}\n\t.ascii "{lone}"\n'
    capabilities = {
        "textDocument": {"codeAction": {"dataSupport": True, "resolveSupport": {"properties": ["edit"]}}}
    }
    async with MemoryClient(server) as client:
        await client.initialize(
            capabilities,
            initializationOptions={"lift": {"origin": "mechanical"}, "hover": {"predict": False}},
        )
        client.open(URI, text)
        client.open(ASM_URI, assembly, language="asm")
        replies = await _ask_all(client, URI, text, f"call{lone}er")
        replies += await _ask_all(client, ASM_URI, assembly, f"double{lone}it")
        failed = [
            (method, reply) for method, reply in replies if reply.get("error", {}).get("code") == -32603
        ]
        assert not failed
        symbols = next(reply["result"] for method, reply in replies if method == "documentSymbol")
        assert [symbol["name"] for symbol in symbols] == ["double", escape.label(f"call{lone}er")]
