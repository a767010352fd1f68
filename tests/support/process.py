"""The server as a process of its own, and the wire to it."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from support.conditions import wait_until

Json = dict[str, Any]
SERVE = [sys.executable, "-m", "irlens", "serve"]
URI = "file:///w/a.ll"


class Wire:
    """JSON-RPC over two binary streams; what is no message fails the test that looks at `garbage`."""

    def __init__(self, out: Any, into: Any) -> None:
        self._into = into
        self.received: list[Json] = []
        self.garbage: list[bytes] = []
        self.is_over = False
        """Whether the server has closed its end."""
        self._lock = threading.Lock()
        self._reading = threading.Event()
        self._reading.set()
        threading.Thread(target=self._read_on, args=(out,), daemon=True).start()

    def send(self, message: Json) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def pause(self) -> None:
        """Read nothing more, as an editor that hangs."""
        self._reading.clear()

    def raw(self, data: bytes) -> None:
        self._into.write(data)
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
        self.is_over = True

    def _read(self, out: Any) -> None:
        length = 0
        while self._reading.wait() and (line := out.readline()):
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
