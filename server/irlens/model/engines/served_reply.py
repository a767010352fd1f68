"""A reply as a server's events build it up: its text, how it ended, and the figures that the server told."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Literal

from irlens.errors import ModelUnavailable
from irlens.model.engine import Emit, Ended, Evaluated
from irlens.model.engines.served_request import count_in
from irlens.model.reply import ReplyText
from irlens.model.types import GenerateOptions

StoppedBy = Literal["end", "length", "stop", "cancelled"]


@dataclass
class Reply:
    """`started` is when it was asked for, on the clock of `time.monotonic`; `pieces` and `bytes` count what has come,
    shown or not; `most` is how many tokens were asked for. `finish` is set when the server said that the reply is over.
    """

    options: GenerateOptions
    emit: Emit
    evaluated: Evaluated | None
    started: float
    prompt_tokens: int = 0
    most: int = 0
    pieces: int = 0
    bytes: int = 0
    first_s: float = 0.0
    finish: StoppedBy | None = None
    text: ReplyText = field(init=False)
    _told_tokens: int | None = None
    _told_evaluated: int | None = None
    _counts_end: bool = False
    _read: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        self.text = ReplyText(self.options.stop)

    def read(self, tokens: int, whole: int) -> None:
        """So much of the prompt is evaluated."""
        if self.evaluated is not None and self._read != (tokens, whole):
            self.evaluated(tokens, whole)
        self._read = tokens, whole

    def take(self, event: dict[str, Any]) -> bool:
        """Take in an event; true if there was text in it."""
        self._statistics(event)
        choices = event.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else {}
        if not isinstance(choice, dict):
            return False
        text = choice.get("text")
        some = isinstance(text, str) and text != "" and not self.finish
        if some:
            assert isinstance(text, str)
            if not self.pieces:
                self.first_s = time.monotonic() - self.started
                self.read(self.prompt_tokens, self.prompt_tokens)
            data = text.encode("utf-8", "replace")
            self.pieces += 1
            self.bytes += len(data)
            shown = self.text.take(data)
            if shown:
                self.emit(shown)
        why = choice.get("finish_reason")
        if isinstance(why, str) and why:
            if why in ("error", "abort"):  # vLLM's and llama-server's words for a reply that was not finished
                raise ModelUnavailable(
                    f"The server gave up on the reply ({why}). Try again; if it stays so, look at its log."
                )
            self.finish = self.finish or ("length" if why == "length" else "end")
        return some

    def ended(self, stopped: StoppedBy) -> Ended:
        seconds = time.monotonic() - self.started
        nothing = not self.pieces and stopped in ("cancelled", "length")
        evaluated = self._told_evaluated
        if evaluated is None:
            evaluated = 0 if nothing else self.prompt_tokens
        tokens = self._told_tokens
        if tokens is None:
            # Characters of several tokens come as one piece, but a reply that was cut for its length has all of them.
            tokens = max(self.most, self.pieces) if self.finish == "length" else self.pieces
        elif self._counts_end and stopped == "end":
            tokens = max(0, tokens - 1)
        return Ended(
            prompt_tokens=self.prompt_tokens,
            tokens=tokens,
            evaluated=evaluated,
            seconds=seconds,
            first_token_s=self.first_s or seconds,
            stopped=stopped,
        )

    def _statistics(self, event: dict[str, Any]) -> None:
        """llama-server's `prompt_progress` and `timings`, and the `usage` that all may send."""
        usage, timings, progress = (
            part if isinstance(part, dict) else {}
            for part in (event.get("usage"), event.get("timings"), event.get("prompt_progress"))
        )
        if _number(progress, "total"):
            self.prompt_tokens = progress["total"]
            done = _number(progress, "processed")
            self._told_evaluated = max(0, done - _number(progress, "cache"))
            self.read(min(done, self.prompt_tokens), self.prompt_tokens)
        if _number(usage, "prompt_tokens"):
            self.prompt_tokens = usage["prompt_tokens"]
            self._told_tokens = _number(usage, "completion_tokens")
            details = usage.get("prompt_tokens_details")
            if isinstance(details, dict) and "cached_tokens" in details:
                self._told_evaluated = max(0, self.prompt_tokens - _number(details, "cached_tokens"))
        if _number(timings, "prompt_n") or _number(timings, "cache_n"):
            self._told_evaluated = _number(timings, "prompt_n")
            self._told_tokens = _number(timings, "predicted_n")
            self._counts_end = True  # llama-server does, and is sent no stop strings that could have ended it
            # Before the first piece they are of the part that was read so far.
            if "cache_n" in timings and self._told_tokens:
                self.prompt_tokens = _number(timings, "prompt_n") + _number(timings, "cache_n")


def _number(data: dict[str, Any], key: str) -> int:
    """A count that a server told; 0 for what is none."""
    return count_in(data.get(key))
