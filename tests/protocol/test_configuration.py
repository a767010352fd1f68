"""Settings over the protocol, trust, files on disk, the status."""

from __future__ import annotations

from pathlib import Path

from irlens.lsp.server import IrlensServer
from irlens.settings import LlvmSettings
from support.conditions import wait_for
from support.memory_client import Json, MemoryClient
from support.scripted_backends import ScriptedBackends
from support.texts import BROKEN_IR, IR

PULLS_CONFIGURATION: Json = {"workspace": {"configuration": True}}
WATCHES: Json = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}


async def test_settings_are_fetched_and_fetched_again(
    server: IrlensServer, backends: ScriptedBackends
) -> None:
    sent = {"lift": {"candidates": 2}}
    async with MemoryClient(server, {"workspace/configuration": lambda params: [sent]}) as client:
        await client.initialize(PULLS_CONFIGURATION)
        await wait_for(lambda: server.settings.lift.candidates == 2)
        assert client.all("workspace/configuration")[0] == {"items": [{"section": "irlens"}]}
        sent["lift"]["candidates"] = 7
        client.notify("workspace/didChangeConfiguration", {"settings": None})
        await wait_for(lambda: server.settings.lift.candidates == 7)
        assert backends.configured[-1].lift.candidates == 7


async def test_pushed_settings_count_where_nothing_can_be_fetched(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        settings = {"irlens": {"lift": {"candidates": 3}, "diagnostics": {"enabled": False}}}
        client.notify("workspace/didChangeConfiguration", {"settings": settings})
        await wait_for(lambda: server.settings.lift.candidates == 3)
        client.open("file:///w/a.ll", BROKEN_IR)
        assert await client.diagnostics("file:///w/a.ll") == []


async def test_wrong_settings_are_said_once_and_harm_nothing(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(initializationOptions={"lift": {"candidates": "many"}})
        for _ in range(2):
            wrong = {"irlens": {"lift": {"candidates": "many"}, "diagnostics": 5}}
            client.notify("workspace/didChangeConfiguration", {"settings": wrong})
        client.open("file:///w/a.ll", BROKEN_IR)
        assert await client.diagnostics("file:///w/a.ll")
        (message,) = client.all("window/showMessage")
        assert "irlens.lift.candidates" in message["message"]
        assert server.settings.lift.candidates == 4


async def test_a_client_that_does_not_know_its_settings_is_survived(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:  # it answers workspace/configuration with an error
        await client.initialize(PULLS_CONFIGURATION)
        client.open("file:///w/a.ll", BROKEN_IR)
        assert await client.diagnostics("file:///w/a.ll")


async def test_an_untrusted_workspace_chooses_no_model_and_no_executable(
    server: IrlensServer, backends: ScriptedBackends
) -> None:
    evil = {
        "model": {"path": "/evil.gguf"},
        "llvm": {"opt": "/evil", "assembler": "/evil"},
        "workspaceTrusted": True,
    }
    async with MemoryClient(server, {"workspace/configuration": lambda params: [evil]}) as client:
        options = {**evil, "workspaceTrusted": False}
        await client.initialize(PULLS_CONFIGURATION, initializationOptions=options)
        await wait_for(lambda: client.all("workspace/configuration"))
        client.notify("workspace/didChangeConfiguration", {"settings": {"irlens": evil}})
        await wait_for(lambda: len(client.all("workspace/configuration")) == 2)
        await client.request("textDocument/hover", _nowhere())
        assert (server.settings.model.path, server.settings.llvm) == (None, LlvmSettings())
        assert all(settings.model.path is None for settings in backends.configured)
        said = [params["message"] for params in client.all("window/showMessage")]
        assert len(said) == 3
        assert all("not trusted" in message for message in said)
        client.notify("irlens/trust", {"trusted": True})
        await wait_for(lambda: server.settings.model.path == "/evil.gguf")


# Files on disk


async def test_the_client_is_asked_to_watch_files(server: IrlensServer, tmp_path: Path) -> None:
    path = tmp_path / "a.ll"
    path.write_text(BROKEN_IR)
    async with MemoryClient(server) as client:
        await client.initialize(WATCHES, rootUri=tmp_path.as_uri())
        registration = await client.notification("client/registerCapability")
        assert registration["registrations"][0]["method"] == "workspace/didChangeWatchedFiles"
        client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": path.as_uri(), "type": 2}]})
        assert await client.diagnostics(path.as_uri())
        path.unlink()
        mark = len(client.received)
        client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": path.as_uri(), "type": 3}]})
        assert await client.diagnostics(path.as_uri(), after=mark) == []
        assert server.folder_watch is None


async def test_files_are_watched_where_the_client_does_not(server: IrlensServer, tmp_path: Path) -> None:
    async with MemoryClient(server) as client:
        await client.initialize(rootUri=tmp_path.as_uri())
        await wait_for(lambda: server.folder_watch is not None and server.folder_watch.folders)
        path = tmp_path / "deep" / "new.ll"
        path.parent.mkdir()
        path.write_text(BROKEN_IR)
        (tmp_path / "other.txt").write_text(BROKEN_IR)
        assert await client.diagnostics(path.as_uri())
        mark = len(client.received)
        path.write_text(IR)
        assert await client.diagnostics(path.as_uri(), after=mark) == []
        published = {params["uri"] for params in client.all("textDocument/publishDiagnostics")}
        assert published == {path.as_uri()}


async def test_an_open_file_is_what_the_editor_has(server: IrlensServer, tmp_path: Path) -> None:
    path = tmp_path / "a.ll"
    path.write_text(IR)
    async with MemoryClient(server) as client:
        await client.initialize(WATCHES, rootUri=tmp_path.as_uri())
        client.open(path.as_uri(), BROKEN_IR)
        assert await client.diagnostics(path.as_uri())
        mark = len(client.received)
        client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": path.as_uri(), "type": 2}]})
        client.notify("textDocument/didSave", {"textDocument": {"uri": path.as_uri()}})
        assert await client.diagnostics(path.as_uri(), after=mark)
        assert len(client.all("textDocument/publishDiagnostics")) == 2


async def test_a_byte_order_mark_on_disk_is_no_error(server: IrlensServer, tmp_path: Path) -> None:
    path = tmp_path / "marked.ll"
    path.write_bytes(b"\xef\xbb\xbf" + IR.encode())
    async with MemoryClient(server) as client:
        await client.initialize(WATCHES)
        client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": path.as_uri(), "type": 1}]})
        assert await client.diagnostics(path.as_uri()) == []


async def test_unreadable_files_on_disk_are_left_alone(server: IrlensServer, tmp_path: Path) -> None:
    (tmp_path / "folder.ll").mkdir()
    (tmp_path / "binary.ll").write_bytes(b"\xff\xfe\x00")
    good = tmp_path / "good.ll"
    good.write_text(BROKEN_IR)
    async with MemoryClient(server) as client:
        await client.initialize(WATCHES)
        uris = [(tmp_path / name).as_uri() for name in ("folder.ll", "binary.ll", "gone.ll", "good.ll")]
        changes = [{"uri": uri, "type": 1} for uri in [*uris, "untitled:x.ll", "git:/w/a.ll"]]
        client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        assert await client.diagnostics(good.as_uri())
        assert {p["uri"] for p in client.all("textDocument/publishDiagnostics")} == {good.as_uri()}


async def test_the_status_says_what_the_model_is(server: IrlensServer) -> None:
    async with MemoryClient(server) as client:
        await client.initialize()
        status = await client.notification("irlens/status", lambda status: status["model"]["name"])
        assert status["state"] == "ready"
        assert status["model"] == {
            "name": "scripted",
            "state": "absent",
            "reason": "not loaded until it is needed",
            "engine": "script",
            "device": "none",
        }


def _nowhere() -> Json:
    return {"textDocument": {"uri": "file:///nowhere.ll"}, "position": {"line": 0, "character": 0}}
