"""Who compiles for a search: three ways to the same numbers, checked against LLVM's own programs, and what a bad list
costs."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from irlens.cancel import Cancelled, CancelToken
from irlens.errors import LLVMRefused, LLVMStopped, Unrunnable
from irlens.llvm import library, opt
from irlens.llvm.client import LLVM
from irlens.llvm.compilers import Compiler, Compilers, LibraryCompiler, LlvmliteCompiler, OptCompiler, spelled
from irlens.llvm.measured import Measured
from irlens.llvm.objects import sizes
from irlens.llvm.session import Session
from irlens.workers.pool import WorkerTimedOut

EXAMPLES = Path(__file__).parents[2] / "examples"
OZ = "default<Oz>"
LISTS = ("", OZ, "function(sroa,instcombine<no-verify-fixpoint>),mergefunc", "default<O3>,function(reg2mem)")
FOR_LLVMLITE = ("", OZ, "function(sroa,instcombine),mergefunc", "function(reg2mem,simplifycfg)")
LONG = ",".join(["default<O3>"] * 3000)
"""Several seconds of work, in LLVM alone."""
NEWER_IR = "define void @f(ptr captures(none) %p) {\n  ret void\n}\n"
"""Only LLVM 21 and later read `captures(none)`."""
ADDRESSES = """target triple = "x86_64-unknown-linux-gnu"
@a = private unnamed_addr constant [2 x i8] c"a\\00"
@b = private unnamed_addr constant [2 x i8] c"b\\00"
@table = internal unnamed_addr constant [2 x ptr] [ptr @a, ptr @b]
define ptr @f(i64 %i) minsize optsize nounwind {
  %p = getelementptr [2 x ptr], ptr @table, i64 0, i64 %i
  %r = load ptr, ptr %p
  ret ptr %r
}
"""


def example(name: str) -> str:
    return (EXAMPLES / name).read_text()


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as client:
        yield client


def missing(what: str) -> None:
    """In CI what is not installed is a failure, elsewhere a reason to skip."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="module")
def installed() -> library.FoundLibrary:
    found = library.find()
    if found is None:
        missing("no libLLVM of an opt is installed (on Debian and Ubuntu: apt-get install llvm-19)")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def by_library(installed: library.FoundLibrary) -> Iterator[LibraryCompiler]:
    made = LibraryCompiler(installed.path, installed.opt, 1)
    yield made
    made.close()


@pytest.fixture
def by_opt(llvm: LLVM, installed: library.FoundLibrary) -> OptCompiler:
    return OptCompiler(llvm, installed.opt)


def beside(found: library.FoundLibrary, program: str) -> str:
    """Another program of the same LLVM."""
    path = Path(found.opt.path).resolve().parent / program
    if not path.exists():
        missing(f"{program} of LLVM {found.opt.release} is not installed")
    return str(path)


def gnu_size(made: Path) -> tuple[int, int]:
    """Text and data of an object, as `size` prints them."""
    if shutil.which("size") is None:
        missing("GNU size is not installed (on Debian and Ubuntu: apt-get install binutils)")
    said = subprocess.run(
        ["size", "--format=berkeley", str(made)], capture_output=True, text=True, check=True
    )
    text, data, *_ = said.stdout.splitlines()[1].split()
    return int(text), int(data)


def numbers(measured: Measured) -> tuple[int, int]:
    assert measured.how == "measured", measured.why
    return measured.text, measured.data


