"""Pass lists as genomes: text and genes are each other's inverse, and no change of a genome loses that."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irlens.ir.pipeline import PipelineError, parse_pipeline, walk
from irlens.tuning.genome import LONGEST, Gene, Genome, Vocabulary, crossed, mutate, read, render
from irlens.tuning.vocabulary import alphabet, forbidden

RELEASE = 19
GENES = alphabet(RELEASE)
VOCABULARY = Vocabulary([(gene, 1.0) for gene in GENES])

genomes = st.lists(st.sampled_from(GENES), max_size=LONGEST).map(tuple)
seeds = st.integers(0, 2**32)


def steps(genome: Genome, seed: int, count: int) -> list[Genome]:
    """The genomes of a walk from this one."""
    rng = random.Random(seed)
    found = [genome]
    for _ in range(count):
        found.append(mutate(found[-1], VOCABULARY, rng))
        found.append(crossed(found[-1], rng.choice(found), rng))
    return found


@given(genomes, seeds)
@settings(max_examples=200, deadline=None)
def test_text_and_genes_are_inverse_on_every_walk(genome: Genome, seed: int) -> None:
    for each in steps(genome, seed, 10):
        text = render(each)
        assert read(text) == each


@given(genomes, seeds)
@settings(max_examples=100, deadline=None)
def test_no_walk_comes_to_a_pass_that_must_not_be_used(genome: Genome, seed: int) -> None:
    for each in steps(genome, seed, 10):
        if each:
            assert [e.name for e in walk(parse_pipeline(render(each))) if forbidden(e.name)] == []


@given(genomes, seeds)
@settings(max_examples=100, deadline=None)
def test_no_walk_grows_past_the_longest(genome: Genome, seed: int) -> None:
    for each in steps(genome, seed, 20):
        assert len(each) <= LONGEST


@given(genomes, seeds)
@settings(max_examples=100, deadline=None)
def test_a_change_is_the_same_with_the_same_seed(genome: Genome, seed: int) -> None:
    assert steps(genome, seed, 5) == steps(genome, seed, 5)


def test_every_move_is_made() -> None:
    """From a list of five, a neighbour is longer, shorter, changed in one place, in another order, or grouped."""
    start = read("function(sroa,gvn,dce),globaldce,inferattrs")
    found = [mutate(start, VOCABULARY, random.Random(seed)) for seed in range(400)]
    grouped = [g for g in found if any(gene.text.startswith("function(") for gene in g)]
    assert any(len(g) == 6 for g in found)
    assert any(len(g) == 4 and set(g) < set(start) for g in found)
    assert any(len(g) == 5 and sum(a != b for a, b in zip(g, start, strict=True)) == 1 for g in found)
    assert any(sorted(g) == sorted(start) and g != start for g in found)
    assert grouped
    again = [mutate(g, VOCABULARY, random.Random(seed)) for g in grouped for seed in range(200)]
    assert start in again, "a group comes apart again"


def test_a_group_that_comes_apart_does_not_grow_past_the_longest() -> None:
    group = Gene("cgscc", "function(sroa,dce,gvn,adce,bdce,dse)")
    for seed in range(300):
        assert len(mutate((group,) * LONGEST, VOCABULARY, random.Random(seed))) <= LONGEST


def test_a_short_list_is_never_mutated_away() -> None:
    for seed in range(300):
        assert mutate(read("dce"), VOCABULARY, random.Random(seed))
        assert mutate((), VOCABULARY, random.Random(seed))


def test_a_crossing_is_a_head_and_a_tail() -> None:
    one, other = tuple(GENES[:6]), tuple(GENES[10:16])
    for seed in range(200):
        child = crossed(one, other, random.Random(seed))
        cut = next((at for at, gene in enumerate(child) if gene in other), len(child))
        assert child[:cut] == one[:cut]
        assert child[cut:] == other[len(other) - (len(child) - cut) :]


@pytest.mark.parametrize(
    ("text", "genes", "again"),
    [
        ("function(sroa,dce),globaldce", 3, "function(sroa,dce),globaldce"),
        ("sroa,dce", 2, "function(sroa,dce)"),
        ("inline", 1, "cgscc(inline)"),
        ("licm", 1, "function(loop-mssa(licm))"),
        ("function(loop(loop-rotate,loop-deletion),dce)", 2, "function(loop(loop-rotate,loop-deletion),dce)"),
        ("cgscc(function(sroa,dce),inline)", 2, "cgscc(function(sroa,dce),inline)"),
        ("module(function(sroa),globaldce)", 2, "function(sroa),globaldce"),
        ("function<eager-inv>(sroa,dce)", 1, "function<eager-inv>(sroa,dce)"),
        ("cgscc(devirt<4>(inline,function(sroa)))", 1, "cgscc(devirt<4>(inline,function(sroa)))"),
        ("default<Oz>,mergefunc", 2, "default<Oz>,mergefunc"),
    ],
)
def test_what_users_write_is_read(text: str, genes: int, again: str) -> None:
    assert len(read(text)) == genes
    assert render(read(text)) == again
    assert read(again) == read(text)


def test_functions_of_a_component_are_kept_together() -> None:
    assert read("cgscc(function(sroa,dce))") == (Gene("cgscc", "function(sroa,dce)"),)
    assert read("cgscc(function(sroa,dce))") != read("function(sroa,dce)")


@given(st.text(alphabet="abc<>(),;= defult", max_size=40))
def test_what_is_no_list_is_refused_and_nothing_else_happens(text: str) -> None:
    try:
        genome = read(text)
    except PipelineError:
        return
    assert read(render(genome)) == genome


def test_a_vocabulary_draws_by_weight() -> None:
    never, often, seldom = GENES[:3]
    vocabulary = Vocabulary([(never, 0.0), (often, 9.0), (seldom, 1.0)])
    drawn = [vocabulary.draw(random.Random(seed)) for seed in range(2000)]
    assert drawn.count(never) == 0
    assert 0.85 < drawn.count(often) / len(drawn) < 0.95
