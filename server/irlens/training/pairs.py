"""Training pairs, consistent by construction: every answer is IR that LLVM has turned into what its question shows.

A function (a real one, a mutated or a generated one) is put in normal form, lowered from that very form, and the
machine code lifted mechanically: that is the question of `lift`, and the answer the shortest spelling that gives the
same code. `predict` pairs show one pipeline. Shards are lines in WORK/pairs/KIND-NUMBER.tsv:

    task TAB origin TAB question TAB answer TAB assembly

KIND is `real` (optimised), `kept` (real functions at -O0, whose frame is kept), `mutated`, `predict` or `tune`;
`assembly` is the normalised assembly as words, by which the split is kept clean, and empty for `predict` and `tune`.
A shard is made by a child process, so that an assertion in LLVM costs one function.
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
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from irlens.asm.normal import NormalAsm
from irlens.ir.normal import NormalIr, NotNormal, Symbol, decode, encode, renumbered
from irlens.ir.normal_canonical import bare, canonical
from irlens.ir.normal_places import bytewise
from irlens.llvm.objects import sizes
from irlens.model.prompts.irlens import PIPELINES, lift_answer, lift_prompt, predict_answer, predict_prompt
from irlens.training import generate
from irlens.training.asm_words import asm_words
from irlens.training.lifted import Lifting, in_its_words
from irlens.training.llc import Llc
from irlens.training.llvm import TRIPLES, Bench
from irlens.training.mutate import mutate
from irlens.training.seeds import HELD_OUT, RAW
from irlens.training.tune_pairs import tune_pairs

MOST_INSTRUCTIONS = 40
MOST_WORDS = 420
FUNCTIONS = 1200
"""Functions tried for a shard."""
HELD_OUT_SHARE = 48
"""One generated function in this many is for validation, chosen by a hash of its text."""
NAME = "f"
GENERATED = 0.15
"""Share of generated functions in a `mutated` shard; the others are mutated seeds."""
OTHER_TARGET = 0.5
"""Share of real functions that are lowered for the target they were not compiled for, too."""
KINDS = ("real", "kept", "mutated", "predict", "tune")
OF_RAW = ("predict", "tune")
"""Kinds made of what clang hands to the optimiser."""
REAL = ("real", "kept")
"""Kinds that hold the harvest as it is: there are as many shards as it fills."""
_FRAME = {TRIPLES[0]: ' "frame-pointer"="all" {', TRIPLES[1]: ' "frame-pointer"="non-leaf" {'}
"""clang keeps frame pointers in AArch64 functions that call; on x86-64 in unoptimised ones."""
CODEGEN = {"-O0": 0, "-O1": 1}
"""The level of code generation clang uses; 2 for all others (3 gives the same code nearly always)."""


@dataclass(frozen=True)
class Seed:
    """A function in normal form. `origin` is its package, or how it was made."""

    text: str
    symbols: tuple[Symbol, ...]
    origin: str
    level: str
    triple: str


def main() -> None:
    parser = argparse.ArgumentParser(description="Make shards of training pairs")
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--real", type=int, default=40, help="shards of real functions, at most")
    parser.add_argument("--kept", type=int, default=20, help="shards of unoptimised real functions, at most")
    parser.add_argument("--mutated", type=int, default=20, help="shards of mutated and generated functions")
    parser.add_argument("--predict", type=int, default=10, help="shards for predict")
    parser.add_argument("--tune", type=int, default=4, help="shards for tune")
    parser.add_argument("--functions", type=int, default=FUNCTIONS, help="tried for a shard")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=1e9)
    parser.add_argument(
        "--llc", help="lower what `lift` shows with this program, such as llc-19; shards KIND-llc-N.tsv"
    )
    parser.add_argument("--shard", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.shard is not None:
        kind, number = options.shard.split("-")
        write_shard(options.work, kind, int(number), options.functions, options.llc)
        return
    counts = {kind: getattr(options, kind) for kind in KINDS}
    make(options.work, counts, options.functions, options.jobs, options.minutes, options.llc)


def make(
    work: Path,
    counts: dict[str, int],
    functions: int,
    jobs: int,
    minutes: float = 1e9,
    llc: str | None = None,
) -> None:
    """Make the shards that are not there yet, `counts` of each kind at most, the kinds in turn."""
    (work / "pairs").mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + minutes * 60
    of_kind = Counter(_kind(seed) for seed in read_seeds(work))
    counts = {
        kind: min(count, -(-of_kind[kind] // functions)) if kind in REAL else count
        for kind, count in counts.items()
    }

    def one(shard: str) -> None:
        if shard_path(work, shard, llc).exists() or time.monotonic() > end:
            return
        command = [sys.executable, "-m", "irlens.training.pairs", "--work", str(work), "--shard", shard]
        # A shard that dies in LLVM leaves what it had; nothing is tried twice.
        command += ["--functions", str(functions), *(["--llc", llc] if llc else [])]
        subprocess.run(command, check=False, stderr=subprocess.DEVNULL)

    longest = max(counts.values(), default=0)
    shards = [
        f"{kind}-{number:05d}" for number in range(longest) for kind in KINDS if number < counts.get(kind, 0)
    ]
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, shards))


def shard_path(work: Path, shard: str, llc: str | None = None) -> Path:
    return work / "pairs" / f"{shard.replace('-', '-llc-') if llc else shard}.tsv"


def write_shard(work: Path, kind: str, number: int, functions: int, llc: str | None = None) -> None:
    """The real shards hold the seeds as they are, the held-out packages' too (as `held-real`); the others mutated and
    generated ones, the share for validation as `held-generated`."""
    (work / "pairs").mkdir(parents=True, exist_ok=True)
    seeds = list(read_seeds(work))
    if kind in REAL:
        seeds = [seed for seed in seeds if _kind(seed) == kind]
        seeds = seeds[number * functions : (number + 1) * functions]
        functions = len(seeds)
    else:
        seeds = [
            seed
            for seed in seeds
            if seed.origin not in HELD_OUT and (_kind(seed) == "predict") == (kind in OF_RAW)
        ]
    path = shard_path(work, f"{kind}-{number:05d}", llc)
    partial = path.with_suffix(".part")
    partial.write_text("")
    # LLVM may end the process that feeds it: the next child goes on behind the function that did.
    reached = multiprocessing.Value("q", 0)
    context = multiprocessing.get_context("fork")
    while reached.value < functions:
        child = context.Process(
            target=_write_from, args=(partial, seeds, kind, number, reached, functions, llc)
        )
        child.start()
        child.join()
        if child.exitcode:
            reached.value += 1
    partial.rename(path)
    print(f"{path.stem}: {sum(1 for _ in path.open())} pairs", flush=True)


def _write_from(
    partial: Path,
    seeds: list[Seed],
    kind: str,
    number: int,
    reached: Any,
    functions: int,
    llc: str | None,
) -> None:
    bench, lifting = Bench(Llc(llc) if llc else None), Lifting()
    with partial.open("a") as file:
        for index in range(reached.value, functions):
            reached.value = index
            rng = random.Random(f"{kind} {number} {index}")
            if kind in REAL:
                seed = seeds[index]
                seed = replace(seed, origin="held-real" if seed.origin in HELD_OUT else "real")
            elif kind in OF_RAW and seeds and rng.random() < 0.6:
                seed = replace(rng.choice(seeds), origin="real")
            else:
                seed = _made(rng, seeds)
            pairs = {"predict": predict_pairs, "tune": tune_pairs}.get(kind, lift_pairs)
            try:
                file.writelines(pairs(bench, lifting, rng, seed))
            except (RuntimeError, NotNormal):
                continue
            file.flush()
    reached.value = functions


def _kind(seed: Seed) -> str:
    return {RAW: "predict", "-O0": "kept"}.get(seed.level, "real")


def read_seeds(work: Path) -> Iterator[Seed]:
    """The harvest without duplicates and without what a held-out package has, too, in an order of no meaning."""
    found: dict[str, Seed] = {}
    for path in sorted((work / "seeds" / "ir").glob("*.jsonl")):
        for line in path.read_text().splitlines():
            try:
                entry = json.loads(line)
            except json.JSONDecodeError:
                continue  # the last line of a harvest that was stopped
            held = entry["package"] if entry["package"] in HELD_OUT else ""
            key = hashlib.sha1(
                f"{held} {entry['level'] == '-O0'} {entry['triple']} {entry['text']}".encode()
            ).hexdigest()
            found[key] = Seed(
                entry["text"],
                tuple(Symbol(*symbol) for symbol in entry["symbols"]),
                entry["package"],
                entry["level"],
                entry["triple"],
            )
    kept_out = {seed.text for seed in found.values() if seed.origin in HELD_OUT}
    for key in sorted(found):
        if found[key].origin in HELD_OUT or found[key].text not in kept_out:
            yield found[key]


def _made(rng: random.Random, seeds: list[Seed]) -> Seed:
    """A mutated or a generated function."""
    if seeds and rng.random() >= GENERATED:
        seed = rng.choice(seeds)
        return replace(seed, text=mutate(rng, bytewise(seed.text)), origin="mutated")
    text, symbols = generate.function(rng)
    level = rng.choice(("-O0", "-O2", "-O2", "-Oz", RAW))
    if level in ("-O0", RAW):
        text = generate.unoptimised(rng, text)
    return Seed(text, tuple(symbols), "generated", level, rng.choice(TRIPLES))


def lift_pairs(bench: Bench, lifting: Lifting, rng: random.Random, seed: Seed) -> Iterator[str]:
    """The lines of one function; none where LLVM refuses it or it is too long. What was made up is optimised as its
    level says."""
    if "@llvm.x86." in seed.text or "@llvm.aarch64." in seed.text:
        return
    text, symbols, origin = seed.text, seed.symbols, seed.origin
    if origin in ("mutated", "generated") and seed.level != "-O0":
        module = bench.parse(decode(text, symbols, seed.triple, NAME), seed.triple)
        bench.run(module, "default<O2>", seed.triple)
        made = encode(str(module), NAME)
        text, symbols = made.text, made.symbols
    normal = NormalIr(canonical(text), symbols)
    if normal.instructions > MOST_INSTRUCTIONS or "L16:" in normal.text:
        return
    if origin == "generated" and held_out(normal.text):
        origin = "held-generated"
    yield from _lift(bench, lifting, rng, normal, seed.triple, seed.level, origin)
    other = TRIPLES[seed.triple == TRIPLES[0]]
    if origin != "held-real" and rng.random() < OTHER_TARGET:
        yield from _lift(bench, lifting, rng, normal, other, seed.level, origin)


def held_out(text: str) -> bool:
    return int.from_bytes(hashlib.sha1(text.encode()).digest()[:4], "big") % HELD_OUT_SHARE == 0


def _lift(
    bench: Bench,
    lifting: Lifting,
    rng: random.Random,
    normal: NormalIr,
    triple: str,
    level: str,
    origin: str,
) -> Iterator[str]:
    """The shortest form of the function that gives the code of the full one, and what is lifted from that."""
    frame = triple == TRIPLES[1] or level == "-O0" or rng.random() < 0.04
    codegen = CODEGEN.get(level, 2)
    full = _lowered(bench, normal.text, normal, triple, frame, codegen)
    if full is None:
        return
    chosen = normal.text
    for shorter in dict.fromkeys([bare(normal.text), bare(normal.text, calls=False), bytewise(normal.text)]):
        if shorter == normal.text:
            break
        other = _lowered(bench, shorter, normal, triple, frame, codegen)
        if other is not None and other.text == full.text:
            chosen = shorter
            break
    ir = _module(chosen, normal, triple, frame)
    if bench.llc is None:
        made = bench.object(bench.parse(ir, triple), triple, codegen)
    else:
        outside = bench.llc.lower(ir, triple, NAME, codegen)
        if outside is None:
            return
        full, made = outside
    lifted = lifting.lifted(made, NAME, triple, full)
    if lifted is None:
        return
    answer = in_its_words(NormalIr(chosen, normal.symbols), lifted.ir.symbols)
    if answer is None:
        return
    numbers = {symbol.name: number for number, symbol in enumerate(lifted.ir.symbols, 1)}
    question = lift_prompt(lifted.ir, triple, lifted.frame_kept)
    assembly = " ".join(asm_words(full, numbers, triple))
    yield from _line("lift", origin, question, lift_answer(answer), assembly)


def _module(text: str, normal: NormalIr, triple: str, frame: bool) -> str:
    ir = decode(text, normal.symbols, triple, NAME)
    return ir.replace(" {\nb0:", f"{_FRAME[triple]}\nb0:", 1) if frame else ir


def _lowered(
    bench: Bench, text: str, normal: NormalIr, triple: str, frame: bool, codegen: int
) -> NormalAsm | None:
    """The code of a form; None where LLVM refuses it."""
    try:
        module = bench.parse(_module(text, normal, triple, frame), triple)
        return bench.assembly(module, triple, NAME, codegen)
    except (RuntimeError, NotNormal):
        return None


def predict_pairs(bench: Bench, lifting: Lifting, rng: random.Random, seed: Seed) -> Iterator[str]:
    """One pipeline on the function as it is."""
    origin = seed.origin
    module = bench.parse(decode(seed.text, seed.symbols, seed.triple, NAME), seed.triple)
    first = encode(str(module), NAME)
    if first.instructions > MOST_INSTRUCTIONS:
        return
    if origin == "generated" and held_out(first.text):
        origin = "held-generated"
    for pipeline in rng.sample(PIPELINES, 2):
        triple = TRIPLES[rng.random() < 0.25]
        before = bench.parse(decode(seed.text, seed.symbols, triple, NAME), triple)
        size = sizes(bench.object(before, triple)).functions.get(NAME)
        bench.run(before, pipeline, triple)
        after = encode(str(before), NAME)
        size_after = sizes(bench.object(before, triple)).functions.get(NAME)
        order = {symbol.name: number for number, symbol in enumerate(first.symbols, 1)}
        if size is None or size_after is None or any(symbol.name not in order for symbol in after.symbols):
            continue
        question = predict_prompt(first, pipeline, triple, first.instructions, size)
        answer = predict_answer(renumbered(after, order), after.instructions, size_after)
        yield from _line("predict", origin, question, answer, "")


def _line(task: str, origin: str, question: str, answer: str, assembly: str) -> Iterator[str]:
    if question.count(" ") + answer.count(" ") < MOST_WORDS:
        yield f"{task}\t{origin}\t{question}\t{answer}\t{assembly}\n"


if __name__ == "__main__":
    main()