# --- the numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["checksum.ll", "eval/calls.raw.ll", "eval/fields.aarch64.Os.ll"])
def test_the_library_measures_what_llvms_programs_make(
    by_library: LibraryCompiler, installed: library.FoundLibrary, name: str, tmp_path: Path
) -> None:
    block = example(name).encode()
    measured = by_library.measure(block, LISTS)
    for number, passes in enumerate(LISTS):
        after = tmp_path / f"{number}.ll"
        if passes:
            after.write_text(
                opt.run(installed.opt, block, passes, opt.AS_BUILT, limit_s=20, memory_bytes=2 << 30)
            )
        else:
            after.write_bytes(block)
        made = tmp_path / f"{number}.o"
        llc = [beside(installed, "llc"), "-O2", "-relocation-model=pic", "-filetype=obj", "-o", str(made)]
        subprocess.run([*llc, str(after)], check=True, timeout=60)
        assert numbers(measured[number]) == gnu_size(made), passes
    assert len({each.digest for each in measured}) > 1


@pytest.mark.parametrize("name", ["checksum.ll", "eval/numbers.raw.ll"])
def test_the_papers_code_generation_is_clangs_without_o(
    by_library: LibraryCompiler, installed: library.FoundLibrary, name: str, tmp_path: Path
) -> None:
    source, made = tmp_path / "m.ll", tmp_path / "m.o"
    source.write_text(example(name))
    clang = shutil.which(f"clang-{installed.opt.release}")
    if clang is None:
        pytest.skip(f"clang {installed.opt.release} is not installed")
    [measured] = by_library.measure(source.read_bytes(), [""], opt_level=0, functions=True)
    subprocess.run([clang, "-c", "-fPIC", "-o", str(made), str(source)], check=True, timeout=60)
    assert numbers(measured) == gnu_size(made)
    assert measured.functions == sizes(made.read_bytes()).functions


@pytest.mark.parametrize("name", ["checksum.ll", "eval/fields.raw.ll", "eval/calls.aarch64.Os.ll"])
def test_llvmlite_measures_what_separate_steps_come_to(llvm: LLVM, name: str) -> None:
    ir = example(name)
    measured = LlvmliteCompiler(llvm).measure(ir.encode(), FOR_LLVMLITE, count=True, functions=True)
    for passes, each in zip(FOR_LLVMLITE, measured, strict=True):
        after = llvm.run_passes(ir, passes).ir if passes else ir
        expected = llvm.size(llvm.emit_object(after))
        assert numbers(each) == (expected.text, expected.data)
        assert each.functions == expected.functions
        assert each.instructions == llvm.outline(after).instructions


@pytest.mark.parametrize("level", [0, 2])
def test_opt_measures_what_separate_steps_come_to(
    llvm: LLVM, by_opt: OptCompiler, installed: library.FoundLibrary, level: int
) -> None:
    ir = example("eval/numbers.raw.ll")
    measured = by_opt.measure(ir.encode(), LISTS, opt_level=level)
    for passes, each in zip(LISTS, measured, strict=True):
        after = ir
        if passes:
            after = opt.run(
                installed.opt, ir.encode(), passes, opt.AS_BUILT, limit_s=20, memory_bytes=2 << 30
            )
        expected = llvm.size(llvm.emit_object(after, opt_level=level))
        assert numbers(each) == (expected.text, expected.data)


def test_instructions_and_functions_are_those_of_the_module_after_the_list(
    llvm: LLVM, by_library: LibraryCompiler
) -> None:
    ir = example("checksum.ll")
    for passes in LISTS:
        [one] = by_library.measure(ir.encode(), [passes], count=True, functions=True)
        after = by_library.run(ir, passes)
        outline = llvm.outline(after)
        assert one.instructions == outline.instructions
        assert set(one.functions) == {facts.name for facts in outline.functions}
        assert sum(one.functions.values()) <= one.text


def in_short(text: str) -> str:
    """Without the two lines that say where a module was read from."""
    return "\n".join(
        line for line in text.splitlines() if not line.startswith(("; ModuleID", "source_filename"))
    )


