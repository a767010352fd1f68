"""What stays of a file when its module is replaced, and the names of new files."""

from __future__ import annotations

from irlens.ide.module_edit import replace_module
from irlens.ide.names import lifted_name

PRINTED = "; ModuleID = '<string>'\nsource_filename = \"<string>\"\n\ndefine void @f() {\n  ret void\n}\n\n"


def replaced(text: str, line_end: str = "\n") -> str:
    lines = tuple(text.split("\n"))
    replacement = replace_module(lines, PRINTED, line_end)
    return "\n".join([*lines[: replacement.start_line], replacement.text])


NEW = 'source_filename = "<string>"\n\ndefine void @f() {\n  ret void\n}\n'


def test_the_head_stays() -> None:
    head = "; what this is\n; RUN: opt -passes=x %s \\\n; RUN:   | FileCheck %s\n\n"
    assert replaced(head + "define void @old() {\n}\n") == head + NEW


def test_run_lines_further_down_move_up() -> None:
    text = "; head\ndefine void @old() {\n}\n; RUN: opt -S \\\n; RUN:  %s\n; CHECK: old\n"
    assert replaced(text) == "; head\n; RUN: opt -S \\\n; RUN:  %s\n\n" + NEW


def test_llvms_own_first_line_is_no_head() -> None:
    assert replaced("; ModuleID = 'a.c'\ndefine void @old() {\n}\n") == NEW


def test_a_file_of_comments_gets_a_module() -> None:
    assert replaced("; only this") == "; only this\n" + NEW


def test_line_ends_are_the_files() -> None:
    text = replace_module(("define void @old() {", "}", ""), PRINTED, "\r\n").text
    assert text == NEW.replace("\n", "\r\n")


def test_new_files_get_free_names_that_a_disk_takes() -> None:
    assert lifted_name("sum.s", "add", lambda name: False) == "sum.add.ll"
    taken = {"sum.add.ll", "sum.add.2.ll"}
    assert lifted_name("sum.s", "add", taken.__contains__) == "sum.add.3.ll"
    assert lifted_name("a.s", '../x/"y"\0', lambda name: False) == "a._x__y__.ll"
    assert len(lifted_name("a.s", "_Z" + "x" * 4000, lambda name: False)) < 100
    assert lifted_name("größe 1.s", "f", lambda name: False) == "größe 1.f.ll"
    assert lifted_name("a/b\\c\n?.s", "..", lambda name: False) == "a_b_c_0A_.function.ll"
    assert len(lifted_name("漢" * 300 + ".s", "漢" * 300, lambda name: False).encode()) < 255
