"""Tokens a second of each engine on one GGUF, beside a bare loop over the same library and llama.cpp's own bench.

`python -m irlens.evals.engines MODEL.gguf [--llama-bench PATH]`. All take turns in one run, so that a busy machine slows
all of them; each is loaded, warmed up, measured and ended, and the rows are medians over the rounds. "Ours" is what irlens
does for a request: the client, the worker process, the engine with its constraint off. "Bare" is a process that calls the
library's evaluation in the same parts and takes the likeliest token, and nothing else. `irlens.training.shapes` writes
files with the shapes of LLM Compiler.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

import psutil

from irlens.model.choice import EngineName
from irlens.model.client import Model
from irlens.model.types import GenerateOptions

_BARE_LLAMA_CPP = """
import ctypes, json, sys, time
import llama_cpp as l, numpy
path, threads, batch, context, layers = sys.argv[1], *map(int, sys.argv[2:6])
quiet = l.llama_log_callback(lambda level, text, data: None)
l.llama_log_set(quiet, ctypes.c_void_p(0))
l.llama_backend_init()
options = l.llama_model_default_params(); options.n_gpu_layers = layers
model = l.llama_model_load_from_file(path.encode(), options)
o = l.llama_context_default_params()
o.n_ctx, o.n_batch, o.n_ubatch, o.n_threads, o.n_threads_batch = context, batch, batch, threads, threads
o.n_seq_max, o.flash_attn_type = 1, -1 if layers else 0
ctx = l.llama_init_from_model(model, o)
vocab = l.llama_model_get_vocab(model); size = l.llama_vocab_n_tokens(vocab)
def decode(tokens):
    data = (l.llama_token * len(tokens))(*tokens)
    assert l.llama_decode(ctx, l.llama_batch_get_one(data, len(tokens))) == 0
for line in sys.stdin:
    text, count = json.loads(line); text = text.encode()
    room = (l.llama_token * (len(text) + 8))()
    tokens = [l.llama_vocab_bos(vocab), *room[: l.llama_tokenize(vocab, text, len(text), room, len(room), False, False)]]
    l.llama_memory_clear(l.llama_get_memory(ctx), True)
    started = time.monotonic()
    for at in range(0, len(tokens), batch):
        decode(tokens[at : at + batch])
    best = lambda: int(numpy.argmax(numpy.ctypeslib.as_array(l.llama_get_logits_ith(ctx, -1), (size,))))
    token = best(); first = time.monotonic() - started
    for _ in range(count - 1):
        decode([token]); token = best()
    print(json.dumps([len(tokens), first, count, time.monotonic() - started]), flush=True)
"""
_BARE_CTRANSFORMERS = """
import json, sys, time
from ctypes import c_int
from irlens.model.engines.ctransformers import _library
from ctransformers import LLM, Config
path, threads, batch, context, layers = sys.argv[1], *map(int, sys.argv[2:6])
llm = LLM(path, "gguf", config=Config(context_length=context, gpu_layers=layers), lib=_library(layers > 0))
def decode(tokens, past):
    assert llm.ctransformers_llm_batch_eval((c_int * len(tokens))(*tokens), len(tokens), past, len(tokens), threads)
best = lambda: llm.ctransformers_llm_sample((c_int * 0)(), 0, 1, 1.0, 1.0, 1.0, 1)
for line in sys.stdin:
    text, count = json.loads(line)
    room = (c_int * (3 * len(text) + 8))()
    tokens = room[: llm.ctransformers_llm_tokenize(text.encode(), True, room)]
    started = time.monotonic()
    for at in range(0, len(tokens), batch):
        decode(tokens[at : at + batch], at)
    token = best(); first = time.monotonic() - started
    for number in range(count - 1):
        decode([token], len(tokens) + number); token = best()
    print(json.dumps([len(tokens), first, count, time.monotonic() - started]), flush=True)
"""
_BARE: dict[EngineName, str] = {"llama-cpp-python": _BARE_LLAMA_CPP, "ctransformers": _BARE_CTRANSFORMERS}
_LETTERS = "!#$&()*+,-./:;<=>?@[]^_{|}~"
"""In a row they are a token each, for nearly every vocabulary."""
_LEAST_PROCESSOR_S = 0.5
"""The system counts in hundredths, so that less says nothing."""
_WARM = "~!" * 8
NEVER_ENDS = "irlens.evals.engines: no such text"


@dataclass(frozen=True)
class Spent:
    """One prompt read and one reply written: tokens and seconds; the first token of the reply belongs to reading.
    `processor_s` is the processor time that this process and its child spent on it."""

    prompt_tokens: int
    first_s: float
    tokens: int
    seconds: float
    processor_s: float = 0.0

    @property
    def reading(self) -> float:
        return self.prompt_tokens / self.first_s

    @property
    def writing(self) -> float:
        return (self.tokens - 1) / (self.seconds - self.first_s) if self.tokens > 1 else 0.0


class Ours:
    """The whole way of a request."""

    def __init__(self, model: Model, engine: str) -> None:
        self.name = f"ours, {engine}"
        self._model = model

    def run(self, prompt: str, count: int) -> Spent:
        made = self._model.generate(prompt, GenerateOptions(max_tokens=count, stop=(NEVER_ENDS,)))
        return Spent(made.prompt_tokens, made.first_token_s, made.tokens, made.seconds)


class Bare:
    """A process with a loop over the library."""

    def __init__(self, process: subprocess.Popen[str], engine: str) -> None:
        self.name = f"bare, {engine}"
        self._process = process

    def run(self, prompt: str, count: int) -> Spent:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps([prompt, count]), file=self._process.stdin, flush=True)
        return Spent(*json.loads(self._process.stdout.readline()))


class LlamaBench:
    """llama.cpp's own program, started anew each time; it reads and writes random tokens."""

    name = "llama-bench"

    def __init__(self, path: str, model: str, options: argparse.Namespace) -> None:
        self._command = [path, "-m", model, "-r", "1", "-o", "json", "-t", str(options.threads)]
        self._command += [
            "-b",
            str(options.batch),
            "-ub",
            str(options.batch),
            "-ngl",
            str(options.gpu_layers),
        ]
        self._command += ["-fa", "auto" if options.gpu_layers else "0"]

    def run(self, prompt: str, count: int) -> Spent:
        tokens = int(prompt)
        answer = subprocess.run(
            [*self._command, "-p", str(tokens), "-n", str(count)], capture_output=True, text=True, check=True
        )
        rows = json.loads(answer.stdout)
        read = next(row["avg_ts"] for row in rows if row["n_prompt"])
        wrote = next(row["avg_ts"] for row in rows if row["n_gen"])
        first = tokens / read
        return Spent(tokens, first, count + 1, first + count / wrote)


