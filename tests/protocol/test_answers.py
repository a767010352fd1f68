"""`irlens/lift` and its sisters: results as data, nothing applied, one reply whatever happens."""

from __future__ import annotations

import shutil
import threading

import pytest

from irlens.errors import ModelUnavailable
from irlens.lsp.server import IrlensServer
from support.conditions import wait_for
from support.memory_client import Json, MemoryClient
from support.scripted_backends import ScriptedBackends
from support.texts import ASM, BROKEN_IR, IR, LIFTED, STRANGE_ASM

CAPABILITIES: Json = {"window": {"workDoneProgress": True, "showDocument": {"support": True}}}
ASM_URI, IR_URI = "file:///nowhere/double.s", "file:///nowhere/a.ll"
LIFT: Json = {"uri": ASM_URI, "function": "double_it"}


async def opened(client: MemoryClient, asm: str = ASM) -> None:
    await client.initialize(CAPABILITIES)
    client.open(ASM_URI, asm, language="asm")
    client.open(IR_URI, IR)


async def test_a_lift_answers_with_its_candidates_and_touches_nothing(
    server: IrlensServer, backends: ScriptedBackends
) -> None:
    backends.fake.reply(LIFTED)
    async with MemoryClient(server) as client:
        await opened(client)
        result = (await client.request("irlens/lift", {**LIFT, "workDoneToken": "mine"}))["result"]
        best = result["candidates"][0]
        assert result["fileName"] == "double.double_it.ll"
        assert (best["verdict"], best["shownRight"], best["origin"]) == ("round-trips", True, "model")
        assert best["words"].startswith("round-trips: ")
        assert "; verdict: round-trips (" in best["text"]
        assert best["text"].rstrip().endswith(best["ir"].strip())
        asm, lifted = ASM.split("\n"), best["text"].split("\n")
        linked = {asm[place].split()[0]: lifted[line].split()[0] for place, line in best["links"]}
        assert linked["retq"] == "ret"
        kinds = [p["value"]["kind"] for p in client.all("$/progress") if p["token"] == "mine"]
        assert (kinds[0], kinds[-1]) == ("begin", "end")
        for method in ("workspace/applyEdit", "window/showDocument", "window/showMessage"):
            assert client.all(method) == []
        assert (ASM_URI, "double_it") in server.known.lifts


@pytest.mark.parametrize(
    ("prototypes", "head"),
    [
        ("int double_it(int, char *unused);", "i32 @double_it(i32 %arg0, ptr %arg1)"),
        ("Foo double_it(Bar)", None),
    ],
)
async def test_a_lift_goes_by_the_prototypes_of_the_settings(
    prototypes: str, head: str | None, server: IrlensServer
) -> None:
    options = {"lift": {"prototypes": prototypes, "origin": "mechanical"}}
    async with MemoryClient(server) as client:
        await client.initialize(CAPABILITIES, initializationOptions=options)
        client.open(ASM_URI, ASM, language="asm")
        reply = await client.request("irlens/lift", LIFT)
        if head is not None:
            assert head in reply["result"]["candidates"][0]["ir"]
        else:
            assert "The setting irlens.lift.prototypes: `Foo double_it(Bar);`" in reply["error"]["message"]


MACOS = (
    "\t.section\t__TEXT,__text,regular,pure_instructions\n\t.build_version macos, 14, 0\n"
    "\t.globl\t_twice ; -- Begin function twice\n\t.p2align\t2\n_twice:\n\tlsl\tw0, w0, #1\n\tret\n"
    ".subsections_via_symbols\n"
)


async def test_a_function_of_macos_is_lifted_by_its_symbol(
    server: IrlensServer, backends: ScriptedBackends
) -> None:
    for _ in range(4):
        backends.fake.reply("no IR at all")
    async with MemoryClient(server) as client:
        await opened(client, MACOS)
        result = (await client.request("irlens/lift", {"uri": ASM_URI, "function": "_twice"}))["result"]
        best = result["candidates"][0]
        assert best["shownRight"] is True
        assert 'target triple = "arm64-apple-macosx14.0"' in best["ir"]
        assert " i32 @twice(i32 " in best["ir"]
        asm, lifted = MACOS.split("\n"), best["text"].split("\n")
        linked = {asm[place].split()[0]: lifted[line].split()[0] for place, line in best["links"]}
        assert linked["ret"] == "ret"
        assert (ASM_URI, "_twice") in server.known.lifts


