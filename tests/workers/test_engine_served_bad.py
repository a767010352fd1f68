"""The served engine against servers that misbehave, and what it sends to each kind of them."""

from __future__ import annotations

import datetime
import email.utils
import math
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from irlens.errors import IrlensError, ModelUnavailable, PromptTooLong, UnusableInput
from irlens.model.engine import Ended, EngineOptions
from irlens.model.engines import served_http
from irlens.model.engines.served import BYTES_A_TOKEN, ServedEngine
from irlens.model.engines.served_place import KEY_VARIABLE, ServerOptions, read_address, read_key
from irlens.model.engines.served_request import body_of
from irlens.model.types import GenerateOptions
from support.bad_server import (
    DONE,
    BadServer,
    answer,
    end,
    event,
    events,
    hang_up,
    hold,
    piece,
    raw_events,
    wait_for_hanging_up,
)
from support.conditions import wait_until

GREEDY = GenerateOptions(max_tokens=40)
QUICK = ServerOptions(connect_s=5, first_s=5, between_s=5, answer_s=5, retries=1)
KEY = "a-secret-that-must-not-show"
COMPLETIONS = "/v1/completions"


@pytest.fixture(autouse=True)
def no_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", KEY_VARIABLE):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served_http, "_FIRST_RETRY_S", 0.02)
    monkeypatch.setattr(served_http, "_BUSY_RETRY_S", 0.02)


@pytest.fixture
def server() -> Iterator[BadServer]:
    with BadServer() as server:
        yield server.vllm()


def engine_of(server: BadServer, options: ServerOptions = QUICK, **more: Any) -> ServedEngine:
    return ServedEngine(server.address, EngineOptions(**more), options)


def run(
    engine: ServedEngine, prompt: str = "a prompt", options: GenerateOptions = GREEDY, cancelled: Any = None
) -> tuple[str, Ended]:
    pieces: list[str] = []
    ended = engine.generate(prompt, options, pieces.append, cancelled or (lambda: False))
    return "".join(pieces), ended


def refusal(engine: ServedEngine, options: GenerateOptions = GREEDY) -> str:
    with pytest.raises(ModelUnavailable) as refused:
        run(engine, options=options)
    text = str(refused.value)
    assert text.endswith("."), text
    assert len(text) < 900
    return text


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


# The key


def test_the_key_is_sent_and_shown_nowhere(
    server: BadServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.on(
        COMPLETIONS, answer(401, {"error": {"message": f"Incorrect API key provided: {KEY}. Get one."}})
    )
    key_file = tmp_path / "key"
    key_file.write_text(f"{KEY}\nnot this line\n")
    monkeypatch.setenv(KEY_VARIABLE, "another")
    engine = engine_of(server, key_file=str(key_file))
    text = refusal(engine)
    assert {asked.headers.get("authorization") for asked in server.asked} == {f"Bearer {KEY}"}
    assert "does not accept the key (401)" in text
    assert KEY not in text
    assert "irlens.model.keyFile" in text
    assert KEY not in repr(engine._options)


def test_the_key_of_the_environment(server: BadServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, f" {KEY}\n")
    engine_of(server)
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_key_that_is_missing_is_asked_for(server: BadServer) -> None:
    server.on("/v1/models", answer(401, {"detail": "Invalid API key"}))
    with pytest.raises(
        ModelUnavailable, match=r"asks for a key \(401\): Invalid API key\. Put it into a file"
    ):
        engine_of(server)
    assert "authorization" not in server.asked[0].headers


@pytest.mark.parametrize(
    "held", [b"", b"\n", b"two words", b"\xff\xfe", "schl\u00fcssel".encode(), b"x" * 5000]
)
def test_key_files_that_hold_no_key(tmp_path: Path, held: bytes) -> None:
    file = tmp_path / "key"
    file.write_bytes(held)
    with pytest.raises(ModelUnavailable, match=r"key") as refused:
        read_key(str(file))
    assert "two words" not in str(refused.value)
    with pytest.raises(ModelUnavailable, match="cannot be read from"):
        read_key(str(tmp_path / "missing"))


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(server: BadServer, status: int) -> None:
    with BadServer() as other:
        other.vllm().on(COMPLETIONS, events(piece("stolen"), end("stop")))
        to = f"{other.address}/v1/completions?session=1"
        server.on(COMPLETIONS, answer(status, {}, location=to))
        text = refusal(engine_of(server))
        assert f"redirects ({status}) to {other.address}/v1/completions. Redirects are not followed" in text
        assert other.asked == []


# Proxies and certificates


def test_this_machine_is_never_asked_through_a_proxy(
    server: BadServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with BadServer() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.address)
        server.on(COMPLETIONS, events(piece("x"), end("stop")))
        assert run(engine_of(server))[0] == "x"
        assert proxy.asked == []


def test_others_are_asked_through_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with BadServer(prefix="http://models.example:8000") as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.address.removesuffix(proxy.prefix))
        proxy.vllm()
        engine = ServedEngine("http://models.example:8000", EngineOptions(), QUICK)
        assert engine.name == "vLLM 0.11.0"
        assert proxy.asked[0].path == "http://models.example:8000/v1/models"


