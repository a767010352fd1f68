"""`irlens lift`: assembly to IR, with the verdict and the evidence of each function."""

from __future__ import annotations

import argparse
import textwrap

from irlens.asm.outline import functions
from irlens.assist.lift import LiftResult, lift
from irlens.assist.lift_text import answers, as_json
from irlens.cli.console import exact, say
from irlens.cli.inputs import read_asm, triple_of
from irlens.cli.main import EXIT_DONE, EXIT_PARTLY
from irlens.cli.tools import Progress, clear_progress, model_of, print_json, tools_of
from irlens.errors import ModelUnavailable, UnusableInput
from irlens.model.client import Model
from irlens.model.types import LiftSource, ModelInfo


def run(arguments: argparse.Namespace) -> int:
    """Exit 1 where a function asked for got no IR that verifies."""
    if arguments.candidates < 1:
        raise UnusableInput("--candidates is less than 1. Ask for at least one answer.")
    text = read_asm(arguments.file)
    triple = triple_of(text, arguments.file, arguments.target)
    names = _chosen(text, arguments.file, arguments.function)
    with tools_of(arguments) as tools, model_of(arguments, "lift") as model:
        tools.warm()
        chosen = arguments.model is not None or arguments.engine != "auto" or bool(arguments.gpu_layers)
        info = _info(model, arguments.origin, named=chosen)
        results = []
        progress = Progress()
        for name in names:
            try:
                result = lift(
                    LiftSource(text, name, triple),
                    None if arguments.origin == "mechanical" else model,
                    tools,
                    wanted=arguments.origin,
                    candidates=arguments.candidates,
                    progress=progress,
                )
            except UnusableInput as unusable:
                raise UnusableInput(f"{arguments.file}: {unusable}") from None
            results.append(result)
            if not arguments.json:
                clear_progress()
                _print(result, info, first=len(results) == 1, file=arguments.file)
    if arguments.json:
        print_json(
            {
                "file": arguments.file,
                "target": triple,
                "model": info.name if info else None,
                "functions": [as_json(result) for result in results],
            }
        )
    return EXIT_DONE if all(result.ir is not None for result in results) else EXIT_PARTLY


def _chosen(text: str, path: str, wanted: str | None) -> list[str]:
    names = [function.name for function in functions(text)]
    if not names:
        raise UnusableInput(f"{path}: no function was found. Give assembly as a compiler prints it with -S.")
    if wanted is None:
        return names
    if wanted not in names:
        raise UnusableInput(f"{path}: there is no function {wanted}. Choose one of: {', '.join(names[:12])}.")
    return [wanted]


def _info(model: Model, origin: str, *, named: bool) -> ModelInfo | None:
    """The model's facts; None where it is not to be asked, or cannot be and need not: one that the user
    `named` must be usable."""
    try:
        return None if origin == "mechanical" else model.info()
    except ModelUnavailable:
        if named or origin == "model":
            raise
        return None


def _print(result: LiftResult, info: ModelInfo | None, *, first: bool, file: str) -> None:
    if first:
        asked = f"model {info.name} ({info.quantisation or 'served'}, {info.engine})" if info else "no model"
        credit = f". {info.credit}" if info and info.credit else ""
        say(f"{file}: {result.triple}, {asked}{credit}")
    say()
    say(f"{result.name}: {result.verdict.words}")
    say(f"  origin: {result.origin}: {result.why_origin}")
    say(
        f"  {result.reason.rstrip('.')}; {answers(result)}, "
        f"{_counted(len(result.candidates), 'candidate')}, {result.seconds:.2f} s"
    )
    if result.ir is not None:
        exact(textwrap.indent(result.ir.strip(), "    ") + "\n")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
