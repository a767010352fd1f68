"""`irlens check`: what LLVM finds wrong, one line a finding, as a compiler prints it."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from irlens.asm.dialect import detect
from irlens.assist.diagnose import diagnose_asm, diagnose_ir
from irlens.cli.console import say
from irlens.cli.inputs import ASM_SUFFIXES, IR_SUFFIXES, read_any
from irlens.cli.main import EXIT_DONE, EXIT_PARTLY, EXIT_UNUSABLE
from irlens.cli.tools import llvm_of, print_json
from irlens.errors import LLVMStopped, Unrunnable, UnusableInput
from irlens.ide.diagnostics import needs_preprocessor
from irlens.llvm.answers import Diagnostic
from irlens.llvm.client import LLVM
from irlens.llvm.runners import runnable_with


def run(arguments: argparse.Namespace) -> int:
    """Exit 1 where a file has an error, 2 where one could not be looked at."""
    files = _files(arguments.paths)
    found: list[tuple[str, Diagnostic]] = []
    unusable: list[str] = []
    skipped: list[str] = []
    runnable = runnable_with(arguments.opt)
    with llvm_of(arguments) as llvm:
        for path in files:
            try:
                text = read_any(path)
                if Path(path).suffix in IR_SUFFIXES:
                    looked = diagnose_ir(text, llvm, runnable=runnable)
                else:
                    looked = _look_at_asm(path, text, arguments.target, llvm, skipped)
                found += [(path, diagnostic) for diagnostic in looked]
            except (UnusableInput, LLVMStopped, Unrunnable) as error:
                unusable.append(str(error) if str(error).startswith(path) else f"{path}: {error}")
    _print(arguments, found, unusable, skipped)
    if unusable:
        return EXIT_UNUSABLE
    return EXIT_PARTLY if any(d.severity == "error" for _, d in found) else EXIT_DONE


def _files(paths: list[str]) -> list[str]:
    files: list[str] = []
    for path in paths:
        if os.path.isdir(path):
            suffixes = IR_SUFFIXES + ASM_SUFFIXES
            inside = sorted(p for p in Path(path).rglob("*") if p.suffix in suffixes and p.is_file())
            if not inside:
                raise UnusableInput(f"{path}: no .ll or .s file in this folder. Name a file.")
            files += map(str, inside)
        else:
            files.append(path)
    return files


def _look_at_asm(
    path: str, text: str, target: str | None, llvm: LLVM, skipped: list[str]
) -> list[Diagnostic]:
    if needs_preprocessor(path, text):
        skipped.append(
            f"{path}: not looked at: the C preprocessor has not read it. Run `gcc -E` on it first."
        )
        return []
    detection = detect(text, target)
    if detection.triple is None:
        # A guess would print false errors, which is worse than silence.
        skipped.append(f"{path}: not looked at: {detection.why}. Name its target with --target.")
        return []
    return diagnose_asm(text, detection.triple, llvm)


def _print(
    arguments: argparse.Namespace,
    found: list[tuple[str, Diagnostic]],
    unusable: list[str],
    skipped: list[str],
) -> None:
    if arguments.json:
        print_json(
            {
                "diagnostics": [
                    {
                        "path": path,
                        "line": d.line + 1,
                        "column": (d.column or 0) + 1,
                        "severity": d.severity,
                        "message": d.message,
                        "code": d.code,
                    }
                    for path, d in found
                ],
                "unusable": unusable,
                "skipped": skipped,
            }
        )
    else:
        for path, d in found:
            message = " ".join(d.message.split())
            say(f"{path}:{d.line + 1}:{(d.column or 0) + 1}: {d.severity}: {message} [{d.code}]")
    for line in unusable + skipped:
        say(f"irlens: {' '.join(line.split())}", file=sys.stderr)
