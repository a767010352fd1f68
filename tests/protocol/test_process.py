"""The server as a process: how fast it answers, what may not reach its stdout, how it ends."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from support.conditions import wait_until
from support.texts import ASM, BROKEN_IR, IR
from support.tiny_gguf import write_tiny

Json = dict[str, Any]
SERVE = [sys.executable, "-m", "irlens", "serve"]
URI = "file:///w/a.ll"


class Wire:
    """JSON-RPC over two binary streams; what is no message fails the test that looks at `garbage`."""

    def __init__(self, out: Any, into: Any) -> None:
        self._into = into
        self.received: list[Json] = []
        self.garbage: list[bytes] = []
        self._lock = threading.Lock()
        threading.Thread(target=self._read_on, args=(out,), daemon=True).start()

    def send(self, message: Json) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._into.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._into.flush()

    def request(self, method: str, params: Any, msg_id: int | str = 1) -> Json:
        self.send({"id": msg_id, "method": method, "params": params})
        return self.wait(lambda m: m.get("id") == msg_id and "method" not in m)

    def initialize(self, process_id: int | None = None, **more: Any) -> Json:
        params = {"processId": process_id, "rootUri": None, "capabilities": {}, **more}
        reply = self.request("initialize", params, "init")
        self.send({"method": "initialized", "params": {}})
        return reply

    def open(self, text: str) -> list[Json]:
        document = {"uri": URI, "languageId": "llvm", "version": 1, "text": text}
        self.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        found = self.wait(
            lambda m: m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"] == URI
        )
        return found["params"]["diagnostics"]

    def wait(self, wanted: Callable[[Json], bool]) -> Json:
        def found() -> Json | None:
            with self._lock:
                return next((message for message in self.received if wanted(message)), None)

        message = wait_until(found, "a message")
        assert message is not None
        return message

    def _read_on(self, out: Any) -> None:
        with contextlib.suppress(OSError, ValueError):  # the test has closed its end
            self._read(out)

    def _read(self, out: Any) -> None:
        length = 0
        while line := out.readline():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            elif line == b"\r\n" and length:
                message = json.loads(out.read(length))
                with self._lock:
                    self.received.append(message)
                length = 0
            elif not line.lower().startswith(b"content-type:"):
                self.garbage.append(line)


class Server:
    """A server process and the wire to it. Its stderr is in a file, printed when a test fails."""

    def __init__(self, log: Path, command: list[str]) -> None:
        self.started = time.perf_counter()
        self.log = log
        with log.open("wb") as errors:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
            )
        self.wire = Wire(self.process.stdout, self.process.stdin)

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def begin(command: list[str] | None = None) -> Server:
        servers.append(Server(tmp_path / f"stderr-{len(servers)}.log", command or SERVE))
        return servers[-1]

    yield begin
    for server in servers:
        server.process.kill()
        server.process.wait()
        sys.stderr.write(server.log.read_text())


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


def test_tcp_serves_one_client_after_the_other(start: Callable[..., Server]) -> None:
    server = start([*SERVE, "--tcp", "127.0.0.1:0"])
    line = wait_until(lambda: "listening on" in server.log.read_text() and server.log.read_text(), "the port")
    port = int(line.rpartition(":")[2])
    for _ in range(2):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            stream = connection.makefile("rwb")
            wire = Wire(stream, stream)
            assert "capabilities" in wire.initialize()["result"]
            assert wire.open(BROKEN_IR)
            wire.request("shutdown", None, 2)
            wire.send({"method": "exit", "params": None})
    assert server.process.poll() is None


def test_a_taken_port_is_said(start: Callable[..., Server]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = start([*SERVE, "--tcp", f"127.0.0.1:{taken.getsockname()[1]}"])
        assert server.process.wait(20) == 2
    assert "Choose another address" in server.log.read_text()
