"""Repairs: what LLVM would refuse is put right and reported; nothing else is touched; nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irlens.ir.pipeline import PipelineError, parse_pipeline
from irlens.ir.repair import repair


@pytest.mark.parametrize(
    ("written", "mended", "said"),
    [
        (
            "loop(loop-rotate),module(default<Oz>)",
            "function(loop(loop-rotate)),module(default<Oz>)",
            "starts with",
        ),
        (
            "module(default<Oz>),loop(loop-rotate)",
            "module(default<Oz>),function(loop(loop-rotate))",
            "put inside",
        ),
        (
            "module(default<Oz>),loop-mssa(licm)",
            "module(default<Oz>),function(loop-mssa(licm))",
            "put inside",
        ),
        (
            "module(licm<allowspeculation>)",
            "module(function(loop-mssa(licm<allowspeculation>)))",
            "put inside",
        ),
        ("function(licm,gvn)", "function(loop-mssa(licm),gvn)", "put inside"),
        ("loop(licm)", "loop-mssa(licm)", "MemorySSA"),
        ("loop-rotate,licm", "function(loop(loop-rotate),loop-mssa(licm))", "MemorySSA"),
        ("gvn,dce,globaldce", "function(gvn,dce),globaldce", "starts with gvn"),
        ("loop-rotate,gvn,globaldce", "function(loop(loop-rotate),gvn),globaldce", "starts with loop-rotate"),
        ("inline,globaldce,sroa", "cgscc(inline),globaldce,cgscc(sroa)", "starts with inline"),
        ("function(gvn,globaldce,dce)", "function(gvn),globaldce,function(dce)", "taken out"),
        ("cgscc(loop(loop-rotate))", "cgscc(function(loop(loop-rotate)))", "put inside"),
        ("flattencfg,gvn", "flatten-cfg,gvn", "now called flatten-cfg"),
        ("module(lowerswitch)", "module(lower-switch)", "now called lower-switch"),
        ("Oz", "default<Oz>", "written as default<Oz>"),
        ("module(Oz),module(iroutliner)", "module(default<Oz>),module(iroutliner)", "written as"),
        ("module(default<Oz>),", "module(default<Oz>)", "trailing comma"),
        ("gvn,,dce", "gvn,dce", "doubled comma"),
        ("gvn, dce ", "gvn,dce", "spaces"),
        ("module(function(gvn)", "module(function(gvn))", "')' added"),
        ("module(gvn))", "module(gvn)", "too many"),
        ("function(gvn)module(globaldce)", "function(gvn),module(globaldce)", "missing comma"),
    ],
)
def test_repairs(written: str, mended: str, said: str) -> None:
    pipeline, notes = repair(written)
    assert str(pipeline) == mended
    assert any(said in note for note in notes), notes
    assert repair(pipeline) == (pipeline, ())


def test_names_of_an_older_release() -> None:
    assert str(repair("flatten-cfg", 17)[0]) == "flattencfg"
    assert str(repair("flattencfg", 17)[0]) == "flattencfg"
    assert repair("lower-atomic", 16) == (
        parse_pipeline("loweratomic"),
        ("lower-atomic is called loweratomic in LLVM 16",),
    )


@pytest.mark.parametrize(
    "text", ["nosuch", "module(nosuch),gvn", "loop-reroll", "repeat<2>(gvn,globaldce)", "gvn(dce)"]
)
def test_what_needs_a_guess_stays(text: str) -> None:
    assert repair(text) == (parse_pipeline(text), ())


@pytest.mark.parametrize(
    "text", ["", "gvn dce", "gvn<a", "function(gvn,globaldce", "(gvn)", "())", "," * 200]
)
def test_text_with_no_sure_remedy_raises(text: str) -> None:
    with pytest.raises(PipelineError):
        repair(text)


@given(st.text("gvnlicmloop-rtae<>();, ", max_size=30))
def test_any_text_is_repaired_or_a_pipeline_error(text: str) -> None:
    try:
        pipeline, notes = repair(text)
    except PipelineError:
        return
    assert repair(pipeline) == (pipeline, ())
    assert bool(notes) == (str(pipeline) != text)
