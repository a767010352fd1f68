"""The model's process and its client: streaming, order, cancel, death, and what the user is told."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from irlens.cancel import Cancelled, CancelToken
from irlens.errors import ModelUnavailable, PromptTooLong, UnusableInput
from irlens.model import child, client
from irlens.model.answers import Answers
from irlens.model.client import Model
from irlens.model.types import GenerateOptions, Generation
from support.tiny_gguf import write_tiny

PROMPT = "define i32 add nsw i32 ret"
CONTEXT = 1024
SHORT = GenerateOptions(max_tokens=12)
LONG = GenerateOptions(max_tokens=500)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Large enough that a long reply takes some hundred milliseconds: time to cancel it in."""
    path = tmp_path_factory.mktemp("model") / "tiny.gguf"
    return str(write_tiny(path, seed=7, embedding=192, feed_forward=512, layers=4, context=CONTEXT))


@pytest.fixture
def states() -> list[str]:
    return []


@pytest.fixture
def model(tiny: str, states: list[str]) -> Iterator[Model]:
    with Model(tiny, threads=1, on_state=lambda state, reason: states.append(state)) as model:
        yield model


def until(condition: Callable[[], bool], timeout_s: float = 20) -> None:
    """Wait for something that nobody announces."""
    never, end = threading.Event(), time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        never.wait(0.002)


def kill(model: Model) -> None:
    assert model.pid is not None
    os.kill(model.pid, signal.SIGKILL)


def test_the_header_tells_without_loading(model: Model, tiny: str) -> None:
    info = model.info()
    assert (info.name, info.architecture, info.quantisation) == ("tiny", "llama", "F32")
    assert info.context == CONTEXT
    assert info.parameters > 100_000
    assert len(info.sha256) == 64
    assert (model.state, model.pid) == ("absent", None)


def test_a_reply_is_streamed(model: Model) -> None:
    pieces: list[str] = []
    reply = model.generate(PROMPT, LONG, on_text=pieces.append)
    assert "".join(pieces) == reply.text != ""
    assert len(pieces) > 3
    assert (reply.tokens, reply.stopped) == (500, "length")
    assert reply.prompt_tokens == reply.evaluated == model.count_tokens(PROMPT)
    assert 0 < reply.first_token_s <= reply.seconds


def test_states_of_a_first_and_a_second_request(model: Model, states: list[str]) -> None:
    model.generate(PROMPT, SHORT)
    assert states == ["loading", "busy", "ready"]
    model.generate(PROMPT, SHORT)
    assert states == ["loading", "busy", "ready", "busy", "ready"]
    model.close()
    assert (states[-1], model.pid) == ("absent", None)
    with pytest.raises(ModelUnavailable, match="closed"):
        model.generate(PROMPT, SHORT)


def test_a_prompt_that_does_not_fit_leaves_the_model_ready(model: Model) -> None:
    with pytest.raises(PromptTooLong, match="1,024") as refused:
        model.generate("define " * 1100, SHORT)
    assert refused.value.context == CONTEXT
    assert refused.value.prompt_tokens > 1100
    assert model.state == "ready"


def test_text_that_overruns_the_library_and_text_it_would_cut(model: Model) -> None:
    assert model.count_tokens("🎉" * 20_000) == 2 + 80_000
    with pytest.raises(UnusableInput, match="NUL"):
        model.count_tokens("a\0b")
    assert model.count_tokens("lone \ud800 surrogate") > 2
    assert model.generate(PROMPT, SHORT).tokens == 12


def test_cancel_while_tokens_come(model: Model) -> None:
    whole = model.generate(PROMPT, LONG)
    token = CancelToken()
    seen: list[str] = []

    def stop_at_fifth(text: str) -> None:
        seen.append(text)
        if len(seen) == 5:
            token.cancel()

    reply = model.generate(PROMPT, LONG, cancel=token, on_text=stop_at_fifth)
    assert reply.stopped == "cancelled"
    assert 5 <= reply.tokens < whole.tokens
    assert model.generate(PROMPT, LONG).text == whole.text


