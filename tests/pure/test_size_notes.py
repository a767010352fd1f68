"""Which sizes are said of which text, and in which words."""

from __future__ import annotations

import pytest

from irlens.assist.tune_functions import Tuned
from irlens.ide import code_actions, code_lens
from irlens.ide.size_hints import MODULE, SizeNote, size_hints
from irlens.source.snapshot import DocumentSnapshot

BODY = "define i32 @f(i32 %x) {\n  ret i32 %x\n}"
TEXT = f'target triple = "x86_64-unknown-linux-gnu"\n\n{BODY}\n'
SNAPSHOT = DocumentSnapshot("file:///a.ll", 1, "llvm", TEXT)
LIST = "function(sroa,dce)"


def notes(now: int, oz: int, best: int, passes: str, *, module: bool = False) -> dict[str, SizeNote]:
    name = MODULE if module else "f"
    source = "\n".join(SNAPSHOT.lines) if module else BODY
    return {name: SizeNote(Tuned(name, now, oz, best, passes, "", "LLVM"), source)}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (notes(200, 112, 97, LIST), "`f`: 112 -> 97 bytes, 13 % under -Oz, measured (200 as it is)."),
        (notes(112, 150, 97, LIST), "`f`: 112 -> 97 bytes, measured (-Oz 150)."),
        (notes(200, 112, 112, ""), "`f` is 200 bytes, and 112 after -Oz (measured)."),
        (notes(200, 112, 111, LIST), "`f` is 200 bytes, and 112 after -Oz (measured)."),
        (
            notes(900, 500, 400, LIST, module=True),
            "The module: 500 -> 400 bytes, 20 % under -Oz, measured (900 as it is).",
        ),
    ],
    ids=["list", "no smaller by -Oz", "-Oz alone", "a byte is no news", "module"],
)
def test_a_hint_says_what_was_measured(found: dict[str, SizeNote], said: str) -> None:
    (hint,) = size_hints(SNAPSHOT, found)
    assert hint.message == said


@pytest.mark.parametrize(
    "found",
    [notes(100, 100, 100, ""), notes(100, 110, 99, LIST), notes(900, 500, 500, "", module=True)],
    ids=["as small as it goes", "a byte under the text", "module as -Oz has it"],
)
def test_there_is_no_hint_where_nothing_is_to_be_had(found: dict[str, SizeNote]) -> None:
    assert size_hints(SNAPSHOT, found) == ()


def test_what_was_found_of_another_text_is_not_said() -> None:
    changed = DocumentSnapshot("file:///a.ll", 2, "llvm", TEXT.replace("ret i32 %x", "ret i32 1"))
    assert size_hints(changed, notes(200, 112, 97, LIST)) == ()
    assert size_hints(changed, notes(900, 500, 400, LIST, module=True)) == ()
    assert code_lens.lenses(changed, {}, notes(200, 112, 97, LIST)) == ()


def test_the_lens_has_the_three_sizes() -> None:
    both = {**notes(200, 112, 97, LIST), **notes(900, 500, 500, "", module=True)}
    whole, function = code_lens.lenses(SNAPSHOT, {}, both)
    assert (whole.line, whole.title, whole.kind) == (0, "module: 900 bytes, -Oz 500", "tune")
    assert (function.line, function.title, function.kind) == (2, "200 bytes, -Oz 112, best 97", "apply-here")


def test_the_command_that_is_copied_can_be_pasted_into_a_shell() -> None:
    found = notes(200, 112, 97, "function(instcombine<no-verify-fixpoint>)")
    offers = code_actions.size_offers(SNAPSHOT, found, 2, 2, "it's a.ll")
    (copy,) = [offer.text for offer in offers if offer.kind == "copy"]
    assert (
        copy
        == "opt -relocation-model=pic -passes='function(instcombine<no-verify-fixpoint>)' -S 'it'\"'\"'s a.ll'"
    )
