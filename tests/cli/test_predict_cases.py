"""`irlens predict` on modules from bug reports and other projects: what it measures, and what it says of the rest."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

STORES_A_BIT = """target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"

define i64 @sample(ptr %in, ptr %out) {
entry:
  %slot = alloca i8, align 1
  %p = load ptr, ptr %in, align 8
  %x = load i8, ptr %p, align 1
  %n = xor i8 %x, -1
  %m = and i8 %n, 31
  %lo = and i8 %m, 15
  %sh = lshr i8 %m, 1
  %hi = and i8 %sh, 15
  store i8 %hi, ptr %slot, align 1
  %q = load ptr, ptr %out, align 8
  %ne = icmp ne i8 %lo, %hi
  store i1 %ne, ptr %q, align 1
  ret i64 0
}
"""
"""llvm/llvm-project#71704"""

VECTOR_OF_POINTERS = """define void @v(i1 %X, ptr %Y) {
entry:
  br i1 %X, label %if, label %else
if:
  br label %else
else:
  %phi = phi ptr [ %Y, %entry ], [ null, %if ]
  %gep = getelementptr i8, ptr %phi, <2 x i64> zeroinitializer
  call void @take(<2 x ptr> %gep)
  ret void
}
declare void @take(<2 x ptr>)
"""
"""llvm/llvm-project#142522"""

ENDLESS_LOOP = """define void @w() {
bb:
  %c = icmp ugt i1 false, true
  br label %b1
b1:
  br label %b5
b5:
  %s = select i1 %c, i1 %c, i1 false
  br i1 %s, label %b5, label %b6
b6:
  br label %b6
}
"""
"""llvm/llvm-project#166369"""

TYPED_POINTERS = """; ModuleID = 'x.c'
source_filename = "x.c"
target datalayout = "e-m:e-i64:64-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

@a = common dso_local global i32 0, align 4

define dso_local i32 @main() #0 {
entry:
  %retval = alloca i32, align 4
  store i32 0, i32* %retval, align 4
  %0 = load i32, i32* @a, align 4
  ret i32 %0
}
attributes #0 = { nounwind uwtable }
"""
"""llvm/llvm-project#33987 (IR with i32*)"""

AMDGPU = """target triple = "amdgcn-amd-amdhsa"

define amdgpu_kernel void @k(ptr addrspace(1) %o, i32 %v) #0 {
  %id = call i32 @llvm.amdgcn.workitem.id.x()
  %g = getelementptr i32, ptr addrspace(1) %o, i32 %id
  store i32 %v, ptr addrspace(1) %g
  ret void
}
declare i32 @llvm.amdgcn.workitem.id.x()
attributes #0 = { nounwind "target-cpu"="gfx90a" }
"""
"""AMDGPU kernels (llvm/test/CodeGen/AMDGPU shape)"""

SUMMARY = """source_filename = "c.c"
target triple = "x86_64-alpine-linux-musl"
define i32 @go() {
  ret i32 0
}
^0 = module: (path: "c.o", hash: (0, 0, 0, 0, 0))
^1 = gv: (name: "go", summaries: (function: (module: ^0, flags: (linkage: external, visibility: default, notEligibleToImport: 1, live: 0, dsoLocal: 1, canAutoHide: 0, importType: definition), insts: 1))) ; guid = 123
^2 = blockcount: 0
"""  # noqa: E501
"""llir/llvm#183"""


