"""A client in the server's own process: raw JSON in and out, nothing between a test and the protocol.

async with MemoryClient(server) as client:
    await client.initialize({"textDocument": {...}})
    client.notify("textDocument/didOpen", {...})
    reply = await client.request("textDocument/hover", {...})

Every message of the server is kept in `received`. Requests of the server are answered from `answers`
(a value or a function of the params); one that is not there gets "method not found". Leaving the block checks
that each request had exactly one reply. `watch` sees how long the loop is held up.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from irlens.lsp.server import IrlensServer
from support.loop_watch import LoopWatch, is_too_long

Json = dict[str, Any]
TIMEOUT_S = 20.0


class MemoryClient:
    def __init__(self, server: IrlensServer, answers: dict[str, Any] | None = None) -> None:
        self.server = server
        self.received: list[Json] = []
        self.answers: dict[str, Any] = {
            "window/workDoneProgress/create": None,
            "client/registerCapability": None,
            **(answers or {}),
        }
        self._reader = asyncio.StreamReader()
        self._arrived = asyncio.Event()
        self._sent: list[int | str] = []
        self._next_id = 0
        self._running: asyncio.Task[int] | None = None
        self.watch = LoopWatch()
        self.is_watched = False
        """Whether a request fails that holds up the loop."""

    async def __aenter__(self) -> MemoryClient:
        self.server.protocol.set_writer(self)
        self.watch.__enter__()
        self._running = asyncio.create_task(self.server.run(self._reader))
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            await self._end(kind)
        finally:
            self.watch.__exit__(None, None, None)

    async def _end(self, kind: type[BaseException] | None) -> None:
        if self._running is not None and not self._running.done():
            if kind is None:
                await self.request("shutdown", None)
            self.notify("exit", None)
            await asyncio.wait_for(self._running, TIMEOUT_S)
        if kind is None:
            replies = Counter(message["id"] for message in self.received if "method" not in message)
            replies.pop(None, None)
            assert replies == Counter(self._sent), "each request gets exactly one reply"

    @property
    def exit_code(self) -> asyncio.Task[int]:
        assert self._running is not None
        return self._running

    # To the server

    async def initialize(self, capabilities: Json | None = None, **params: Any) -> Json:
        merged = {"processId": None, "rootUri": None, "capabilities": capabilities or {}, **params}
        reply = await self.request("initialize", merged)
        self.notify("initialized", {})
        return reply

    def send(self, method: str, params: Any) -> int:
        """Send a request and do not wait; returns its id."""
        self._next_id += 1
        self._sent.append(self._next_id)
        self._write({"id": self._next_id, "method": method, "params": params})
        return self._next_id

    async def request(self, method: str, params: Any) -> Json:
        """The whole reply, with `result` or `error`."""
        reply = await self.reply(self.send(method, params))
        took, what = self.watch.take()
        assert not self.is_watched or not is_too_long(took), (
            f"{method} held up the loop: {took:.3f} s of {what}"
        )
        return reply

    async def reply(self, msg_id: int) -> Json:
        return await self.message(lambda m: m.get("id") == msg_id and "method" not in m)

    def notify(self, method: str, params: Any) -> None:
        self._write({"method": method, "params": params})

    def open(self, uri: str, text: str, *, language: str = "llvm", version: int = 1) -> None:
        document = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def send_as_is(self, message: Json) -> int:
        """Send a request whose method may be anything, and do not wait; returns its id."""
        self._next_id += 1
        self._sent.append(self._next_id)
        self._write({"id": self._next_id, **message})
        return self._next_id

    def raw(self, body: bytes) -> None:
        self.bytes(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def bytes(self, data: bytes) -> None:
        self._reader.feed_data(data)

    def _write(self, message: Json) -> None:
        with self.watch.apart():
            self.raw(json.dumps({"jsonrpc": "2.0", **message}).encode())

    # From the server

    def write(self, data: bytes) -> None:
        """The server's writer."""
        with self.watch.apart():
            self._receive(data)

    def _receive(self, data: bytes) -> None:
        message = json.loads(data.partition(b"\r\n\r\n")[2])
        self.received.append(message)
        if "method" in message and "id" in message:
            self._answer(message)
        self._arrived.set()

    def close(self) -> None:
        pass

    def all(self, method: str) -> list[Json]:
        """The params of every notification or request of this method so far."""
        return [message["params"] for message in self.received if message.get("method") == method]

    async def message(self, wanted: Callable[[Json], bool], *, after: int = 0) -> Json:
        """The first message, from number `after` on, that is wanted."""
        seen = after

        def found() -> Json | None:
            nonlocal seen
            while seen < len(self.received):
                seen += 1
                if wanted(self.received[seen - 1]):
                    return self.received[seen - 1]
            return None

        deadline = asyncio.get_running_loop().time() + TIMEOUT_S
        while (message := found()) is None:
            self._arrived.clear()
            left = deadline - asyncio.get_running_loop().time()
            try:
                await asyncio.wait_for(self._arrived.wait(), max(0.0, left))
            except TimeoutError:
                raise AssertionError(
                    f"no such message; received: {json.dumps(self.received)[-3000:]}"
                ) from None
        return message

    async def notification(
        self, method: str, wanted: Callable[[Json], bool] = lambda params: True, *, after: int = 0
    ) -> Json:
        """The params of the first notification of `method`, from message `after` on, that is wanted."""
        message = await self.message(lambda m: m.get("method") == method and wanted(m["params"]), after=after)
        return message["params"]

    async def diagnostics(self, uri: str, *, after: int = 0) -> list[Json]:
        params = await self.notification(
            "textDocument/publishDiagnostics", lambda params: params["uri"] == uri, after=after
        )
        return params["diagnostics"]

    def _answer(self, message: Json) -> None:
        method = message["method"]
        if method in self.answers:
            answer = self.answers[method]
            result = answer(message["params"]) if callable(answer) else answer
            body: Json = {"id": message["id"], "result": result}
        else:
            body = {"id": message["id"], "error": {"code": -32601, "message": f"no {method} here"}}
        asyncio.get_running_loop().call_soon(self._write, body)
