"""One function cut out of a module: text in, text out."""

from __future__ import annotations

import pytest

from irlens.errors import UnusableInput
from irlens.ir.extract import extract

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
