"""Checks for what is undefined, of modules that are made to cost much."""

from __future__ import annotations

import pytest

from irlens.ir.defined import checked
from support.timing import within


def function(lines: str) -> str:
    return f"define i32 @f(i32 %a) {{\n{lines}\n  ret i32 0\n}}\n"


def loads(count: int, notes: str = "") -> str:
    return "\n".join(f"  %r{n} = load i32, ptr @g, align 4{notes}, !range !1" for n in range(count))


def ranges(count: int) -> str:
    return "!1 = !{" + ", ".join(f"i32 {2 * n}, i32 {2 * n + 1}" for n in range(count)) + "}\n"


def asm(words: str) -> str:
    return function(f'  call void asm sideeffect "# {words}", ""()')


def test_what_metadata_says_of_a_load_is_checked() -> None:
    made = checked(function(loads(1, ", !noundef !0")) + ranges(2))
    assert "icmp ult i32" in made.ir
    assert not made.incomplete


def test_long_metadata_of_many_loads_is_not_checked_for_each() -> None:
    text = function(loads(2000)) + ranges(4000)
    made = checked(text)
    assert set(made.incomplete) == {"f"}
    assert len(made.ir) < 2 * len(text)


def test_checks_of_a_module_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("irlens.ir.defined._MOST_VALUES", 40)
    one = function(loads(10))
    made = checked(one + one.replace("@f", "@g") + ranges(2))
    assert set(made.incomplete) == {"f", "g"}
    assert made.ir.count("icmp") < 20


@pytest.mark.parametrize(
    "text",
    [
        asm(", !a !1" * 30_000),
        asm("= insertvalue {" * 14_000),
        function("  %x = load i32, ptr %a" + ", !a !1" * 30_000 + " x"),
    ],
    ids=["metadata", "aggregates", "metadata that ends in something else"],
)
def test_what_a_line_repeats_costs_no_look_at_the_whole_each(text: str) -> None:
    """A tenth of the limit at most; each took longer than it."""
    within(1, checked, text)


@pytest.mark.parametrize(
    "text",
    [
        "define i20000 @f(i20000 %a) {\n  ret i20000 %a\n}\n",
        function("  %w = zext i32 %a to i20000\n  %d = sdiv i20000 %w, 3\n  %t = trunc i20000 %d to i32"),
        function(f"  %w = zext i32 %a to i20000\n  %s = shl nuw i20000 %w, {'1' * 5000}"),
        f"define range(i20000 0, {'1' * 5000}) i20000 @f() {{\n  ret i20000 1\n}}\n",
        f'define "align {"1" * 5000}" ptr @f(ptr "range(i32 0, {"1" * 5000})" %p) {{\n  ret ptr %p\n}}\n',
    ],
    ids=["parameter", "division", "shift", "range", "attributes of a stranger's"],
)
def test_numbers_beyond_what_python_reads_are_let_be(text: str) -> None:
    made = checked(text)
    assert ("i20000" in text) == ("f" in made.incomplete)


def test_a_value_called_like_a_wide_number_is_checked() -> None:
    made = checked(function("  %i12345 = add nsw i32 %a, 1\n  %x = sdiv i32 %i12345, %a"))
    assert not made.incomplete
    assert "sadd.with.overflow" in made.ir
