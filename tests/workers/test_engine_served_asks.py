"""What the served engine finds out about a server, and what it sends to each kind of them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from irlens.errors import ModelUnavailable, PromptTooLong, UnusableInput
from irlens.model.engine import EngineOptions
from irlens.model.engines import served_http
from irlens.model.engines.served import BYTES_A_TOKEN, ServedEngine
from irlens.model.engines.served_place import read_address
from irlens.model.engines.served_request import body_of
from irlens.model.types import GenerateOptions
from support import served_asking
from support.bad_server import (
    BadServer,
    answer,
    end,
    events,
    piece,
)
from support.served_asking import COMPLETIONS, QUICK, engine_of, refusal, run

no_surroundings = served_asking.no_surroundings
quick_retries = served_asking.quick_retries
server = served_asking.server


# What it finds out


def test_vllm_tells_all_of_it(server: BadServer) -> None:
    engine = engine_of(server)
    assert (engine.name, engine.served_name, engine.context) == ("vLLM 0.11.0", "llm-compiler-7b-ftd", 4096)
    assert engine.device == f"127.0.0.1:{server.port}"
    assert engine.count("three words here") == 4
    assert not engine.estimated


def test_llama_server_tells_all_of_it() -> None:
    with BadServer() as server:
        engine = engine_of(server.llama_server(context=8192))
        assert (engine.name, engine.context) == ("llama-server b6500", 8192)
        assert engine.count("three words here") == 4
        body = server.posted("/tokenize")[-1]
        assert (body["content"], body["add_special"]) == ("three words here", True)


def test_a_server_that_does_not_count_is_estimated_and_said_to_be() -> None:
    with BadServer() as server:
        engine = engine_of(server.models("llm-compiler-13b"), context=100)
        assert engine.name == "a server"
        assert engine.estimated
        assert engine.count("x" * 190) == math.ceil(190 / BYTES_A_TOKEN) + 1 == 101
        with pytest.raises(PromptTooLong, match=r"101 tokens \(estimated.* is 100"):
            run(engine, "x" * 190)
        assert server.posted() == []


def test_a_context_that_nobody_tells_has_to_be_set() -> None:
    with BadServer() as server:
        server.models("llm-compiler-13b")
        with pytest.raises(
            ModelUnavailable, match=r"does not tell how long its context is\. Set irlens\.model\.context"
        ):
            engine_of(server)
        assert engine_of(server, context=5000).context == 5000


def test_a_context_that_is_told_can_only_be_made_smaller(server: BadServer) -> None:
    assert engine_of(server, context=1000).context == 1000
    assert engine_of(server, context=100_000).context == 4096


def test_of_several_models_one_must_be_named(server: BadServer) -> None:
    server.models("llama", "llm-compiler-7b-ftd", owned_by="vllm", max_model_len=4096)
    with pytest.raises(
        ModelUnavailable,
        match=r"several models: llama, llm-compiler-7b-ftd\. Write one of them behind its address, .*#NAME",
    ):
        engine_of(server)
    with pytest.raises(ModelUnavailable, match=r"no model nobody\. It has: llama,"):
        engine_of(server, served_name="nobody")
    server.on(COMPLETIONS, events(piece("x"), end("stop")))
    run(engine_of(server, served_name="llm-compiler-7b-ftd"))
    run(ServedEngine(f"{server.address}#llama", EngineOptions(served_name="llm-compiler-7b-ftd"), QUICK))
    assert [body["model"] for body in server.posted()] == ["llm-compiler-7b-ftd", "llama"]


@pytest.mark.parametrize(
    ("template", "fine"),
    [
        ("{{ .Prompt }}", True),
        ("", True),
        ("[INST] {{ .System }} {{ .Prompt }} [/INST]", False),
        (None, False),
    ],
)
def test_ollama_is_used_only_where_it_leaves_the_prompt_alone(template: str | None, fine: bool) -> None:
    with BadServer() as server:
        server.models("llm-compiler:latest", owned_by="library").on(
            "/api/version", answer(200, {"version": "0.12.3"})
        )
        server.on("/api/show", answer(200, {"template": template} if template is not None else {}))
        if fine:
            assert engine_of(server, context=4096).name == "Ollama 0.12.3"
        else:
            with pytest.raises(ModelUnavailable, match=r"template of its own .*TEMPLATE \{\{ \.Prompt \}\}"):
                engine_of(server, context=4096)


def test_no_model_loaded(server: BadServer) -> None:
    with pytest.raises(ModelUnavailable, match="no model loaded"):
        engine_of(server.models())


@pytest.mark.parametrize(
    "listed",
    ["<html><body>Sign in</body></html>", [1, 2], {"models": []}, "[" * 100_000, {"data": "none"}, ""],
    ids=["html", "list", "other", "nested", "text", "empty"],
)
def test_what_is_no_list_of_models(server: BadServer, listed: Any) -> None:
    server.on("/v1/models", answer(200, listed))
    with pytest.raises(ModelUnavailable, match=r"no list of models: .*Check the address") as refused:
        engine_of(server)
    assert len(str(refused.value)) < 700


def test_an_answer_without_end_is_not_read_for_ever(server: BadServer) -> None:
    server.on("/v1/models", answer(200, "x" * (served_http.LARGEST_ANSWER + 1)))
    with pytest.raises(ModelUnavailable, match=r"more than 16,777,216 bytes"):
        engine_of(server)


def test_a_prefix_is_kept_and_the_apis_own_path_is_not() -> None:
    with BadServer(prefix="/team/llm") as server:
        server.vllm().on(COMPLETIONS, events(piece("x"), end("stop")))
        for more in ("", "/", "/v1", "/v1/completions"):
            engine = ServedEngine(server.address + more, EngineOptions(), QUICK)
            assert run(engine)[0] == "x"
        assert {asked.path for asked in server.asked if asked.method == "POST"} == {
            "/team/llm/v1/completions",
            "/team/llm/tokenize",
        }


def test_a_wrong_prefix_and_a_server_that_only_chats(server: BadServer) -> None:
    with pytest.raises(
        ModelUnavailable, match=r"no raw completion endpoint there \(404\).*below another path"
    ):
        ServedEngine(server.address + "/nowhere", EngineOptions(), QUICK)
    assert "offers chat only cannot be used" in refusal(engine_of(server))


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/api/chat", "/v1/chat/completions/"])
def test_a_chat_endpoint_is_refused_before_it_is_asked(server: BadServer, path: str) -> None:
    with pytest.raises(ModelUnavailable, match=r"chat endpoint.*chat template"):
        ServedEngine(server.address + path, EngineOptions(), QUICK)
    assert server.asked == []


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("http://user:hunter2@host/", "user name or a password"),
        ("http://user@host/", "user name or a password"),
        ("ftp://host/", "not an http address"),
        ("http://", "not an http address"),
        ("http://host:notaport/", "not an address"),
        ("http://host:99999/", "not an address"),
        ("http://host/v1?key=hunter2", "goes on after its path"),
        ("http://ho st/", "spaces"),
        ("http://host/\x1b[31m", "cannot be printed"),
    ],
)
def test_addresses_that_cannot_be_used(given: str, problem: str) -> None:
    with pytest.raises(ModelUnavailable, match=problem) as refused:
        read_address(given)
    assert "hunter2" not in str(refused.value) or "?" in given
    assert "\x1b" not in str(refused.value)


def test_addresses_as_they_are_written() -> None:
    assert read_address(" HTTPS://GPU.example:8443/llm/v1/ ").base == "https://gpu.example:8443/llm"
    assert read_address("http://[::1]:80").base == "http://[::1]:80"
    named = read_address("http://gpu:8000/llm/v1/#meta/llm%20compiler")
    assert (named.base, named.model) == ("http://gpu:8000/llm", "meta/llm compiler")
    for name in ("localhost", "127.0.0.1", "127.8.9.10", "[::1]", "a.localhost", "0.0.0.0"):
        assert read_address(f"http://{name}:1").loopback, name
    for name in ("gpu.example", "10.0.0.1", "localhost.example", "[fe80::1]"):
        assert not read_address(f"http://{name}:1").loopback, name
    assert read_address("http://gpu.example:1").place == "gpu.example:1, not encrypted"
    assert read_address("https://gpu.example").place == "gpu.example"


# What it sends


def test_a_greedy_request_to_vllm(server: BadServer) -> None:
    server.on(COMPLETIONS, events(piece("x"), end("stop")))
    prompt = "[INST] caf\N{LATIN SMALL LETTER E WITH ACUTE} \N{PARTY POPPER}</code> [/INST]"
    run(engine_of(server), prompt, GenerateOptions(max_tokens=7, stop=("</code>",), seed=5))
    body = server.posted()[0]
    assert body["prompt"] == prompt
    assert (
        body.items()
        >= {
            "model": "llm-compiler-7b-ftd",
            "max_tokens": 7,
            "temperature": 0.0,
            "top_p": 1.0,
            "repetition_penalty": 1.0,
            "frequency_penalty": 0.0,
            "presence_penalty": 0.0,
            "min_p": 0.0,
            "seed": 5,
            "stream": True,
            "stop": ["</code>"],
            "include_stop_str_in_output": True,
        }.items()
    )
    assert "messages" not in body


def test_a_sampled_request_to_llama_server() -> None:
    with BadServer() as server:
        server.llama_server().on(COMPLETIONS, events(piece("x"), end("stop")))
        run(
            engine_of(server),
            options=GenerateOptions(max_tokens=7, temperature=0.7, top_k=0, top_p=0.5, stop=("y",)),
        )
        body = server.posted()[0]
        assert (
            body.items()
            >= {
                "temperature": 0.7,
                "top_k": 0,
                "top_p": 0.5,
                "min_p": 0.0,
                "repeat_penalty": 1.0,
                "samplers": ["top_k", "top_p", "temperature"],
                "cache_prompt": True,
            }.items()
        )
        # It would leave the stop out of the text and not say which it was.
        assert "stop" not in body


def test_a_server_nobody_knows_gets_nothing_but_the_standard_fields() -> None:
    with BadServer() as server:
        server.models("llm-compiler-7b", max_model_len=4096).on(COMPLETIONS, events(piece("x"), end("stop")))
        run(engine_of(server))
        assert set(server.posted()[0]) == {
            "model", "prompt", "max_tokens", "temperature", "top_p", "frequency_penalty", "presence_penalty", "seed",
            "stream", "stream_options",
        }  # fmt: skip


def test_no_more_is_asked_for_than_there_is_room(server: BadServer) -> None:
    server.vllm(context=50).on(COMPLETIONS, events(piece("x"), end("length")))
    run(engine_of(server), "word " * 30, GenerateOptions(max_tokens=1000))
    assert server.posted()[0]["max_tokens"] == 50 - 31


def test_nothing_asked_for_is_not_sent(server: BadServer) -> None:
    text, ended = run(engine_of(server), options=GenerateOptions(max_tokens=0))
    assert (text, ended.tokens, ended.stopped, ended.prompt_tokens) == ("", 0, "length", 3)
    assert server.posted() == []


def test_text_that_json_cannot_hold(server: BadServer) -> None:
    engine = engine_of(server)
    with pytest.raises(UnusableInput, match="NUL"):
        run(engine, "a\0b")
    with pytest.raises(UnusableInput, match="NUL"):
        engine.count("a\0b")
    server.on(COMPLETIONS, events(piece("x"), end("stop")))
    run(engine, "half \ud83d a character")
    assert server.posted()[0]["prompt"] == "half ? a character"


# Grammars


def test_a_grammar_that_the_server_does_not_take_is_left_out(
    server: BadServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("irlens.model.engines.served.gbnf_of", lambda shape: 'root ::= "a"')
    refused = answer(400, {"error": {"message": "Failed to parse grammar"}})
    server.on(COMPLETIONS, refused, events(piece("x"), end("stop")))
    engine = engine_of(server)
    assert run(engine)[0] == "x"
    assert run(engine)[0] == "x"
    sent = [body.get("structured_outputs") for body in server.posted()]
    assert sent == [{"grammar": 'root ::= "a"'}, None, None]


@pytest.mark.parametrize(
    ("kind", "version", "field"),
    [
        ("vllm", "0.10.1", "guided_grammar"),
        ("vllm", "0.11.2", "structured_outputs"),
        ("llama_server", "", "grammar"),
    ],
)
def test_each_server_has_its_field_for_a_grammar(
    kind: str, version: str, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("irlens.model.engines.served.gbnf_of", lambda shape: 'root ::= "a"')
    with BadServer() as server:
        getattr(server, kind)(**({"version": version} if version else {}))
        server.on(COMPLETIONS, events(piece("x"), end("stop")))
        run(engine_of(server))
        sent = {name for name in server.posted()[0] if "grammar" in name or name == "structured_outputs"}
        assert sent == {field}


@pytest.mark.parametrize(
    ("version", "sent"), [("0.3.35", False), ("0.3.36", True), ("0.4.0", True), ("", False)]
)
def test_a_server_that_a_grammar_may_kill_gets_none(version: str, sent: bool) -> None:
    options = GenerateOptions()
    body = body_of("llama-cpp-python", version, "m", "p", options, 5, 'root ::= "a"')
    assert ("grammar" in body) is sent


@pytest.mark.parametrize(
    "entry", [{"id": "a", "aliases": 5}, {"id": "a", "aliases": {"b": 1}}, {"id": "\ud800"}, 5]
)
def test_a_list_of_models_that_is_none_is_refused_in_words(entry: object) -> None:
    with BadServer() as server:
        server.on("/v1/models", answer(200, {"data": [entry, {"id": "other"}]}))
        with pytest.raises(ModelUnavailable, match="has no model wanted"):
            engine_of(server, replace(QUICK, model="wanted"))
