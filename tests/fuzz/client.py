"""`irlens serve` as a process, and a client that believes nothing.

Unlike the clients of the other tests it keeps what it must for hours: of replies only those that are waited for, of
diagnostics the last of each document. Everything on standard output that is no message, every reply that nobody asked
for, every second reply and every failure in the log is kept as a complaint.
"""

from __future__ import annotations

import array
import contextlib
import fcntl
import json
import queue
import subprocess
import sys
import termios
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from fuzz import processes
from fuzz.broken import Broken
from fuzz.errors_log import ErrorsLog

Json = dict[str, Any]
SERVE = (sys.executable, "-m", "irlens", "serve")
CAPABILITIES: Json = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {"configuration": True, "workspaceFolders": True, "applyEdit": True},
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
    "textDocument": {
        "publishDiagnostics": {"versionSupport": True},
        "codeAction": {"dataSupport": True, "resolveSupport": {"properties": ["edit"]}},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
    },
}


def key_of(msg_id: object) -> str:
    """An id of any shape, as one that can be looked up: `1` and `"1"` are two."""
    return json.dumps(msg_id, sort_keys=True)


def framed(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


class Session:
    """A server process with its wire. `environment` is the whole one. `settings` answers `workspace/configuration`."""

    def __init__(
        self, environment: dict[str, str], folder: Path, *arguments: str, settings: Json | None = None
    ) -> None:
        self.settings = settings or {}
        self.process = subprocess.Popen(
            [*SERVE, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=folder,
        )
        self.garbage: list[bytes] = []
        self.surplus: list[Json] = []
        self.refused = 0
        """Errors with the id null: messages whose id could not be read."""
        self.log = ErrorsLog()
        self.published: dict[str, tuple[int | None, int]] = {}
        """By document: the version of the last diagnostics, and how many there were."""
        self._reopened: set[str] = set()
        self.backwards: list[str] = []
        """Documents whose diagnostics went back to an older version."""
        self.received = 0
        self.seen: set[psutil.Process] = set()
        """Every child that `look` has met."""
        self._waiting: dict[str, str] = {}
        self._allowed: Counter[str] = Counter()
        self._any_allowed = False
        self._kept: dict[str, Json | None] = {}
        self._changed = threading.Condition()
        self._out: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._number = 0
        self._ended = False
        self._reading_errors = threading.Thread(
            target=self.log.read, args=(self.process.stderr,), daemon=True
        )
        self._reading_errors.start()
        for work in (self._write, self._read):
            threading.Thread(target=work, daemon=True).start()

    # To the server

    def initialize(self, *, options: Json | None = None, capabilities: Json | None = None) -> Json:
        params = {
            "processId": None,
            "rootUri": None,
            "capabilities": CAPABILITIES if capabilities is None else capabilities,
            "initializationOptions": options or {},
        }
        reply = self.request("initialize", params)
        self.notify("initialized", {})
        return reply

    def write(self, data: bytes) -> None:
        """Bytes as they are. Returns at once; a server that does not read blocks nobody here."""
        self._out.put(data)

    def hang_up(self) -> None:
        """End the server's input once all is written."""
        self._out.put(None)

    def notify(self, method: str, params: object) -> None:
        self._send({"method": method, "params": params})

    def begin(self, method: str, params: object) -> str:
        """Send a request; the key under which `reply` gives its reply."""
        with self._changed:
            self._number += 1
            key = key_of(f"fuzz-{self._number}")
            self._waiting[key] = method
            self._kept[key] = None
        self._send({"id": f"fuzz-{self._number}", "method": method, "params": params})
        return key

    def reply(self, key: str, timeout_s: float) -> Json:
        """The reply. Raises `Broken` where none comes, or the server ends."""
        with self._changed:
            method = self._waiting.get(key, "a request")
        self.wait(lambda: key not in self._waiting, timeout_s, f"no reply to {method}")
        with self._changed:
            message = self._kept.pop(key)
        assert message is not None
        return message

    def request(self, method: str, params: object, timeout_s: float = 60.0) -> Json:
        return self.reply(self.begin(method, params), timeout_s)

    def arrived(self, key: str) -> bool:
        with self._changed:
            return key not in self._waiting

    def expect(self, requests: dict[str, str], allowed: Counter[str] | None) -> None:
        """Replies to come for requests that are sent by `write`: key and method. `allowed` are keys that may be
        replied to, as often as they count; None where any may."""
        with self._changed:
            self._waiting.update(requests)
            self._any_allowed = allowed is None
            self._allowed = Counter() if allowed is None else allowed.copy()

    def unanswered(self) -> dict[str, str]:
        with self._changed:
            return dict(self._waiting)

    def allowed(self) -> Counter[str]:
        """The keys that may still be replied to."""
        with self._changed:
            return +self._allowed

    def is_soon(self, condition: Callable[[], bool], timeout_s: float) -> bool:
        """Whether the condition comes true in time. Raises `Broken` when the server ends before."""
        late = "late"
        try:
            self.wait(condition, timeout_s, late)
        except Broken as broken:
            if broken.kind != late:
                raise
            return False
        return True

    def wait(self, condition: Callable[[], bool], timeout_s: float, what: str | Callable[[], str]) -> None:
        """Raises `Broken(what)` when the condition is not true in time, or the server ends before."""
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while not condition():
                if self._ended:
                    raise self.death()
                left = deadline - time.monotonic()
                if left <= 0:
                    raise Broken(what if isinstance(what, str) else what(), f"within {timeout_s:g} s")
                self._changed.wait(min(left, 0.2))

    # How it is

    def look(self) -> None:
        """Note which children there are."""
        self.seen.update(processes.tree(self.process.pid)[1:])

    def complaints(self) -> None:
        """Raises `Broken` for what the wire has shown so far."""
        with self._changed:
            garbage, surplus, backwards = self.garbage[:], self.surplus[:], self.backwards[:]
            self.garbage, self.surplus, self.backwards = [], [], []
        if garbage:
            raise Broken("standard output holds what is no message", repr(garbage[:3]))
        if surplus:
            raise Broken("a reply to nobody, or a second one", json.dumps(surplus[:3])[:800])
        if backwards:
            raise Broken("diagnostics of an older version came last", ", ".join(backwards[:5]))
        if self.log.failures:
            failure = self.log.failures[0]
            self.log.failures.clear()
            raise Broken(*failure)

    def ended(self) -> None:
        """Wait until all that the process wrote was read; it has ended."""
        processes.until(lambda: self._ended, 10.0)
        self._reading_errors.join(10.0)

    def death(self) -> Broken:
        """What to say of a server that has ended of its own accord."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        self._reading_errors.join(5)
        kind, shown = self.log.failures[-1] if self.log.failures else ("", "\n".join(self.log.last))
        cause = kind.removeprefix("traceback: ")
        return Broken(f"the server ended with {self.process.poll()} {cause}".strip(), shown[-3000:])

    def sync(self) -> None:
        """Wait until the server has dealt with all that it was sent, and its log was read so far."""
        self.request("fuzz/sync", None)
        processes.until(lambda: not self._unread_errors(), 5.0)
        self.log.settle()

    def _unread_errors(self) -> int:
        """Bytes in the pipe of standard error. The server writes to it before it replies."""
        assert self.process.stderr is not None
        size = array.array("i", [0])
        try:
            fcntl.ioctl(self.process.stderr.fileno(), termios.FIONREAD, size)
        except (OSError, ValueError):
            return 0
        return size[0]

    def leave(self, timeout_s: float = 15.0) -> int:
        """`shutdown` and `exit`; the exit code. Raises `Broken`."""
        self.look()
        self.request("shutdown", None, 30.0)
        self.notify("exit", None)
        try:
            return self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise Broken("the server does not end after exit", "\n".join(self.log.last)) from None

    def orphans(self, timeout_s: float = 15.0) -> list[str]:
        """Children that outlive the server by `timeout_s`."""
        processes.until(lambda: not processes.alive(self.seen), timeout_s)
        left = []
        for process in processes.alive(self.seen):
            with contextlib.suppress(psutil.NoSuchProcess):
                left.append(f"{process.pid} ({processes.kind_of(process)}, {process.status()})")
        return left

    def kill(self) -> None:
        """End it and what is left of it, whatever they do."""
        self.look()
        self._out.put(None)
        self.process.kill()
        self.process.wait()
        for process in processes.alive(self.seen):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    # Threads

    def _send(self, message: Json) -> None:
        self.write(framed(json.dumps({"jsonrpc": "2.0", **message}).encode()))

    def _write(self) -> None:
        assert self.process.stdin is not None
        while (data := self._out.get()) is not None:
            try:
                self.process.stdin.write(data)
                self.process.stdin.flush()
            except (OSError, ValueError):
                return
        with contextlib.suppress(OSError):
            self.process.stdin.close()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        length = -1
        while line := stream.readline():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            elif line == b"\r\n" and length >= 0:
                body = stream.read(length)
                length = -1
                try:
                    message = json.loads(body)
                    assert isinstance(message, dict)
                except (ValueError, AssertionError):
                    self._complain(body)
                else:
                    self._take(message)
            elif not line.lower().startswith(b"content-type:"):
                self._complain(line)
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _complain(self, data: bytes) -> None:
        with self._changed:
            self.garbage.append(data[:200])

    def _take(self, message: Json) -> None:
        if "method" in message:
            if "id" in message:
                self._answer(message)
            elif message["method"] == "textDocument/publishDiagnostics":
                self._note(message["params"])
            return
        key = key_of(message.get("id"))
        with self._changed:
            self.received += 1
            if key == "null":
                self.refused += 1
            elif key in self._waiting:
                del self._waiting[key]
                if key in self._kept:
                    self._kept[key] = message
            elif self._allowed[key] > 0:
                self._allowed[key] -= 1
            elif not self._any_allowed:
                self.surplus.append(message)
            self._changed.notify_all()

    def _note(self, params: Json) -> None:
        uri, version = params["uri"], params.get("version")
        with self._changed:
            before = self.published.get(uri, (None, 0))[0]
            # What the server said of a document before it saw it closed may come after the closing was sent, and its
            # versions begin anew then.
            is_older = version is not None and before is not None and version < before
            if is_older and uri not in self._reopened:
                self.backwards.append(f"{uri}: {version} after {before}")
            self.published[uri] = (version, len(params["diagnostics"]))
            self._changed.notify_all()

    def closed(self, uri: str) -> None:
        """The document was closed: its versions begin anew."""
        with self._changed:
            self.published.pop(uri, None)
            self._reopened.add(uri)

    def _answer(self, message: Json) -> None:
        result: object = None
        if message["method"] == "workspace/configuration":
            result = [self.settings] * len(message["params"]["items"])
        elif message["method"] == "workspace/applyEdit":
            result = {"applied": True}
        elif message["method"] == "window/showDocument":
            result = {"success": True}
        self._send({"id": message["id"], "result": result})
