"""The server as a process: how fast it answers, what may not reach its stdout, how it ends."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from support.conditions import wait_until
from support.process import SERVE, URI, Json, Server, Wire
from support.texts import ASM, BROKEN_IR, IR
from support.tiny_gguf import write_tiny


def gone(processes: list[psutil.Process]) -> bool:
    return not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in processes)


def test_initialize_is_answered_within_four_tenths_of_a_second(start: Callable[..., Server]) -> None:
    took = []
    for _ in range(5):
        server = start()
        server.wire.initialize()
        took.append(time.perf_counter() - server.started)
        server.process.kill()
    assert min(took) < 0.4, took  # a busy machine makes it slower, nothing makes it faster


def test_the_early_answer_is_the_only_one_and_the_servers_own(start: Callable[..., Server]) -> None:
    server = start()
    reply = server.wire.initialize()
    assert server.wire.open(BROKEN_IR)
    assert [m for m in server.wire.received if m.get("id") == "init"] == [reply]
    assert reply["result"]["serverInfo"]["name"] == "irlens"


def test_an_initialize_with_a_wrong_shape_inside_is_served_as_a_plain_client(
    start: Callable[..., Server],
) -> None:
    server = start()
    capabilities = {"textDocument": 5, "general": {"positionEncodings": ["utf-8"]}}
    server.wire.request(
        "initialize", {"processId": None, "rootUri": None, "capabilities": capabilities}, "init"
    )
    server.wire.send({"method": "initialized", "params": {}})
    assert server.wire.open(BROKEN_IR)
    assert len([m for m in server.wire.received if m.get("id") == "init"]) == 1


def test_what_is_no_initialize_is_refused_first(start: Callable[..., Server]) -> None:
    server = start()
    place = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}}
    assert server.wire.request("textDocument/hover", place, 7)["error"]["code"] == -32002
    assert "capabilities" in server.wire.initialize()["result"]


def test_nothing_but_messages_reaches_stdout(start: Callable[..., Server], tmp_path: Path) -> None:
    noisy = tmp_path / "noisy.py"
    noisy.write_text(
        "import os, subprocess, sys\n"
        "from irlens.lsp import main, stdio\n"
        "print('before the claim', file=sys.stderr)\n"
        "claim = stdio.claim\n"
        "def noisy():\n"
        "    fds = claim()\n"
        "    print('a stray print', flush=True)\n"
        "    os.write(1, b'a native library')\n"
        "    subprocess.run([sys.executable, '-c', 'import sys; print(\"child\", sys.stdin.read())'])\n"
        "    return fds\n"
        "stdio.claim = noisy\n"
        "main.serve()\n"
    )
    server = start([sys.executable, str(noisy)])
    server.wire.initialize()
    assert server.wire.open(BROKEN_IR)
    assert server.wire.garbage == []
    log = server.log.read_text()
    assert "a stray print" in log
    assert "a native library" in log
    assert "child" in log


def test_shutdown_and_exit_end_it_and_its_children(start: Callable[..., Server]) -> None:
    server = start()
    server.wire.initialize()
    server.wire.open(IR)
    children = wait_until(server.children, "workers")
    assert server.wire.request("shutdown", None)["result"] is None
    server.wire.send({"method": "exit", "params": None})
    assert server.process.wait(10) == 0
    wait_until(lambda: gone(children), "the end of the workers")


def test_the_end_of_stdin_ends_it(start: Callable[..., Server]) -> None:
    server = start()
    server.wire.initialize()
    server.wire.open(IR)
    children = server.children()
    assert server.process.stdin is not None
    server.process.stdin.close()
    assert server.process.wait(10) == 1
    wait_until(lambda: gone(children), "the end of the workers")


def test_a_recorded_session_can_be_played_from_a_file(tmp_path: Path) -> None:
    """A plain file is nothing that a loop can wait for."""
    messages: list[Json] = [
        {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}},
        {"method": "initialized", "params": {}},
        {"id": 2, "method": "shutdown", "params": None},
        {"method": "exit", "params": None},
    ]
    recorded = tmp_path / "session"
    with recorded.open("wb") as file:
        for message in messages:
            body = json.dumps({"jsonrpc": "2.0", **message}).encode()
            file.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    with recorded.open("rb") as file:
        done = subprocess.run(SERVE, stdin=file, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert b'"id": 2' in done.stdout or b'"id":2' in done.stdout


def test_the_end_of_the_client_ends_it_though_the_pipe_stays_open(start: Callable[..., Server]) -> None:
    client = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    server = start()
    server.wire.initialize(client.pid)
    server.wire.open(IR)
    client.kill()
    client.wait()
    assert server.process.wait(10) == 1


def test_the_end_of_a_client_that_reads_nothing_ends_it_too(tmp_path: Path) -> None:
    """Its other end stays open in another process, and nobody empties the pipe that the server writes to."""
    client = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    reader, writer = os.pipe()
    server = subprocess.Popen(SERVE, stdin=subprocess.PIPE, stdout=writer, stderr=subprocess.DEVNULL)
    try:
        assert server.stdin is not None
        wire = Wire(open(reader, "rb", closefd=False), server.stdin)  # noqa: SIM115
        wire.initialize(client.pid)
        wire.open(IR)
        wire.pause()
        symbols = {"method": "textDocument/documentSymbol", "params": {"textDocument": {"uri": URI}}}

        def send() -> None:
            """A server whose answers are not read may stop reading, too."""
            with contextlib.suppress(OSError):
                for number in range(3000):
                    wire.send({"id": 10 + number, **symbols})

        threading.Thread(target=send, daemon=True).start()
        wait_until(lambda: not select.select([], [writer], [], 0)[1], "a pipe that is full")
    finally:
        client.kill()
        client.wait()
    assert server.wait(60) == 1
    os.close(reader)
    os.close(writer)


def test_a_burst_of_messages_holds_up_no_answer_that_is_ready(start: Callable[..., Server]) -> None:
    server = start()
    server.wire.initialize()
    server.wire.open(IR)
    # First of all, and from a child: it is to come before the last of those that the loop itself answers.
    server.wire.send({"id": "first", "method": "irlens/passes", "params": {"textDocument": {"uri": URI}}})
    symbols = {"method": "textDocument/documentSymbol", "params": {"textDocument": {"uri": URI}}}
    bodies = [json.dumps({"jsonrpc": "2.0", "id": number, **symbols}).encode() for number in range(4000)]
    server.wire.raw(b"".join(b"Content-Length: %d\r\n\r\n" % len(body) + body for body in bodies))
    server.wire.wait(lambda message: message.get("id") == 3999)
    order = [message["id"] for message in server.wire.received if "id" in message and "method" not in message]
    assert order.index("first") < order.index(3999)


def test_its_children_do_not_outlive_its_murder(start: Callable[..., Server]) -> None:
    server = start()
    server.wire.initialize()
    server.wire.open(IR)
    children = wait_until(server.children, "workers")
    server.process.kill()
    wait_until(lambda: gone(children), "the end of the workers")


def test_murdered_workers_are_replaced(start: Callable[..., Server]) -> None:
    server = start()
    server.wire.initialize()
    server.wire.open(BROKEN_IR)
    for round_ in range(3):
        for child in wait_until(server.children, "workers"):
            os.kill(child.pid, signal.SIGKILL)
        seen = len(server.wire.received)
        server.wire.send({"method": "textDocument/didSave", "params": {"textDocument": {"uri": URI}}})
        found = wait_until(
            lambda seen=seen: [
                m for m in server.wire.received[seen:] if m.get("method") == "textDocument/publishDiagnostics"
            ],
            f"findings after round {round_}",
        )
        assert found[0]["params"]["diagnostics"]
    assert server.process.poll() is None


def test_workers_murdered_at_work_cost_no_answer_but_theirs(start: Callable[..., Server]) -> None:
    server = start()
    server.wire.initialize()
    large = "\n".join(f"define i32 @f{n}(i32 %x) {{\n  ret i32 %x\n}}" for n in range(4000))
    assert server.wire.open(large) == []
    for _ in range(6):
        seen = len(server.wire.received)
        server.wire.send({"method": "textDocument/didSave", "params": {"textDocument": {"uri": URI}}})
        for child in server.children():
            os.kill(child.pid, signal.SIGKILL)
        published = wait_until(
            lambda seen=seen: [
                m for m in server.wire.received[seen:] if m.get("method") == "textDocument/publishDiagnostics"
            ],
            "findings or the news of a dead worker",
        )
        codes = [found["code"] for found in published[0]["params"]["diagnostics"]]
        assert codes in ([], ["llvm-stopped"])
    assert server.process.poll() is None


def test_a_cancel_reaches_a_real_models_token_loop(start: Callable[..., Server], tmp_path: Path) -> None:
    model = write_tiny(tmp_path / "tiny.gguf", context=2048)
    uri = (tmp_path / "double.s").as_uri()
    server = start()
    server.wire.initialize(
        capabilities={
            "window": {"workDoneProgress": True},
            "textDocument": {"codeAction": {"dataSupport": True, "resolveSupport": {"properties": ["edit"]}}},
        },
        # Noise from a random model takes its full length each time: 64 answers are many seconds of work.
        initializationOptions={"model": {"path": str(model)}, "lift": {"candidates": 64}},
    )
    document = {"uri": uri, "languageId": "asm", "version": 1, "text": ASM}
    server.wire.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
    place = {"line": 4, "character": 0}
    params = {
        "textDocument": {"uri": uri},
        "range": {"start": place, "end": place},
        "context": {"diagnostics": []},
    }
    (lift,) = server.wire.request("textDocument/codeAction", params, 2)["result"]
    server.wire.send({"id": 3, "method": "codeAction/resolve", "params": lift})
    created = server.wire.wait(lambda m: m.get("method") == "window/workDoneProgress/create")
    server.wire.send({"id": created["id"], "result": None})
    server.wire.wait(lambda m: m.get("method") == "irlens/status" and m["params"]["model"]["state"] == "busy")
    server.wire.send({"method": "$/cancelRequest", "params": {"id": 3}})
    asked = time.monotonic()
    reply = server.wire.wait(lambda m: m.get("id") == 3 and "method" not in m)
    assert reply["error"]["code"] == -32800
    seen = len(server.wire.received)
    server.wire.wait(
        lambda m: (
            m in server.wire.received[seen - 8 :]
            and m.get("method") == "irlens/status"
            and m["params"]["model"]["state"] == "ready"
        )
    )
    assert time.monotonic() - asked < 5
    assert server.wire.open(BROKEN_IR)


DEEP = b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":' + b'{"a":' * 1000 + b"1" + b"}" * 1001


@pytest.mark.parametrize(
    "body",
    [
        DEEP,
        b"[" * 100_000,
        b'{"jsonrpc":"2.0","id":{"a":1},"error":5}',
        b"\xff",
        b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}},"x":NaN}',
        b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":[]}',
        b'{"jsonrpc":"2.0","id":true,"method":"initialize","params":{"capabilities":{}}}',
        b"",
    ],
    ids=lambda body: str(body[:20]),
)
def test_no_first_message_ends_it(start: Callable[..., Server], body: bytes) -> None:
    server = start()
    server.wire.raw(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
    assert "capabilities" in server.wire.initialize()["result"]
    assert server.wire.open(BROKEN_IR)
    assert len([m for m in server.wire.received if m.get("id") == "init"]) == 1


@pytest.mark.parametrize("length", [b"9" * 5000, b"10000000000000", b"abc", b"-5"])
def test_a_first_length_that_is_none_ends_it_with_a_word(start: Callable[..., Server], length: bytes) -> None:
    server = start()
    server.wire.raw(b"Content-Length: " + length + b"\r\n\r\n{}")
    refused = server.wire.wait(lambda m: "error" in m)
    assert "Content-Length" in refused["error"]["message"]
    assert server.process.wait(20) == 1
    assert "Traceback" not in server.log.read_text()


def test_a_large_first_message_is_passed_over_without_being_kept(start: Callable[..., Server]) -> None:
    server = start()
    length = 300 << 20
    server.wire.raw(b"Content-Length: %d\r\n\r\n" % length)
    for _ in range(length >> 20):
        server.wire.raw(b" " * (1 << 20))
    assert "capabilities" in server.wire.initialize()["result"]
    assert psutil.Process(server.process.pid).memory_info().rss < 200 << 20


def test_hostile_messages_do_not_fill_the_log(start: Callable[..., Server]) -> None:
    server = start()
    server.wire.initialize()
    kinds: list[Json] = [
        {"id": 1, "method": "x" * 1000},
        {"id": 2, "method": "textDocument/hover", "params": {"textDocument": 5}},
        {"id": 3, "method": "irlens/lift", "params": {"uri": "x" * 1000}},
        {"id": 4, "method": "irlens/steps", "params": {"uri": "file:///x", "passes": "x", "function": "f"}},
        {"method": "textDocument/didOpen", "params": {"textDocument": "x" * 1000}},
        {"id": {"a": 1}, "error": 5},
        {"id": "x" * 1000, "result": 5},
        {"method": "$/cancelRequest", "params": {"id": 99}},
        {"method": "workspace/didChangeConfiguration", "params": {"settings": {"irlens": {"lift": {"candidates": "x"}}}}},
    ]  # fmt: skip
    for _ in range(300):
        for message in kinds:
            server.wire.send(message)
    server.wire.request("shutdown", None, "last")
    log = server.log.read_text()
    assert len(log) < 300_000, len(log)
    assert "Traceback" not in log
