"""What a reader tells apart by color, in VS Code's default themes: by its own tokenizer, without an editor."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from vscode_driver import CODE_SERVER

pytestmark = pytest.mark.editor

SCRIPT = Path(__file__).parent / "vscode" / "colors.mjs"
THEMES = ("light_modern.json", "dark_modern.json")

IR = """\
; RUN: opt -passes=gvn -S %s | FileCheck %s --check-prefixes=CHECK,O2
; O2-LABEL: @f(
; O2: %[[X:.*]] = add i32 {{.*}}, 1
; NOTE: a remark
; SIZE-COUNT-2: ret
@table = internal constant [2 x i32] zeroinitializer, align 4
define dso_local i32 @f(i32 noundef %a, ptr %p) #0 {
entry:
  %x = add nsw i32 %a, 1
  %c = icmp eq ptr %p, null
  br i1 %c, label %exit, label %more, !dbg !12
more:
  %y = call i32 @g(i32 true)
  store i32 undef, ptr %p, align 4
  br label %exit
exit:
  %r = phi i32 [ %x, %entry ], [ %y, %more ]
  ret i32 %r
}
"""
IR_WORDS = {
    "comment": [(3, "NOTE"), (1, "@f")],
    "opcode": [(8, "add"), (9, "icmp"), (10, "br"), (12, "call"), (13, "store"), (16, "phi"), (17, "ret")],
    "type": [(8, "i32"), (9, "ptr"), (10, "label")],
    "attribute": [(6, "noundef"), (8, "nsw"), (13, "align"), (6, "#0"), (10, "!dbg"), (10, "!12")],
    "keyword": [(5, "internal"), (5, "constant"), (6, "define"), (6, "dso_local")],
    "label": [(7, "entry"), (10, "%exit"), (11, "more"), (14, "%exit"), (16, "%entry")],
    "constant": [(8, "1"), (9, "null"), (12, "true"), (13, "undef"), (5, "zeroinitializer")],
    "function": [(6, "@f"), (12, "@g")],
    "value": [(8, "%x"), (8, "%a"), (16, "%y"), (5, "@table")],
}

ATT = """\
\t.file\t"a.c"
\t.text
\t.globl\tfirst                           # -- Begin function first
\t.type\tfirst,@function
first:                                  # @first
# O3-LABEL: first:
\tmovq\t%rdi, %rax
\taddl\t$7, counter(%rip)
\tcallq\tsecond@PLT
\tjne\t.LBB0_2
\trep movsb
.LBB0_2:
\tmov\tBYTE PTR [rax+8], dl
\tadrp\tx0, table
\tldr\tx1, [x0, :lo12:table]
\tbl\tsecond
\tb.eq\t.LBB0_2
\t.section\t.rodata,"a",@progbits
\tretq
"""
ATT_WORDS = {
    "comment": [(2, "# -- Begin"), (4, "# @first")],
    "check": [(5, "O3-LABEL")],
    "mnemonic": [
        (6, "movq"),
        (7, "addl"),
        (8, "callq"),
        (9, "jne"),
        (10, "rep"),
        (10, "movsb"),
        (16, "b.eq"),
        (18, "retq"),
    ],
    "directive": [(1, ".text"), (2, ".globl"), (3, ".type"), (17, ".section")],
    "register": [(6, "%rdi"), (7, "%rip"), (12, "rax"), (12, "dl"), (13, "x0"), (14, "x1")],
    "symbol": [(2, "first"), (4, "first"), (7, "counter"), (8, "second"), (13, "table"), (15, "second")],
    "label": [(9, ".LBB0_2"), (11, ".LBB0_2"), (16, ".LBB0_2")],
    "kind": [(3, "@function"), (12, "BYTE PTR"), (17, "@progbits")],
    "relocation": [(8, "@PLT"), (14, ":lo12:")],
    "number": [(7, "$7"), (12, "8")],
}


@pytest.fixture(params=THEMES)
def colored(
    request: pytest.FixtureRequest, root: Path, need: Callable[..., Path]
) -> Callable[[str, str, dict[str, list[tuple[int, str]]]], dict[str, set[str]]]:
    """The colors of each class of words of a text; the class "plain" has that of plain text."""
    node = need("Node.js", [shutil.which("node")])
    folder = need("VS Code's server", [root / CODE_SERVER]).parents[1]

    def look(language: str, text: str, words: dict[str, list[tuple[int, str]]]) -> dict[str, set[str]]:
        grammar = root / "clients/vscode/syntaxes" / f"{language}.tmLanguage.json"
        flat = [(kind, *place) for kind, places in words.items() for place in places]
        asked = {"lines": text.split("\n"), "words": [place for _, *place in flat]}
        scope = f"source.{language}.irlens"
        said = subprocess.run(
            [str(node), str(SCRIPT), str(folder), request.param, scope, str(grammar)],
            check=True,
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            timeout=120.0,
        )
        *colors, plain = json.loads(said.stdout)
        found: dict[str, set[str]] = {"plain": {plain}}
        for (kind, line, word), color in zip(flat, colors, strict=True):
            found.setdefault(kind, set()).add(f"{color}")
            assert color != plain, f"{word!r} in line {line} has no color"
        return found

    return look


@pytest.mark.parametrize(
    ("language", "text", "words"), [("llvm", IR, IR_WORDS), ("asm", ATT, ATT_WORDS)], ids=["IR", "assembly"]
)
def test_each_kind_of_word_has_a_color_of_its_own(
    colored: Callable[..., dict[str, set[str]]],
    language: str,
    text: str,
    words: dict[str, list[tuple[int, str]]],
) -> None:
    found = colored(language, text, words)
    assert {kind: colors for kind, colors in found.items() if len(colors) != 1} == {}
    colors = [color for kind, (color,) in found.items() if kind != "check"]
    assert len(set(colors)) == len(colors), found


def test_prefixes_of_filecheck_stand_out_whatever_they_are_called(
    colored: Callable[..., dict[str, set[str]]],
) -> None:
    marks = {
        "prefix": [(0, "RUN"), (1, "O2-LABEL"), (2, "O2"), (4, "SIZE-COUNT-2")],
        "variable": [(2, "[[X")],
        "regexp": [(2, "{{")],
        "comment": [(3, "NOTE")],
    }
    found = colored("llvm", IR, marks)
    assert all(len(colors) == 1 for colors in found.values())
    assert len(set.union(*found.values())) == len(found)
