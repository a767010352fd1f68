"""The registry of passes: it holds what it promises, and its suggestions are the near names."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path

import pytest

from irlens.ir.passes import CONTAINERS, analyses, lookup, registry, suggest
from irlens.ir.pipeline import parse_pipeline
from support.list_passes import merge, read_listing


def test_the_passes_of_llm_compiler() -> None:
    trained = [info for info in registry().values() if info.llm_compiler]
    # The paper's table has 167 rows; instcombine and guard-widening are in it twice.
    assert len(trained) == 165
    assert all(info.summary for info in trained)
    assert all(17 in info.llvm for info in trained)
    by_kind = {kind: sum(info.kind == kind for info in trained) for kind in ("module", "cgscc", "loop-mssa")}
    assert by_kind == {"module": 53, "cgscc": 7, "loop-mssa": 2}


def test_every_pass_of_the_installed_llvmlite_is_known() -> None:
    spec = importlib.util.find_spec("llvmlite")
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).parent / "binding" / "newpassmanagers.py"
    methods = {
        node.name
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("add_")
    }
    known = {info.llvmlite_method for info in registry().values() if info.llvmlite}
    assert methods == known
    assert all(info.summary for info in registry().values() if info.llvmlite)


def test_summaries_are_one_line_and_a_sentence() -> None:
    for info in registry().values():
        assert "\n" not in info.summary
        assert len(info.summary) <= 130, info.name
        assert not info.summary or info.summary.rstrip(")").endswith("."), info.name


def test_kinds_and_releases() -> None:
    table = registry()
    assert table["licm"].kind == "loop-mssa"
    assert table["guard-widening"].kinds == ("function", "loop")
    assert table["verify"].kinds[0] == "module"
    assert table["default<O2>"].kind == "module"
    assert (table["flattencfg"].renamed_to, table["flatten-cfg"].renamed_from) == (
        "flatten-cfg",
        "flattencfg",
    )
    assert table["loop-reroll"].until == 17
    assert table["lower-switch"].since == 19
    assert table["gvn"].since is None
    assert table["gvn"].until is None
    assert "domtree" in analyses()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("gvn", "gvn"),
        ("simplifycfg<keep-loops>", "simplifycfg"),
        ("print<domtree>", "print<domtree>"),
        ("print<da><normalized-results>", "print<da>"),
        ("default<Oz>", "default<Oz>"),
        ("require<domtree>", "require<domtree>"),
        ("invalidate<all>", "invalidate<all>"),
        ("dce<x>", None),
        ("default<O4>", None),
        ("print<nosuch>", None),
        ("require<nosuch>", None),
        ("function", None),
    ],
)
def test_lookup(text: str, name: str | None) -> None:
    info = lookup(parse_pipeline(text).passes[0])
    assert (info.name if info else None) == name


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("instcombin", "instcombine"),
        ("gnv", "gvn"),
        ("simplify-cfg", "simplifycfg"),
        ("InstCombinePass", "instcombine"),
        ("mem2rg", "mem2reg"),
        ("lop-rotate", "loop-rotate"),
        ("O2", "default<O2>"),
        ("-Oz", "default<Oz>"),
        ("flattencfg", "flatten-cfg"),
        ("print<domtre>", "print<domtree>"),
        ("functon", "function"),
    ],
)
def test_did_you_mean(written: str, meant: str) -> None:
    assert suggest(written)[0] == meant


@pytest.mark.parametrize("written", ["zzz", "nosuch", "", "a" * 100_000, "größer"])
def test_nothing_near_means_no_suggestion(written: str) -> None:
    assert suggest(written) == []


def test_known_names_suggest_only_others() -> None:
    for name in [*registry(), *CONTAINERS]:
        assert name not in suggest(name)


def test_reads_a_listing() -> None:
    listing = """Module passes:
  globaldce
Module passes with params:
  print<structural-hash><detailed>
  default<O0;O1>
Function passes:
  verify<loops>
Function passes with params:
  sroa<preserve-cfg;modify-cfg>
Function analyses:
  domtree
"""
    table = merge({19: read_listing(listing)})
    assert table["passes"] == {
        "globaldce": {"kinds": ["module"], "llvm": [19]},
        "print<structural-hash>": {"kinds": ["module"], "llvm": [19], "params": "detailed"},
        "sroa": {"kinds": ["function"], "llvm": [19], "params": "preserve-cfg;modify-cfg"},
        "verify<loops>": {"kinds": ["function"], "llvm": [19]},
    }
    assert table["analyses"] == {"domtree": {"kinds": ["function"], "llvm": [19]}}
