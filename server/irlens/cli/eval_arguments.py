"""The arguments of `irlens eval`."""

from __future__ import annotations

import argparse
from typing import Any

from irlens.cli import engine_arguments


def add(
    evaluate: argparse.ArgumentParser, programs: argparse.ArgumentParser, as_json: argparse.ArgumentParser
) -> None:
    """Add the kinds of evaluation to the command; the last two are what they have in common with other commands."""
    kinds = evaluate.add_subparsers(
        dest="what",
        prog="irlens eval",
        required=True,
        metavar="lift|predict|lists|tune|flags|native|transplant",
    )
    of_kind = {"lift": ".s files with their .ll", "predict": ".raw.ll files", "lists": ".raw.ll files"}
    for what, files in of_kind.items():
        good_at = "naming pass lists" if what == "lists" else f"`irlens {what}`"
        kind = kinds.add_parser(what, parents=[as_json], help=f"how good models are at {good_at}")
        kind.add_argument(
            "cases",
            metavar="CASES",
            help=f"a folder of {files}, or the .jsonl that `python -m irlens.training.heldout` writes",
        )
        kind.add_argument(
            "--model",
            dest="models",
            action="append",
            metavar="MODEL",
            help=f"model to measure: {engine_arguments.MODEL_HELP}; several are measured side by side (default: "
            "the embedded one)",
        )
        engine_arguments.add(kind, one_model=False)
        kind.add_argument("-n", type=int, default=1000, help="functions, a seeded sample (default 1000)")
        kind.add_argument("--seed", type=int, default=1, help="of the sample (default 1)")
        kind.add_argument("--longest", type=int, default=64, help="IR instructions (default 64)")
        kind.add_argument("--candidates", type=int, default=16, metavar="N", help="for lift (default 16)")
        kind.add_argument("--no-emulator", action="store_true", help="for lift: leave out the rung `agrees`")
        kind.add_argument("--no-mending", action="store_true", help="for lift: mend no answer (quicker)")
        kind.add_argument(
            "--output", metavar="DIR", help="write a JSON and a CSV there; a run that was stopped goes on"
        )
        if what == "predict":
            add_passes(kind)
        kind.set_defaults(opt=None, assembler=None, measure_with="installed")
    _add_tune(kinds, programs, as_json)
    add_flags(kinds, programs, as_json)
    _add_native(kinds, programs, as_json)
    _add_transplant(kinds, programs, as_json)


def _add_native(kinds: Any, *parents: argparse.ArgumentParser) -> None:
    native = kinds.add_parser(
        "native", parents=parents, help="verdicts beside native runs, by the functions' own C prototypes"
    )
    native.add_argument("cases", metavar="FILE.c", help="C functions, written as docs/evaluation.md says")
    native.add_argument(
        "--compilers",
        nargs="+",
        metavar="NAME",
        help="programs such as gcc and clang-19 (default: those at hand)",
    )
    native.add_argument(
        "--levels", nargs="+", default=["0", "1", "2", "s"], metavar="N", help="(default 0 1 2 s)"
    )
    native.add_argument(
        "--debug-information",
        action="store_true",
        help="lift assembly that has it, and so says the prototypes (-g)",
    )
    native.add_argument("-n", type=int, default=0, help="functions, a seeded sample (default all)")
    native.add_argument("--seed", type=int, default=1, help="of the sample (default 1)")
    native.add_argument("--jobs", type=int, default=0, help="functions at a time (default one a core)")
    native.add_argument(
        "--output", metavar="DIR", help="write a row for each function there; a run that was stopped goes on"
    )


def _add_transplant(kinds: Any, *parents: argparse.ArgumentParser) -> None:
    transplant = kinds.add_parser(
        "transplant",
        parents=parents,
        help="programs whose functions are replaced by lifts, and their own tests",
    )
    transplant.add_argument("programs", nargs="*", metavar="PROGRAM", help="bzip2, lz4, ... (default all)")
    transplant.add_argument("--compiler", default="gcc", metavar="NAME", help="(default gcc)")
    transplant.add_argument("--level", default="2", metavar="N", help="(default 2)")
    transplant.add_argument("-n", type=int, default=0, help="functions, a seeded sample (default all)")
    transplant.add_argument("--seed", type=int, default=1, help="of the sample (default 1)")
    transplant.add_argument("--jobs", type=int, default=0, help="functions at a time (default one a core)")
    transplant.add_argument(
        "--output",
        metavar="DIR",
        help="sources, lifts and builds; a run that was stopped goes on (default work/transplant)",
    )


def add_passes(predict: argparse.ArgumentParser) -> None:
    """Which pipelines `irlens eval predict` asks about."""
    predict.add_argument(
        "--passes",
        choices=("fixed", "random"),
        default="fixed",
        help="of a folder's functions: ten pipelines in turn, or random lists as in the paper (default fixed)",
    )


def add_flags(kinds: Any, *parents: argparse.ArgumentParser) -> None:
    """Add `flags` to the kinds of evaluation."""
    flags = kinds.add_parser(
        "flags", parents=parents, help="flag tuning of whole modules, as the LLM Compiler paper's Table 3"
    )
    flags.add_argument(
        "cases", metavar="DIR", help="a folder of modules (.ll), as clang gives them to its passes"
    )
    flags.add_argument(
        "--model",
        dest="models",
        action="append",
        metavar="MODEL",
        help=f"model to measure: {engine_arguments.MODEL_HELP}; several are measured side by side, on the units of the "
        "first (default: the embedded one)",
    )
    engine_arguments.add(flags, one_model=False)
    flags.add_argument(
        "--prompt-limit", type=int, default=15_000, metavar="N", help="tokens of a prompt (default 15000)"
    )
    flags.add_argument(
        "--split",
        choices=("auto", "always", "never"),
        default="auto",
        help="ask about each function by itself: where the module does not fit, of all, of none (default auto)",
    )
    flags.add_argument("--codegen", choices=("paper", "build"), default="paper", help="(default paper)")
    flags.add_argument("-n", type=int, default=0, help="modules, a seeded sample (default all)")
    flags.add_argument("--seed", type=int, default=1, help="of the sample (default 1)")
    flags.add_argument(
        "--output", metavar="DIR", help="write a JSON and a CSV there; a run that was stopped goes on"
    )


def _add_tune(kinds: Any, *parents: argparse.ArgumentParser) -> None:
    searches = kinds.add_parser("tune", parents=parents, help="our search beside others, at equal budgets")
    searches.add_argument(
        "cases", metavar="DIR", help="a folder of modules (.ll), as clang gives them to its passes"
    )
    engine_arguments.add(searches)
    searches.add_argument("--no-model", action="store_true", help="search without one")
    searches.add_argument("--codegen", choices=("paper", "build"), default="paper", help="(default paper)")
    searches.add_argument(
        "--strategies",
        nargs="+",
        choices=("fixed", "random", "genetic", "ours"),
        metavar="NAME",
        help="fixed, random, genetic, ours (default all)",
    )
    searches.add_argument(
        "--budgets", default="24,200,1000", metavar="N,N", help="compilations a module (default 24,200,1000)"
    )
    searches.add_argument(
        "--random-to", type=int, default=0, metavar="N", help="random search with this budget too"
    )
    searches.add_argument("-n", type=int, default=0, help="modules, a seeded sample (default all)")
    searches.add_argument("--seed", type=int, default=1, help="of sample and searches (default 1)")
    searches.add_argument("--jobs", type=int, default=0, help="modules at a time (default one a core)")
    searches.add_argument(
        "--output", metavar="DIR", help="write a JSON and a CSV there; a run that was stopped goes on"
    )
