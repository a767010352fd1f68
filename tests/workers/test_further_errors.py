"""LLVM stops at the first error of a module; the errors of further functions are found all the same, and no others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from irlens.assist.diagnose import module_findings
from irlens.llvm.client import LLVM

GOOD = """define i32 @good(i32 %x) {
  %y = add i32 %x, 1
  ret i32 %y
}
"""
BAD = {
    "no instruction": "define i32 @a(i32 %x) {\n  %y = ad i32 %x, 1\n  ret i32 %y\n}\n",
    "another type": "define i64 @b(i32 %x)\n{\n  ret i32 %x\n}\n",
    "an undefined value": "define i32 @c(i32 %x) {\nentry:\n  %z = add i32 %w, 1\n  ret i32 %z\n}\n",
    "a label": "define void @d() {\n  br label %nowhere\n}\n",
}
UNVERIFIED = """define i32 @e(i1 %c, i32 %x) {
  br i1 %c, label %m, label %n
m:
  %v = add i32 %x, 1
  br label %n
n:
  ret i32 %v
}
"""


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM() as made:
        yield made


def lines_of_errors(text: str, llvm: LLVM) -> list[int]:
    return [each.line for each in module_findings(text, llvm) if each.severity == "error"]


def test_each_function_has_its_error(llvm: LLVM) -> None:
    text = GOOD + "".join(BAD.values()) + GOOD.replace("@good", "@fine") + UNVERIFIED
    lines = text.split("\n")
    wanted = [
        next(at for at, line in enumerate(lines) if mark in line)
        for mark in ("ad i32", "ret i32 %x", "%w", "%nowhere")
    ]
    found = lines_of_errors(text, llvm)
    assert found[:4] == wanted
    assert len(found) == 5
    assert "ret i32 %v" in lines[found[4]]


@pytest.mark.parametrize("name", BAD)
def test_one_error_is_one(llvm: LLVM, name: str) -> None:
    assert len(lines_of_errors(GOOD + BAD[name] + GOOD.replace("@good", "@fine"), llvm)) == 1


@pytest.mark.parametrize(
    "more",
    [
        "@p = global ptr blockaddress(@a, %l)\n",
        "define void @user() {\n  %r = call i32 @a(i32 1)\n  ret void\n}\n",
        "@alias = alias i32 (i32), ptr @a\n",
        '!llvm.module.flags = !{!0}\n!0 = !{i32 1, !"x", i32 1}\n',
    ],
)
def test_what_speaks_of_a_function_with_an_error_is_none(llvm: LLVM, more: str) -> None:
    assert len(lines_of_errors(BAD["no instruction"] + GOOD + more, llvm)) == 1


def test_an_error_outside_of_functions_is_the_last(llvm: LLVM) -> None:
    assert lines_of_errors(BAD["no instruction"] + "!0 = !{wrong}\n" + BAD["a label"], llvm) == [1, 4]


def test_errors_are_looked_for_a_number_of_times(llvm: LLVM) -> None:
    text = "".join(BAD["no instruction"].replace("@a", f"@a{number}") for number in range(100))
    assert 2 <= len(lines_of_errors(text, llvm)) <= 21


@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_lines_that_others_count_differently_make_no_errors(llvm: LLVM, end: str) -> None:
    """LLVM counts line feeds, an editor carriage returns as well."""
    text = f"; a comment{end}; another{end}\n" + BAD["no instruction"] + GOOD + BAD["a label"]
    assert len(lines_of_errors(text, llvm)) == (1 if end == "\r" else 2)


def test_a_header_of_several_lines_makes_no_errors(llvm: LLVM) -> None:
    text = "define {\n  i32, i32 } @f(i32 %x)\n{\n  %y = ad i32 %x, 1\n  ret i32 %y\n}\n" + GOOD
    assert lines_of_errors(text, llvm) == [3]