async def test_a_number_of_thousands_of_digits_is_answered_in_words(
    server: IrlensServer, backends: ScriptedBackends
) -> None:
    digits = "9" * 5_000
    async with MemoryClient(server) as client:
        await opened(client, ASM.replace("retq", f"movq ${digits}, %rax\n\tretq"))
        client.open("file:///nowhere/b.ll", f"define void @f() #{digits} {{\n  ret void\n}}\n")
        for method, params in (
            ("irlens/lift", LIFT),
            ("irlens/predict", {"uri": "file:///nowhere/b.ll", "function": "f", "passes": "instcombine"}),
            ("irlens/steps", {"uri": "file:///nowhere/b.ll", "function": "f", "passes": "instcombine"}),
        ):
            answer = await client.request(method, params)
            assert answer["error"]["code"] == -32803, answer
            assert "Traceback" not in answer["error"]["message"]


async def test_progress_says_what_is_happening(server: IrlensServer, backends: ScriptedBackends) -> None:
    backends.fake.reply(LIFTED)
    async with MemoryClient(server) as client:
        await opened(client)
        server.progress_table.least_gap_s = 0.0
        await client.request("irlens/lift", {**LIFT, "workDoneToken": "mine"})
        said = [p["value"].get("message", "") for p in client.all("$/progress")]
        assert "candidate 1 of 4: the model reads the prompt" in said
        assert any(
            message.startswith("candidate 1 of 4: ") and message.endswith(" tokens") for message in said
        )
        assert "recompiling it" in said


async def test_a_lens_over_each_function_lifts_it_and_says_how_the_last_lift_ended(
    server: IrlensServer, backends: ScriptedBackends
) -> None:
    backends.fake.reply(LIFTED)
    async with MemoryClient(server) as client:
        await opened(client)
        wanted = {"textDocument": {"uri": ASM_URI}}
        (lens,) = (await client.request("textDocument/codeLens", wanted))["result"]
        assert lens["range"]["start"]["line"] == 3
        assert lens["command"]["title"] == "Lift to LLVM IR"
        assert lens["command"]["command"] == "irlens.lift"
        assert lens["command"]["arguments"] == [LIFT]
        await client.request("irlens/lift", LIFT)
        (lens,) = (await client.request("textDocument/codeLens", wanted))["result"]
        assert lens["command"]["title"] == "Lift to LLVM IR (last: round-trips)"
        change = {
            "range": {"start": {"line": 4, "character": 0}, "end": {"line": 4, "character": 0}},
            "text": "\tnop\n",
        }
        document = {"uri": ASM_URI, "version": 2}
        client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
        (lens,) = (await client.request("textDocument/codeLens", wanted))["result"]
        assert lens["command"]["title"] == "Lift to LLVM IR"
        assert (await client.request("textDocument/codeLens", {"textDocument": {"uri": IR_URI}}))[
            "result"
        ] == []


async def test_every_candidate_has_a_head_of_its_own_and_none_is_rejected(
    server: IrlensServer, backends: ScriptedBackends
) -> None:
    wrong = LIFTED.replace("shl i32 %x, 1", "add i32 %x, 1")
    for reply in (wrong, BROKEN_IR, wrong, wrong):
        backends.fake.reply(reply)
    async with MemoryClient(server) as client:
        await opened(client)
        result = (await client.request("irlens/lift", LIFT))["result"]
        right, shown_wrong = result["candidates"]
        assert result["rejected"] == 1
        assert right["origin"] == "mechanical"
        assert right["shownRight"]
        assert not shown_wrong["shownRight"]
        assert shown_wrong["text"].startswith("; SHOWN TO BE WRONG: ")
        assert right["evidence"].startswith("# `double_it`: ")
        assert "An input that shows the difference" in shown_wrong["evidence"]
        assert shown_wrong["verdict"] == "disagrees"
        assert "disagrees: it is shown to do something else than the original" in shown_wrong["evidence"]
        assert "this IR returned" in shown_wrong["text"].split("\n")[1]


