"""Pass pipelines: what llvmlite expresses, what goes to an installed opt, what is said when neither can."""

from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from irlens.cancel import Cancelled, CancelToken
from irlens.errors import LLVMRefused, LLVMStopped, Unrunnable
from irlens.ir.pipeline import PipelineError, parse_pipeline
from irlens.llvm import opt, tools
from irlens.llvm.client import LLVM
from irlens.llvm.compilers import LlvmliteCompiler, OptCompiler
from irlens.llvm.plan import plan
from irlens.llvm.runners import runnable_with
from irlens.llvm.tools import ToolTimedOut, on_path, run_tool, version_of
from support.conditions import wait_until

X86 = "x86_64-unknown-linux-gnu"

IR = """define i32 @f(i32 %a, i32 %b) {
  %p = alloca i32
  store i32 %a, ptr %p
  %v = load i32, ptr %p
  %w = add i32 %v, %b
  ret i32 %w
}
define i32 @kept(i32 %a) noinline optnone {
  %p = alloca i32
  store i32 %a, ptr %p
  %v = load i32, ptr %p
  ret i32 %v
}
"""

NEWER_IR = "define void @f(ptr captures(none) %p) {\n  ret void\n}\n"
"""Only LLVM 21 and later read `captures(none)`."""


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as client:
        yield client


@pytest.fixture
def opt19() -> str:
    """The path of an installed opt 19. In CI its absence is a failure, elsewhere a reason to skip."""
    found = next((tool for tool in opt.find() if tool.release == 19 and tool.usable), None)
    if found is not None:
        return found.path
    missing = "opt 19 is not installed (on Debian and Ubuntu: apt-get install llvm-19)"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


def script(path: Path, body: str) -> str:
    path.write_text("#!/bin/sh\n" + body)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def fake_opt(path: Path, version: str, body: str = "cat") -> str:
    about = f"LLVM (http://llvm.org/):\\n  LLVM version {version}\\n"
    says = f'if [ "$1" = --version ]; then printf "{about}"; exit; fi'
    return script(path, f"{says}\n{body}\n")


# --- what llvmlite expresses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "default<O0>",
        "default<O3>",
        "module(default<Oz>)",
        "function(sroa,instcombine),globaldce",
        "sroa,simplifycfg",
        "function<eager-inv>(sroa)",
        "function(loop(loop-rotate))",
        "cgscc(argpromotion)",
    ],
)
def test_these_are_expressible(text: str) -> None:
    assert plan(parse_pipeline(text)).missing == ()


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("function(sroa,gvn)", ("gvn",)),
        ("function(loop(loop-rotate,loop-deletion))", ("loop(...) with 2 passes in turn",)),
        ("simplifycfg<no-hoist-common-insts>", ("simplifycfg<no-hoist-common-insts>",)),
        ("function(default<O2>)", ("default<O2>",)),
        ("nosuch,nosuch,inline", ("nosuch", "inline")),
    ],
)
def test_these_are_not_and_are_named(text: str, missing: tuple[str, ...]) -> None:
    assert plan(parse_pipeline(text)).missing == missing


@pytest.mark.parametrize("level", ["O0", "O1", "O2", "O3", "Os", "Oz"])
def test_every_default_level_runs_in_llvmlite(llvm: LLVM, level: str) -> None:
    run = llvm.run_passes(IR, f"default<{level}>")
    assert run.by.startswith("llvmlite")
    assert run.pipeline == f"default<{level}>"
    assert llvm.parse(run.ir).verified
    assert ("alloca" in run.ir.partition("@kept")[0]) == (level == "O0")
    kept = run.ir.partition("@kept")[2]
    assert "alloca" in kept, "optnone functions are left alone"


def test_size_levels_set_attributes_and_say_so(llvm: LLVM) -> None:
    small = llvm.run_passes(IR, "default<Oz>")
    assert "minsize" in small.ir
    (said,) = small.repairs
    assert "default<Oz> was run as default<O2> with optsize and minsize set on 1 function" in said
    (said,) = llvm.run_passes(small.ir, "default<Oz>").repairs
    assert "default<Oz> was run as default<O2> on functions that have optsize and minsize already" in said
    assert "minsize" not in llvm.run_passes(IR, "default<Os>").ir
    assert llvm.run_passes(IR, "default<O2>").repairs == ()


