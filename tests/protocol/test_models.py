"""`irlens/models` and its sisters, against a hub on loopback: what there is, licence, download, choice, removal."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from irlens.cli.main import main
from irlens.folders import data_folder
from irlens.lsp.server import create_server
from irlens.model import store
from irlens.model.named import embedded_model_path
from support.conditions import wait_for
from support.fake_hub import Hub, for_the_user
from support.memory_client import Json, MemoryClient
from support.scripted_backends import ScriptedBackends
from support.tiny_gguf import write_tiny

REPOSITORY, FILE = "second-state/llm-compiler-7b-ftd-GGUF", "llm-compiler-7b-ftd-Q4_K_M.gguf"
FTD, BASE = "llm-compiler-7b-ftd:Q4_K_M", "llm-compiler-7b:Q4_K_M"
CAPABILITIES: Json = {"window": {"workDoneProgress": True}}


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = write_tiny(tmp_path_factory.mktemp("weights") / "x.gguf", embedding=256, vocab=3072, family=None)
    return path.read_bytes()


@pytest.fixture
def hub(weights: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with for_the_user(Hub({(REPOSITORY, FILE): weights}), tmp_path, monkeypatch) as hub:
        yield hub


@pytest.fixture
async def client(hub: Hub) -> AsyncIterator[MemoryClient]:
    """Of a server with real child processes."""
    async with MemoryClient(create_server()) as client:
        client.server.progress_table.least_gap_s = 0.0
        await client.initialize(CAPABILITIES)
        yield client


async def ask(client: MemoryClient, method: str, **params: object) -> Json:
    reply = await client.request(method, params)
    assert "error" not in reply, reply
    result: Json = reply["result"]
    return result


async def refused(client: MemoryClient, method: str, **params: object) -> Json:
    error: Json = (await client.request(method, params))["error"]
    return error


def state_of(answer: Json, name: str) -> str:
    (state,) = (model["state"] for model in answer["models"] if model["name"] == name)
    return str(state)


async def test_what_there_is_is_what_the_shell_lists(
    client: MemoryClient, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = await ask(client, "irlens/models")
    assert main(["model", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert (answer["models"], answer["folder"]) == (listed["models"], listed["folder"])
    assert answer["tasks"]["lift"]["chosen"] == "embedded"
    assert answer["tasks"]["lift"]["by"] == "default"
    assert answer["tasks"]["lift"]["path"] == embedded_model_path()
    assert answer["tasks"]["lift"]["whyEngine"]
    assert answer["catalogue"]["llm-compiler-7b-ftd"]["best"] == ["lift", "tune"]
    licence = answer["licences"]["llm-compiler"]
    assert licence["accepted"] is False
    assert licence["where"].startswith("https://")


async def test_from_the_licence_to_a_model_in_use_and_gone_again(
    client: MemoryClient, hub: Hub, weights: bytes
) -> None:
    asked = await ask(client, "irlens/pullModel", name="llm-compiler-7b-ftd")
    assert (asked["pulled"], asked["name"], asked["gigabytes"]) == (False, FTD, 4.08)
    assert asked["licence"]["points"]
    assert asked["licence"]["credit"] == "Built with LLM Compiler"
    assert hub.requests == []
    pulled = await ask(
        client, "irlens/pullModel", name="llm-compiler-7b-ftd", acceptLicence=True, workDoneToken="mine"
    )
    assert (pulled["pulled"], pulled["already"], pulled["bytes"]) == (True, False, len(weights))
    assert pulled["credit"] == "Built with LLM Compiler"
    values = [p["value"] for p in client.all("$/progress") if p["token"] == "mine"]
    assert (values[0]["kind"], values[-1]["kind"], values[0]["cancellable"]) == ("begin", "end", True)
    assert any(" MB of " in value.get("message", "") for value in values)
    assert any(value.get("message", "").startswith("checking ") for value in values)
    answer = await ask(client, "irlens/models")
    assert state_of(answer, FTD) == "here"
    assert answer["licences"]["llm-compiler"]["accepted"] is True

    used = await ask(client, "irlens/useModel", name=FTD)
    assert (used["name"], used["tasks"], used["overruled"]) == (FTD, ["lift", "tune", "predict"], {})
    assert "llm-compiler-7b is the better choice for predict" in used["hint"]
    status = await client.notification(
        "irlens/status", lambda status: status["tasks"].get("lift", {}).get("name") == "tiny"
    )
    assert status["model"]["name"] == "tiny"
    answer = await ask(client, "irlens/models")
    assert answer["tasks"]["tune"]["by"] == "choice"
    assert answer["tasks"]["tune"]["credit"] == "Built with LLM Compiler"
    assert answer["tasks"]["tune"]["family"] == "llm-compiler"

    seen = len(client.received)
    removed = await ask(client, "irlens/removeModel", name=FTD)
    assert removed == {
        "removed": FTD,
        "freed": removed["freed"],
        "embedded_for": ["lift", "tune", "predict"],
    }
    assert removed["freed"] > len(weights)
    await client.notification(
        "irlens/status", lambda status: status["model"]["name"] not in ("tiny", ""), after=seen
    )
    assert state_of(await ask(client, "irlens/models"), FTD) == "absent"


@pytest.mark.parametrize("by", ["request", "bar"])
async def test_a_cancelled_download_ends_and_the_next_goes_on_where_it_was(
    client: MemoryClient, hub: Hub, weights: bytes, by: str
) -> None:
    hub.stop_at = len(weights) // 2
    asked = client.send(
        "irlens/pullModel", {"name": FTD, "acceptLicence": True, "workDoneToken": f"mine-{by}"}
    )
    await wait_for(hub.stopped.is_set)
    await client.notification("$/progress", lambda params: " of " in params["value"].get("message", ""))
    # What the hub has sent need not be on the disk yet.
    await wait_for(lambda: any(file.stat().st_size for file in data_folder().rglob(f"*{store.PARTIAL}")))
    if by == "request":
        client.notify("$/cancelRequest", {"id": asked})
    else:
        client.notify("window/workDoneProgress/cancel", {"token": f"mine-{by}"})
    assert (await client.reply(asked))["error"]["code"] == -32800
    answer = await ask(client, "irlens/models")
    (partial,) = (model for model in answer["models"] if model["name"] == FTD)
    assert partial["state"] == "partial"
    hub.stop_at = None
    hub.go.set()
    pulled = await ask(client, "irlens/pullModel", name=FTD)
    assert 0 < pulled["resumed"] == partial["bytes"] <= len(weights) // 2


async def test_a_gated_repository_says_what_to_do_and_of_which_kind_it_is(
    client: MemoryClient, hub: Hub
) -> None:
    hub.refuse = (403, "GatedRepo")
    error = await refused(client, "irlens/pullModel", name=FTD, acceptLicence=True)
    assert error["code"] == -32803
    assert error["data"] == {"kind": "gated"}
    assert "Accept its conditions at" in error["message"]


async def test_a_choice_that_a_setting_overrules_is_kept_and_said(
    client: MemoryClient, tmp_path: Path
) -> None:
    one, other = (
        write_tiny(tmp_path / "one.gguf", name="one"),
        write_tiny(tmp_path / "other.gguf", name="two"),
    )
    settings = {"irlens": {"model": {"lift": str(one)}}}
    client.notify("workspace/didChangeConfiguration", {"settings": settings})
    await client.notification(
        "irlens/status", lambda status: status["tasks"].get("lift", {}).get("name") == "one"
    )
    used = await ask(client, "irlens/useModel", name=str(other), tasks=["predict", "lift"])
    assert used["overruled"] == {"lift": "irlens.model.lift"}
    assert used["tasks"] == ["lift", "predict"]
    tasks = (await ask(client, "irlens/models"))["tasks"]
    assert {task: tasks[task]["name"] for task in tasks} == {
        "lift": "one",
        "tune": "irlens-small",
        "predict": "two",
    }
    used_for = {model["name"]: model["used_for"] for model in (await ask(client, "irlens/models"))["models"]}
    assert (used_for[str(one)], used_for[str(other)]) == (["lift"], ["predict"])
    client.notify("workspace/didChangeConfiguration", {"settings": {"irlens": {"model": {"lift": None}}}})
    await client.notification(
        "irlens/status", lambda status: status["tasks"].get("lift", {}).get("name") == "two"
    )


async def test_a_model_is_named_as_broken_at_once(client: MemoryClient, tmp_path: Path) -> None:
    (tmp_path / "x.gguf").write_bytes(b"PK\x03\x04")
    error = await refused(client, "irlens/useModel", name=str(tmp_path / "x.gguf"))
    assert "not a GGUF file" in error["message"]
    assert store.chosen("lift") is None


async def test_a_server_that_is_chosen_is_named_and_not_asked_before_it_is_needed(
    client: MemoryClient,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        await ask(client, "irlens/useModel", name=address, tasks=["predict"])
        status = await client.notification(
            "irlens/status", lambda status: status["tasks"].get("predict", {}).get("name") == address
        )
        assert status["tasks"]["predict"]["engine"] == "server"
        assert status["tasks"]["predict"]["state"] == "absent"
        assert (await ask(client, "irlens/models"))["tasks"]["predict"]["chosen"] == address
        with pytest.raises(BlockingIOError):
            listening.accept()


@pytest.mark.parametrize(
    ("method", "params", "code", "words"),
    [
        ("irlens/pullModel", {}, -32602, "needs name"),
        ("irlens/pullModel", {"name": "nothing"}, -32803, "irlens model list"),
        ("irlens/pullModel", {"name": "no/such"}, -32803, "not a model's name"),
        ("irlens/useModel", {"name": FTD}, -32803, "irlens model pull"),
        ("irlens/useModel", {"name": "./x.gguf"}, -32803, "not an absolute path"),
        ("irlens/useModel", {"name": "http://"}, -32803, "http://HOST:PORT"),
        ("irlens/useModel", {"name": "embedded", "tasks": ["sing"]}, -32602, "lift, tune, predict"),
        ("irlens/useModel", {"name": "embedded", "tasks": "lift"}, -32602, "a list"),
        ("irlens/removeModel", {"name": "embedded"}, -32803, "stays"),
        ("irlens/removeModel", {"name": FTD}, -32803, "nothing to remove"),
        ("irlens/removeModel", {"name": "/x/y.gguf"}, -32803, "not deleted"),
        ("irlens/removeModel", None, -32602, "needs name"),
    ],
)
async def test_what_cannot_be_done_says_why(
    client: MemoryClient, method: str, params: Json | None, code: int, words: str
) -> None:
    error = (await client.request(method, params))["error"]
    assert error["code"] == code
    assert words in error["message"]


async def test_an_untrusted_workspace_chooses_downloads_and_removes_nothing(
    backends: ScriptedBackends, hub: Hub
) -> None:
    async with MemoryClient(create_server(backends=backends)) as client:
        await client.initialize(initializationOptions={"workspaceTrusted": False})
        store.accept("llm-compiler")
        for method in ("irlens/pullModel", "irlens/useModel", "irlens/removeModel"):
            error = await refused(client, method, name=FTD)
            assert "not trusted" in error["message"]
            assert "Trust the workspace" in error["message"]
        assert (await ask(client, "irlens/models"))["trusted"] is False
        assert hub.requests == []
        client.notify("irlens/trust", {"trusted": True})
        assert (await ask(client, "irlens/pullModel", name=FTD))["pulled"]
