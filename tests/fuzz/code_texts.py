"""IR and assembly as strangers write them: real files, hostile parts, and both mixed up."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from hypothesis import strategies as st

from fuzz.sandbox import PLACE
from irlens.ir.passes import registry
from support.texts import ASM, BROKEN_IR, IR, STRANGE_ASM

EXAMPLES = Path(__file__).parents[2] / "examples"
_COVERAGE = (
    "!llvm.dbg.cu = !{!1}\n!llvm.gcov = !{!0}\n!llvm.module.flags = !{!9}\n"
    f'!0 = !{{!"{PLACE}/kept.dot", !"{PLACE}/x.gcda", !1}}\n'
    "!1 = distinct !DICompileUnit(language: DW_LANG_C, file: !2, emissionKind: FullDebug)\n"
    '!2 = !DIFile(filename: "secret.txt", directory: "/")\n!9 = !{i32 2, !"Debug Info Version", i32 3}\n'
    "define void @covered() !dbg !4 {\n  ret void, !dbg !6\n}\n"
    '!4 = distinct !DISubprogram(name: "covered", file: !2, line: 1, type: !5, unit: !1, spFlags: DISPFlagDefinition)\n'
    "!5 = !DISubroutineType(types: !{null})\n!6 = !DILocation(line: 1, scope: !4)"
)
_HOSTILE_IR = [
    _COVERAGE,
    'define void @"/../../precious/evil"() {\n  ret void\n}',
    f'define void @"{PLACE}/evil"() {{\nentry:\n  br label %entry\n}}',
    'define void @"x`](command:a) ![i](https://evil.example/p.png) \\0A# h"() {\n  ret void\n}',
    f'module asm ".incbin \\"{PLACE}/secret.txt\\""',
    f'module asm ".include \\"{PLACE}/secret.txt\\""',
    f'define void @asm() {{\n  call void asm sideeffect ".incbin \\22{PLACE}/secret.txt\\22", ""()\n  ret void\n}}',
    "@huge = global [1000000000 x i64] zeroinitializer",
    "define i8388607 @wide(i8388607 %a, i8388607 %b) {\n  %r = udiv i8388607 %a, %b\n  ret i8388607 %r\n}",
    "%t = type { %t, %t }\n@g = global %t zeroinitializer",
    "define void @loop() {\n  br label %1\n1:\n  br label %1\n}",
    'target triple = "nosuch-arch"',
    'target datalayout = "e-p:64:64-nosuch"',
    f'source_filename = "{PLACE}/secret.txt"',
    "declare void @llvm.trap()\n"
    "@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 1, ptr @llvm.trap, ptr null }]",
    'attributes #0 = { "target-cpu"="nosuch" "target-features"="+nosuch" }',
    "define void @s() {\n  switch i32 0, label %a [ i32 0, label %a\n  i32 0, label %a ]\na:\n  ret void\n}",
]
_MEANT_FOR = {
    _COVERAGE: ("insert-gcov-profiling", "pgo-instr-gen", "instrprof", "sancov-module"),
    _HOSTILE_IR[1]: ("dot-cfg", "dot-dom", "dot-callgraph", "view-cfg", "print", "extract-blocks"),
}
"""What a file holds for a certain pass to read: by chance the two would hardly meet."""
_HOSTILE_ASM = [
    f'\t.incbin "{PLACE}/secret.txt"',
    f'\t.include "{PLACE}/secret.txt"',
    '\t.include "/etc/passwd"',
    f'.macro m a\n\t.\\a "{PLACE}/secret.txt"\n.endm\nm incbin',
    "\t.rept 300\n\t.rept 300\n\tnop\n\t.endr\n\t.endr",
    "\t.fill 20000000, 1, 0",
    "\t.space 100000000",
    "\t.p2align 30",
    "\t.org 0x7fffffff",
    ".macro r\nr\n.endm\nr",
    "\t.irp x,1,2,3\n\t.long \\x\n\t.endr",
    '\t.file 1 "../../precious" "secret.txt"',
    "\t.intel_syntax noprefix\n\tmov eax, edi",
    "\t.code16",
    '\t.section .text.hot,"ax",@progbits',
    "f:\n\tjmp *%rax\n\tud2\n\t.size f, .-f",
    "g:\n\tjmp g\n\t.size g, .-g",
    "\t.if 1\n\t.else\n\t.endif",
    "# triple: aarch64-unknown-linux-gnu",
    "// triple: x86_64-pc-windows-msvc",
    "\t.altmacro",
    "\t.dc.b 0x1ffffffffffffffffff",
    "\t.quad .-.-.",
    "\t.cfi_startproc\n\t.cfi_startproc",
]
_RUNS = [
    ";",
    " ",
    "\t",
    "(",
    "{",
    "[",
    '"',
    "\\",
    "%a ",
    "#0 ",
    "-passes=",
    ",",
    "/* ",
    "; RUN: ",
    "\x00",
    "\u2028",
    "é",
    "😀",
    "\ud83d",
]
_PLAIN = [
    "x", "i32", "ptr", "@double", "%r", "ret void", "label %entry", "4294967296", "-1", "undef", "poison", "nsw", "%rax",
    "$0x7fffffff", "(%rdi)", "movl", "retq", "w0", "[sp, #-16]!", ".L1", "\r", "}",
]  # fmt: skip
_COMMON = ("instcombine", "default<Oz>", "default<O2>", "mem2reg,gvn", "print<domtree>", "\x00", "%{passes}")
_FILES = re.compile("gcov|dot-|view|prof|pgo|cov|embed|import|summary|write|print|dump|load|record|extract")
_TOKEN = re.compile(r"[%@!#$.]?[\w.]+|\S")


def _real(suffix: str) -> list[str]:
    files = [path for path in sorted(EXAMPLES.rglob(f"*{suffix}")) if path.stat().st_size < 40_000]
    return [path.read_text() for path in files]


@functools.cache
def _bases(language: str) -> tuple[str, ...]:
    own = (IR, BROKEN_IR) if language == "llvm" else (ASM, STRANGE_ASM)
    return (*own, *_real(".ll" if language == "llvm" else ".s"))


@functools.cache
def _passes() -> tuple[str, ...]:
    return tuple(sorted(name for name, info in registry().items() if "machine" not in info.kind))


@functools.cache
def _speaks_of_files() -> tuple[str, ...]:
    return tuple(name for name in _passes() if _FILES.search(name))


@st.composite
def _pipeline(draw: st.DrawFn) -> str:
    one = st.sampled_from(_passes()) | st.sampled_from(_speaks_of_files()) | st.sampled_from(_COMMON)
    names = draw(st.lists(one, min_size=1, max_size=3))
    text = ",".join(names)
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2, 200]))):
        text = f"{draw(st.sampled_from(['function', 'module', 'cgscc', 'loop', 'repeat<3>', 'devirt<4>']))}({text})"
    return text


@st.composite
def texts(draw: st.DrawFn, language: str) -> bytes:
    """A file. IR has a RUN line for a pipeline, which the target runs as a hover over it does."""
    lines = draw(st.sampled_from(_bases(language))).split("\n")
    hostile = _HOSTILE_IR if language == "llvm" else _HOSTILE_ASM
    well_formed = draw(st.booleans())  # what is refused at once reaches nothing behind the parser
    for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2, 3, 5]))):
        how = 0 if well_formed else draw(st.integers(0, 9))
        at = draw(st.integers(0, max(0, len(lines) - 1)))
        if how <= 2:
            place = len(lines) if well_formed else draw(st.sampled_from([0, len(lines), at]))
            lines[place:place] = draw(st.sampled_from(hostile)).split("\n")
        elif how == 3:
            del lines[at : at + draw(st.integers(1, 4))]
        elif how == 4 and lines:
            to = draw(st.integers(0, len(lines)))
            lines[to:to] = lines[at : at + draw(st.integers(1, 12))]
        elif how == 5 and lines:
            lines[at] = draw(_other_token(lines[at]))
        elif how in (6, 7):
            lines.insert(at, draw(_run()))
        elif how == 8 and lines:
            cut = draw(st.integers(0, len(lines[at])))
            lines[at] = lines[at][:cut] + draw(st.text(max_size=6)) + lines[at][cut:]
        elif lines:
            other = draw(st.sampled_from(_bases(language))).split("\n")
            lines[at:] = other[draw(st.integers(0, len(other) - 1)) :]
    if language == "llvm" and draw(st.integers(0, 9)) == 0:
        meant = draw(st.sampled_from(sorted(_MEANT_FOR)))
        lines = [
            f"; RUN: opt -passes={draw(st.sampled_from(_MEANT_FOR[meant]))} -S %s",
            *lines,
            *meant.split("\n"),
        ]
    elif language == "llvm" and draw(st.integers(0, 3)) != 0:
        quote = draw(st.sampled_from(["'", '"', ""]))
        lines.insert(0, f"; RUN: opt -passes={quote}{draw(_pipeline())}{quote} -S %s")
    ending = draw(st.sampled_from(["\n"] * 8 + ["\r\n", "\r"]))
    return ending.join(lines).encode("utf-8", "surrogatepass")


@st.composite
def _other_token(draw: st.DrawFn, line: str) -> str:
    tokens = list(_TOKEN.finditer(line))
    if not tokens:
        return draw(st.sampled_from(_PLAIN))
    chosen = draw(st.sampled_from(tokens))
    return line[: chosen.start()] + draw(st.sampled_from(_PLAIN)) + line[chosen.end() :]


@st.composite
def _run(draw: st.DrawFn) -> str:
    """A long run of one thing, where a search that goes back and forth takes its time."""
    unit = draw(st.sampled_from(_RUNS))
    return (
        draw(st.sampled_from(["", "x", "; RUN: opt -passes=", '\t.ascii "', '@s = constant [4 x i8] c"']))
        + unit * draw(st.sampled_from([3, 2000, 20000]))
        + draw(st.sampled_from(["", "x", '"']))
    )
