"""`irlens check`: what LLVM finds wrong, one line a finding, as a compiler prints it."""

from __future__ import annotations

import argparse
import os
import shutil
import sys

from irlens import files
from irlens.asm.dialect import detect
from irlens.assist.diagnose import NOT_READ, diagnose_asm, diagnose_ir
from irlens.cli import colors, streams
from irlens.cli.carets import excerpt
from irlens.cli.colors import Paint
from irlens.cli.console import say
from irlens.cli.inputs import ASM_SUFFIXES, IR_SUFFIXES, is_asm, read_any, why_not_read
from irlens.cli.main import EXIT_DONE, EXIT_PARTLY, EXIT_UNUSABLE
from irlens.cli.tools import llvm_of, print_json
from irlens.errors import LLVMStopped, Unrunnable, UnusableInput
from irlens.ide.diagnostics import needs_preprocessor, unprocessed
from irlens.llvm.answers import Diagnostic
from irlens.llvm.client import LLVM
from irlens.llvm.runners import runnable_with
from irlens.source.snapshot import split_lines


def run(arguments: argparse.Namespace) -> int:
    """Exit 1 where a file has an error, 2 where one could not be looked at."""
    paths = _files(arguments.paths)
    streams.refuse_twice(paths)
    found: list[tuple[str, Diagnostic]] = []
    lines: dict[str, tuple[str, ...]] = {}
    unusable: list[str] = []
    skipped: list[str] = []
    runnable = runnable_with(arguments.opt)
    with llvm_of(arguments) as llvm:
        for path in paths:
            name = streams.shown(path)
            try:
                text = read_any(path)
                if is_asm(path, text):
                    looked = _look_at_asm(name, text, arguments.target, llvm, skipped)
                else:
                    looked = diagnose_ir(text, llvm, runnable=runnable)
                skipped += [f"{name}: skipped: {each.message}" for each in looked if each.code == NOT_READ]
                found += [(name, each) for each in looked if each.code != NOT_READ]
                if looked:
                    lines[name] = tuple(split_lines(text))
            except (UnusableInput, LLVMStopped, Unrunnable) as error:
                unusable.append(str(error) if str(error).startswith(name) else f"{name}: {error}")
    _print(arguments, found, lines, unusable, skipped)
    if unusable:
        return EXIT_UNUSABLE
    return EXIT_PARTLY if any(d.severity == "error" for _, d in found) else EXIT_DONE


def _files(paths: list[str]) -> list[str]:
    found: list[str] = []
    for path in paths:
        if os.path.isdir(path):
            inside = files.inside(path, IR_SUFFIXES + ASM_SUFFIXES)
            if not inside:
                raise UnusableInput(f"{path}: no .ll or .s file in this folder. Name a file.")
            found += map(str, inside)
        else:
            found.append(path)
    return found


def _look_at_asm(
    path: str, text: str, target: str | None, llvm: LLVM, skipped: list[str]
) -> list[Diagnostic]:
    detection = detect(text, target)
    if detection.kind != "other" and (detection.kind == "preprocess" or needs_preprocessor(path, text)):
        skipped.append(f"{path}: skipped: {unprocessed(path)}")
        return []
    if detection.triple is None:
        # A guess would print false errors, which is worse than silence.
        skipped.append(f"{path}: skipped: {why_not_read(detection)}")
        return []
    return diagnose_asm(text, detection.triple, llvm)


def _print(
    arguments: argparse.Namespace,
    found: list[tuple[str, Diagnostic]],
    lines: dict[str, tuple[str, ...]],
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
        shows_lines = sys.stdout.isatty() or colors.wanted(sys.stdout)
        for path, d in found:
            message = " ".join(d.message.split())
            place = Paint(f"{path}:{d.line + 1}:{(d.column or 0) + 1}:", "bold")
            say(place, " ", colors.severity(d.severity), f": {message} [{d.code}]")
            if shows_lines and d.line < len(lines[path]):
                _print_line(lines[path][d.line], d)
    for line in unusable + skipped:
        say(f"irlens: {' '.join(line.split())}", file=sys.stderr)


def _print_line(line: str, diagnostic: Diagnostic) -> None:
    width = shutil.get_terminal_size().columns - 1
    text, under = excerpt(line, diagnostic.column, diagnostic.end_column, width)
    say(text)
    if under:
        say(Paint(under, "caret"))
