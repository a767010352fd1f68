"""macOS assembly as ELF: what is rewritten, line by line, and what is refused by name."""

from __future__ import annotations

import contextlib

import pytest

from irlens.asm.macho import as_elf, c_name, unread_lines
from irlens.asm.outline import functions
from irlens.errors import UnusableInput
from support.timing import within

ARM, X86 = "arm64-apple-macosx", "x86_64-apple-macosx"
HEAD = (
    "\t.section\t__TEXT,__text,regular,pure_instructions\n\t.build_version macos, 14, 2\tsdk_version 14, 4\n"
)


def elf(code: str, triple: str = ARM) -> str:
    return as_elf(HEAD + code, triple)[0]


def refused(code: str, triple: str = ARM) -> str:
    with pytest.raises(UnusableInput) as caught:
        as_elf(HEAD + code, triple)
    return str(caught.value)


def test_other_assembly_stays_as_it_is() -> None:
    text = "\t.text\nf:\n\tret\n"
    for triple in ("aarch64-unknown-linux-gnu", "x86_64-pc-windows-gnu", "arm64-apple-macosx13.0-elf"):
        assert as_elf(text, triple) == (text, triple)


def test_the_triple_has_the_files_version_and_keeps_its_own() -> None:
    assert as_elf(HEAD, ARM)[1] == "arm64-apple-macosx14.2-elf"
    assert as_elf(HEAD, "arm64-apple-macosx11.0")[1] == "arm64-apple-macosx11.0-elf"
    assert "wasm32" in refused("", "wasm32-apple-macosx")


def test_every_line_keeps_its_number() -> None:
    code = (
        "\t.globl\t_f                              ; -- Begin function f\n\t.p2align\t2\n_f:  ; @f\n\t.cfi_startproc\n"
        "/* two\nlines */\n; %bb.0:\nLloh0:\n\tadrp\tx8, _tab@PAGE+4\n\tldr\tw0, [x8, _tab@PAGEOFF+4]\n\tcbz\tw0, LBB0_2\n"
        "\tbl\t_puts\nLBB0_2:\n\tret\n\t.loh AdrpAdd\tLloh0, Lloh0\n\t.cfi_endproc\n"
        "\t.section\t__TEXT,__cstring,cstring_literals\n"
        'l_.str:\n\t.asciz\t"a;b // _c"\n\t.section __DATA,__data\n_tab:\n\t.quad\t_f\n\t.quad LBB0_2-_f\n'
        ".zerofill __DATA,__bss,_z,12,3\n\t.comm\t_w,4,2\n.subsections_via_symbols\n"
    )
    made = elf(code).split("\n")
    given = (HEAD + code).split("\n")
    at = {line.strip(): number for number, line in enumerate(made)}
    assert at["f:"] == next(n for n, line in enumerate(given) if line.startswith("_f:"))
    assert at["adrp x8, tab+4"] == next(n for n, line in enumerate(given) if "@PAGE+" in line)
    assert "ldr w0, [x8, :lo12:tab+4]" in at
    assert "cbz w0, .LBB0_2" in at
    assert "bl puts" in at
    assert ".size\tf, .-f" in at
    assert '.asciz\t"a;b // _c"' in at
    assert ".quad\t.LBB0_2-f" in at
    assert ".local\tz; .comm\tz,12,8" in at
    assert ".comm\tw,4,4" in at
    seen = elf("\t.globl _z\n.zerofill __DATA,__common,_z,12,3\n")
    assert '.pushsection\t.bss,"aw",%nobits; .p2align\t3; z: .zero\t12; .popsection' in seen
    assert [each.name for each in functions("\n".join(made))] == ["f"]


def test_the_global_offset_table_and_x86() -> None:
    assert "adrp x0, :got:g" in elf("_f:\n\tadrp\tx0, _g@GOTPAGE\n\tldr x0, [x0, _g@GOTPAGEOFF]\n\tret\n")
    made = elf(
        "_f:\n\tmovq\t_g@GOTPCREL(%rip), %rax ## comment\n\tjmp\tLBB0_1; nop\nLBB0_1:\n\tcallq\t*%rax\n", X86
    )
    assert "movq g@GOTPCREL(%rip), %rax" in made
    assert "jmp .LBB0_1" in made


