"""What is said of functions by prototypes, given or in debug information: lifts and verdicts go by it."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens.assist.lift import LiftResult, lift
from irlens.assist.tools import Tools
from irlens.emulator.client import Emulator
from irlens.evidence.behaviour import behaves
from irlens.evidence.verdict import Verdict
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter
from irlens.mechanical.debug_info import prototypes_of
from irlens.model.types import LiftSource
from irlens.prototypes.declared import BY_DEBUG_INFORMATION, declared_in

X86 = "x86_64-unknown-linux-gnu"
HANDED_ON = "f:\n\tsubq $8, %rsp\n\tcall gd\n\tmovl $1, x(%rip)\n\taddq $8, %rsp\n\tret\n"
"""`double f(void) { double r = gd(); x = 1; return r; }`: no instruction touches what is returned."""
PASSED_ON = "f:\n\tsubq $8, %rsp\n\tcall g\n\taddl $1, %eax\n\taddq $8, %rsp\n\tret\n"
"""`int f(int a, int b) { return g(a, b) + 1; }`: no instruction touches what g is given."""
VARIABLE = "f:\n\tsubq $8, %rsp\n\tmovl $2, %esi\n\tleaq .LC0(%rip), %rdi\n\tmovl $0, %eax\n\tcall say\n\taddq $8, %rsp\n\tret\n"
SOURCE = """
double gd(void); int x; int g(int, int); int say(const char *, ...);
double f(void) { double r = gd(); x = 1; return r; }
int p(int a, int b) { return g(a, b) + 1; }
_Bool b(int a) { return a > 3; }
struct s { int a; double b; }; struct s mk(int a, double d) { struct s r = { a, d }; return r; }
typedef float v4 __attribute__((vector_size(16))); v4 v(v4 a, v4 b) { return b; }
int old(); int k(void) { return old(1.5f); }
static inline int in(int a) { for (int i = 0; i < a; i++) a += g(a, i); return a; }
int outer(int a, int c) { return in(a) + in(c); }
static __attribute__((noinline)) int mine(int a, int unused) { return a * 7; }
int vs(int a) { return say("d", a) + mine(a, 1); }
"""
gcc = pytest.mark.skipif(shutil.which("gcc") is None, reason="no gcc")


def assembly(code: str) -> str:
    return f'\t.text\n\t.globl f\n\t.type f, @function\n{code}\t.size f, .-f\n\t.section .rodata\n.LC0:\n\t.string "d"\n'


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM() as client:
        yield client


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as client:
        yield client


@pytest.fixture(scope="module")
def lifter() -> Iterator[MechanicalLifter]:
    with MechanicalLifter() as client:
        yield client


@pytest.fixture
def lifted(llvm: LLVM, emulator: Emulator, lifter: MechanicalLifter):  # type: ignore[no-untyped-def]
    def of(text: str, function: str, prototypes: str = "") -> LiftResult:
        known = declared_in(prototypes, X86) if prototypes else None
        source = LiftSource(text, function, X86)
        return lift(source, None, Tools(llvm, emulator, lifter), wanted="mechanical", declared=known)

    return of


def compiled(folder: Path, *options: str, source: str = SOURCE) -> str:
    (folder / "x.c").write_text(source)
    subprocess.run(["gcc", *options, "-w", "-S", "-o", "x.s", "x.c"], cwd=folder, check=True, timeout=60)
    return (folder / "x.s").read_text()


def test_a_result_that_no_instruction_touches(lifted) -> None:  # type: ignore[no-untyped-def]
    without = lifted(assembly(HANDED_ON), "f")
    assert "Taken to" in without.reason
    result = lifted(assembly(HANDED_ON), "f", "double f(void); double gd(void);")
    assert result.verdict.is_shown_right
    assert "define double @f()" in result.ir
    assert "Taken to" not in result.reason
    assert result.prototype == "double f(void) (given by you)"


def test_an_argument_that_no_instruction_touches(lifted) -> None:  # type: ignore[no-untyped-def]
    assert "Taken to" in lifted(assembly(PASSED_ON), "f").reason
    result = lifted(assembly(PASSED_ON), "f", "int f(int, int); int g(int, int);")
    assert result.verdict.is_shown_right
    assert "define i32 @f(i32 %arg0, i32 %arg1)" in result.ir
    assert "call i32 @g(i32 %arg0, i32 %arg1)" in result.ir
    assert "Taken to" not in result.reason


def test_void_is_believed(lifted) -> None:  # type: ignore[no-untyped-def]
    result = lifted(assembly(HANDED_ON), "f", "void f(void); double gd(void);")
    assert result.verdict.is_shown_right
    assert "define void @f()" in result.ir
    assert "Taken to" not in result.reason


def test_variable_arguments_are_no_format_of_printf(lifted) -> None:  # type: ignore[no-untyped-def]
    result = lifted(assembly(VARIABLE), "f", "int f(void); int say(const char *, ...);")
    assert result.verdict.is_shown_right, result.reason
    assert "i32 2)" in result.ir


@pytest.mark.parametrize(
    ("code", "prototypes", "ir", "said"),
    [
        (HANDED_ON, "double f(void); double gd(void);", "declare i64 @gd()\n@x = external global i32\n"
         "define i64 @f() {\n %r = call i64 @gd()\n store i32 1, ptr @x\n ret i64 %r\n}\n", "double f(void), given by you"),
        (HANDED_ON, "double f(void); double gd(void);", "declare double @gd()\n@x = external global i32\n"
         "define void @f() {\n call double @gd()\n store i32 1, ptr @x\n ret void\n}\n", "double f(void), given by you"),
        (PASSED_ON, "int f(int, int); int g(int, int);", "declare i32 @g(i32)\ndefine i32 @f(i32 %a) {\n"
         " %r = call i32 @g(i32 %a)\n %s = add i32 %r, 1\n ret i32 %s\n}\n", "int g(int, int), given by you"),
        (VARIABLE, "int f(void); int say(const char *, ...);", "@s = private constant [2 x i8] c\"d\\00\"\n"
         "declare i32 @say(ptr, ...)\ndefine i32 @f() {\n %r = call i32 (ptr, ...) @say(ptr @s)\n ret i32 %r\n}\n",
         "gives say more arguments"),
        (PASSED_ON, "long f(int, int); int g(int, int);", "declare i32 @g(i32, i32)\n"
         "define i32 @f(i32 %a, i32 %b) {\n %r = call i32 @g(i32 %a, i32 %b)\n %s = add i32 %r, 1\n ret i32 %s\n}\n",
         "long f(int, int), given by you"),
    ],
)  # fmt: skip
def test_a_candidate_that_leaves_out_what_a_prototype_says_does_not_agree(
    code: str, prototypes: str, ir: str, said: str, llvm: LLVM, emulator: Emulator
) -> None:
    found = behaves(assembly(code), "f", X86, ir, llvm, emulator, declared=declared_in(prototypes, X86))
    assert found.outcome != "agrees"
    assert said in found.reason


@gcc
@pytest.mark.parametrize("level", ["-O0", "-O1", "-O2"])
def test_debug_information_says_prototypes(level: str, tmp_path: Path, lifted) -> None:  # type: ignore[no-untyped-def]
    text = compiled(tmp_path, "-g", level)
    heads = {
        "f": "define double @f()",
        "p": "define i32 @p(i32 %arg0, i32 %arg1)",
        "b": "i8 @b(i32 %arg0)",
        "mk": "define { i64, double } @mk(i32 %arg0, double %arg1)",
    }
    for name, head in heads.items():
        result = lifted(text, name)
        assert result.verdict > Verdict.COMPILES, (name, result.reason)
        assert head in result.ir, result.ir
        assert "Taken to" not in result.reason
        assert result.prototype.endswith(f"({BY_DEBUG_INFORMATION})")


@gcc
@pytest.mark.parametrize("options", [["-gdwarf-2"], ["-gdwarf-4"], ["-gdwarf-5"], ["-g", "-gsplit-dwarf"]])
def test_each_version_of_it(options: list[str], tmp_path: Path, llvm: LLVM, lifter: MechanicalLifter) -> None:
    text = compiled(tmp_path, *options, "-O2")
    found = lifter.prototypes(llvm.object_of(text, X86, types=True), X86)
    if "-gsplit-dwarf" in options:
        assert found == {}  # it lies in another file
    else:
        assert found["gd"].words == "double gd(void)"
        assert found["outer"].words == "int outer(int, int)"


@gcc
def test_what_is_not_certain_is_not_told(tmp_path: Path, llvm: LLVM, lifter: MechanicalLifter) -> None:
    text = compiled(tmp_path, "-g", "-O2")
    found = lifter.prototypes(llvm.object_of(text, X86, types=True), X86)
    assert "old" not in found  # it has no prototype
    assert "mine" not in found  # gcc changed what it takes
    assert found["say"].signature.varargs
    assert found["v"].signature.returns.type == "<4 x float>"


@gcc
def test_damaged_debug_information_is_done_without(tmp_path: Path, llvm: LLVM) -> None:
    made = bytearray(llvm.object_of(compiled(tmp_path, "-g"), X86, types=True))
    assert prototypes_of(bytes(made))
    rng = random.Random(7)
    for _ in range(400):
        damaged = bytearray(made)
        for _ in range(rng.choice((1, 3, 20))):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        prototypes_of(bytes(damaged))


@gcc
def test_the_user_is_believed_more(tmp_path: Path, lifted) -> None:  # type: ignore[no-untyped-def]
    text = compiled(tmp_path, "-g", "-O2")
    result = lifted(text, "f", "void f(void)")
    assert result.prototype == "void f(void) (given by you)"
    assert "define void @f()" in result.ir
    assert "declare double @gd()" in result.ir  # of which the debug information speaks
