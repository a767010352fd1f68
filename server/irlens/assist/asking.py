"""One question to the model, told as it goes: how long reading it will take, how far that is, how much is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from irlens.assist.words import counted, duration
from irlens.cancel import Cancelled, CancelToken
from irlens.model.types import GenerateOptions, Generation, Prompt

if TYPE_CHECKING:
    from irlens.model.client import Model

Progress = Callable[[str, float | None], None]
"""Called with what is happening and how much of the job is done (0 to 1), or None where that is unknown."""

SHORT = 512
"""Tokens. Of a shorter prompt the length is not told: it is read before anybody has read about it."""


def ask(
    model: Model,
    prompt: Prompt[Any],
    *,
    temperature: float = 0.0,
    seed: int = 0,
    cancel: CancelToken | None = None,
    tell: Progress | None = None,
    part: str = "the model",
    fraction: float | None = None,
) -> Generation:
    """The reply to the prompt, greedy unless a temperature is given.

    `part` begins what is told and `fraction` goes with it. Raises `Cancelled`, where the model's own call would
    give what there is, and what `Model.generate` raises.
    """
    options = GenerateOptions(
        max_tokens=prompt.max_tokens, temperature=temperature, seed=seed, stop=prompt.stop, shape=prompt.shape
    )
    said = _Said(tell or (lambda message, fraction: None), part, fraction)
    generation = model.generate(prompt.text, options, cancel=cancel, on_text=said.written, on_read=said.read)
    if generation.stopped == "cancelled":
        raise Cancelled
    return generation


class _Said:
    """What is told of one reply. A piece of it is a token, or what of it is text."""

    def __init__(self, tell: Progress, part: str, fraction: float | None) -> None:
        self._tell, self._part, self._fraction = tell, part, fraction
        self._pieces = 0

    def read(self, read: int, whole: int, seconds: float | None) -> None:
        self._tell(f"{self._part} {reading(read, whole, seconds)}", self._fraction)

    def written(self, text: str) -> None:
        self._pieces += 1
        self._tell(f"{self._part} answers: {counted(self._pieces, 'token')}", self._fraction)


def reading(read: int, whole: int, seconds: float | None) -> str:
    """How far a prompt of `whole` tokens is read, and in how many seconds the rest will be."""
    if whole < SHORT:
        return "reads the prompt"
    part = f"has read {read:,} of {whole:,} tokens" if read else f"reads {whole:,} tokens"
    if read >= whole:
        return part
    return (
        f"{part}, about {duration(seconds)} to go"
        if seconds is not None
        else f"{part}, at a speed not known yet"
    )
