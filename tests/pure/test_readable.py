"""Filtered compiler output and listings as assembly: what the text becomes, line for line, and what is refused."""

# ruff: noqa: E501 (a sample reads best on one line)

from __future__ import annotations

import re
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irlens.asm.demangled import label_of, with_quotes
from irlens.asm.dialect import detect
from irlens.asm.listing import MOST_LETTERS, read
from irlens.asm.normal import IntelSyntax, normalise
from irlens.asm.outline import functions
from irlens.asm.readable import readable
from irlens.errors import UnusableInput
from support.timing import within

X86 = "x86_64-unknown-linux-gnu"

LABELS = [
    "Vec::length(int) const", "twice(int)", "std::vector<int, std::allocator<int>>::size() const", "example::square",
    "operator new[](unsigned long)", "operator<<(std::ostream&, Vec const&)", "(anonymous namespace)::f(int)",
    "main::{lambda(int)#1}::operator()(int) const", "void swap<int>(int&, int&)", "f(int) [clone .cold]",
    "vtable for Shape", "typeinfo name for Shape", "<T as core::fmt::Display>::fmt", "Shape::~Shape()",
    "core::ptr::drop_in_place<alloc::string::String>", "foo[abi:cxx11](int)", "operator\"\" _km(long double)",
]  # fmt: skip


@pytest.mark.parametrize("name", LABELS)
def test_a_readable_label_is_put_in_quotes(name: str) -> None:
    if '"' in name:
        assert label_of(f"{name}:") is None  # no demangler's label that could be told from a string
        return
    for behind in ("", "  ", "     # @f", " // @f"):
        assert label_of(f"{name}:{behind}") == (name, len(name))
    text = f"{name}:\n        mov     eax, edi\n        ret\n"
    assert [each.name for each in functions(text)] == [name]


@pytest.mark.parametrize(
    "line",
    [
        "f:",
        "1:",
        ".LC0:",
        '"a b":',
        "\tmovl\t(%rdi), %eax",
        "# x(y):",
        "// a::b:",
        "\tjmp\tf(int)",
        "x = (1+2)",
        "f: g:",
    ],
)
def test_other_lines_are_no_readable_labels(line: str) -> None:
    assert label_of(line) is None


OPERANDS = [
    ("        call    twice(int)", '        call    "twice(int)"'),
    (
        "        jmp     operator delete(void*, unsigned long)@PLT",
        '        jmp     "operator delete(void*, unsigned long)"@PLT',
    ),
    ("        call    [QWORD PTR [rax+8]]", "        call    [QWORD PTR [rax+8]]"),
    ("        call    *8(%rax)", "        call    *8(%rax)"),
    ("        bl      std::terminate()", '        bl      "std::terminate()"'),
    (
        "        mov     edi, OFFSET FLAT:vtable for Shape+16",
        '        mov     edi, OFFSET FLAT:"vtable for Shape"+16',
    ),
    ("        mov     edi, OFFSET FLAT:std::cout", '        mov     edi, OFFSET FLAT:"std::cout"'),
    ("        mov     rax, QWORD PTR a::b[rip]", '        mov     rax, QWORD PTR "a::b"[rip]'),
    ("        mov     rax, qword ptr [rip + a::b]", '        mov     rax, qword ptr [rip + "a::b"]'),
    ("        movl    a::b(%rip), %eax", '        movl    "a::b"(%rip), %eax'),
    ("        movl    a::b+4(%rip), %eax", '        movl    "a::b"+4(%rip), %eax'),
    ("        add     x0, x0, :lo12:a::b", '        add     x0, x0, :lo12:"a::b"'),
    ("        .quad   Shape::area() const", '        .quad   "Shape::area() const"'),
    (
        "        .quad   typeinfo for Shape+8, f(int, int)",
        '        .quad   "typeinfo for Shape"+8, "f(int, int)"',
    ),
    ("        lea     rax, [rdi+rsi*4]", "        lea     rax, [rdi+rsi*4]"),
    ("        movl    (%rdi,%rsi,4), %eax", "        movl    (%rdi,%rsi,4), %eax"),
    ("        mov     eax, DWORD PTR [rsp+(4*2)]", "        mov     eax, DWORD PTR [rsp+(4*2)]"),
    ('        .string "a::b(c)"', '        .string "a::b(c)"'),
]


