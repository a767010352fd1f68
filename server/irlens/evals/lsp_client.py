"""A bare LSP client over a child's pipes, for measuring: no library between the clock and the bytes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

Message = dict[str, Any]


class BareClient:
    """Starts `irlens serve` and speaks JSON-RPC with it. A context manager; leaving it ends the server."""

    def __init__(self, *arguments: str) -> None:
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "irlens", "serve", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},
        )
        self._received: list[tuple[float, Message]] = []
        self._arrived = threading.Condition()
        self._next_id = 0
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> BareClient:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.request("shutdown", None, timeout_s=10)
            self.notify("exit", None)
            self.process.wait(10)
        except (TimeoutError, OSError, subprocess.TimeoutExpired):
            self.process.kill()

    def request(self, method: str, params: object, *, timeout_s: float = 60) -> tuple[Any, float]:
        """The result and the seconds from sending to arrival. Raises RuntimeError on an error reply."""
        self._next_id += 1
        wanted = self._next_id
        sent = time.perf_counter()
        self._send({"id": wanted, "method": method, "params": params})
        arrived, message = self.wait_for(
            lambda m: m.get("id") == wanted and "method" not in m, timeout_s=timeout_s
        )
        with self._arrived:  # a long list to look through would delay the clock of the next
            self._received = [one for one in self._received if one[1] is not message]
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']}")
        return message["result"], arrived - sent

    def notify(self, method: str, params: object) -> float:
        """Send a notification; returns the time of sending."""
        sent = time.perf_counter()
        self._send({"method": method, "params": params})
        return sent

    def wait_for(
        self, wanted: Callable[[Message], bool], *, timeout_s: float = 60, after: float = 0.0
    ) -> tuple[float, Message]:
        """The first message that arrived after `after` and is `wanted`, with its time of arrival."""
        deadline = time.perf_counter() + timeout_s
        with self._arrived:
            while True:
                for arrived, message in self._received:
                    if arrived >= after and wanted(message):
                        return arrived, message
                left = deadline - time.perf_counter()
                if left <= 0 or self.process.poll() is not None:
                    raise TimeoutError(f"no such message in {timeout_s} s, exit code {self.process.poll()}")
                self._arrived.wait(min(left, 0.5))

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            if not header.lower().startswith(b"content-length:"):
                continue
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            message = json.loads(stream.read(length))
            with self._arrived:
                self._received.append((time.perf_counter(), message))
                self._arrived.notify_all()
            if "id" in message and "method" in message:
                # The server asks (configuration, registration, progress): an empty answer is a valid one.
                empty = (
                    [None] * len(message["params"]["items"])
                    if message["method"] == "workspace/configuration"
                    else None
                )
                self._send({"id": message["id"], "result": empty})
