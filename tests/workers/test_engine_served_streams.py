"""The served engine while a reply comes in: streams that go wrong, figures, cancels, and whatever bytes."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from irlens.errors import IrlensError, ModelUnavailable
from irlens.model.engines.served import ServedEngine
from irlens.model.engines.served_place import ServerOptions
from irlens.model.types import GenerateOptions
from support import served_asking
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
from support.served_asking import COMPLETIONS, GREEDY, engine_of, refusal, run
from support.timing import within

no_surroundings = served_asking.no_surroundings
quick_retries = served_asking.quick_retries
server = served_asking.server


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


def _layers(of: bytes, count: int) -> bytes:
    for _ in range(count):
        of = gzip.compress(of, 9)
    return of


@pytest.mark.parametrize("where", ["the reply", "the list of models"])
def test_an_answer_that_is_compressed_is_not_unpacked(where: str) -> None:
    """Three layers of gzip make a terabyte of a kilobyte; here they would make 100 MB, in one call that looks at no clock."""
    bomb = _layers(b"\n" * 100_000_000, 3)

    def reply(handler: Any) -> None:
        kind = "text/event-stream" if where == "the reply" else "application/json"
        encodings = {"content-encoding": "gzip, gzip, gzip", "content-length": str(len(bomb))}
        handler.start(200, {"content-type": kind} | encodings)
        handler.wfile.write(bomb)

    with BadServer() as server:
        server.vllm().on(COMPLETIONS if where == "the reply" else "/v1/models", reply)
        said = within(2, refusal_of, server)
    assert "compresses what it was asked to send as it is (gzip, gzip, gzip)" in said


def refusal_of(server: BadServer) -> str:
    with pytest.raises(ModelUnavailable) as refused:
        run(engine_of(server))
    return str(refused.value)


@pytest.mark.parametrize("charset", ["idna", "bz2", "undefined", "utf-16", "no-such-thing"])
def test_a_stream_is_utf_8_whatever_it_says(server: BadServer, charset: str) -> None:
    def reply(handler: Any) -> None:
        handler.start(200, {"content-type": f"text/event-stream; charset={charset}"})
        handler.wfile.write((piece("x") + end("stop") + DONE).encode())
        handler.close_connection = True

    server.on(COMPLETIONS, reply)
    assert run(engine_of(server))[0] == "x"


def test_counts_beyond_all_bounds_are_none(server: BadServer) -> None:
    huge = 10**4000
    entry = {"id": "m", "owned_by": "vllm", "max_model_len": huge}
    server.on("/v1/models", answer(200, {"object": "list", "data": [entry]}))
    assert "does not tell how long its context is" in refusal_of(server)
    server.vllm().on("/tokenize", answer(200, {"count": huge, "tokens": [1, 2, 3]}))
    server.on(COMPLETIONS, events(piece("x", usage={"prompt_tokens": huge}), end("stop")))
    _, ended = run(engine_of(server))
    assert ended.prompt_tokens == 3


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
