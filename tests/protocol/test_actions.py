"""Code actions and commands: what is offered, what comes of it, how it is called off."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlparse
from urllib.request import url2pathname

import pytest

from irlens.errors import ModelUnavailable
from irlens.lsp.server import IrlensServer
from support.conditions import wait_for
from support.memory_client import Json, MemoryClient
from support.scripted_backends import ScriptedBackends
from support.texts import ASM, BROKEN_IR, IR, LIFTED, STRANGE_ASM

LITERALS = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}
RESOLVES: Json = {
    "textDocument": {
        "codeAction": {**LITERALS, "dataSupport": True, "resolveSupport": {"properties": ["edit"]}}
    },
    "workspace": {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]}},
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
}
COMMANDS_ONLY: Json = {**RESOLVES, "textDocument": {"codeAction": LITERALS}}

URI = "file:///nowhere/a.ll"


@pytest.fixture
def asm_file(tmp_path: Path) -> Path:
    path = tmp_path / "double.s"
    path.write_text(ASM)
    return path


def read_shown(uri: str) -> tuple[Path, str, int]:
    """Path, text and mode of a file that the client was asked to show."""
    path = Path(url2pathname(urlparse(uri).path))
    return path, path.read_text(), path.stat().st_mode


def is_there(path: Path) -> bool:
    return path.exists()


async def actions(
    client: MemoryClient, uri: str, line: int = 4, only: list[str] | None = None
) -> list[dict[str, Any]]:
    place = {"line": line, "character": 0}
    context: Json = {"diagnostics": []}
    if only is not None:
        context["only"] = only
    params = {"textDocument": {"uri": uri}, "range": {"start": place, "end": place}, "context": context}
    return (await client.request("textDocument/codeAction", params))["result"]


async def test_lift_is_offered_inside_a_function(server: IrlensServer, asm_file: Path) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(RESOLVES)
        client.open(asm_file.as_uri(), ASM, language="asm")
        (lift,) = await actions(client, asm_file.as_uri(), line=4)
        assert lift["title"] == "Lift `double_it` to LLVM IR"
        assert lift["kind"] == "refactor.rewrite"
        assert "edit" not in lift
        assert await actions(client, asm_file.as_uri(), line=1) == []
        assert await actions(client, asm_file.as_uri(), line=4, only=["quickfix"]) == []
        assert len(await actions(client, asm_file.as_uri(), line=4, only=["refactor"])) == 1


async def test_a_lift_makes_a_new_file_that_says_what_it_is(
    server: IrlensServer, backends: ScriptedBackends, asm_file: Path
) -> None:
    (asm_file.parent / "double.double_it.ll").write_text("; taken")
    backends.fake.reply(LIFTED)
    shown: list[Json] = []
    answers = {"window/showDocument": lambda params: shown.append(params) or {"success": True}}
    async with MemoryClient(server, answers) as client:
        await client.initialize(RESOLVES)
        client.open(asm_file.as_uri(), ASM, language="asm")
        (lift,) = await actions(client, asm_file.as_uri())
        resolved = (await client.request("codeAction/resolve", lift))["result"]
        create, fill = resolved["edit"]["documentChanges"]
        uri = (asm_file.parent / "double.double_it.2.ll").as_uri()
        assert create == {
            "kind": "create",
            "uri": uri,
            "options": {"overwrite": False, "ignoreIfExists": False},
        }
        text = fill["edits"][0]["newText"]
        assert text.startswith("; double_it, lifted by irlens from double.s (by the model scripted)\n"), text
        assert "\n; verdict: round-trips (LLVM: " in text
        assert "define i32 @double_it" in text
        note = server.known.lifts[(uri, "double_it")]
        assert note.source.startswith("define i32 @double_it")
        assert "command" not in resolved  # this client did not say that it takes one that late
        client.open(uri.replace("double_it", "double%5Fit"), text)  # clients differ in what they encode
        client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": 1}]})
        await wait_for(lambda: shown)
        await client.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
        assert len(shown) == 1
        assert shown[0]["uri"] == uri


async def test_a_client_that_takes_a_command_late_gets_one_that_opens_the_file(
    server: IrlensServer, backends: ScriptedBackends, asm_file: Path
) -> None:
    backends.fake.reply(LIFTED)
    late = {**RESOLVES["textDocument"]["codeAction"], "resolveSupport": {"properties": ["edit", "command"]}}
    capabilities = {**RESOLVES, "textDocument": {"codeAction": late}}
    async with MemoryClient(server, {"window/showDocument": {"success": True}}) as client:
        await client.initialize(capabilities)
        client.open(asm_file.as_uri(), ASM, language="asm")
        (lift,) = await actions(client, asm_file.as_uri())
        command = (await client.request("codeAction/resolve", lift))["result"]["command"]
        await client.request("workspace/executeCommand", command)
        shown = await client.notification("window/showDocument")
        assert shown["uri"].endswith("double.double_it.ll")
        # A command names a file that an action made, or nothing happens: it opens no file of others.
        await client.request("workspace/executeCommand", {**command, "arguments": ["file:///etc/passwd"]})
        await client.request("workspace/executeCommand", command)
        assert len(client.all("window/showDocument")) == 1


async def test_a_lift_that_llvm_refuses_gives_one_message_and_no_edit(
    server: IrlensServer, backends: ScriptedBackends, asm_file: Path
) -> None:
    for _ in range(4):
        backends.fake.reply(BROKEN_IR)
    async with MemoryClient(server) as client:
        await client.initialize(RESOLVES)
        client.open(asm_file.as_uri(), STRANGE_ASM, language="asm")
        (lift,) = await actions(client, asm_file.as_uri())
        resolved = (await client.request("codeAction/resolve", lift))["result"]
        assert not resolved.get("edit")
        (message,) = client.all("window/showMessage")
        assert "double_it could not be lifted: `cpuid` at line " in message["message"]


async def test_what_is_shown_to_be_wrong_can_be_read_and_is_not_offered(
    server: IrlensServer, backends: ScriptedBackends, asm_file: Path
) -> None:
    for _ in range(4):
        backends.fake.reply(LIFTED)
    shown: list[Json] = []
    answers = {"window/showDocument": lambda params: shown.append(params) or {"success": True}}
    async with MemoryClient(server, answers) as client:
        await client.initialize(RESOLVES)
        client.open(asm_file.as_uri(), STRANGE_ASM, language="asm")
        (lift,) = await actions(client, asm_file.as_uri())
        resolved = (await client.request("codeAction/resolve", lift))["result"]
        assert not resolved.get("edit")
        await wait_for(lambda: shown)
        path, text, mode = read_shown(shown[0]["uri"])
        assert text.startswith("; SHOWN TO BE WRONG: ")
        assert "; verdict: disagrees; does something else than the assembly. Emulator: " in text
        assert not mode & 0o222
        assert path.parent != asm_file.parent
        (message,) = client.all("window/showMessage")
        assert "is shown to be wrong: " in message["message"]
        assert list(asm_file.parent.glob("*.ll")) == []
    assert not is_there(path), "a preview goes with the server"


async def test_without_a_model_the_mechanical_lifter_does_it(
    server: IrlensServer, backends: ScriptedBackends, asm_file: Path
) -> None:
    backends.fake.fail(ModelUnavailable("There is no model. Give one with --model."))
    async with MemoryClient(server) as client:
        await client.initialize(RESOLVES)
        client.open(asm_file.as_uri(), ASM, language="asm")
        (lift,) = await actions(client, asm_file.as_uri())
        edit = (await client.request("codeAction/resolve", lift))["result"]["edit"]
        text = edit["documentChanges"][1]["edits"][0]["newText"]
        first = text.split("\n")[0]
        assert first.endswith(" (mechanically: There is no model. Give one with --model)"), first


async def test_a_lift_shows_progress(
    server: IrlensServer, backends: ScriptedBackends, asm_file: Path
) -> None:
    gate = threading.Event()
    backends.fake.reply(LIFTED, hold=gate)
    async with MemoryClient(server) as client:
        await client.initialize(RESOLVES)
        client.open(asm_file.as_uri(), ASM, language="asm")
        (lift,) = await actions(client, asm_file.as_uri())
        asked = client.send("codeAction/resolve", lift)
        begin = await client.notification("$/progress", lambda p: p["value"]["kind"] == "begin")
        assert begin["value"]["title"] == "Lift double_it"
        assert begin["value"]["cancellable"] is True
        gate.set()
        await client.reply(asked)
        end = await client.notification("$/progress", lambda p: p["value"]["kind"] == "end")
        assert end == {"token": begin["token"], "value": {"kind": "end", "message": "done"}}


async def test_a_cancelled_resolve_stops_the_token_loop(
    server: IrlensServer, backends: ScriptedBackends, asm_file: Path
) -> None:
    backends.fake.reply(LIFTED, hold=threading.Event())  # never let go: only a cancel ends it
    async with MemoryClient(server) as client:
        await client.initialize(RESOLVES)
        client.open(asm_file.as_uri(), ASM, language="asm")
        (lift,) = await actions(client, asm_file.as_uri())
        asked = client.send("codeAction/resolve", lift)
        await wait_for(backends.fake.started.is_set)
        client.notify("$/cancelRequest", {"id": asked})
        assert (await client.reply(asked))["error"]["code"] == -32800
        await wait_for(lambda: backends.fake.state == "ready")
        end = await client.notification("$/progress", lambda p: p["value"]["kind"] == "end")
        assert end["value"]["message"] == "cancelled"


async def test_the_bars_cancel_button_stops_a_command(
    server: IrlensServer, backends: ScriptedBackends, asm_file: Path
) -> None:
    backends.fake.reply(LIFTED, hold=threading.Event())
    async with MemoryClient(server) as client:
        await client.initialize(COMMANDS_ONLY)
        client.open(asm_file.as_uri(), ASM, language="asm")
        (lift,) = await actions(client, asm_file.as_uri())
        reply = await client.request("workspace/executeCommand", lift)
        assert reply["result"] is None  # at once: the work goes on behind it
        begin = await client.notification("$/progress", lambda p: p["value"]["kind"] == "begin")
        await wait_for(backends.fake.started.is_set)
        client.notify("window/workDoneProgress/cancel", {"token": begin["token"]})
        end = await client.notification("$/progress", lambda p: p["value"]["kind"] == "end")
        assert end["value"]["message"] == "cancelled"
        await wait_for(lambda: backends.fake.state == "ready" and not server.jobs)
        assert client.all("workspace/applyEdit") == []


async def test_an_edit_elsewhere_does_not_stop_a_lift(
    server: IrlensServer, backends: ScriptedBackends, asm_file: Path
) -> None:
    gate = threading.Event()
    backends.fake.reply(LIFTED, hold=gate)
    async with MemoryClient(server) as client:
        await client.initialize(RESOLVES)
        uri = asm_file.as_uri()
        client.open(uri, ASM, language="asm")
        (lift,) = await actions(client, uri)
        asked = client.send("codeAction/resolve", lift)
        await wait_for(backends.fake.started.is_set)
        changed = [{"text": "# a comment\n" + ASM}]
        client.notify(
            "textDocument/didChange", {"textDocument": {"uri": uri, "version": 2}, "contentChanges": changed}
        )
        gate.set()
        assert (await client.reply(asked))["result"]["edit"]


async def test_a_command_applies_its_edit_and_opens_the_file(
    server: IrlensServer, backends: ScriptedBackends, asm_file: Path
) -> None:
    backends.fake.reply(LIFTED)
    answers = {"workspace/applyEdit": {"applied": True}, "window/showDocument": {"success": True}}
    async with MemoryClient(server, answers) as client:
        await client.initialize(COMMANDS_ONLY)
        client.open(asm_file.as_uri(), ASM, language="asm")
        (lift,) = await actions(client, asm_file.as_uri())
        await client.request("workspace/executeCommand", lift)
        shown = await client.notification("window/showDocument")
        assert shown["uri"].endswith("double.double_it.ll")
        assert not list(asm_file.parent.glob("*.ll"))  # the client makes the file, not the server


async def test_a_client_that_cannot_create_files_gets_the_file(
    server: IrlensServer, backends: ScriptedBackends, asm_file: Path
) -> None:
    backends.fake.reply(LIFTED)
    async with MemoryClient(server) as client:
        await client.initialize({"textDocument": {"codeAction": LITERALS}})
        client.open(asm_file.as_uri(), ASM, language="asm")
        (lift,) = await actions(client, asm_file.as_uri())
        await client.request("workspace/executeCommand", lift)
        await client.notification("window/showMessage", lambda p: "double.double_it.ll" in p["message"])
        assert "define i32 @double_it" in (asm_file.parent / "double.double_it.ll").read_text()


@pytest.mark.parametrize(
    "params",
    [
        {"command": "irlens.nonsense"},
        {"command": "irlens.lift"},
        {"command": "irlens.lift", "arguments": [5]},
        {"command": "irlens.lift", "arguments": [{"uri": URI}]},
        {"command": "irlens.tune", "arguments": [{"uri": None}]},
    ],
)
async def test_a_command_that_cannot_be_read_gets_an_error(server: IrlensServer, params: Json) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(COMMANDS_ONLY)
        reply = await client.request("workspace/executeCommand", params)
        assert reply["error"]["code"] == -32602


# IR


async def improve(client: MemoryClient, title: str) -> Json:
    offered = await actions(client, URI)
    (chosen,) = [action for action in offered if action["title"] == title]
    return (await client.request("codeAction/resolve", chosen))["result"]


async def test_apply_oz_replaces_the_module_and_keeps_the_head(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(RESOLVES)
        client.open(URI, IR, version=7)
        resolved = await improve(client, "Apply -Oz")
        (change,) = resolved["edit"]["documentChanges"]
        assert change["textDocument"] == {"uri": URI, "version": 7}
        (edit,) = change["edits"]  # one edit is one undo step
        assert edit["range"] == {"start": {"line": 3, "character": 0}, "end": {"line": 18, "character": 0}}
        assert "alloca" not in edit["newText"]
        assert "ModuleID" not in edit["newText"]
        assert edit["newText"].endswith("\n")
        message = await client.notification("window/showMessage")
        assert "measured" in message["message"]


async def test_crlf_texts_stay_crlf(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(RESOLVES)
        client.open(URI, IR.replace("\n", "\r\n"))
        resolved = await improve(client, "Apply -Oz")
        text = resolved["edit"]["documentChanges"][0]["edits"][0]["newText"]
        assert text.count("\n") == text.count("\r\n") > 3


async def test_optimise_for_size_takes_the_models_list_only_when_it_is_smaller(
    server: IrlensServer, backends: ScriptedBackends
) -> None:
    backends.fake.reply("none")
    async with MemoryClient(server) as client:
        await client.initialize(RESOLVES)
        client.open(URI, IR)
        resolved = await improve(client, "Optimise for size (checked)")
        assert resolved["edit"]["documentChanges"][0]["edits"]
        message = await client.notification("window/showMessage")
        assert re.search(
            r"-Oz with clang's attributes: 8 bytes .*; measured by (LLVM|opt) ", message["message"]
        )


async def test_nothing_is_applied_to_a_text_that_moved_on(
    server: IrlensServer, backends: ScriptedBackends
) -> None:
    gate = threading.Event()
    backends.fake.reply("none", hold=gate)
    async with MemoryClient(server) as client:
        await client.initialize(RESOLVES)
        client.open(URI, IR)
        (tune,) = [a for a in await actions(client, URI) if a["title"].startswith("Optimise")]
        asked = client.send("codeAction/resolve", tune)
        await wait_for(backends.fake.started.is_set)
        document = {"uri": URI, "version": 2}
        client.notify(
            "textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": "; new\n" + IR}]}
        )
        await client.request("textDocument/documentSymbol", {"textDocument": {"uri": URI}})
        gate.set()
        assert not (await client.reply(asked))["result"].get("edit")
        (message,) = client.all("window/showMessage")
        assert "changed meanwhile" in message["message"]


async def test_a_module_that_does_not_parse_is_refused_with_llvms_reason(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(RESOLVES)
        client.open(URI, BROKEN_IR)
        resolved = await improve(client, "Apply -Oz")
        assert not resolved.get("edit")
        message = await client.notification("window/showMessage")
        assert "%nothing" in message["message"]


async def test_a_misspelt_pass_has_a_quick_fix(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize({**RESOLVES, "general": {"positionEncodings": ["utf-16"]}})
        client.open(URI, '; 😀 RUN: opt -passes="sroa,instcombin" -S %s\n')
        (found,) = await client.diagnostics(URI)
        params = {
            "textDocument": {"uri": URI},
            "range": found["range"],
            "context": {"diagnostics": [found], "only": ["quickfix"]},
        }
        (fix, *_) = (await client.request("textDocument/codeAction", params))["result"]
        assert fix["isPreferred"] is True
        assert fix["diagnostics"] == [found]
        (edit,) = fix["edit"]["documentChanges"][0]["edits"]
        assert edit == {"range": found["range"], "newText": "instcombine"}
        assert found["range"]["start"]["character"] == 28
