"""The protocol that every inference engine meets. An engine lives in the model worker, on one thread.

It knows nothing of prompts' meaning, of processes or of the editor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from irlens.model.constraint import Constraint
from irlens.model.types import GenerateOptions

Emit = Callable[[str], None]
"""Takes the next piece of the reply, in order; the pieces together are the whole text."""


Evaluated = Callable[[int, int], None]
"""Told how many of how many tokens of the prompt are evaluated, those that were kept among them: once before the
first is evaluated, then after each part."""


@dataclass(frozen=True)
class EngineOptions:
    """How to load. `context` None means what the file was trained with; `threads` and `batch_size`
    None let the engine choose. `batch_size` bounds how many prompt tokens are evaluated at once, which is
    also how long a cancel can wait. `gpu_layers` None means as many as fit (`model.gpu`); an engine is given a number.

    The others are for a server: `key_file` holds its key in the first line, `served_name` is the name of the model
    there, if it has several; `wait_s` is how long it may take to the first piece of a reply, in seconds."""

    gpu_layers: int | None = None
    threads: int | None = None
    batch_size: int | None = None
    context: int | None = None
    key_file: str | None = None
    served_name: str | None = None
    wait_s: float = 600.0


@dataclass(frozen=True)
class Ended:
    """How a reply ended; the fields are those of `irlens.model.types.Generation`."""

    prompt_tokens: int
    tokens: int
    evaluated: int
    seconds: float
    first_token_s: float
    stopped: Literal["end", "length", "stop", "cancelled"]


class Engine(Protocol):
    """Loaded weights. `context` is in tokens; `device` is for the user, such as "CPU, 2 threads"."""

    @property
    def name(self) -> str: ...

    @property
    def device(self) -> str: ...

    @property
    def context(self) -> int: ...

    def count(self, text: str) -> int:
        """How many tokens of the context `text` takes as a prompt, the begin token included."""
        ...

    def generate(
        self,
        prompt: str,
        options: GenerateOptions,
        emit: Emit,
        cancelled: Callable[[], bool],
        constraint: Constraint | None = None,
        evaluated: Evaluated | None = None,
    ) -> Ended:
        """Stream a reply. `cancelled` is looked at between tokens and between parts of the prompt, and `evaluated` is
        told as it goes. Tokens that `constraint` does not allow are left out of the choice; where it allows none
        of the likely ones, it is left, unless it `binds`.

        Raises `irlens.errors.PromptTooLong` before anything is evaluated.
        """
        ...

    def close(self) -> None: ...