def test_the_library_does_to_a_module_what_opt_does(
    by_library: LibraryCompiler, installed: library.FoundLibrary
) -> None:
    lists = [*LISTS[1:], "cgscc(function(sroa,dce)),inferattrs", "function(loop-mssa(licm)),iroutliner"]
    for ir in (example("checksum.ll"), example("eval/calls.raw.ll"), ADDRESSES):
        for passes in lists:
            ours = by_library.run(ir, passes)
            theirs = opt.run(
                installed.opt, ir.encode(), passes, opt.AS_BUILT, limit_s=20, memory_bytes=2 << 30
            )
            assert in_short(ours) == in_short(theirs), passes


def test_what_a_list_comes_to_does_not_depend_on_its_company(llvm: LLVM, by_library: LibraryCompiler) -> None:
    block = example("eval/fields.raw.ll").encode()
    for compiler, lists in ((by_library, LISTS), (LlvmliteCompiler(llvm), FOR_LLVMLITE)):
        together = compiler.measure(block, lists)
        assert compiler.measure(block, lists[::-1]) == together[::-1]
        assert [each for passes in lists for each in compiler.measure(block, [passes])] == together


def test_what_is_measured_can_be_made_again(
    llvm: LLVM, by_library: LibraryCompiler, by_opt: OptCompiler
) -> None:
    ir = example("checksum.ll")
    compilers: list[Compiler] = [by_library, by_opt, LlvmliteCompiler(llvm)]
    for compiler in compilers:
        [measured] = compiler.measure(ir.encode(), [OZ])
        [again] = compiler.measure(compiler.run(ir, OZ).encode(), [""])
        assert numbers(again) == numbers(measured)


# --- bad lists, bad modules ----------------------------------------------------------------------------


def test_a_list_that_crashes_costs_itself_alone(by_library: LibraryCompiler) -> None:
    block = example("checksum.ll").encode()
    lists = [OZ, "trigger-crash-module", "function(dce)"]
    found = by_library.measure(block, lists)
    assert [each.how for each in found] == ["measured", "crashed", "measured"]
    assert "SIG" in found[1].why
    assert found[0] == by_library.measure(block, [OZ])[0]
    with pytest.raises(LLVMStopped, match="Change the list"):
        by_library.run(example("checksum.ll"), "trigger-crash-module")


def test_a_list_that_runs_too_long_costs_itself_alone(llvm: LLVM, by_library: LibraryCompiler) -> None:
    ir = example("checksum.ll")
    compilers: list[Compiler] = [by_library, LlvmliteCompiler(llvm)]
    for compiler in compilers:
        compiler.measure(ir.encode(), [""])  # what is measured below is a list, not the start of a worker
        found = compiler.measure(ir.encode(), [OZ, LONG, "function(dce)"], limit_s=0.5)
        assert [each.how for each in found] == ["measured", "late", "measured"]
        assert "0.5 s" in found[1].why
        with pytest.raises(LLVMStopped, match=r"0\.5 s"):
            compiler.run(ir, LONG, limit_s=0.5)


def test_opt_tells_late_from_crashed(by_opt: OptCompiler) -> None:
    block = example("checksum.ll").encode()
    found = by_opt.measure(block, [LONG, "trigger-crash-module", OZ], limit_s=1.0)
    assert [each.how for each in found] == ["late", "crashed", "measured"]


def test_what_llvm_refuses_says_why(llvm: LLVM, by_library: LibraryCompiler, by_opt: OptCompiler) -> None:
    block = example("checksum.ll").encode()
    none, broken = by_library.measure(block, ["function(make-it-small)", "trigger-verifier-error"])
    assert (none.how, broken.how) == ("unrunnable", "refused")
    assert "make-it-small" in none.why
    assert broken.why
    [none] = by_opt.measure(block, ["function(make-it-small)"])
    assert none.how == "unrunnable"
    assert "make-it-small" in none.why
    none, open_bracket, lacking = LlvmliteCompiler(llvm).measure(
        block, ["function(make-it-small)", "function(", "iroutliner"]
    )
    assert {each.how for each in (none, open_bracket, lacking)} == {"unrunnable"}
    assert "make-it-small" in none.why
    assert "iroutliner" in lacking.why
    with pytest.raises(Unrunnable, match="make-it-small"):
        by_library.run(example("checksum.ll"), "function(make-it-small)")
    # What runs in the worker is looked at there too, whoever asks.
    job = {"op": "measure", "args": {"lists": ["insert-gcov-profiling", "function(dce)"]}}
    header = by_library._pool.run(job, block, limit_s=10.0, cancel=None).header
    assert "irlens does not run insert-gcov-profiling" in header["measured"][0]["refused"]
    assert "refused" not in header["measured"][1]


