"""A server that gives published replies out, word by word, and remembers the prompts: what LLM Compiler behind
vLLM would look like to irlens."""

from __future__ import annotations

import re

from support.bad_server import BadServer, Handler, Reply, end, events, piece

_PIECES = re.compile(r"\S*\s*")


def serving(*replies: str, name: str = "llm-compiler-7b-ftd", context: int = 16384) -> BadServer:
    """A server with these replies, in order; the last one from then on. Enter it as a block."""
    server = BadServer().vllm(name, context=context)
    return server.on("/v1/completions", *(_stopped(reply) for reply in replies))


def prompts(server: BadServer) -> list[str]:
    return [body["prompt"] for body in server.posted()]


def _stopped(reply: str) -> Reply:
    """The reply as far as the stop strings of the request let it go, with the one that ended it as vLLM is asked to."""

    def answer(handler: Handler) -> None:
        body = handler.server.owner.asked[-1].body
        ends = [reply.find(stop) + len(stop) for stop in body.get("stop") or () if stop in reply]
        assert not ends or body["include_stop_str_in_output"], (
            "a reader could not tell a whole reply from a cut one"
        )
        parts = [piece(part) for part in _PIECES.findall(reply[: min(ends, default=len(reply))]) if part]
        events(*parts, end("stop"))(handler)

    return answer
