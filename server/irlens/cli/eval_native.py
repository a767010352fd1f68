"""`irlens eval native FILE.c`: verdicts beside native runs."""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

from irlens.cli.eval_progress import output_of
from irlens.cli.main import EXIT_DONE, EXIT_PARTLY
from irlens.cli.tools import Progress, clear_progress, print_json, tools_of
from irlens.errors import UnusableInput
from irlens.evals.native.corpus import read
from irlens.evals.native.run import Configuration, compilers, evaluate, table
from irlens.files import read_regular

_MOST_BYTES = 16 << 20


def run_native(arguments: argparse.Namespace) -> int:
    """Exit 1 where a verdict was false."""
    if os.uname().machine != "x86_64" or not shutil.which("objcopy"):
        raise UnusableInput("Native runs need an x86-64 machine with gcc and binutils. Run it on one.")
    path = Path(arguments.cases)
    try:
        text = read_regular(path, _MOST_BYTES).decode("utf-8", "replace")
    except OSError as error:
        raise UnusableInput(
            f"{path}: it cannot be read ({error.strerror or error}). Name a C file."
        ) from error
    corpus = read(text)
    if not corpus.functions:
        raise UnusableInput(
            f"{path}: no function was found. docs/evaluation.md says how such a file is written."
        )
    names = arguments.compilers or compilers()
    if not names or not all(map(shutil.which, (*names, "gcc"))):
        raise UnusableInput("gcc or a compiler that was named is not installed. Install it, or name others.")
    configurations = [Configuration(name, f"-O{level}") for level in arguments.levels for name in names]
    folder = output_of(arguments)
    progress = Progress()
    with tools_of(arguments, arguments.jobs or os.cpu_count() or 1) as tools:
        rows = evaluate(
            corpus,
            configurations,
            tools,
            count=arguments.n,
            seed=arguments.seed,
            jobs=arguments.jobs or os.cpu_count() or 1,
            debug=arguments.debug_information,
            output=folder / "native.jsonl" if folder is not None else None,
            tell=lambda done, of, what: progress(f"{done} of {of}: {what}", done / max(of, 1)),
        )
    clear_progress()
    if arguments.json:
        print_json({"left_out": corpus.left_out, "functions": rows})
    else:
        print(table(rows))
        for row in rows:
            if row["native"] not in ("", "same"):
                print(
                    f"{row['configuration']} {row['function']}: {row['verdict']}, {row['native']}: {row['what']}"
                )
    return EXIT_PARTLY if any(row["native"] == "differs" for row in rows) else EXIT_DONE
