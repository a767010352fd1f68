"""The native runs themselves: the harness tells a right lift from a wrong one, and the product's own lifts are right."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens.assist.tools import Tools
from irlens.emulator.client import Emulator
from irlens.errors import UnusableInput
from irlens.evals.native.corpus import read
from irlens.evals.native.run import PREFIX, TRIPLE, Configuration, _Bench, evaluate, table
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter

pytestmark = pytest.mark.skipif(
    os.uname().machine != "x86_64" or not shutil.which("gcc") or not shutil.which("objcopy"),
    reason="needs an x86-64 machine with gcc and binutils",
)
TEXT = (Path(__file__).parents[1] / "support/native.c").read_text()
GCC = Configuration("gcc", "-O2")


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    tools = Tools(LLVM(workers=1), Emulator(), MechanicalLifter())
    yield tools
    tools.close()


def test_a_corpus_is_read() -> None:
    corpus = read(TEXT)
    assert list(corpus.functions) == ["same", "low", "asks", "adds", "both", "sums"]
    assert corpus.left_out == []
    assert corpus.functions["sums"].variable == ("int", "int")
    assert [one.type for one in corpus.functions["adds"].parameters] == ["int *", "double"]
    assert corpus.functions["both"].kind == "struct"
    assert corpus.variables == {"count": ("int", 0), "total": ("double", 4)}
    assert list(corpus.external) == ["ask"]
    assert corpus.members["Mixed"] == [("double", "m0"), ("int", "m1")]
    assert corpus.vectors == {"quad": ("float", 4)}


RIGHT = {
    "same": "define double @same(double %a) {\n  ret double %a\n}\n",
    "low": "define i8 @low(i16 %a, i32 %b) {\n  %x = trunc i16 %a to i8\n  %y = trunc i32 %b to i8\n"
    "  %r = add i8 %x, %y\n  ret i8 %r\n}\n",
    "asks": "declare i32 @ask(i32, double)\ndefine i32 @asks(double %a, i32 %b) {\n  %x = add i32 %b, 1\n"
    "  %y = fmul double %a, 2.0\n  %c = call i32 @ask(i32 %x, double %y)\n  %r = add i32 %c, 1\n  ret i32 %r\n}\n",
    "both": "define { i64, i64 } @both(i64 %a, i64 %b) {\n  %x = add i64 %a, %b\n  %y = sub i64 %a, %b\n"
    "  %p = insertvalue { i64, i64 } poison, i64 %x, 0\n  %r = insertvalue { i64, i64 } %p, i64 %y, 1\n"
    "  ret { i64, i64 } %r\n}\n",
}
WRONG = {
    "same": RIGHT["same"].replace("ret double %a", "ret double 1.0"),
    "low": RIGHT["low"].replace("add i8", "sub i8"),
    "asks": RIGHT["asks"].replace("i32 @ask(i32, double)", "i32 @ask(i32)").replace(", double %y)", ")"),
    "both": RIGHT["both"].replace("%y, 1", "%x, 1"),
}


@pytest.mark.parametrize(("irs", "outcome"), [(RIGHT, "same"), (WRONG, "differs")], ids=["right", "wrong"])
def test_the_harness_tells_right_from_wrong(
    tools: Tools, tmp_path: Path, irs: dict[str, str], outcome: str
) -> None:
    bench = _Bench(read(TEXT), GCC, tools, tmp_path)
    rows = [{"function": name, "told": True, "native": "", "what": ""} for name in irs]
    for name, ir in irs.items():
        bench._make_objects(name, f'target triple = "{TRIPLE}"\n{ir}')
    bench.run(rows)
    assert {row["function"]: row["native"] for row in rows} == dict.fromkeys(irs, outcome), rows
    assert PREFIX not in TEXT


def test_lifts_that_are_told_to_be_right_are(tools: Tools, tmp_path: Path) -> None:
    rows = evaluate(read(TEXT), [GCC], tools, output=tmp_path / "rows.jsonl")
    told = {row["function"]: row["native"] for row in rows if row["told"]}
    assert {"same", "low", "asks", "adds"} <= set(told), rows
    sure = {row["function"]: row["native"] for row in rows if row["told"] and not row["taken"]}
    assert {"adds", "low"} <= set(sure), rows
    assert set(sure.values()) == {"same"}, rows
    # `double same(double a) { return a; }` is one `ret`, and lifts to a function that returns nothing: the verdict says
    # what it takes for granted, and only where nothing is passed by luck is it seen to be wrong.
    by_luck = {row["function"]: (row["native"], row["what"]) for row in rows if row["taken"]}
    assert by_luck["same"][0] == "differs"
    assert by_luck["same"][1].endswith("(nothing by luck)")
    again = evaluate(read(TEXT), [GCC], tools, output=tmp_path / "rows.jsonl")
    assert again == rows
    assert "| all | 6 |" in table(rows)


STRANGE = "\n/* identity */\ndouble same(double a0) {\n    return a0;\n}\n"


@pytest.mark.parametrize(
    ("front", "said"),
    [
        (
            "typedef foo v4 __attribute__((vector_size(16)));",
            "gcc does not compile the file: corpus.c:1:9: error",
        ),
        ("int x = ;", "gcc does not compile the file: corpus.c:1:9: error"),
    ],
)
def test_a_file_that_does_not_compile_is_said(front: str, said: str, tools: Tools) -> None:
    with pytest.raises(UnusableInput, match=re.escape(said)):
        evaluate(read(front + STRANGE), [GCC], tools)


@pytest.mark.parametrize(
    "body",
    ['for (;;) printf("flood flood flood\\n");', 'printf("\\xff\\n");', "for (;;) fork();"],
    ids=["a flood", "no text", "processes"],
)
def test_a_program_that_prints_without_end_or_no_text_is_a_row_like_others(body: str, tools: Tools) -> None:
    """Whatever it prints is read up to a megabyte."""
    text = "#include <stdio.h>\n#include <unistd.h>\n" + STRANGE
    text += f"__attribute__((constructor)) static void early(void) {{ {body} }}\n"
    [row] = evaluate(read(text), [GCC], tools)
    assert row["told"]
    assert row["native"] in ("stopped", "differs")


def test_what_a_file_includes_is_not_read_and_what_it_fills_is_bounded(tools: Tools, tmp_path: Path) -> None:
    secret = tmp_path / "secret.h"
    secret.write_text("int a_word_that_is_nobodys;\n")
    with pytest.raises(UnusableInput, match="does not compile"):
        evaluate(read(f'#include "{secret}"\n{STRANGE}'), [GCC], tools)
    filled = 'asm(".data\\n.fill 2000000000,1,1\\n.text");'
    with pytest.raises(UnusableInput, match="does not compile"):
        evaluate(read(f"{filled}\n{STRANGE}"), [GCC], tools)


@pytest.mark.parametrize(
    "line", ["[]", '{"configuration":1}', "[" * 100_000, '{"function":"f","configuration":[]}', "\xff"]
)
def test_rows_of_a_strangers_are_refused(line: str, tools: Tools, tmp_path: Path) -> None:
    kept = tmp_path / "native.jsonl"
    kept.write_text(f"{line}\n", encoding="latin-1")
    with pytest.raises(UnusableInput, match="name another folder"):
        evaluate(read(STRANGE), [GCC], tools, output=kept)


def test_links_and_pipes_in_the_folder_lead_nowhere(tools: Tools, tmp_path: Path) -> None:
    kept, other = tmp_path / "native.jsonl", tmp_path / "other"
    kept.symlink_to(other)
    with pytest.raises(UnusableInput, match="a link"):
        evaluate(read(STRANGE), [GCC], tools, output=kept)
    assert not other.exists()
    kept.unlink()
    os.mkfifo(kept)
    with pytest.raises(UnusableInput, match="not a file"):
        evaluate(read(STRANGE), [GCC], tools, output=kept)
