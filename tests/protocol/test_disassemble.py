"""`irlens/disassemble`: an object or program as a listing, which is then assembly like any other."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from irlens.errors import UnusableInput
from irlens.lsp.server import IrlensServer
from irlens.mechanical.client import MechanicalLifter
from support.memory_client import Json, MemoryClient
from support.scripted_backends import ScriptedBackends

IR = """define i32 @triple(i32 %x) {
  %y = mul i32 %x, 3
  ret i32 %y
}
define i32 @more(i32 %x) {
  %y = call i32 @triple(i32 %x)
  %z = add i32 %y, 1
  ret i32 %z
}
"""
X86, ARM = "x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"
LISTING = "irlens-object:/made.o.s?of%3Dit"


async def asked(client: MemoryClient, path: Path, **more: Any) -> Json:
    return await client.request("irlens/disassemble", {"uri": path.as_uri(), **more})


@pytest.mark.parametrize("triple", [X86, ARM])
async def test_an_object_is_a_listing_whose_functions_are_lifted(
    triple: str, server: IrlensServer, backends: ScriptedBackends, tmp_path: Path
) -> None:
    path = tmp_path / "made.o"
    path.write_bytes(backends.real_llvm.emit_object(IR, triple))
    async with MemoryClient(server) as client:
        # Reading needs no trust: nothing is run.
        options = {"workspaceTrusted": False, "lift": {"origin": "mechanical"}}
        await client.initialize(initializationOptions=options)
        answer = (await asked(client, path, workDoneToken="mine"))["result"]
        assert (answer["fileName"], answer["functions"]) == ("made.o.s", 2)
        assert (answer["notes"], answer["following"]) == ([], "")
        kinds = [p["value"]["kind"] for p in client.all("$/progress") if p["token"] == "mine"]
        assert (kinds[0], kinds[-1]) == ("begin", "end")
        client.open(LISTING, answer["text"], language="asm")
        assert await client.diagnostics(LISTING) == []
        document = {"textDocument": {"uri": LISTING}}
        lenses = (await client.request("textDocument/codeLens", document))["result"]
        lines = answer["text"].split("\n")
        assert [lines[each["range"]["start"]["line"]] for each in lenses] == ["triple:", "more:"]
        for lens in lenses:
            assert lens["command"]["title"] == "Lift to LLVM IR"
            (target,) = lens["command"]["arguments"]
            assert target["uri"] == LISTING
            (best,) = (await client.request("irlens/lift", target))["result"]["candidates"]
            assert (best["verdict"], best["shownRight"]) == ("agrees", True), best["reason"]
    assert os.listdir(tmp_path) == ["made.o"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xcf\xfa\xed\xfe" + bytes(100), "made.o: This is a macOS (Mach-O) object or program, which is not read yet."),
        (b"MZ" + bytes(100), "made.o: This is a Windows (PE) program, which is not read yet."),
        (b"\x64\x86" + bytes(100), "made.o: This is a Windows (COFF) object, which is not read yet."),
        (b"!<arch>\n" + bytes(100), "made.o: This is an archive; unpack it with `ar x` first"),
        (b"all: made\n", "made.o: This is no object that irlens knows"),
        (b"", "made.o: This is no object that irlens knows"),
    ],
)  # fmt: skip
async def test_other_files_are_named_and_refused(
    server: IrlensServer, tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "made.o"
    path.write_bytes(content)
    async with MemoryClient(server) as client:
        await client.initialize()
        error = (await asked(client, path))["error"]
        assert error["code"] == -32803
        assert error["message"].startswith(says)
        assert error["message"].endswith(".")
        assert ".." not in error["message"]


async def test_what_is_no_file_on_disk_is_refused(server: IrlensServer, tmp_path: Path) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        for path, says in ((tmp_path, "not a file but"), (tmp_path / "gone.o", "cannot be read")):
            assert says in (await asked(client, path))["error"]["message"]
        for uri in ("untitled:a.o", "file:///a%00b", "http://host/a.o", "file://[", "x"):
            error = (await client.request("irlens/disassemble", {"uri": uri}))["error"]
            assert error["code"] == -32803, uri
        assert (await client.request("irlens/disassemble", {}))["error"]["code"] == -32602


async def test_the_file_is_taken_apart_in_a_child_and_never_on_the_loop(
    server: IrlensServer, backends: ScriptedBackends, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "made.o"
    path.write_bytes(backends.real_llvm.emit_object(IR, X86))
    threads = []
    run = MechanicalLifter.run

    def watched(self: MechanicalLifter, job: Any, *rest: Any, **more: Any) -> Any:
        threads.append(threading.current_thread())
        assert job["op"] == "listing"
        return run(self, job, *rest, **more)

    monkeypatch.setattr(MechanicalLifter, "run", watched)
    async with MemoryClient(server) as client:
        client.is_watched = True
        await client.initialize()
        assert "result" in await asked(client, path)
    assert threads
    assert threading.main_thread() not in threads


async def test_a_name_that_nobody_has_is_an_error_of_one_line(
    server: IrlensServer, backends: ScriptedBackends, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "a[x](command:evil)\n.o"
    path = tmp_path / name
    path.write_bytes(b"no object")
    async with MemoryClient(server) as client:
        await client.initialize()
        message = (await asked(client, path))["error"]["message"]
        assert "\n" not in message
        assert "](command" not in message

        def refuse(*_: object) -> None:
            raise UnusableInput("It is $(alert) broken.")

        monkeypatch.setattr(MechanicalLifter, "listing_of", refuse)
        assert "$(" not in (await asked(client, path))["error"]["message"]
