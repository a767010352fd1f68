"""`irlens lift`: assembly to IR, with the verdict and the evidence of each function."""

from __future__ import annotations

import argparse
import os
import sys
import time
from contextlib import ExitStack

from irlens.asm.macho import c_name
from irlens.asm.macos_target import own_triple
from irlens.asm.outline import functions
from irlens.assist.lift import LiftResult
from irlens.assist.lift_file import lift_file
from irlens.assist.tools import Tools
from irlens.assist.words import choose_from, counted
from irlens.cancel import Cancelled, CancelToken
from irlens.cli import streams
from irlens.cli.console import say
from irlens.cli.inputs import elf_form, read_asm, read_object, text_of_object, triple_of
from irlens.cli.interrupts import stopped_by_interrupt
from irlens.cli.lift_files import Output, output_for
from irlens.cli.lift_print import Printer
from irlens.cli.main import EXIT_DONE, EXIT_INTERRUPTED, EXIT_PARTLY
from irlens.cli.meter import Meter
from irlens.cli.prototypes import declared_by
from irlens.cli.tools import Progress, model_of, tools_of
from irlens.errors import ModelUnavailable, UnusableInput
from irlens.evidence.original import Original
from irlens.llvm.demangle import find_name
from irlens.mechanical.client import MechanicalLifter
from irlens.model.client import Model
from irlens.model.types import ModelInfo
from irlens.prototypes.declared import Known

_MOST_JOBS = 16
"""Functions at a time unless the user asks for more: each takes three processes."""


def run(arguments: argparse.Namespace) -> int:
    """Exit 1 where a function asked for is not shown to be right, 130 after a Ctrl-C, which keeps what is done."""
    if arguments.candidates < 1:
        raise UnusableInput("--candidates is less than 1. Ask for at least one attempt.")
    if arguments.json and arguments.jsonl:
        raise UnusableInput("--json and --jsonl both go to stdout. Give one of them.")
    started = time.monotonic()
    name = streams.shown(arguments.file)
    raw = None if streams.is_stream(arguments.file) else read_object(arguments.file)
    if raw is None:
        text = read_asm(arguments.file)
        triple = triple_of(
            text, name, arguments.target
        )  # first: what is no assembly that irlens reads is named
        in_file = triple
        text, triple = elf_form(text, triple, name)
        said: Known = {}
        work = _chosen(text, name, [c_name(each, in_file) for each in arguments.function or ()])
    else:
        text, work, said = _of_object(raw, name, arguments.function, arguments.target)
        triple = triple_of(text, name, arguments.target)
    declared = {**said, **declared_by(arguments, triple)}
    names = list(work)
    output = output_for(arguments.output, arguments.file)
    jobs = min(arguments.jobs or min(os.cpu_count() or 1, _MOST_JOBS), len(names))
    cancel = CancelToken()
    results: list[LiftResult] = []
    with ExitStack() as stack:
        tools = stack.enter_context(tools_of(arguments, jobs))
        model = stack.enter_context(model_of(arguments, "lift"))
        tools.warm(jobs)
        chosen = arguments.model is not None or arguments.engine != "auto" or bool(arguments.gpu_layers)
        info = _info(model, arguments.origin, named=chosen)
        in_full = arguments.function is not None or len(names) == 1
        printer = Printer(arguments, name, own_triple(triple), info, names, in_full=in_full)
        meter, alone = Meter(work), Progress()
        lifts = lift_file(
            text,
            names,
            triple,
            None if arguments.origin == "mechanical" else model,
            tools,
            wanted=arguments.origin,
            candidates=arguments.candidates,
            jobs=jobs,
            declared=declared,
            cancel=cancel,
            tell=meter.tell if len(names) > 1 else lambda _, message, fraction: alone(message, fraction),
        )
        with stopped_by_interrupt(cancel):
            try:
                for result in lifts:
                    results.append(result)
                    meter.finished(result.name)
                    output.add(result, info, name)
                    printer.show(result)
            except Cancelled:
                pass
            except UnusableInput as unusable:
                raise UnusableInput(f"{name}: {unusable}") from None
            results.sort(key=lambda result: names.index(result.name))
            written = _write_module(
                output, results, Original(text, triple, tools.llvm), own_triple(triple), name, tools
            )
    if cancel.cancelled and len(results) < len(names):
        printer.end(results, time.monotonic() - started, interrupted=True)
        kept = f", written to {output.path}" if output.path and results else ""
        say(
            f"irlens: interrupted: {len(results)} of {counted(len(names), 'function')} done{kept}",
            file=sys.stderr,
        )
        return EXIT_INTERRUPTED
    printer.end(results, time.monotonic() - started)
    is_right = all(result.verdict.is_shown_right for result in results)
    return EXIT_DONE if is_right and written else EXIT_PARTLY


def _of_object(
    raw: bytes, path: str, wanted: list[str] | None, target: str | None
) -> tuple[str, dict[str, float], Known]:
    """An object's assembly, the functions to lift of it, all where none is `wanted`, each with its lines, and what its debug
    information says of them. Raises `UnusableInput`."""
    if wanted and len(wanted) > 1:
        raise UnusableInput(f"{path}: one function of an object is lifted at a time. Give one --function.")
    with MechanicalLifter() as lifter:
        text, names = text_of_object(raw, path, wanted[0] if wanted else None, lifter)
        said = lifter.prototypes(raw, triple_of(text, path, target))
    lines = {each.name: float(each.end_line - each.start_line + 1) for each in functions(text)}
    if not names or not lines:
        raise UnusableInput(f"{path}: no function was found that assembly can name. Give another object.")
    return text, {name: lines.get(name, 1.0) for name in names}, said


def _write_module(
    output: Output, results: list[LiftResult], original: Original, triple: str, name: str, tools: Tools
) -> bool:
    """Write what is written at the end; whether there was anything, where something was asked for."""
    if not output.is_module or not results:
        return True
    return output.write_module(results, original, triple, name, tools)


def _chosen(text: str, path: str, wanted: list[str] | None) -> dict[str, float]:
    """The functions to lift, each with its lines, by which the time that is left is told. Raises `UnusableInput`."""
    lines = {each.name: float(each.end_line - each.start_line + 1) for each in functions(text)}
    if not lines:
        raise UnusableInput(f"{path}: no function was found. Give assembly as a compiler prints it with -S.")
    chosen: dict[str, float] = {}
    for name in wanted or ():
        try:
            found = find_name(name, list(lines))
        except UnusableInput as several:
            raise UnusableInput(f"{path}: {several}") from None
        if found is None:
            raise UnusableInput(f"{path}: there is no function {name}. {choose_from(name, list(lines))}")
        chosen[found] = lines[found]
    return chosen or lines


def _info(model: Model, origin: str, *, named: bool) -> ModelInfo | None:
    """The model's facts; None where it is not to be asked, or cannot be and need not: one that the user
    `named` must be usable."""
    try:
        return None if origin == "mechanical" else model.info()
    except ModelUnavailable:
        if named or origin == "model":
            raise
        return None
