"""Two models that serve at once, and a prompt that takes long: what is told of it, and that it can be called off."""

from __future__ import annotations

from pathlib import Path

import pytest

from irlens.lsp.server import IrlensServer, create_server
from irlens.model.client import Model
from support.conditions import wait_for
from support.fake_model import FakeModel
from support.memory_client import Json, MemoryClient
from support.scripted_backends import ScriptedBackends
from support.scripted_family import ScriptedFamily
from support.texts import ASM, IR, LIFTED, TRIPLE
from support.tiny_gguf import write_tiny

ASM_URI, IR_URI, LONG_URI = (f"file:///nowhere/{name}" for name in ("double.s", "a.ll", "long.ll"))
LIFT: Json = {"uri": ASM_URI, "function": "double_it"}
PREDICT: Json = {"uri": IR_URI, "passes": "default<Oz>", "function": "double"}
CAPABILITIES: Json = {"window": {"workDoneProgress": True}}


def opened(client: MemoryClient) -> None:
    client.open(ASM_URI, ASM, language="asm")
    client.open(IR_URI, IR)


async def result_of(client: MemoryClient, method: str, params: Json) -> Json:
    reply = await client.request(method, params)
    assert "error" not in reply, reply
    result: Json = reply["result"]
    return result


async def test_each_task_is_answered_by_its_own_model(
    server: IrlensServer, backends: ScriptedBackends
) -> None:
    lifts, predicts = (
        FakeModel(ScriptedFamily(), name="lifter").reply(LIFTED),
        FakeModel(ScriptedFamily(), name="prophet").reply("3 7"),
    )
    backends.for_task = {"lift": lifts, "predict": predicts}
    async with MemoryClient(server) as client:
        await client.initialize(CAPABILITIES)
        opened(client)
        status = await client.notification("irlens/status", lambda status: status["tasks"])
        assert {task: model["name"] for task, model in status["tasks"].items()} == {
            "lift": "lifter",
            "tune": "scripted",
            "predict": "prophet",
        }
        lifted = await result_of(client, "irlens/lift", LIFT)
        assert "Asked: lifter (" in lifted["candidates"][0]["evidence"]
        predicted = await result_of(client, "irlens/predict", PREDICT)
        assert predicted["model"] == "prophet"
        assert predicted["functions"][0]["predicted"]["instructions"] == 3
        assert (len(lifts.asked), len(predicts.asked), len(backends.fake.asked)) == (1, 1, 0)


async def test_two_models_stay_loaded_side_by_side(tmp_path: Path) -> None:
    one = write_tiny(tmp_path / "one.gguf", name="one", context=2048)
    two = write_tiny(tmp_path / "two.gguf", name="two", context=2048, seed=2)
    server = create_server()
    async with MemoryClient(server) as client:
        models = {"lift": str(one), "predict": str(two), "answerCache": 0}
        await client.initialize(
            CAPABILITIES, initializationOptions={"model": models, "lift": {"candidates": 1}}
        )
        opened(client)
        lifted = await result_of(client, "irlens/lift", LIFT)
        assert "Asked: one (F32, " in lifted["candidates"][0]["evidence"]
        lifter, prophet = server.backends.model("lift"), server.backends.model("predict")
        first = lifter.pid
        assert first is not None
        assert prophet.pid is None
        await result_of(client, "irlens/predict", PREDICT)
        second = prophet.pid
        assert second not in (None, first)
        await result_of(client, "irlens/lift", LIFT)
        await result_of(client, "irlens/predict", PREDICT)
        assert server.backends.model("lift") is lifter
        assert (lifter.pid, prophet.pid) == (first, second)
        status = await client.notification(
            "irlens/status",
            lambda status: (
                [model["state"] for model in status["tasks"].values()] == ["ready", "absent", "ready"]
            ),
        )
        names = [status["tasks"][task]["name"] for task in ("lift", "tune", "predict")]
        assert names == ["one", "irlens-small", "two"]
        assert status["model"]["state"] == "ready"


def long_module(functions: int) -> str:
    body = """
define i32 @f{0}(i32 %x) {{
  %slot = alloca i32
  store i32 %x, ptr %slot
  %v = load i32, ptr %slot
  ret i32 %v
}}
"""
    return f'target triple = "{TRIPLE}"\n' + "".join(body.format(number) for number in range(functions))


@pytest.mark.parametrize("engine", ["ctransformers", "llama-cpp-python"])
@pytest.mark.parametrize("by", ["request", "bar"])
async def test_a_long_prompt_is_told_with_its_time_and_stops_where_it_is(
    tmp_path: Path, engine: str, by: str
) -> None:
    # Slow by its size: this prompt takes several seconds to read.
    slow = write_tiny(
        tmp_path / "slow.gguf",
        name="slow-ftd",
        family="llm-compiler",
        embedding=768,
        feed_forward=3072,
        layers=12,
        heads=12,
        context=8192,
    )
    server = create_server()
    async with MemoryClient(server) as client:
        server.progress_table.least_gap_s = 0.0
        settings = {"model": {"path": str(slow), "batchSize": 32, "answerCache": 0, "engine": engine}}
        await client.initialize(CAPABILITIES, initializationOptions=settings)
        client.open(LONG_URI, long_module(30))
        asked = client.send("irlens/tune", {"uri": LONG_URI, "workDoneToken": "mine"})
        params = await client.notification(
            "$/progress", lambda params: " tokens, about " in params["value"].get("message", "")
        )
        assert params["token"] == "mine"
        assert params["value"]["message"].endswith(" to go")
        model: Model = server.backends.model("tune")
        pid = model.pid
        assert model.state == "busy"
        if by == "request":
            client.notify("$/cancelRequest", {"id": asked})
        else:
            client.notify("window/workDoneProgress/cancel", {"token": "mine"})
        assert (await client.reply(asked))["error"]["code"] == -32800
        await wait_for(lambda: model.state == "ready", timeout_s=5.0)
        assert model.pid == pid
        read = [p["value"].get("message", "") for p in client.all("$/progress")]
        assert not any(" answers: " in message for message in read)
