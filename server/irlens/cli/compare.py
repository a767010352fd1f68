"""`irlens compare`: whether two versions of a function do the same, with a counterexample where they do not."""

from __future__ import annotations

import argparse
from pathlib import Path

from irlens.asm.dialect import detect
from irlens.assist.compare import Compared, Side, compare, in_both
from irlens.cli.console import say
from irlens.cli.inputs import ASM_SUFFIXES, read_any, triple_of
from irlens.cli.main import EXIT_DONE, EXIT_PARTLY
from irlens.cli.tools import clear_progress, llvm_of, print_json, progress
from irlens.emulator.client import Emulator
from irlens.errors import UnusableInput
from irlens.ir.outline import outline
from irlens.llvm.answers import DEFAULT_TRIPLE


def run(arguments: argparse.Namespace) -> int:
    """Exit 1 where a function does not agree, or it cannot be told."""
    if arguments.inputs < 1:
        raise UnusableInput("--inputs is less than 1. Ask for at least one input.")
    left, right = (_side(path) for path in (arguments.a, arguments.b))
    triple = _triple(left, right, arguments.target)
    names = in_both(left, right, arguments.function)
    with llvm_of(arguments) as llvm, Emulator() as emulator:
        llvm.warm()
        emulator.warm()
        found = compare(
            left,
            right,
            names,
            triple,
            llvm,
            emulator,
            inputs=arguments.inputs,
            seed=arguments.seed,
            progress=progress,
        )
    if arguments.json:
        print_json(
            {
                "a": arguments.a,
                "b": arguments.b,
                "target": triple,
                "functions": [{"name": each.name, "evidence": each.agreement.as_json()} for each in found],
            }
        )
    else:
        clear_progress()
        for each in found:
            _print(each)
    return EXIT_DONE if all(each.agreement.outcome == "agrees" for each in found) else EXIT_PARTLY


def _side(path: str) -> Side:
    text = read_any(path)
    is_asm = Path(path).suffix in ASM_SUFFIXES
    return Side(path, text, is_asm)


def _triple(left: Side, right: Side, target: str | None) -> str:
    """The target both are for: the user's, else what the assembly or the modules say."""
    found = []
    for side in (left, right):
        if side.is_asm:
            found.append(triple_of(side.text, side.name, target))
        elif written := outline(side.text).triple:
            found.append(written)
    if target is not None:
        return detect("", target).triple or target
    if len({triple.partition("-")[0] for triple in found}) > 1:
        raise UnusableInput(
            f"{left.name} is for {found[0]} and {right.name} for {found[1]}. "
            "Compile one of them for the other's target."
        )
    return found[0] if found else DEFAULT_TRIPLE


def _print(each: Compared) -> None:
    agreement = each.agreement
    say(f"{each.name}: {agreement.outcome}: {agreement.reason}")
    if (found := agreement.counterexample) is not None:
        for line in (*found.arguments, *found.memory, *found.calls):
            say(f"    {line}")
        say(f"    {each.original} {found.original}")
        say(f"    {each.candidate} {found.candidate}")
