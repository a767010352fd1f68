"""What the engines that choose tokens here share: the reply's loop, its end, a constraint's word on each token."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Literal

from irlens.model.constraint import Constraint
from irlens.model.engine import Emit, Ended, Evaluated
from irlens.model.engines.common import refuse_too_long
from irlens.model.reply import ReplyText
from irlens.model.types import GenerateOptions


class TokenEngine(ABC):
    """An engine over a library that evaluates tokens and gives logits. `_past` are the tokens that lie evaluated."""

    context: int
    _past: list[int]

    @abstractmethod
    def _tokens(self, text: str) -> list[int]:
        """Tokens of a prompt, with the begin token in front. Raises `UnusableInput`."""

    @abstractmethod
    def _evaluate_prompt(
        self, tokens: list[int], cancelled: Callable[[], bool], tell: Evaluated | None
    ) -> int:
        """Evaluate what is not there from an earlier prompt; returns how many tokens that were."""

    @abstractmethod
    def _choose(self, options: GenerateOptions, step: int) -> int:
        """The next token, drawn from the logits behind what was evaluated last."""

    @abstractmethod
    def _other(
        self, constraint: Constraint, token: int, options: GenerateOptions, step: int
    ) -> tuple[int, Constraint | None]:
        """Another token than this one, which is not allowed: drawn from what is left, as often as it takes. Where too
        many are refused, a constraint that binds gets the likeliest it allows; else the model has lost itself, and
        goes on as it would, without a constraint."""

    @abstractmethod
    def _go_on(self, token: int) -> None:
        """Evaluate one token of the reply."""

    @abstractmethod
    def _ends(self, token: int) -> bool:
        """Is this the end of a reply?"""

    @abstractmethod
    def _piece(self, token: int) -> bytes:
        """The token's text, which may be part of a character."""

    def count(self, text: str) -> int:
        return len(self._tokens(text))

    def generate(
        self,
        prompt: str,
        options: GenerateOptions,
        emit: Emit,
        cancelled: Callable[[], bool],
        constraint: Constraint | None = None,
        evaluated: Evaluated | None = None,
    ) -> Ended:
        started = time.monotonic()
        tokens = self._tokens(prompt)
        refuse_too_long(len(tokens), self.context)
        fresh = self._evaluate_prompt(tokens, cancelled, evaluated)
        reply = ReplyText(options.stop)
        count, first = 0, 0.0
        stopped: Literal["end", "length", "stop", "cancelled"] = "length"
        while count < options.max_tokens:
            if cancelled():
                stopped = "cancelled"
                break
            token = self._choose(options, count)
            if constraint is not None and not self._allowed(constraint, token):
                token, constraint = self._other(constraint, token, options, count)
            if self._ends(token):
                stopped = "end"
                break
            count += 1
            first = first or time.monotonic() - started
            piece = self._piece(token)
            text = reply.take(piece)
            if constraint is not None:
                constraint.take(piece.decode("utf-8", "replace"))
            if text:
                emit(text)
            if reply.stopped:
                stopped = "stop"
                break
            if len(self._past) >= self.context or count == options.max_tokens:
                break
            self._go_on(token)
        rest = reply.take(b"", final=True)
        if rest:
            emit(rest)
        seconds = time.monotonic() - started
        return Ended(len(tokens), count, fresh, seconds, first or seconds, stopped)

    def _allowed(self, constraint: Constraint, token: int) -> bool:
        if self._ends(token):
            return constraint.may_end()
        return constraint.allows(self._piece(token).decode("utf-8", "replace"))
