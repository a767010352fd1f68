"""Which passes a search may use, and which nobody may have offered."""

from __future__ import annotations

import pytest

from irlens.ir.passes import lookup, registry
from irlens.ir.pipeline import parse_pipeline, walk
from irlens.llvm.measured import Measured
from irlens.llvm.opt import NEWEST, OLDEST
from irlens.tuning.genome import read, render
from irlens.tuning.objective import Objective
from irlens.tuning.vocabulary import CHANGES_MEANING, MISCOMPILES, alphabet, forbidden

RELEASES = range(OLDEST, NEWEST + 1)


@pytest.mark.parametrize("release", RELEASES)
def test_every_release_has_passes_to_search_with(release: int) -> None:
    genes = alphabet(release)
    assert len(genes) == len(set(genes))
    assert len(genes) > 100
    texts = " ".join(gene.text for gene in genes)
    for wanted in ("sroa", "instcombine", "mergefunc", "default<Oz>", "licm", "inline", "simplifycfg<"):
        assert wanted in texts


@pytest.mark.parametrize("release", RELEASES)
def test_every_gene_is_a_list_of_passes_that_this_release_has(release: int) -> None:
    for gene in alphabet(release):
        assert read(render((gene,))) == (gene,)
        *_, element = walk(parse_pipeline(gene.text))
        info = lookup(element)
        assert info is not None, gene
        assert info.llvm[0] <= release <= info.llvm[-1], gene
        assert not forbidden(element.name), gene
        assert element.name not in MISCOMPILES, gene


def test_parameters_that_an_old_release_does_not_know_are_left_out() -> None:
    assert "instcombine" in {gene.text for gene in alphabet(16)}
    assert "instcombine<no-verify-fixpoint>" in {gene.text for gene in alphabet(19)}
    assert "scalarizer<load-store>" not in {gene.text for gene in alphabet(19)}


@pytest.mark.parametrize(
    "name",
    [
        *CHANGES_MEANING,
        "asan",
        "hwasan",
        "pgo-instr-gen",
        "sancov-module",
        "lto<O2>",
        "function-import",
        "instrprof",
    ],
)
def test_what_changes_the_meaning_says_why(name: str) -> None:
    why = forbidden(name)
    assert len(why.split()) >= 2
    assert forbidden(f"{name}<parameters>") == why


@pytest.mark.parametrize(
    "name", ["sroa", "instcombine", "instsimplify", "default<Oz>", "inline", "simplifycfg<keep-loops>"]
)
def test_what_makes_code_smaller_is_not_forbidden(name: str) -> None:
    assert forbidden(name) == ""


def test_every_name_that_is_forbidden_is_one_of_llvms() -> None:
    known = set(registry())
    assert [name for name in (*CHANGES_MEANING, *MISCOMPILES) if name not in known] == []


def test_an_objective_names_its_unit_and_takes_its_number() -> None:
    measured = Measured("measured", text=40, data=2, digest="d", instructions=7)
    assert Objective().value(measured) == 42
    assert Objective("instructions").value(measured) == 7
    assert (Objective().unit, Objective("instructions").unit, Objective("cycles").unit) == (
        "bytes",
        "instructions",
        "cycles",
    )
    assert (Objective().opt_level, Objective(codegen="paper").opt_level) == (2, 0)
    keys = {
        Objective(what, codegen).key
        for what in ("size", "instructions", "cycles")
        for codegen in ("build", "paper")
    }
    assert len(keys) == 6
