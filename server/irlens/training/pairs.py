"""Training pairs, consistent by construction: every answer is IR that LLVM has turned into its question.

A function (a seed, a mutated seed, a generated one) is cleaned by LLVM, put in normal form, and lowered from
that very form; so nothing that the normal form drops can be asked for. `lift` pairs exist for both targets,
`predict` pairs show one pipeline. Shards are lines `task TAB origin TAB question TAB answer` in WORK/pairs.

A shard is made by a child process, so that an assertion in LLVM costs one shard, not the run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from irlens.asm.normal import NormalAsm
from irlens.evals.lift_canonical import canonical, shortest
from irlens.ir.normal import NormalIr, NotNormal, Symbol, decode, encode, plain, renumbered
from irlens.llvm.objects import sizes
from irlens.model.prompts.irlens import (
    PIPELINES,
    lift_answer,
    lift_prompt,
    predict_answer,
    predict_prompt,
)
from irlens.training import generate
from irlens.training.llvm import TRIPLES, Bench
from irlens.training.mutate import mutate
from irlens.training.seeds import HELD_OUT

MOST_INSTRUCTIONS = 16
MOST_WORDS = 180
FUNCTIONS = 5000
"""Functions tried for a shard."""
HELD_OUT_SHARE = 48
"""One generated function in this many is for validation, chosen by a hash of its text."""
NAME = "f"
GENERATED = 0.2
"""Share of generated functions in a shard where there are seeds; the others are mutated seeds."""
_FRAME = {TRIPLES[0]: ' "frame-pointer"="all" {', TRIPLES[1]: ' "frame-pointer"="non-leaf" {'}
"""clang keeps frame pointers in AArch64 functions that call; on x86-64 only a few programs ask for them."""


Seed = tuple[str, list[Symbol], str, bool]
"""A function in normal form, its symbols, where it is from, and whether it is unoptimised."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Make shards of training pairs")
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--shards", type=int, default=40)
    parser.add_argument("--functions", type=int, default=FUNCTIONS, help="tried for a shard")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=1e9)
    parser.add_argument("--shard", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.shard is not None:
        write_shard(options.work, options.shard, options.functions)
        return
    make(options.work, options.shards, options.functions, options.jobs, options.minutes)


def make(work: Path, shards: int, functions: int, jobs: int, minutes: float = 1e9) -> None:
    """Make the shards that are not there yet, and the validation file first."""
    (work / "pairs").mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + minutes * 60

    def one(number: int) -> None:
        if shard_path(work, number).exists() or time.monotonic() > end:
            return
        command = [sys.executable, "-m", "irlens.training.pairs", "--work", str(work), "--shard", str(number)]
        # A shard that dies in LLVM leaves what it had; nothing is tried twice.
        subprocess.run([*command, "--functions", str(functions)], check=False, stderr=subprocess.DEVNULL)

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, range(shards)))


def shard_path(work: Path, number: int) -> Path:
    return work / "pairs" / f"shard-{number:05d}.tsv"


def write_shard(work: Path, number: int, functions: int) -> None:
    """Shard 0 holds the seeds as they are, the held-out packages' too (as `held-real`); the others hold
    generated and mutated functions, the share for validation as `held-generated`."""
    (work / "pairs").mkdir(parents=True, exist_ok=True)
    seeds = list(read_seeds(work))
    if number == 0:
        functions = len(seeds)
    partial = shard_path(work, number).with_suffix(".part")
    partial.write_text("")
    # LLVM may end the process that feeds it: the next child goes on behind the function that did.
    reached = multiprocessing.Value("q", 0)
    context = multiprocessing.get_context("fork")
    while reached.value < functions:
        child = context.Process(target=_write_from, args=(partial, seeds, number, reached, functions))
        child.start()
        child.join()
        if child.exitcode:
            reached.value += 1
    partial.rename(shard_path(work, number))
    print(f"shard {number}: {sum(1 for _ in shard_path(work, number).open())} pairs", flush=True)


def _write_from(partial: Path, seeds: list[Seed], number: int, reached: Any, functions: int) -> None:
    bench = Bench()
    usable = [seed for seed in seeds if seed[2] not in HELD_OUT]
    with partial.open("a") as file:
        for index in range(reached.value, functions):
            reached.value = index
            rng = random.Random(f"{number} {index}")
            text, symbols, origin, raw = _seed(seeds[index]) if number == 0 else _function(rng, usable)
            file.writelines(pairs_of(bench, rng, text, symbols, origin, raw))
            file.flush()
    reached.value = functions


def read_seeds(work: Path) -> Iterator[Seed]:
    """(text, symbols, package, raw) of the harvest, without duplicates."""
    seen: set[str] = set()
    for path in sorted((work / "seeds" / "ir").glob("*.jsonl")):
        for line in path.read_text().splitlines():
            try:
                entry = json.loads(line)
            except json.JSONDecodeError:
                continue  # the last line of a harvest that was stopped
            key = entry["package"] + entry["text"] if entry["package"] in HELD_OUT else entry["text"]
            if key not in seen:
                seen.add(key)
                symbols = [Symbol(*symbol) for symbol in entry["symbols"]]
                yield entry["text"], symbols, entry["package"], entry["level"] == "raw"


