"""`irlens eval lift`, `predict`, `lists`, `tune`, `flags`: measure models on many functions, one or several side by side.
`irlens eval native` and `transplant` measure verdicts.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from pathlib import Path

from irlens.cli.eval_flags import run_flags
from irlens.cli.eval_progress import interrupted, output_of, parts_of
from irlens.cli.eval_tune import run_tune
from irlens.cli.main import EXIT_DONE
from irlens.cli.tools import Progress, clear_progress, llvm_of, open_model, print_json
from irlens.emulator.client import Emulator
from irlens.errors import UnusableInput
from irlens.evals import lift, lists, predict
from irlens.evals.always import BASELINES
from irlens.evals.copying import Copying
from irlens.evals.lift_cases import chosen_lift_cases, read_lift_cases
from irlens.evals.lists_cases import chosen_tune_cases, read_tune_cases
from irlens.evals.predict_cases import chosen_predict_cases, read_predict_cases
from irlens.mechanical.client import MechanicalLifter


def run(arguments: argparse.Namespace) -> int:
    """Exit 0 where every case was asked, whatever the models answered."""
    parts = parts_of(arguments)
    try:
        return _run(arguments)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError, OverflowError) as fault:
        # Rows of an earlier run are read without a form to hold them against, and may be anybody's.
        if not parts:
            raise
        raise UnusableInput(
            f"{', '.join(parts)}: the run that was stopped left rows that cannot be read ({type(fault).__name__}). "
            "Delete that file, or name another --output folder."
        ) from fault


def _run(arguments: argparse.Namespace) -> int:
    if arguments.what == "tune":
        return run_tune(arguments)
    if arguments.what == "flags":
        return run_flags(arguments)
    if arguments.what == "native":
        from irlens.cli.eval_native import run_native

        return run_native(arguments)
    if arguments.what == "transplant":
        from irlens.cli.eval_transplant import run_transplant

        return run_transplant(arguments)
    if min(arguments.n, arguments.candidates, arguments.longest) < 1:
        raise UnusableInput("-n, --candidates or --longest is less than 1. Give a positive number.")
    cases = Path(arguments.cases)
    output = output_of(arguments)
    about = {"seed": arguments.seed, "longest": arguments.longest}
    if arguments.what == "predict":
        about["passes"] = arguments.passes
    with ExitStack() as stack:
        llvm = stack.enter_context(llvm_of(arguments))
        emulator = None if arguments.no_emulator else stack.enter_context(Emulator())
        lifter = stack.enter_context(MechanicalLifter())
        models = [
            stack.enter_context(open_model(name, arguments)) for name in arguments.models or ["embedded"]
        ]
        for model in models:
            model.load()
        try:
            if arguments.what == "lift":
                chosen = chosen_lift_cases(
                    read_lift_cases(cases), arguments.n, arguments.seed, arguments.longest
                )
                report = lift.evaluate(
                    chosen,
                    [*models, Copying()],
                    llvm,
                    lifter,
                    candidates=arguments.candidates,
                    emulator=emulator,
                    mending=not arguments.no_mending,
                    output=output,
                    about=about,
                    progress=Progress(),
                )
                shown = lift.as_table(report)
            elif arguments.what == "lists":
                tuned = chosen_tune_cases(
                    read_tune_cases(cases), arguments.n, arguments.seed, arguments.longest
                )
                report = lists.evaluate(
                    tuned, [*models, *BASELINES], llvm, output=output, about=about, progress=Progress()
                )
                shown = lists.as_table(report)
            else:
                asked = chosen_predict_cases(
                    read_predict_cases(cases, arguments.passes, arguments.seed),
                    arguments.n,
                    arguments.seed,
                    arguments.longest,
                )
                report = predict.evaluate(
                    asked, models, llvm, output=output, about=about, progress=Progress()
                )
                shown = predict.as_table(report)
        except KeyboardInterrupt:
            return interrupted(output)
    clear_progress()
    if arguments.json:
        print_json(report)
    else:
        print(shown)
    return EXIT_DONE
