"""A function cut out of its module for passes: what comes along, what is said of it, what is left out."""

from __future__ import annotations

from irlens.ir.cut import cut, cut_with_callees, with_variables
from irlens.ir.passes import interprocedural
from irlens.ir.pipeline import parse_pipeline

MODULE = """@table = internal constant [2 x i32] [i32 1, i32 2]
@weak = weak constant i32 5
@count = common global i32 0
$shared = comdat any

define i32 @f(i32 %a) !dbg !5 {
  %t = load i32, ptr @table
  %w = load i32, ptr @weak
  %c = load i32, ptr @count
  %x = call i32 @near(i32 %t)
  %y = call i32 @other(i32 %w)
  ret i32 %y
}

define internal i32 @near(i32 %a) {
  %x = call i32 @far(i32 %a)
  ret i32 %x
}

define dso_local i32 @far(i32 %a) {
  ret i32 %a
}

define weak i32 @other(i32 %a) {
  ret i32 7
}

define linkonce_odr i32 @shared(i32 %a) comdat {
  ret i32 3
}

!llvm.dbg.cu = !{!0, !8}
!llvm.module.flags = !{!1}

!0 = distinct !DICompileUnit(language: DW_LANG_C11, file: !2, isOptimized: true, emissionKind: FullDebug, enums: !3, retainedTypes: !3)
!1 = !{i32 2, !"Debug Info Version", i32 3}
!2 = !DIFile(filename: "a.c", directory: "/")
!3 = !{!4}
!4 = !DIBasicType(name: "int", size: 32, encoding: DW_ATE_signed)
!5 = distinct !DISubprogram(name: "f", scope: !2, file: !2, type: !6, unit: !0)
!6 = !DISubroutineType(types: !7)
!7 = !{null}
!8 = distinct !DICompileUnit(language: DW_LANG_C11, file: !9, isOptimized: true, emissionKind: FullDebug)
!9 = !DIFile(filename: "b.c", directory: "/")
"""  # noqa: E501


def test_what_another_file_may_give_another_value_has_none_here() -> None:
    alone = cut(MODULE, "f")
    assert "@table = available_externally hidden constant [2 x i32] [i32 1, i32 2]" in alone
    assert "@weak = external constant i32\n" in alone
    assert "@count = external global i32\n" in alone


def test_declarations_say_where_the_function_is() -> None:
    alone = cut(MODULE, "near")
    assert "declare dso_local i32 @far(i32)" in alone
    assert "declare hidden i32 @near(i32)" in cut(MODULE, "f")


def test_compile_units_come_slim_where_nobody_puts_the_function_back() -> None:
    whole, slim = cut(MODULE, "f"), cut(MODULE, "f", slim=True)
    assert "!llvm.dbg.cu = !{!0, !8}" in whole
    assert "retainedTypes: !3" in whole
    assert "!llvm.dbg.cu = !{!0}\n" in slim
    assert "retainedTypes" not in slim
    assert "b.c" not in slim
    assert "DISubprogram" in slim
    assert "!llvm.dbg.cu" not in cut(MODULE, "far", slim=True)


def test_callees_come_along_as_they_are_as_far_as_there_is_room() -> None:
    along = cut_with_callees(MODULE, "f", 10_000)
    assert (along.callees, along.left_out) == (2, 1)
    assert "define available_externally hidden i32 @near(i32 %a) {" in along.text
    assert "define available_externally dso_local i32 @far(i32 %a) {" in along.text
    assert "declare i32 @other(i32)" in along.text  # another file's may take its place
    assert "@shared" not in along.text
    assert cut_with_callees(MODULE, "f", 110).callees == 1
    assert cut_with_callees(MODULE, "f", 0).callees == 0
    caller = MODULE.replace("@other(i32 %w)", "@shared(i32 %w)")
    assert "define available_externally i32 @shared(i32 %a) {" in cut_with_callees(caller, "f", 10_000).text


def test_to_be_run_it_has_the_variables_again() -> None:
    alone = cut(MODULE, "f")
    after = alone.replace(
        "available_externally hidden constant [2 x i32] [i32 1, i32 2]", "external hidden constant [2 x i32]"
    )
    for text in (alone, after):
        assert "@table = hidden constant [2 x i32] [i32 1, i32 2]\n" in with_variables(alone, text)


def test_which_passes_work_across_functions() -> None:
    def across(text: str) -> tuple[str, ...]:
        return interprocedural(parse_pipeline(text))

    assert across("sroa,function(instcombine<no-verify-fixpoint>,loop-mssa(licm)),verify") == ()
    assert across("function(gvn),cgscc(inline,function(sroa)),globalopt") == ("inline", "globalopt")
    assert across("default<O2>") == ("default<O2>",)
    assert across("no-such-pass") == ("no-such-pass",)
    assert across("require<globals-aa>,function(gvn)") == ("require<globals-aa>",)