def test_cancel_while_the_prompt_is_evaluated(tmp_path: Path) -> None:
    path = write_tiny(tmp_path / "long.gguf", embedding=128, feed_forward=512, layers=4, context=6000)
    token = CancelToken()
    busy = threading.Event()

    def watch(state: str, reason: str) -> None:
        if state == "busy":
            busy.set()

    with Model(str(path), threads=1, batch_size=16, on_state=watch) as model:
        canceller = threading.Thread(target=lambda: (busy.wait(30), token.cancel()))
        model.load()
        busy.clear()
        canceller.start()
        reply = model.generate("define " * 5900, SHORT, cancel=token)
        canceller.join()
    assert (reply.stopped, reply.text) == ("cancelled", "")
    assert reply.evaluated < 5900


def test_a_cancelled_token_starts_nothing(model: Model) -> None:
    token = CancelToken()
    token.cancel()
    assert model.generate(PROMPT, SHORT, cancel=token).stopped == "cancelled"
    with pytest.raises(Cancelled):
        model.count_tokens(PROMPT, cancel=token)
    assert model.pid is None


def test_requests_wait_in_order_and_a_waiting_one_can_be_cancelled(model: Model) -> None:
    alone = [model.generate(f"{PROMPT} {word}", SHORT).text for word in ("ptr", "load", "store")]
    finished: list[str] = []
    replies: dict[str, Generation] = {}
    token = CancelToken()
    threads: dict[str, threading.Thread] = {}

    def ask(word: str, cancel: CancelToken | None) -> None:
        replies[word] = model.generate(f"{PROMPT} {word}", SHORT, cancel=cancel)
        finished.append(word)

    def queue_up(word: str, cancel: CancelToken | None = None) -> None:
        threads[word] = threading.Thread(target=ask, args=(word, cancel))
        threads[word].start()
        until(lambda: len(model._line) == len(threads) + 1)

    def first_piece(text: str) -> None:
        if not threads:
            queue_up("call", token)
            queue_up("load")
            queue_up("store")
            token.cancel()
            threads["call"].join(20)
            finished.append("holder")

    replies["ptr"] = model.generate(f"{PROMPT} ptr", SHORT, on_text=first_piece)
    for thread in threads.values():
        thread.join(20)
    assert finished == ["call", "holder", "load", "store"]
    assert replies["call"].stopped == "cancelled"
    assert [replies[word].text for word in ("ptr", "load", "store")] == alone


