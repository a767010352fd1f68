"""`irlens eval transplant PROGRAM...`: programs rebuilt from lifts, and their own tests."""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

from irlens.cli.main import EXIT_DONE, EXIT_PARTLY
from irlens.cli.tools import Progress, clear_progress, print_json, tools_of
from irlens.errors import UnusableInput
from irlens.evals.transplant.programs import PROGRAMS, named
from irlens.evals.transplant.report import as_json, sentences, table
from irlens.evals.transplant.run import Outcome, evaluate

_TOOLS = ("ld", "objcopy", "nm", "make")


def run_transplant(arguments: argparse.Namespace) -> int:
    """Exit 1 where a program fails with lifts in it."""
    missing = [name for name in (arguments.compiler, *_TOOLS) if not shutil.which(name)]
    if os.name != "posix" or os.uname().machine != "x86_64" or missing:
        what = ", ".join(missing) or "an x86-64 machine"
        raise UnusableInput(
            f"Programs are rebuilt on x86-64 Linux, with a C compiler, binutils and make; there is no {what}. Run it where "
            "these are."
        )
    programs = []
    for name in arguments.programs or [each.name for each in PROGRAMS]:
        program = named(name)
        if program is None:
            known = ", ".join(each.name for each in PROGRAMS)
            raise UnusableInput(f"{name} is no program that is known here. Name some of: {known}.")
        programs.append(program)
    folder = Path(arguments.output or "work/transplant")
    progress = Progress()
    outcomes: list[Outcome] = []
    jobs = arguments.jobs or os.cpu_count() or 1
    failed: list[str] = []
    with tools_of(arguments, jobs) as tools:
        for number, program in enumerate(programs):
            try:
                outcomes.append(
                    evaluate(
                        program,
                        tools,
                        folder,
                        compiler=arguments.compiler,
                        level=f"-O{arguments.level}",
                        jobs=jobs,
                        most=arguments.n,
                        seed=arguments.seed,
                        tell=lambda what, number=number: progress(what, number / len(programs)),  # type: ignore[misc]
                    )
                )
            except UnusableInput as error:
                failed.append(f"{program.name}: {error}")
    clear_progress()
    if arguments.json:
        print_json({"programs": [as_json(each) for each in outcomes], "failed": failed})
    else:
        print(table(outcomes))
        for line in (*(line for each in outcomes for line in sentences(each)), *failed):
            print(line)
    is_whole = not failed and all(not any(each.builds.values()) and not each.unexplained for each in outcomes)
    return EXIT_DONE if is_whole else EXIT_PARTLY
