"""The served engine before a reply begins: keys, proxies, certificates, refusals, and asking again."""

from __future__ import annotations

import datetime
import email.utils
import shutil
import ssl
import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from irlens.cancel import Cancelled, CancelToken
from irlens.errors import ModelUnavailable, PromptTooLong
from irlens.model.client import Model
from irlens.model.engine import EngineOptions
from irlens.model.engines.served import ServedEngine
from irlens.model.engines.served_place import KEY_VARIABLE, ServerOptions, read_key
from support import served_asking
from support.bad_server import (
    BadServer,
    answer,
    end,
    event,
    events,
    hold,
    piece,
)
from support.served_asking import COMPLETIONS, KEY, QUICK, engine_of, refusal, run

no_surroundings = served_asking.no_surroundings
quick_retries = served_asking.quick_retries
server = served_asking.server


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


def test_asking_a_silent_server_what_it_is_can_be_called_off() -> None:
    """Whoever waits holds a thread, of which the editor's server has few for slow work."""
    silent, told = threading.Event(), CancelToken()
    outcomes: list[BaseException] = []

    def ask(model: Model) -> None:
        try:
            model.info(cancel=told)
        except BaseException as problem:
            outcomes.append(problem)

    with BadServer() as server:
        server.on("/v1/models", hold(silent))
        with Model(server.address) as model:
            asking = threading.Thread(target=ask, args=(model,))
            asking.start()
            assert server.arrived.wait(60)
            told.cancel()
            asking.join(30)  # the server would be waited for 60 s
            assert not asking.is_alive()
        silent.set()
    assert [type(outcome) for outcome in outcomes] == [Cancelled]
