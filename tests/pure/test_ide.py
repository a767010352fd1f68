"""The editor's features as functions of a snapshot, without a server."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irlens.assist.predict import FunctionPrediction, Measured
from irlens.evidence.verdict import Verdict
from irlens.ide import code_actions, diagnostics, hover, symbols
from irlens.ide.hover import FunctionSubject, PassSubject
from irlens.ide.known import FunctionSizes, LiftNote, PassEffect
from irlens.llvm.answers import Diagnostic, ParseResult
from irlens.model.types import PredictReply
from irlens.source.snapshot import DocumentSnapshot, Language
from support.markers import at_cursor
from support.texts import ASM, IR


def name_under(text: str, language: str = "llvm") -> str | None:
    found = hover.subject(*at_cursor(text, language))  # type: ignore[arg-type]
    if isinstance(found, FunctionSubject):
        return found.function.name
    return None if found is None else found.pipeline


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("define void @$0f() {\n  ret void\n}\n", "f"),
        ("$0define void @f() {\n  ret void\n}\n", "f"),
        ("define void @f() {\n  $0ret void\n}\n", None),
        ('define void @"a é😀 b$0"() {\n  ret void\n}\n', "a é😀 b"),
        (
            'define void @"😀"() {\n  ret void\n}\ndefine void @g() {\n  call void @"$0😀"()\n}\n',
            "😀",
        ),
        ("define void @g() {\n  ; not @$0g here\n  ret void\n}\n", None),
        ("declare void @$0away()\n", "away"),
        ("define void @g() {\n  call void @$0unknown()\n  ret void\n}\n", None),
        (
            "; RUN: opt -passes='sroa,inst$0combine<no-verify-fixpoint>' %s\n",
            "instcombine<no-verify-fixpoint>",
        ),
        ("; RUN: opt -passes=func$0tion(sroa,gvn) %s\n", "function(sroa,gvn)"),
        ("; é😀 try opt -passes=sroa,gv$0n on it\n", "gvn"),
        ("@x = global i32 0 ; -passes=sroa,gv$0n\n", "gvn"),
        ("; RUN: o$0pt -passes=sroa %s\n", None),
        ("$0", None),
    ],
)
def test_what_a_hover_is_about(text: str, name: str | None) -> None:
    assert name_under(text) == name


class _Listening:
    """Stands for LLVM; keeps the text that it is given and finds an error in its first line."""

    def parse(self, text: str, **_: object) -> ParseResult:
        self.text = text
        return ParseResult(False, False, (Diagnostic(0, 3, "no"),))

    def llvm_name(self) -> str:
        return "LLVM 22"

    def other_release_that_reads(self, text: str, **_: object) -> None:
        return None


def test_a_byte_order_mark_is_no_error_and_moves_no_column() -> None:
    llvm = _Listening()
    snapshot = DocumentSnapshot("file:///a.ll", 1, "llvm", "\ufeffbogus\r\ny\r")
    (item,) = diagnostics.of_ir(snapshot, llvm)  # type: ignore[arg-type]
    assert llvm.text == "   bogus\ny\n"
    assert (item.start, item.end) == (3, 8), "bytes of the text as the client has it"


def test_a_label_and_a_call_in_assembly() -> None:
    assert name_under(ASM.replace("double_it:", "doub$0le_it:", 1), "asm") == "double_it"
    assert name_under(ASM + "\tcallq\tdouble_it$0\n", "asm") == "double_it"
    assert name_under(ASM.replace("leal", "le$0al"), "asm") is None


def test_a_functions_facts_say_where_they_come_from() -> None:
    snapshot, line, _ = at_cursor(IR.replace("define i32 @double", "define i32 @$0double"))
    function = symbols.function_at(snapshot, line)
    assert function is not None
    text = hover.function_text(snapshot, function, FunctionSizes("under way"), None)
    assert text == "**`@double`**: 5 instructions, size: measuring…"
    text = hover.function_text(snapshot, function, FunctionSizes("known", {"double": 4}, {"double": 5}), None)
    assert text.endswith("4 bytes (measured by LLVM)")
    text = hover.function_text(snapshot, function, FunctionSizes("failed", why="no target"), None)
    assert text.endswith("size unknown: no target")
    note = LiftNote(Verdict.COMPILES, "it differs", "m", "another text")
    text = hover.function_text(snapshot, function, FunctionSizes(), note)
    assert "not shown to do the same" in text
    assert "earlier text" in text


def test_predicted_and_measured_have_columns_of_their_own() -> None:
    snapshot, line, column = at_cursor("; RUN: opt -passes=gv$0n %s\n")
    subject = hover.subject(snapshot, line, column)
    assert isinstance(subject, PassSubject)
    measured = Measured(3, 12, "define ...", "opt 19.1.7")
    functions = (
        FunctionPrediction("f", 9, 40, PredictReply(2, 8, None), measured),
        FunctionPrediction("big", 9, 40, PredictReply(2, 999, None), measured, bytes_of="object"),
        FunctionPrediction("gone", 1, 1, None, Measured(0, 0, "", "opt 19.1.7")),
        FunctionPrediction("odd", 1, 1, None, None, why_not_measured="no"),
    )
    text = hover.pass_text(subject, PassEffect("known", "known", functions, "a model"))
    assert "| `f` | 9 instr., 40 B | 2 instr., 8 B | 3 instr., 12 B |" in text
    assert "| `big` | 9 instr., 40 B | 2 instr. | 3 instr., 12 B |" in text
    assert "| `gone` | 1 instr., 1 B | – | removed |" in text
    assert "| `odd` | 1 instr., 1 B | – | not measured |" in text
    assert "Not measured: no." in text
    assert "Measured: opt 19.1.7. Predicted: a model, a model, not checked." in text


def test_a_long_table_is_cut_to_what_changes_most() -> None:
    snapshot, line, column = at_cursor("; RUN: opt -passes=gv$0n %s\n")
    subject = hover.subject(snapshot, line, column)
    assert isinstance(subject, PassSubject)
    functions = tuple(
        FunctionPrediction(f"f{n}", 100, None, None, Measured(100 - n, None, "x", "LLVM")) for n in range(30)
    )
    text = hover.pass_text(subject, PassEffect("known", "not asked", functions))
    assert re.findall(r"^\| `(f\d+)`", text, re.MULTILINE) == [
        f"f{n}" for n in range(20, 30)
    ]  # the file's order
    assert "predicted" not in text
    assert "`f29`" in text
    assert "`f19`" not in text
    assert "and 20 more functions, changed less" in text


def test_offers() -> None:
    snapshot, line, _ = at_cursor(ASM.replace("leal", "$0leal"), "asm")
    assert [offer.function for offer in code_actions.offers(snapshot, line, line)] == ["double_it"]
    assert code_actions.offers(snapshot, 0, 0) == ()
    ir = DocumentSnapshot("file:///w/a.ll", 1, "llvm", IR)
    assert [offer.kind for offer in code_actions.offers(ir, 0, 0)] == ["apply-oz", "tune"]
    empty = DocumentSnapshot("file:///w/a.ll", 1, "llvm", "declare void @f()\n")
    assert code_actions.offers(empty, 0, 0) == ()


def test_corrections_are_of_the_selected_lines() -> None:
    text = "; RUN: opt -passes=instcombin %s\n; RUN: opt -passes=simplifycf %s\n"
    snapshot = DocumentSnapshot("file:///w/a.ll", 1, "llvm", text)
    (only,) = [c for c in code_actions.corrections(snapshot, 1, 1) if c.first]
    assert only.fix.text == "simplifycfg"
    assert (only.item.line, only.item.start, only.item.end) == (1, 19, 29)


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ("  ret i32 %nothing", 0, 10, (0, 10, 18)),
        ('  call @"é x"()', 0, 7, (0, 7, 14)),
        ("  a = b", 0, None, (0, 2, 7)),
        ("x", 5, 3, (0, 0, 1)),
        ("", 0, 0, (0, 0, 0)),
        ("ab", 0, 99, (0, 2, 2)),
        ("   ", 0, None, (0, 3, 3)),
    ],
)
def test_a_finding_covers_the_token_it_points_at(
    text: str, line: int, column: int | None, expected: tuple[int, int, int]
) -> None:
    item = diagnostics.item_of(Diagnostic(line, column, "m"), (text,))
    assert (item.line, item.start, item.end) == expected


def test_references_pass_over_strings_and_comments() -> None:
    text = (
        'declare void @f()\n@s = constant [2 x i8] c"@f" ; @f\n'
        "define void @g() {\n  call void @f()\n  ret void\n}\n"
    )
    snapshot = DocumentSnapshot("file:///w/a.ll", 1, "llvm", text)
    uses = symbols.references(snapshot, 3, 13, with_declaration=True)
    assert [(use.line, use.start, use.end) for use in uses] == [(0, 13, 15), (3, 12, 14)]
    assert len(symbols.references(snapshot, 3, 13, with_declaration=False)) == 1


_WORDS = (
    "define", " @f", "()", "{", "}", "\n", "\r", "; RUN: opt -passes=", "'", '"', "gvn", "<", "(", "😀", "\\",
    "f:", "\t", ".type f,@function", "ret", "\x0c", "\ud800", "@", "%", ";",
)  # fmt: skip
_TEXTS = st.lists(st.sampled_from(_WORDS), max_size=30).map("".join) | st.text(max_size=60)


@given(_TEXTS, st.sampled_from(["llvm", "asm"]), st.integers(0, 9), st.integers(0, 60))
def test_no_text_and_no_place_raise(text: str, language: Language, line: int, column: int) -> None:
    snapshot = DocumentSnapshot("file:///w/a", 1, language, text)
    found = hover.subject(snapshot, line, column)
    if isinstance(found, PassSubject):
        assert hover.pass_text(found, PassEffect())
    elif found is not None:
        assert hover.function_text(snapshot, found.function, FunctionSizes(), None)
    symbols.definition(snapshot, line, column)
    for use in symbols.references(snapshot, line, column, with_declaration=True):
        assert 0 <= use.start < use.end
    code_actions.offers(snapshot, line, line)
    for correction in code_actions.corrections(snapshot, 0, 99):
        assert correction.fix.start <= correction.fix.end


def test_of_a_hundred_thousand_findings_a_thousand_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [Diagnostic(number, 0, "invalid instruction", "error", "asm") for number in range(100_000)]
    monkeypatch.setattr(diagnostics, "diagnose_asm", lambda *_, **__: many)
    found = diagnostics.of_asm(DocumentSnapshot("file:///a.s", 1, "asm", "x\n" * 100_000), "x86_64", None)  # type: ignore[arg-type]
    assert len(found) == diagnostics.MOST_ITEMS + 1
    assert found[-1].message == "and 99,000 more findings. Fix the first ones."
    assert [item.line for item in found[:3]] == [0, 1, 2]
