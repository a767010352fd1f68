"""One function cut out of a module and put back after passes: what comes along, and that nothing else moves."""

from __future__ import annotations

import pytest

from irlens.errors import UnusableInput
from irlens.ide.function_edit import function_edits
from irlens.ir.cut import cut
from irlens.ir.graft import graft, grafted
from irlens.source.edits import TextEdit
from irlens.source.snapshot import DocumentSnapshot

MODULE = """; RUN: opt -S %s
target triple = "x86_64-unknown-linux-gnu"

@count = internal global i32 0, align 4
@text = private unnamed_addr constant [4 x i8] c"@f!\\00", align 1
@unused = global i32 1
@str = global i32 7

; Function Attrs: minsize
define internal i32 @f(i32 noundef %x) #0 {
  %1 = load i32, ptr @count, align 4, !tbaa !3
  %2 = call i32 @g(ptr @text)
  ret i32 %1
}

define i32 @other(i32 %x) #1 {
  ret i32 %x ; left alone
}

declare i32 @g(ptr) #2

attributes #0 = { minsize }
attributes #1 = { nounwind }
attributes #2 = { cold }

!llvm.module.flags = !{!0}
!0 = !{i32 1, !"wchar_size", i32 4}
!3 = !{!4, !4, i64 0}
!4 = !{!"int", !5, i64 0}
!5 = !{!"char"}
"""

AFTER = """target triple = "x86_64-unknown-linux-gnu"

@count = external hidden global i32, align 4
@str = private unnamed_addr constant [3 x i8] c"hi\\00", align 1
@text = external hidden constant [4 x i8], align 1

; Function Attrs: minsize nofree
define i32 @f(i32 noundef returned %x) local_unnamed_addr #0 {
  %1 = load i32, ptr @count, align 4, !tbaa !1
  %puts = call i32 @puts(ptr nonnull @str) #3, !range !5
  ret i32 %1
}

declare i32 @g(ptr) #1

; Function Attrs: nofree
declare i32 @puts(ptr noundef) #2

attributes #0 = { minsize nofree }
attributes #1 = { cold }
attributes #2 = { nofree }
attributes #3 = { nounwind }

!llvm.module.flags = !{!0}
!0 = !{i32 1, !"wchar_size", i32 4}
!1 = !{!2, !2, i64 0}
!2 = !{!"int", !3, i64 0}
!3 = !{!"char"}
!5 = !{i32 0, i32 9}
"""

GRAFTED = """; RUN: opt -S %s
target triple = "x86_64-unknown-linux-gnu"

@count = internal global i32 0, align 4
@text = private unnamed_addr constant [4 x i8] c"@f!\\00", align 1
@unused = global i32 1
@str = global i32 7
@str.1 = private unnamed_addr constant [3 x i8] c"hi\\00", align 1

; Function Attrs: minsize nofree
define internal i32 @f(i32 noundef returned %x) #3 {
  %1 = load i32, ptr @count, align 4, !tbaa !3
  %puts = call i32 @puts(ptr nonnull @str.1) #1, !range !6
  ret i32 %1
}

define i32 @other(i32 %x) #1 {
  ret i32 %x ; left alone
}

declare i32 @g(ptr) #2
declare i32 @puts(ptr noundef) #4

attributes #0 = { minsize }
attributes #1 = { nounwind }
attributes #2 = { cold }
attributes #3 = { minsize nofree }
attributes #4 = { nofree }

!llvm.module.flags = !{!0}
!0 = !{i32 1, !"wchar_size", i32 4}
!3 = !{!4, !4, i64 0}
!4 = !{!"int", !5, i64 0}
!5 = !{!"char"}
!6 = !{i32 0, i32 9}
"""


def apply(text: str, edits: list[TextEdit]) -> str:
    """As an editor does: all places are of the text before."""
    snapshot = DocumentSnapshot("file:///a.ll", 1, "llvm", text)
    for edit in reversed(edits):
        start, end = (
            snapshot.offset(edit.start_line, edit.start_column),
            snapshot.offset(edit.end_line, edit.end_column),
        )
        text = text[:start] + edit.text + text[end:]
    return text


def edited(text: str) -> str:
    snapshot = DocumentSnapshot("file:///a.ll", 1, "llvm", text)
    plain = "\n".join(snapshot.lines)
    return apply(text, function_edits(snapshot, graft(plain, "f", cut(plain, "f"), AFTER)))


