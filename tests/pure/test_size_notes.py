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
BY = "LLVM 19.1.7 (libLLVM of opt 19.1.7)"


def notes(
    now: int, oz: int, best: int, passes: str, *, module: bool = False, plain: int | None = None
) -> dict[str, SizeNote]:
    name = MODULE if module else "f"
    source = "\n".join(SNAPSHOT.lines) if module else BODY
    return {name: SizeNote(Tuned(name, now, oz, best, passes, "", BY, plain), source)}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            notes(200, 112, 97, LIST),
            "`f` could be 97 bytes, 13 % smaller than -Oz (now 200; -Oz 112; measured by LLVM 19.1.7).",
        ),
        (
            notes(200, 112, 97, LIST, plain=140),
            "`f` could be 97 bytes, 13 % smaller than -Oz (now 200; -Oz 140 (112 with clang -Oz's attributes); "
            "measured by LLVM 19.1.7).",
        ),
        (
            notes(112, 150, 97, LIST),
            "`f` could be 97 bytes (now 112; -Oz 150; measured by LLVM 19.1.7).",
        ),
        (
            notes(200, 112, 112, ""),
            "`f` could be 112 bytes with -Oz (now 200; measured by LLVM 19.1.7).",
        ),
        (
            notes(200, 112, 111, LIST),
            "`f` could be 112 bytes with -Oz (now 200; measured by LLVM 19.1.7).",
        ),
        (
            notes(900, 500, 400, LIST, module=True),
            "The module could be 400 bytes, 20 % smaller than -Oz (now 900; -Oz 500; measured by LLVM 19.1.7).",
        ),
    ],
    ids=[
        "list",
        "list on a file without the attributes",
        "no smaller by -Oz",
        "-Oz alone",
        "a byte is no news",
        "module",
    ],
)
def test_a_hint_says_what_was_measured(found: dict[str, SizeNote], said: str) -> None:
    (hint,) = size_hints(SNAPSHOT, found)
    assert hint.message == said


@pytest.mark.parametrize(
    "found",
    [
        notes(100, 100, 100, ""),
        notes(100, 110, 99, LIST),
        notes(900, 500, 500, "", module=True),
        notes(28, 16, 16, "", plain=28),
        notes(200, 120, 90, LIST, plain=90),
    ],
    ids=[
        "as small as it goes",
        "a byte under the text",
        "module as -Oz has it",
        "what clang -Oz gives by its attributes",
        "what -Oz gives without them",
    ],
)
def test_there_is_no_hint_where_nothing_is_to_be_had(found: dict[str, SizeNote]) -> None:
    assert size_hints(SNAPSHOT, found) == ()


def test_what_was_found_of_another_text_is_not_said() -> None:
    changed = DocumentSnapshot("file:///a.ll", 2, "llvm", TEXT.replace("ret i32 %x", "ret i32 1"))
    assert size_hints(changed, notes(200, 112, 97, LIST)) == ()
    assert size_hints(changed, notes(900, 500, 400, LIST, module=True)) == ()
    assert code_lens.lenses(changed, {}, notes(200, 112, 97, LIST)) == ()


def test_the_lens_has_the_sizes_before_and_after() -> None:
    both = {**notes(200, 112, 97, LIST), **notes(900, 500, 500, "", module=True)}
    whole, function = code_lens.lenses(SNAPSHOT, {}, both)
    assert (whole.line, whole.title, whole.kind) == (0, "module: 900 → 500 B (-Oz), LLVM 19.1.7", "tune")
    assert (function.line, function.title, function.kind) == (2, "200 → 97 B (-Oz 112)", "apply-here")
    (alone,) = code_lens.lenses(SNAPSHOT, {}, notes(28, 28, 16, LIST))
    assert alone.title == "28 → 16 B"


def test_there_is_no_lens_where_nothing_can_be_done() -> None:
    assert code_lens.lenses(SNAPSHOT, {}, notes(28, 28, 28, "")) == ()
    assert code_lens.lenses(SNAPSHOT, {}, notes(28, 30, 28, "")) == ()


def test_the_lens_has_oz_without_and_with_clang_s_attributes() -> None:
    (lens,) = code_lens.lenses(SNAPSHOT, {}, notes(28, 16, 16, "", plain=28))
    assert lens.title == "28 → 16 B (-Oz 28, 16 with clang's attributes)"


def test_a_function_that_passes_skip_is_told_so_once() -> None:
    why = "f is optnone, so passes skip it. Compile with -Xclang -disable-O0-optnone."
    function = Tuned("f", 40, 40, 40, "", "", BY, optnone=why)
    whole = Tuned("", 40, 40, 40, "", "", BY, optnone=f"All 1 functions. {why}")
    found = {"f": SizeNote(function, BODY), MODULE: SizeNote(whole, "\n".join(SNAPSHOT.lines))}
    (hint,) = size_hints(SNAPSHOT, found)
    assert (hint.line, hint.message) == (2, whole.optnone)
    assert size_hints(SNAPSHOT, {"f": found["f"]})[0].message == why
    (lens,) = code_lens.lenses(SNAPSHOT, {}, found)
    assert lens.title == "40 B, optnone: passes skip it"


def test_the_command_that_is_copied_puts_the_attributes_on() -> None:
    offers = code_actions.size_offers(SNAPSHOT, notes(200, 112, 97, LIST), 2, 2, "a.ll")
    (copy,) = [offer.text for offer in offers if offer.kind == "copy"]
    assert copy == (
        "opt -relocation-model=pic -force-attribute=minsize -force-attribute=optsize "
        "-passes='forceattrs,function(sroa,dce)' -S a.ll"
    )


def test_the_command_that_is_copied_can_be_pasted_into_a_shell() -> None:
    found = notes(200, 112, 97, "function(instcombine<no-verify-fixpoint>)")
    marked = DocumentSnapshot("file:///a.ll", 1, "llvm", TEXT.replace(") {", ") minsize optsize {"))
    found = {"f": SizeNote(found["f"].tuned, BODY.replace(") {", ") minsize optsize {"))}
    offers = code_actions.size_offers(marked, found, 2, 2, "it's a.ll")
    (copy,) = [offer.text for offer in offers if offer.kind == "copy"]
    assert (
        copy
        == "opt -relocation-model=pic -passes='function(instcombine<no-verify-fixpoint>)' -S 'it'\"'\"'s a.ll'"
    )
