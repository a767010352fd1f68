"""Target and syntax of an assembly text: known from unmistakable signs, asked for otherwise, never guessed."""

# ruff: noqa: E501 (a sample reads best on one line)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irlens.asm.dialect import detect
from support.timing import within

X86_64 = "x86_64-unknown-linux-gnu"
AARCH64 = "aarch64-unknown-linux-gnu"

KNOWN = {
    "x86-64, gcc -O2": ("\t.text\nsum:\n\tendbr64\n\tmovl\t$0, %eax\n\tret\n", "att", X86_64),
    "x86-64, gcc -O0": ("main:\n\tpushq\t%rbp\n\tmovq\t%rsp, %rbp\n\tpopq\t%rbp\n\tret\n", "att", X86_64),
    "x86-64, clang": ("f:                 # @f\n# %bb.0:\n\tleal\t(%rdi,%rsi), %eax\n\tretq\n", "att", X86_64),
    "x86-64, a byte register": ("f:\n\tmovb\t%r10b, (%r11)\n\tret\n", "att", X86_64),
    "x86-64, only retq": ("f:\n\txorl\t%eax, %eax\n\tretq\n", "att", X86_64),
    "x86-64, gcc -masm=intel": (
        "\t.intel_syntax noprefix\nf:\n\tlea\teax, [rdi+rsi]\n\tret\n", "intel", X86_64,
    ),
    "x86-64, AT&T round inline Intel": (
        "f:\n\tpushq\t%rbp\n\t.intel_syntax noprefix\n\tnop\n\t.att_syntax\n\tretq\n", "att", X86_64,
    ),
    "x86-64, macOS": ('\t.section\t__TEXT,__text,regular\n_f:\n\tpushq\t%rbp\n\tretq\n', "att", "x86_64-apple-macosx"),
    "x86-64, Windows": ("\t.def\tf;\n\t.scl\t2;\n\t.endef\nf:\n\tmovq\t%rcx, %rax\n\tretq\n", "att", "x86_64-pc-windows-gnu"),
    "x86-64, Intel operands in a comment": ("f: # mov rax, [rdi]\n\tmovq\t(%rdi), %rax\n\tret\n", "att", X86_64),
    "AArch64, gcc": ("\t.arch armv8-a\nf:\n\tadd\tw0, w0, w1\n\tret\n", None, AARCH64),
    "AArch64, gcc with x registers": ("\t.arch armv8-a\nf:\n\tadd\tx0, x0, x1\n\tret\n", None, AARCH64),
    "AArch64, clang": ("f:                 // @f\n// %bb.0:\n\tadd\tx0, x1, x0\n\tret\n", None, AARCH64),
    "AArch64, a frame": ("f:\n\tstp\tx29, x30, [sp, #-16]!\n\tldp\tx29, x30, [sp], #16\n\tret\n", None, AARCH64),
    "AArch64, a global": ("f:\n\tadrp\tx8, g\n\tldr\tw0, [x8, :lo12:g]\n\tret\n", None, AARCH64),
    "AArch64, protected": ("f:\n\tpaciasp\n\tautiasp\n\tret\n", None, AARCH64),
    "AArch64, a call through a register": ("f:\n\tldr\tx8, [x0, #8]\n\tblr\tx8\n\tret\n", None, AARCH64),
    "AArch64, macOS": ("\t.build_version macos, 13, 0\n_f:\n\tadd\tx0, x1, x0\n\tret\n", None, "arm64-apple-macosx"),
    "x86, 32-bit registers only": ("f:\n\tmovl\t%edi, %eax\n\taddl\t%esi, %eax\n\tret\n", "att", X86_64),
    "x86, vectors only": ("f:\n\taddps\t%xmm1, %xmm0\n\tret\n", "att", X86_64),
    "Compiler Explorer, gcc": ("f(int*):\n        mov     rax, QWORD PTR [rdi]\n        ret\n", "intel", X86_64),
    "Compiler Explorer, clang": ("f(int):                 # @f(int)\n        lea     eax, [rdi + rdi]\n        ret\n", "intel", X86_64),
    "Compiler Explorer, a leaf on 32-bit registers": ("f(int, int):\n        imul    edi, esi\n        mov     eax, edi\n        ret\n", "intel", X86_64),
    "AArch64, vectors only": ("f:\n\tadd\tv0.4s, v0.4s, v1.4s\n\tret\n", None, AARCH64),
    "AArch64, floating point only": ("f:\n\tfmadd\td0, d0, d1, d2\n\tret\n", None, AARCH64),
    "AArch64, SVE only": ("f:\n\tfadd\tz0.s, p0/m, z0.s, z1.s\n\tret\n", None, AARCH64),
    "a RUN line that asks for Intel syntax": (
        "// RUN: llvm-mc -triple x86_64 -x86-asm-syntax=intel -output-asm-variant=1 %s | FileCheck %s\n\taddps\txmm1, dword ptr [rcx]\n",
        "intel", X86_64,
    ),
    "RUN lines that ask for both": (
        "# RUN: llvm-mc -triple=x86_64 %s\n# RUN: llvm-mc -triple=x86_64 -x86-asm-syntax=intel %s\n\taddps\t%xmm1, %xmm0\n",
        "att", X86_64,
    ),
    "Windows in a RUN line": ("# RUN: llvm-mc -triple=x86_64-windows-msvc %s\nf:\n\tretq\n", "att", "x86_64-unknown-windows-msvc"),
    "MinGW's own triple": ("# target: x86_64-w64-mingw32\nf:\n\tretq\n", "att", "x86_64-w64-windows-gnu"),
    "a triple in a comment": ("# triple: x86_64-pc-linux-gnu\nf:\n\tret\n", "att", "x86_64-pc-linux-gnu"),
    "a target in a comment": ("// target = aarch64-linux-android\nf:\n\tret\n", None, "aarch64-unknown-linux-android"),
    "a triple as LLVM writes it": ('; target triple = "x86_64-unknown-freebsd"\nf:\n\tret\n', "att", "x86_64-unknown-freebsd"),
}  # fmt: skip

