"""The child process that owns the weights: `python -m irlens.model.worker`.

It speaks JSON lines on the pipes it was started with. Its fd 1 points at stderr before any native library is
loaded, so that nothing such a library prints can reach the protocol. The first request names the model; the process is
then confined to what that takes, before a library reads it. One thread reads requests, puts cancels into effect at once
and gives signs of life; the other does them in order. It ends when its parent does.

Requests: {"op": "load", "id", "engine", "path", "options"}, which is the first, {"op": "count", "id", "text"},
{"op": "generate", "id", "prompt", "options"}, {"op": "cancel", "id"}, {"op": "ping"}, which is answered {"pong"}.
Answers: {"id", "placing": layers} any number of times and then {"id", "loaded": {...}}; {"id", "count"};
{"id", "read": [tokens, of]} and {"id", "text"} any number of times and then {"id", "ended"}; instead of the last of a
request's answers {"id", "error": {"kind", "message", ...}}.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, BinaryIO

from irlens.confinement.walls import confine
from irlens.errors import IrlensError, PromptTooLong
from irlens.model.constraint import constraint_of
from irlens.model.engine import Engine, EngineOptions
from irlens.model.engines.loading import load_engine
from irlens.model.engines.needs import confinement_of
from irlens.model.types import GenerateOptions, ReplyShape
from irlens.workers.spawn import end_with_parent

_PARENT_CHECK_S = 2.0
_PIECES_APART_S = 0.005


def take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Private duplicates of fds 0 and 1; fd 0 becomes the null device and fd 1 becomes stderr."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return requests, answers


class Worker:
    """The loop over requests. `todo` holds them in order; `cancelled` the ids not to go on with."""

    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self._requests = requests
        self._answers = answers
        self._todo: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._cancelled: set[int] = set()
        self._answering = threading.Lock()
        self._engine: Engine | None = None

    def run(self) -> None:
        # Before there is another thread: a wall binds the one that builds it, and those that it starts.
        first = self._requests.readline()
        if not first:
            return
        request = json.loads(first)
        confine(confinement_of(request["engine"], request["path"], request["options"]))
        self._todo.put(request)
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=_watch_parent, args=(os.getppid(),), daemon=True).start()
        while True:
            request = self._todo.get()
            number = request.get("id", 0)
            try:
                self._do(request, number)
            except IrlensError as problem:
                self._answer({"id": number, "error": _as_error(problem)})
            finally:
                self._cancelled.discard(number)

    def _read(self) -> None:
        for line in self._requests:
            request = json.loads(line)
            if request["op"] == "cancel":
                self._cancelled.add(request["id"])
            elif request["op"] == "ping":
                self._answer({"pong": True})
            else:
                self._todo.put(request)
        # The parent is gone. The other thread may be deep in native code; nothing here needs saving.
        os._exit(0)

    def _do(self, request: dict[str, Any], number: int) -> None:
        if request["op"] == "load":
            self._engine, placed = load_engine(
                request["engine"],
                request["path"],
                EngineOptions(**request["options"]),
                lambda layers: self._answer({"id": number, "placing": layers}),
            )
            loaded = {
                "name": getattr(self._engine, "served_name", ""),
                "engine": self._engine.name,
                "device": self._engine.device,
                "context": self._engine.context,
                "why_device": placed,
            }
            self._answer({"id": number, "loaded": loaded})
            return
        assert self._engine is not None, "the client loads before it asks"
        if request["op"] == "count":
            self._answer({"id": number, "count": self._engine.count(request["text"])})
            return
        options = request["options"]
        pieces = _Pieces(lambda text: self._answer({"id": number, "text": text}))
        shape = ReplyShape(**options["shape"]) if options.get("shape") else None
        ended = self._engine.generate(
            request["prompt"],
            GenerateOptions(**{**options, "stop": tuple(options["stop"]), "shape": shape}),
            pieces.take,
            lambda: number in self._cancelled,
            constraint_of(shape),
            lambda read, whole: self._answer({"id": number, "read": [read, whole]}),
        )
        pieces.send()
        self._answer({"id": number, "ended": asdict(ended)})

    def _answer(self, message: dict[str, Any]) -> None:
        data = json.dumps(message).encode() + b"\n"
        try:
            with self._answering:
                while data:
                    data = data[self._answers.write(data) :]
        except BrokenPipeError:
            os._exit(0)


class _Pieces:
    """Passes text on at once, but not more often than `_PIECES_APART_S`: a small model makes thousands of
    tokens a second, and a message for each would cost it a twentieth of its speed."""

    def __init__(self, pass_on: Callable[[str], None]) -> None:
        self._pass_on = pass_on
        self._held: list[str] = []
        self._next = 0.0

    def take(self, text: str) -> None:
        self._held.append(text)
        if time.monotonic() >= self._next:
            self.send()

    def send(self) -> None:
        if self._held:
            self._pass_on("".join(self._held))
            self._held.clear()
            self._next = time.monotonic() + _PIECES_APART_S


def _as_error(problem: IrlensError) -> dict[str, Any]:
    error: dict[str, Any] = {"kind": type(problem).__name__, "message": str(problem)}
    if isinstance(problem, PromptTooLong):
        error |= {"prompt_tokens": problem.prompt_tokens, "context": problem.context}
    return error


def _watch_parent(parent: int) -> None:
    """End with the parent even where somebody else holds the other end of our pipe (a forked sibling)."""
    never = threading.Event()
    while os.getppid() == parent:
        never.wait(_PARENT_CHECK_S)
    os._exit(0)


def main() -> None:
    # Ctrl-C in a shell reaches the whole group; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    requests, answers = take_pipes()
    Worker(requests, answers).run()


if __name__ == "__main__":
    main()
