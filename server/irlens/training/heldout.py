"""What models are judged on: functions of the packages that were held out whole, as clang prints them.

    WORK/heldout-lift.jsonl      compiled for both targets at one of `LEVELS` a file, in turn: assembly beside the IR
                                 of the same compilation
    WORK/heldout-predict.jsonl   as clang hands them to its optimiser, each with one of the model's pipelines
    WORK/heldout-tune.jsonl      the same, for both targets, without a pipeline; up to `LONGEST_TUNED` instructions

up to 64 IR instructions, without duplicates (of one target) and without any whose question was trained on.
`irlens eval` reads them. Never tune on them.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from irlens.asm.normal import normalise
from irlens.asm.outline import functions, lines_of
from irlens.errors import UnusableInput
from irlens.evals.debian import compile_flags, compiled
from irlens.evals.lift_cases import BUCKETS, LiftCase, comparable
from irlens.evals.lists_cases import TuneCase
from irlens.evals.predict_cases import PredictCase
from irlens.ir.extract import extract
from irlens.ir.normal import NormalIr, NotNormal, encode
from irlens.ir.outline import outline
from irlens.model.prompts.irlens import LONGEST_TUNED, PIPELINES, packed
from irlens.training.asm_words import asm_words
from irlens.training.headers import DEFINES, headers_of, known_stubs
from irlens.training.llvm import TRIPLES
from irlens.training.seeds import HELD_OUT, LEVELS, SYSTEM, sources_of


def main() -> None:
    parser = argparse.ArgumentParser(description="Collect the held-out functions")
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--clang", default="clang-19")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    collect(options.work, options.clang, options.jobs)


def collect(work: Path, clang: str, jobs: int = 1) -> None:
    """Write the three files; what was left out, and why, is printed."""
    trained, predicted_ir, tuned_ir = trained_on(work)
    seen_ir = predicted_ir | tuned_ir
    root = (work / "seeds").resolve()
    stubs = known_stubs(root)
    tasks = [
        (package, path, number)
        for package in HELD_OUT
        for number, path in enumerate(sources_of(root, package))
    ]
    includes = {package: headers_of(root, package, stubs) for package in HELD_OUT}

    def compile_one(task: tuple[str, Path, int]) -> tuple[list[LiftCase], list[PredictCase], list[TuneCase]]:
        package, path, number = task
        command = [clang, *DEFINES, *compile_flags(path, includes[package]), "-S", "-o", "-"]
        lifts: list[LiftCase] = []
        for shift, triple in enumerate(TRIPLES):
            level = LEVELS[(number + shift * 3) % len(LEVELS)]
            its = [*command, f"--target={triple}", level, *SYSTEM[triple]]
            asm, ir = compiled(its, path, stubs), compiled([*its, "-emit-llvm"], path, stubs)
            if asm and ir:
                lifts += lift_cases(package, level, triple, _text(asm), _text(ir))
        predicts: list[PredictCase] = []
        tunes: list[TuneCase] = []
        for triple in TRIPLES:
            raw = [*command, f"--target={triple}", "-O2", "-Xclang", "-disable-llvm-passes", *SYSTEM[triple]]
            ir = compiled([*raw, "-emit-llvm"], path, stubs)
            if not ir:
                continue
            tunes += tune_cases(package, triple, _text(ir))
            if triple == TRIPLES[number % 4 == 0]:
                predicts += predict_cases(package, triple, _text(ir), number)
        return lifts, predicts, tunes

    seen: set[str] = set()
    counted: Counter[str] = Counter()

    def new(kind: str, question: str, known: set[str], of: str = "") -> bool:
        own = f"{kind} {of} {question}"
        why = "was trained on" if question in known else "same as another" if own in seen else "kept"
        seen.add(own)
        counted[f"{kind}: {why}"] += 1
        return why == "kept"

    with (
        ThreadPoolExecutor(jobs) as pool,
        (work / "heldout-lift.jsonl").open("w") as lift_file,
        (work / "heldout-predict.jsonl").open("w") as predict_file,
        (work / "heldout-tune.jsonl").open("w") as tune_file,
    ):
        for lifts, predicts, tunes in pool.map(compile_one, tasks):
            for case in lifts:
                try:
                    normal = normalise(case.asm, case.function, case.triple)
                    question = _key(" ".join(asm_words(normal, {}, case.triple)))
                except UnusableInput:
                    counted["lift: cannot be normalised"] += 1
                    continue
                if new("lift", question, trained):
                    lift_file.write(case.as_json() + "\n")
            for predicted in predicts:
                if new("predict", _question(predicted), predicted_ir):
                    predict_file.write(predicted.as_json() + "\n")
            for tuned in tunes:
                if new("tune", _question(tuned), seen_ir, tuned.target):
                    tune_file.write(tuned.as_json() + "\n")
    print(dict(counted), flush=True)


def trained_on(work: Path) -> tuple[set[str], set[str], set[str]]:
    """What the trainer took, of every shard, save the held-out ones: the assembly of `lift`, the IR of `predict` and
    that of `tune`, whatever their target."""
    assemblies: set[str] = set()
    predicted: set[str] = set()
    tuned: set[str] = set()
    for path in sorted((work / "pairs").glob("*.tsv")):
        for line in path.read_text().splitlines():
            task, origin, question, _, assembly = line.split("\t")
            if origin.startswith("held"):
                continue
            words = question.split(" ")
            if task == "lift":
                assemblies.add(_key(assembly))
            elif task == "tune":  # tune x64 IR =>
                tuned.add(" ".join(words[2:-1]))
            else:  # run x64 PIPELINE INSTRUCTIONS BYTES IR =>
                predicted.add(" ".join(words[5:-1]))
    return assemblies, predicted, tuned


def _key(assembly: str) -> str:
    """Assembly in words, its symbols numbered by first use: a trained question numbers them as the IR does."""
    numbers: dict[str, str] = {}
    return re.sub(r"@\d+", lambda match: numbers.setdefault(match[0], f"@{len(numbers) + 1}"), assembly)


def lift_cases(package: str, level: str, triple: str, asm: str, ir: str) -> Iterator[LiftCase]:
    """The functions of one compilation, each with an assembly text of its own: the file without its other
    functions."""
    lines = lines_of(asm)
    lengths = {function.name: function.instructions for function in outline(ir).functions}
    for function in functions(asm):
        if not 0 < lengths.get(function.name, 0) <= BUCKETS[-1]:
            continue
        try:
            normal = comparable(ir, function.name)
        except NotNormal:
            normal = NormalIr("", ())
        yield LiftCase(
            package,
            level,
            triple,
            function.name,
            _cut(lines, asm, function.start_line),
            lengths[function.name],
            normal.text,
            tuple(symbol.name for symbol in normal.symbols),
        )


def predict_cases(package: str, triple: str, ir: str, number: int) -> Iterator[PredictCase]:
    """Functions with pipelines in turn."""
    for index, name, alone, instructions in _alone(ir, BUCKETS[-1]):
        pipeline = PIPELINES[(number + index) % len(PIPELINES)]
        yield PredictCase(package, triple, name, pipeline, alone, instructions)


def tune_cases(package: str, triple: str, ir: str) -> Iterator[TuneCase]:
    """Functions that are short enough for the model to be asked about."""
    for _, name, alone, instructions in _alone(ir, LONGEST_TUNED):
        yield TuneCase(package, triple, name, alone, instructions)


def _alone(ir: str, longest: int) -> Iterator[tuple[int, str, str, int]]:
    """Of each function of up to `longest` instructions its number in the file, its name, a module of its own, its
    instructions. Debugging aids of clang's own (`llvm.lifetime` calls, metadata) stay."""
    for index, function in enumerate(outline(ir).functions):
        if not function.is_definition or function.instructions > longest:
            continue
        try:
            alone = extract(ir, function.name)
            instructions = encode(alone, function.name).instructions
        except (NotNormal, UnusableInput):
            continue
        yield index, function.name, alone, instructions