UNKNOWN = {
    "nothing": "",
    "only ret": "f:\n\tret\n",
    "only directives": '\t.file\t"a.c"\n\t.text\n\t.globl\tf\n\t.cfi_startproc\n\t.cfi_endproc\n\t.ident\t"GCC"\n',
    "i386, gcc": "f:\n\tmovl\t4(%esp), %eax\n\taddl\t8(%esp), %eax\n\tret\n",
    "i386, a frame": "f:\n\tpushl\t%ebp\n\tmovl\t%esp, %ebp\n\tpopl\t%ebp\n\tret\n",
    "i386, clang": "f:\n\tmovl\t4(%esp), %eax\n\tretl\n",
    "boot code in two modes": "\t.code32\nf:\n\tmovl\t%eax, %cr0\n\t.code64\n\tmovq\t%rax, %cr3\n",
    "32-bit code alone": "\t.code32\n\tmovl\t%eax, %ebx\n",
    "Intel syntax, 32 bit": "\t.intel_syntax noprefix\nf:\n\tmov\teax, dword ptr [esp + 4]\n\tret\n",
    "Intel syntax of an unknown assembler": "f:\n\tmov\trax, counter\n\tret\n",
    "Intel syntax, 32-bit frame": "f:\n\tpush\tebp\n\tmov\tebp, esp\n\tmov\teax, DWORD PTR [ebp+8]\n\tpop\tebp\n\tret\n",
    "an IDA listing": ".text:00401000 sum             proc near\n.text:00401000                 mov     eax, [esp+4]\n",
    "nasm": "bits 64\nsection .text\nglobal main\nmain:\n    mov rax, 60\n    syscall\n",
    "nasm, macros and data": "%define N 4\nsection .data\nmsg: db 'hi %rax', 10\nbuf: resb 64\n",
    "nasm with an AT&T register in a comment": "section .text\nmain:\n  mov rax, rdi ; was %rax\n  ret\n",
    "masm": ".code\nmain PROC\n  mov rax, rcx\n  ret\nmain ENDP\nEND\n",
    "masm, 32 bit": ".386\n.model flat, stdcall\noption casemap:none\n.code\nstart:\n  mov eax, 1\nend start\n",
    "armasm": "        AREA |.text|, CODE, READONLY\n        EXPORT f\nf       PROC\n        ADD r0, r0, r1\n        ENDP\n        END\n",
    "Go": "TEXT ·Add(SB), NOSPLIT, $0-24\n\tMOVQ x+0(FP), AX\n\tRET\n",
    "RISC-V": "\t.option nopic\nf:\n\taddi\tsp,sp,-16\n\tsd\tra,8(sp)\n\tret\n",
    "RISC-V, numeric registers": "f:\n\tadd\tx10, x10, x11\n\tmul\tx10, x10, x12\n\tret\n",
    "ARM, 32 bit": "\t.syntax unified\n\t.arch armv8-a\nf:\n\tpush\t{r4, lr}\n\tadd\tr0, r0, r1\n\tbx\tlr\n",
    "Thumb": "\t.thumb\nf:\n\tadds\tr0, r0, r1\n\tbx\tlr\n",
    "MIPS": "\t.set\tnoreorder\nf:\n\tjr\t$ra\n\taddu\t$v0, $a0, $a1\n",
    "PowerPC": "f:\n\tmflr 0\n\tstdu 1, -32(1)\n\tadd 3, 3, 4\n\tblr\n",
    "s390x": "f:\n\tstmg\t%r11,%r15,88(%r15)\n\tlgr\t%r11,%r15\n\tbr\t%r14\n",
    "SPARC": "f:\n\tsave\t%sp, -176, %sp\n\tadd\t%i0, %i1, %i0\n\tret\n\trestore\n",
    "LoongArch": "f:\n\tadd.w\t$a0, $a0, $a1\n\tret\n",
    "BPF": "f:\n\tw0 = w1\n\tw0 += w2\n\texit\n",
    "PTX": ".version 7.0\n.target sm_70\n.visible .entry k()\n{\n\tmov.u32 %r10, %tid.x;\n\tret;\n}\n",
    "WebAssembly": "\t.functype\tf (i32) -> (i32)\nf:\n\tlocal.get\t0\n\tend_function\n",
    "m68k": "f:\n\tmove.l\t(4,%sp), %d0\n\trts\n",
    "signs in strings only": '\t.ascii\t"%rax adrp x0, f\\n"\n\t.string "retq"\n',
    "signs in comments only": "# movq %rax, %rbx\n/* adrp x0, f\n stp x29, x30, [sp] */\n// retq\nf:\n\tret\n",
    "two machines": "f:\n\tmovq\t%rdi, %rax\n\tretq\ng:\n\tadrp\tx0, h\n\tret\n",
    "a triple the text contradicts": "# triple: x86_64-unknown-linux-gnu\nf:\n\tadrp\tx0, g\n\tret\n",
    "a triple of another machine": "# triple: riscv64-unknown-linux-gnu\nf:\n\tret\n",
    "C preprocessor": "#include <asm/unistd.h>\n#define N 4\nf:\n\tmovq\t$N, %rax\n\tret\n",
    "an AArch64 triple with Intel syntax": "# triple: aarch64-linux-gnu\n\t.intel_syntax\nf:\n\tmov\trax, rdi\n",
    "binary": "\x7fELF\x02\x01\x00\x00\ud800\x00",
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_known(name: str) -> None:
    text, syntax, triple = KNOWN[name]
    found = detect(text)
    assert (found.triple, found.syntax) == (triple, syntax), found.why
    assert found.target == ("x86_64" if triple.startswith("x86_64") else "aarch64")
    assert found.why
    assert found.question is None
    assert detect(text.replace("\n", "\r\n")) == found


@pytest.mark.parametrize("name", UNKNOWN)
def test_unknown_gets_no_guess(name: str) -> None:
    found = detect(UNKNOWN[name])
    assert (found.target, found.syntax, found.triple) == (None, None, None), found.why
    assert found.why
    assert found.says
    assert (found.question is not None) == (found.kind == "unsure")


NAMED = {
    "i386, gcc": ("32-bit x86", "`movl 4(%esp), %eax`"),
    "nasm": ("NASM", "`bits 64`"),
    "masm": ("MASM", "`main PROC`"),
    "armasm": ("armasm (Keil)", "`AREA |.text|, CODE, READONLY`"),
    "Go": ("Go", "`TEXT ·Add(SB), NOSPLIT, $0-24`"),
    "RISC-V": ("RISC-V", "`.option nopic`"),
    "ARM, 32 bit": ("32-bit ARM", "`.syntax unified`"),
    "MIPS": ("MIPS", "`jr $ra`"),
    "PowerPC": ("PowerPC", "`mflr 0`"),
    "s390x": ("s390x", "`stmg %r11,%r15,88(%r15)`"),
    "LoongArch": ("LoongArch", "`add.w $a0, $a0, $a1`"),
    "BPF": ("BPF", "`w0 = w1`"),
    "m68k": ("m68k", "`move.l (4,%sp), %d0`"),
}
OTHERS = {
    "FASM": ("format ELF64 executable 3\nsegment readable executable\nentry start\nstart:\n mov eax, 60\nmsg db 'x'\n", "`format ELF64 executable 3`"),
    "Go": ("main_add STEXT nosplit size=4 args=0x10\n\t0x0000 00000 (x.go:3)\tTEXT\tmain.add(SB), NOSPLIT, $0-16\n", "`main_add STEXT nosplit size=4 args=0x10`"),
    "AMDGPU": ("k:\n\ts_load_dwordx2 s[0:1], s[4:5], 0x0\n\ts_waitcnt lgkmcnt(0)\n\ts_endpgm\n", "`s_load_dwordx2 s[0:1], s[4:5], 0x0`"),
    "NVIDIA SASS": ("        /*0000*/ IMAD.MOV.U32 R1, RZ, RZ, c[0x0][0x28] ;\n", "`IMAD.MOV.U32 R1, RZ, RZ, c[0x0][0x28]`"),
    "HLSL": ("cbuffer C : register(b0) { float4 a; };\nfloat4 main() : SV_Target { return a; }\n", "`cbuffer C : register(b0) { float4 a`"),
    "DirectX shader": ("ps_5_0\ndcl_globalFlags refactoringAllowed\ndcl_output o0.xyzw\nret\n", "`ps_5_0`"),
    "MIPS": (".data\n.text\nmain:\n  li $v0, 4\n  la $a0, bytes\n  syscall\n", "`li $v0, 4`"),
}  # fmt: skip
"""Each in its own words, with nothing of a sign that the text does not have."""


@pytest.mark.parametrize(
    ("text", "what", "sign"),
    [(UNKNOWN[name], *expected) for name, expected in NAMED.items()]
    + [(text, what, sign) for what, (text, sign) in OTHERS.items()],
)
def test_another_machine_or_assembler_is_told_by_its_name(text: str, what: str, sign: str) -> None:
    for found in (detect(text), detect(text, "x86_64"), detect(text, None, "x86_64")):
        assert found.kind == "other"
        assert found.question is None
        assert found.says.startswith(f"this is {what} ")
        assert sign in found.says
        assert "--target" not in found.says


@pytest.mark.parametrize(
    "section", ["__ex_table", "__mcount_loc", "__patchable_function_entries", "__bug_table"]
)
def test_elf_sections_of_kernels_are_no_mach_o(section: str) -> None:
    text = f'\t.section {section},"awo",@progbits,.text\n\t.quad f\n\t.text\nf:\n\tmovq\t%rdi, %rax\n\tret\n'
    assert detect(text).triple == X86_64
    assert detect(text.replace(",", ", ")).triple == X86_64


@pytest.mark.parametrize(
    ("line", "triple"),
    [
        ("# RUN: llvm-mc -triple=x86_64 %s | FileCheck %s", X86_64),
        ("// RUN: llvm-mc -triple aarch64-none-linux-gnu -show-encoding %s", "aarch64-none-linux-gnu"),
        ("# RUN: llc -mtriple=x86_64-pc-linux-gnu < %s", "x86_64-pc-linux-gnu"),
        ("# RUN: clang --target=arm64-apple-macosx -c %s", "arm64-apple-macosx"),
        ("# RUN: llvm-mc -triple=i386 %s\n# RUN: llvm-mc -triple=x86_64 %s", X86_64),
        ("# RUN: llvm-mc -arch=x86-64 %s", X86_64),
    ],
)
def test_a_run_line_names_the_target(line: str, triple: str) -> None:
    assert detect(f"{line}\nf:\n\tret\n").triple == triple


def test_a_run_line_that_names_another_machine() -> None:
    found = detect("# RUN: llvm-mc -triple=riscv64 -mattr=+c %s\nf:\n\tret\n")
    assert (found.kind, found.triple) == ("other", None)
    assert found.says.startswith("this is RISC-V assembly (its RUN line names riscv64)")


def test_a_default_decides_only_what_the_text_leaves_open() -> None:
    assert detect(KNOWN["AArch64, a frame"][0], None, "x86_64").triple == AARCH64
    assert detect(UNKNOWN["only ret"], None, "x86_64").triple == X86_64
    for boot in (UNKNOWN["boot code in two modes"], UNKNOWN["two machines"]):
        assert detect(boot, None, "x86_64").triple == X86_64
        assert detect(boot, "x86_64").triple == X86_64, "what the message advises"


@pytest.mark.parametrize(
    ("setting", "target", "triple"),
    [
        ("x86_64", "x86_64", X86_64),
        ("amd64", "x86_64", X86_64),
        ("X86-64", "x86_64", X86_64),
        ("x86_64-pc-linux-gnu", "x86_64", "x86_64-pc-linux-gnu"),
        ("aarch64", "aarch64", AARCH64),
        ("arm64-apple-macosx", "aarch64", "arm64-apple-macosx"),
        (" aarch64-linux-gnu ", "aarch64", AARCH64),
    ],
)
def test_the_setting_decides_where_the_text_is_silent(setting: str, target: str, triple: str) -> None:
    found = detect(UNKNOWN["only ret"], setting)
    assert (found.target, found.triple, found.question) == (target, triple, None)


@pytest.mark.parametrize("setting", ["riscv64", "i386-linux-gnu", "nonsense", "-"])
def test_a_setting_irlens_cannot_serve_is_asked_about(setting: str) -> None:
    found = detect(KNOWN["x86-64, clang"][0], setting)
    assert found.target is None
    assert setting in found.why


@pytest.mark.parametrize("setting", [None, "", "  "])
def test_no_setting(setting: str | None) -> None:
    assert detect(KNOWN["x86-64, clang"][0], setting).target == "x86_64"


def test_a_setting_the_text_contradicts_is_told() -> None:
    found = detect(KNOWN["AArch64, a frame"][0], "x86_64")
    assert (found.target, found.kind) == (None, "mixed")
    assert "x86_64" in found.why
    assert "`stp x29, x30, [sp, #-16]!` (AArch64)" in found.says
    assert "Leave the target out" in found.says
    assert detect(KNOWN["AArch64, a frame"][0]).triple == AARCH64, "what the message advises"


@given(st.text() | st.text("%rax:lo12 adrp\n\t.#/*\"';x0,w1()"), st.none() | st.text(max_size=12))
def test_any_text_has_an_answer(text: str, setting: str | None) -> None:
    found = detect(text, setting)
    assert (found.target is None) == (found.triple is None) == bool(found.says)
    assert (found.question is not None) == (found.kind == "unsure")


def test_time_grows_with_the_text_only() -> None:
    for text in ("\n", " ", " \t\n", '"', "a ", "/*", " #", "#", "@", "mov x1\n", "[", "a: "):
        within(10, detect, text * (400_000 // len(text)))