@pytest.mark.parametrize("text", [b"define i32 @f( {", b"\x00\xff", b"define i32 @f() {\n  ret i64 0\n}\n"])
def test_a_module_that_cannot_be_read_is_refused_by_all(
    llvm: LLVM, by_library: LibraryCompiler, text: bytes
) -> None:
    compilers: list[Compiler] = [by_library, LlvmliteCompiler(llvm)]
    for compiler in compilers:
        assert [each.how for each in compiler.measure(text, ["", OZ])] == ["refused", "refused"]


def test_code_generation_that_fails_is_refused(llvm: LLVM, by_library: LibraryCompiler) -> None:
    ir = 'target triple = "no-such-machine"\ndefine void @f() {\n  ret void\n}\n'
    asm = (
        'target triple = "x86_64-unknown-linux-gnu"\ndefine void @f() {\n'
        '  call void asm sideeffect "nonsense", ""()\n  ret void\n}\n'
    )
    for text in (ir, asm):
        [measured] = by_library.measure(text.encode(), [""])
        assert measured.how == "refused"
        assert measured.why
    assert LlvmliteCompiler(llvm).measure(ir.encode(), [""])[0].how == "refused"


def test_a_worker_that_does_not_start_is_no_fault_of_a_list(
    installed: library.FoundLibrary, tmp_path: Path
) -> None:
    (tmp_path / "libLLVM.so").write_text("no library")
    compiler = LibraryCompiler(str(tmp_path / "libLLVM.so"), installed.opt, 1)
    found = compiler.measure(b"", ["", OZ])
    compiler.close()
    assert [each.how for each in found] == ["unrunnable", "unrunnable"]
    assert "does not start" in found[0].why


def test_a_cancel_ends_a_measurement(by_library: LibraryCompiler) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        by_library.measure(example("checksum.ll").encode(), [LONG], cancel=token)


def test_which_lists_a_compiler_can_run(llvm: LLVM, by_library: LibraryCompiler) -> None:
    ours = LlvmliteCompiler(llvm)
    assert all(map(ours.can, FOR_LLVMLITE))
    assert not ours.can("iroutliner")
    assert by_library.can("iroutliner")
    assert (ours.whole, by_library.whole) == (False, True)
    assert spelled("function(loop(licm))", 19) == "function(loop-mssa(licm))"
    assert spelled("", 19) == ""


# --- which one ----------------------------------------------------------------------------------------


