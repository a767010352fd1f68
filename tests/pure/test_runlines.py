"""RUN lines: which pipelines there are, exactly where, and what is said of them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irlens.ir.passes import analyses, registry
from irlens.ir.runlines import MOST_FINDINGS, Finding, diagnose_run_lines, run_lines, use_at
from support.timing import within


def cut(text: str, line: int, column: int, end: int) -> str:
    """What stands at a range in UTF-8 bytes."""
    return text.split("\n")[line].encode()[column:end].decode()


def found_in(text: str) -> list[tuple[str, list[str]]]:
    """Each pipeline with what its uses' ranges cut out of the file."""
    return [
        (run.text, [cut(text, use.line, use.column, use.end_column) for use in run.uses])
        for run in run_lines(text)
    ]


@pytest.mark.parametrize(
    ("text", "pipelines"),
    [
        ("; RUN: opt < %s -passes='instcombine,gvn' -S | FileCheck %s", ["instcombine,gvn"]),
        ("; RUN: opt -passes=instcombine,gvn %s", ["instcombine,gvn"]),
        ('; RUN: opt --passes "function(gvn,dce)" -S %s', ["function(gvn,dce)"]),
        ("; RUN: opt -p 'loop(loop-rotate)' %s", ["loop(loop-rotate)"]),
        ("; RUN: opt -p=gvn %s", ["gvn"]),
        ("; RUN: opt --p=gvn %s", ["gvn"]),
        ("; RUN: opt -passes=gvn %s | opt -passes=dce -S", ["gvn", "dce"]),
        ("; RUN: opt -passes=gvn %s && /usr/bin/opt-19 -passes=dce -S", ["gvn", "dce"]),
        ("; RUN: env A=b timeout 3 opt -passes=gvn %s", ["gvn"]),
        ("; RUN: opt -passes='default<O2>' -S %s", ["default<O2>"]),
        ("; RUN: opt -passes=print\\<domtree\\> %s", ["print<domtree>"]),
        ("; RUN: opt -passes=gv'n,d'ce %s", ["gvn,dce"]),
        ("  ;; RUN: opt -passes=gvn\n\t; RUN: opt -passes=dce", ["gvn", "dce"]),
        ("// RUN: opt -passes=gvn", ["gvn"]),
        ("; RUN: opt -passes=gvn\r\n; RUN: opt -passes=dce\r; RUN: opt -passes=adce", ["gvn", "dce", "adce"]),
        ("; RUN: opt -passes=%{passes} %s", ["%{passes}"]),
        ("; RUN: opt -passes= %s", []),
        ("; RUN: opt -passes", []),
        ("; RUN: llc -passes=gvn %s", []),
        ("; NOT-RUN: opt -passes=gvn", []),
        ("; opt -passes=gvn", []),
        ("RUN: opt -passes=gvn", []),
        ("", []),
    ],
)
def test_pipelines(text: str, pipelines: list[str]) -> None:
    assert [run.text for run in run_lines(text)] == pipelines


def test_ranges_are_in_utf8_bytes() -> None:
    text = "; é😀 RUN: opt -passes='function(gvn,simplifycfg<keep-loops>)' %s"
    assert found_in(text) == [
        ("function(gvn,simplifycfg<keep-loops>)", ["function", "gvn", "simplifycfg<keep-loops>"])
    ]
    (run,) = run_lines(text)
    assert cut(text, run.line, run.column, run.end_column) == run.text


def test_a_pipeline_on_two_lines() -> None:
    text = "; RUN: opt -S \\\n; RUN:   -passes='gvn,\\\n; RUN:            dce,ad\\\n; RUN:ce' %s\n"
    (run,) = run_lines(text)
    assert run.text == "gvn,dce,adce"
    assert (run.line, run.end_line) == (1, 3)
    assert [cut(text, use.line, use.column, use.end_column) for use in run.uses] == ["gvn", "dce", "ad"]


def test_the_use_under_the_cursor() -> None:
    text = "; RUN: opt -passes='function(gvn,dce)' %s"
    lines = run_lines(text)
    for name in ("function", "gvn", "dce"):
        column = text.index(name)
        for at in (column, column + len(name)):
            use = use_at(lines, 0, at)
            assert use is not None
            assert use.element.name == name
    assert use_at(lines, 0, text.index("opt")) is None
    assert use_at(lines, 1, 20) is None


