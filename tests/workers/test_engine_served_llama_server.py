"""The served engine on llama.cpp's own llama-server with the embedded model, where one is on PATH."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_engine_served import LONG_REPLY, MODULE, options_of, prompts, run

from irlens.errors import ModelUnavailable, PromptTooLong
from irlens.model.client import Model, embedded_model_path
from irlens.model.constraint import constraint_of
from irlens.model.engine import EngineOptions
from irlens.model.engines.served import ServedEngine
from irlens.model.types import GenerateOptions, ReplyShape
from support.served_model import ModelServer
from support.tiny_gguf import write_tiny

PROGRAM = shutil.which("llama-server") or ""
CONTEXT = 2048

pytestmark = pytest.mark.skipif(not PROGRAM, reason="llama-server (llama.cpp) is not on PATH")


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    path = embedded_model_path()
    assert path is not None
    made = ModelServer(path, "--alias", "irlens-small", "-c", str(2 * CONTEXT), "-np", "2", command=PROGRAM)
    yield made
    made.stop()


@pytest.fixture
def engine(server: ModelServer) -> Iterator[ServedEngine]:
    made = ServedEngine(server.address, EngineOptions(key_file=server.key_file))
    yield made
    made.close()


def test_what_the_server_is(engine: ServedEngine) -> None:
    assert engine.name.startswith("llama-server b")
    assert (engine.served_name, engine.context, engine.estimated) == ("irlens-small", CONTEXT, False)


def test_it_counts_as_the_file_does(engine: ServedEngine) -> None:
    texts = ["", "define", "a b", "x" * 300, "\N{PARTY POPPER}", MODULE]
    with Model("embedded", engine="ctransformers", threads=1) as local:
        assert [engine.count(text) for text in texts] == [local.count_tokens(text) for text in texts]


def test_greedy_replies_and_their_figures_are_those_of_an_engine_here(engine: ServedEngine) -> None:
    asked = prompts()
    served = [run(engine, prompt.text, options_of(prompt)) for prompt in asked]
    with Model("embedded", engine="ctransformers", threads=1) as local:
        here = [local.generate(prompt.text, options_of(prompt)) for prompt in asked]
    assert [text for text, _ in served] == [reply.text for reply in here]
    assert [(ended.stopped, ended.tokens, ended.prompt_tokens) for _, ended in served] == [
        (reply.stopped, reply.tokens, reply.prompt_tokens) for reply in here
    ]


def test_a_prompt_asked_again_is_not_evaluated_again_and_it_says_so(engine: ServedEngine) -> None:
    prompt = f"{MODULE} once more"
    options = GenerateOptions(max_tokens=3)
    first, again = run(engine, prompt, options)[1], run(engine, prompt, options)[1]
    assert again.evaluated < 5 < first.evaluated <= first.prompt_tokens == again.prompt_tokens
    told: list[tuple[int, int]] = []
    longer = "define i32 add " * 300
    count = engine.count(longer)
    engine.generate(longer, options, lambda text: None, lambda: False, None, lambda *read: told.append(read))
    assert told[0] == (0, count)
    assert told[-1] == (count, count)
    assert told == sorted(set(told))


def test_seeds(engine: ServedEngine) -> None:
    def sampled(seed: int) -> str:
        hot = GenerateOptions(max_tokens=30, temperature=2.0, top_k=0, top_p=1.0, seed=seed)
        return run(engine, LONG_REPLY, hot)[0]

    replies = {seed: sampled(seed) for seed in range(4)}
    assert len(set(replies.values())) == 4
    assert {seed: sampled(seed) for seed in range(4)} == replies


def test_a_stop_string_ends_the_reply_and_stays_in_it(engine: ServedEngine) -> None:
    whole, _ = run(engine, LONG_REPLY, GenerateOptions(max_tokens=100))
    stop = whole[20:26]
    text, ended = run(engine, LONG_REPLY, GenerateOptions(max_tokens=100, stop=("never this", stop)))
    assert (text, ended.stopped) == (whole[: whole.index(stop) + len(stop)], "stop")


def test_too_long_here_and_there(engine: ServedEngine, server: ModelServer) -> None:
    prompt = "define " * 800
    with pytest.raises(PromptTooLong, match="2,048"):
        run(engine, prompt, GenerateOptions(max_tokens=4))
    _, ended = run(engine, "define " * 650, GenerateOptions(max_tokens=1000))
    assert ended.stopped == "length"
    assert ended.prompt_tokens + ended.tokens in (CONTEXT, CONTEXT + 1)


def test_grammars_bind_and_one_that_cannot_be_read_is_left_out(
    engine: ServedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = ReplyShape("tune", family="llm-compiler")
    text, _ = run(engine, LONG_REPLY, GenerateOptions(max_tokens=100, shape=shape))
    constraint = constraint_of(shape)
    assert constraint is not None
    assert constraint.allows(text), text
    free, _ = run(engine, LONG_REPLY, GenerateOptions(max_tokens=12))
    monkeypatch.setattr("irlens.model.engines.served.gbnf_of", lambda shape: 'root ::= ("never closed"')
    assert run(engine, LONG_REPLY, GenerateOptions(max_tokens=12))[0] == free


def test_keys(server: ModelServer, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not-the-key\n")
    with pytest.raises(ModelUnavailable, match=r"does not accept the key \(401\): Invalid API Key\."):
        ServedEngine(server.address, EngineOptions(key_file=str(wrong)))
    with pytest.raises(ModelUnavailable, match=r"asks for a key \(401\)"):
        ServedEngine(server.address, EngineOptions())


def test_two_models_of_one_server_each_by_its_name(tmp_path: Path) -> None:
    path = embedded_model_path()
    assert path is not None
    shutil.copy(path, tmp_path / "irlens-small.gguf")
    write_tiny(tmp_path / "llm-compiler-7b.gguf")
    server = ModelServer(
        "", "--models-dir", str(tmp_path), "-c", "256", "-np", "1", key=None, command=PROGRAM
    )
    try:
        with pytest.raises(ModelUnavailable, match=r"several models: irlens-small, llm-compiler-7b\."):
            ServedEngine(server.address, EngineOptions())
        engine = ServedEngine(f"{server.address}#irlens-small", EngineOptions())
        assert (engine.served_name, engine.context) == ("irlens-small", 256)
        prompt = prompts()[0]
        with Model("embedded", engine="ctransformers", threads=1) as local:
            assert (
                run(engine, prompt.text, options_of(prompt))[0]
                == local.generate(prompt.text, options_of(prompt)).text
            )
        with Model(f"{server.address}#llm-compiler-7b") as other:
            assert (other.info().name, other.info().family) == ("llm-compiler-7b", "llm-compiler")
            assert other.generate("define", GenerateOptions(max_tokens=3)).tokens == 3
    finally:
        server.stop()


def test_a_cancel_stops_the_server_while_it_reads_the_prompt(tmp_path: Path) -> None:
    """There is one slot: the next answer comes soon because the prompt was left, not because there is room."""
    path = write_tiny(
        tmp_path / "large.gguf", embedding=768, feed_forward=2048, layers=4, heads=12, context=4096
    )
    server = ModelServer(
        str(path), "-c", "4096", "-np", "1", "-b", "64", "-ub", "64", key=None, command=PROGRAM
    )
    try:
        engine = ServedEngine(server.address, EngineOptions())
        prompt, options = "define ret " * 1300, GenerateOptions(max_tokens=2)
        whole = engine.generate(prompt, options, lambda text: None, lambda: False).seconds
        flag = threading.Event()
        times: list[float] = []

        def read(tokens: int, of: int) -> None:
            if tokens > 100 and not flag.is_set():
                times.append(time.monotonic())
                flag.set()

        other = "call " + prompt
        ended = engine.generate(other, options, lambda text: None, flag.is_set, None, read)
        stopped_after = time.monotonic() - times[0]
        assert ended.stopped == "cancelled"
        assert 0 < ended.evaluated < ended.prompt_tokens
        assert stopped_after < 0.2 + 0.3, "0.05 s by design; the rest is for a machine that is busy"
        started = time.monotonic()
        engine.generate("ret", options, lambda text: None, lambda: False)
        waited = time.monotonic() - started
        assert waited < whole / 2, f"{waited:.2f} s, where reading the prompt takes {whole:.2f} s"
    finally:
        server.stop()
