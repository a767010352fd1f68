"""What gcc prints and LLVM does not take: rewritten, with lines and columns where they were."""

from __future__ import annotations

import pytest

from irlens.asm.gnu_forms import for_llvm, without_line_markers, without_nul_comments

INTEL = "\t.intel_syntax noprefix\n"
REWRITTEN = {
    "\tmovsx\trax, edi": "\tmovsxd\trax, edi",
    "\tmovsx\tr8, r9d": "\tmovsxd\tr8, r9d",
    "\tmovsx\trax, DWORD PTR [rdx+rdi*4]": "\tmovsxd\trax, DWORD PTR [rdx+rdi*4]",
    ".L2: movsx rsi, esi": ".L2: movsxd rsi, esi",
    "\tmov\tedx, OFFSET FLAT:tab": "\tmov\tedx, OFFSET      tab",
    "\tcall\t[QWORD PTR 32[r13]]": "\tcall\t QWORD PTR 32[r13] ",
    "\tjmp\t[QWORD PTR .L4[0+rax*8]]": "\tjmp\t QWORD PTR .L4[0+rax*8] ",
    "\tnotrack jmp\t[QWORD PTR [rax]]": "\tnotrack jmp\t QWORD PTR [rax] ",
}
LEFT = [
    "\tmovsx\teax, dil",
    "\tmovsx\trax, WORD PTR [rdi]",
    "\tmovsx\trax, dil",
    "\tcall\tQWORD PTR [rax]",
    "\tcall\trax",
    "\tmov\trax, QWORD PTR [rdi]",
]


@pytest.mark.parametrize("line", REWRITTEN)
def test_intel_syntax_as_gcc_prints_it(line: str) -> None:
    assert for_llvm(f"{INTEL}{line}\n") == f"{INTEL}{REWRITTEN[line]}\n"
    assert for_llvm(f"{INTEL}{line}\r\n").startswith(f"{INTEL}{REWRITTEN[line].rstrip()}")
    att = f"{INTEL}\t.att_syntax\n{line}\n"
    assert for_llvm(att) == att, "only where Intel syntax is in force"


@pytest.mark.parametrize("line", LEFT)
def test_what_llvm_takes_stays(line: str) -> None:
    assert for_llvm(INTEL + line) == INTEL + line


def test_debug_information_of_gcc_is_blanked_line_by_line() -> None:
    text = (
        '\t.file\t"a.c"\n\t.text\n.Ltext0:\n\t.file 0 "/tmp" "a.c"\nf:\n\t.file 1 "a.c"\n\t.loc 1 9 23 view -0\n\tret\n'
        '\t.section\t.debug_info,"",@progbits\n\t.long\t.LVUS1\n\t.section\t.rodata\nx:\t.long 3\n'
    )
    lines, before = for_llvm(text).split("\n"), text.split("\n")
    assert len(lines) == len(before)
    assert [number for number, line in enumerate(lines) if line != before[number]] == [3, 5, 6, 9]


def test_debug_information_that_llvm_takes_stays() -> None:
    text = '\t.file 1 "a.c"\nf:\n\t.loc 1 9 23\n\tret\n\t.section .debug_info\n\t.long 3\n'
    assert for_llvm(text) == text


def test_stabs_and_sections_linked_to_what_comes_later() -> None:
    text = '\t.stabs\t"a.c",100,0,2,.Ltext0\n\t.section\t__patchable_function_entries,"awo",@progbits,f\n\t.quad .L1\nf:\n'
    assert for_llvm(text) == '\n\t.section\t__patchable_function_entries,"aw",@progbits\n\t.quad .L1\nf:\n'
    other = '\t.section\t.text.f,"axo",@progbits,g\n'
    assert for_llvm(other) == other


def test_line_markers_go() -> None:
    text = '# 1 "memset.S"\nf:\n#APP\n# 12 "a.c" 1\n\tbsr %edi, %eax\n# 0 "" 2\n#NO_APP\n# a note 3 "x"\n'
    assert without_line_markers(text) == '\nf:\n#APP\n\n\tbsr %edi, %eax\n\n#NO_APP\n# a note 3 "x"\n'


def test_a_nul_that_clang_prints_in_a_comment_is_a_blank() -> None:
    assert without_nul_comments("\t.byte\t0    # \0\nf:\n") == "\t.byte\t0    #  \nf:\n"
    assert without_nul_comments("f:\n\tret\n\0\n") == "f:\n\tret\n\0\n", "elsewhere it stays what it is"
