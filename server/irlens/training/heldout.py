"""What the model is judged on: functions of clang's own `.s` files, from packages that were held out whole.

The held-out packages are compiled once more, to assembly, at -O1, -O2 or -Os in turn and for both targets; their
functions of up to `MOST_INSTRUCTIONS` IR instructions are kept as they are printed. Generated functions that
were held out are lowered by our own LLVM. WORK/heldout.jsonl, one function a line, without duplicates and
without any whose question was trained on. Never tune on it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from irlens.asm.normal import normalise
from irlens.asm.outline import functions, lines_of
from irlens.errors import UnusableInput
from irlens.evals.debian import compile_flags, folders_of, includes_of
from irlens.ir.normal import NormalIr, NotNormal, Symbol, decode, encode
from irlens.ir.normal import lines_of as normal_lines
from irlens.model.prompts.irlens import END, lift_prompt
from irlens.training.canonical import canonical
from irlens.training.llvm import TRIPLES, Bench
from irlens.training.pairs import MOST_INSTRUCTIONS, NAME
from irlens.training.seeds import HELD_OUT

LEVELS = ("-O1", "-O2", "-Os")
_SYSTEM = {TRIPLES[0]: (), TRIPLES[1]: ("-isystem", "/usr/aarch64-linux-gnu/include")}
"""Where Debian's libc6-dev-arm64-cross puts the headers of the other target."""
MOST_GENERATED = 1000


def main() -> None:
    parser = argparse.ArgumentParser(description="Collect the held-out functions")
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--clang", default="clang-19")
    options = parser.parse_args()
    collect(options.work, options.clang)


def collect(work: Path, clang: str) -> Path:
    """Write WORK/heldout.jsonl: origin, triple, function, instructions, asm, and the IR it was made from in
    normal form where that is known (`answer`)."""
    trained = trained_questions(work)
    seen: set[str] = set()
    counted: Counter[str] = Counter()
    output = work / "heldout.jsonl"
    with output.open("w") as file:
        for entry in itertools.chain(itertools.islice(_generated(work), MOST_GENERATED), _real(work, clang)):
            try:
                normal = normalise(entry["asm"], entry["function"], entry["triple"])
            except UnusableInput:
                counted["cannot be normalised"] += 1
                continue
            question = lift_prompt(normal, entry["triple"])
            if question in seen:
                counted["same as another"] += 1
            elif question in trained:
                counted["was trained on"] += 1
            else:
                seen.add(question)
                counted[f"{entry['origin']} {entry['triple'].split('-')[0]}"] += 1
                file.write(json.dumps(entry) + "\n")
    print(dict(counted), flush=True)
    return output


def trained_questions(work: Path) -> set[str]:
    """Questions that the trainer took: those of every shard, save the held-out ones."""
    trained: set[str] = set()
    held: set[str] = set()
    for path in sorted((work / "pairs").glob("shard-*.tsv")):
        for line in path.read_text().splitlines():
            _, origin, question, _ = line.split("\t")
            (held if origin.startswith("held") else trained).add(question)
    return trained - held


def _generated(work: Path) -> Iterator[dict]:
    bench = Bench()
    for path in sorted((work / "pairs").glob("shard-*.tsv")):
        for line in path.read_text().splitlines():
            task, origin, question, answer = line.split("\t")
            if task != "lift" or origin != "held-generated" or " data" in question:
                continue
            triple = TRIPLES[question.startswith("a64")]
            count = max([int(number) for number in re.findall(r"@(\d+)", answer)], default=0)
            symbols = [Symbol(f"s{number}") for number in range(1, count + 1)]
            text = "\n".join(normal_lines(answer.removesuffix(END).split()))
            frame = ' "frame-pointer"="non-leaf"' if triple == TRIPLES[1] else ""
            try:
                ir = decode(text, symbols, triple, NAME).replace(" {\nb0:", f"{frame} {{\nb0:", 1)
                asm = bench.text(bench.parse(ir, triple), triple)
            except (RuntimeError, NotNormal):
                continue
            yield {
                "origin": "generated",
                "triple": triple,
                "function": NAME,
                "instructions": NormalIr(text, ()).instructions,
                "asm": asm,
                "answer": text,
            }


def _real(work: Path, clang: str) -> Iterator[dict]:
    bench = Bench()
    root = (work / "seeds").resolve()
    for package in HELD_OUT:
        folders = folders_of(root, package)
        includes = includes_of(folders, root / "stubs")
        paths = sorted(path for folder in folders for path in folder.rglob("*.c"))
        for number, path in enumerate(paths):
            for shift, triple in enumerate(TRIPLES):
                level = LEVELS[(number + shift) % len(LEVELS)]
                command = [
                    clang,
                    f"--target={triple}",
                    level,
                    *_SYSTEM[triple],
                    *compile_flags(path, includes),
                ]
                for entry in _functions(bench, [*command, str(path)], triple):
                    yield {"origin": "real", "package": package, "level": level, "triple": triple, **entry}


def _functions(bench: Bench, command: list[str], triple: str) -> Iterator[dict]:
    with tempfile.TemporaryDirectory() as folder:
        texts = []
        for name, extra in (("x.s", []), ("x.ll", ["-emit-llvm"])):
            made = Path(folder) / name
            done = subprocess.run(
                [*command, *extra, "-S", "-o", str(made)], capture_output=True, check=False, timeout=60
            )
            if done.returncode:
                return
            texts.append(made.read_text(errors="replace"))
    asm, ir = texts
    try:
        module = str(bench.parse(ir, triple))
    except RuntimeError:
        return
    lines = lines_of(asm)
    for function in functions(asm):
        try:
            normal = encode(module, function.name)
        except NotNormal as error:
            if "not define" in str(error) or _long(module, function.name):
                continue
            normal = NormalIr("", ())
        if normal.text and normal.instructions > MOST_INSTRUCTIONS:
            continue
        yield {
            "function": function.name,
            "instructions": normal.instructions if normal.text else None,
            "asm": _cut(lines, asm, function.start_line, function.end_line),
            "answer": canonical(normal.text) if normal.text else None,
            "symbols": [symbol.name for symbol in normal.symbols],
        }


def _long(module: str, name: str) -> bool:
    match = re.search(
        rf"^define [^\n]*@{re.escape(name)}\([^\n]*\n(.*?)^\}}", module, re.MULTILINE | re.DOTALL
    )
    body = match[1].splitlines() if match else []
    return sum(line.startswith("  ") for line in body) > MOST_INSTRUCTIONS


def _cut(lines: Sequence[str], asm: str, start: int, end: int) -> str:
    """The file without its other functions; data stays."""
    drop: set[int] = set()
    for function in functions(asm):
        if function.start_line != start:
            drop.update(range(function.start_line, function.end_line + 1))
    return "\n".join(line for number, line in enumerate(lines) if number not in drop)


if __name__ == "__main__":
    main()
