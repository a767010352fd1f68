"""What may run and what may not, by name and by parameter."""

from __future__ import annotations

import pytest

from irlens.errors import Unrunnable
from irlens.ir.pass_policy import check, refusals, why_method_refused
from irlens.ir.passes import registry
from irlens.ir.pipeline import parse_pipeline
from irlens.ir.runlines import diagnose_run_lines
from irlens.tuning.vocabulary import alphabet


@pytest.mark.parametrize(
    "pipeline",
    [
        "default<O2>", "function(sroa,loop-mssa(licm<allowspeculation>))", "print<domtree>", "print<da><normalized-results>",
        "gvn<no-pre;no-load-pre>", "simplifycfg<bonus-inst-threshold=-1;keep-loops>", "require<domtree>", "devirt<4>(inline)",
        "function<eager-inv>(sroa)", "internalize<preserve-gv=main>", "lower-allow-check<cutoffs[0|1]=70000>",
        "amdgpu-attributor", "repeat<3>(sroa)", "scalarizer<load-store;>", "thinlto-pre-link<Oz>", "refprune",
    ],
)  # fmt: skip
def test_what_changes_or_prints_code_runs(pipeline: str) -> None:
    check(pipeline)


@pytest.mark.parametrize(
    ("pipeline", "name", "why"),
    [
        ("insert-gcov-profiling", "insert-gcov-profiling", "writes a file"),
        ("function(sroa,dot-cfg)", "dot-cfg", "writes a file"),
        ("cgscc(function(loop(dot-ddg)))", "dot-ddg", "writes a file"),
        ("default<O2>(view-cfg)", "view-cfg", "starts a program"),
        ("nosuch(dot-cfg)", "dot-cfg", "writes a file"),
        ("memprof-use<profile-filename=/etc/passwd>", "memprof-use<profile-filename=/etc/passwd>", "reads a profile"),
        ("sample-profile", "sample-profile", "reads a profile"),
        ("pgo-instr-use", "pgo-instr-use", "reads a profile"),
        ("function-import", "function-import", "from files"),
        ("print<ir2vec-vocab>", "print<ir2vec-vocab>", "from a file"),
        ("asan<file=/etc/passwd>", "asan<file=/etc/passwd>", "a parameter can name a file"),
        ("internalize<preserve-gv=/etc/passwd>", "internalize<preserve-gv=/etc/passwd>", "a parameter can name a file"),
        ("function<@file>(sroa)", "function<@file>", "a parameter can name a file"),
        ("my-own-pass", "my-own-pass", "irlens does not know this pass"),
        ("my-own-pass<x>", "my-own-pass<x>", "irlens does not know this pass"),
        ("print<nosuch>", "print<nosuch>", "irlens does not know this pass"),
        ("require<nosuch>", "require<nosuch>", "irlens does not know this pass"),
        ("require<ir2vec-vocab>", "require<ir2vec-vocab>", "from a file"),
    ],
)  # fmt: skip
def test_what_touches_files_or_is_unknown_does_not(pipeline: str, name: str, why: str) -> None:
    with pytest.raises(Unrunnable) as refused:
        check(pipeline)
    assert name in refused.value.passes
    assert why in str(refused.value)
    assert str(refused.value).endswith((" it out of the list.", " them out of the list."))


def test_an_unknown_name_is_told_what_it_may_have_been_meant_for() -> None:
    with pytest.raises(Unrunnable, match="did you mean licm"):
        check("function(lcim)")


def test_a_message_stays_short() -> None:
    with pytest.raises(Unrunnable) as refused:
        check(",".join(f"nosuch{number}{'x' * 5000}" for number in range(100)))
    assert len(str(refused.value)) < 1000
    assert "97 more" in str(refused.value)
    assert len(refused.value.passes) == 100


def test_every_pass_of_the_registry_is_decided_on() -> None:
    undecided = [
        name
        for name in registry()
        if any("does not know" in each.why for each in refusals(parse_pipeline(name)))
    ]
    assert undecided == []


def test_what_tune_may_try_may_run() -> None:
    for release in (16, 19, 22):
        for gene in alphabet(release):
            check(gene.text)


def test_methods_of_llvmlite_are_decided_on_by_their_passes() -> None:
    for info in registry().values():
        if info.llvmlite_method:
            assert bool(why_method_refused(info.llvmlite_method)) == bool(refusals(parse_pipeline(info.name)))


def test_a_run_line_says_that_its_pass_is_not_run() -> None:
    (found,) = diagnose_run_lines("; RUN: opt -passes='function(sroa,dot-cfg)' %s")
    assert (found.code, found.severity, found.line) == ("refused-pass", "information", 0)
    assert found.message.startswith("irlens does not run dot-cfg: the pass writes a file")
