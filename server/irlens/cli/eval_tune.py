"""`irlens eval tune`: searches side by side on a folder of modules."""

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
from irlens.evals import tune
from irlens.llvm.compilers import Compilers


def run_tune(arguments: argparse.Namespace) -> int:
    """Exit 0 where every module was searched, whatever came of it."""
    try:
        budgets = [int(part) for part in arguments.budgets.split(",")]
    except ValueError:
        budgets = []
    if not budgets or min(budgets) < 1 or min(arguments.n, arguments.random_to, arguments.jobs) < 0:
        raise UnusableInput(
            "--budgets, -n, --random-to or --jobs is no usable number. Give numbers such as 24,200."
        )
    cases = tune.read_module_cases(Path(arguments.cases))
    if arguments.n:
        random.Random(arguments.seed).shuffle(cases)
        cases = sorted(cases[: arguments.n], key=lambda case: case.name)
    output = output_of(arguments)
    jobs = arguments.jobs or os.cpu_count() or 1
    with ExitStack() as stack:
        tools = stack.enter_context(tools_of(arguments))
        compilers = Compilers(tools.llvm, jobs, arguments.opt, arguments.measure_with)
        stack.callback(compilers.close)
        model = (
            None
            if arguments.no_model
            else stack.enter_context(open_model(arguments.model, arguments, "tune"))
        )
        if model is not None:
            model.load()
        try:
            report = tune.evaluate(
                cases,
                model,
                compilers.of,
                Witness(tools),
                codegen=arguments.codegen,
                budgets=budgets,
                random_to=arguments.random_to,
                strategies=arguments.strategies or tune.STRATEGIES,
                seed=arguments.seed,
                jobs=jobs,
                output=output,
                progress=Progress(),
            )
        except KeyboardInterrupt:
            return interrupted(output)
    clear_progress()
    if arguments.json:
        print_json(report)
    else:
        print(tune.as_table(report))
    return EXIT_DONE
