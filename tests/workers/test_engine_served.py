"""The served engine on a real server: llama-cpp-python's, started here with the embedded model."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import psutil
import pytest

from irlens.cancel import CancelToken
from irlens.errors import ModelUnavailable, PromptTooLong
from irlens.model.answers import Answers
from irlens.model.client import Model, embedded_model_path
from irlens.model.constraint import constraint_of
from irlens.model.engine import Ended, EngineOptions
from irlens.model.engines.served import ServedEngine
from irlens.model.engines.served_place import KEY_VARIABLE, ServerOptions
from irlens.model.prompts.irlens import IrlensFamily
from irlens.model.types import GenerateOptions, Prompt, ReplyShape
from support import served_model as support_served_model
from support.served_model import CONTEXT, ModelServer

served_model = support_served_model.served_model

MODULE = """\
target triple = "x86_64-unknown-linux-gnu"

define i32 @f(i32 %x) nounwind uwtable {
  %p = alloca i32
  store i32 %x, ptr %p
  %a = load i32, ptr %p
  %d = add i32 %a, NUMBER
  ret i32 %d
}
"""
LONG_REPLY = "define"
"""The embedded model makes nothing of it and goes on until it is stopped."""


def prompts() -> list[Prompt]:
    family = IrlensFamily()
    found = [
        *(family.tune(MODULE.replace("NUMBER", str(number))) for number in (1, 3, 70)),
        *(
            family.predict(MODULE.replace("NUMBER", "3"), "f", pipeline, 5, 12)
            for pipeline in ("default<O2>", "default<Oz>", "mem2reg")
        ),
    ]
    return [prompt for prompt in found if prompt is not None]


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)


@pytest.fixture(scope="module")
def engine(served_model: ModelServer) -> Iterator[ServedEngine]:
    made = ServedEngine(served_model.address, EngineOptions(key_file=served_model.key_file))
    yield made
    made.close()


def run(engine: ServedEngine, prompt: str, options: GenerateOptions) -> tuple[str, Ended]:
    pieces: list[str] = []
    ended = engine.generate(prompt, options, pieces.append, lambda: False)
    return "".join(pieces), ended


def options_of(prompt: Prompt, most: int = 200) -> GenerateOptions:
    return GenerateOptions(max_tokens=min(most, prompt.max_tokens), stop=prompt.stop)


def test_what_the_server_is(engine: ServedEngine, served_model: ModelServer) -> None:
    assert engine.name.startswith("llama-cpp-python's server 0.")
    assert engine.served_name == embedded_model_path()
    assert engine.device == served_model.address.removeprefix("http://")
    assert engine.context == CONTEXT, "told by the refusal of a prompt that is too long"
    assert not engine.estimated


def test_it_counts_as_the_file_does(engine: ServedEngine) -> None:
    texts = [
        "",
        "define",
        "a b",
        "x" * 300,
        "\N{PARTY POPPER}",
        MODULE,
        *(prompt.text for prompt in prompts()),
    ]
    with Model("embedded", engine="ctransformers", threads=1) as local:
        assert [engine.count(text) for text in texts] == [local.count_tokens(text) for text in texts]


def test_greedy_replies_are_those_of_the_same_library_here(engine: ServedEngine) -> None:
    """Byte for byte, though the prompts went through HTTP and the server's own way of stopping."""
    asked = prompts()
    assert len(asked) >= 4
    served = [run(engine, prompt.text, options_of(prompt)) for prompt in asked]
    with Model("embedded", engine="llama-cpp-python", threads=1) as local:
        here = [local.generate(prompt.text, options_of(prompt)) for prompt in asked]
    assert [text for text, _ in served] == [reply.text for reply in here]
    assert [ended.stopped for _, ended in served] == [reply.stopped for reply in here]
    assert [ended.prompt_tokens for _, ended in served] == [reply.prompt_tokens for reply in here]
    assert [ended.tokens for _, ended in served] == [reply.tokens for reply in here]
    assert len({text for text, _ in served}) > 1


