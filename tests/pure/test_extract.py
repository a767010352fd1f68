"""One function cut out of a module: text in, text out."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from irlens.errors import UnusableInput
from irlens.ir.extract import extract, llvm_extract
from irlens.ir.outline import outline
from support.timing import within

EXAMPLES = Path(__file__).parents[2] / "examples"

MODULE = r"""target triple = "x86_64-unknown-linux-gnu"

%struct.pair = type { i32, i32 }

@used = internal global i32 4
@unused = internal constant [6 x i8] c"@used\00"
@table = internal global [1 x ptr] [ptr @callee]

define internal i32 @wanted(ptr %p) #0 {
  %a = load i32, ptr @used
  %b = call i32 @"odd (name)"(i32 %a, ptr byval(%struct.pair) %p)
  %t = load ptr, ptr @table
  ret i32 %b
}

define linkonce_odr noundef i32 @"odd (name)"(i32 noundef %x, ptr byval(%struct.pair) align 4 %p) #0 comdat {
  ret i32 %x
}

define private void @callee(<2 x i32> %v, ...) {
  ret void
}

define void @other() {
  call void @only_from_other()
  ret void
}

declare void @only_from_other()

attributes #0 = { nounwind }
"""


def test_keeps_the_function_and_what_it_reaches() -> None:
    cut = extract(MODULE, "wanted")
    assert "define i32 @wanted(ptr %p) #0 {" in cut, "it must be external, or globaldce drops it"
    assert "@used = internal global i32 4" in cut
    assert "%struct.pair = type" in cut
    assert "attributes #0" in cut


def test_turns_other_definitions_into_declarations() -> None:
    cut = extract(MODULE, "wanted")
    assert 'declare noundef i32 @"odd (name)"(i32 noundef, ptr byval(%struct.pair) align 4) #0' in cut
    assert "declare void @callee(<2 x i32>, ...)" in cut, "reached through a global's initialiser"


def test_drops_what_nothing_left_refers_to() -> None:
    cut = extract(MODULE, "wanted")
    assert "@other" not in cut
    assert "@only_from_other" not in cut
    assert "@unused" not in cut, "a name within a string is no reference"


def test_says_what_to_do_when_the_function_is_not_there() -> None:
    with pytest.raises(UnusableInput, match=r"@nowhere.*Choose"):
        extract(MODULE, "nowhere")
    with pytest.raises(UnusableInput):
        extract(MODULE, "only_from_other")


PRINTED = """; ModuleID = '<stdin>'
source_filename = "-"
target triple = "x86_64-unknown-linux-gnu"

; Function Attrs: minsize nounwind optsize
define dso_local i32 @first(ptr noundef %p) #0 {
entry:
  %0 = load i32, ptr %p, align 4, !tbaa !2
  ret i32 %0
}

; Function Attrs: nounwind
declare void @unused(i32) #1

; Function Attrs: minsize optsize
define internal i64 @second(ptr noundef %p) #2 {
entry:
  %0 = load i64, ptr %p, align 8, !tbaa !6
  ret i64 %0
}

attributes #0 = { minsize nounwind optsize }
attributes #1 = { nounwind }
attributes #2 = { minsize optsize }

!llvm.module.flags = !{!0}
!llvm.ident = !{!1}

!0 = !{i32 1, !"wchar_size", i32 4}
!1 = !{!"clang version 17.0.6"}
!2 = !{!3, !3, i64 0}
!3 = !{!"int", !4, i64 0}
!4 = !{!"omnipotent char", !5, i64 0}
!5 = !{!"Simple C/C++ TBAA"}
!6 = !{!7, !7, i64 0}
!7 = !{!"long", !4, i64 0}
"""


def test_a_module_of_one_function_stays_as_llvm_printed_it() -> None:
    alone = extract(PRINTED, "first")
    assert alone != PRINTED
    assert extract(alone, "first") == alone
    assert alone.index("define") < alone.index("attributes #0") < alone.index("!llvm.module.flags")


def test_what_only_another_function_refers_to_goes_and_the_rest_is_numbered_as_llvm_would() -> None:
    alone = extract(PRINTED, "second")
    assert "define i64 @second(ptr noundef %p) #0 {" in alone
    assert "attributes #0 = { minsize optsize }\n" in alone
    assert "#1" not in alone
    assert "nounwind" not in alone, "neither its attributes nor the comment over it"
    assert (
        '!2 = !{!3, !3, i64 0}\n!3 = !{!"long", !4, i64 0}\n!4 = !{!"omnipotent char", !5, i64 0}\n' in alone
    )
    assert '!"int"' not in alone


def test_local_names_are_hidden_as_llvm_extract_has_them() -> None:
    alone = llvm_extract(MODULE, "wanted")
    assert "define hidden i32 @wanted(ptr %p) #0 {" in alone
    assert "@used = external hidden global i32\n" in alone
    assert "@table = external hidden global [1 x ptr]\n" in alone
    assert "@callee" not in alone, "only the table's first value refers to it"


EXTRACT = next((tool for name in ("llvm-extract-19", "llvm-extract") if (tool := shutil.which(name))), None)
PREDS = re.compile(r"; preds = .*")
"""In the order of LLVM's use lists, which text does not keep."""


@pytest.mark.skipif(EXTRACT is None, reason="no llvm-extract here: apt-get install llvm-19")
def test_every_function_of_the_examples_is_cut_out_as_llvm_does_it() -> None:
    compared = 0
    for file in [*(EXAMPLES / "eval").glob("*.raw.ll"), EXAMPLES / "checksum.ll"]:
        ir = file.read_text()
        for function in outline(ir).functions:
            if not function.is_definition:
                continue
            compared += 1
            done = subprocess.run(
                [str(EXTRACT), "-S", f"--func={function.name}", "-"],
                input=ir,
                capture_output=True,
                text=True,
                check=True,
                timeout=60,
            )
            theirs = PREDS.sub("", done.stdout).split("\n")[1:]
            assert PREDS.sub("", llvm_extract(ir, function.name)).split("\n")[1:] == theirs
    assert compared >= 30


def test_many_functions_are_cut_out_of_a_large_module_in_little_time() -> None:
    module = "".join(
        f"define i32 @f{at}(i32 %a) {{\n  %x = add i32 %a, {at}\n  %y = mul i32 %x, 3\n  ret i32 %y\n}}\n\n"
        for at in range(1000)
    )
    cuts = within(3.0, lambda: [extract(module, f"f{at}") for at in range(1000)])
    assert [cut.count("define") for cut in cuts] == [1] * 1000
    assert "add i32 %a, 777" in cuts[777]
