"""What people have in their hands, lifted and compared for real: names, filtered text, listings."""

# ruff: noqa: E501 (a sample reads best on one line)

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from irlens.asm.dialect import detect
from irlens.asm.outline import functions
from irlens.asm.readable import readable
from irlens.assist.compare import Compared, Pair, Side
from irlens.assist.compare import compare as compare_pairs
from irlens.assist.diagnose import diagnose_asm
from irlens.assist.lift import LiftResult, lift
from irlens.assist.tools import Tools
from irlens.emulator.client import Emulator
from irlens.errors import UnusableInput
from irlens.evidence.verdict import Verdict
from irlens.llvm.client import LLVM
from irlens.llvm.demangle import _NAMES, demangle, find_name
from irlens.llvm.tools import on_path
from irlens.mechanical.client import MechanicalLifter
from irlens.model.types import LiftSource

X86, ARM = "x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"


def compare(left: Side, right: Side, names: Sequence[str], *rest: Any, **more: Any) -> list[Compared]:
    """Functions of the same names on both sides."""
    return list(compare_pairs(left, right, [Pair(name, name) for name in names], *rest, **more))


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    with LLVM(workers=1) as llvm, Emulator() as emulator, MechanicalLifter() as lifter:
        yield Tools(llvm, emulator, lifter)


def lifted(text: str, function: str, tools: Tools) -> LiftResult:
    triple = detect(text).triple
    assert triple is not None
    return lift(LiftSource(text, function, triple), None, tools, wanted="mechanical")


ZOO = [
    "LZ4_compress", "$s4main3addyS2i_SitF", "?mangled@@YAHH@Z", "operator new[](unsigned long)", "with spaces", "dots.and",
    "na@me", "größe", 'quo"ted', "f.cold", "f.llvm.123", "$x_is_a_name",
]  # fmt: skip


def test_a_function_of_any_name_is_lifted_and_compared(tools: Tools) -> None:
    from irlens.asm.symbols import quoted

    text = "".join(
        f"\t.text\n\t.globl\t{quoted(n)}\n\t.type\t{quoted(n)},@function\n{quoted(n)}:\n\tleaq\t(%rdi,%rsi), %rax\n\tretq\n"
        f"\t.size\t{quoted(n)}, .-{quoted(n)}\n"
        for n in ZOO
    )
    made = [lifted(text, name, tools) for name in ZOO]
    assert [(each.name, str(each.verdict)) for each in made] == [(name, "round-trips") for name in ZOO]
    assert made[0].ir is not None
    modules = "\n".join((each.ir or "").replace(f'target triple = "{X86}"', "") for each in made)
    left, right = Side("a.s", text, True), Side("b.ll", f'target triple = "{X86}"\n{modules}', False)
    assert right.functions == ZOO
    found = compare(left, right, ZOO, X86, tools.llvm, tools.emulator, inputs=64)
    assert [(each.pair.original, each.agreement.outcome) for each in found] == [
        (name, "agrees") for name in ZOO
    ]


def test_an_alias_is_lifted_as_its_target_and_says_so(tools: Tools) -> None:
    text = (
        "\t.text\n\t.globl\tadd\n\t.type\tadd,@function\nadd:\n\tleal\t(%rdi,%rsi), %eax\n\tretq\n\t.size\tadd, .-add\n"
        "\t.globl\tchecked\n\t.type\tchecked,@function\nchecked = add\n"
    )
    result = lifted(text, "checked", tools)
    assert result.verdict == Verdict.ROUND_TRIPS
    assert "@checked(" in (result.ir or "")
    assert "checked is another name of add" in result.why_origin