def main() -> int:
    options = _options()
    for row in measure(options):
        print(row, flush=True)
    return 0


def measure(options: argparse.Namespace) -> list[str]:
    """The table, as lines. One contender is loaded at a time: llama.cpp copies the weights into an order of its own."""
    engines: list[EngineName] = options.engine or list(_BARE)
    takers = [taker for engine in engines for taker in (partial(_ours, engine), partial(_bare, engine))]
    spent: dict[str, list[Spent]] = {}
    again: dict[str, list[Spent]] = {}
    for number in range(options.rounds):
        letters = random.Random(number).choices(_LETTERS, k=options.prompt - 2)
        prompt = "".join(letters)
        for taker in takers:
            with taker(options) as contender:
                contender.run(_WARM, 2)
                before = _processor_s()
                made = contender.run(prompt, options.reply)
                made = replace(made, processor_s=_processor_s() - before)
                spent.setdefault(contender.name, []).append(made)
                if isinstance(contender, Ours):
                    again.setdefault(contender.name, []).append(contender.run(prompt, 2))
        if options.llama_bench:
            bench = LlamaBench(options.llama_bench, options.model, options)
            spent.setdefault(bench.name, []).append(bench.run(str(made.prompt_tokens), options.reply))
    return [_row(name, turns, again.get(name), spent) for name, turns in spent.items()]


def _processor_s() -> float:
    """Of this process and its children; on a busy machine it says more than the clock, with one thread."""
    me = psutil.Process()
    return sum(sum(each.cpu_times()[:2]) for each in (me, *me.children()))


def _row(name: str, turns: list[Spent], again: list[Spent] | None, spent: dict[str, list[Spent]]) -> str:
    reading = statistics.median(each.reading for each in turns)
    writing = statistics.median(each.writing for each in turns)
    text = (
        f"{name:24} {turns[0].prompt_tokens:>6} tokens read at {reading:9.1f}/s, written at {writing:8.1f}/s"
    )
    if again:
        text += f"; asked again: first token after {statistics.median(each.first_s for each in again) * 1e3:.1f} ms"
    bare = spent.get(name.replace("ours", "bare")) if name.startswith("ours") else None
    if bare:
        ratios = [
            (ours.reading / other.reading, ours.writing / other.writing)
            for ours, other in zip(turns, bare, strict=True)
        ]
        shares = (statistics.median(one) for one in zip(*ratios, strict=True))
        text += f"; of bare: read {next(shares):.1%}, written {next(shares):.1%}"
        processor = [
            other.processor_s / ours.processor_s
            for ours, other in zip(turns, bare, strict=True)
            if ours.processor_s >= _LEAST_PROCESSOR_S
        ]
        if processor:
            text += f", by processor time {statistics.median(processor):.1%}"
    return text


@contextmanager
def _ours(engine: EngineName, options: argparse.Namespace) -> Iterator[Ours]:
    with Model(
        options.model,
        engine=engine,
        threads=options.threads,
        batch_size=options.batch,
        context=options.context,
        gpu_layers=options.gpu_layers,
    ) as model:
        yield Ours(model, engine)


@contextmanager
def _bare(engine: EngineName, options: argparse.Namespace) -> Iterator[Bare]:
    numbers = (options.threads, options.batch, options.context, options.gpu_layers)
    command = [sys.executable, "-c", _BARE[engine], options.model, *map(str, numbers)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Bare(process, engine)
    finally:
        process.kill()
        process.communicate()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Engines side by side on one GGUF")
    parser.add_argument("model", metavar="MODEL.gguf")
    parser.add_argument("--engine", action="append", choices=tuple(_BARE), help="(default: both)")
    parser.add_argument("--llama-bench", metavar="PATH", help="llama.cpp's own program")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--prompt", type=int, default=512, help="tokens, about")
    parser.add_argument("--reply", type=int, default=64, help="tokens")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--context", type=int, default=2048)
    parser.add_argument("--gpu-layers", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
