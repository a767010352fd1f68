"""`irlens eval flags`: flag tuning of a folder of modules, one or several models side by side."""

from __future__ import annotations

import argparse
import os
import random
from contextlib import ExitStack
from pathlib import Path

from irlens.assist.witness import Witness
from irlens.cli.eval_progress import interrupted, output_of
from irlens.cli.main import EXIT_DONE
from irlens.cli.tools import Progress, clear_progress, open_model, print_json, tools_of
from irlens.errors import UnusableInput
from irlens.evals import flags
from irlens.evals.flags_cases import units_of
from irlens.evals.tune import read_module_cases
from irlens.folders import cache_folder
from irlens.llvm.compilers import Compilers
from irlens.tuning.cache import Cache


def run_flags(arguments: argparse.Namespace) -> int:
    """Exit 0 where every unit was asked about, whatever the models answered."""
    if arguments.n < 0 or arguments.prompt_limit < 1:
        raise UnusableInput("-n or --prompt-limit is no usable number. Give a positive one.")
    cases = read_module_cases(Path(arguments.cases))
    if arguments.n:
        random.Random(arguments.seed).shuffle(cases)
        cases = sorted(cases[: arguments.n], key=lambda case: case.name)
    output = output_of(arguments)
    progress = Progress()
    with ExitStack() as stack:
        tools = stack.enter_context(tools_of(arguments, os.cpu_count() or 1))
        compilers = Compilers(tools.llvm, os.cpu_count() or 1, arguments.opt)
        stack.callback(compilers.close)
        models = [
            stack.enter_context(open_model(name, arguments)) for name in arguments.models or ["embedded"]
        ]
        for model in models:
            model.load()
        cache = Cache(cache_folder() / "tune.sqlite")  # of what the suite said; sizes are measured anew
        stack.callback(cache.close)
        bench = flags.Bench(
            compilers.of, tools, Witness(tools), cache, arguments.codegen, arguments.prompt_limit
        )
        try:
            units = units_of(
                cases,
                models[0],
                limit=arguments.prompt_limit,
                split=arguments.split,
                tell=lambda message: progress(message, None),
            )
            report = flags.evaluate(
                units,
                [*models, *flags.BASELINES],
                bench,
                output=output,
                about={"split": arguments.split, "units_by": models[0].info().name},
                progress=progress,
            )
        except KeyboardInterrupt:
            return interrupted(output)
    clear_progress()
    if arguments.json:
        print_json(report)
    else:
        print(flags.as_table(report))
    return EXIT_DONE