def test_a_proxy_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "socks5://127.0.0.1:1")
    with pytest.raises(ModelUnavailable, match=r"proxy named in the environment.*NO_PROXY"):
        ServedEngine("http://models.example:8000", EngineOptions(), QUICK)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """For 127.0.0.1, signed by itself, and a server's context that has it."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("certificate")
    key, pem = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
         "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(pem)],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    return pem, context


def test_a_certificate_is_checked_and_can_be_trusted(certificate: tuple[Path, ssl.SSLContext]) -> None:
    pem, context = certificate
    with BadServer(tls=context) as server:
        server.vllm().on(COMPLETIONS, events(piece("x"), end("stop")))
        with pytest.raises(ModelUnavailable, match=r"is not trusted: .*SSL_CERT_FILE"):
            engine_of(server)
        assert server.asked == []
        assert run(engine_of(server, replace(QUICK, certificates=str(pem))))[0] == "x"
        with pytest.raises(ModelUnavailable, match="closed the connection without an answer"):
            ServedEngine(server.address.replace("https:", "http:"), EngineOptions(), QUICK)


# Errors before the reply


@pytest.mark.parametrize(
    ("refused", "prompt", "context"),
    [
        (answer(400, {"error": {"code": 400, "type": "exceed_context_size_error", "n_prompt_tokens": 5000, "n_ctx": 512,
                                "message": "the request exceeds the available context size"}}), 5000, 512),
        (answer(400, {"error": {"message": "request (5000 tokens) exceeds the available context size (512 tokens), try "
                                "increasing it", "code": 400}}), 5000, 512),
        (answer(400, {"object": "error", "message": "This model's maximum context length is 512 tokens. However, you "
                      "requested 5040 tokens (5000 in the messages, 40 in the completion)."}), 5000, 512),
        (answer(400, {"error": {"message": "This model's maximum context length is 512 tokens. However, your request has "
                                "5000 input tokens. Please reduce it."}}), 5000, 512),
        (answer(400, {"error": {"message": "The decoder prompt (length 5000) is longer than the maximum model length of "
                                "512. Make sure it is not."}}), 5000, 512),
        (answer(400, {"error": {"code": "context_length_exceeded", "message": "too much"}}), 4096, 4096),
        (events(event({"error": {"code": 400, "type": "exceed_context_size_error", "message": "no", "n_ctx": 512,
                                 "n_prompt_tokens": 5000}})), 5000, 512),
    ],
)  # fmt: skip
def test_what_the_server_refuses_as_too_long(
    server: BadServer, refused: Any, prompt: int, context: int
) -> None:
    server.on(COMPLETIONS, refused)
    with pytest.raises(PromptTooLong, match=f"{context:,}, which must hold the reply too") as too_long:
        run(engine_of(server))
    assert (too_long.value.prompt_tokens, too_long.value.context) == (prompt, context)


def test_a_prompt_that_is_counted_as_too_long_is_not_sent(server: BadServer) -> None:
    with pytest.raises(PromptTooLong, match=r"4,097 tokens and the context .* is 4,096"):
        run(engine_of(server), "word " * 4096)
    assert server.posted() == []


def test_a_reply_that_would_not_fit_is_asked_for_again_and_shorter() -> None:
    with BadServer() as server:
        message = (
            "This model's maximum context length is 100 tokens. However, you requested 130 tokens (90 in the "
            "messages, 40 in the completion). Please reduce the length."
        )
        server.models("llm-compiler-7b", max_model_len=100)
        server.on(
            COMPLETIONS, answer(400, {"error": {"message": message}}), events(piece("x"), end("length"))
        )
        assert run(engine_of(server))[0] == "x"
        assert [body["max_tokens"] for body in server.posted()] == [40, 10]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (answer(500, {"error": {"message": "CUDA out of memory\n\x1b[31m"}}), r"failed \(500\): CUDA out of memory \[31m\."),
        (answer(502, "<html><h1>Bad Gateway</h1></html>", content_type="text/html"), r"\(502\): a web page came back\."),
        (answer(403, {"error": "not yours"}), r"asks for a key \(403\): not yours"),
        (answer(413, ""), r"refuses requests of this size"),
        (answer(422, {"detail": [{"msg": "field required", "loc": []}]}), r"\(422\): field required\. Check"),
        (answer(400, "x" * 5000), r"\(400\): x{300} \(cut short\)\."),
        (answer(404, {"error": {"message": "The model `a` does not exist"}}), r"\(404\): The model `a` does not exist\."),
        (answer(200, "<!doctype html><p>Sign in", content_type="text/html"), r"without a stream: a web page came back"),
        (answer(200, {"error": {"message": "loading failed"}}), r"without a stream: loading failed"),
        (answer(200, {"choices": [{"text": "all at once"}]}), r"without a stream\. It is no model server"),
        (answer(204, ""), r"\(204\)"),
    ],
)  # fmt: skip
def test_refusals_in_words(server: BadServer, reply: Any, words: str) -> None:
    server.on(COMPLETIONS, reply)
    with pytest.raises(ModelUnavailable, match=words) as refused:
        run(engine_of(server))
    assert "\x1b" not in str(refused.value)
    assert str(refused.value).endswith(".")


def test_nothing_listens() -> None:
    with BadServer() as server:
        address = server.address
    with pytest.raises(ModelUnavailable, match=r"Nothing listens at .*Start the server"):
        ServedEngine(address, EngineOptions(), QUICK)


def test_a_name_that_no_machine_has() -> None:
    with pytest.raises(ModelUnavailable, match=r"No machine is known by the name nowhere\.invalid"):
        ServedEngine("http://nowhere.invalid:8000", EngineOptions(), QUICK)


def test_https_where_there_is_none_and_http_where_there_is(server: BadServer, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"not answer as an https server does\. Try http://"):
        ServedEngine(server.address.replace("http:", "https:"), EngineOptions(), QUICK)
    pem = tmp_path / "no.pem"
    pem.write_text("not a certificate")
    with pytest.raises(ModelUnavailable, match=r"certificates in .* cannot be used: .*PEM certificates"):
        ServedEngine(server.address, EngineOptions(), ServerOptions(certificates=str(pem)))


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again(server: BadServer, status: int) -> None:
    engine = engine_of(server)
    server.on(
        COMPLETIONS, answer(status, {"error": {"message": "Loading model"}}), events(piece("x"), end("stop"))
    )
    assert run(engine)[0] == "x"
    assert len(server.posted()) == 2


def test_a_server_that_stays_busy_is_given_up(server: BadServer) -> None:
    engine = engine_of(server)
    server.on(COMPLETIONS, answer(503, {"error": {"message": "Loading model"}}))
    assert "is loading or overloaded (503): Loading model. Try again" in refusal(engine)
    assert len(server.posted()) == 1 + QUICK.retries


def test_retry_after_is_heeded(server: BadServer) -> None:
    server.on(COMPLETIONS, answer(429, {}, retry_after="1"), events(piece("x"), end("stop")))
    started = time.monotonic()
    assert run(engine_of(server))[0] == "x"
    assert time.monotonic() - started >= 1


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_long_retry_after_is_told_rather_than_waited_for(server: BadServer, form: str) -> None:
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=300)
    value = "300" if form == "seconds" else email.utils.format_datetime(later, usegmt=True)
    engine = engine_of(server)
    server.on(COMPLETIONS, answer(429, {}, retry_after=value))
    assert "too many requests (429), and asks to be left alone for" in refusal(engine)
    assert len(server.posted()) == 1


def test_a_cancel_while_it_waits_to_ask_again(server: BadServer) -> None:
    engine = engine_of(server)
    flag = threading.Event()
    server.on(COMPLETIONS, lambda handler: (answer(503, {}, retry_after="25")(handler), flag.set())[1])
    started = time.monotonic()
    assert run(engine, cancelled=flag.is_set)[1].stopped == "cancelled"
    assert time.monotonic() - started < 5


# The stream


def test_pieces_come_as_they_are_sent(server: BadServer) -> None:
    go = threading.Event()
    server.on(COMPLETIONS, events(piece("one "), hold(go), piece("two"), end("stop")))
    seen: list[str] = []

    def emit(text: str) -> None:
        seen.append(text)
        go.set()

    ended = engine_of(server).generate("a prompt", GREEDY, emit, lambda: False)
    assert seen == ["one ", "two"]
    assert (ended.stopped, ended.tokens, ended.prompt_tokens, ended.evaluated) == ("end", 2, 3, 3)
    assert 0 < ended.first_token_s <= ended.seconds


def test_comments_and_pings_and_other_fields_are_no_text(server: BadServer) -> None:
    server.on(
        COMPLETIONS,
        events(
            ": ping\n\n",
            "event: x\nid: 1\nretry: 5\n\n",
            event({"choices": []}),
            piece(""),
            piece("x"),
            end("stop"),
        ),
    )
    assert run(engine_of(server))[0] == "x"


def test_characters_and_line_ends_that_are_cut_in_two(server: BadServer) -> None:
    text = piece("caf\N{LATIN SMALL LETTER E WITH ACUTE} \N{PARTY POPPER}").encode().replace(b"\\u", b"\\u")
    raw = 'data: {"choices":[{"text":"\N{PARTY POPPER}"}]}\r\n\r\n'.encode()

    def dribble(handler: Any) -> None:
        for byte in text + raw:
            handler.wfile.write(b"1\r\n" + bytes([byte]) + b"\r\n")

    server.on(COMPLETIONS, events(dribble, end("stop")))
    assert (
        run(engine_of(server))[0] == "caf\N{LATIN SMALL LETTER E WITH ACUTE} \N{PARTY POPPER}\N{PARTY POPPER}"
    )


@pytest.mark.parametrize("kind", ["vllm", "llama_server"])
def test_the_stop_string_stays_in_and_the_connection_is_closed(kind: str) -> None:
    with BadServer() as server:
        getattr(server, kind)()
        gone = threading.Event()
        server.on(
            COMPLETIONS,
            events(
                piece("a </co"),
                piece("de> more"),
                lambda handler: (wait_for_hanging_up(handler), gone.set())[1],
            ),
        )
        text, ended = run(
            engine_of(server), options=GenerateOptions(max_tokens=40, stop=("never", "</code>"))
        )
        assert (text, ended.stopped) == ("a </code>", "stop")
        assert gone.wait(5)


def test_figures_of_llama_server() -> None:
    with BadServer() as server:
        server.llama_server().on(
            COMPLETIONS,
            events(
                event(
                    {
                        "choices": [],
                        "prompt_progress": {"total": 60, "cache": 20, "processed": 20, "time_ms": 0},
                    }
                ),
                event(
                    {
                        "choices": [],
                        "prompt_progress": {"total": 60, "cache": 20, "processed": 45, "time_ms": 9},
                    }
                ),
                piece("ab", timings={"prompt_n": 40, "cache_n": 20, "predicted_n": 2}),
                end("length", timings={"prompt_n": 40, "cache_n": 20, "predicted_n": 7}),
            ),
        )
        told: list[tuple[int, int]] = []
        ended = engine_of(server).generate(
            "word " * 59, GREEDY, lambda text: None, lambda: False, None, lambda *read: told.append(read)
        )
        assert (ended.prompt_tokens, ended.evaluated, ended.tokens, ended.stopped) == (60, 40, 7, "length")
        assert told == [(0, 60), (20, 60), (45, 60), (60, 60)]


def test_figures_of_vllm(server: BadServer) -> None:
    usage = {"prompt_tokens": 50, "completion_tokens": 9, "prompt_tokens_details": {"cached_tokens": 48}}
    server.on(COMPLETIONS, events(piece("ab"), end("stop", usage=usage)))
    _, ended = run(engine_of(server))
    assert (ended.prompt_tokens, ended.evaluated, ended.tokens) == (50, 2, 9)


def test_figures_that_are_nonsense_are_left(server: BadServer) -> None:
    bad = {
        "usage": {"prompt_tokens": -5, "completion_tokens": "x"},
        "timings": {"prompt_n": 1e300},
        "prompt_progress": 7,
    }
    server.on(COMPLETIONS, events(piece("ab", **bad), end("stop", usage=[1])))
    _, ended = run(engine_of(server))
    assert (ended.prompt_tokens, ended.evaluated, ended.tokens) == (3, 3, 1)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([piece("x"), hang_up], "after 1 pieces of the reply|broke in the middle"),
        ([piece("x")], "after 1 pieces of the reply"),
        ([], "before the reply began"),
        ([piece("x"), DONE], "after 1 pieces"),
        ([piece("x"), "data: {not json\n\n"], "no part of a completion: {not json"),
        ([piece("x"), 'data: "text"\n\n'], "no part of a completion"),
        ([piece("x"), "data: " + "[" * 100_000 + "\n\n"], "no part of a completion"),
        ([piece("x"), event({"error": {"message": "CUDA error"}}), DONE], "gave up on the reply: CUDA error"),
        ([piece("x"), end("abort")], r"gave up on the reply \(abort\)"),
        (["data: " + "x" * (1 << 20) + "x\n\n"], "line of more than 1,048,576 bytes"),
        (["x" * (1 << 20) + "x"], "line of more than 1,048,576 bytes"),
        ([piece("x" * 100_000)], "past the 40 tokens"),
        ([piece("x")] * 100, "past the 40 tokens"),
    ],
)
def test_streams_that_go_wrong(server: BadServer, parts: list[Any], words: str) -> None:
    server.on(COMPLETIONS, events(*parts), events(piece("well"), end("stop")))
    engine = engine_of(server)
    with pytest.raises(ModelUnavailable, match=words) as refused:
        run(engine)
    assert str(refused.value).endswith(".")
    assert len(server.posted()) == 1, "nothing is asked again by itself once a reply has begun"
    assert run(engine)[0] == "well"


def test_a_stream_that_never_ends_is_left(server: BadServer) -> None:
    def for_ever(handler: Any) -> None:
        while not handler.close_connection:
            handler.chunk(piece("more "))

    server.on(COMPLETIONS, events(for_ever))
    assert "goes on past the 40 tokens" in refusal(engine_of(server))


def test_a_reply_that_stalls(server: BadServer) -> None:
    server.on(COMPLETIONS, events(piece("x"), wait_for_hanging_up))
    text = refusal(engine_of(server, ServerOptions(between_s=0.3, first_s=60)))
    assert "sent nothing more for 0.3 s in the middle of a reply" in text


def test_a_reply_that_does_not_begin(server: BadServer) -> None:
    server.on(COMPLETIONS, events(wait_for_hanging_up))
    text = refusal(engine_of(server, ServerOptions(first_s=0.3)))
    assert "did not begin the reply within 0.3 s" in text
    server.on(COMPLETIONS, wait_for_hanging_up)
    assert "did not begin the reply within 0.3 s" in refusal(engine_of(server, ServerOptions(first_s=0.3)))


def test_one_byte_at_a_time_is_not_progress(server: BadServer) -> None:
    def loris(handler: Any) -> None:
        never = threading.Event()
        try:
            for byte in b": a comment without end " * 10_000:
                handler.wfile.write(b"1\r\n" + bytes([byte]) + b"\r\n")
                never.wait(0.01)
        except OSError:
            handler.close_connection = True

    server.on(COMPLETIONS, events(piece("x"), loris))
    assert "sent nothing more for 0.4 s" in refusal(engine_of(server, ServerOptions(between_s=0.4)))
    server.on(
        "/v1/models",
        lambda handler: (handler.start(200, {"transfer-encoding": "chunked"}), loris(handler))[1],
    )
    with pytest.raises(ModelUnavailable, match=r"did not answer /v1/models in time"):
        engine_of(server, ServerOptions(answer_s=0.4))


def test_statistics_that_never_come_are_not_waited_for_long(
    server: BadServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("irlens.model.engines.served._AFTER_END_S", 0.2)
    ending = event({"choices": [{"text": "", "finish_reason": "length"}]})
    server.on(COMPLETIONS, events(piece("x"), ending, wait_for_hanging_up))
    text, ended = run(engine_of(server))
    assert (text, ended.stopped) == ("x", "length")


def test_a_connection_that_was_closed_between_requests_is_opened_again(server: BadServer) -> None:
    engine = engine_of(server)
    server.on(COMPLETIONS, hang_up, events(piece("x"), end("stop")))
    assert run(engine)[0] == "x"
    server.on(COMPLETIONS, hang_up)
    assert "closed the connection without an answer" in refusal(engine)
    assert len(server.posted()) == 4


def test_a_server_that_comes_back_with_another_model(server: BadServer) -> None:
    engine = engine_of(server)
    server.on(COMPLETIONS, events(hang_up), events(piece("x"), end("stop")))
    refusal(engine)
    server.vllm("llm-compiler-13b-ftd", context=2048)
    assert run(engine)[0] == "x"
    assert (engine.served_name, engine.context) == ("llm-compiler-13b-ftd", 2048)
    assert server.posted()[-1]["model"] == "llm-compiler-13b-ftd"


def test_what_the_listener_raises_ends_the_reply(server: BadServer) -> None:
    server.on(COMPLETIONS, events(piece("x"), wait_for_hanging_up), events(piece("y"), end("stop")))
    engine = engine_of(server)

    def broken(text: str) -> None:
        raise KeyError(text)

    server.arrived.clear()
    with pytest.raises(KeyError):
        engine.generate("a prompt", GREEDY, broken, lambda: False)
    assert run(engine)[0] == "y"


# Cancel


@pytest.mark.parametrize("when", ["before headers", "before the first piece", "between pieces"])
def test_a_cancel_closes_the_connection_at_once(server: BadServer, when: str) -> None:
    reached, gone, flag = threading.Event(), threading.Event(), threading.Event()

    def wait(handler: Any) -> None:
        reached.set()
        handler.wait_for_hanging_up()
        gone.set()

    replies = {
        "before headers": wait,
        "before the first piece": events(": ping\n\n", wait),
        "between pieces": events(piece("x"), piece("y"), wait),
    }
    expected = "xy" if when == "between pieces" else ""
    engine = engine_of(server)
    server.on(COMPLETIONS, replies[when])
    times: list[float] = []
    pieces: list[str] = []

    def cancel() -> None:
        reached.wait(10)
        wait_until(lambda: "".join(pieces) == expected)
        times.append(time.monotonic())
        flag.set()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    ended = engine.generate("a prompt", GREEDY, pieces.append, flag.is_set)
    took = time.monotonic() - times[0]
    canceller.join()
    assert ("".join(pieces), ended.stopped) == (expected, "cancelled")
    assert ended.tokens == len(expected)
    assert took < 0.2 + 0.3, "0.05 s by design; the rest is for a machine that is busy"
    assert gone.wait(5)


def test_a_cancel_that_was_there_before_asks_nothing(server: BadServer) -> None:
    engine = engine_of(server)
    before = len(server.asked)
    assert run(engine, cancelled=lambda: True)[1].stopped == "cancelled"
    assert len(server.asked) == before


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


@pytest.mark.parametrize(("version", "sent"), [("0.3.29", False), ("0.3.30", True), ("", False)])
def test_a_server_that_a_grammar_may_kill_gets_none(version: str, sent: bool) -> None:
    options = GenerateOptions()
    body = body_of("llama-cpp-python", version, "m", "p", options, 5, 'root ::= "a"')
    assert ("grammar" in body) is sent


STREAMS = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from(
            [
                piece("a"),
                piece("\N{PARTY POPPER}"),
                end("stop"),
                end("length"),
                DONE,
                "data: ",
                "\n\n",
                '{"choices":',
                ": x\n",
            ]
        ).map(str.encode),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        [
                            "choices",
                            "text",
                            "finish_reason",
                            "usage",
                            "timings",
                            "error",
                            "prompt_n",
                            "cache_n",
                            "predicted_n",
                        ]
                    ),
                    inner,
                )
            ),
            max_leaves=8,
        ).map(lambda data: event(data).encode()),
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[tuple[BadServer, ServedEngine]]:
    with BadServer() as server:
        yield server.vllm(), engine_of(server)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=STREAMS)
def test_whatever_is_streamed_is_a_reply_or_an_error_to_show(
    fuzzed: tuple[BadServer, ServedEngine], parts: list[bytes]
) -> None:
    server, engine = fuzzed
    server.on(COMPLETIONS, raw_events(*parts))
    said = ""
    try:
        text, ended = run(engine)
        text.encode()
        assert ended.stopped in ("end", "length")
        assert ended.tokens >= 0
    except IrlensError as problem:
        said = str(problem)
    assert said == "" or said.endswith(".")
