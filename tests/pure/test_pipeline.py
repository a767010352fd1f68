"""The grammar of pass pipelines: what parses prints as it was, what does not says where and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irlens.ir.passes import registry
from irlens.ir.pipeline import MAX_DEPTH, Pass, Pipeline, PipelineError, parse_pipeline, print_pipeline, walk

FROM_THE_PAPER = [
    "module(default<Oz>)",
    "module(default<Oz>),module(iroutliner)",
    "module(constmerge)",
    "function(dce),module(default<Oz>),function(load-store-vectorizer)",
    "module(licm<allowspeculation>)",
]
OTHERS = [
    "gvn",
    "default<O2>",
    "cgscc(devirt<4>(inline,function<eager-inv>(sroa<modify-cfg>,simplifycfg<bonus-inst-threshold=1;keep-loops>)))",
    "function(loop-mssa(licm),loop(loop-rotate<header-duplication>))",
    "function(repeat<2>(gvn,dce))",
    "require<domtree>,invalidate<all>,print<domtree>,verify",
    "print<da><normalized-results>",
    "alloc-token<mode=<typehash>>",
    "memprof-use<profile-filename=a b.prof>",
    "gvn<>",
]


@pytest.mark.parametrize("text", FROM_THE_PAPER + OTHERS)
def test_prints_as_it_was(text: str) -> None:
    assert print_pipeline(parse_pipeline(text)) == text


@pytest.mark.parametrize("kind", ["module", "cgscc", "function", "loop", "loop-mssa"])
def test_every_pass_of_llm_compiler_parses_in_its_list(kind: str) -> None:
    names = [name for name, info in registry().items() if info.llm_compiler and info.kind == kind]
    text = f"{kind}({','.join(names)})"
    assert print_pipeline(parse_pipeline(text)) == text
    assert [element.text for element in parse_pipeline(text).passes[0].children] == names


def test_tree_and_columns() -> None:
    pipeline = parse_pipeline("module(a<x;y>,function(b)),c")
    assert pipeline == Pipeline(
        (Pass("module", None, (Pass("a", "x;y"), Pass("function", None, (Pass("b"),)))), Pass("c"))
    )
    assert [(element.text, element.column, element.end_column) for element in walk(pipeline)] == [
        ("module", 0, 6),
        ("a<x;y>", 7, 13),
        ("function", 14, 22),
        ("b", 23, 24),
        ("c", 27, 28),
    ]


@pytest.mark.parametrize(
    ("text", "column", "fault"),
    [
        ("", 0, "empty"),
        ("gvn,", 4, "empty"),
        (",gvn", 0, "empty"),
        ("gvn,,dce", 4, "empty"),
        ("function()", 9, "empty"),
        ("(gvn)", 0, "empty"),
        ("<x>", 0, "empty"),
        ("gvn, dce", 4, "space"),
        ("function(gvn", 8, "unclosed"),
        ("module(function(gvn)", 6, "unclosed"),
        ("gvn)", 3, "unopened"),
        ("function(gvn)dce", 13, "comma"),
        ("sroa<a", 4, "parameters"),
        ("sroa>", 4, "parameters"),
        ("sroa<a>b", 7, "parameters"),
        ("a(" * (MAX_DEPTH + 1), 2 * MAX_DEPTH + 1, "depth"),
    ],
)
def test_faults_name_their_column_and_a_remedy(text: str, column: int, fault: str) -> None:
    with pytest.raises(PipelineError) as caught:
        parse_pipeline(text)
    assert (caught.value.column, caught.value.fault) == (column, fault)
    what, remedy = str(caught.value).split(". ", 1)
    assert what
    assert remedy.endswith(".")


NAMES = st.text("abcz-019_.", min_size=1, max_size=8)
LEAVES = st.builds(Pass, NAMES, st.none() | st.text("ab;=<-1 ", max_size=6).map(lambda s: s.replace("<", "")))
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        Pass, NAMES, st.none() | st.just("4"), st.lists(inner, min_size=1, max_size=3).map(tuple)
    ),
    max_leaves=12,
)


@given(st.lists(TREES, min_size=1, max_size=4))
def test_parses_what_it_prints(passes: list[Pass]) -> None:
    pipeline = Pipeline(tuple(passes))
    text = print_pipeline(pipeline)
    assert parse_pipeline(text) == pipeline
    assert print_pipeline(parse_pipeline(text)) == text


@given(st.text() | st.text("ab,()<>; "))
def test_any_text_prints_as_it_was_or_is_a_pipeline_error(text: str) -> None:
    try:
        pipeline = parse_pipeline(text)
    except PipelineError as error:
        column = error.column
    else:
        assert print_pipeline(pipeline) == text
        assert all(text[e.column : e.end_column] == e.text for e in walk(pipeline))
        column = 0
    assert 0 <= column <= len(text)


@pytest.mark.parametrize("text", ["(" * 100_000, "a(" * 100_000, ")" * 100_000, "," * 100_000, "<" * 100_000])
def test_large_nonsense_is_an_error_like_any_other(text: str) -> None:
    with pytest.raises(PipelineError):
        parse_pipeline(text)
