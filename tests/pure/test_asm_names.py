"""A zoo of function names, through everything that reads assembly from its text alone."""

# ruff: noqa: E501 (a sample reads best on one line)

from __future__ import annotations

import pytest

from irlens.asm.normal import normalise
from irlens.asm.outline import function_named, functions
from irlens.asm.symbols import format_of, format_of_triple, is_local, is_mapping, quoted, unquoted
from irlens.ide import code_lens, symbols
from irlens.ir.outline import outline, plain_name, written_names
from irlens.source.snapshot import DocumentSnapshot

X86, MACOS = "x86_64-unknown-linux-gnu", "x86_64-apple-macosx"

ZOO = [
    "LZ4_compress", "LEnum", "LoadLibrary", "L", "L0", "Ltmp", "lookup", "$s4main3addyS2i_SitF", "$x_is_a_name", "$d2",
    "?mangled@@YAHH@Z", "operator new[](unsigned long)", "with spaces", "dots.and.dots", "na@me", "cash$", "größe",
    "関数", 'quo"ted', "back\\slash", "f.cold", "f.part.0", "f.constprop.1", "f.isra.0", "f.llvm.123456", "_ZN1aC2Ev",
    "_RNvCs1234_7example6square", "Vec::length(int) const", "main", "add", "ret", "x0", "rax",
]  # fmt: skip


def elf(name: str) -> str:
    spelled = quoted(name)
    return (
        f"\t.text\n\t.globl\t{spelled}\n\t.type\t{spelled},@function\n{spelled}:\n\tleaq\t(%rdi,%rsi), %rax\n"
        f"\tretq\n.Lfunc_end0:\n\t.size\t{spelled}, .Lfunc_end0-{spelled}\n"
    )


def macho(name: str) -> str:
    spelled = quoted("_" + name)
    return (
        f"\t.section\t__TEXT,__text,regular,pure_instructions\n\t.globl\t{spelled}\n{spelled}:\n"
        "\tjmp\tLBB0_1\nLBB0_1:\n\tleaq\t(%rdi,%rsi), %rax\nLtmp0:\n\tretq\nl_private:\n\tnop\n\t.subsections_via_symbols\n"
    )


@pytest.mark.parametrize("name", ZOO)
@pytest.mark.parametrize("typed", [True, False], ids=["typed", "untyped"])
def test_a_function_of_any_name_is_found_in_elf(name: str, typed: bool) -> None:
    text = elf(name) if typed else "\n".join(line for line in elf(name).split("\n") if ".type" not in line)
    assert [each.name for each in functions(text)] == [name]
    assert normalise(text, name, X86).code == ("leaq (%rdi,%rsi) %rax", "retq")


@pytest.mark.parametrize("name", ZOO)
def test_a_function_of_any_name_is_found_in_macho(name: str) -> None:
    assert [each.name for each in functions(macho(name))] == ["_" + name]
    assert normalise(macho(name), "_" + name, MACOS).code[:2] == ("jmp L1", "L1:")


@pytest.mark.parametrize("name", ZOO)
def test_a_lens_stands_over_it_at_its_name(name: str) -> None:
    snapshot = DocumentSnapshot("file:///a.s", 1, "asm", elf(name))
    (lens,) = code_lens.lenses(snapshot, {}, {})
    assert (lens.line, lens.function) == (3, name)
    (symbol,) = symbols.definitions(snapshot)
    written = snapshot.line(3).encode()[symbol.name_start : symbol.name_end].decode()
    assert unquoted(written) == name
    assert symbol.instructions == 2


@pytest.mark.parametrize("name", ZOO)
def test_a_name_survives_being_written(name: str) -> None:
    assert unquoted(quoted(name)) == name
    for written in written_names(name):
        assert plain_name(written) == name
        (function,) = outline(f"define void {written}() {{\n  ret void\n}}\n").functions
        assert function.name == name


def test_what_is_local_follows_from_the_format() -> None:
    for name, elf_, macho_ in [
        (".LBB0_1", True, False), ("LBB0_1", False, True), ("LZ4_compress", False, True), ("l_.str", False, True),
        ("_LZ4_compress", False, False), ("1", True, True), (".L", True, False), ("lCPI0_0", False, True), ("lookup", False, False),
    ]:  # fmt: skip
        assert (is_local(name, "elf"), is_local(name, "macho")) == (elf_, macho_), name
        assert is_local(name, "coff") == elf_


def test_only_mapping_symbols_are_mapping_symbols() -> None:
    assert all(is_mapping(name) for name in ("$x", "$d", "$a", "$t", "$x.0", "$d.realdata"))
    assert not any(is_mapping(name) for name in ("$", "$s4main", "$xy", "$x1", "x", "$b"))


def test_the_format_shows_in_directives_and_triples() -> None:
    assert format_of("\t.section\t__TEXT,__text\n") == "macho"
    assert format_of('\t.section\t__ex_table,"a"\n') == "elf"  # the kernel's
    assert format_of("\t.def\tf;\n\t.scl\t2;\n") == "coff"
    assert format_of("\t.text\n") == "elf"
    assert [format_of_triple(t) for t in (X86, MACOS, "x86_64-pc-windows-gnu", "arm64-apple-ios")] == [
        "elf", "macho", "coff", "macho",
    ]  # fmt: skip


ALIASES = """\t.text
\t.globl\tadd
\t.type\tadd,@function
add:
\tleal\t(%rdi,%rsi), %eax
\tretq
\t.size\tadd, .-add
\t.globl\tchecked
\t.type\tchecked,@function
checked = add
\t.set\tagain, checked
\t.type\tagain,@function
\t.set\tWIDTH, 8
\t.set\tround, there
\t.set\tthere, round
"""


def test_another_name_of_a_function_is_a_function() -> None:
    assert [(each.name, each.alias_of) for each in functions(ALIASES)] == [
        ("add", ""), ("checked", "add"), ("again", "checked"),
    ]  # fmt: skip
    found = function_named(ALIASES, "again")
    assert found is not None
    assert found.name == "add"
    assert normalise(ALIASES, "again", X86).text == normalise(ALIASES, "add", X86).text
    assert function_named(ALIASES, "round") is None


def test_labels_that_a_person_wrote_inside_of_a_function_begin_none() -> None:
    text = "count:\n\txorl\t%eax, %eax\nagain:\n\taddq\t%rdi, %rax\n\tdecq\t%rdi\n\tjnz\tagain\n\tret\nother:\n\tjmp\tcount\n"
    assert [each.name for each in functions(text)] == ["count", "other"]


def test_data_between_functions_is_no_function() -> None:
    text = "f:\n\tmovl\ttable(,%rdi,4), %eax\n\tret\ntable:\n\t.long\t1\n\t.long\t2\ng:\n\tret\n"
    assert [each.name for each in functions(text)] == ["f", "g"]
