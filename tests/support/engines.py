"""The engines that one suite is run on, each made in the same way. A new engine is one entry more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from irlens.model.engine import Ended, Engine, EngineOptions
from irlens.model.types import GenerateOptions


@dataclass(frozen=True)
class Kind:
    """An engine, and what its library can: `prompts` is how many evaluated prompts it keeps, `again` how many tokens of
    a prompt it evaluates that is still there, `inside` whether a cancel stops it inside an evaluation, `logits` how the
    last ones are read, where they can be."""

    name: str
    make: Callable[[str, EngineOptions], Engine]
    prompts: int
    again: int
    inside: bool
    logits: Callable[[Any], list[float]] | None = None

    def engine(self, path: str, **options: int) -> Engine:
        return self.make(path, EngineOptions(**{"threads": 1, **options}))  # type: ignore[arg-type]


def _ctransformers(path: str, options: EngineOptions) -> Engine:
    from irlens.model.engines.ctransformers import CTransformersEngine

    return CTransformersEngine(path, options)


def _llama_cpp(path: str, options: EngineOptions) -> Engine:
    from irlens.model.engines.llama_cpp import LlamaCppEngine

    return LlamaCppEngine(path, options)


KINDS = (
    Kind("ctransformers", _ctransformers, 1, 1, False, lambda engine: list(engine._llm.logits)),
    Kind("llama-cpp-python", _llama_cpp, 4, 0, True, lambda engine: engine._logits.tolist()),
)


def run(
    engine: Engine,
    prompt: str,
    options: GenerateOptions,
    cancelled: Callable[[], bool] = lambda: False,
    **more: object,
) -> tuple[str, Ended]:
    """The reply and how it ended."""
    pieces: list[str] = []
    ended = engine.generate(prompt, options, pieces.append, cancelled, **more)  # type: ignore[arg-type]
    return "".join(pieces), ended
