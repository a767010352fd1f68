"""A server that gives published replies out, word by word, and remembers the prompts: what LLM Compiler behind
llama-server would look like to irlens."""

from __future__ import annotations

import re
from collections.abc import Sequence

from support.bad_server import BadServer, Handler, end, events, piece

_PIECES = re.compile(r"\S*\s*")


def serving(*replies: str, name: str = "llm-compiler-7b-ftd", context: int = 16384) -> BadServer:
    """A server with these replies, in order; the last one from then on. Enter it as a block."""
    server = BadServer().vllm(name, context=context)
    return server.on("/v1/completions", *(_stopped(reply) for reply in replies))


def prompts(server: BadServer) -> list[str]:
    return [body["prompt"] for body in server.posted()]


def _stopped(reply: str):  # type: ignore[no-untyped-def]
    """The reply as far as the stop strings of the request let it go, without the one that ended it, as servers do."""

    def answer(handler: Handler) -> None:
        stops: Sequence[str] = handler.server.owner.asked[-1].body.get("stop") or ()
        ends = [(at, stop) for stop in stops if (at := reply.find(stop)) >= 0]
        text, stop = (reply[: min(ends)[0]], min(ends)[1]) if ends else (reply, "")
        parts = [piece(part) for part in _PIECES.findall(text) if part]
        finish = end("stop")
        if stop:
            finish = finish.replace(
                '"finish_reason": "stop"', f'"finish_reason": "stop", "stop_reason": {_json(stop)}'
            )
        events(*parts, finish)(handler)

    return answer


def _json(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