def test_greedy_is_deterministic_and_a_seed_is_kept(engine: ServedEngine) -> None:
    greedy = GenerateOptions(max_tokens=60)
    assert run(engine, LONG_REPLY, greedy)[0] == run(engine, LONG_REPLY, greedy)[0] != ""

    def sampled(seed: int) -> str:
        return run(
            engine, LONG_REPLY, GenerateOptions(max_tokens=30, temperature=2.0, top_k=0, top_p=1.0, seed=seed)
        )[0]

    replies = {seed: sampled(seed) for seed in range(4)}
    assert len(set(replies.values())) == 4
    assert {seed: sampled(seed) for seed in range(4)} == replies


def test_pieces_come_before_the_end(engine: ServedEngine) -> None:
    times: list[float] = []
    ended = engine.generate(
        LONG_REPLY,
        GenerateOptions(max_tokens=200),
        lambda text: times.append(time.monotonic()),
        lambda: False,
    )
    assert ended.stopped == "length"
    assert ended.tokens == 200
    assert len(times) > 150
    assert times[-1] - times[0] > 0.5 * (ended.seconds - ended.first_token_s)


def test_how_much_of_the_prompt_is_evaluated_is_told(engine: ServedEngine) -> None:
    told: list[tuple[int, int]] = []
    count = engine.count(MODULE)
    engine.generate(
        MODULE,
        GenerateOptions(max_tokens=2),
        lambda text: None,
        lambda: False,
        None,
        lambda *read: told.append(read),
    )
    assert told == [(0, count), (count, count)]


def test_a_stop_string_ends_the_reply_and_stays_in_it(engine: ServedEngine) -> None:
    whole, _ = run(engine, LONG_REPLY, GenerateOptions(max_tokens=100))
    start = next(at for at in range(20, len(whole)) if whole[at : at + 6].isascii())
    stop = whole[start : start + 6]
    expected = whole[: whole.index(stop) + len(stop)]
    text, ended = run(engine, LONG_REPLY, GenerateOptions(max_tokens=100, stop=("never this", stop)))
    assert (text, ended.stopped) == (expected, "stop")
    assert ended.tokens < 100


def test_a_reply_of_one_token_and_of_none(engine: ServedEngine) -> None:
    assert run(engine, LONG_REPLY, GenerateOptions(max_tokens=1))[1].tokens == 1
    text, ended = run(engine, LONG_REPLY, GenerateOptions(max_tokens=0))
    assert (text, ended.tokens, ended.stopped) == ("", 0, "length")
    assert run(engine, "", GenerateOptions(max_tokens=3))[1].prompt_tokens == 1


def test_the_context_can_be_filled_and_no_more(engine: ServedEngine) -> None:
    prompt = "define " * 650
    count = engine.count(prompt)
    assert CONTEXT - 120 < count < CONTEXT
    _, ended = run(engine, prompt, GenerateOptions(max_tokens=1000))
    assert ended.stopped == "length"
    assert count + ended.tokens in (CONTEXT, CONTEXT + 1)


def test_a_prompt_that_is_too_long_is_not_sent(engine: ServedEngine, served_model: ModelServer) -> None:
    prompt = "define " * 800
    before = served_model.log.count("POST /v1/completions")
    with pytest.raises(PromptTooLong, match="2,048") as refused:
        run(engine, prompt, GenerateOptions(max_tokens=4))
    assert refused.value.prompt_tokens == engine.count(prompt) > CONTEXT
    assert served_model.log.count("POST /v1/completions") == before


def test_what_the_server_alone_knows_to_be_too_long(served_model: ModelServer) -> None:
    """It ends the stream without a word then; the numbers come from a second question."""
    engine = ServedEngine(
        served_model.address, EngineOptions(key_file=served_model.key_file, context=100_000)
    )
    prompt = "define " * 800
    with pytest.raises(PromptTooLong, match="is 2,048") as refused:
        run(engine, prompt, GenerateOptions(max_tokens=4))
    assert (refused.value.prompt_tokens, refused.value.context) == (engine.count(prompt), CONTEXT)
    engine.close()


