"""`irlens serve --tcp`: who is let in, and what whoever is in may do."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import stat
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from irlens.errors import UnusableInput
from irlens.lsp.tcp import MOST_WAITING, refuse_remote
from support.conditions import wait_until
from support.process import SERVE, Json, Server, Wire
from support.texts import BROKEN_IR

Start = Callable[..., Server]


def listening(server: Server) -> tuple[int, str]:
    """The port and the token, as a person reads them."""
    line = wait_until(lambda: re.search(r".*listening on.*", server.log.read_text()), "the port")
    token = re.search(r"token ([\w-]{20,})", line[0])
    return int(line[0].rpartition(":")[2]), token[1] if token else ""


@contextlib.contextmanager
def connected(port: int, host: str = "127.0.0.1") -> Iterator[Wire]:
    with socket.create_connection((host, port), timeout=20) as connection:
        stream = connection.makefile("rwb")
        yield Wire(stream, stream)


def options(token: Any, **more: Any) -> Json:
    return {"initializationOptions": {"token": token, **more}}


def leave(wire: Wire) -> None:
    wire.request("shutdown", None, "shutdown")
    wire.send({"method": "exit", "params": None})


def ended(wire: Wire) -> None:
    wait_until(lambda: wire.is_over, "the end of the connection")


def test_clients_with_the_token_are_served_one_after_the_other(start: Start) -> None:
    server = start([*SERVE, "--tcp", "127.0.0.1:0"])
    port, token = listening(server)
    for _ in range(2):
        with connected(port) as wire:
            assert "capabilities" in wire.initialize(**options(token))["result"]
            assert wire.open(BROKEN_IR)
            leave(wire)
    assert server.process.poll() is None


def test_a_second_client_is_turned_away_while_one_is_there(start: Start) -> None:
    server = start([*SERVE, "--tcp", "127.0.0.1:0"])
    port, token = listening(server)
    with connected(port) as first:
        assert first.initialize(**options(token))["result"]
        with connected(port) as second:
            refused = second.initialize(**options(token))
            assert "one client at a time" in refused["error"]["message"]
            ended(second)
        assert first.open(BROKEN_IR)
        leave(first)
    assert "another client is connected" in server.log.read_text()
    with connected(port) as third:
        assert third.initialize(**options(token))["result"]


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"initializationOptions": None},
        {"initializationOptions": []},
        options(""),
        options(None),
        options(True),
        options("x" * 43),
        options("\ud83d" * 43),
        options(["TOKEN"]),
        {"initializationOptions": {"settings": {"token": "TOKEN"}}},
        {"token": "TOKEN"},
    ],
)
def test_without_the_token_the_connection_ends(start: Start, params: Json) -> None:
    server = start([*SERVE, "--tcp", "127.0.0.1:0"])
    port, token = listening(server)
    with connected(port) as wire:
        given = {
            key: value if value != "TOKEN" else token for key, value in params.items()
        }  # in the wrong place
        refused = wire.initialize(**given)
        assert "initializationOptions.token" in refused["error"]["message"]
        ended(wire)
    log = server.log.read_text()
    assert "its token is missing or wrong" in log
    assert log.count(token) == 1


FIRST: dict[str, bytes] = {
    "a web page": b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: %(length)d\r\n\r\n%(body)s",
    "a web page's preflight": b"OPTIONS / HTTP/1.1\r\n\r\n",
    "a web socket": b"GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100 + b"\n",
    "a header of HTTP": b"Content-Length: %(length)d\r\nHost: x\r\n\r\n%(body)s",
    "a shell": b"ls -l\n",
    "an empty line": b"\r\n\r\n",
    "a line without end": b"Content-Type: " + b"x" * 200_000,
    "headers without end": b"Content-Type: x\r\n" * 1000,
    "a length of 5,000 digits": b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
    "a large message": b"Content-Length: 2000000\r\n\r\n",
    "no JSON": b"Content-Length: 5\r\n\r\nhello",
    "a list": b"Content-Length: 2\r\n\r\n[]",
    "JSON 100,000 deep": b"Content-Length: 100000\r\n\r\n" + b"[" * 100_000,
}


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("door") / "log", [*SERVE, "--tcp", "127.0.0.1:0"])
    yield server
    server.process.kill()
    server.process.wait()


@pytest.mark.parametrize("sent", FIRST.values(), ids=FIRST)
def test_what_is_no_lsp_ends_the_connection(door: Server, sent: bytes) -> None:
    """Even with the right token inside."""
    port, token = listening(door)
    body = (
        b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{},"initializationOptions":{"token":"%b"}}}'
        % token.encode()
    )
    if b"%(length)d" in sent:
        sent = sent % {b"length": len(body), b"body": body}
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        with contextlib.suppress(OSError):  # it may end before all is sent
            connection.sendall(sent)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while data := connection.recv(4096):
                answer += data
    assert b"capabilities" not in answer
    assert b"result" not in answer
    assert door.process.poll() is None
    wait_until(lambda: "is turned away" in door.log.read_text(), "a word in the log")


def test_a_line_that_is_no_header_ends_a_session_too(start: Start) -> None:
    server = start([*SERVE, "--tcp", "127.0.0.1:0"])
    port, token = listening(server)
    with connected(port) as wire:
        assert wire.initialize(**options(token))["result"]
        wire.raw(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")
        ended(wire)


def test_a_client_that_says_nothing_holds_up_nobody(start: Start) -> None:
    server = start([*SERVE, "--tcp", "127.0.0.1:0"])
    port, token = listening(server)
    with contextlib.ExitStack() as silent:
        for _ in range(10):
            silent.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
        with connected(port) as wire:
            assert wire.initialize(**options(token))["result"]


SECONDS = "1.3791"
"""How long the client's program sleeps: by these its process is known. It can leave no other trace, for it is confined."""


