"""The outline of a `.ll`: every function at its place, on text that is finished and on text that is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irlens.ir.outline import (
    IrFunction,
    function_at,
    function_named,
    function_text,
    function_texts,
    outline,
    plain_name,
    word_at,
)
from irlens.source.snapshot import DocumentSnapshot
from support.timing import within

MODULE = """\
; ModuleID = 'x'
; second line
source_filename = "x.c"
target datalayout = "e-m:e"
target triple = "x86_64-unknown-linux-gnu"

@.str = private constant [4 x i8] c"}{;\\00"
@"odd name" = alias i32, ptr @.str

; Function Attrs: nounwind
define dso_local { i32, i32 } @pair(ptr %x, { i32, i32 } %y) #0 personality ptr @p {
entry:
  %a = call { i32, i32 } @g(i32 1) ; }
  switch i32 0, label %done [
    i32 1, label %done
  ]

done:                                             ; preds = %entry
  ret { i32, i32 } %a
}

declare i32 @ext(
  i32,
  ptr) #1

define void @one() { ret void }
define internal void @"foo\\20bar"() {
  call void asm sideeffect "{ nop", ""()
  ret void
}

attributes #0 = { nounwind }
!0 = !{!"}"}
"""


def shape(text: str) -> list[tuple[str, bool, int, int, int, int]]:
    return [
        (f.name, f.is_definition, f.start_line, f.end_line, f.instructions, f.blocks)
        for f in outline(text).functions
    ]


def test_a_whole_module() -> None:
    found = outline(MODULE)
    assert shape(MODULE) == [
        ("pair", True, 10, 19, 3, 2),
        ("ext", False, 21, 23, 0, 0),
        ("one", True, 25, 25, 1, 1),
        ("foo bar", True, 26, 29, 2, 1),
    ]
    assert found.globals == (".str", "odd name")
    assert found.triple == "x86_64-unknown-linux-gnu"
    assert found.datalayout == "e-m:e"
    assert found.head_comment_end_line == 2


def test_names_stand_where_they_are_said_to() -> None:
    lines = MODULE.split("\n")
    cut = [
        lines[f.name_line].encode()[f.name_column : f.name_end_column].decode()
        for f in outline(MODULE).functions
    ]
    assert cut == ["@pair", "@ext", "@one", '@"foo\\20bar"']
    (found,) = outline('define void @"é😀"() {\n}\n').functions
    assert (found.name, found.name_column, found.name_end_column) == ("é😀", 12, 21)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_other_line_ends(end: str) -> None:
    assert shape(MODULE.replace("\n", end)) == shape(MODULE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The body is open: the function ends before the next one.
        (
            "define void @a() {\n  ret void\n\ndefine void @b() {\n  ret void\n}\n",
            [("a", True, 0, 1, 1, 1), ("b", True, 3, 5, 1, 1)],
        ),
        # The header is not finished.
        (
            "define void @a(i32\n\ndefine void @b() {\n}\n",
            [("a", True, 0, 0, 0, 0), ("b", True, 2, 3, 0, 0)],
        ),
        # One brace too many in a body: a brace in the first column ends it all the same.
        (
            "define void @a() {\n  %x = call {i32 @f(\n}\ndefine void @b() {\n}",
            [("a", True, 0, 2, 1, 1), ("b", True, 3, 4, 0, 0)],
        ),
        # A string that is never closed ends with its line.
        ('define void @a() {\n  call void asm "{\n  ret void\n}\n', [("a", True, 0, 3, 2, 1)]),
        # No name yet.
        ("define \n@b = global i32 0\n", []),
        ("define void @a() {", [("a", True, 0, 0, 0, 0)]),
        ("define void @a()", [("a", True, 0, 0, 0, 0)]),
        ("declare void @a(\n", [("a", False, 0, 0, 0, 0)]),
        ("; define void @a() {\n", []),
        ("defined void @a() {\n}", []),
        ("", []),
    ],
)
def test_unfinished_text(text: str, expected: list[tuple[str, bool, int, int, int, int]]) -> None:
    assert shape(text) == expected


def test_a_body_with_its_label_and_brace_on_one_line() -> None:
    text = "define i32 @f() {\nentry: br label %x\nx: ret i32 0 }\ndefine void @g() {\n}\n"
    assert shape(text) == [("f", True, 0, 2, 2, 2), ("g", True, 3, 4, 0, 0)]


def test_the_function_at_a_line() -> None:
    found = outline(MODULE)

    def name(line: int) -> str | None:
        function = function_at(found, line)
        return function.name if function else None

    assert [name(line) for line in (9, 10, 19, 20, 22, 25, 99)] == [
        None,
        "pair",
        "pair",
        None,
        "ext",
        "one",
        None,
    ]


def test_a_functions_text() -> None:
    assert function_text(MODULE, "one") == "define void @one() { ret void }"
    assert function_text(MODULE, "foo bar") == "\n".join(MODULE.split("\n")[26:30])
    assert function_text(MODULE, "missing") is None


def test_the_texts_of_all_functions_come_from_one_look() -> None:
    twice = "declare void @one()\r\n" + MODULE  # a definition stands before a declaration
    for text in (MODULE, twice):
        names = {function.name for function in outline(text).functions}
        assert function_texts(text) == {name: function_text(text, name) for name in names}


def test_a_definition_comes_before_a_declaration_of_its_name() -> None:
    text = "declare void @f()\ndefine void @f() {\n}\n"
    found = function_named(outline(text), "f")
    assert isinstance(found, IrFunction)
    assert found.is_definition


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("@f", "f"),
        ("%x.1", "x.1"),
        ('@"a b"', "a b"),
        ('@"a\\22b"', 'a"b'),
        ('@"\\C3\\A9"', "é"),
        ('@"\\FF"', "\xff"),
        ('@"a\\\\b"', "a\\b"),
        ('@"', '"'),
        ("", ""),
    ],
)
def test_plain_names(written: str, name: str) -> None:
    assert plain_name(written) == name


@pytest.mark.parametrize(
    ("at", "word"),
    [
        ("%x.1", "%x.1"),
        ("@f", "@f"),
        ('@"é b"', '@"é b"'),
        ("add", "add"),
        ("!dbg", "!dbg"),
        ("#0", "#0"),
        ("gvn", None),
    ],
)
def test_the_word_at_a_position(at: str, word: str | None) -> None:
    line = '  %x.1 = add i32 @f, @"é b" !dbg #0 ; gvn'
    snapshot = DocumentSnapshot("file:///a.ll", 1, "llvm", "\n" + line)
    start = len(line[: line.index(at)].encode())
    for column in (start, start + 1, start + len(at.encode())):
        found = word_at(snapshot, 1, column)
        assert (found.text if found else None) == word
        if found:
            assert line.encode()[found.column : found.end_column].decode() == word


def test_no_word_between_words() -> None:
    snapshot = DocumentSnapshot("file:///a.ll", 1, "llvm", "a   b")
    assert word_at(snapshot, 0, 2) is None
    assert word_at(snapshot, 5, 0) is None


PIECES = st.sampled_from(
    ["define ", "declare ", "void ", "@f", "@\"a b\"", "(", ")", " {", "}", "\n", "\r\n", "\r", "\"", ";",
     "  ret void", "%x = add", "é😀", "\x00", "\ud800", "= global", "target triple = \"x\""]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join) | st.text())
def test_any_text_has_an_outline(text: str) -> None:
    snapshot = DocumentSnapshot("file:///a.ll", 1, "llvm", text)
    last = -1
    for function in outline(text).functions:
        assert last < function.start_line <= function.name_line <= function.end_line < len(snapshot.lines)
        last = function.end_line if function.is_definition else function.start_line
        line = snapshot.line(function.name_line).encode("utf-8", "surrogatepass")
        assert line[function.name_column : function.name_column + 1] == b"@"
        assert function.name_end_column <= len(line)
        assert function_text(text, function.name) is not None
    for number, line_text in enumerate(snapshot.lines):
        word_at(snapshot, number, len(line_text) // 2)


def test_time_grows_with_the_text_only() -> None:
    """Texts that make a careless scanner look at everything again for each character."""
    for text in (
        "define void @f(" * 60_000,
        "{" * 500_000,
        '"' * 500_000,
        "define\n" * 100_000,
        " " * 500_000,
    ):
        within(5, outline, text)