async def test_a_lift_without_an_answer_says_why(server: IrlensServer, backends: ScriptedBackends) -> None:
    for _ in range(4):
        backends.fake.reply(BROKEN_IR)
    async with MemoryClient(server) as client:
        await opened(client, STRANGE_ASM)
        result = (await client.request("irlens/lift", LIFT))["result"]
        assert result["candidates"] == []
        assert "double_it could not be lifted: `cpuid` at line " in result["why"]


async def test_a_cancelled_lift_stops_the_token_loop(
    server: IrlensServer, backends: ScriptedBackends
) -> None:
    backends.fake.reply(LIFTED, hold=threading.Event())
    async with MemoryClient(server) as client:
        await opened(client)
        asked = client.send("irlens/lift", LIFT)
        await wait_for(backends.fake.started.is_set)
        client.notify("$/cancelRequest", {"id": asked})
        assert (await client.reply(asked))["error"]["code"] == -32800
        await wait_for(lambda: backends.fake.state == "ready")


async def test_tuning_answers_with_the_whole_new_text(
    server: IrlensServer, backends: ScriptedBackends
) -> None:
    backends.fake.reply("none")
    async with MemoryClient(server) as client:
        await opened(client)
        result = (await client.request("irlens/tune", {"uri": IR_URI}))["result"]
        assert result["text"].startswith("; a head comment\n; RUN: opt -passes=instcombine -S %s\n")
        assert "alloca" not in result["text"]
        assert result["best"]["bytes"] < result["before"]["bytes"]
        assert f"{result['best']['bytes']} bytes" in result["message"]
        assert client.all("workspace/applyEdit") == []


async def test_predicted_is_beside_measured(server: IrlensServer, backends: ScriptedBackends) -> None:
    backends.fake.reply("3 7")
    params = {"uri": IR_URI, "passes": "mem2reg", "function": "double"}
    async with MemoryClient(server) as client:
        await opened(client)
        result = (await client.request("irlens/predict", params))["result"]
        (row,) = result["functions"]
        assert row["predicted"]["instructions"] == 3
        assert row["measured"]["instructions"] == 2
        assert row["before"]["instructions"] == 5
        assert result["model"] == "scripted"


