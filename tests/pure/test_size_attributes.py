"""Which functions lack the attributes of clang -Oz, and where these are put."""

from __future__ import annotations

import pytest

from irlens.ir.size_attributes import cold_functions, marked_cold, size_marks

GROUPS = 'attributes #0 = { optsize "note"="minsize }" cold }\nattributes #1 = { noinline optnone }\n'


@pytest.mark.parametrize(
    ("header", "marked"),
    [
        ("define i32 @f(i32 %a) {", "define i32 @f(i32 %a) minsize optsize {"),
        ("define void @f(){", "define void @f() minsize optsize {"),
        ("define void @f() #0 {", "define void @f() minsize #0 {"),
        (
            'define void @"f (x"(ptr byval({ i32 }) %p) unnamed_addr addrspace(1) #0 section "optnone" {',
            'define void @"f (x"(ptr byval({ i32 }) %p) unnamed_addr addrspace(1) minsize #0 section "optnone" {',
        ),
        (
            "define void @f() local_unnamed_addr noinline align 4 personality ptr @p {",
            "define void @f() local_unnamed_addr minsize optsize noinline align 4 personality ptr @p {",
        ),
        ("define i32\n @f(\n i32 %a) { ; optnone", "define i32\n @f(\n i32 %a) minsize optsize { ; optnone"),
        ("define void @f() comdat($f) !dbg !1 {", "define void @f() minsize optsize comdat($f) !dbg !1 {"),
    ],
)
def test_what_lacks_them_gets_them_where_attributes_stand(header: str, marked: str) -> None:
    marks = size_marks(f"{header}\n  unreachable\n}}\n{GROUPS}")
    assert marks.text == f"{marked}\n  unreachable\n}}\n{GROUPS}"
    assert len(marks.lacking) == 1


@pytest.mark.parametrize(
    "text",
    [
        "define void @f() optsize minsize {\n  ret void\n}\n",
        "define void @f() #0 {\n  ret void\n}\nattributes #0 = { minsize optsize }\n",
        "declare void @f()\n",
        "",
        "define void @f(",
    ],
    ids=["both", "both in a group", "a declaration", "nothing", "half a function"],
)
def test_what_lacks_nothing_stays_as_it_is(text: str) -> None:
    marks = size_marks(text)
    assert marks.text is text
    assert marks.lacking == ()
    assert marks.opt_options() == ()


def test_optnone_functions_are_left_alone_and_named_with_what_to_do() -> None:
    text = f"define void @a() #1 {{\n  ret void\n}}\ndefine void @b() {{\n  ret void\n}}\n{GROUPS}"
    marks = size_marks(text)
    assert (marks.optnone, marks.lacking, marks.functions) == (("a",), ("b",), 2)
    assert "@a() #1 {" in marks.text
    assert marks.optnone_words == (
        "Function a is optnone, so passes skip it (1 of 2 functions). Compile with -Xclang -disable-O0-optnone."
    )
    # `opt` would put the attributes on every function, and its verifier then refuse `a`.
    assert marks.opt_options() == ("-force-attribute=b:minsize", "-force-attribute=b:optsize")


def test_all_functions_of_a_file_from_clang_o0_are_said_in_one_sentence() -> None:
    text = "".join(f"define void @{name}() optnone noinline {{\n  ret void\n}}\n" for name in "abc")
    assert size_marks(text).optnone_words == (
        "All 3 functions are optnone (a is the first), so passes skip them. "
        "Compile with -Xclang -disable-O0-optnone."
    )


def test_cold_functions_are_those_that_are_defined_and_marked() -> None:
    text = f"declare void @d() #0\ndefine void @a() #0 {{\n  ret void\n}}\ndefine void @b() {{\n  ret void\n}}\n{GROUPS}"
    assert cold_functions(text) == {"a"}
    assert cold_functions(marked_cold(text, ["a", "b", "d"])) == {"a", "b"}
    assert marked_cold(text, ["a", "d"]) is text