def test_many_threads_get_their_own_replies(model: Model) -> None:
    words = ["ptr", "load", "store", "call", "void", "ret"]
    alone = {word: model.generate(f"{PROMPT} {word}", SHORT).text for word in words}
    assert len(set(alone.values())) == len(words)
    got: dict[str, str] = {}
    threads = [
        threading.Thread(target=lambda w=word: got.update({w: model.generate(f"{PROMPT} {w}", SHORT).text}))
        for word in words
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert got == alone


def test_what_the_listener_raises_ends_the_reply_and_hurts_nobody(model: Model) -> None:
    def broken(text: str) -> None:
        raise RuntimeError("listener")

    with pytest.raises(RuntimeError, match="listener"):
        model.generate(PROMPT, LONG, on_text=broken)
    assert model.state == "ready"
    assert model.generate(PROMPT, SHORT).tokens == 12


def test_a_worker_killed_mid_reply_costs_that_reply(model: Model, states: list[str]) -> None:
    expected = model.generate(PROMPT, LONG).text
    with pytest.raises(ModelUnavailable, match="signal 9"):
        model.generate(PROMPT, LONG, on_text=lambda text: kill(model))
    assert (model.state, model.pid) == ("failed", None)
    assert "signal 9" in model.reason
    assert model.generate(PROMPT, LONG).text == expected
    assert states[-4:] == ["failed", "loading", "busy", "ready"]


def test_a_worker_killed_while_idle_costs_nothing(model: Model) -> None:
    model.load()
    pid, child = model.pid, model._child
    assert child is not None
    kill(model)
    until(lambda: not child.alive)
    assert model.generate(PROMPT, SHORT).tokens == 12
    assert model.pid != pid


def test_restarts_are_bounded(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(client.DEATHS_ALLOWED):
        with pytest.raises(ModelUnavailable, match="signal 9"):
            model.generate(PROMPT, LONG, on_text=lambda text: kill(model))
    with pytest.raises(ModelUnavailable, match=f"died {client.DEATHS_ALLOWED} times"):
        model.generate(PROMPT, SHORT)
    assert (model.state, model.pid) == ("failed", None)
    monkeypatch.setattr(client, "DEATHS_WINDOW_S", 0.0)
    assert model.generate(PROMPT, SHORT).tokens == 12


def test_a_worker_that_ignores_a_cancel_is_killed(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "CANCEL_GRACE_S", 0.2)
    token = CancelToken()

    def freeze(text: str) -> None:
        assert model.pid is not None
        if not token.cancelled:
            os.kill(model.pid, signal.SIGSTOP)
            token.cancel()

    reply = model.generate(PROMPT, LONG, cancel=token, on_text=freeze)
    assert reply.stopped == "cancelled"
    assert model.pid is None
    assert model.generate(PROMPT, SHORT).tokens == 12


def test_close_ends_a_request_under_way(tiny: str) -> None:
    model = Model(tiny, threads=1)
    closer = threading.Thread(target=model.close)

    def close_it(text: str) -> None:
        if closer.ident is None:
            closer.start()

    with pytest.raises(ModelUnavailable, match="closed"):
        model.generate(PROMPT, LONG, on_text=close_it)
    closer.join(20)
    assert not closer.is_alive()
    assert model.pid is None


PARENT = """
import sys, os
from irlens.model.client import Model
from irlens.model.types import GenerateOptions
model = Model(sys.argv[1], threads=1)
model.load()
print(model.pid, flush=True)
sys.stdin.read()
"""


def test_the_worker_ends_when_its_parent_is_killed(tiny: str) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, tiny], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    worker = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.communicate()
    worker.wait(timeout=20)
    assert not worker.is_running()


NOISY = """
import os
from irlens.model.worker import take_pipes
requests, answers = take_pipes()
os.write(1, b"native noise")
print("python noise", flush=True)
os.system("echo child noise")
answers.write(b"answer to " + requests.readline())
"""


def test_nothing_but_answers_is_written_to_the_protocol() -> None:
    done = subprocess.run(
        [sys.executable, "-c", NOISY], input=b"this\n", capture_output=True, timeout=30, check=False
    )
    assert done.stdout == b"answer to this\n"
    for noise in (b"native noise", b"python noise", b"child noise"):
        assert noise in done.stderr


def test_a_module_in_the_working_directory_is_not_run(
    tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The editor's working directory may be a stranger's checkout."""
    for name in ("json", "queue", "ctransformers", "irlens"):
        (tmp_path / f"{name}.py").write_text("open('ran', 'w').close()\n")
    monkeypatch.chdir(tmp_path)
    with Model(tiny, threads=1) as model:
        assert model.generate(PROMPT, SHORT).tokens == 12
    assert not (tmp_path / "ran").exists()


def test_a_question_asked_again_is_answered_from_what_is_kept(tiny: str, tmp_path: Path) -> None:
    answers = Answers(tmp_path / "answers.sqlite")
    with Model(tiny, threads=1, answers=answers) as model:
        first = model.generate(PROMPT, SHORT)
        again = model.generate(PROMPT, SHORT)
        assert (first.kept, again.kept) == (False, True)
        assert again.text == first.text
        assert (again.prompt_tokens, again.tokens, again.stopped) == (
            first.prompt_tokens,
            first.tokens,
            first.stopped,
        )
        assert not model.generate(PROMPT, GenerateOptions(max_tokens=13)).kept
    pieces: list[str] = []
    with Model(tiny, threads=1, answers=answers) as later:
        assert later.generate(PROMPT, SHORT, on_text=pieces.append).kept
        assert pieces == [first.text]
        assert later.pid is None, "nothing was loaded for it"
    with Model(tiny, threads=1, context=512, answers=answers) as smaller:
        assert not smaller.generate(PROMPT, SHORT).kept


def test_other_weights_under_the_same_name_give_their_own_answers(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    answers = Answers(tmp_path / "answers.sqlite")
    replies = []
    for seed in (1, 2):
        write_tiny(path, seed=seed)
        with Model(str(path), threads=1, answers=answers) as model:
            replies.append(model.generate(PROMPT, SHORT))
    assert not replies[1].kept
    assert replies[0].text != replies[1].text


def test_weights_that_are_replaced_under_a_running_client_give_their_own_answers(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    write_tiny(path, seed=1)
    with Model(str(path), threads=1, answers=Answers(tmp_path / "answers.sqlite")) as model:
        first = model.generate(PROMPT, SHORT)
        write_tiny(path, seed=2, name="another")
        assert model.generate(PROMPT, SHORT).kept, "the old weights are still the ones that are loaded"
        child = model._child
        assert child is not None
        kill(model)
        until(lambda: not child.alive)
        again = model.generate(PROMPT, SHORT)
        assert not again.kept
        assert again.text != first.text
        assert model.info().name == "another"
        assert model.generate(PROMPT, SHORT).kept


def test_how_far_a_prompt_is_read_is_told_and_the_wait_once_the_speed_is_known(
    tiny: str, tmp_path: Path
) -> None:
    long = "define i32 add " * 60
    with Model(tiny, threads=1, batch_size=32, answers=Answers(tmp_path / "speeds.sqlite")) as model:
        told: list[tuple[int, int, float | None]] = []
        answer = model.generate(long, SHORT, on_read=lambda *each: told.append(each))
        assert told[0] == (0, answer.prompt_tokens, None)
        assert [read for read, _, _ in told] == sorted({read for read, _, _ in told})
        assert told[-1][:2] == (answer.prompt_tokens, answer.prompt_tokens)
        assert all(left is not None and left >= 0 for _, _, left in told[1:])
    with Model(tiny, threads=1, batch_size=32, answers=Answers(tmp_path / "speeds.sqlite")) as later:
        told.clear()
        later.generate("ret " + long, SHORT, on_read=lambda *each: told.append(each))
        assert told[0][2] is not None, "before anything is read, from what an earlier run measured"


def test_what_goes_wrong_in_who_is_told_ends_the_reply(model: Model) -> None:
    def fail(read: int, whole: int, left: float | None) -> None:
        raise RuntimeError("the editor is gone")

    with pytest.raises(RuntimeError, match="editor"):
        model.generate(PROMPT, LONG, on_read=fail)
    assert model.generate(PROMPT, SHORT).tokens == 12


def test_a_cancel_while_the_model_is_loaded_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes the connection and says nothing."""
    monkeypatch.setattr(client, "CANCEL_GRACE_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        model = Model(f"http://127.0.0.1:{silent.getsockname()[1]}")
        cancel = CancelToken()
        raised: list[BaseException] = []

        def load() -> None:
            try:
                model.load(cancel=cancel)
            except BaseException as problem:
                raised.append(problem)

        loading = threading.Thread(target=load)
        loading.start()
        connection, _ = silent.accept()
        cancel.cancel()
        loading.join(timeout=20)
        connection.close()
        assert isinstance(raised[0], Cancelled)
        assert model.pid is None
        model.close()


@pytest.mark.parametrize("when", ["mid reply", "idle"])
def test_a_worker_that_gives_no_sign_of_life_is_given_up_and_replaced(
    model: Model, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """Stopped, it neither answers nor dies."""
    monkeypatch.setattr(child, "QUIET_S", 0.3)
    monkeypatch.setattr(child, "PONG_S", 2.0)
    model.load()
    pid = model.pid
    assert pid is not None

    def stop(text: str = "") -> None:
        os.kill(pid, signal.SIGSTOP)

    if when == "idle":
        stop()
    with pytest.raises(ModelUnavailable, match="gave no sign of life"):
        model.generate(PROMPT, LONG, on_text=stop)
    assert not psutil.pid_exists(pid)
    assert model.generate(PROMPT, SHORT).tokens


def test_a_worker_that_is_at_work_is_not_given_up(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it says nothing of its own accord: it is asked, and answers."""
    monkeypatch.setattr(child, "QUIET_S", 0.05)
    monkeypatch.setattr(child, "PONG_S", 20.0)
    model.load()
    pid = model.pid
    before = model.generate(PROMPT, LONG)
    assert before.tokens
    assert model.pid == pid


@pytest.mark.parametrize(
    ("sends", "told"),
    [
        ("head -c 40000000 /dev/zero", "signal 9"),
        ("head -c 100000 /dev/zero | tr '\\0' '['; echo", "it sent what is no answer"),
        ("echo 5", "it sent what is no answer"),
        ("echo '{'", "it sent what is no answer"),
    ],
)
def test_a_worker_in_a_strangers_hands_is_not_believed(
    tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sends: str, told: str
) -> None:
    """What comes from it is bounded and read with care."""
    script = tmp_path / "worker"
    script.write_text(f"#!/bin/sh\n{sends}\nsleep 60\n")
    script.chmod(0o755)
    with Model(tiny) as model:
        model.info()  # its header is read by another child
        monkeypatch.setattr(child.sys, "executable", str(script))
        with pytest.raises(ModelUnavailable, match=told):
            model.load()
