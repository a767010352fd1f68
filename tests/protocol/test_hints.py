"""Hints at functions that can be smaller, and the sizes over them: searched unasked for, once a text is left alone,
and never in the way."""

from __future__ import annotations

import re

import pytest

from irlens.assist.tune_client import Turn
from irlens.assist.tune_functions import LEAST_BYTES, LEAST_SHARE, Tuned
from irlens.cancel import CancelToken
from irlens.ide.size_hints import MOST_LINES, SizeNote, source_of
from irlens.ide.symbols import function_named
from irlens.ir.outline import function_text
from irlens.lsp import hints
from irlens.lsp.server import IrlensServer
from support.conditions import wait_for
from support.memory_client import Json, MemoryClient
from support.scripted_backends import ScriptedBackends
from support.texts import BROKEN_IR, IR

URI = "file:///w/a.ll"
HINT = 4
RESOLVES: Json = {
    "textDocument": {"codeAction": {"dataSupport": True, "resolveSupport": {"properties": ["edit"]}}},
    "workspace": {"workspaceEdit": {"documentChanges": True}},
}
AT_DOUBLE = {"start": {"line": 5, "character": 11}, "end": {"line": 5, "character": 11}}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "REST_S", 0.0)


def hinted(client: MemoryClient) -> list[Json]:
    shown = client.all("textDocument/publishDiagnostics")
    return [found for found in (shown[-1]["diagnostics"] if shown else []) if found["severity"] == HINT]


async def fixes_at(client: MemoryClient, place: Json, **context: object) -> list[Json]:
    params: Json = {"textDocument": {"uri": URI}, "range": place, "context": {"diagnostics": [], **context}}
    return (await client.request("textDocument/codeAction", params))["result"]


def found_for(server: IrlensServer, best: int, passes: str) -> None:
    """As if a search had found this list for `double`."""
    snapshot = server.documents.get(URI)
    assert snapshot is not None
    function = function_named(snapshot, "double")
    assert function is not None
    tuned = Tuned("double", 40, 30, best, passes, "", "LLVM")
    server.known.note_tuned(URI, {"double": SizeNote(tuned, source_of(snapshot, function))})


