"""What `irlens doctor` says of the model: what runs it, where it lies, how fast it is."""

from __future__ import annotations

import argparse
import itertools
import threading
import time

import psutil

from irlens.cancel import CancelToken
from irlens.model.client import Model
from irlens.model.named import TASKS, Place, Task, place_of
from irlens.model.types import GenerateOptions

HALF_S = 5.0
"""Seconds for reading, and as many for writing."""
LONGEST_S = 30.0
"""Seconds for each of them where nothing could be measured before: a slow model takes longer than `HALF_S` for the first part
of a prompt."""
_LINE = "  %{0} = add nsw i32 %{1}, %{2}\n"
_PROMPT_LINES = 160
"""About 3,000 tokens for LLM Compiler; a smaller context gets what fits half of it."""
_WRITTEN = 256
_START = "define i32 @f(i32 %0) {\n"


def models_of(arguments: argparse.Namespace) -> dict[Place, tuple[Task, ...]]:
    """The models that would be asked, each with the tasks that it is asked for. Raises `ModelUnavailable`."""
    found: dict[Place, tuple[Task, ...]] = {}
    for task in TASKS:
        place = place_of(arguments.model, task)
        found[place] = (*found.get(place, ()), task)
    return found


def examine(model: Model) -> dict[str, object]:
    """The model's facts, and tokens a second of a self-test of about ten seconds: a prompt of IR is read, a reply
    written. Raises `ModelUnavailable`."""
    started = time.monotonic()
    model.load()
    loading = time.monotonic() - started
    info = model.info()
    prompt = _prompt(model, info.context)
    read, reading_s = _read(model, prompt)
    written, writing_s = _written(model)
    return {
        "name": info.name,
        "path": info.path,
        "family": info.family,
        "quantisation": info.quantisation or "not told",
        "parameters": info.parameters or "not told",
        "context": info.context,
        "engine": info.engine,
        "why_engine": info.why_engine,
        "device": info.device,
        "why_device": info.why_device,
        "memory_mb": _memory_mb(model),
        "load_seconds": round(loading, 2),
        "read_tokens_per_second": round(read / reading_s, 1) if reading_s > 0 else None,
        "written_tokens_per_second": round(written / writing_s, 1) if writing_s > 0 else None,
        "self_test": f"{read:,} tokens read, {written:,} written",
    }


def _prompt(model: Model, context: int) -> str:
    lines = [_LINE.format(number + 2, number, number + 1) for number in range(_PROMPT_LINES)]
    while len(lines) > 1 and model.count_tokens("".join(lines)) > context // 2:
        del lines[len(lines) // 2 :]
    return "".join(lines)


def _read(model: Model, prompt: str) -> tuple[int, float]:
    """How many tokens of the prompt were read in about `HALF_S`, and how long that took."""
    told: list[tuple[float, int]] = []

    def take(read: int, whole: int, left: float | None) -> None:
        told.append((time.monotonic(), read))
        if read > told[0][1]:
            limit.measured()

    with _Limit() as limit:
        generation = model.generate(prompt, GenerateOptions(max_tokens=1), cancel=limit.token, on_read=take)
    if generation.stopped != "cancelled" and generation.evaluated:
        return generation.evaluated, generation.first_token_s
    if len(told) < 2:  # a server tells nothing on the way
        return 0, 0.0
    return told[-1][1] - told[0][1], told[-1][0] - told[0][0]


def _written(model: Model) -> tuple[int, float]:
    """How many tokens were written in about `HALF_S`, the first of each reply not counted, and how long that took.
    Replies that end soon are followed by others, until there are `_WRITTEN` tokens."""
    tokens, spent = 0, 0.0
    with _Limit() as limit:
        for seed in range(_WRITTEN):
            pieces = itertools.count()

            def take(text: str, pieces: itertools.count[int] = pieces) -> None:
                if next(pieces):
                    limit.measured()

            options = GenerateOptions(max_tokens=_WRITTEN - tokens, temperature=1.0, seed=seed)
            generation = model.generate(_START, options, cancel=limit.token, on_text=take)
            tokens += max(0, generation.tokens - 1)
            spent += max(0.0, generation.seconds - generation.first_token_s)
            if limit.token.cancelled or tokens >= _WRITTEN - 1:
                break
    return tokens, spent


class _Limit:
    """A flag that goes up after `HALF_S`, or as soon after as something is measured, at the latest after `LONGEST_S`."""

    def __init__(self) -> None:
        self.token = CancelToken()
        self._late = self._measured = False
        self._timers = [
            threading.Timer(HALF_S, self._be_late),
            threading.Timer(LONGEST_S, self.token.cancel),
        ]

    def measured(self) -> None:
        self._measured = True
        if self._late:
            self.token.cancel()

    def _be_late(self) -> None:
        self._late = True
        if self._measured:
            self.token.cancel()

    def __enter__(self) -> _Limit:
        for timer in self._timers:
            timer.daemon = True
            timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        for timer in self._timers:
            timer.cancel()


def _memory_mb(model: Model) -> int | None:
    """What the model's process holds of main memory, MB; None where there is none. Of a file that is mapped, only what
    was read counts."""
    pid = model.pid
    try:
        return round(psutil.Process(pid).memory_info().rss / 1e6) if pid else None
    except psutil.Error:
        return None
