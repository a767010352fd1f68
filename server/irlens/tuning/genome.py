"""Pass lists as a search changes them: a flat row of passes, and its text. Pure.

A gene is one pass with the level it runs at, or a group that is kept together. Neighbours of the same level share one
adaptor in the text, so `function(sroa,dce),globaldce` is three genes. Loop passes are function genes, each in a loop
adaptor of its own: that is what llvmlite can run too.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from typing import NamedTuple

from irlens.ir.passes import lookup
from irlens.ir.pipeline import Pass, Pipeline, parse_pipeline, print_pipeline

LONGEST = 40
"""Genes of a list. Longer ones take LLVM long and gain nothing that a shorter one does not."""


class Gene(NamedTuple):
    level: str
    """`module`, `cgscc` or `function`."""
    text: str


Genome = tuple[Gene, ...]


def render(genome: Genome) -> str:
    """The pipeline's text; "" for no passes."""
    parts = []
    for level, genes in itertools.groupby(genome, key=lambda gene: gene.level):
        inner = ",".join(gene.text for gene in genes)
        parts.append(inner if level == "module" else f"{level}({inner})")
    return ",".join(parts)


def read(text: str) -> Genome:
    """The genome of a pipeline. Raises `PipelineError`."""
    if not text:
        return ()
    genes: list[Gene] = []
    for element in parse_pipeline(text).passes:
        _read(element, "module", genes)
    return tuple(genes)


def _read(element: Pass, level: str, genes: list[Gene]) -> None:
    group = element.name in ("module", "function", "cgscc") and element.children and element.params is None
    if group and level in (
        "module",
        element.name,
    ):  # functions of a component, callees first, are another thing
        for child in element.children:
            _read(child, element.name, genes)
        return
    if element.children:
        inner = "function" if element.name in ("loop", "loop-mssa") else element.name
        if level == "module" and inner in ("function", "cgscc") and element.name != inner:
            level = inner  # an adaptor that LLVM adds itself
        genes.append(Gene(level, print_pipeline(Pipeline((element,)))))
        return
    info = lookup(element)
    kind = info.kind if info is not None else "module"
    if kind in ("loop", "loop-mssa"):
        genes.append(Gene("function", f"{kind}({element.text})"))
    elif level == "module" and info is not None and "module" not in info.kinds:
        genes.append(Gene(kind, element.text))
    else:
        genes.append(Gene(level, element.text))


class Vocabulary:
    """Genes with weights, to draw from."""

    def __init__(self, weighted: Sequence[tuple[Gene, float]]) -> None:
        self.genes = [gene for gene, _ in weighted]
        self._sums = list(itertools.accumulate(weight for _, weight in weighted))

    def draw(self, rng: random.Random) -> Gene:
        return rng.choices(self.genes, cum_weights=self._sums)[0]


def mutate(genome: Genome, vocabulary: Vocabulary, rng: random.Random) -> Genome:
    """A neighbour: one gene inserted, deleted, replaced or moved, two swapped, or function genes wrapped."""
    genes = list(genome)
    move = rng.choices(("insert", "delete", "replace", "swap", "move", "wrap"), (45, 18, 17, 8, 8, 4))[0]
    if len(genes) < 2 or (move == "insert" and len(genes) < LONGEST):
        genes.insert(rng.randrange(len(genes) + 1), vocabulary.draw(rng))
        return tuple(genes)
    at = rng.randrange(len(genes))
    match move:
        case "replace":
            genes[at] = vocabulary.draw(rng)
        case "swap":
            other = rng.randrange(len(genes))
            genes[at], genes[other] = genes[other], genes[at]
        case "move":
            genes.insert(rng.randrange(len(genes)), genes.pop(at))
        case "wrap":
            return _wrapped(genes, at, rng)
        case _:
            del genes[at]
    return tuple(genes)


def _wrapped(genes: list[Gene], at: int, rng: random.Random) -> Genome:
    """Some function genes from `at` on run callees first, one call graph component after the other; a group of this
    kind comes apart again."""
    gene = genes[at]
    if gene.level == "cgscc" and gene.text.startswith("function("):
        inner = read(gene.text)
        return (*genes[:at], *inner, *genes[at + 1 :])[:LONGEST]
    end = at
    while end < len(genes) and genes[end].level == "function" and end - at < 6:
        end += 1
    if end == at:
        del genes[at]
        return tuple(genes)
    end = rng.randint(at + 1, end)
    inside = ",".join(each.text for each in genes[at:end])
    return (*genes[:at], Gene("cgscc", f"function({inside})"), *genes[end:])


def crossed(one: Genome, other: Genome, rng: random.Random) -> Genome:
    """The head of one and the tail of the other."""
    head, tail = one[: rng.randint(0, len(one))], other[rng.randint(0, len(other)) :]
    return (head + tail)[:LONGEST]