def test_passes_run_in_their_order(llvm: LLVM) -> None:
    before = llvm.outline(IR).functions[0].instructions
    promoted = llvm.run_passes(IR, "function(sroa)")
    spilled = llvm.run_passes(IR, "function(sroa,reg2mem)")
    assert llvm.outline(promoted.ir).functions[0].instructions < before
    assert llvm.outline(spilled.ir).instructions > llvm.outline(promoted.ir).instructions


def test_repairs_are_reported(llvm: LLVM) -> None:
    run = llvm.run_passes(IR, "loop(loop-rotate),module(default<O1>)")
    assert run.pipeline == "function(loop(loop-rotate)),module(default<O1>)"
    assert run.repairs


def test_a_malformed_pipeline_is_refused_with_a_column(llvm: LLVM) -> None:
    with pytest.raises(PipelineError) as error:
        llvm.run_passes(IR, "sroa(<)")
    assert error.value.column >= 0


def test_ir_that_does_not_parse_is_refused_with_its_place(llvm: LLVM) -> None:
    with pytest.raises(LLVMRefused) as refused:
        llvm.run_passes("define i32 @f() {\n  ret i32 %x\n}\n", "sroa")
    assert refused.value.diagnostics[0].line == 1


# --- opt ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["O0", "O1", "O2", "O3", "Os", "Oz"])
def test_every_default_level_runs_in_opt(opt19: str, level: str) -> None:
    with LLVM(workers=1, opt=opt19) as llvm:
        run = llvm.run_passes(IR, f"module(default<{level}>),function(gvn)")
        assert run.by.startswith("opt 19.")
        assert llvm.parse(run.ir).verified


def test_what_llvmlite_lacks_runs_in_opt(opt19: str) -> None:
    with LLVM(workers=1, opt=opt19) as llvm:
        run = llvm.run_passes(IR, "function(early-cse,loop-mssa(licm))")
        assert run.by.startswith("opt 19.")
        assert "load" not in run.ir.partition("@kept")[0]


def test_an_unknown_pass_is_named_with_a_suggestion(opt19: str) -> None:
    with LLVM(workers=1, opt=opt19) as llvm:
        with pytest.raises(Unrunnable, match=r"instcombin .*did you mean instcombine") as unrunnable:
            llvm.run_passes(IR, "function(instcombin)")
        assert unrunnable.value.passes == ("instcombin",)


def test_older_opt_gets_the_users_text_and_says_what_it_cannot_read(opt19: str) -> None:
    older = "define void @f(ptr nocapture %p) {\n  ret void\n}\n"
    with LLVM(workers=1, opt=opt19) as llvm:
        assert "nocapture" in llvm.run_passes(older, "early-cse").ir
        with pytest.raises(
            Unrunnable, match=r"opt 19\.\S+ cannot read this IR.*newer LLVM.*LLVM 22"
        ) as unrunnable:
            llvm.run_passes(NEWER_IR, "early-cse")
        assert unrunnable.value.passes == ("early-cse",)
        with pytest.raises(LLVMRefused) as refused:
            llvm.run_passes("define i32 @f() {\n  ret i32 %x\n}\n", "early-cse")
        assert refused.value.diagnostics[0].line == 1


GCOV = """define i32 @f() !dbg !4 {
  ret i32 1, !dbg !6
}
!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2}
!llvm.gcov = !{!3}
!0 = distinct !DICompileUnit(language: DW_LANG_C99, file: !1, emissionKind: FullDebug)
!1 = !DIFile(filename: "f.c", directory: "/")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = !{!"@PLACE@", !"@PLACE@", !0}
!4 = distinct !DISubprogram(name: "f", file: !1, type: !5, unit: !0, spFlags: DISPFlagDefinition)
!5 = !DISubroutineType(types: !{null})
!6 = !DILocation(line: 1, scope: !4)
"""


