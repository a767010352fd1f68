"""What the engines that hold weights have in common: how long, with how many threads, with which seeds, what to refuse.

No inference library here.
"""

from __future__ import annotations

import os

from irlens.errors import PromptTooLong, UnusableInput
from irlens.model.gguf_header import Header

MOST_REFUSED = 48
"""Tokens that a constraint may refuse in one place, the likely ones first."""
ATTEMPTS_APART = 1 << 20
"""Between the steps that seed two draws in one place; no reply is so long."""
_DEFAULT_CONTEXT = 2048
_SMALL_BYTES = 64 << 20


def text_bytes(text: str) -> bytes:
    """The prompt as its tokenizer reads it. Raises `UnusableInput` for a NUL byte, at which one of the tokenizers
    would stop and which no source has."""
    data = text.encode("utf-8", "replace")
    if b"\0" in data:
        raise UnusableInput("The text holds a NUL byte, at which the tokenizer would stop. Remove it.")
    return data


def refuse_too_long(tokens: int, context: int) -> None:
    """Raise `PromptTooLong` where the prompt leaves no room for one token of a reply."""
    if tokens >= context:
        raise PromptTooLong(
            f"The prompt has {tokens:,} tokens and the model's context is {context:,}, which "
            "must hold the reply too. Choose a smaller function, or a model with a larger context.",
            prompt_tokens=tokens,
            context=context,
        )


def default_threads(weight_bytes: int) -> int:
    """How many threads to evaluate with.

    One for small models: the library's threads spin while they wait for each other, so one that has to share
    its core holds up all. Measured, 20 M parameters in Q8_0 on 2 cores: one thread gives 570 tokens/s on an
    idle machine and 390 beside two busy processes, two threads give 720 and 10. Large models leave a core
    free, or half of them where there are many, as those are often SMT.
    """
    if weight_bytes < _SMALL_BYTES:
        return 1
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, available - 1 if available <= 4 else available // 2)


def context_of(header: Header, wanted: int | None) -> int:
    """The context to load with, in tokens: what was asked for, never more than the training's."""
    trained = header.context or _DEFAULT_CONTEXT
    return min(wanted, trained) if wanted else trained


def step_seed(seed: int, step: int) -> int:
    """A seed of its own for each token: the library seeds its generator at every call, so one seed for all
    would draw the same number each time. Never negative, which would mean the clock."""
    mixed = (seed * 0x9E3779B97F4A7C15 + step * 0xBF58476D1CE4E5B9 + 0x94D049BB133111EB) & (2**64 - 1)
    mixed ^= mixed >> 31
    return (mixed * 0xD6E8FEB86659FD93 >> 32) & 0x7FFFFFFF