def test_a_grammar_binds(engine: ServedEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    options = GenerateOptions(max_tokens=12)
    free = run(engine, LONG_REPLY, options)[0]
    monkeypatch.setattr("irlens.model.engines.served.gbnf_of", lambda shape: 'root ::= "ret" ("1" | "2")+')
    assert run(engine, LONG_REPLY, options)[0].startswith(("ret1", "ret2"))
    assert not free.startswith("ret")


@pytest.mark.parametrize("task", ["tune", "predict"])
def test_the_shapes_of_llm_compilers_replies_bind(
    engine: ServedEngine, task: Literal["tune", "predict"]
) -> None:
    """Even a model that never saw such a reply can only begin one. (A lift may begin with any words.)"""
    shape = ReplyShape(task, family="llm-compiler")
    free, _ = run(engine, LONG_REPLY, GenerateOptions(max_tokens=150))
    text, ended = run(engine, LONG_REPLY, GenerateOptions(max_tokens=150, shape=shape))
    constraint = constraint_of(shape)
    assert constraint is not None
    assert ended.tokens > 1
    assert constraint.allows(text), text
    assert not constraint.allows(free)


def test_the_embedded_models_shapes_have_no_grammar(engine: ServedEngine) -> None:
    prompt = prompts()[0]
    assert prompt.shape is not None
    with_shape = replace(options_of(prompt), shape=prompt.shape)
    assert run(engine, prompt.text, with_shape)[0] == run(engine, prompt.text, options_of(prompt))[0]


def test_cancel_between_tokens_and_the_server_stops(engine: ServedEngine) -> None:
    """One request at a time is all that this server does: had it gone on, the next answer would wait for its end."""
    _, whole = run(engine, LONG_REPLY, GenerateOptions(max_tokens=1500))
    assert whole.tokens == 1500
    flag = threading.Event()
    pieces: list[str] = []
    times: list[float] = []

    def take(text: str) -> None:
        pieces.append(text)
        if len(pieces) == 20:
            times.append(time.monotonic())
            flag.set()

    ended = engine.generate(LONG_REPLY, GenerateOptions(max_tokens=1500), take, flag.is_set)
    stopped_after = time.monotonic() - times[0]
    assert ended.stopped == "cancelled"
    assert 20 <= ended.tokens < 200
    assert stopped_after < 0.2 + 0.3, "0.05 s by design; the rest is for a machine that is busy"
    started = time.monotonic()
    _, after = run(engine, LONG_REPLY, GenerateOptions(max_tokens=2))
    waited = time.monotonic() - started
    assert after.tokens == 2
    assert waited < whole.seconds / 2, f"{waited:.2f} s, where the whole reply takes {whole.seconds:.2f} s"


def test_a_wrong_key_and_none(
    served_model: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not-the-key\n")
    with pytest.raises(
        ModelUnavailable, match=r"does not accept the key \(401\): Invalid API key\. Correct"
    ) as refused:
        ServedEngine(served_model.address, EngineOptions(key_file=str(wrong)))
    assert "not-the-key" not in str(refused.value)
    with pytest.raises(ModelUnavailable, match=rf"asks for a key \(401\).*{KEY_VARIABLE}"):
        ServedEngine(served_model.address, EngineOptions())
    assert served_model.key is not None
    monkeypatch.setenv(KEY_VARIABLE, served_model.key)
    assert ServedEngine(served_model.address, EngineOptions()).context == CONTEXT


def test_a_server_that_dies_in_the_middle_and_comes_back() -> None:
    path = embedded_model_path()
    assert path is not None
    server = ModelServer(path, "--n_ctx", "1024", key=None)
    try:
        engine = ServedEngine(server.address, EngineOptions(), ServerOptions(retries=0))

        def die(text: str) -> None:
            server.kill()

        with pytest.raises(
            ModelUnavailable, match=r"in the middle of an answer|ended the connection"
        ) as stopped:
            engine.generate(LONG_REPLY, GenerateOptions(max_tokens=900), die, lambda: False)
        assert "try again" in str(stopped.value)
        with pytest.raises(ModelUnavailable, match=r"Nothing listens at .*Start the server"):
            run(engine, LONG_REPLY, GenerateOptions(max_tokens=3))
        again = ModelServer(path, "--n_ctx", "512", key=None, port=server.port)
        try:
            assert run(engine, LONG_REPLY, GenerateOptions(max_tokens=3))[1].tokens == 3
            assert engine.context == 512
        finally:
            again.stop()
    finally:
        server.stop()


def test_another_user_breaks_a_reply_off_where_the_server_allows_it() -> None:
    """As llama-cpp-python's server does unless it is told not to: said in words, with the option to set."""
    path = embedded_model_path()
    assert path is not None
    server = ModelServer(path, "--n_ctx", "2048", key=None)
    try:
        engine = ServedEngine(server.address, EngineOptions())
        other = ServedEngine(server.address, EngineOptions())
        threads: list[threading.Thread] = []

        def ask_too(text: str) -> None:
            if not threads:
                threads.append(threading.Thread(target=other.count, args=("define",)))
                threads[0].start()

        with pytest.raises(ModelUnavailable, match=r"somebody else.*--interrupt_requests false"):
            engine.generate(LONG_REPLY, GenerateOptions(max_tokens=1900), ask_too, lambda: False)
        threads[0].join()
    finally:
        server.stop()


# Behind the worker, as the rest of irlens has it


@pytest.fixture(scope="module")
def model(served_model: ModelServer) -> Iterator[Model]:
    with Model(served_model.address, options=EngineOptions(key_file=served_model.key_file)) as made:
        yield made


def test_the_model_says_where_it_is_and_what_runs_it(model: Model, served_model: ModelServer) -> None:
    info = model.info()
    assert (info.path, info.family, info.context) == (served_model.address, "irlens", CONTEXT)
    assert info.engine.startswith("llama-cpp-python's server")
    assert info.name == embedded_model_path()


def test_the_key_is_no_argument_of_the_worker(model: Model, served_model: ModelServer) -> None:
    model.load()
    assert model.pid is not None
    assert served_model.key is not None
    assert served_model.key not in " ".join(psutil.Process(model.pid).cmdline())


def test_requests_at_once_wait_for_each_other(model: Model) -> None:
    words = ["define", "ret", "call", "store"]
    options = GenerateOptions(max_tokens=30)
    alone = {word: model.generate(word, options).text for word in words}
    got: dict[str, str] = {}
    threads = [
        threading.Thread(target=lambda word=word: got.update({word: model.generate(word, options).text}))
        for word in words
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert got == alone


def test_a_cancel_reaches_the_server(model: Model) -> None:
    token = CancelToken()
    reply = model.generate(
        LONG_REPLY, GenerateOptions(max_tokens=1900), cancel=token, on_text=lambda text: token.cancel()
    )
    assert reply.stopped == "cancelled"
    assert 0 < reply.tokens < 1900
    assert model.generate(LONG_REPLY, GenerateOptions(max_tokens=2)).tokens == 2


def test_a_worker_that_is_killed_is_started_anew(model: Model) -> None:
    def kill(text: str) -> None:
        if model.pid is not None:
            psutil.Process(model.pid).kill()

    with pytest.raises(ModelUnavailable, match="Try again"):
        model.generate(LONG_REPLY, GenerateOptions(max_tokens=1900), on_text=kill)
    assert model.generate(LONG_REPLY, GenerateOptions(max_tokens=2)).tokens == 2


def test_answers_of_a_server_are_not_kept(served_model: ModelServer, tmp_path: Path) -> None:
    """Other weights may stand behind its address tomorrow."""
    answers = Answers(tmp_path / "answers.sqlite")
    options = EngineOptions(key_file=served_model.key_file)
    with Model(served_model.address, options=options, answers=answers) as model:
        for _ in range(2):
            assert not model.generate(LONG_REPLY, GenerateOptions(max_tokens=5)).kept
    answers.close()
