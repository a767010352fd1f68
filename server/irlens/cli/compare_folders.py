"""`irlens compare DIR DIR`: file by file and function by function, with a summary."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from dataclasses import dataclass

from irlens.assist.compare import pairs_of_two
from irlens.assist.words import counted, some
from irlens.cli import compare as files
from irlens.cli.console import say
from irlens.cli.inputs import ASM_SUFFIXES, IR_SUFFIXES
from irlens.cli.main import EXIT_DONE, EXIT_PARTLY
from irlens.cli.tools import clear_progress, print_json
from irlens.errors import IrlensError, UnusableInput
from irlens.files import inside


@dataclass(frozen=True)
class Couple:
    """A file of each folder: where they are below it, and their paths."""

    inside: str
    a: str
    b: str


def run_folders(arguments: argparse.Namespace, bench: files.Bench) -> int:
    """Exit 1 where a function does not agree, it cannot be told, or a file cannot be worked on."""
    if arguments.function:
        raise UnusableInput("--function is about two files. Give files, or leave it out.")
    couples, only_in_a, only_in_b = couples_of(arguments.a, arguments.b)
    reports: list[dict[str, object]] = []
    outcomes: list[str] = []
    unusable = 0
    for couple in couples:
        try:
            left, right = (files.side_of(path, arguments.target) for path in (couple.a, couple.b))
            if not left.functions and not right.functions:
                continue
            answer = files.compare_files(left, right, pairs_of_two(left, right, None, bench.renamed), bench)
        except IrlensError as error:
            unusable += 1
            reports.append({"a": couple.a, "b": couple.b, "error": str(error)})
            if not arguments.json:
                clear_progress()
                where = "" if str(error).startswith((couple.a, couple.b)) else f"{couple.inside}: "
                say(f"irlens: {where}{' '.join(str(error).split())}", file=sys.stderr)
            continue
        outcomes += [each.agreement.outcome for each in answer.functions]
        reports.append({"a": couple.a, "b": couple.b, **files.as_json(answer)})
        if not arguments.json:
            clear_progress()
            say(f"{couple.inside}:")
            for each in answer.functions:
                files.print_one(each, left, right, "  ")
            files.print_missing(answer, left, right, "  ")
    if arguments.json:
        counts = {outcome: outcomes.count(outcome) for outcome in ("agrees", "disagrees", "unknown")}
        print_json(
            {
                "a": arguments.a,
                "b": arguments.b,
                "files": reports,
                "only_in_a": only_in_a,
                "only_in_b": only_in_b,
                "summary": {"files": len(couples), "unusable": unusable, **counts},
            }
        )
    else:
        _print_end(arguments, len(couples), unusable, outcomes, only_in_a, only_in_b)
    return EXIT_DONE if not unusable and set(outcomes) <= {"agrees"} else EXIT_PARTLY


def couples_of(a: str, b: str) -> tuple[list[Couple], list[str], list[str]]:
    """The files of both folders by their path in them: those of one name, else those of one name but for the suffix, where
    each side has one. And the files that only one folder has. Raises `UnusableInput` where nothing can be compared."""
    mine, its = _files(a), _files(b)
    theirs = set(its)
    found = {name: name for name in mine if name in theirs}
    rest_of_a = [name for name in mine if name not in found]
    rest_of_b = [name for name in its if name not in found]
    stems_of_a, stems_of_b = (Counter(map(_stem, rest)) for rest in (rest_of_a, rest_of_b))
    by_stem = {_stem(name): name for name in rest_of_b}
    for name in rest_of_a:
        stem = _stem(name)
        if stems_of_a[stem] == 1 == stems_of_b[stem]:
            found[name] = by_stem[stem]
    if not found:
        raise UnusableInput(
            f"{a} and {b} have no file of one name to compare (.ll, .s, .S, .asm). Give two files instead."
        )
    couples = [
        Couple(
            name if name == found[name] else f"{name} -> {found[name]}",
            os.path.join(a, name),
            os.path.join(b, found[name]),
        )
        for name in mine
        if name in found
    ]
    taken = set(found.values())
    return couples, [name for name in mine if name not in found], [name for name in its if name not in taken]


def _files(folder: str) -> list[str]:
    return [str(path.relative_to(folder)) for path in inside(folder, IR_SUFFIXES + ASM_SUFFIXES)]


def _stem(name: str) -> str:
    return os.path.splitext(name)[0]


def _print_end(
    arguments: argparse.Namespace,
    couples: int,
    unusable: int,
    outcomes: list[str],
    only_in_a: list[str],
    only_in_b: list[str],
) -> None:
    for folder, names in ((arguments.a, only_in_a), (arguments.b, only_in_b)):
        if names:
            say(f"not compared, only in {folder}: {some(names)}")
    failed = f", {counted(unusable, 'file')} could not be compared" if unusable else ""
    say()
    say(f"{counted(couples, 'file')}, ", *files.summary(outcomes), failed)