def _question(case: PredictCase | TuneCase) -> str:
    """The function's IR in the words in which a model is asked."""
    return packed(encode(case.ir, case.function).text)


_TABLE = re.compile(r"^\.LJTI(\d+)_\d+:.*\n(?:\t\.(?:byte|hword|word|long|xword|quad)\t.*\n)+", re.MULTILINE)
"""A jump table; its number is the function's."""


def _cut(lines: Sequence[str], asm: str, start: int) -> str:
    """The file without its other functions and their jump tables, whose entries would lead nowhere; data stays."""
    drop: set[int] = set()
    for function in functions(asm):
        if function.start_line != start:
            drop.update(range(function.start_line, function.end_line + 1))
    kept = "\n".join(line for number, line in enumerate(lines) if number not in drop)
    its = set(re.findall(r"\.LJTI\d+_\d+", "\n".join(lines[number] for number in _code_of(asm, start))))
    kept = _TABLE.sub(lambda match: match[0] if match[0].split(":")[0] in its else "", kept)
    return re.sub(r"^\t\.(?:loc|cfi_\w+|file|ident|addrsig\w*)\b.*\n", "", kept, flags=re.MULTILINE)


def _code_of(asm: str, start: int) -> range:
    [found] = [function for function in functions(asm) if function.start_line == start]
    return range(found.start_line, found.end_line + 1)


def _text(made: bytes) -> str:
    return made.decode("utf-8", "replace")


if __name__ == "__main__":
    main()
