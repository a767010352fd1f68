"""Modules of one function each as one module: shared data, declarations, names, what cannot be placed."""

from __future__ import annotations

import pytest

from irlens.ir.merge import Part, external_data, merge
from irlens.ir.outline import outline

TRIPLE = "x86_64-unknown-linux-gnu"


def module(*lines: str) -> str:
    return "\n".join([f'target triple = "{TRIPLE}"', *lines, ""])


def body(name: str, *lines: str, result: str = "void") -> str:
    return "\n".join([f"define {result} @{name}() {{", *(f"  {line}" for line in lines), "}"])


def defined(text: str) -> list[str]:
    return [each.name for each in outline(text).functions if each.is_definition]


def test_a_definition_takes_the_place_of_declarations() -> None:
    calls = module("declare void @g()", body("f", "call void @g()", "ret void"))
    merged = merge([Part("f", calls), Part("g", module(body("g", "ret void")))], TRIPLE)
    assert defined(merged.text) == ["f", "g"]
    assert "declare" not in merged.text
    assert merged.conflicts == ()
    assert merged.left_out == {}


def test_equal_constants_are_there_once_and_others_get_names_of_their_own() -> None:
    def says(name: str, text: str) -> Part:
        constant = f'@.str = private unnamed_addr constant [3 x i8] c"{text}\\00", align 1'
        return Part(
            name,
            module(constant, "declare i32 @puts(ptr)", body(name, "call i32 @puts(ptr @.str)", "ret void")),
        )

    merged = merge([says("a", "hi"), says("b", "ho"), says("c", "hi")], TRIPLE)
    constants = [line for line in merged.text.splitlines() if line.startswith("@.str")]
    assert len(constants) == 2
    assert merged.text.count("declare i32 @puts(ptr)") == 1
    used = [line.partition("ptr @")[2].rstrip(")") for line in merged.text.splitlines() if "call i32" in line]
    assert used[0] == used[2] != used[1]
    assert {f"@{name}" for name in used} == {line.partition(" ")[0] for line in constants}


def test_constants_that_refer_to_each_other_stay_apart() -> None:
    def table(name: str, text: str) -> Part:
        return Part(
            name,
            module(
                f'@.str = private constant [2 x i8] c"{text}\\00"',
                "@.rodata = private constant ptr @.str",
                body(name, "%v = load ptr, ptr @.rodata", "ret ptr %v", result="ptr"),
            ),
        )

    merged = merge([table("a", "x"), table("b", "y")], TRIPLE)
    strings = {
        line.partition(" ")[0]: line.split('"')[1][0] for line in merged.text.splitlines() if ' c"' in line
    }
    tables = {
        line.partition(" ")[0]: line.rpartition(" ")[2]
        for line in merged.text.splitlines()
        if "constant ptr" in line
    }
    loads = [line.rpartition(" ")[2] for line in merged.text.splitlines() if "load ptr" in line]
    assert [strings[tables[each]] for each in loads] == ["x", "y"]


def test_data_that_is_defined_takes_the_place_of_data_that_is_declared() -> None:
    reads = module("@n = external global i8", body("f", "%v = load i32, ptr @n", "ret void"))
    merged = merge([Part("f", reads), Part("", module("@n = internal global i32 7"))], TRIPLE)
    assert [line for line in merged.text.splitlines() if line.startswith("@n")] == [
        "@n = internal global i32 7"
    ]
    assert external_data(merge([Part("f", reads)], TRIPLE).text) == ["n"]
    assert external_data(merged.text) == []


def test_two_ways_of_calling_a_function_are_said() -> None:
    one = module("declare i32 @g(i32)", body("f", "call i32 @g(i32 1)", "ret void"))
    other = module("declare i64 @g(ptr)", body("h", "call i64 @g(ptr null)", "ret void"))
    merged = merge([Part("f", one), Part("h", other)], TRIPLE)
    assert merged.conflicts == ("@g is i32 (i32) in f, and i64 (ptr) in h",)
    assert merged.text.count("declare") == 1
    assert "call i32 @g(i32 1)" in merged.text
    assert "call i64 @g(ptr null)" in merged.text


def test_attributes_and_metadata_are_numbered_anew() -> None:
    def part(name: str, attribute: str, note: str) -> Part:
        return Part(
            name,
            module(
                f"define void @{name}() #0 {{",
                "  ret void, !note !0",
                "}",
                f"attributes #0 = {{ {attribute} }}",
                f'!0 = !{{!"{note}", !1}}',
                "!1 = !{}",
            ),
        )

    text = merge(
        [part("a", "nounwind", "x"), part("b", "cold", "y"), part("c", "nounwind", "z")], TRIPLE
    ).text
    headers = [line for line in text.splitlines() if line.startswith("define")]
    assert [line.split()[-2] for line in headers] == ["#0", "#1", "#0"]
    notes = [line.rpartition(" ")[2] for line in text.splitlines() if "!note" in line]
    said = {line.partition(" ")[0]: line for line in text.splitlines() if line.startswith("!")}
    assert ['"x"' in said[notes[0]], '"y"' in said[notes[1]], '"z"' in said[notes[2]]] == [True] * 3


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (module("@n = internal global i32 2", body("g", "ret void")), "data @n is not the one of f"),
        (module("%T = type { i64 }", body("g", "ret void")), "type %T"),
        (module('module asm "nop"', body("g", "ret void")), "has no place"),
        (module("@0 = private constant i32 1", body("g", "ret void")), "no name"),
    ],
)
def test_what_cannot_be_placed_is_left_out_with_the_reason(other: str, reason: str) -> None:
    first = module("%T = type { i32 }", "@n = internal global i32 1", body("f", "ret void"))
    merged = merge([Part("f", first), Part("g", other)], TRIPLE)
    assert defined(merged.text) == ["f"]
    assert reason in merged.left_out["g"]


def test_comments_stand_before_their_functions_and_lines_are_told() -> None:
    parts = [Part(name, module(body(name, "ret void")), (f"of {name}",)) for name in ("a", "b")]
    merged = merge(parts, TRIPLE, ["head"])
    lines = merged.text.splitlines()
    assert lines[0] == "; head"
    for name, (start, end) in merged.lines.items():
        assert lines[start - 1] == f"; of {name}"
        assert lines[start].startswith(f"define void @{name}")
        assert lines[end - 1] == "}"