def test_a_function_beside_one_that_does_not_assemble_is_lifted(tools: Tools) -> None:
    text = (
        "\t.text\n\t.globl\tgood\n\t.type\tgood,@function\ngood:\n\tleal\t1(%rdi), %eax\n\tretq\n\t.size\tgood, .-good\n"
        "\t.globl\todd\n\t.type\todd,@function\nodd:\n\tfrobnicate\t%eax\n\tretq\n\t.size\todd, .-odd\n"
    )
    assert lifted(text, "good", tools).verdict == Verdict.ROUND_TRIPS
    refused = lifted(text, "odd", tools)
    assert refused.verdict == Verdict.REJECTED
    assert "frobnicate" in refused.reason


@pytest.mark.skipif(not demangle(["_Z1fi"]), reason="no demangler is installed")
@pytest.mark.parametrize("tool", ["llvm-cxxfilt", "c++filt"])
def test_a_function_is_found_by_its_readable_name(tool: str, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tuple(each for each in _NAMES if each.startswith(tool))
    if not on_path(own):
        pytest.skip(f"no {tool} is installed")
    monkeypatch.setattr("irlens.llvm.demangle._NAMES", own)
    names = [
        "_ZNK3Vec6lengthEv",
        "_ZNK3Vec6lengthEi",
        "_Z5twicei",
        "main",
        "_RNvCs15kBYyAo9fc_7example6square",
    ]
    assert demangle(names)["_Z5twicei"] == "twice(int)"
    for wanted, expected in [
        ("Vec::length() const", names[0]), ("Vec::length(int)const", names[1]), ("twice(int)", names[2]), ("twice", names[2]),
        ("main", "main"), ("example::square", names[4]), ("thrice", None),
    ]:  # fmt: skip
        assert find_name(wanted, names) == expected, wanted
    with pytest.raises(UnusableInput, match="several"):
        find_name("Vec::length", names)


GODBOLT = """std::vector<int, std::allocator<int>>::size() const:
        mov     rax, QWORD PTR [rdi+8]
        sub     rax, QWORD PTR [rdi]
        sar     rax, 2
        ret
name_of(int):
        cmp     edi, 3
        ja      .L9
        mov     edi, edi
        mov     rax, QWORD PTR CSWTCH.1[0+rdi*8]
        ret
.L9:
        lea     rax, .LC0[rip]
        ret
.LC0:
        .string "none"
.LC1:
        .string "one"
CSWTCH.1:
        .quad   .LC1
        .quad   .LC1
        .quad   .LC1
        .quad   .LC1
sum(int*, int):
        xor     eax, eax
        jmp     total(int)
"""


def test_compiler_explorers_text_is_checked_and_lifted(tools: Tools) -> None:
    assert diagnose_asm(GODBOLT, X86, tools.llvm) == []
    names = [each.name for each in functions(GODBOLT)]
    assert names == ["std::vector<int, std::allocator<int>>::size() const", "name_of(int)", "sum(int*, int)"]
    for name in names:
        result = lifted(GODBOLT, name, tools)
        assert result.verdict == Verdict.AGREES, (name, result.reason)
        assert f'@"{name}"(' in (result.ir or "")
    broken = GODBOLT.replace("sar     rax, 2", "sar     rax, bogus bogus").replace(
        "std::vector<int, std::allocator<int>>::size() const:", "f(int): frobnicate rax"
    )
    places = {
        (each.line, each.column) for each in diagnose_asm(broken, X86, tools.llvm) if each.severity == "error"
    }
    assert 3 in {line for line, _ in places}


C = """
#include <stdlib.h>
int counter = 3;
static const double half_of[4] = {0.5, 1.5, 2.5, 3.5};
int sum(int a, int b) { return a + b; }
int loop(const int *p, int n) { int s = 0; for (int i = 0; i < n; i++) s += p[i] * i; return s; }
void *mk(size_t n) { return malloc(n * 2); }
int bump(void) { return ++counter; }
double scaled(double x, int i) { return x * half_of[i & 3]; }
int twice_bumped(int a) { return bump() + sum(a, a); }
int main(int count, char **words) { return (int)(long)mk(count); }
"""
C_NAMES = ["sum", "loop", "mk", "bump", "scaled", "twice_bumped"]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a.c compiled: a.o, a.out and a.s (x86-64, gcc)."""
    folder = tmp_path_factory.mktemp("program")
    if not shutil.which("gcc") or not shutil.which("objdump"):
        pytest.skip("gcc or objdump is not installed")
    (folder / "a.c").write_text(C)
    for how in (["-c", "-o", "a.o"], ["-fPIE", "-pie", "-o", "a.out"], ["-S", "-o", "a.s"]):
        subprocess.run(["gcc", "-O2", "-fno-inline", "-fno-ipa-ra", "a.c", *how], cwd=folder, check=True)
    return folder


def printed(command: list[str], folder: Path) -> str:
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not installed")
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=60).stdout


LISTERS = {
    "objdump -d": ["objdump", "-d", "a.out"],
    "objdump -dr": ["objdump", "-dr", "a.o"],
    "objdump -d -M intel": ["objdump", "-d", "-M", "intel", "a.out"],
    "objdump --no-show-raw-insn": ["objdump", "-d", "--no-show-raw-insn", "a.out"],
    "objdump --no-show-raw-insn -M intel": ["objdump", "-d", "--no-show-raw-insn", "-M", "intel", "a.out"],
    "llvm-objdump -d": ["llvm-objdump", "-d", "a.out"],
    "llvm-objdump -dr": ["llvm-objdump", "-dr", "a.o"],
    "gdb": [
        "gdb",
        "-nx",
        "-batch",
        *(part for n in C_NAMES for part in ("-ex", f"disassemble {n}")),
        "a.out",
    ],
    "gdb /r": [
        "gdb",
        "-nx",
        "-batch",
        *(part for n in C_NAMES for part in ("-ex", f"disassemble /r {n}")),
        "a.out",
    ],
}


@pytest.mark.parametrize("lister", LISTERS)
def test_a_listing_is_what_was_compiled(lister: str, program: Path, tools: Tools) -> None:
    """Every function of the listing does what the compiler's own assembly does, and lifts as that does."""
    text = printed(LISTERS[lister], program)
    assert detect(text).triple == X86
    assert set(C_NAMES) <= {each.name for each in functions(text)}
    assert readable(text).refused == {}
    assert diagnose_asm(text, X86, tools.llvm) == []
    original = Side("a.s", (program / "a.s").read_text(), True)
    comparable = ["sum", "loop", "mk"]  # the others read data, which a listing does not show
    found = compare(
        original, Side("listing", text, True), comparable, X86, tools.llvm, tools.emulator, inputs=64
    )
    assert {each.pair.original: each.agreement.outcome for each in found} == dict.fromkeys(
        comparable, "agrees"
    )
    for name in ("sum", "mk", "bump"):
        result = lifted(text, name, tools)
        assert result.verdict == Verdict.AGREES, (name, result.reason)
    assert "@malloc(" in (lifted(text, "mk", tools).ir or "")
    assert "@counter" in (lifted(text, "bump", tools).ir or "")


def test_an_unlinked_listing_without_relocations_is_never_judged(program: Path, tools: Tools) -> None:
    text = printed(["objdump", "-d", "a.o"], program)
    with pytest.raises(UnusableInput, match="objdump -dr"):
        lifted(text, "mk", tools)
    sides = Side("a.s", (program / "a.s").read_text(), True), Side("listing", text, True)
    (found,) = compare(*sides, ["bump"], X86, tools.llvm, tools.emulator, inputs=64)
    assert found.agreement.outcome == "unknown"
    assert "relocations" in found.agreement.reason
    assert lifted(text, "sum", tools).verdict == Verdict.AGREES


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('\t.section\t__TEXT,__text,regular,pure_instructions\n\t.globl\t_f\n_f:\n\tadd\tw0, w0, w1\n\tret\n\t.subsections_via_symbols\n', "macOS assembly"),
        ("\t.def\tsum;\n\t.scl\t2;\n\t.type\t32;\n\t.endef\n\t.text\n\t.globl\tsum\nsum:\n\tleal\t(%rcx,%rdx), %eax\n\tretq\n", "Windows assembly"),
    ],
    ids=["macOS", "MinGW"],
)  # fmt: skip
def test_other_object_formats_are_refused_in_a_sentence(text: str, says: str, tools: Tools) -> None:
    (function,) = functions(text)
    result = lifted(text, function.name, tools)
    assert result.verdict == Verdict.REJECTED
    assert result.ir is None
    assert says in result.reason
    assert "clang --target" in result.reason


