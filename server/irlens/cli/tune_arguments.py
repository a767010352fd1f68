"""The arguments of `irlens tune`: kept apart, for there are many. Nothing heavy is imported here."""

from __future__ import annotations

import argparse
from typing import Any


def add(commands: Any, command: Any, add_engine: Any, add_programs: Any) -> None:
    """Add the command to `commands`, by `command` as the others are made, with the options of models and programs."""
    tune = command(
        commands,
        "tune",
        "irlens tune PATH... [-o OUT] [OPTIONS]",
        "Search the pass list that makes each module smallest, measured, within a budget.\n"
        "A run that was stopped goes on where it was when it is started again.",
        "Examples:\n"
        "  irlens tune x.ll -o small.ll             one module, the smallest form written\n"
        "  irlens tune build/ --report sizes.html   every .ll below a folder, with a report\n"
        "  irlens tune build/ --fail-over 2         for CI: fail where 2 % can be saved\n"
        "  clang -Oz -emit-llvm -S -o - x.c | irlens tune -\n\n"
        "Exit codes: 0 done, 1 a module could not be tuned or --fail-over says so, 2 unusable input,\n"
        "130 interrupted (what was found is kept). The manual is docs/tuning.md.",
    )
    tune.add_argument(
        "paths", nargs="+", metavar="PATH", help=".ll files, folders to look through, or - for standard input"
    )
    tune.add_argument(
        "-o", "--output", metavar="OUT", help="write the smallest module here; of a folder, into this folder"
    )
    tune.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    _add_search(tune)
    _add_reports(tune)
    add_engine(tune)
    add_programs(tune, "whose library measures")


def _add_search(tune: argparse.ArgumentParser) -> None:
    search = tune.add_argument_group("the search")
    search.add_argument(
        "--budget", type=_whole(0), default=200, metavar="N", help="compilations a module (default 200)"
    )
    search.add_argument(
        "--seconds", type=_seconds, default=30.0, metavar="S", help="of search, a module (default 30)"
    )
    search.add_argument("--seed", type=_whole(0), default=0, metavar="N", help="of the search (default 0)")
    search.add_argument(
        "--jobs", type=_whole(0), default=0, metavar="J", help="processes that compile (default one a core)"
    )
    search.add_argument(
        "--objective",
        choices=("size", "instructions", "cycles"),
        default="size",
        help="what is made small: bytes of the object, IR instructions, cycles as llvm-mca estimates them "
        "(default size)",
    )
    search.add_argument(
        "--codegen",
        choices=("build", "paper"),
        default="build",
        help="code generation to measure with: as a build with -Oz does, or -O0 as the paper (default build)",
    )
    search.add_argument("--no-model", action="store_true", help="ask no model for lists")
    search.add_argument(
        "--no-cache", action="store_true", help="neither use nor keep results of earlier compilations"
    )
    search.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="compile on the dask.distributed cluster of this scheduler, for example tcp://host:8786 "
        "(needs irlens[cluster] here and on its workers). Name only a scheduler that you trust: dask unpickles what "
        "it sends, so whoever runs it, or can change what it sends, can run programs here as you",
    )


def _add_reports(tune: argparse.ArgumentParser) -> None:
    reports = tune.add_argument_group("what is written")
    reports.add_argument("--report", metavar="OUT.html", help="write a report: one file, needs no network")
    reports.add_argument(
        "--sarif",
        nargs="?",
        const="-",
        metavar="FILE",
        help="write SARIF 2.1.0, one result for each module that can be smaller (no FILE: to stdout)",
    )
    reports.add_argument(
        "--fail-over",
        type=_percent,
        metavar="PERCENT",
        help="exit 1 where a module, with -Oz or as it is, is more than PERCENT larger than the best found",
    )
    reports.add_argument(
        "--reproducer",
        metavar="DIR",
        help="write there how to see again what crashed, hung or was not to be trusted",
    )


def _whole(least: int) -> Any:
    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if number < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least {least}")
        return number

    return read


def _seconds(text: str) -> float:
    number = _number(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return number


def _percent(text: str) -> float:
    number = _number(text.removesuffix("%"))
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a percentage of at least 0, for example 1.5")
    return number


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
