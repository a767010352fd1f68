"""The default engine: ctransformers 0.2.27, a pure wheel around a llama.cpp of August 2023.

It is used below its own high-level calls, because those choose wrongly for us, each seen and measured:
its tokenizer call overruns the heap on text that needs more tokens than characters; it warns instead of
refusing past the context; its sampler starts the same random sequence anew for every token; a prompt is one
uninterruptible call; a load error says nothing. `ctransformers_files` names what the file is before native code
opens it. Its library has one sequence and cannot copy it, so only the latest prompt is kept. Nothing here may be called
from two threads at once.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from ctypes import c_int
from typing import Any

from irlens.errors import ModelUnavailable
from irlens.model.constraint import Constraint
from irlens.model.engine import EngineOptions, Evaluated
from irlens.model.engines.common import (
    ATTEMPTS_APART,
    MOST_REFUSED,
    context_of,
    default_threads,
    step_seed,
    text_bytes,
)
from irlens.model.engines.ctransformers_files import NAME, unsupported
from irlens.model.engines.tokens import TokenEngine
from irlens.model.gguf_header import Header, read_header
from irlens.model.types import GenerateOptions

__all__ = ["NAME", "CTransformersEngine", "context_of", "unsupported"]

LARGEST_BATCH = 512
"""llama.cpp of that time sizes its buffers for 512 tokens a call; more would abort."""

_NEVER = -1e30
_CPU_BATCH, _GPU_BATCH = 32, 512


def _library(gpu: bool) -> str | None:
    """Which of the wheel's libraries to load; None leaves it to ctransformers.

    Its own detection (py-cpuinfo) takes over a second and starts processes; Linux has a file for it.
    """
    if gpu or platform.system() != "Linux" or platform.machine() not in ("x86_64", "AMD64"):
        return None
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
            flags = next((line.split() for line in file if line.startswith("flags")), [])
    except OSError:
        return None
    if "avx2" in flags and "fma" in flags and "f16c" in flags:
        return "avx2"
    return "avx" if "avx" in flags and "f16c" in flags else "basic"


class CTransformersEngine(TokenEngine):
    """A loaded model. Making one takes seconds for large files."""

    name = NAME

    def __init__(self, path: str, options: EngineOptions) -> None:
        header = read_header(path)
        reason = unsupported(header)
        if reason:
            raise ModelUnavailable(reason)
        self.context = context_of(header, options.context)
        layers = options.gpu_layers or 0
        gpu = layers > 0
        library = _library(gpu)
        self._threads = options.threads or default_threads(header.size)
        batch = options.batch_size or (_GPU_BATCH if gpu else _CPU_BATCH)
        self._batch = max(1, min(batch, LARGEST_BATCH, self.context))
        self._llm = _load(path, header, self.context, layers, library)
        where = f"GPU ({layers} layers)" if gpu else f"CPU ({library or 'default'})"
        self.device = f"{where}, {self._threads} thread{'s' if self._threads > 1 else ''}"
        self._vocabulary = self._llm.vocab_size
        self._end = self._llm.eos_token_id
        self._past: list[int] = []
        self._call_ends: list[int] = []
        """Per evaluated position: the token, and where the evaluation call it was part of ended."""

    def close(self) -> None:
        llm, self._llm = self._llm, None
        del llm

    def _tokens(self, text: str) -> list[int]:
        """Tokens of a prompt, with the begin token in front."""
        data = text_bytes(text)
        # At most one token a byte, save that a space becomes a three-byte mark; one space is put in front.
        room = (c_int * (3 * (len(data) + 1) + 2))()
        count = self._llm.ctransformers_llm_tokenize(data, True, room)
        return room[:count]

    def _evaluate_prompt(
        self, tokens: list[int], cancelled: Callable[[], bool], tell: Evaluated | None
    ) -> int:
        """Evaluate what is not there from an earlier prompt; returns how many tokens that were.

        Calls end at multiples of the batch size and at the prompt's end. A token is kept only if it was part
        of a call that ended at the same place, because the length of a call shows in the last bits of what
        it computes: so a prompt's reply is the same whether or not something was kept.
        """
        whole = len(tokens)
        ends = [min(whole, (index // self._batch + 1) * self._batch) for index in range(whole)]
        keep = 0
        for old, new in zip(
            zip(self._past, self._call_ends, strict=True), zip(tokens, ends, strict=True), strict=False
        ):
            if old != new:
                break
            keep += 1
        keep = min(keep, whole - 1)
        del self._past[keep:], self._call_ends[keep:]
        evaluated = 0
        if tell is not None:
            tell(len(self._past), whole)
        while len(self._past) < whole and not cancelled():
            start = len(self._past)
            part = tokens[start : ends[start]]
            self._evaluate(part, ends[start])
            evaluated += len(part)
            if tell is not None:
                tell(len(self._past), whole)
        return evaluated

    def _evaluate(self, tokens: Sequence[int], end: int) -> None:
        count = len(tokens)
        done = self._llm.ctransformers_llm_batch_eval(
            (c_int * count)(*tokens), count, len(self._past), count, self._threads
        )
        if not done:
            self._past.clear()
            self._call_ends.clear()
            raise ModelUnavailable(
                "The model could not evaluate this prompt; memory may be short. Set a smaller context."
            )
        self._past.extend(tokens)
        self._call_ends.extend([end] * count)

    def _piece(self, token: int) -> bytes:
        text: bytes = self._llm.ctransformers_llm_detokenize(token)
        return text

    def _ends(self, token: int) -> bool:
        return token == self._end

    def _go_on(self, token: int) -> None:
        self._evaluate([token], len(self._past) + 1)

    def _other(
        self, constraint: Constraint, token: int, options: GenerateOptions, step: int
    ) -> tuple[int, Constraint | None]:
        logits = self._llm.ctransformers_llm_logits_data()
        refused: list[tuple[int, float]] = []
        for attempt in range(1, MOST_REFUSED + 1):
            refused.append((token, logits[token]))
            logits[token] = _NEVER
            token = self._choose(options, step + attempt * ATTEMPTS_APART)
            if self._allowed(constraint, token):
                return token, constraint
        for refused_token, logit in refused:
            logits[refused_token] = logit
        if getattr(constraint, "binds", False):
            likeliest = sorted(range(self._vocabulary), key=logits.__getitem__, reverse=True)
            allowed = next((other for other in likeliest if self._allowed(constraint, other)), None)
            if allowed is not None:
                return allowed, constraint
        return refused[0][0], None

    def _choose(self, options: GenerateOptions, step: int) -> int:
        if options.temperature <= 0:
            # Temperature 0 would divide by zero in there: greedy is the single best token.
            top_k, top_p, temperature = 1, 1.0, 1.0
        else:
            # 0 would mean 1 in there, not "all".
            top_k = options.top_k if options.top_k > 0 else self._vocabulary
            top_p, temperature = options.top_p, options.temperature
        nothing = (c_int * 0)()
        return self._llm.ctransformers_llm_sample(
            nothing, 0, top_k, top_p, temperature, 1.0, step_seed(options.seed, step)
        )


def _load(path: str, header: Header, context: int, gpu_layers: int, library: str | None) -> Any:
    # It asks no network here, and must not even be able to.
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    try:
        from ctransformers import LLM, Config
    except ImportError as problem:
        raise ModelUnavailable(
            f"The ctransformers engine is not installed ({problem}). Run: pip install ctransformers==0.2.27"
        ) from problem
    # The sampling fields are never used: every call below says what it wants.
    config = Config(context_length=context, gpu_layers=gpu_layers, mmap=True, mlock=False)
    try:
        return LLM(path, "gguf", config=config, lib=library)
    except OSError as problem:
        advice = (
            "Install the CUDA libraries (pip install 'irlens[cuda]'), or set gpu_layers to 0."
            if gpu_layers
            else "Its wheel has none for this machine: install ctransformers from source."
        )
        raise ModelUnavailable(
            f"The native library of ctransformers cannot be loaded: {str(problem).splitlines()[0]}. {advice}"
        ) from problem
    except RuntimeError as problem:
        cache = header.bytes_per_context_token * context
        raise ModelUnavailable(
            f"ctransformers could not load {path} and does not say why. The weights take {header.size:,} "
            f"bytes and a context of {context:,} tokens {cache:,} more: if memory is short, set a smaller "
            "context. Else convert the model again with a current llama.cpp."
        ) from problem