async def test_without_a_model_what_llvm_measures_is_there(
    server: IrlensServer, backends: ScriptedBackends, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(task: str | None = None) -> None:
        raise ModelUnavailable("There is no model. Name one.")

    monkeypatch.setattr(backends, "model", none)
    async with MemoryClient(server) as client:
        await opened(client)
        predicted = (await client.request("irlens/predict", {"uri": IR_URI, "passes": "mem2reg"}))["result"]
        assert predicted["functions"][0]["predicted"] is None
        assert predicted["functions"][0]["measured"]["instructions"] == 2
        assert predicted["model"] == ""
        assert (await client.request("irlens/tune", {"uri": IR_URI}))["result"]["text"]


@pytest.mark.parametrize(
    ("method", "params", "code", "words"),
    [
        ("irlens/lift", {"uri": ASM_URI, "function": "gone"}, -32803, "no function gone"),
        ("irlens/lift", {"uri": ASM_URI}, -32602, "needs function"),
        ("irlens/lift", {"uri": "file:///nowhere/else.s", "function": "f"}, -32803, "not open"),
        ("irlens/predict", {"uri": IR_URI, "passes": "licm("}, -32803, "pass name is missing"),
        ("irlens/predict", {"uri": IR_URI, "passes": ""}, -32602, "needs passes"),
        ("irlens/tune", None, -32602, "needs uri"),
    ],
)
async def test_what_cannot_be_done_is_an_error_that_says_why(
    server: IrlensServer, method: str, params: Json | None, code: int, words: str
) -> None:
    async with MemoryClient(server) as client:
        await opened(client)
        error = (await client.request(method, params))["error"]
        assert error["code"] == code
        assert words in error["message"]


async def test_passes_are_named_with_what_they_do(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await opened(client)
        found = {entry["name"]: entry for entry in (await client.request("irlens/passes", None))["result"]}
        assert found["instcombine"]["kind"] == "function"
        assert found["instcombine"]["summary"]
        assert found["cgscc"]["kind"] == "container"


async def test_a_pipeline_is_stepped_through(server: IrlensServer) -> None:
    params = {"uri": IR_URI, "passes": "function(mem2reg,instcombine)", "function": "double"}
    async with MemoryClient(server) as client:
        await opened(client)
        result = (await client.request("irlens/steps", params))["result"]
        assert result["start"]["instructions"] == 5
        assert [step["name"] for step in result["steps"]] == ["mem2reg", "instcombine"]
        first = result["steps"][0]
        assert (first["changed"], first["instructions"], first["removed"]) == (True, 2, 4)
        assert "alloca" not in first["ir"]
        assert result["readable"] == ""
        error = (await client.request("irlens/steps", {**params, "function": "gone"}))["error"]
        assert "does not define @gone" in error["message"]


LISTING = """
a.out:     file format elf64-x86-64

Disassembly of section .text:

0000000000001129 <sum>:
    1129:\t8d 04 37             \tlea    (%rdi,%rsi,1),%eax
    112c:\tc3                   \tret

0000000000001130 <mk>:
    1130:\t48 01 ff             \tadd    %rdi,%rdi
    1133:\te9 f8 fe ff ff       \tjmp    1030 <malloc@plt>
"""


@pytest.mark.skipif(
    not any(shutil.which(tool) for tool in ("c++filt", "llvm-cxxfilt")), reason="no demangler is installed"
)
@pytest.mark.parametrize("method", ["irlens/steps", "irlens/predict"])
async def test_a_function_has_its_readable_name_beside_its_own(
    server: IrlensServer, backends: ScriptedBackends, method: str
) -> None:
    backends.fake.reply("3 7")
    uri, symbol = "file:///w/cxx.ll", "_ZN3box3addEii"
    async with MemoryClient(server) as client:
        await client.initialize(CAPABILITIES)
        client.open(
            uri, f"define i32 @{symbol}(i32 %a, i32 %b) {{\n  %c = add i32 %a, %b\n  ret i32 %c\n}}\n"
        )
        answer = (await client.request(method, {"uri": uri, "passes": "dce", "function": symbol}))["result"]
        assert answer["readable"] == "box::add(int, int)"
        name = answer["function"] if method == "irlens/steps" else answer["functions"][0]["name"]
        assert name == symbol


async def test_a_listing_that_is_not_read_is_refused_in_sentences_that_end_once(server: IrlensServer) -> None:
    uri = "file:///w/ida.s"
    text = ".text:00401000 sum             proc near\n.text:00401000                 mov     eax, [esp+4]\n"
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(uri, text, language="asm")
        (found,) = await client.diagnostics(uri)
        assert found["message"].endswith(" or the file itself.")
        asked = {"uri": uri, "function": "sum"}
        assert (await client.request("irlens/lift", asked))["error"]["message"].count("..") == 0


async def test_a_listing_has_lenses_no_errors_and_is_lifted(
    server: IrlensServer, backends: ScriptedBackends
) -> None:
    uri = "file:///w/listing.s"
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(uri, LISTING, language="asm")
        assert await client.diagnostics(uri) == []
        lenses = (await client.request("textDocument/codeLens", {"textDocument": {"uri": uri}}))["result"]
        assert [lens["range"]["start"]["line"] for lens in lenses] == [5, 9]
        assert [lens["command"]["arguments"][0]["function"] for lens in lenses] == ["sum", "mk"]
        answer = (await client.request("irlens/lift", {"uri": uri, "function": "mk"}))["result"]
        (best, *_) = answer["candidates"]
        assert best["verdict"] == "agrees"
        assert "@malloc(" in best["ir"]


@pytest.mark.parametrize(
    ("method", "function", "what"),
    [
        ("irlens/predict", None, "Name one function."),
        ("irlens/predict", "double", "Cut the module down"),
        ("irlens/steps", "double", "Run fewer passes at a time"),
    ],
)
async def test_a_request_whose_time_is_over_says_what_to_do(
    server: IrlensServer, monkeypatch: pytest.MonkeyPatch, method: str, function: str | None, what: str
) -> None:
    monkeypatch.setattr("irlens.lsp.answers.LIMIT_S", -1.0)
    async with MemoryClient(server) as client:
        await opened(client)
        params = {"uri": IR_URI, "passes": "mem2reg", **({"function": function} if function else {})}
        error = (await client.request(method, params))["error"]
        assert "-1 s were over before LLVM" in error["message"]
        assert what in error["message"]