def tree(root: Path, found: library.FoundLibrary, version: str = "") -> Path:
    """An `opt` in `root/bin` that is the installed one; `version` is what it says instead of its own."""
    program = root / "bin" / "opt"
    program.parent.mkdir(parents=True)
    say = f'[ "$1" = --version ] && echo "LLVM version {version}" && exit 0\n' if version else ""
    program.write_text(f'#!/bin/sh\n{say}exec "{found.opt.path}" "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    return program


@pytest.mark.parametrize(
    ("version", "place"),
    [
        ("16.0.6", "lib/libLLVM-16.so.1"),
        ("17.0.6", "lib/libLLVM-17.so"),
        ("18.1.8", "lib64/libLLVM.so.18.1"),
        ("19.1.7", "lib64/libLLVM.so.19.1"),
        ("20.1.8", "lib/libLLVM.so.20.1"),
        ("21.1.0", "lib/libLLVM.dylib"),
        ("22.1.0", "lib/libLLVM-22.dylib"),
    ],
)
def test_libraries_are_found_where_systems_put_them(
    installed: library.FoundLibrary, tmp_path: Path, version: str, place: str
) -> None:
    program = tree(tmp_path / "llvm", installed, version)
    assert library.find(str(program)) is None
    path = program.parents[1] / place
    path.parent.mkdir()
    path.write_text("a library")
    library._of.cache_clear()
    found = library.find(str(program))
    assert found is not None
    assert (found.path, found.opt.version) == (str(path.resolve()), version)


@pytest.mark.parametrize("what", ["garbage", "lacks functions", "another version"])
def test_a_library_that_cannot_be_used_gives_way_to_opt(
    llvm: LLVM, installed: library.FoundLibrary, tmp_path: Path, what: str
) -> None:
    version = installed.opt.version
    if what == "another version":
        version = f"{installed.opt.release}.1.99"
    program = tree(tmp_path, installed, version)
    path = tmp_path / "lib" / f"libLLVM.so.{'.'.join(version.split('.')[:2])}"
    path.parent.mkdir()
    if what == "garbage":
        path.write_bytes(b"\x7fELF" + bytes(100))
    elif what == "lacks functions":
        import _ctypes

        path.symlink_to(_ctypes.__file__)
    else:
        path.symlink_to(installed.path)
    compilers = Compilers(llvm, 1, str(program))
    compiler = compilers.of(example("checksum.ll"))
    assert isinstance(compiler, OptCompiler)
    assert [each.how for each in compiler.measure(example("checksum.ll").encode(), ["", OZ])] == [
        "measured"
    ] * 2
    compilers.close()


def test_the_library_is_used_where_it_can_be(llvm: LLVM, installed: library.FoundLibrary) -> None:
    compilers = Compilers(llvm, 1)
    compiler = compilers.of(example("checksum.ll"))
    assert isinstance(compiler, LibraryCompiler)
    assert compilers.of(example("eval/calls.raw.ll")) is compiler, "started once"
    assert installed.opt.version in compiler.name
    compilers.close()


def test_without_an_opt_llvmlite_compiles(llvm: LLVM, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(Compilers(llvm, 1, "/nowhere/opt").of(example("checksum.ll")), LlvmliteCompiler)
    monkeypatch.setattr(opt, "find", lambda setting=None: [])
    assert isinstance(Compilers(llvm, 1).of(example("checksum.ll")), LlvmliteCompiler)


def test_ir_that_the_installed_llvm_cannot_read_is_llvmlites(
    llvm: LLVM, installed: library.FoundLibrary, tmp_path: Path
) -> None:
    if installed.opt.release > 20:
        pytest.skip("the installed LLVM reads it")
    for setting in (None, str(tree(tmp_path, installed))):
        compilers = Compilers(llvm, 1, setting)
        assert isinstance(compilers.of(NEWER_IR), LlvmliteCompiler)
        assert not isinstance(compilers.of(example("checksum.ll")), LlvmliteCompiler)
        compilers.close()
    with pytest.raises(Unrunnable, match="newer `opt`"):
        OptCompiler(llvm, installed.opt).run(NEWER_IR, OZ)


def test_a_module_that_nobody_reads_is_refused(llvm: LLVM) -> None:
    compilers = Compilers(llvm, 1)
    with pytest.raises(LLVMRefused, match="try again"):
        compilers.of("define i32 @f( {")
    compilers.close()


class Slow(LlvmliteCompiler):
    """Late the first `times`."""

    def __init__(self, llvm: LLVM, times: int) -> None:
        super().__init__(llvm)
        self.name, self._times = "slow", times

    def measure(self, *given: Any, **more: Any) -> list[Measured]:
        self._times -= 1
        return (
            [Measured("late", why="no answer within 10 s")]
            if self._times >= 0
            else super().measure(*given, **more)
        )


@pytest.mark.parametrize("times", [1, 2])
def test_slowness_is_no_reason_for_another_llvm(
    llvm: LLVM, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    slow = Slow(llvm, times)
    compilers = Compilers(llvm, 1)
    monkeypatch.setattr(compilers, "_install", lambda: slow)
    if times == 1:
        assert compilers.of(example("checksum.ll")) is slow
    else:
        with pytest.raises(LLVMStopped, match="Try again"):
            compilers.of(example("checksum.ll"))
        assert compilers.of(example("checksum.ll")) is slow


def test_a_library_that_starts_late_is_waited_for(
    llvm: LLVM, installed: library.FoundLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once it took more than the time to start; for as long as the server lived, another LLVM measured then."""
    version = LibraryCompiler.version
    starts = iter(["late"])

    def late(self: LibraryCompiler) -> str:
        if next(starts, None):
            raise LLVMStopped("it does not start. Try again.")
        return version(self)

    monkeypatch.setattr(LibraryCompiler, "version", late)
    compilers = Compilers(llvm, 1)
    with pytest.raises(LLVMStopped, match="does not start"):
        compilers.of(example("checksum.ll"))
    assert isinstance(compilers.of(example("checksum.ll")), LibraryCompiler)
    compilers.close()


def test_a_worker_that_is_slow_once_is_asked_again(
    installed: library.FoundLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiler = LibraryCompiler(installed.path, installed.opt, 1)
    run, limits = compiler._pool.run, []

    def slow_once(*given: Any, limit_s: float, **more: Any) -> Any:
        limits.append(limit_s)
        if len(limits) == 1:
            raise WorkerTimedOut(limit_s)
        return run(*given, limit_s=limit_s, **more)

    monkeypatch.setattr(compiler._pool, "run", slow_once)
    assert compiler.version() == installed.opt.version
    assert limits[1] > limits[0]
    compiler.close()


def test_the_setting_chooses_llvmlite(llvm: LLVM, installed: library.FoundLibrary) -> None:
    assert isinstance(Compilers(llvm, 1, None, "llvmlite").of(example("checksum.ll")), LlvmliteCompiler)


@pytest.mark.parametrize("measure_with", ["installed", "llvmlite"])
def test_all_numbers_of_a_session_are_one_llvms(measure_with: str, installed: library.FoundLibrary) -> None:
    """Predictions, steps and sizes; of what llvmlite can run, since what it cannot is another's either way."""
    with LLVM(workers=1, measure_with=measure_with) as client:
        compilers = Compilers(client, 1, None, measure_with)
        session = Session(client, compilers)
        ir = example("checksum.ll")
        seen = {
            session.outline(ir).by,
            *(session.run_passes(ir, passes).by for passes in (OZ, "function(sroa,dce)")),
            session.dump_passes(ir, "function(sroa)", "checksum").by,
            session.of(ir).name,
        }
        version = installed.opt.version if measure_with == "installed" else "llvmlite"
        assert all(version in by for by in seen), seen
        functions = {each.name: each.bytes for each in session.outline(ir).functions}
        (measured,) = session.of(ir).measure(ir.encode(), [""], functions=True)
        assert functions == measured.functions
        compilers.close()


def test_what_the_installed_llvm_cannot_read_is_measured_by_llvmlite_and_that_is_said(
    installed: library.FoundLibrary, caplog: pytest.LogCaptureFixture
) -> None:
    if installed.opt.release > 20:
        pytest.skip("the installed LLVM reads it")
    with LLVM(workers=1) as client:
        compilers = Compilers(client, 1)
        session = Session(client, compilers)
        assert session.run_passes(NEWER_IR, OZ).by == session.outline(NEWER_IR).by == client.llvmlite_name()
        compilers.close()