def object_text(path: Path, function: str | None, tools: Tools) -> tuple[str, str]:
    return tools.lifter.assembly_of(path.read_bytes(), function)


@pytest.mark.parametrize("file", ["a.o", "a.out"])
def test_an_object_does_what_the_compiler_printed(file: str, program: Path, tools: Tools) -> None:
    original = Side("a.s", (program / "a.s").read_text(), True)
    for name in C_NAMES:
        text, found = object_text(program / file, name, tools)
        assert (found, detect(text).triple) == (name, X86)
        assert diagnose_asm(text, X86, tools.llvm) == []
        (compared,) = compare(
            original, Side(file, text, True), [name], X86, tools.llvm, tools.emulator, inputs=64
        )
        assert compared.agreement.outcome == "agrees", (name, compared.agreement.reason)
        if name != "scaled":  # it reads its table at any index, and past its end the two lie differently
            result = lifted(text, name, tools)
            assert result.verdict == Verdict.AGREES, (name, result.reason)
            assert f"@{name}(" in (result.ir or "")


def test_a_wrong_object_is_found_out(program: Path, tools: Tools) -> None:
    (program / "w.c").write_text(C.replace("n * 2", "n * 3").replace("++counter", "counter += 2"))
    subprocess.run(
        ["gcc", "-O2", "-fno-inline", "-fno-ipa-ra", "-fPIE", "-pie", "w.c", "-o", "w.out"],
        cwd=program,
        check=True,
    )
    original = Side("a.s", (program / "a.s").read_text(), True)
    for name in ("mk", "bump"):
        text, _ = object_text(program / "w.out", name, tools)
        (compared,) = compare(
            original, Side("w.out", text, True), [name], X86, tools.llvm, tools.emulator, inputs=64
        )
        assert compared.agreement.outcome == "disagrees", (name, compared.agreement.reason)