def test_what_nothing_jumps_to_is_a_function() -> None:
    text = elf("\t.globl _f\n_f:\n\tcbz x0, _inner\n\tret\n_inner:\n\tret\n_g:\n\tret\nloop:\n\tb loop\n")
    assert [each.name for each in functions(text)] == ["f", "g"]


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("\t.section __TEXT,__mystery\n", "line 3: the section __TEXT,__mystery is not known"),
        ("\t.macro m\n", "the directive .macro is not known of macOS, or not read"),
        ('\t.incbin "/etc/passwd"\n', ".incbin"),
        ('\t.include "a.inc"\n', ".include"),
        ("_f:\n\tret %% ret\n", "%%"),
        ("\t.data\n\tmov x0, x1\n", "stands in a section of data"),
        ("\t.quad\t_f@GOT\n", "`_f@GOT` in data is not known"),
        ("\t.globl start\n", "start has no _ in front"),
        ("_loop:\n\tret\nloop:\n\tret\n", "would become one"),
        ("\t.comm _a,n\n", "without a size in digits"),
        ("\t.comm _a,4,\N{SUPERSCRIPT TWO}\n", "without a size in digits"),
        (f"\t.comm _a,4,{'1' * 5000}\n", "without a size in digits"),
        ("_f:\n\tret /* a\n*\n", "line 4: nothing closes this comment"),
        ('\t.ascii "a\n', "line 3: nothing closes this string"),
        ('\t.ascii "a"\r\t.incbin "b"\n', "line 3: a control character is not read"),
    ],
)
def test_what_is_not_known_is_named(code: str, says: str) -> None:
    assert says in refused(code)


@pytest.mark.parametrize(
    ("instruction", "says"),
    [
        ("adrp x0, _t@TLVPPAGE", "thread-local"),
        ("ldr x0, [x0, _t@TLVPPAGEOFF]", "thread-local"),
        ("bl _objc_msgSend", "Objective-C"),
        ("bl _swift_retain", "Swift"),
        ("bl _$s4main3addyS2i_SitF", "Swift"),
        ('bl "-[Foo bar]"', "Objective-C"),
        ("bl memcpy", "memcpy has no _ in front"),
        ("b.eq out", "out has no _ in front"),
        ("ldr x0, =_f", "literal pool"),
        ("add x0, x0, _f@SECREL", "@SECREL is not known"),
    ],
)
def test_an_instruction_that_is_not_read_is_a_trap_and_says_why(instruction: str, says: str) -> None:
    text = elf(f"_f:\n\t{instruction}\n\tret\n_g:\n\tret\n")
    assert list(unread_lines(text)) == [3]
    assert says in unread_lines(text)[3]
    assert "\n\tret" in text


def test_a_function_that_is_called_like_a_register_is_quoted() -> None:
    assert 'bl "v1"' in elf("_f:\n\tbl _v1\n\tret\n")
    assert "bl le1" in elf("_f:\n\tbl _le1\n\tret\n")


def test_names_as_c_has_them() -> None:
    assert (c_name("_f", ARM), c_name("__f", ARM), c_name("f", ARM)) == ("f", "_f", "f")
    assert c_name("_f", "aarch64-unknown-linux-gnu") == "_f"


def test_the_ends_of_lines_of_other_systems_are_read() -> None:
    assert elf("_f:\r\n\tmov w0, #1\r\n\tret\r\n") == elf("_f:\n\tmov w0, #1\n\tret\n")


@pytest.mark.parametrize("triple", [ARM, X86])
@pytest.mark.parametrize(
    ("before", "unit", "after"),
    [
        ("", "/*\n", ""),
        ('mov "', '\\"', ""),
        ("", '"\\', ""),
        ("b", " ", '!"x"'),
        ("ld1 ", "{", ""),
        ("", "bl _objc_x\n", ""),
    ],
)
def test_what_a_text_repeats_costs_no_look_at_the_whole_each(
    triple: str, before: str, unit: str, after: str
) -> None:
    """A fifth of the limit at most; each took longer than it by far for one triple or both."""
    text = f"{HEAD}_f:\n{before}{unit * (200_000 // len(unit))}{after}\n"

    def work() -> None:
        with contextlib.suppress(UnusableInput):
            unread_lines(as_elf(text, triple)[0])

    within(2.5, work)
