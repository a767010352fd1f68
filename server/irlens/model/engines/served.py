"""The engine that asks a server: llama-server, vLLM, llama-cpp-python's server, or any with raw `/v1/completions`.

The prompt is sent as it is, never to a chat endpoint, and the begin token is left to the server. A reply is read as it
comes; a cancel closes the connection, within `LOOK_EVERY_S` (0.05 s) even while the server is still evaluating the
prompt, and that is what makes these servers stop. Nothing is asked again once a piece of the reply has arrived.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx2

from irlens.errors import ModelUnavailable, PromptTooLong, UnusableInput
from irlens.model.constraint import Constraint, gbnf_of
from irlens.model.engine import Emit, Ended, EngineOptions, Evaluated
from irlens.model.engines.served_facts import Facts, count_tokens, find_facts
from irlens.model.engines.served_http import Answer, Wire, error_of
from irlens.model.engines.served_place import ServerOptions, read_address, read_key
from irlens.model.engines.served_reply import Reply
from irlens.model.engines.served_request import (
    TooLong,
    body_of,
    refuses_grammar,
    too_long,
    too_long_in,
)
from irlens.model.engines.served_watch import Stopped, TooSlow, Watch
from irlens.model.types import GenerateOptions
from irlens.source.positions import utf8_length

BYTES_A_TOKEN = 1.9
"""Of IR and assembly with LLM Compiler's vocabulary, at least: two logged prompts had 1.96 and 1.92
(4,177 bytes in 2,127 tokens, 31,617 in about 16,500). Only used where the server does not count."""
_LONGEST_COUNTED = 1 << 20
"""Bytes. A longer text is not sent for counting: no context of the models that irlens knows holds a tenth of it."""
_AFTER_END_S = 5.0
"""How long the statistics behind the last piece are waited for."""
_LARGEST_EVENT = 1 << 20
_LONGEST_TOKEN, _SPARE_BYTES, _SPARE_PIECES = 256, 4096, 16


class ServedEngine:
    """A model behind an address, `path`, which may name it: "http://HOST:PORT#MODEL". Making one asks the server what
    it has; nothing may be called from two threads.

    `served_name` is the model's name there; `estimated` says that the server does not count tokens, so that `count`
    is an upper estimate. Raises `ModelUnavailable`."""

    def __init__(self, path: str, options: EngineOptions, server: ServerOptions | None = None) -> None:
        address = read_address(path)
        self._options = replace(
            server or ServerOptions(),
            model=address.model or options.served_name or (server.model if server else None),
            key_file=options.key_file or (server.key_file if server else None),
            context=options.context or (server.context if server else None),
            first_s=server.first_s if server else options.wait_s,
        )
        self._wire = Wire(address, read_key(self._options.key_file), self._options)
        self.device = address.place
        self._takes_grammar = True
        try:
            self._facts: Facts | None = self._find_facts()
        except BaseException:
            self._wire.close()
            raise

    @property
    def name(self) -> str:
        """The server with its version."""
        return self._known.label

    @property
    def served_name(self) -> str:
        return self._wire.clean(self._known.model)

    @property
    def context(self) -> int:
        return self._known.context

    @property
    def estimated(self) -> bool:
        return self._known.counter is None

    def count(self, text: str) -> int:
        """As the server counts. Where it does not (`estimated`), an upper estimate for LLM Compiler's vocabulary."""
        return self._count(_sendable(text), lambda: False)[0]

    def close(self) -> None:
        self._wire.close()

    def generate(
        self,
        prompt: str,
        options: GenerateOptions,
        emit: Emit,
        cancelled: Callable[[], bool],
        constraint: Constraint | None = None,
        evaluated: Evaluated | None = None,
    ) -> Ended:
        """`constraint` asks about single tokens, which no server does: what `options.shape` can be put into a grammar
        is sent with the request instead, to servers that take one.

        `Ended.evaluated` is all of the prompt where the server does not tell what it had kept. `Ended.tokens` is the
        number of pieces where it does not tell that, and all that were asked for where the reply was cut for its length.
        """
        text = _sendable(prompt)
        reply = Reply(options, emit, evaluated, started=time.monotonic())
        if cancelled():
            return reply.ended("cancelled")
        try:
            reply.prompt_tokens, exact = self._count(text, cancelled)
            self._refuse_too_long(TooLong(reply.prompt_tokens, None), estimated=not exact)
            if exact:
                reply.read(0, reply.prompt_tokens)
            if options.max_tokens < 1:
                return reply.ended("length")
            room = self.context - reply.prompt_tokens if exact else options.max_tokens
            return self._generate(text, options, min(options.max_tokens, room), reply, cancelled)
        except Stopped:
            return reply.ended("cancelled")
        except ModelUnavailable:
            # Whatever is there next time may be another server, or another model.
            self._facts = None
            raise

    def _generate(
        self,
        prompt: str,
        options: GenerateOptions,
        most: int,
        reply: Reply,
        cancelled: Callable[[], bool],
    ) -> Ended:
        """Ask; and once more where the server says what to change in the request."""
        grammar = gbnf_of(options.shape) if self._takes_grammar else None
        for _ in range(3):
            facts = self._known
            body = body_of(facts.kind, facts.version, facts.model, prompt, options, most, grammar)
            watch = Watch(cancelled, time.monotonic() + self._options.first_s)
            try:
                return self._wire.run(watch.over(self._read_stream(body, reply, watch)))
            except TooSlow:
                if reply.finish:
                    # Only the statistics behind the reply are missing.
                    return reply.ended(reply.finish)
                raise self._too_slow(reply) from None
            except _Refused as refused:
                long = too_long(refused.answer)
                if long is not None:
                    room = (long.context or self.context) - (long.prompt_tokens or self.context)
                    if 0 < room < most:
                        # The prompt fits; what was asked for with it does not.
                        most = room
                        continue
                    self._refuse_too_long(long, by_server=True)
                if grammar and refuses_grammar(refused.answer):
                    grammar, self._takes_grammar = None, False
                    continue
                raise self._wire.refused(refused.answer) from None
        raise ModelUnavailable(
            f"{self._wire.address.base} refuses every form of the request. Look at the server's log."
        )

    async def _read_stream(self, body: dict[str, Any], reply: Reply, watch: Watch) -> Ended:
        base = self._wire.address.base
        reply.started, reply.most = time.monotonic(), body["max_tokens"]
        async with self._wire.stream("/v1/completions", body) as response:
            if response.status_code != 200:
                raise _Refused(await self._wire.read(response))
            if response.headers.get("content-type", "").split(";")[0].strip().lower() != "text/event-stream":
                raise self._no_stream(await self._wire.read(response))
            try:
                async for event in httpx2.EventSource(response, _LARGEST_EVENT):
                    if watch.cancelled():
                        raise Stopped
                    if event.data == "[DONE]":
                        return self._whole(reply)
                    more = bool(event.data) and reply.take(self._event(event.data, reply))
                    if reply.text.stopped:
                        return reply.ended("stop")
                    if reply.finish:
                        watch.more(_AFTER_END_S)
                    elif more:
                        watch.more(self._options.between_s)
                    self._bound(reply)
            except httpx2.SSEError:
                raise ModelUnavailable(
                    f"{base} sent a line of more than {_LARGEST_EVENT:,} bytes. No model server does: check the "
                    "address, and what stands between."
                ) from None
            if reply.finish:
                return reply.ended(reply.finish)
            if not reply.pieces and self._known.kind == "llama-cpp-python":
                await self._say_why(body, watch)
            raise self._cut_short(reply)

    def _event(self, data: str, reply: Reply) -> dict[str, Any]:
        """An event's object. Raises what it says has gone wrong."""
        try:
            event = json.loads(data)
        except (ValueError, RecursionError):
            event = None
        if not isinstance(event, dict):
            raise ModelUnavailable(
                f"{self._wire.address.base} sent what is no part of a completion: {self._wire.clean(data[:400])}. Check "
                "that the address is a model server's, and what stands between."
            )
        if event.get("error") or event.get("object") == "error":
            long = too_long_in(event)
            if long is not None and not reply.pieces:
                self._refuse_too_long(long, by_server=True)
            raise ModelUnavailable(
                f"{self._wire.address.base} gave up on the reply: {self._wire.clean(error_of(event)) or 'no reason told'}. "
                "Try again; if it stays so, look at the server's log."
            )
        return event

    async def _say_why(self, body: dict[str, Any], watch: Watch) -> None:
        """llama-cpp-python's server ends a stream without a word where it would refuse the same question in words
        if it were to answer in one piece. So it is asked for the one, of one token."""
        answer = await self._wire.ask(watch, "/v1/completions", {**body, "stream": False, "max_tokens": 1})
        if answer.status != 200:
            raise _Refused(answer)

    def _whole(self, reply: Reply) -> Ended:
        if reply.finish:
            return reply.ended(reply.finish)
        if self._known.kind == "llama-cpp-python":
            raise ModelUnavailable(
                f"{self._wire.address.base} broke the reply off because somebody else asked it something. Try again, and "
                "have it started with --interrupt_requests false."
            )
        raise self._cut_short(reply)

    def _bound(self, reply: Reply) -> None:
        most = reply.most
        if reply.pieces > most + _SPARE_PIECES or reply.bytes > most * _LONGEST_TOKEN + _SPARE_BYTES:
            raise ModelUnavailable(
                f"{self._wire.address.base} goes on past the {most:,} tokens that it was asked for. It does not keep to "
                "max_tokens: use another server."
            )

    def _cut_short(self, reply: Reply) -> ModelUnavailable:
        when = f"after {reply.pieces:,} pieces of the reply" if reply.pieces else "before the reply began"
        return ModelUnavailable(
            f"{self._wire.address.base} ended the connection {when}. The server may have stopped, or something between "
            "has a time limit: try again, and look at its log if it stays so."
        )

    def _too_slow(self, reply: Reply) -> ModelUnavailable:
        base = self._wire.address.base
        if reply.pieces:
            return ModelUnavailable(
                f"{base} sent nothing more for {self._options.between_s:g} s in the middle of a reply. It may hang: try "
                "again, or look at the server's log."
            )
        return ModelUnavailable(
            f"{base} did not begin the reply within {self._options.first_s:g} s. It is busy, or the prompt takes it "
            "longer: try again, or set irlens.model.serverWait higher."
        )

    def _no_stream(self, answer: Answer) -> ModelUnavailable:
        said = self._wire.said(answer)
        return ModelUnavailable(
            f"{self._wire.address.base} answered without a stream{f': {said}' if said else ''}. It is no model server, or "
            "something between keeps the reply back: check the address, and the proxy's buffering."
        )

    def _refuse_too_long(self, long: TooLong, *, by_server: bool = False, estimated: bool = False) -> None:
        """Raise `PromptTooLong` for what the server refused, or does not fit as far as is known."""
        context = long.context or self.context
        tokens = long.prompt_tokens or context
        if not by_server and tokens < context:
            return
        about = " (estimated)" if estimated else ""
        raise PromptTooLong(
            f"The prompt has {tokens:,} tokens{about} and the context at {self._wire.address.base} is {context:,}, which "
            "must hold the reply too. Choose a smaller function, or have the server started with a larger context.",
            prompt_tokens=tokens,
            context=context,
        )

    @property
    def _known(self) -> Facts:
        if self._facts is None:
            self._facts = self._find_facts()
        return self._facts

    def _find_facts(self) -> Facts:
        watch = Watch(lambda: False, time.monotonic() + self._options.answer_s)
        return self._wire.run(find_facts(self._wire, self._options, watch))

    def _count(self, text: str, cancelled: Callable[[], bool]) -> tuple[int, bool]:
        """How many tokens, and whether that is counted rather than estimated."""
        facts, size = self._known, utf8_length(text)
        if size <= _LONGEST_COUNTED:
            # llama-cpp-python's server counts only when nobody else's reply is under way.
            in_line = facts.kind == "llama-cpp-python"
            patience = self._options.first_s if in_line else self._options.answer_s
            watch = Watch(cancelled, time.monotonic() + patience)
            counted = self._wire.run(count_tokens(self._wire, watch, facts, text))
            if counted is not None:
                return counted, True
        return math.ceil(size / BYTES_A_TOKEN) + 1, False


class _Refused(Exception):
    """The server answered with a status that is none of success."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def _sendable(text: str) -> str:
    """Text that can be put into JSON as UTF-8; half a character becomes "?" as with every engine."""
    if "\0" in text:
        raise UnusableInput("The text holds a NUL byte, at which a tokenizer may stop. Remove it.")
    return text.encode("utf-8", "replace").decode("utf-8")