@pytest.mark.parametrize(("line", "expected"), OPERANDS, ids=[line.split(None, 1)[1] for line, _ in OPERANDS])
def test_readable_names_in_operands_are_put_in_quotes(line: str, expected: str) -> None:
    assert with_quotes((line,)) == [expected]


def test_the_directives_are_put_back_without_moving_a_line() -> None:
    text = 'f(int):\n        lea     eax, [rdi + rdi]\n        ret\n.LC0:\n        .string "x"\ncounter:\n        .long 3\ng:\n        ret\n'
    made = readable(text)
    assert made.text.split("\n") == [
        '.intel_syntax noprefix; "f(int)":', "        lea     eax, [rdi + rdi]", "        ret",
        ".section .rodata; .LC0:", '        .string "x"', ".data; counter:", "        .long 3", ".text; g:", "        ret", "",
    ]  # fmt: skip
    assert made.put_in_front == {0: 24, 3: 18, 5: 7, 7: 7}
    assert [each.name for each in functions(text)] == ["f(int)", "g"]


def test_whole_assembly_is_left_as_it_is() -> None:
    text = "\t.text\n\t.globl\tf\n\t.type\tf,@function\nf:\n\tmovl\t(%rdi), %eax\n\tretq\n\t.size\tf, .-f\n"
    assert readable(text).text is text


OBJDUMP = """
a.out:     file format elf64-x86-64


Disassembly of section .plt:

0000000000001020 <malloc@plt-0x10>:
    1020:\tff 35 ca 2f 00 00    \tpush   0x2fca(%rip)        # 3ff0 <_GLOBAL_OFFSET_TABLE_+0x8>

Disassembly of section .text:

0000000000001129 <sum>:
    1129:\t8d 04 37             \tlea    (%rdi,%rsi,1),%eax
    112c:\tc3                   \tret
    112d:\t0f 1f 00             \tnopl   (%rax)

0000000000001130 <mk>:
    1130:\t48 01 ff             \tadd    %rdi,%rdi
    1133:\te9 f8 fe ff ff       \tjmp    1030 <malloc@plt>

0000000000001138 <get>:
    1138:\t8b 05 e2 2e 00 00    \tmov    0x2ee2(%rip),%eax        # 4020 <counter>
    113e:\tc7 05 dc 2e 00 00 07 \tmovl   $0x7,0x2edc(%rip)        # 4024 <counter+0x4>
    1145:\t00 00 00
    1148:\tc3                   \tret
"""


def test_a_listing_becomes_its_bytes_with_names_where_it_refers_to_others() -> None:
    made = readable(OBJDUMP)
    lines = [line for line in made.text.split("\n") if line.strip() and line != ".text; "]
    assert lines == [
        ".globl sum; .type sum, @function; sum:",
        ".byte 0x8d,0x04,0x37",
        ".byte 0xc3; .size sum, . - sum",
        ".byte 0x0f,0x1f,0x00",
        ".globl mk; .type mk, @function; mk:",
        ".byte 0x48,0x01,0xff",
        ".byte 0xe9; .long malloc - . - 4; .size mk, . - mk",
        ".globl get; .type get, @function; get:",
        ".byte 0x8b,0x05; .long counter - . - 4",
        ".byte 0xc7,0x05; .long counter+4 - . - 8; .byte 0x07,0x00,0x00,0x00",
        ".byte 0xc3; .size get, . - get",
    ]
    assert made.refused == {}
    assert made.text.count("\n") == OBJDUMP.count("\n")
    assert [each.name for each in functions(OBJDUMP)] == ["sum", "mk", "get"]
    found = detect(OBJDUMP)
    assert (found.target, found.syntax) == ("x86_64", "att")


def test_a_listing_has_no_normal_form() -> None:
    with pytest.raises(IntelSyntax):
        normalise(OBJDUMP, "sum", X86)


