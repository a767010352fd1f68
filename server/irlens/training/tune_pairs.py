"""Pairs for `tune`: which list of a short library makes a function smallest, measured.

A function as clang hands it to the optimiser, the lists of `TUNE_LISTS` run on it one by one as the product runs
them, and the bytes of the function's symbol before and after. (Not of the object: without clang's attributes whether
it has an unwind table hangs on the list.) -Oz stands where no list is better. It does so for most functions, so only
some of those are kept: what is learned is where the others win.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from irlens.ir.normal import decode, encode
from irlens.llvm.objects import sizes
from irlens.model.prompts.irlens import TUNE_LISTS, tune_answer, tune_prompt
from irlens.training.llvm import TRIPLES, Bench

if TYPE_CHECKING:
    from irlens.training.lifted import Lifting
    from irlens.training.pairs import Seed

KEPT_OZ = 0.3
"""Share of the functions kept for which no list is better than -Oz."""
OTHER_TARGET = 0.25
"""Share of functions that are measured for AArch64; the harvest has what clang hands on for x86-64 only."""


def tune_pairs(bench: Bench, lifting: Lifting, rng: random.Random, seed: Seed) -> Iterator[str]:
    """The line of one function; none where it is too long or LLVM refuses it."""
    from irlens.training.pairs import MOST_INSTRUCTIONS, MOST_WORDS, NAME, held_out  # that one uses this one

    triple = TRIPLES[1] if rng.random() < OTHER_TARGET else seed.triple
    ir = decode(seed.text, seed.symbols, triple, NAME)
    module = bench.parse(ir, triple)
    normal = encode(str(module), NAME)
    before = _bytes(bench, module, triple, NAME)
    if normal.instructions > MOST_INSTRUCTIONS or before is None:
        return
    best = best_of(measure(bench, ir, triple, NAME))
    if best is None or (best[0] == TUNE_LISTS[0] and rng.random() >= KEPT_OZ):
        return
    held = seed.origin == "generated" and held_out(normal.text)
    origin = "held-generated" if held else seed.origin
    question, answer = tune_prompt(normal, triple), tune_answer(best[0], before, best[1])
    if question.count(" ") + answer.count(" ") < MOST_WORDS:
        yield f"tune\t{origin}\t{question}\t{answer}\t\n"


def measure(bench: Bench, ir: str, triple: str, function: str) -> dict[str, int]:
    """Bytes of the function's symbol after each list of `TUNE_LISTS` that leaves it one."""
    measured = {}
    for passes in TUNE_LISTS:
        module = bench.parse(ir, triple)
        bench.run_list(module, passes, triple)
        size = _bytes(bench, module, triple, function)
        if size is not None:
            measured[passes] = size
    return measured


def best_of(measured: dict[str, int]) -> tuple[str, int] | None:
    """The list of the smallest function and its bytes; of equals the first, which is -Oz before all others. None
    where -Oz itself was not measured."""
    if TUNE_LISTS[0] not in measured:
        return None
    best = min(TUNE_LISTS, key=lambda passes: measured.get(passes, measured[TUNE_LISTS[0]]))
    return best, measured[best]


def _bytes(bench: Bench, module: Any, triple: str, function: str) -> int | None:
    return sizes(bench.object(module, triple)).functions.get(function)
