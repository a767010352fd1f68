"""The arguments of `irlens eval flags`, and those that one kind of the others has alone."""

from __future__ import annotations

import argparse
from typing import Any

from irlens.cli import engine_arguments


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