@pytest.mark.parametrize(
    "passes", ["insert-gcov-profiling", "function(dot-cfg)", "function(view-dom)", "nosuch"]
)
def test_what_may_not_run_runs_in_no_way(
    opt19: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, passes: str
) -> None:
    monkeypatch.chdir(tmp_path)
    precious = tmp_path / "authorized_keys"
    precious.write_text("my precious keys")
    ir = GCOV.replace("@PLACE@", str(precious))
    tool = opt.usable(opt19)
    assert tool is not None
    with LLVM(workers=1, opt=opt19) as llvm:
        for compiler in (OptCompiler(llvm, tool), LlvmliteCompiler(llvm)):
            with pytest.raises(Unrunnable, match="irlens does not run"):
                compiler.run(ir, passes)
            (measured,) = compiler.measure(ir.encode(), [passes])
            assert measured.how == "unrunnable"
            assert "irlens does not run" in measured.why
        with pytest.raises(Unrunnable, match="irlens does not run"):
            llvm.run_passes(ir, passes)
        with pytest.raises(Unrunnable, match="irlens does not run"):
            llvm.dump_passes(ir, passes, "f")
        for run in (opt.run, opt.dump):
            with pytest.raises(Unrunnable, match="irlens does not run"):
                run(tool, ir.encode(), passes, (), limit_s=10, memory_bytes=1 << 31)
    assert list(tmp_path.iterdir()) == [precious]
    assert precious.read_text() == "my precious keys"


def test_a_worker_that_is_asked_all_the_same_runs_no_pass_that_writes(tmp_path: Path, llvm: LLVM) -> None:
    steps = [{"methods": ["add_cfg_printer_pass"], "level": None, "attributes": []}]
    with pytest.raises(LLVMRefused, match="irlens does not call add_cfg_printer_pass"):
        llvm._job("run_steps", IR.encode(), {"steps": steps}, None, None)


def test_without_opt_the_missing_passes_are_named(llvm: LLVM, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opt, "_FOLDERS", ())
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(
        Unrunnable, match=r"llvmlite cannot run gvn, licm\. No LLVM `opt` is installed.*apt-get"
    ) as no:
        llvm.run_passes(IR, "function(sroa,gvn),function(loop-mssa(licm))")
    assert no.value.passes == ("gvn", "licm")


def test_the_newest_usable_opt_is_taken_and_the_others_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opt, "_FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    fake_opt(tmp_path / "opt", "14.0.6")
    fake_opt(tmp_path / "opt-17", "17.0.6")
    fake_opt(tmp_path / "opt-21", "21.1.0")
    script(tmp_path / "opt-20", "exit 1\n")
    found = opt.find()
    assert [tool.version for tool in found if tool.usable] == ["21.1.0", "17.0.6"]
    assert opt.usable() == found[0]
    refused = {Path(tool.path).name: tool.why_not for tool in found if not tool.usable}
    assert "14.0.6 is too old, irlens needs 16 to 22" in refused["opt"]
    assert set(refused) == {"opt", "opt-20"}


@pytest.mark.parametrize(("version", "words"), [("14.0.6", "too old"), ("23.1.0", "newer than irlens knows")])
def test_an_opt_in_the_setting_is_checked_too(llvm: LLVM, tmp_path: Path, version: str, words: str) -> None:
    path = fake_opt(tmp_path / "my-opt", version)
    with LLVM(workers=1, opt=path) as client, pytest.raises(Unrunnable, match=words):
        client.run_passes(IR, "gvn")
    with (
        LLVM(workers=1, opt=str(tmp_path / "nowhere")) as client,
        pytest.raises(Unrunnable, match="cannot be used"),
    ):
        client.run_passes(IR, "gvn")


def test_what_can_be_run_is_known_without_running_it(tmp_path: Path) -> None:
    nobody = runnable_with(str(tmp_path / "nowhere"))
    assert [
        name for name in ("sroa", "licm", "default<Oz>", "gvn", "function(", "abc<x>") if nobody(name)
    ] == [
        "sroa",
        "default<Oz>",
        "function(",  # malformed, which is said elsewhere
    ]
    old = runnable_with(fake_opt(tmp_path / "opt", "16.0.6"))
    assert old("gvn")
    assert not old("expand-variadics"), "LLVM 16 has no such pass"