def _seed(seed: Seed) -> Seed:
    text, symbols, package, raw = seed
    return text, symbols, "held-real" if package in HELD_OUT else "real", raw


def _function(rng: random.Random, usable: list[Seed]) -> Seed:
    """A mutated or a generated function, with its origin in place of a package."""
    if usable and rng.random() >= GENERATED:
        text, symbols, _, raw = rng.choice(usable)
        return mutate(rng, text), symbols, "mutated", raw
    text, symbols = generate.function(rng)
    raw = rng.random() < 0.3
    return generate.unoptimised(rng, text) if raw else text, symbols, "generated", raw


def pairs_of(
    bench: Bench, rng: random.Random, text: str, symbols: list[Symbol], origin: str, raw: bool
) -> Iterator[str]:
    """The lines of one function; none where LLVM refuses it or it is too long."""
    if "@llvm.x86." in text or "@llvm.aarch64." in text:
        return
    try:
        module = bench.parse(decode(text, symbols, TRIPLES[0], NAME))
        if rng.random() < (0.6 if raw else 0.1):
            yield from _predict(bench, rng, str(module), origin)
        bench.run(module, "default<O2>")
        normal = encode(str(module), NAME)
        normal = NormalIr(canonical(normal.text), normal.symbols)
    except (RuntimeError, NotNormal):
        return
    if normal.instructions > MOST_INSTRUCTIONS or "L12:" in normal.text:
        return
    if origin == "generated" and held_out(normal.text):
        origin = "held-generated"
    for triple in TRIPLES:
        yield from _lift(bench, rng, normal, triple, origin)


def held_out(text: str) -> bool:
    return int.from_bytes(hashlib.sha1(text.encode()).digest()[:4], "big") % HELD_OUT_SHARE == 0


def _lift(bench: Bench, rng: random.Random, normal: NormalIr, triple: str, origin: str) -> Iterator[str]:
    """The shortest form of the function that gives the code of the full one."""
    frame = triple == TRIPLES[1] or rng.random() < 0.08
    full = _lowered(bench, normal.text, normal, triple, frame)
    if full is None:
        return
    chosen = normal.text
    for shorter in dict.fromkeys([shortest(normal.text), plain(normal.text)]):
        if shorter == normal.text:
            break
        other = _lowered(bench, shorter, normal, triple, frame)
        if other is not None and other.text == full.text:
            chosen = shorter
            break
    question = lift_prompt(full, triple)
    answer = lift_answer(renumbered(NormalIr(chosen, normal.symbols), _numbers(full)))
    yield from _line("lift", origin, question, answer)


def _lowered(bench: Bench, text: str, normal: NormalIr, triple: str, frame: bool) -> NormalAsm | None:
    """The code of a form; None where LLVM refuses it."""
    try:
        ir = decode(text, normal.symbols, triple, NAME)
        if frame:
            ir = ir.replace(" {\nb0:", f"{_FRAME[triple]}\nb0:", 1)
        return bench.assembly(bench.parse(ir, triple), triple, NAME)
    except (RuntimeError, NotNormal):
        return None


def _numbers(asm: NormalAsm) -> dict[str, int]:
    """Numbers of the assembly's symbols under their names in the IR: private ones have a prefix there."""
    return {
        symbol.name if symbol.data is None else symbol.name.removeprefix(".L"): number
        for number, symbol in enumerate(asm.symbols, 1)
    }


def _predict(bench: Bench, rng: random.Random, ir: str, origin: str) -> Iterator[str]:
    """One pipeline on the function as it is."""
    triple = TRIPLES[rng.random() < 0.25]
    pipeline = rng.choice(PIPELINES[:3]) if rng.random() < 0.5 else rng.choice(PIPELINES)
    before = bench.parse(ir, triple)
    first = encode(str(before), NAME)
    if origin == "generated" and held_out(first.text):
        origin = "held-generated"
    size = sizes(bench.object(before, triple)).functions.get(NAME)
    bench.run(before, pipeline, triple)
    after = encode(str(before), NAME)
    size_after = sizes(bench.object(before, triple)).functions.get(NAME)
    if size is None or size_after is None:
        return
    question = predict_prompt(first, pipeline, triple, first.instructions, size)
    order = {symbol.name: number for number, symbol in enumerate(first.symbols, 1)}
    if any(symbol.name not in order for symbol in after.symbols):
        return
    answer = predict_answer(renumbered(after, order), after.instructions, size_after)
    yield from _line("predict", origin, question, answer)


def _line(task: str, origin: str, question: str, answer: str) -> Iterator[str]:
    if question.count(" ") + answer.count(" ") < MOST_WORDS:
        yield f"{task}\t{origin}\t{question}\t{answer}\n"


if __name__ == "__main__":
    main()
