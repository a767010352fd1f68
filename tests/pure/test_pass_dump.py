"""LLVM's report of a run, read: which pass did what, by the name a pipeline gives it."""

from __future__ import annotations

import pytest

from irlens.ir.pass_dump import pass_name, read_dump
from irlens.ir.passes import registry

DUMP = """warning: something of no interest
*** IR Dump At Start ***
define i32 @f(i32 %a) {
  ret i32 %a
}
*** IR Dump After ForceFunctionAttrsPass on [module] omitted because no change ***
*** IR Dump After SROAPass on f ***
define i32 @f(i32 %b) {
  ret i32 %b
}

*** IR Dump After SROAPass on g filtered out ***
*** IR Pass PassManager<llvm::Function> on f ignored ***
*** IR Dump After RequireAnalysisPass<llvm::GlobalsAA, llvm::Module> on [module] omitted because no change ***
*** IR Dump After LICMPass on loop %body in function f ***
define i32 @f(i32 %c) {
  ret i32 %c
}
*** IR Pass LoopDeletionPass invalidated ***
"""


def test_each_pass_is_an_event_and_managers_and_analyses_are_none() -> None:
    dump = read_dump(DUMP)
    assert dump.start == "define i32 @f(i32 %a) {\n  ret i32 %a\n}"
    assert [(event.name, event.on) for event in dump.events] == [
        ("forceattrs", "[module]"),
        ("sroa", "f"),
        ("licm", "loop %body in function f"),
        ("loop-deletion", ""),
    ]
    unchanged, sroa, licm, gone = (event.text for event in dump.events)
    assert unchanged is None
    assert sroa == "define i32 @f(i32 %b) {\n  ret i32 %b\n}"
    assert "%c" in (licm or "")
    assert gone == ""


@pytest.mark.parametrize("text", ["", "no marks at all\n", "*** IR Dump After", "*** IR Dump At Start ***"])
def test_any_text_can_be_read(text: str) -> None:
    assert read_dump(text).events == ()


@pytest.mark.parametrize(
    ("class_name", "name"),
    [
        ("InstCombinePass", "instcombine"),
        ("EarlyCSEPass", "early-cse"),
        ("PromotePass", "mem2reg"),
        ("LoopFullUnrollPass", "loop-unroll-full"),
        ("NewGVNPass", "newgvn"),
        ("SomePassOfTomorrow", None),
    ],
)
def test_a_class_is_named_as_a_pipeline_names_it(class_name: str, name: str | None) -> None:
    assert pass_name(class_name) == name
    assert name is None or name in registry()