def test_imports_and_strings_of_a_program_have_their_names(program: Path, tools: Tools) -> None:
    assert "@malloc(" in (lifted(object_text(program / "a.out", "mk", tools)[0], "mk", tools).ir or "")
    assert "@counter" in (lifted(object_text(program / "a.out", "bump", tools)[0], "bump", tools).ir or "")
    called = lifted(object_text(program / "a.out", "twice_bumped", tools)[0], "twice_bumped", tools).ir or ""
    assert "@bump(" in called
    assert "@sum(" in called


def test_a_stripped_program_is_lifted_by_address(program: Path, tools: Tools) -> None:
    if not shutil.which("nm") or not shutil.which("strip"):
        pytest.skip("nm or strip is not installed")
    at = {
        line.split()[2]: line.split()[0]
        for line in printed(["nm", "a.out"], program).splitlines()
        if len(line.split()) == 3
    }
    subprocess.run(["strip", "a.out", "-o", "stripped"], cwd=program, check=True)
    assert tools.lifter.functions_of((program / "stripped").read_bytes()) == []
    text, name = object_text(program / "stripped", hex(int(at["loop"], 16)), tools)
    assert name == f"sub_{int(at['loop'], 16):x}"
    result = lifted(text, name, tools)
    assert result.verdict == Verdict.AGREES, result.reason
    with pytest.raises(UnusableInput, match="no function nope"):
        object_text(program / "stripped", "nope", tools)
    with pytest.raises(UnusableInput, match="has no code"):
        object_text(program / "stripped", "0x5", tools)
    with pytest.raises(UnusableInput, match="--function"):
        object_text(program / "stripped", None, tools)


