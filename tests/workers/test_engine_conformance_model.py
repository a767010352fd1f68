"""One suite for every engine as the rest of irlens reaches it: through `Model`, in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens.cancel import CancelToken
from irlens.errors import ModelUnavailable, PromptTooLong
from irlens.model.choice import Wanted
from irlens.model.client import Model
from irlens.model.types import GenerateOptions, ReplyShape
from support.engines import KINDS
from support.tiny_gguf import write_tiny

PROMPT = "define i32 add nsw i32 ret"
SHORT, LONG = GenerateOptions(max_tokens=12), GenerateOptions(max_tokens=900)


@pytest.fixture(params=[kind.name for kind in KINDS])
def engine(request: pytest.FixtureRequest) -> Wanted:
    if request.param == "llama-cpp-python":
        pytest.importorskip("llama_cpp", reason="the llama extra is not installed")
    return request.param


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Large enough that a long reply takes some hundred milliseconds."""
    path = tmp_path_factory.mktemp("model") / "tiny.gguf"
    return str(write_tiny(path, seed=7, embedding=192, feed_forward=512, layers=4, context=1024))


@pytest.fixture
def model(path: str, engine: Wanted) -> Iterator[Model]:
    with Model(path, engine=engine, threads=1, gpu_layers=0) as model:
        yield model


def test_the_engine_that_was_asked_for_runs(model: Model, engine: Wanted) -> None:
    model.load()
    info = model.info()
    assert info.engine.startswith(engine)
    assert info.device == "CPU, 1 thread" or info.device.startswith("CPU (")


def test_a_reply_is_streamed(model: Model) -> None:
    came: list[tuple[float, str]] = []
    reply = model.generate(PROMPT, LONG, on_text=lambda text: came.append((time.monotonic(), text)))
    assert "".join(text for _, text in came) == reply.text
    assert len(came) > 3
    assert came[-1][0] - came[0][0] > (reply.seconds - reply.first_token_s) / 3


def test_a_cancel_reaches_the_token_loop(model: Model, engine: Wanted) -> None:
    token = CancelToken()
    asked: list[float] = []

    def ask(text: str) -> None:
        if not asked:
            asked.append(time.monotonic())
            token.cancel()

    reply = model.generate(PROMPT, LONG, cancel=token, on_text=ask)
    took = time.monotonic() - asked[0]
    assert (reply.stopped, model.state) == ("cancelled", "ready")
    assert reply.tokens < 900
    print(f"{engine}: {took * 1000:.1f} ms")
    assert took < 0.5


def test_two_requests_at_once_each_get_their_own_reply(model: Model) -> None:
    prompts = (PROMPT, "store ptr align load ")
    alone = {prompt: model.generate(prompt, SHORT).text for prompt in prompts}
    assert alone[prompts[0]] != alone[prompts[1]]
    together: dict[int, str] = {}

    def ask(number: int) -> None:
        together[number] = model.generate(prompts[number % 2], SHORT).text

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == {number: alone[prompts[number % 2]] for number in range(8)}


def test_killed_inside_a_reply_and_back(model: Model) -> None:
    expected = model.generate(PROMPT, SHORT).text

    def kill(text: str) -> None:
        assert model.pid is not None
        os.kill(model.pid, signal.SIGKILL)

    with pytest.raises(ModelUnavailable, match=r"signal 9.*Try again"):
        model.generate(PROMPT, LONG, on_text=kill)
    assert model.state == "failed"
    assert model.generate(PROMPT, SHORT).text == expected


def test_a_prompt_that_does_not_fit_leaves_the_model_ready(model: Model) -> None:
    with pytest.raises(PromptTooLong, match="1,024"):
        model.generate("define " * 1100, SHORT)
    assert model.state == "ready"


@pytest.mark.parametrize("task", ["lift", "predict", "tune"])
def test_a_shape_is_kept_in_the_worker(model: Model, task: str) -> None:
    """Random weights, held to a reply of LLM Compiler: what comes is the beginning of one."""
    starts = {"lift": "<code>", "predict": "LLVM-IR will have", "tune": "code has object file size of"}
    shape = ReplyShape(task, family="llm-compiler")  # type: ignore[arg-type]
    text = model.generate(PROMPT, GenerateOptions(max_tokens=600, shape=shape)).text
    assert starts[task] in text
    assert starts[task] not in model.generate(PROMPT, GenerateOptions(max_tokens=600)).text


OUT_OF_MEMORY = """
import resource, sys
from irlens.errors import ModelUnavailable
from irlens.model.client import Model
from irlens.model.types import GenerateOptions
# 16 Mi tokens take 8 GiB of cache; there are 3 GiB of addresses.
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
with Model(sys.argv[1], engine=sys.argv[2], threads=1, gpu_layers=0) as model:
    try:
        model.generate("define", GenerateOptions(max_tokens=3))
    except ModelUnavailable as problem:
        print(problem)
with Model(sys.argv[1], engine=sys.argv[2], threads=1, gpu_layers=0, context=256) as model:
    print(model.generate("define", GenerateOptions(max_tokens=3)).tokens)
"""


def test_out_of_memory_is_an_answer_and_a_smaller_context_helps(tmp_path: Path, engine: Wanted) -> None:
    path = write_tiny(tmp_path / "long.gguf", context=1 << 24)
    done = subprocess.run(
        [sys.executable, "-c", OUT_OF_MEMORY, str(path), engine],
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    problem, tokens = done.stdout.splitlines()
    assert "smaller context" in problem
    assert problem.endswith(".")
    assert tokens == "3"


def test_a_file_that_the_library_refuses_is_explained(tmp_path: Path, engine: Wanted) -> None:
    """All that is checked beforehand is right, and yet: its tokens are of a family that is not there."""
    path = write_tiny(tmp_path / "model.gguf", embedding=64)
    data = path.read_bytes()
    at = data.index(b"llama.feed_forward_length") + len(b"llama.feed_forward_length") + 4
    path.write_bytes(data[:at] + (96).to_bytes(4, "little") + data[at + 4 :])
    with (
        Model(str(path), engine=engine, threads=1, gpu_layers=0) as model,
        pytest.raises(ModelUnavailable, match=r"could not load .*convert the model again"),
    ):
        model.load()
