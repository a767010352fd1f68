"""Where passes may stand: our rules against those of the LLVM that is installed.

Of LLVM 19 to 22: 16 lacks some of the names and options used here, and crashes on `chr` in any pipeline.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from irlens.ir.nesting import problems
from irlens.ir.passes import registry
from irlens.ir.pipeline import Pass, Pipeline, parse_pipeline, print_pipeline
from irlens.ir.repair import repair

LOOP = """
declare void @g()
define void @f(i32 %n) {
entry:
  br label %l
l:
  %i = phi i32 [ 0, %entry ], [ %j, %l ]
  call void @g()
  %j = add i32 %i, 1
  %c = icmp ult i32 %j, %n
  br i1 %c, label %l, label %e
e:
  ret void
}
"""
NO_LOOP = "define void @f() {\n  ret void\n}\n"


@cache
def installed_opt() -> tuple[str, int] | None:
    for name in ("opt-19", "opt-22", "opt-21", "opt-20", "opt"):
        program = shutil.which(name)
        if program is None:
            continue
        shown = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        match = re.search(r"LLVM version (\d+)", shown)
        if match and 19 <= int(match[1]) <= 22:
            return program, int(match[1])
    return None


needs_opt = pytest.mark.skipif(installed_opt() is None, reason="no opt of LLVM 19 to 22 is installed")


def refusal(pipeline: str, ir: str) -> str:
    """The line with which opt refuses or aborts; "" where it takes the pipeline."""
    found = installed_opt()
    assert found is not None
    result = subprocess.run(
        [found[0], "-disable-output", f"-passes={pipeline}", "-"],
        input=ir,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if result.returncode == 0:
        return ""
    lines = [line for line in result.stderr.splitlines() if "opt" in line or "LLVM ERROR" in line]
    return lines[0] if lines else f"exit code {result.returncode}"


TAKEN = [
    "gvn",
    "module(gvn)",
    "cgscc(loop-rotate)",
    "licm,loop-rotate",
    "loop-mssa(loop(licm))",
    "function(function(gvn))",
    "devirt<4>(inline)",
    "cgscc(devirt<4>(inline,function<eager-inv;no-rerun>(gvn)))",
    "function<eager-inv>(gvn),globaldce",
    "coro-cond(globaldce)",
    "globaldce,gvn,loop-rotate",
    "loop(loop-rotate),gvn",
    "verify,globaldce",
    "require<domtree>,gvn",
    "require<globals-aa>,function(gvn)",
    "print<domtree>,loop-rotate",
    "simplifycfg<bonus-inst-threshold=1;no-forward-switch-cond>",
    "default<O2>,function(gvn)",
    "thinlto-pre-link<O2>",
    "invalidate<all>",
]
REFUSED = {
    "loop-rotate,gvn": "pass-nesting",
    "gvn,globaldce": "pass-nesting",
    "loop(loop-mssa(licm))": "pass-nesting",
    "cgscc(loop(loop-rotate))": "pass-nesting",
    "module(loop(loop-rotate))": "pass-nesting",
    "function(gvn),loop(loop-rotate)": "pass-nesting",
    "function(default<O1>)": "pass-nesting",
    "module(require<domtree>)": "pass-nesting",
    "module(devirt<4>(inline))": "pass-nesting",
    "function(module(globaldce))": "pass-nesting",
    "function<no-rerun>(gvn)": "pass-nesting",
    "gvn(dce)": "pass-nesting",
    "function": "pass-nesting",
    "devirt(inline)": "pass-parameters",
    "loop<x>(loop-rotate)": "pass-parameters",
    "dce<x>": "pass-parameters",
    "nosuch": "unknown-pass",
    "print<nosuch>": "unknown-pass",
    "require<nosuch>": "unknown-pass",
    "default<O4>": "unknown-pass",
    "O2": "unknown-pass",
}


@pytest.mark.parametrize("text", TAKEN)
def test_nothing_is_said_about_what_llvm_takes(text: str) -> None:
    assert problems(parse_pipeline(text)) == ()
    assert repair(parse_pipeline(text)) == (parse_pipeline(text), ())


@pytest.mark.parametrize(("text", "code"), REFUSED.items())
def test_what_llvm_refuses_is_named(text: str, code: str) -> None:
    found = problems(parse_pipeline(text))
    assert [problem.code for problem in found] == [code]
    assert re.search(r"[.?]$", found[0].message)


@needs_opt
@pytest.mark.parametrize("text", [*TAKEN, *REFUSED])
def test_the_installed_opt_agrees(text: str) -> None:
    assert bool(refusal(text, NO_LOOP)) == (text in REFUSED)


def test_an_unknown_first_pass_says_nothing_of_the_others() -> None:
    assert [problem.element.name for problem in problems(parse_pipeline("nosuch,globaldce,gvn"))] == [
        "nosuch"
    ]


def test_a_name_near_no_other_may_be_a_pass_of_a_fork() -> None:
    assert [problem.severity for problem in problems(parse_pipeline("vpo-paropt,instcombin"))] == [
        "warning",
        "error",
    ]


def test_backends_passes_are_not_judged() -> None:
    assert problems(parse_pipeline("function(amdgpu-promote-alloca),x86-foo")) == ()


def test_licm_outside_loop_mssa_is_a_warning_it_aborts_only_where_there_is_a_loop() -> None:
    (found,) = problems(parse_pipeline("function(licm)"))
    assert (found.code, found.severity) == ("pass-nesting", "warning")
    assert "loop-mssa(licm)" in found.message


@pytest.mark.parametrize(
    ("text", "llvm", "codes"),
    [
        ("flattencfg", None, ["renamed-pass"]),
        ("flattencfg", 17, []),
        ("flattencfg", 19, ["renamed-pass"]),
        ("flatten-cfg", 16, ["renamed-pass"]),
        ("flatten-cfg", 18, []),
        ("tlshoist", None, []),
        ("tlshoist", 22, ["removed-pass"]),
        ("loop-reroll", 19, ["removed-pass"]),
        ("loop-term-fold", 19, ["unknown-pass"]),
        ("loop-term-fold", 22, []),
        ("repeat<2>(globaldce)", 16, []),
        ("repeat<2>(globaldce)", 19, ["removed-pass"]),
    ],
)
def test_releases(text: str, llvm: int | None, codes: list[str]) -> None:
    assert [problem.code for problem in problems(parse_pipeline(text), llvm)] == codes


NAMES = {
    "module": ["globaldce", "constmerge", "verify", "default<O0>", "require<globals-aa>", "no-op-module"],
    "cgscc": ["no-op-cgscc", "function-attrs", "inline"],
    "function": ["gvn", "dce", "verify", "require<domtree>", "sroa<modify-cfg>", "guard-widening"],
    "loop": ["loop-rotate", "indvars", "guard-widening", "no-op-loop", "no-op-loopnest"],
}
LEAVES = st.sampled_from(sorted({name for names in NAMES.values() for name in names})).map(
    lambda text: parse_pipeline(text).passes[0]
)
CONTAINERS = st.sampled_from(
    [("module", None), ("cgscc", None), ("function", None), ("function", "eager-inv"), ("loop", None),
     ("loop-mssa", None), ("devirt", "2"), ("coro-cond", None)]
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda head, children: Pass(head[0], head[1], tuple(children)),
        CONTAINERS,
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=5,
)
PIPELINES = st.lists(TREES, min_size=1, max_size=3).map(lambda passes: Pipeline(tuple(passes)))


@needs_opt
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)
@given(PIPELINES)
def test_random_pipelines_are_judged_as_opt_judges_them(pipeline: Pipeline) -> None:
    found = installed_opt()
    assert found is not None
    refused = refusal(print_pipeline(pipeline), NO_LOOP)
    named = [p for p in problems(pipeline, found[1]) if not p.element.name.startswith(("licm", "lnicm"))]
    assert bool(refused) == bool(named), (refused, named)


@needs_opt
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)
@given(PIPELINES)
def test_random_pipelines_are_taken_after_repair(pipeline: Pipeline) -> None:
    found = installed_opt()
    assert found is not None
    mended, notes = repair(pipeline, found[1])
    text = print_pipeline(mended)
    assert bool(notes) == (mended != pipeline)
    assert repair(mended, found[1]) == (mended, ())
    if not any(name in text for name in ("devirt", "coro-cond")):  # cutting those would change what runs
        assert refusal(text, NO_LOOP) == ""


LEVELS = ("module", "cgscc", "function", "loop", "loop-mssa")


@needs_opt
@pytest.mark.parametrize("level", LEVELS)
def test_every_pass_of_llm_compiler_runs_after_repair(level: str) -> None:
    """The model may wrap any pass in any level; on a function with a loop, where licm would abort."""
    found = installed_opt()
    assert found is not None
    names = [name for name, info in registry().items() if info.llm_compiler and info.kind == level]
    texts = [f"{level}({name})" for name in names]
    texts += [f"{name},module({name})" for name in names[::8]]
    for text in texts:
        pipeline, _ = repair(text, found[1])
        gone = [p for p in problems(pipeline, found[1]) if p.code == "removed-pass"]
        assert bool(refusal(print_pipeline(pipeline), LOOP)) == bool(gone), (text, str(pipeline))