def test_what_is_cut_out_cannot_mislead_passes() -> None:
    part = cut(MODULE, "f")
    assert "@count = available_externally hidden global i32 0" in part
    assert "@text = available_externally hidden unnamed_addr constant" in part
    assert "define i32 @f(" in part
    assert "@unused" not in part
    assert "@other" not in part
    assert "declare i32 @g(ptr) #2" in part
    assert '!5 = !{!"char"}' in part


def test_what_the_function_needs_comes_along_and_nothing_else_moves() -> None:
    change = graft(MODULE, "f", cut(MODULE, "f"), AFTER)
    assert grafted(MODULE, change) == GRAFTED


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_edits_come_to_the_same(line_end: str) -> None:
    assert edited(MODULE.replace("\n", line_end)) == GRAFTED.replace("\n", line_end)


def test_a_file_without_a_last_line_end_gets_its_additions_at_the_end() -> None:
    assert edited(MODULE.rstrip("\n")) == GRAFTED.rstrip("\n")


@pytest.mark.parametrize("linkage", ["linkonce_odr", "weak_odr", "linkonce", "weak"])
def test_a_function_that_others_may_replace_stays_one(linkage: str) -> None:
    module = MODULE.replace("define internal", f"define {linkage}")
    part = cut(module, "f")
    kept = linkage.replace("linkonce", "weak")
    assert f"define {kept} i32 @f(" in part
    after = AFTER.replace("define i32 @f", f"define {kept} i32 @f")
    assert f"define {linkage} i32 @f(" in grafted(module, graft(module, "f", part, after))


@pytest.mark.parametrize(
    ("module", "why"),
    [
        (MODULE.replace("define internal", "define available_externally"), "another file's"),
        (MODULE.replace("@text", "@0"), "without names"),
        (MODULE.replace("@unused = global i32 1", "@unused = global ptr blockaddress(@f, %1)"), "by address"),
        (MODULE.replace("\n; Function Attrs: minsize", "\n%0 = type { i32 }"), "without names"),
        (
            MODULE.replace("@unused = global i32 1", "@unused = global [1 x i32]\n  [i32 1]"),
            "cannot be placed",
        ),
    ],
    ids=["of another file", "unnamed global", "block address", "unnamed type", "global over two lines"],
)
def test_what_cannot_be_cut_out_says_why(module: str, why: str) -> None:
    with pytest.raises(UnusableInput, match=why):
        cut(module, "f")


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (AFTER + "define internal i32 @f.cold(ptr %p) {\n  ret i32 0\n}\n", "other functions"),
        (AFTER.replace("i32 noundef returned %x", "i64 %x"), "how f is called"),
        (AFTER.replace("define i32 @f", "define void @f"), "how f is called"),
        (AFTER.replace("@f(", "@h("), "does not define @f"),
    ],
    ids=["outlined", "parameter", "result", "gone"],
)
def test_what_cannot_be_put_back_says_why(after: str, why: str) -> None:
    with pytest.raises(UnusableInput, match=why):
        graft(MODULE, "f", cut(MODULE, "f"), after)


def test_the_files_own_function_is_not_taken_for_the_librarys() -> None:
    module = MODULE.replace("@other(", "@puts(").replace("define i32 @puts", "define internal i32 @puts")
    with pytest.raises(UnusableInput, match="the file has its own"):
        graft(module, "f", cut(module, "f"), AFTER)


def test_a_loop_keeps_its_own_node_and_takes_no_others() -> None:
    loop = "  br label %2, !llvm.loop !7\n2:\n  br label %2, !llvm.loop !8\n"
    module = MODULE.replace("  ret i32 %x ;", "  br label %1, !llvm.loop !9\n1:\n  ret i32 %x ;")
    module = module.replace("  ret i32 %1\n", loop)
    module += "!7 = distinct !{!7, !10}\n!8 = distinct !{!8, !10}\n!9 = distinct !{!9, !10}\n"
    module += '!10 = !{!"llvm.loop.mustprogress"}\n'
    after = AFTER.replace("  ret i32 %1\n", loop.replace("!8", "!9").replace("!7", "!8"))
    after = after.replace("2:\n", "2:\n  br label %3, !llvm.loop !11\n3:\n")
    after += "!8 = distinct !{!8, !10}\n!9 = distinct !{!9, !10}\n!11 = distinct !{!11, !10}\n"
    after += '!10 = !{!"llvm.loop.mustprogress"}\n'
    text = grafted(module, graft(module, "f", cut(module, "f"), after))
    body = text[text.index("define internal") : text.index("define i32 @other")]
    assert [line.split("!")[-1] for line in body.split("\n") if "llvm.loop" in line] == ["7", "8", "12"]
    assert "!12 = distinct !{!12, !10}" in text