@pytest.mark.parametrize(
    ("text", "where", "code", "suggestion"),
    [
        ("; RUN: opt -passes='instcombin,gvn' %s", "instcombin", "unknown-pass", "instcombine"),
        ("; 😀 RUN: opt -passes='gvn,dcee' %s", "dcee", "unknown-pass", "dce"),
        ("; RUN: opt -passes='print<domtre>' %s", "print<domtre>", "unknown-pass", "print<domtree>"),
        ("; RUN: opt -passes=flattencfg %s", "flattencfg", "renamed-pass", "flatten-cfg"),
        ("; RUN: opt -passes='gvn, dce' %s", " ", "pipeline-syntax", None),
        ("; RUN: opt -passes='gvn)' %s", ")", "pipeline-syntax", None),
        ("; RUN: opt -passes='gvn,globaldce' %s", "globaldce", "pass-nesting", None),
        ("; RUN: opt -passes='function(licm)' %s", "licm", "pass-nesting", None),
        ("; RUN: opt -passes='dce<x>' %s", "dce<x>", "pass-parameters", "dce"),
    ],
)
def test_findings(text: str, where: str, code: str, suggestion: str | None) -> None:
    (finding,) = diagnose_run_lines(text)
    assert finding.code == code
    assert cut(text, finding.line, finding.column, finding.end_column) == where
    assert (finding.suggestions[0] if finding.suggestions else None) == suggestion
    assert suggestion is None or suggestion in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "; RUN: opt -passes=%{passes},nosuch %s",
        "; RUN: opt -passes='$PASSES,nosuch' %s",
        "; RUN: not opt -passes=nosuch %s",
        "; RUN: not --crash opt -passes=nosuch %s",
        "; RUN: opt -load-pass-plugin=%plugin -passes=nosuch %s",
        "; RUN: opt --load-pass-plugin x.so -passes=nosuch %s",
        "; RUN: opt -mtriple=amdgcn -passes=amdgpu-promote-alloca %s",
        "; RUN: echo opt | cat -passes=nosuch",
        "; CHECK: opt -passes=nosuch",
    ],
)
def test_silence(text: str) -> None:
    assert diagnose_run_lines(text) == []


def test_every_known_name_passes() -> None:
    names = [name for name, info in registry().items() if info.llvm and not info.renamed_to]
    names += [f"require<{name}>" for name in analyses()]
    text = "\n".join(f"; RUN: opt -passes='{name}' %s" for name in names)
    assert {finding.code for finding in diagnose_run_lines(text)} == {"refused-pass"}


def test_the_caller_says_what_can_be_run() -> None:
    text = "; RUN: opt -passes='function(gvn,dce),nosuch' %s"
    asked: list[str] = []

    def runnable(name: str) -> bool:
        asked.append(name)
        return name != "gvn"

    found = diagnose_run_lines(text, runnable=runnable)
    assert [(finding.code, cut(text, 0, finding.column, finding.end_column)) for finding in found] == [
        ("unknown-pass", "nosuch"),
        ("unrunnable-pass", "gvn"),
    ]
    assert asked == ["gvn", "dce"]


def test_a_named_release_judges_by_itself() -> None:
    text = "; RUN: opt -passes=tlshoist %s"
    assert diagnose_run_lines(text, llvm=19) == []
    assert [finding.code for finding in diagnose_run_lines(text, llvm=22)] == ["removed-pass"]


@given(
    st.text("; RUN:opt-pases='\"\\\n\r|gvn,(<>)%é😀", max_size=80).map(lambda s: "; RUN: opt -passes='" + s)
)
def test_any_text_gives_findings_within_it(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for finding in diagnose_run_lines(text):
        assert isinstance(finding, Finding)
        assert 0 <= finding.column < finding.end_column
        assert finding.column <= len(lines[finding.line].encode())
    for run in run_lines(text):
        for use in run.uses:
            assert 0 <= use.column <= use.end_column <= len(lines[use.line].encode())


def test_of_many_unknown_passes_few_are_told_and_fewer_are_guessed_at() -> None:
    """Each guess takes most of a millisecond, and a megabyte has room for a hundred thousand."""
    one_line = "; RUN: opt -passes=" + ",".join(f"xyzzy{number}" for number in range(5000)) + " %s\n"
    found = within(20, diagnose_run_lines, one_line + "; RUN: opt -passes=plugh %s\n" * 20_000)
    assert len(found) == MOST_FINDINGS


def test_a_run_line_that_goes_on_and_on_is_read_in_proportion() -> None:
    def seconds(count: int) -> float:
        text = "; RUN: opt -passes='dce\\\n" + "; RUN: dce\\\n" * count
        started = time.process_time()
        run_lines(text)
        return time.process_time() - started

    assert min(seconds(40_000) for _ in range(2)) < 8 * min(seconds(10_000) for _ in range(3)) + 0.05


def test_quotes_stay_open_over_lines() -> None:
    (run,) = run_lines("; RUN: opt -passes='dce,\\\n; RUN:    adce,\\\n; RUN:    sroa' %s\n")
    assert run.text == "dce,adce,sroa"
