"""An HTTP server that does what a test tells it, good or bad: the model servers' forms, and every way to get them wrong.

with BadServer() as server:
    server.vllm(context=4096)                                    # answers /v1/models, /version and /tokenize as vLLM does
    server.on("/v1/completions", events(piece("a"), end("stop")))     # and then this
    engine = ServedEngine(server.address, EngineOptions())
    assert server.asked[-1].body["prompt"] == ...

A reply is a function that gets the request's handler and writes what it likes. Of several replies for one path each is
given once, the last one from then on.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

DONE = "data: [DONE]\n\n"


@dataclass(frozen=True)
class Asked:
    """A request as it arrived. `path` is as in the request line: a whole URL, from a client that thinks us a proxy."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


class Handler(BaseHTTPRequestHandler):
    """Replies with HTTP/1.1 and lengths or chunks, as real servers do."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_GET

    def _answer(self) -> None:
        data = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, headers, json.loads(data) if data else None)
        owner = self.server.owner
        owner.asked.append(asked)
        owner.arrived.set()
        owner.next_reply(asked)(self)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing."""

    def start(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def chunk(self, text: str) -> None:
        data = text.encode("utf-8", "surrogatepass")
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def hang_up(self) -> None:
        """Close the connection as a process that dies does."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def wait_for_hanging_up(self) -> None:
        """Until the client has closed its end."""
        try:
            while self.connection.recv(4096):
                pass
        except OSError:
            pass
        self.close_connection = True


Reply = Callable[[Handler], None]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: BadServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what many tests are about."""


@dataclass
class BadServer:
    """Listens on a free port of this machine while the block lasts."""

    prefix: str = ""
    tls: ssl.SSLContext | None = None
    asked: list[Asked] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)
    """Set at every request; clear it to wait for another."""

    def __post_init__(self) -> None:
        self._replies: dict[str, list[Reply]] = {}

    def on(self, path: str, *replies: Reply) -> BadServer:
        self._replies[path] = list(replies)
        return self

    def next_reply(self, asked: Asked) -> Reply:
        waiting = self._replies.get(asked.path.removeprefix(self.prefix), [])
        if not waiting:
            return answer(404, {"error": {"message": "no such thing", "code": 404}})
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def posted(self, path: str = "/v1/completions") -> list[Any]:
        """The bodies of requests for a path, in order."""
        return [asked.body for asked in self.asked if asked.path.removeprefix(self.prefix) == path]

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def address(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}{self.prefix}"

    def __enter__(self) -> BadServer:
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.owner = self
        if self.tls is not None:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Listen no more. A second time does nothing."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    # The forms of known servers, as their sources have them

    def models(self, *names: str, **more: Any) -> BadServer:
        entries = [{"id": name, "object": "model", **more} for name in names]
        return self.on("/v1/models", answer(200, {"object": "list", "data": entries}))

    def vllm(
        self, name: str = "llm-compiler-7b-ftd", *, context: int = 4096, version: str = "0.11.0"
    ) -> BadServer:
        self.models(name, owned_by="vllm", max_model_len=context)
        self.on("/version", answer(200, {"version": version}))
        return self.on("/tokenize", _count_as(lambda count: {"count": count, "max_model_len": context}))

    def llama_server(self, name: str = "llm-compiler-7b-ftd", *, context: int = 4096) -> BadServer:
        self.models(name, owned_by="llamacpp", meta={"n_ctx_train": 16384})
        props = {"default_generation_settings": {"n_ctx": context}, "build_info": "b6500-abcdef0"}
        self.on("/props", answer(200, props))
        return self.on("/tokenize", _count_as(lambda count: {"tokens": list(range(count))}))


def _count_as(form: Callable[[int], Any]) -> Reply:
    """One token a word and one at the beginning."""

    def reply(handler: Handler) -> None:
        body = handler.server.owner.asked[-1].body
        text = body["prompt"] if "prompt" in body else body["content"]
        answer(200, form(1 + len(text.split())))(handler)

    return reply


def answer(status: int, data: Any, **headers: str) -> Reply:
    """A whole answer of JSON; of a string as it is."""

    def reply(handler: Handler) -> None:
        text = data if isinstance(data, str) else json.dumps(data)
        body = text.encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        handler.start(status, {"content-type": "application/json", "content-length": str(len(body))} | named)
        handler.wfile.write(body)

    return reply


def events(*parts: str | Reply) -> Reply:
    """A stream of events that ends as it should; a part that is a function does what it likes in between."""

    def reply(handler: Handler) -> None:
        handler.start(200, {"content-type": "text/event-stream", "transfer-encoding": "chunked"})
        for part in parts:
            if handler.close_connection:
                return
            if isinstance(part, str):
                handler.chunk(part)
            else:
                part(handler)
        if not handler.close_connection:
            handler.wfile.write(b"0\r\n\r\n")

    return reply


def raw_events(*parts: bytes) -> Reply:
    """A stream of whatever bytes, which ends."""

    def reply(handler: Handler) -> None:
        handler.start(200, {"content-type": "text/event-stream", "transfer-encoding": "chunked"})
        for part in filter(None, parts):
            handler.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        handler.wfile.write(b"0\r\n\r\n")

    return reply


def event(data: Any) -> str:
    return f"data: {json.dumps(data)}\n\n"


def piece(text: str, **more: Any) -> str:
    """A piece of a reply, as every server sends it; `more` goes beside the choices."""
    return event({"choices": [{"index": 0, "text": text, "finish_reason": None}], **more})


def end(why: str, **more: Any) -> str:
    return event({"choices": [{"index": 0, "text": "", "finish_reason": why}], **more}) + DONE


def hang_up(handler: Handler) -> None:
    """Die."""
    handler.hang_up()


def wait_for_hanging_up(handler: Handler) -> None:
    """Say nothing until the client goes, and remember that it did."""
    handler.wait_for_hanging_up()
    handler.server.owner.arrived.set()


def hold(until: threading.Event) -> Reply:
    """Say nothing until the test lets it."""
    return lambda handler: (until.wait(), None)[1]