def predict(folder: Path, ir: str, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON of the command on a file with this text."""
    (folder / "a.ll").write_text(ir)
    done = subprocess.run(
        [sys.executable, "-m", "irlens", "predict", "a.ll", "--json", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.stdout.count("\n") == 1, done.stdout + done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize(
    ("ir", "passes"),
    [
        (STORES_A_BIT, "default<O2>"),
        (VECTOR_OF_POINTERS, "simplifycfg"),
        (ENDLESS_LOOP, "simplifycfg"),
        (ENDLESS_LOOP, "default<O2>"),
        (AMDGPU, "instcombine"),
        (SUMMARY, "default<Oz>"),
    ],
)
def test_it_measures_every_function_and_gives_a_reason_for_what_it_cannot_check(
    tmp_path: Path, ir: str, passes: str
) -> None:
    code, report = predict(tmp_path, ir, "--passes", passes, "--no-model")
    assert code == 0
    assert all(function["measured"] for function in report["functions"])
    if report["guard"] is None:
        assert report["why_not_checked"]
    else:
        assert report["guard"]["broken"] == []
        assert all(unknown["why"] for unknown in report["guard"]["unknown"])
    if any(function["before"]["bytes"] is None for function in report["functions"]):
        assert report["why_no_bytes"]


def test_a_check_that_cannot_be_made_says_why_in_the_same_line(tmp_path: Path) -> None:
    (tmp_path / "t.ll").write_text(ENDLESS_LOOP)
    done = subprocess.run(
        [sys.executable, "-m", "irlens", "predict", "t.ll", "--passes", "simplifycfg", "--no-model"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    (line,) = [each for each in done.stdout.splitlines() if each.startswith("checked: ")]
    assert "1 could not be checked (" in line
    assert line.endswith(")")
    assert "no prediction: no model was asked" in done.stdout


def test_what_the_model_cannot_answer_is_no_failure_where_llvm_measured(tmp_path: Path) -> None:
    code, report = predict(tmp_path, TYPED_POINTERS, "--passes", "instcombine<max-iterations=1>,dce")
    [function] = report["functions"]
    assert function["predicted"] is None
    assert function["why_not_predicted"]
    assert (code == 0) == bool(function["measured"])
    code, report = predict(tmp_path, TYPED_POINTERS, "--passes", "instcombine", "--no-model")
    assert (code, report["functions"][0]["measured"]["instructions"]) == (0, 2)


def large_module(functions: int) -> str:
    """Each function calls the one before it."""
    one = """define i32 @f{n}(ptr %0, i32 %1) {{
  %3 = load i32, ptr %0, align 4
  %4 = add nsw i32 %3, %1
  %5 = add nsw i32 %4, 0
  %6 = icmp slt i32 %5, {n}
  br i1 %6, label %7, label %9

7:                                                ; preds = %2
  %8 = call i32 @f{before}(ptr %0, i32 %5)
  br label %9

9:                                                ; preds = %7, %2
  %10 = phi i32 [ %8, %7 ], [ %5, %2 ]
  ret i32 %10
}}
"""
    return "\n".join(one.format(n=n, before=max(0, n - 1)) for n in range(functions))


def test_one_function_of_a_module_of_12_000_is_measured_alone(tmp_path: Path) -> None:
    module = large_module(12_000)
    started = time.monotonic()
    code, report = predict(tmp_path, module, "--passes", "instcombine", "--function", "f11999", "--no-model")
    took = time.monotonic() - started
    assert code == 0
    [function] = report["functions"]
    assert function["before"]["instructions"] == 9
    assert function["measured"]["instructions"] == 8
    assert function["before"]["bytes"]
    assert report["guard"]["agreed"] == ["f11999"]
    assert report["notes"] == ["Run on f11999 alone: the passes work on one function at a time."]
    assert took < 30, "the whole module was compiled"


def test_the_diff_of_a_pass_that_takes_one_instruction_is_the_lines_that_held_it(tmp_path: Path) -> None:
    _, report = predict(
        tmp_path, large_module(3), "--passes", "instcombine", "--function", "f2", "--no-model"
    )
    [function] = report["functions"]
    before, after = (function[side]["ir"].split("\n") for side in ("before", "measured"))
    assert [line for line in before if line not in after] == [
        "  %5 = add nsw i32 %4, 0",
        "  %6 = icmp slt i32 %5, 2",
        "  %8 = call i32 @f1(ptr %0, i32 %5)",
        "  %10 = phi i32 [ %8, %7 ], [ %5, %2 ]",
    ]
    assert len([line for line in after if line not in before]) == 3
    _, report = predict(tmp_path, large_module(3), "--passes", "dce", "--function", "f2", "--no-model")
    [function] = report["functions"]
    assert function["before"]["ir"] == function["measured"]["ir"]
    assert function["before"]["ir"].startswith("define i32 @f2(ptr %0, i32 %1) {\n  %3 = load i32")


def test_passes_across_functions_of_a_large_module_say_what_they_were_run_on(tmp_path: Path) -> None:
    code, report = predict(
        tmp_path, large_module(3000), "--passes", "default<O2>", "--function", "f2999", "--no-model"
    )
    assert code == 0
    assert report["functions"][0]["measured"]
    assert report["notes"][0].startswith("Run on f2999 and ")
    assert "not on the whole module" in report["notes"][0]
    assert report["guard"] is None
    assert report["why_not_checked"] == "only a part of the module was run"


def test_a_function_without_a_name_is_measured_under_its_number(tmp_path: Path) -> None:
    ir = """@0 = private constant [2 x i32] [i32 1, i32 2]

define i32 @1(i64 %0) {
  %2 = and i64 %0, 1
  %3 = getelementptr [2 x i32], ptr @0, i64 0, i64 %2
  %4 = load i32, ptr %3
  %5 = load i32, ptr @0
  %6 = add i32 %4, %5
  ret i32 %6
}

define i32 @"a b"(i64 %0) noinline optnone {
  %2 = call i32 @1(i64 %0)
  ret i32 %2
}
"""
    code, report = predict(tmp_path, ir, "--passes", "instcombine", "--no-model")
    assert code == 0
    assert [function["name"] for function in report["functions"]] == ["1", "a b"]
    assert all(function["before"]["bytes"] and function["measured"]["ir"] for function in report["functions"])
    assert "a b is optnone: passes skip it. Compile with -Xclang -disable-O0-optnone." in report["notes"]
    for name in ("1", "@1"):
        code, report = predict(tmp_path, ir, "--passes", "instcombine", "--no-model", "--function", name)
        [function] = report["functions"]
        assert (code, report["guard"]["agreed"]) == (0, ["1"])  # what it reads in @0 is what is there
        assert function["measured"]["instructions"] < function["before"]["instructions"]
        assert function["measured"]["ir"].startswith("define i32 @1(i64 %0)")