async def test_a_function_that_could_be_smaller_is_marked_at_its_name(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        await wait_for(lambda: hinted(client))
        first = hinted(client)[0]
        start, end = first["range"]["start"], first["range"]["end"]
        assert IR.split("\n")[start["line"]][start["character"] : end["character"]] == "@double"
        then, now = map(int, re.findall(r"(?:be|now) (\d+)", first["message"]))
        assert now > then


async def test_the_sizes_stand_over_each_function_and_the_module(server: IrlensServer) -> None:
    refreshes = lambda: [m for m in client.received if m.get("method") == "workspace/codeLens/refresh"]  # noqa: E731
    async with MemoryClient(server) as client:
        await client.initialize({"workspace": {"codeLens": {"refreshSupport": True}}})
        client.open(URI, IR)
        await wait_for(lambda: server.known.is_searched(URI))
        await wait_for(refreshes)
        lenses = (await client.request("textDocument/codeLens", {"textDocument": {"uri": URI}}))["result"]
        over = {lens["range"]["start"]["line"]: lens["command"] for lens in lenses}
        assert set(over) == {0, 5, 14}
        sizes = r"\d+ → \d+ B( \(-Oz( \d+(, \d+ with clang's attributes)?)?\))?"
        assert re.fullmatch(f"module: {sizes}, LLVM [\\d.]+", over[0]["title"])
        assert re.fullmatch(sizes, over[5]["title"])
        assert over[5]["command"] == "irlens.applyHere"
        assert over[5]["arguments"] == [{"uri": URI, "function": "double"}]


async def test_what_a_size_stands_for_comes_as_a_file_to_look_at_first(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        early = await client.request("irlens/improve", {"uri": URI, "function": "double"})
        if "error" in early:  # nothing was measured yet
            assert "Nothing smaller is known for double" in early["error"]["message"]
        await wait_for(lambda: server.known.is_searched(URI))
        answer = (await client.request("irlens/improve", {"uri": URI, "function": "double"}))["result"]
        assert re.match(r"double: \d+ -> \d+ bytes, .*\(measured\)", answer["message"])
        assert len(function_text(answer["text"], "double") or "") < len(function_text(IR, "double") or "")
        assert function_text(answer["text"], "caller") == function_text(IR, "caller")
        assert server.documents.get(URI).text == IR


async def test_lenses_are_left_out_where_a_setting_says_so(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize({"workspace": {"codeLens": {"refreshSupport": True}}})
        client.open(URI, IR)
        client.open("file:///w/a.s", "f:\n\tmovq\t%rdi, %rax\n\tretq\n", language="asm")
        await wait_for(lambda: server.known.is_searched(URI))

        async def lenses(uri: str) -> list[Json]:
            return (await client.request("textDocument/codeLens", {"textDocument": {"uri": uri}}))["result"]

        assert await lenses(URI)
        assert await lenses("file:///w/a.s")
        count = len([m for m in client.received if m.get("method") == "workspace/codeLens/refresh"])
        client.notify(
            "workspace/didChangeConfiguration",
            {"settings": {"irlens": {"lens": {"lift": False, "sizes": False}}}},
        )
        await wait_for(
            lambda: (
                len([m for m in client.received if m.get("method") == "workspace/codeLens/refresh"]) > count
            )
        )
        assert await lenses(URI) == []
        assert await lenses("file:///w/a.s") == []


async def test_a_hint_of_oz_comes_with_quick_fixes(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(RESOLVES)
        client.open(URI, IR)
        await wait_for(lambda: hinted(client))
        shown = hinted(client)[:1]
        fixes = await fixes_at(client, shown[0]["range"], diagnostics=shown, only=["quickfix"])
        titles = [fix["title"] for fix in fixes]
        assert re.fullmatch(r"Apply -Oz to `double` alone \(\d+ bytes\)", titles[0])
        assert titles[1:] == ["Apply -Oz", "Optimise for size (checked)"]
        assert all(fix["diagnostics"] == shown for fix in fixes)
        # Each is offered once, whatever is asked for.
        both = await fixes_at(client, shown[0]["range"])
        assert [fix["kind"] for fix in both] == ["quickfix"] * 3


async def test_what_is_applied_to_a_function_has_the_size_that_was_shown(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(RESOLVES)
        client.open(URI, IR)
        await wait_for(lambda: hinted(client))
        fix = (await fixes_at(client, AT_DOUBLE))[0]
        said = int(re.search(r"\((\d+) bytes\)", fix["title"])[1])  # type: ignore[index]
        resolved = (await client.request("codeAction/resolve", fix))["result"]
        (change,) = resolved["edit"]["documentChanges"]
        shown = await client.notification("window/showMessage")
        assert f"-> {said} bytes" in shown["message"]
        text = "".join(edit["newText"] for edit in change["edits"])
        assert "@double" in text
        assert "alloca" not in text
        assert "@caller" not in text


async def test_a_list_that_beats_oz_is_said_with_what_to_do(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(RESOLVES, initializationOptions={"settings": {"tune": {"background": 0}}})
        client.open(URI, IR)
        await client.diagnostics(URI)
        found_for(server, 20, "function(sroa,instcombine<no-verify-fixpoint>)")
        fixes = await fixes_at(client, AT_DOUBLE)
        assert [fix["title"] for fix in fixes] == [
            "Apply the best list to `double` alone (20 bytes)",
            "Apply this list to the module",
            "Copy the opt command",
            "Apply -Oz",
            "Optimise for size (checked)",
        ]
        copy = fixes[2]
        assert copy["kind"] == "quickfix"
        assert copy["command"]["command"] == "irlens.copy"
        # Some clients resolve whatever has no edit.
        assert (await client.request("codeAction/resolve", copy))["result"]["command"] == copy["command"]
        assert copy["command"]["arguments"] == [
            "opt -relocation-model=pic -force-attribute=minsize -force-attribute=optsize "
            "-passes='forceattrs,function(sroa,instcombine<no-verify-fixpoint>)' -S a.ll"
        ]
        client.notify("textDocument/didSave", {"textDocument": {"uri": URI}})
        (hint,) = await wait_for(lambda: hinted(client))
        assert (
            hint["message"]
            == "`double` could be 20 bytes, 33 % smaller than -Oz (now 40; -Oz 30; measured by LLVM)."
        )


@pytest.mark.parametrize(("oz", "best"), [(100, 93), (1000, 985)], ids=["few bytes", "a small share"])
async def test_little_is_not_hinted_at(oz: int, best: int) -> None:
    assert oz - best < LEAST_BYTES or 1 - best / oz < LEAST_SHARE
    assert not Tuned("f", oz, oz, best, "function(sroa)", "", "LLVM").is_worth_a_hint
    assert Tuned("f", oz, oz, oz - 20, "function(sroa)", "", "LLVM").is_worth_a_hint


async def test_an_edit_to_one_function_leaves_what_is_known_of_others(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(initializationOptions={"settings": {"tune": {"background": 0}}})
        client.open(URI, IR)
        await client.diagnostics(URI)
        found_for(server, 20, "function(sroa)")
        ask = {"textDocument": {"uri": URI}}
        changed = IR[: IR.index("define i32 @caller")] + "define i32 @caller(i32 %x) {\n  ret i32 %x\n}\n"
        changes = [{"text": changed}]
        client.notify(
            "textDocument/didChange", {"textDocument": {"uri": URI, "version": 2}, "contentChanges": changes}
        )
        (lens,) = (await client.request("textDocument/codeLens", ask))["result"]
        assert lens["command"]["title"] == "40 → 20 B (-Oz 30)"
        changes = [{"text": changed.replace("add nsw", "add")}]
        client.notify(
            "textDocument/didChange", {"textDocument": {"uri": URI, "version": 3}, "contentChanges": changes}
        )
        assert (await client.request("textDocument/codeLens", ask))["result"] == []


async def test_a_new_text_takes_its_hints_away_and_calls_the_search_off(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        await wait_for(lambda: hinted(client))
        change = {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [{"text": BROKEN_IR}]}
        client.notify("textDocument/didChange", change)
        await wait_for(lambda: not hinted(client))
        assert ("hints", URI) not in server.latest


async def test_a_client_that_pulls_is_asked_to_pull_again(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(
            {
                "textDocument": {"diagnostic": {}},
                "workspace": {"diagnostics": {"refreshSupport": True}},
            }
        )
        client.open(URI, IR)
        params = {"textDocument": {"uri": URI}}
        await client.request("textDocument/diagnostic", params)
        await wait_for(lambda: server.known.is_searched(URI))
        await wait_for(
            lambda: [m for m in client.received if m.get("method") == "workspace/diagnostic/refresh"]
        )
        items = (await client.request("textDocument/diagnostic", params))["result"]["items"]
        assert HINT in [item["severity"] for item in items]


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        (IR, {"diagnostics": {"hints": False}}),
        (IR, {"tune": {"background": 0}}),
        (IR + "\n" * MOST_LINES, {}),
        (BROKEN_IR, {}),
    ],
    ids=["where hints are off", "without a budget", "of a long module", "of a broken one"],
)
async def test_nothing_is_compiled_unasked_for(
    backends: ScriptedBackends, server: IrlensServer, text: str, settings: Json
) -> None:
    backends.tuner = None  # to ask for one fails the test
    async with MemoryClient(server) as client:
        await client.initialize(initializationOptions={"settings": settings})
        client.open(URI, text)
        await client.diagnostics(URI)
        await client.request("textDocument/documentSymbol", {"textDocument": {"uri": URI}})
        assert ("hints", URI) not in server.latest
        assert not server.known.is_searched(URI)


async def test_a_search_that_takes_too_long_is_called_off(
    server: IrlensServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One turn of one function could take a minute of a processor, and the next save another."""
    monkeypatch.setattr(hints, "LONGEST_TURN_S", 0.2)
    monkeypatch.setattr(hints, "GRACE_S", 0.0)
    turns: list[CancelToken] = []

    def turn(asked: IrlensServer, text: str, budget: int, done: list[str], cancel: CancelToken) -> Turn:
        turns.append(cancel)
        cancel.wait(60)
        cancel.check()
        raise AssertionError("not called off")

    monkeypatch.setattr(hints, "_turn", turn)
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, IR)
        await wait_for(lambda: turns and turns[0].cancelled)
        await wait_for(lambda: server.known.is_searched(URI))
        assert hinted(client) == []
    assert len(turns) == 1