@pytest.mark.parametrize(
    ("old", "new", "function", "says"),
    [
        ("jmp    1030 <malloc@plt>", "jmp    1040 <free@plt>", "mk", "Bytes and text differ"),
        ("# 4020 <counter>", "# 4120 <other>", "get", "Bytes and text differ"),
        ("        # 4020 <counter>", "", "get", "refers to is not shown"),
        ("    1130:\t48 01 ff             \tadd    %rdi,%rdi\n", "", "mk", "are missing"),
        ("    112c:\tc3                   \tret\n", "", "sum", "Bytes are missing"),
        ("\tc3                   \tret\n    112d", "\tret\n    112d", "sum", "others have none"),
    ],
)  # fmt: skip
def test_a_function_whose_listing_contradicts_itself_is_left_out(
    old: str, new: str, function: str, says: str
) -> None:
    text = OBJDUMP.replace(old, new)
    assert text != OBJDUMP
    made = readable(text)
    assert list(made.refused) == [function]
    assert says in made.refused[function]
    assert f" {function}:" not in made.text
    with pytest.raises(UnusableInput, match=function):
        normalise(text, function, X86)


OBJECT = """
a.o:     file format elf64-x86-64

Disassembly of section .text:

0000000000000000 <mk>:
   0:\t48 01 ff             \tadd    %rdi,%rdi
   3:\te9 00 00 00 00       \tjmp    8 <mk+0x8>
   8:\t0f 1f 84 00 00 00 00 \tnopl   0x0(%rax,%rax,1)
   f:\t00

0000000000000010 <sum>:
  10:\t8d 04 37             \tlea    (%rdi,%rsi,1),%eax
  13:\tc3                   \tret
"""


def test_an_object_without_its_relocations_is_not_guessed_at() -> None:
    made = readable(OBJECT)
    assert list(made.refused) == ["mk"]
    assert "objdump -dr" in made.refused["mk"]
    assert "sum:" in made.text
    with_them = OBJECT.replace("<mk+0x8>\n", "<mk+0x8>\n\t\t\t4: R_X86_64_PLT32\tmalloc-0x4\n")
    made = readable(with_them)
    assert made.refused == {}
    assert (
        ".byte 0xe9; .Lr4_1: .reloc .Lr4_1, R_X86_64_PLT32, malloc-4; .byte 0x00,0x00,0x00,0x00" in made.text
    )


GDB = """Dump of assembler code for function sum:
   0x0000000000001129 <+0>:\tlea    (%rdi,%rsi,1),%eax
=> 0x000000000000112c <+3>:\ttest   %eax,%eax
   0x000000000000112e <+5>:\tje     0x1138 <sum+15>
   0x0000000000001130 <+7>:\tmov    0x2eea(%rip),%eax        # 0x4020 <counter>
   0x0000000000001136 <+13>:\tcall   0x1030 <malloc@plt>
   0x0000000000001138 <+15>:\tret
End of assembler dump.
"""
LLDB = """a.out`sum:
    0x1129 <+0>: leal   (%rdi,%rsi), %eax
->  0x112c <+3>: testl  %eax, %eax
    0x112e <+5>: je     0x1138                    ; <+15>
    0x1130 <+7>: movl   0x2eea(%rip), %eax        ; 0x4020 <counter>
    0x1138 <+15>: retq
"""
PERF = """ Percent |\tSource code & Disassembly of a.out for cycles (12 samples, percent: local period)
------------------------------------------------------------------------------------------------
         :
         :            Disassembly of section .text:
         :
         :            0000000000001129 <sum>:
   10.00 :            1129:       lea    (%rdi,%rsi,1),%eax
   90.00 :            112c:       ret
"""


def test_listings_of_debuggers_are_spelled_with_labels_for_addresses() -> None:
    made = readable(GDB)
    assert made.text.split("\n")[1:] == [
        "lea    (%rdi,%rsi,1),%eax", "test   %eax,%eax", "je .L1138", "mov    counter(%rip),%eax", "call malloc",
        ".L1138: ret; .size sum, . - sum", "", "",
    ]  # fmt: skip
    assert readable(LLDB).text.split("\n")[3:5] == ["je .L1138", "movl   counter(%rip), %eax"]
    for text in (GDB, LLDB, PERF):
        assert [each.name for each in functions(text)] == ["sum"]
        assert detect(text).target == "x86_64"


