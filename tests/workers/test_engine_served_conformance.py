"""The suite of every engine, on the served one: each model file behind a server of llama-cpp-python's of its own.

Not here: what a server does not let its client do or see. It chooses among tokens itself (constraints of ours), it does
not tell what it kept of a prompt or how far it has read, and it takes the marks of special tokens in a text for these.
It looks whether its client is still there when it sends a piece, and only then: while it reads a prompt, or makes bytes
that are no text (as random weights do), it does not stop, though the client has its cancel at once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from test_engine_conformance import (  # noqa: F401
    large,
    saying,
    test_a_nul_byte_is_refused_not_cut_at,
    test_a_prompt_that_does_not_fit_is_refused_with_the_numbers,
    test_a_stop_string_ends_the_reply_and_is_in_it,
    test_an_empty_prompt_is_the_begin_token,
    test_greedy_is_deterministic,
    test_nothing_is_printed,
    test_pieces_come_while_the_reply_is_made,
    test_the_same_seed_gives_the_same_reply_and_another_another,
    test_tokens_are_counted,
    test_top_k_of_one_is_greedy_whatever_the_temperature,
    test_what_is_no_character_is_counted_as_a_question_mark,
    tiny,
)

from irlens.model.engine import Engine, EngineOptions
from irlens.model.engines.served import ServedEngine
from irlens.model.gguf_header import read_header
from irlens.model.types import GenerateOptions
from support.engines import Kind, run
from support.served_model import ModelServer

PROMPT = "define i32 add nsw i32 ret"


@pytest.fixture(scope="module")
def kind() -> Iterator[Kind]:
    servers: dict[tuple[str, int, int], ModelServer] = {}

    def make(path: str, options: EngineOptions) -> Engine:
        context, batch = options.context or read_header(path).context or 512, options.batch_size or 512
        server = servers.get((path, context, batch))
        if server is None:
            more = ("--n_ctx", str(context), "--n_batch", str(batch), "--interrupt_requests", "false")
            server = servers[path, context, batch] = ModelServer(path, *more)
        return ServedEngine(server.address, EngineOptions(key_file=server.key_file, context=options.context))

    yield Kind("server", make, prompts=0, again=0, inside=True)
    for server in servers.values():
        server.stop()


@pytest.fixture
def engine(kind: Kind, tiny: str) -> Engine:  # noqa: F811
    return kind.engine(tiny)


def test_a_cancel_while_the_server_reads_the_prompt(kind: Kind, large: str) -> None:  # noqa: F811
    made = kind.engine(large)
    asked: list[float] = []
    timer = threading.Timer(0.1, lambda: asked.append(time.monotonic()))

    def read(tokens: int, whole: int) -> None:
        assert (tokens, whole) == (0, 3002)
        timer.start()

    text, ended = run(
        made, "define " * 3000, GenerateOptions(max_tokens=9), lambda: bool(asked), evaluated=read
    )
    took = time.monotonic() - asked[0]
    assert (text, ended.tokens, ended.prompt_tokens, ended.stopped) == ("", 0, 3002, "cancelled")
    assert took < 0.2 + 0.3, "0.05 s by design; the rest is for a machine that is busy"


def test_characters_come_whole_and_a_stop_string_of_several_tokens_is_seen(kind: Kind, saying: str) -> None:  # noqa: F811
    made = kind.engine(saying)
    pieces: list[str] = []
    ended = made.generate(PROMPT, GenerateOptions(max_tokens=40), pieces.append, lambda: False)
    assert ("".join(pieces), ended.stopped) == ("é日🎉", "end")
    text, ended = run(made, PROMPT, GenerateOptions(stop=("日",)))
    assert (text, ended.stopped) == ("é日", "stop")
