"""`irlens compare`: whether two versions of a function do the same, with a counterexample where they do not."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from irlens.asm.dialect import detect
from irlens.asm.macos_target import own_triple
from irlens.asm.symbols import format_of_triple
from irlens.assist.compare import (
    Compared,
    Pair,
    Side,
    common_triple,
    compare,
    named_pair,
    pairs_in_one,
    pairs_of_two,
    partner_in_one,
)
from irlens.assist.words import counted, some
from irlens.cancel import CancelToken
from irlens.cli import colors, streams
from irlens.cli.colors import Paint
from irlens.cli.console import say
from irlens.cli.inputs import elf_form, is_asm, read_any, read_object, text_of_object, triple_of
from irlens.cli.main import EXIT_DONE, EXIT_PARTLY
from irlens.cli.prototypes import declared_by
from irlens.cli.tools import clear_progress, llvm_of, print_json, progress
from irlens.emulator.client import Emulator
from irlens.errors import UnusableInput
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter
from irlens.prototypes.declared import Known

_MOST_JOBS = 16
"""Functions at a time unless the user asks for more: each takes two processes."""


@dataclass(frozen=True)
class Bench:
    """What comparisons are made with."""

    llvm: LLVM
    emulator: Emulator
    jobs: int
    inputs: int
    seed: int
    target: str | None
    renamed: dict[str, str]
    cancel: CancelToken
    declared: Callable[[str], Known]
    """The prototypes that were given, for a target."""


@dataclass(frozen=True)
class Answer:
    """What came of two files: the functions compared, and those that only one of them defines."""

    triple: str
    functions: list[Compared]
    only_in_a: list[str]
    only_in_b: list[str]


def run(arguments: argparse.Namespace) -> int:
    """Exit 1 where a function does not agree, or it cannot be told."""
    _refuse_misuse(arguments)
    folders = [os.path.isdir(path) for path in (arguments.a, arguments.b) if path is not None]
    if any(folders):
        from irlens.cli.compare_folders import run_folders

        if not all(folders) or len(folders) < 2:
            raise UnusableInput("A folder is compared with a folder. Give two folders, or two files.")
        with bench_of(arguments) as bench:
            return run_folders(arguments, bench)
    target = arguments.target
    left = _side(arguments.a, arguments.function, target)
    right = left if arguments.b is None else _side(arguments.b, arguments.other or arguments.function, target)
    pairs = _pairs(arguments, left, right)
    with bench_of(arguments, len(pairs)) as bench:
        answer = compare_files(left, right, pairs, bench, whole=not arguments.function)
    if arguments.json:
        print_json({"a": left.name, "b": right.name, **as_json(answer)})
    else:
        clear_progress()
        for each in answer.functions:
            print_one(each, left, right)
        print_missing(answer, left, right)
        if len(answer.functions) > 1:
            say()
            say(*summary([each.agreement.outcome for each in answer.functions]))
    return EXIT_DONE if all(each.agreement.outcome == "agrees" for each in answer.functions) else EXIT_PARTLY


@contextmanager
def bench_of(arguments: argparse.Namespace, most: int = _MOST_JOBS) -> Iterator[Bench]:
    """LLVM and the emulator for so many functions at a time as the arguments say, of `most`; gone with the block."""
    jobs = min(arguments.jobs or min(os.cpu_count() or 1, _MOST_JOBS), most)
    with llvm_of(arguments, jobs) as llvm, Emulator(workers=jobs) as emulator:
        llvm.warm(jobs)
        emulator.warm()
        cancel = CancelToken()
        renamed = dict(arguments.renames)
        yield Bench(
            llvm,
            emulator,
            jobs,
            arguments.inputs,
            arguments.seed,
            arguments.target,
            renamed,
            cancel,
            lambda triple: declared_by(arguments, triple),
        )


def compare_files(left: Side, right: Side, pairs: list[Pair], bench: Bench, *, whole: bool = True) -> Answer:
    """`whole`: the pairs are all that there are. Raises `UnusableInput` and what else `assist.compare` does."""
    triple = common_triple(
        left,
        right,
        lambda side: triple_of(side.text, side.name, bench.target),
        None if bench.target is None else detect("", bench.target).triple or bench.target,
        "Give --target {}.",
    )
    declared = bench.declared(triple)
    if declared and not (left.is_asm and not right.is_asm):
        raise UnusableInput(
            "Prototypes say what an original in assembly takes and gives where the candidate is IR. "
            "Give A as assembly and B as IR, or leave them out."
        )
    found = compare(
        left,
        right,
        pairs,
        triple,
        bench.llvm,
        bench.emulator,
        renamed=bench.renamed,
        inputs=bench.inputs,
        seed=bench.seed,
        jobs=bench.jobs,
        declared=declared,
        cancel=bench.cancel,
        progress=progress,
    )
    if left is right or not whole:
        return Answer(triple, list(found), [], [])
    mine, its = {pair.original for pair in pairs}, {pair.candidate for pair in pairs}
    only_in_a = [name for name in left.functions if name not in mine]
    only_in_b = [name for name in right.functions if name not in its]
    return Answer(triple, list(found), only_in_a, only_in_b)


def as_json(answer: Answer) -> dict[str, object]:
    return {
        "target": own_triple(answer.triple),
        "functions": [
            {"name": each.pair.original, "with": each.pair.candidate, "evidence": each.agreement.as_json()}
            for each in answer.functions
        ],
        "only_in_a": answer.only_in_a,
        "only_in_b": answer.only_in_b,
    }


def print_one(each: Compared, left: Side, right: Side, indent: str = "") -> None:
    """The outcome and, where there is one, the counterexample."""
    agreement = each.agreement
    say(f"{indent}{each.pair.words}: ", colors.outcome(agreement.outcome), f": {agreement.reason}")
    if (found := agreement.counterexample) is not None:
        names = (left.name, right.name)
        if names[0] == names[1]:
            names = (each.pair.original, each.pair.candidate)
        for line in (*found.arguments, *found.memory, *found.calls):
            say(f"{indent}    {line}")
        say(f"{indent}    {names[0]} {found.original}")
        say(f"{indent}    {names[1]} {found.candidate}")


def print_missing(answer: Answer, left: Side, right: Side, indent: str = "") -> None:
    """The functions that were not compared because only one file defines them."""
    for side, names in ((left, answer.only_in_a), (right, answer.only_in_b)):
        if names:
            say(f"{indent}not compared, only in {side.name}: {some(names)}")


def summary(outcomes: Sequence[str]) -> list[str | Paint]:
    """`12 functions: 10 agree, 1 disagrees, 1 unknown`, as parts of a line."""
    parts: list[str | Paint] = [f"{counted(len(outcomes), 'function')}: "]
    for outcome, many in (("agrees", "agree"), ("disagrees", "disagree"), ("unknown", "unknown")):
        if count := outcomes.count(outcome):
            parts += [f"{count:,} ", colors.outcome(outcome, outcome if count == 1 else many), ", "]
    return parts[:-1] if len(parts) > 1 else [*parts, "nothing to compare"]


def _refuse_misuse(arguments: argparse.Namespace) -> None:
    if arguments.inputs < 1:
        raise UnusableInput("--inputs is less than 1. Ask for at least one input.")
    if arguments.other and not arguments.function:
        raise UnusableInput("--with names the function to compare with. Name the first with --function F.")
    old, new = [old for old, _ in arguments.renames], [new for _, new in arguments.renames]
    for names in (old, new):
        for name in names:
            if names.count(name) > 1:
                raise UnusableInput(f"--rename names {name} twice. Give each function one new name.")
    streams.refuse_twice([path for path in (arguments.a, arguments.b) if path is not None])


def _pairs(arguments: argparse.Namespace, left: Side, right: Side) -> list[Pair]:
    if arguments.function and arguments.other:
        return [named_pair(left, right, arguments.function, arguments.other)]
    if arguments.b is not None:
        _refuse_unknown_names(arguments.renames, left, right)
        return pairs_of_two(left, right, arguments.function, dict(arguments.renames))
    if arguments.function:
        return [partner_in_one(left, arguments.function)]
    return pairs_in_one(left)


def _refuse_unknown_names(renames: list[tuple[str, str]], left: Side, right: Side) -> None:
    """Raises `UnusableInput` for a name that the text does not have, be it of a function that is only called."""
    for old, new in renames:
        for side, name in ((left, old), (right, new)):
            if name not in side.text:
                raise UnusableInput(
                    f"--rename {old}={new}: {side.name} has no function {name}. Give OLD as A has it, NEW as B has it."
                )


def _side(path: str, function: str | None, target: str | None) -> Side:
    raw = None if streams.is_stream(path) else read_object(path)
    if raw is not None:
        with MechanicalLifter() as lifter:
            return Side(path, text_of_object(raw, path, function, lifter)[0], True)
    return side_of(path, target)


def side_of(path: str, target: str | None) -> Side:
    """A text as a side; macOS assembly as ELF. Raises `UnusableInput`."""
    text, name = read_any(path), streams.shown(path)
    if not is_asm(path, text):
        return Side(name, text, False)
    triple = detect(text, target).triple
    if triple is None or format_of_triple(triple) != "macho":
        return Side(name, text, True)
    rewritten, triple = elf_form(text, triple, name)
    return Side(name, rewritten, True, triple)