def test_aarch64_words_are_taken_with_pages_made_symbolic() -> None:
    text = """
a.out:     file format elf64-littleaarch64

Disassembly of section .text:

0000000000410700 <f>:
  410700:\t90000080 \tadrp\tx0, 420000 <__bss_start>
  410704:\tb9402000 \tldr\tw0, [x0, #32]
  410708:\t7100041f \tcmp\tw0, #0x1
  41070c:\t54000040 \tb.eq\t410714 <f+0x14>  // b.none
  410710:\t17ffff9c \tb\t410580 <puts@plt>
  410714:\td65f03c0 \tret
"""
    lines = [line for line in readable(text).text.split("\n") if line.strip()]
    assert readable(text).refused == {}
    assert lines[1:] == [
        ".globl f; .type f, %function; f:", "adrp\tx0, page_420000", ".long 0xb9402000", ".long 0x7100041f",
        ".long 0x54000040", "b puts", ".long 0xd65f03c0; .size f, . - f",
    ]  # fmt: skip


def test_listings_of_other_files_are_named_and_refused() -> None:
    for kind in ("pei-x86-64", "mach-o-x86-64", "elf32-i386", "elf64-littleriscv"):
        text = OBJDUMP.replace("elf64-x86-64", kind)
        found = detect(text)
        assert found.triple is None
        assert kind in found.why
        assert functions(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "", "\t.text\nf:\n1:\tmovl\t$1, %eax\n\tjmp\t1b\n", "10:\tret\n20:\tret\n", "abc:\n\tret\n", "add:\n\tnop\n",
        "; a <b>:\nf:\n\tret\n", "00: 01 02\n",
    ],
)  # fmt: skip
def test_assembly_is_no_listing(text: str) -> None:
    assert read(text) is None


@given(st.text(alphabet="0123456789abcdef:<>+-.,()[]{}%$# \t\nfxRT_/;@|`~\"'", max_size=300))
def test_any_text_is_read(text: str) -> None:
    for each in (text, OBJDUMP + text, text + GDB, OBJDUMP[: len(text) * 4] + text):
        made = readable(each)
        functions(each)
        assert made.text == "" or made.text.count("\n") == len(re.split("\r\n|\r|\n", each)) - 1


def test_long_texts_take_time_in_proportion() -> None:
    for unit in (
        "a::b(c)<d>:\n",
        "call x<y>(z)\n",
        "a<" * 50 + "\n",
        "(" * 200 + "\n",
        ":" * 200 + "\n",
        "  1: 00 a\n",
        "1234 <f>:\n",
    ):
        taken = []
        for count in (400, 3200):
            started = time.perf_counter()
            readable(unit * count)
            taken.append(time.perf_counter() - started)
        assert taken[1] < 40 * taken[0] + 0.5, (unit[:20], taken)


LISTED = "a.o:     file format elf64-x86-64\n\n"
FUNCTIONS = "".join(f"{16 * n:016x} <f{n}>:\n    {16 * n:x}:\tc3 \tret\n" for n in range(0x100, 0x2000))
CALLS = "0000000000001000 <f>:\n" + "".join(
    f"    {0x1000 + 5 * n:x}:\tcall 1000 <g>\n" for n in range(16_000)
)
NAMES = "".join(f"~aa{number:x}<:\n" for number in range(1_900))


@pytest.mark.parametrize(
    "text",
    [
        LISTED + FUNCTIONS,
        LISTED + CALLS,
        f"{NAMES}\tmov eax, {'+~aa' * 40_000}a::b\n",
        f"ns::f(int):\n\tmov eax, {'a<' * 60_000}\n",
    ],
    ids=[
        "functions of a listing",
        "calls of a listing",
        "names at each place",
        "brackets that nothing closes",
    ],
)
def test_what_a_text_repeats_costs_no_look_at_the_whole_each(text: str) -> None:
    """Each takes half of this at most, and took more than this by far when all was looked at for each."""
    within(6, readable, text)


def test_a_listing_past_the_limit_takes_no_memory_of_objects() -> None:
    instruction = "    1000:\tc3 \tret\n"
    text = LISTED + "0000000000001000 <f>:\n" + instruction * (MOST_LETTERS // len(instruction) + 1)
    tracemalloc.start()
    assert read(text) is None
    assert readable(text).text is text
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1 << 20