def test_a_path_entry_that_is_not_absolute_chooses_no_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_opt(tmp_path / "opt", "19.1.7")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ".")
    assert on_path(["opt"]) == []


def test_an_opt_that_hangs_dies_or_fails_is_told_apart(tmp_path: Path) -> None:
    hangs = opt.Opt(fake_opt(tmp_path / "a", "19.1.7", "sleep 60"), "19.1.7")
    dies = opt.Opt(
        fake_opt(tmp_path / "b", "19.1.7", 'echo "LLVM ERROR: broken" >&2; kill -ABRT $$'), "19.1.7"
    )
    fails = opt.Opt(fake_opt(tmp_path / "c", "19.1.7", 'echo "c: no good" >&2; exit 1'), "19.1.7")
    gone = opt.Opt(str(tmp_path / "gone"), "19.1.7")
    run = {"limit_s": 0.3, "memory_bytes": 0}
    with pytest.raises(LLVMStopped, match=r"opt 19\.1\.7 timed out after 0\.3 s"):
        opt.run(hangs, b"", "gvn", **run)
    with pytest.raises(LLVMStopped, match="LLVM ERROR: broken"):
        opt.run(dies, b"", "gvn", **run)
    with pytest.raises(LLVMRefused, match="no good"):
        opt.run(fails, b"", "gvn", **run)
    with pytest.raises(Unrunnable, match="cannot be started"):
        opt.run(gone, b"", "gvn", **run)


def test_a_tool_is_killed_on_cancel_with_what_it_started(tmp_path: Path) -> None:
    token, seconds = CancelToken(), "61.73"
    script = tmp_path / "tool"
    script.write_text(f"#!/bin/sh\nsleep {seconds} & sleep {seconds}\n")
    script.chmod(0o755)

    def sleepers() -> list[psutil.Process]:
        return [
            each for each in psutil.process_iter(["cmdline"]) if each.info["cmdline"] == ["sleep", seconds]
        ]

    def cancel_once_it_runs() -> None:
        wait_until(lambda: len(sleepers()) == 2)
        token.cancel()

    waiting = threading.Thread(target=cancel_once_it_runs)
    waiting.start()
    with pytest.raises(Cancelled):
        run_tool([str(script)], b"x" * (1 << 20), limit_s=60, cancel=token)
    waiting.join()
    wait_until(lambda: not sleepers())
    with pytest.raises(ToolTimedOut):
        run_tool([str(script)], b"x" * (1 << 20), limit_s=0.1)
    wait_until(lambda: not sleepers())


def test_what_a_pipeline_took_is_given_back(llvm: LLVM) -> None:
    """llvmlite's pass managers free nothing by themselves, 30 KB for each default pipeline."""
    for _ in range(40):
        llvm.run_passes(IR, "default<O2>")
    [pid] = llvm.worker_pids()
    before = psutil.Process(pid).memory_info().rss
    for _ in range(200):
        llvm.run_passes(IR, "default<O2>")
    assert llvm.worker_pids() == (pid,)
    assert psutil.Process(pid).memory_info().rss - before < 3 << 20


def program(folder: Path, script: str) -> str:
    path = folder / "opt"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_version_of_thousands_of_digits_is_none(tmp_path: Path) -> None:
    path = program(tmp_path, f"echo 'LLVM version {'9' * 5_000}.1.0'")
    assert version_of(path)[0] == ""
    assert not opt.find(path)[0].usable


def test_a_program_that_hangs_is_waited_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "_VERSION_LIMIT_S", 0.5)
    path = program(tmp_path, f"echo asked >> {tmp_path}/asked\nexec sleep 100")
    began = time.monotonic()
    said = [version_of(path) for _ in range(20)]
    assert len(set(said)) == 1
    assert said[0][0] == ""
    assert "cannot be run" in said[0][1]
    assert time.monotonic() - began < 30


def test_a_program_that_prints_without_end_is_ended(tmp_path: Path) -> None:
    assert version_of(program(tmp_path, "exec yes"))[0] == ""