def test_a_program_is_a_listing_that_does_what_the_compiler_printed(program: Path, tools: Tools) -> None:
    if not shutil.which("nm") or not shutil.which("strip"):
        pytest.skip("nm or strip is not installed")
    at = {
        line.split()[2]: int(line.split()[0], 16)
        for line in printed(["nm", "a.out"], program).splitlines()
        if len(line.split()) == 3
    }
    subprocess.run(["strip", "a.out", "-o", "stripped.out"], cwd=program, check=True)
    original = Side("a.s", (program / "a.s").read_text(), True)
    for file in ("a.o", "a.out", "stripped.out"):
        # All but start files' own, which refer to the end of a section.
        made = tools.lifter.listing_of((program / file).read_bytes())
        names = {
            name: f"sub_{at[name]:x}" if file == "stripped.out" else name for name in ("mk", "bump", "loop")
        }
        assert set(names.values()) <= set(made.functions) == {each.name for each in functions(made.text)}
        assert list(diagnose_asm(made.text, X86, tools.llvm)) == []
        for name, listed in names.items():
            if file == "stripped.out" and name == "bump":
                continue  # its data has lost its name, which the lifter does not do without
            result = lifted(made.text, listed, tools)
            assert result.verdict == Verdict.AGREES, (file, name, result.reason)
            if file == "stripped.out":
                continue
            (compared,) = compare(
                original, Side(file, made.text, True), [name], X86, tools.llvm, tools.emulator, inputs=64
            )
            assert compared.agreement.outcome == "agrees", (file, name, compared.agreement.reason)


ARM_IR = """declare ptr @malloc(i64)
@counter = global i32 3
@hidden = internal constant [4 x i32] [i32 5, i32 6, i32 7, i32 9]
define ptr @mk(i64 %n) {
  %d = shl i64 %n, 1
  %p = call ptr @malloc(i64 %d)
  ret ptr %p
}
define i32 @bump() {
  %c = load i32, ptr @counter
  %n = add i32 %c, 1
  store i32 %n, ptr @counter
  ret i32 %n
}
define double @half(double %x) {
  %y = fmul double %x, 0x3FD3333333333333
  ret double %y
}
define i32 @table(i64 %i) {
  %j = and i64 %i, 3
  %p = getelementptr i32, ptr @hidden, i64 %j
  %v = load i32, ptr %p
  ret i32 %v
}
"""


@pytest.mark.parametrize("triple", [X86, ARM])
def test_an_object_of_either_machine_is_lifted_whole(triple: str, tools: Tools) -> None:
    made = tools.llvm.emit_object(ARM_IR, triple)
    assert tools.lifter.functions_of(made) == ["mk", "bump", "half", "table"]
    text, _ = tools.lifter.assembly_of(made, None)
    assert [each.name for each in functions(text)] == ["mk", "bump", "half", "table"]
    assert detect(text).triple == triple
    for name in ("mk", "bump", "half", "table"):
        result = lifted(text, name, tools)
        assert result.verdict == Verdict.AGREES, (name, result.reason)


@pytest.mark.parametrize(
    ("head", "says"),
    [(b"\xcf\xfa\xed\xfe", "Mach-O"), (b"MZ", "Windows"), (b"\x64\x86", "COFF"), (b"!<arch>\n", "archive"), (b"\x7fELF", "cut off|damaged|64-bit")],
)  # fmt: skip
def test_other_files_are_named_and_refused(head: bytes, says: str, tools: Tools) -> None:
    with pytest.raises(UnusableInput, match=says):
        tools.lifter.functions_of(head + bytes(100))
