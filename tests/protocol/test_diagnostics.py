"""Findings: when they come, where they stand, whose text they are of."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from irlens.cancel import CancelToken
from irlens.errors import LLVMStopped
from irlens.llvm.answers import ParseResult
from irlens.llvm.client import LLVM
from irlens.lsp.server import IrlensServer, create_server
from support.conditions import wait_for
from support.memory_client import Json, MemoryClient
from support.scripted_backends import ScriptedBackends
from support.texts import BROKEN_IR, IR

URI = "file:///w/a.ll"
ASM_URI = "file:///w/a.s"
PULLS = {"textDocument": {"diagnostic": {}}}
VERSIONS = {"textDocument": {"publishDiagnostics": {"versionSupport": True}}}

EMOJI_IR = (
    '; RUN: opt -passes="sroa,instcombin" -S %s\n'
    '@"😀é" = global i32 0\n'
    "define void @f() {\n"
    '  store i32 @"😀é😀", ptr @"😀é"\n'
    "  ret void\n}\n"
)
"""The unknown name of line 3 has characters of one, two and four UTF-8 bytes in and before it."""


def change(uri: str, version: int, text: str, span: tuple[int, int, int, int] | None = None) -> Json:
    event: Json = {"text": text}
    if span is not None:
        event["range"] = {
            "start": {"line": span[0], "character": span[1]},
            "end": {"line": span[2], "character": span[3]},
        }
    return {"textDocument": {"uri": uri, "version": version}, "contentChanges": [event]}


class HeldLlvm:
    """A real LLVM whose `parse` waits until it may go on, and remembers what it was asked."""

    def __init__(self, real: LLVM) -> None:
        self._real = real
        self.may_go = threading.Event()
        self.may_go.set()
        self.asked: list[str] = []
        self.cancelled = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def parse(self, text: str, *, cancel: CancelToken | None = None) -> ParseResult:
        self.asked.append(text)
        while not self.may_go.wait(0.01):
            if cancel is not None and cancel.cancelled:
                self.cancelled += 1
                cancel.check()
        return self._real.parse(text, cancel=cancel)


async def test_errors_come_on_open_and_go_when_mended(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, BROKEN_IR)
        (found,) = await client.diagnostics(URI)
        assert found["range"] == {"start": {"line": 1, "character": 10}, "end": {"line": 1, "character": 18}}
        assert found["severity"] == 1
        assert found["source"] == "irlens"
        mark = len(client.received)
        client.notify("textDocument/didChange", change(URI, 2, "7", (1, 10, 1, 18)))
        assert await client.diagnostics(URI, after=mark) == []


@pytest.mark.parametrize(
    ("encoding", "run_line", "name"),
    [("utf-8", (25, 35), (12, 25)), ("utf-16", (25, 35), (12, 20)), ("utf-32", (25, 35), (12, 18))],
)
async def test_positions_are_in_the_clients_unit(
    server: IrlensServer, encoding: str, run_line: tuple[int, int], name: tuple[int, int]
) -> None:
    async with MemoryClient(server) as client:
        await client.initialize({"general": {"positionEncodings": [encoding]}})
        client.open(URI, EMOJI_IR)
        first, second = await client.diagnostics(URI)
        assert (first["range"]["start"]["character"], first["range"]["end"]["character"]) == run_line
        assert second["range"]["start"] == {"line": 3, "character": name[0]}
        assert second["range"]["end"] == {"line": 3, "character": name[1]}


@pytest.mark.parametrize(("encoding", "at"), [("utf-8", 7), ("utf-16", 4), ("utf-32", 3)])
async def test_changes_are_read_in_the_clients_unit(server: IrlensServer, encoding: str, at: int) -> None:
    async with MemoryClient(server) as client:
        await client.initialize({"general": {"positionEncodings": [encoding]}})
        client.open(URI, ";😀é;\n")
        client.notify("textDocument/didChange", change(URI, 2, "\n@g = bad\n;", (0, at, 0, at)))
        found = await client.notification("textDocument/publishDiagnostics", lambda p: p["diagnostics"])
        assert found["diagnostics"][0]["range"]["start"] == {"line": 1, "character": 5}
        assert server.documents.get(URI).text == ";😀é\n@g = bad\n;;\n"  # type: ignore[union-attr]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
async def test_every_line_end_counts_once(server: IrlensServer, line_end: str) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(
            URI, "; page\fbreak\u2028here\n".replace("\n", line_end) + BROKEN_IR.replace("\n", line_end)
        )
        (found,) = await client.diagnostics(URI)
        assert found["range"]["start"] == {"line": 2, "character": 10}


async def test_only_the_latest_text_is_reported(backends: ScriptedBackends) -> None:
    held = HeldLlvm(backends.real_llvm)
    backends.real_llvm = held  # type: ignore[assignment]
    async with MemoryClient(create_server(backends=backends)) as client:
        await client.initialize(VERSIONS)
        held.may_go.clear()
        client.open(URI, BROKEN_IR)
        await wait_for(lambda: held.asked)
        client.notify("textDocument/didChange", change(URI, 2, IR))
        await wait_for(lambda: held.cancelled)
        held.may_go.set()
        params = await client.notification("textDocument/publishDiagnostics")
        assert params["version"] == 2
        assert params["diagnostics"] == []
        assert all(sent["version"] == 2 for sent in client.all("textDocument/publishDiagnostics"))


async def test_typing_is_looked_at_once_after_the_pause(backends: ScriptedBackends) -> None:
    held = HeldLlvm(backends.real_llvm)
    backends.real_llvm = held  # type: ignore[assignment]
    async with MemoryClient(create_server(backends=backends)) as client:
        await client.initialize()
        client.open(URI, "")
        await client.diagnostics(URI)
        mark = len(client.received)
        for version, letter in enumerate("@g=bad", start=2):
            client.notify(
                "textDocument/didChange", change(URI, version, letter, (0, version - 2, 0, version - 2))
            )
        assert await client.diagnostics(URI, after=mark)
        assert held.asked == ["", "@g=bad"]


async def test_findings_of_a_closed_file_are_cleared(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, BROKEN_IR)
        assert await client.diagnostics(URI)
        mark = len(client.received)
        client.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
        assert await client.diagnostics(URI, after=mark) == []


async def test_a_save_reports_even_where_typing_does_not(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(initializationOptions={"diagnostics": {"onChange": False}})
        client.open(URI, IR)
        assert await client.diagnostics(URI) == []
        client.notify("textDocument/didChange", change(URI, 2, BROKEN_IR))
        mark = len(client.received)
        client.notify("textDocument/didSave", {"textDocument": {"uri": URI}})
        assert await client.diagnostics(URI, after=mark)


async def test_a_killed_worker_costs_one_warning(backends: ScriptedBackends) -> None:
    class Dying:
        def __getattr__(self, name: str) -> object:
            return getattr(backends_llvm, name)

        def parse(self, text: str, **_: object) -> ParseResult:
            raise LLVMStopped("LLVM stopped on this input: signal 11. Shorten it.")

    backends_llvm = backends.real_llvm
    backends.real_llvm = Dying()  # type: ignore[assignment]
    async with MemoryClient(create_server(backends=backends)) as client:
        await client.initialize()
        client.open(URI, IR)
        (found,) = await client.diagnostics(URI)
        assert found["severity"] == 2
        assert "signal 11" in found["message"]
        backends.real_llvm = backends_llvm
        mark = len(client.received)
        client.notify("textDocument/didSave", {"textDocument": {"uri": URI}})
        assert await client.diagnostics(URI, after=mark) == []


async def test_passes_in_run_lines_are_checked(server: IrlensServer, backends: ScriptedBackends) -> None:
    backends.can_run = lambda name: name != "gvn"
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, "; RUN: opt -passes=instcombin,gvn -S %s\n")
        unknown, unrunnable = await client.diagnostics(URI)
        assert (unknown["code"], unrunnable["code"]) == ("unknown-pass", "unrunnable-pass")
        assert unknown["range"]["start"]["character"] == 19
        assert "instcombine" in unknown["message"]
        assert "gvn" in unrunnable["message"]


async def test_a_use_before_its_definition_links_to_that(server: IrlensServer) -> None:
    text = "define i32 @f(i1 %c) {\n  br i1 %c, label %a, label %b\na:\n  %v = add i32 1, 2\n  br label %b\nb:\n  ret i32 %v\n}\n"
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(URI, text)
        (found,) = await client.diagnostics(URI)
        assert found["range"]["start"]["line"] == 6
        (related,) = found["relatedInformation"]
        assert related["location"]["uri"] == URI
        place = related["location"]["range"]
        assert (place["start"]["line"], place["start"]["character"]) == (3, 2)


# Assembly: silence until the target is known


async def test_assembly_of_an_unknown_target_gets_silence_and_one_question(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(ASM_URI, "f:\n\tfrobnicate 1\n\tnop\n", language="asm")
        assert await client.diagnostics(ASM_URI) == []
        status = await client.notification("irlens/status", lambda status: status["questions"])
        (question,) = status["questions"]
        assert (question["uri"], question["kind"]) == (ASM_URI, "target")
        client.notify(
            "workspace/didChangeConfiguration",
            {"settings": {"irlens": {"asm": {"target": "x86_64-linux-gnu"}}}},
        )
        found = await client.notification(
            "textDocument/publishDiagnostics", lambda p: p["uri"] == ASM_URI and p["diagnostics"]
        )
        assert found["diagnostics"][0]["range"]["start"]["line"] == 1
        await client.notification("irlens/status", lambda status: not status["questions"])
        assert client.all("irlens/status")[-1]["questions"] == []


UNKNOWN_ASM = "f:\n\tfrobnicate 1\n\tnop\n"


async def questions(client: MemoryClient, *uris: str) -> None:
    wanted = set(uris)
    await client.notification(
        "irlens/status", lambda status: {each["uri"] for each in status["questions"]} == wanted
    )


async def test_the_answer_for_one_file_is_for_that_file_alone(server: IrlensServer) -> None:
    other = "file:///w/other.s"
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(ASM_URI, UNKNOWN_ASM, language="asm")
        client.open(other, UNKNOWN_ASM, language="asm")
        await questions(client, ASM_URI, other)
        client.notify("irlens/target", {"uri": ASM_URI, "target": "x86_64-unknown-linux-gnu"})
        found = await client.notification(
            "textDocument/publishDiagnostics", lambda p: p["uri"] == ASM_URI and p["diagnostics"]
        )
        assert found["diagnostics"][0]["range"]["start"]["line"] == 1
        await questions(client, other)
        client.notify("irlens/target", {"uri": other, "target": "ignore"})
        await questions(client)
        client.notify("irlens/target", {"uri": other, "target": None})
        await questions(client, other)


async def test_answers_of_an_earlier_session_come_with_the_first_message(server: IrlensServer) -> None:
    options = {"targets": {ASM_URI: "ignore", "": "x", "file:///w/b.s": 7}, "settings": {}}
    async with MemoryClient(server) as client:
        await client.initialize(initializationOptions=options)
        client.open(ASM_URI, UNKNOWN_ASM, language="asm")
        assert await client.diagnostics(ASM_URI) == []
        assert client.all("irlens/status")[-1]["questions"] == []


async def test_a_machine_that_is_not_read_is_no_question(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(ASM_URI, "f:\n\taddi\tsp, sp, -16\n\tlui\ta0, %hi(x)\n\tret\n", language="asm")
        status = await client.notification("irlens/status", lambda status: status["questions"])
        (question,) = status["questions"]
        assert question["kind"] == "unsupported"
        assert "RISC-V" in question["text"]


@pytest.mark.parametrize(
    "params", [None, [], {"uri": 3, "target": "x"}, {"uri": ASM_URI, "target": "a\0b"}, {"uri": ASM_URI}]
)
async def test_a_target_that_is_none_changes_nothing(server: IrlensServer, params: object) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(ASM_URI, UNKNOWN_ASM, language="asm")
        await questions(client, ASM_URI)
        client.notify("irlens/target", params)
        assert "result" in await client.request(
            "textDocument/documentSymbol", {"textDocument": {"uri": ASM_URI}}
        )
        assert server.target_of(ASM_URI) is None


async def test_assembly_that_shows_its_target_is_assembled(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(ASM_URI, "f:\n\tmovq\t%rdi, %rax\n\tmovq\t%rdi\n\tretq\n", language="asm")
        (found,) = await client.diagnostics(ASM_URI)
        assert found["range"]["start"]["line"] == 2


async def test_a_file_for_another_assembler_says_once_what_it_is_and_asks_nothing(
    server: IrlensServer,
) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(ASM_URI, "bits 64\nsection .text\nmain:\n    mov rax, 60\n", language="asm")
        (note,) = await client.diagnostics(ASM_URI)
        assert (note["severity"], note["code"]) == (3, "not-read")
        assert note["message"].startswith("Not checked: this is NASM assembly (`bits 64`)")
        assert not any("question" in status for status in client.all("irlens/status"))


async def test_one_setting_serves_files_of_both_machines(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        client.notify(
            "workspace/didChangeConfiguration", {"settings": {"irlens": {"asm": {"target": "aarch64"}}}}
        )
        client.open(ASM_URI, "f:\n\tmovq\t%rdi, %rax\n\tmovq\t%rdi\n\tretq\n", language="asm")
        found = await client.notification(
            "textDocument/publishDiagnostics", lambda p: p["uri"] == ASM_URI and p["diagnostics"]
        )
        assert [each["range"]["start"]["line"] for each in found["diagnostics"]] == [2]


async def test_assembly_for_the_preprocessor_gets_one_word(server: IrlensServer) -> None:
    uri = "file:///w/a.S"
    text = '#include "x.h"\nf:\n\tmovq\t%rdi, %rax\n\tENTRY(f)\n'
    async with MemoryClient(server) as client:
        await client.initialize()
        client.open(uri, text, language="asm")
        (note,) = await client.diagnostics(uri)
        assert (note["severity"], note["code"]) == (3, "not-read")
        assert "gcc -E -P -x assembler-with-cpp a.S -o a.i.s" in note["message"]
        mark = len(client.received)
        client.notify("textDocument/didChange", change(uri, 2, text.replace('#include "x.h"\n', "")))
        assert await client.diagnostics(uri, after=mark)


# Pull


async def test_pulled_findings_are_not_pushed_as_well(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(PULLS)
        client.open(URI, BROKEN_IR)
        params = {"textDocument": {"uri": URI}}
        report = (await client.request("textDocument/diagnostic", params))["result"]
        assert report["kind"] == "full"
        assert len(report["items"]) == 1
        again = await client.request(
            "textDocument/diagnostic", {**params, "previousResultId": report["resultId"]}
        )
        assert again["result"] == {"kind": "unchanged", "resultId": report["resultId"]}
        client.notify("textDocument/didChange", change(URI, 2, IR))
        after = await client.request(
            "textDocument/diagnostic", {**params, "previousResultId": report["resultId"]}
        )
        assert after["result"]["items"] == []
        assert client.all("textDocument/publishDiagnostics") == []


async def test_typing_is_not_reported_to_a_client_that_pulls_where_the_setting_says_so(
    server: IrlensServer,
) -> None:
    def refreshes(client: MemoryClient) -> int:
        return len([m for m in client.received if m.get("method") == "workspace/diagnostic/refresh"])

    capabilities = {
        "textDocument": {"diagnostic": {}},
        "workspace": {"diagnostics": {"refreshSupport": True}},
    }
    async with MemoryClient(server) as client:
        await client.initialize(
            capabilities, initializationOptions={"settings": {"diagnostics": {"onChange": False}}}
        )
        client.open(URI, IR)
        params = {"textDocument": {"uri": URI}}
        first = (await client.request("textDocument/diagnostic", params))["result"]
        assert [item for item in first["items"] if item["severity"] == 1] == []
        client.notify("textDocument/didChange", change(URI, 2, BROKEN_IR))
        params["previousResultId"] = first["resultId"]
        again = (await client.request("textDocument/diagnostic", params))["result"]
        assert again == {"kind": "unchanged", "resultId": first["resultId"]}
        before = refreshes(client)
        client.notify("textDocument/didSave", {"textDocument": {"uri": URI}})
        await wait_for(lambda: refreshes(client) > before)
        saved = (await client.request("textDocument/diagnostic", params))["result"]
        assert [item["severity"] for item in saved["items"]] == [1]


async def test_what_was_pushed_of_a_closed_file_goes_when_it_is_pulled(
    server: IrlensServer, tmp_path: Path
) -> None:
    path = tmp_path / "a.ll"
    path.write_text(BROKEN_IR)
    async with MemoryClient(server) as client:
        await client.initialize(PULLS)
        client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": path.as_uri(), "type": 1}]})
        assert await client.diagnostics(path.as_uri())
        mark = len(client.received)
        client.open(path.as_uri(), BROKEN_IR)
        assert await client.diagnostics(path.as_uri(), after=mark) == []


async def test_a_pull_of_an_old_text_is_to_be_asked_again(backends: ScriptedBackends) -> None:
    held = HeldLlvm(backends.real_llvm)
    backends.real_llvm = held  # type: ignore[assignment]
    async with MemoryClient(create_server(backends=backends)) as client:
        await client.initialize(PULLS)
        held.may_go.clear()
        client.open(URI, BROKEN_IR)
        asked = client.send("textDocument/diagnostic", {"textDocument": {"uri": URI}})
        await wait_for(lambda: held.asked)
        client.notify("textDocument/didChange", change(URI, 2, IR))
        await client.request("textDocument/documentSymbol", {"textDocument": {"uri": URI}})
        held.may_go.set()
        error = (await client.reply(asked))["error"]
        assert error["code"] == -32802
        assert error["data"] == {"retriggerRequest": True}


async def test_a_cancelled_pull_stops_the_worker(backends: ScriptedBackends) -> None:
    held = HeldLlvm(backends.real_llvm)
    backends.real_llvm = held  # type: ignore[assignment]
    async with MemoryClient(create_server(backends=backends)) as client:
        await client.initialize(PULLS)
        held.may_go.clear()
        client.open(URI, BROKEN_IR)
        asked = client.send("textDocument/diagnostic", {"textDocument": {"uri": URI}})
        await wait_for(lambda: held.asked)
        client.notify("$/cancelRequest", {"id": asked})
        assert (await client.reply(asked))["error"]["code"] == -32800
        await wait_for(lambda: held.cancelled)


async def test_typing_kills_no_worker_that_is_nearly_done(backends: ScriptedBackends) -> None:
    held = HeldLlvm(backends.real_llvm)
    backends.real_llvm = held  # type: ignore[assignment]
    async with MemoryClient(create_server(backends=backends)) as client:
        await client.initialize()
        held.may_go.clear()
        client.open(URI, BROKEN_IR)
        await wait_for(lambda: held.asked)
        client.notify("textDocument/didChange", change(URI, 2, IR))
        await client.request("textDocument/documentSymbol", {"textDocument": {"uri": URI}})
        held.may_go.set()
        assert await client.diagnostics(URI) == []
        assert held.cancelled == 0
