"""`irlens tune`: the pass list whose object is smallest, of one module or of many."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from irlens.assist.tools import Tools
from irlens.assist.tune import TuneOptions, TuneResult
from irlens.cli import tune_print
from irlens.cli.interrupts import stopped_by_interrupt
from irlens.cli.main import EXIT_DONE, EXIT_INTERRUPTED, EXIT_PARTLY
from irlens.cli.tools import model_of, tools_of
from irlens.cli.tune_files import is_one_file, modules_of, refuse_bad_outputs
from irlens.cli.tune_progress import TuneProgress
from irlens.cli.tune_run import Answer, Setup, run_modules
from irlens.errors import UnusableInput
from irlens.folders import cache_folder
from irlens.llvm.compilers import Compiler, Compilers
from irlens.model.client import Model, embedded_model_path
from irlens.tuning import cache, reproducer
from irlens.tuning.finished import Finished
from irlens.tuning.objective import Objective
from irlens.tuning.search import Budget


def run(arguments: argparse.Namespace) -> int:
    """Exit 1 where a module could not be tuned, or is larger than --fail-over allows; 130 after a Ctrl-C."""
    started = time.monotonic()
    modules = modules_of(arguments.paths, arguments.output)
    refuse_bad_outputs(arguments, modules)
    progress = TuneProgress(len(modules))
    answers: list[Answer] = []
    with ExitStack() as stack:
        setup, at_once = _setup(arguments, len(modules), stack)
        if arguments.reproducer:
            setup.on_result = _reproduced(arguments.reproducer)
        alone = is_one_file(arguments.paths)
        printer = tune_print.Printer(arguments, alone, progress)
        with stopped_by_interrupt(setup.cancel):
            for answer in run_modules(modules, setup, at_once, progress):
                answers.append(answer)
                printer.show(answer)
        interrupted = setup.cancel.cancelled and any(not each.report and not each.why for each in answers)
    if alone and answers[0].why:
        raise UnusableInput(f"{answers[0].path}: {answers[0].why}")
    summary = tune_print.summary(arguments, answers, time.monotonic() - started)
    printer.end(summary, answers)
    tune_print.write_reports(arguments, summary)
    if interrupted:
        tune_print.say_interrupted(answers)
        return EXIT_INTERRUPTED
    over = tune_print.say_over(arguments, summary)
    return EXIT_PARTLY if over or summary.failures else EXIT_DONE


def _setup(arguments: argparse.Namespace, modules: int, stack: ExitStack) -> tuple[Setup, int]:
    """What the modules are given, and how many of them are worked on at a time. Ends with the stack."""
    jobs = arguments.jobs or os.cpu_count() or 1
    tools = stack.enter_context(tools_of(arguments, min(jobs, modules)))
    tools.warm(min(jobs, modules), lifts=False)
    model = None if arguments.no_model else stack.enter_context(model_of(arguments, "tune"))
    compiler_of, jobs = _compilers(arguments, tools, jobs, stack)
    kept = None if arguments.no_cache else cache.Cache(cache_folder() / "tune.sqlite")
    finished = None
    if kept is not None:
        stack.callback(kept.close)
        if arguments.reproducer is None:  # which is of what is seen to fail, so that it must be tried
            finished = Finished(cache_folder() / "tuned.sqlite")
            stack.callback(finished.close)
    options = TuneOptions(
        Objective(arguments.objective, arguments.codegen),
        Budget(arguments.budget, arguments.seconds),
        arguments.seed,
        jobs,
    )
    setup = Setup(
        options, tools, model, _model_path(arguments, model), compiler_of, arguments.opt, kept, finished
    )
    return setup, min(jobs, modules)


def _compilers(
    arguments: argparse.Namespace, tools: Tools, jobs: int, stack: ExitStack
) -> tuple[Callable[[str], Compiler], int]:
    """Who compiles a module, and how many lists it takes at a time."""
    compilers = Compilers(tools.llvm, jobs, arguments.opt, arguments.measure_with)
    stack.callback(compilers.close)
    if arguments.scheduler is None:
        return compilers.of, jobs
    try:
        from irlens.tuning.spread import Cluster, SpreadCompiler
    except ImportError as error:
        raise UnusableInput(
            f"--scheduler needs dask.distributed, which is not here ({error.name}). "
            "Install it: pip install 'irlens[cluster]'."
        ) from error
    if arguments.objective == "cycles":
        raise UnusableInput("--objective cycles is measured here only. Leave --scheduler out.")
    cluster = Cluster(arguments.scheduler)
    stack.callback(cluster.close)
    return (lambda ir: SpreadCompiler(compilers.of(ir), cluster)), max(arguments.jobs, cluster.threads)


def _model_path(arguments: argparse.Namespace, model: Model | None) -> str:
    return (arguments.model or embedded_model_path() or "") if model is not None else ""


def _reproduced(folder: str) -> Callable[[TuneResult, str, Compiler], None]:
    """Writes how to see the failures of a result again."""

    def write(result: TuneResult, ir: str, compiler: Compiler) -> None:
        reproducer.write(Path(folder), ir, result.failures, compiler, result.objective)

    return write