def _evil(tmp_path: Path) -> Path:
    evil = tmp_path / "opt"
    evil.write_text(f"#!/bin/sh\nsleep {SECONDS}\necho LLVM version 19.1.0\n")
    evil.chmod(evil.stat().st_mode | stat.S_IXUSR)
    return evil


@contextlib.contextmanager
def watched() -> Iterator[list[int]]:
    """Process ids of the client's program, as they are seen."""
    seen: list[int] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.05):
            seen.extend(
                each.pid
                for each in psutil.process_iter(["cmdline"])
                if each.info["cmdline"] == ["sleep", SECONDS]
            )

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield seen
    finally:
        over.set()
        looking.join()


@pytest.mark.parametrize("may", [False, True])
def test_a_client_chooses_no_program_unless_the_command_line_lets_it(
    start: Start, tmp_path: Path, may: bool
) -> None:
    evil = _evil(tmp_path)
    server = start([*SERVE, "--tcp", "127.0.0.1:0", *(["--trust-client"] if may else [])])
    port, token = listening(server)
    with watched() as seen, connected(port) as wire:
        settings = {"llvm": {"opt": str(evil)}}
        wire.initialize(**options(token, workspaceTrusted=True, **settings))
        wire.send({"method": "irlens/trust", "params": {"trusted": True}})
        changed = {"settings": {"irlens": settings}}
        wire.send({"method": "workspace/didChangeConfiguration", "params": changed})
        assert wire.open(f"; RUN: opt -passes=dce %s\n{BROKEN_IR}")
        wire.request("irlens/passes", {}, "passes")
        if not may:
            refused = wire.request("irlens/useModel", {"name": str(evil)}, "use")
            assert "--trust-client" in refused["error"]["message"]
            said = wire.wait(lambda m: m.get("method") == "window/showMessage")
            assert "--trust-client" in said["params"]["message"]
        leave(wire)
    assert bool(seen) == may


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "::ffff:192.0.2.1"])
def test_other_machines_are_asked_for_by_name(host: str) -> None:
    with pytest.raises(UnusableInput, match="--allow-remote"):
        refuse_remote(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "::ffff:127.0.0.1"])
def test_this_machine_is_no_other(host: str) -> None:
    with contextlib.suppress(socket.gaierror):
        refuse_remote(host)


def test_a_host_that_is_none_is_said() -> None:
    with pytest.raises(UnusableInput, match="names no address"):
        refuse_remote("a" * 70 + ".invalid")


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SERVE, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["--tcp", "0.0.0.0:0"], {}, "--allow-remote"),
        (["--tcp", "[::]:0"], {}, "--allow-remote"),
        (["--tcp", "::1:0"], {}, "[::1]:9257"),
        (["--tcp", "127.0.0.1:99999"], {}, "127.0.0.1:9257"),
        (["--tcp", "127.0.0.1:٣"], {}, "127.0.0.1:9257"),
        (["--allow-remote"], {}, "Give --tcp"),
        (["--trust-client"], {}, "Give --tcp"),
        (["--token-file", "x"], {}, "Give --tcp"),
        (["--tcp", "127.0.0.1:0", "--token-file", "/no/such/file"], {}, "cannot be read"),
        (["--tcp", "127.0.0.1:0", "--token-file", os.devnull], {}, "0 characters"),
        (["--tcp", "127.0.0.1:0"], {"IRLENS_SERVE_TOKEN": "short"}, "5 characters"),
    ],
)
def test_what_cannot_be_served_is_said(arguments: list[str], environment: dict[str, str], words: str) -> None:
    done = _run(*arguments, **environment)
    assert done.returncode == 2, done
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_said(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = start([*SERVE, "--tcp", f"127.0.0.1:{taken.getsockname()[1]}"])
        assert server.process.wait(20) == 2
    assert "Choose another address" in server.log.read_text()


@pytest.mark.parametrize("where", ["file", "environment"])
def test_a_token_of_ones_own(
    start: Start, tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = "my-own-token-" * 3
    file = tmp_path / "token"
    file.write_text(f"{token}\nanything else\n")
    more = ["--token-file", str(file)] if where == "file" else []
    if where == "environment":
        monkeypatch.setenv("IRLENS_SERVE_TOKEN", token)
    server = start([*SERVE, "--tcp", "127.0.0.1:0", *more])
    port, shown = listening(server)
    assert not shown
    with connected(port) as wire:
        assert wire.initialize(**options(token))["result"]
        assert wire.open(BROKEN_IR)
        for child in server.children():
            assert "IRLENS_SERVE_TOKEN" not in child.environ()
        leave(wire)
    assert token not in server.log.read_text()


def test_ipv6_is_listened_on(start: Start) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    server = start([*SERVE, "--tcp", "[::1]:0"])
    port, token = listening(server)
    assert f"[::1]:{port}" in server.log.read_text()
    with connected(port, "::1") as wire:
        assert wire.initialize(**options(token))["result"]


def test_connections_that_say_nothing_hold_the_door_shut_to_nobody(start: Start) -> None:
    server = start([*SERVE, "--tcp", "127.0.0.1:0"])
    port, token = listening(server)
    with contextlib.ExitStack() as stack:
        silent = [stack.enter_context(connected(port)) for _ in range(MOST_WAITING + 8)]
        for _ in range(2):
            with connected(port) as wire:
                assert "capabilities" in wire.initialize(**options(token))["result"]
                leave(wire)
                ended(wire)
        ended(silent[0])  # the oldest gave way
        assert not silent[-1].is_over
    assert "it had sent no `initialize`" in server.log.read_text()
