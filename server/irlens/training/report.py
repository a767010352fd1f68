"""What there is to train on: functions and tokens of every source by length, and whether the split is clean.

    python -m irlens.training.report --work WORK        prints Markdown; exit code 1 where the split is not clean

A source is a kind of shard, a task, an origin and a target. Functions are distinct ones (the IR that the model is to
write, or that it is shown where it writes none), pairs are lines. The trainer leaves out questions it has had and
those of held-out pairs; the split is clean where no trained pair is left whose normalised assembly a held-out one has.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from irlens.ir.normal import lines_of
from irlens.model.prompts.irlens import unpacked

BUCKETS = (8, 16, 32, 40)
"""Most IR instructions of a column."""
BATCH = 4_000
"""Lines that are tokenised at once."""

Measure = Callable[[list[str]], list[int]]
"""Tokens of each text."""
Row = list[str | int]
"""Of a table."""


class Pair(NamedTuple):
    """A line of a shard, with the shard's kind."""

    kind: str
    task: str
    origin: str
    question: str
    answer: str
    assembly: str

    @property
    def source(self) -> tuple[str, str, str, str]:
        words = self.question.split(" ", 2)
        mark = words[0] if self.task == "lift" else words[1]
        return self.kind, self.task, self.origin, mark.partition(".")[0]

    @property
    def ir(self) -> str:
        """The IR of the answer, else of the question, without what stands before it."""
        for text in (self.answer, self.question):
            if found := re.search(r"(?<![^ ])fn .*", text):
                return found[0]
        return ""


@dataclass
class Source:
    """Counts of one source. `functions` holds hashes; both are by the column of `BUCKETS`, the last for longer."""

    pairs: int = 0
    functions: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    tokens: Counter[int] = field(default_factory=Counter)


@dataclass
class Report:
    """`shared` are trained pairs with a held-out pair's assembly, `left` those of them that the trainer would not
    leave out by their question. `repeated` are trained pairs whose question an earlier one has."""

    sources: dict[tuple[str, str, str, str], Source]
    unit: str
    trained: int = 0
    held: int = 0
    held_functions: int = 0
    repeated: int = 0
    dropped: int = 0
    shared: int = 0
    left: int = 0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="What the shards in WORK/pairs hold, as Markdown")
    parser.add_argument("--work", type=Path, default=Path("work"))
    options = parser.parse_args(arguments)
    found = report(options.work)
    print(as_markdown(found))
    return 1 if found.left else 0


def read(work: Path) -> Iterator[Pair]:
    """Every line of every shard that is finished."""
    for path in sorted((work / "pairs").glob("*.tsv")):
        kind = path.stem.rpartition("-")[0]
        with path.open(encoding="utf-8") as file:
            for line in file:
                columns = line.rstrip("\n").split("\t")
                if len(columns) == 5:
                    yield Pair(kind, *columns)


def report(work: Path) -> Report:
    """Read the shards twice: the held-out pairs first, then all of them."""
    measure, unit = measure_of(work)
    questions, assemblies, held = set(), set(), 0
    for pair in read(work):
        if pair.origin.startswith("held"):
            held += 1
            questions.add(hash(pair.question))
            if pair.assembly:
                assemblies.add(hash(pair.assembly))
    found = Report({}, unit, held=held, held_functions=len(assemblies))
    known: set[int] = set()
    batch: list[Pair] = []
    for pair in read(work):
        batch.append(pair)
        if len(batch) == BATCH:
            _count(found.sources, batch, measure)
            batch = []
        if pair.origin.startswith("held"):
            continue
        found.trained += 1
        key = hash(pair.question)
        dropped = key in questions
        found.dropped += dropped
        found.repeated += key in known and not dropped
        known.add(key)
        if pair.assembly and hash(pair.assembly) in assemblies:
            found.shared += 1
            found.left += not dropped
    _count(found.sources, batch, measure)
    return found


def measure_of(work: Path) -> tuple[Measure, str]:
    """How tokens are counted and what they are called: words where there is no vocabulary yet."""
    path = work / "tokenizer.model"
    if not path.exists():
        return lambda texts: [text.count(" ") + 1 for text in texts], "words"
    import sentencepiece

    pieces = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return lambda texts: [len(tokens) for tokens in pieces.encode(texts)], "tokens"


def bucket_of(ir: str) -> int:
    """The column of a packed normal form, by its instructions."""
    lines = lines_of(unpacked(ir).split())[1:]
    instructions = sum(1 for line in lines if not re.fullmatch(r"L\d+:", line))
    return sum(instructions > most for most in BUCKETS)


def _count(sources: dict[tuple[str, str, str, str], Source], batch: list[Pair], measure: Measure) -> None:
    questions = measure([pair.question for pair in batch])
    answers = measure([pair.answer for pair in batch])
    for pair, question, answer in zip(batch, questions, answers, strict=True):
        source = sources.setdefault(pair.source, Source())
        ir = pair.ir
        bucket = bucket_of(ir)
        source.pairs += 1
        source.functions[bucket].add(hash(ir))
        source.tokens[bucket] += question + answer


def as_markdown(found: Report) -> str:
    columns = [f"to {most}" for most in BUCKETS] + ["longer"]
    head = ["kind", "task", "origin", "target", "pairs", "functions", *columns]
    functions: list[Row] = []
    tokens: list[Row] = []
    for name, source in sorted(found.sources.items()):
        of_length = range(len(columns))
        functions.append([*name, source.pairs, *_with_sum([len(source.functions[at]) for at in of_length])])
        tokens.append([*name, source.pairs, *_with_sum([source.tokens[at] for at in of_length])])
    verdict = (
        "no trained function has the assembly of a held-out one"
        if not found.left
        else f"{found.left:,} trained pairs have the assembly of a held-out one: drop them before training"
    )
    return "\n".join(
        [
            "Distinct functions, by IR instructions:",
            "",
            *_table(head, functions),
            "",
            f"{found.unit.capitalize()} of questions and answers, by IR instructions:",
            "",
            *_table([*head[:5], found.unit, *columns], tokens),
            "",
            f"{found.trained:,} pairs to train on, {found.held:,} held out with {found.held_functions:,} different "
            "assembly texts.",
            f"The trainer leaves out {found.dropped:,} whose question is a held-out one's, and {found.repeated:,} whose "
            "question it has had.",
            f"{found.shared:,} share a held-out function's normalised assembly, {found.shared - found.left:,} of them "
            f"among those left out: {verdict}.",
        ]
    )


def _with_sum(numbers: list[int]) -> list[int]:
    return [sum(numbers), *numbers]


def _table(head: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """With a last row of sums."""
    sums: Row = [
        "all",
        "",
        "",
        "",
        *(sum(int(row[at]) for row in rows) for at in range(4, len(head))),
    ]
    return [
        f"| {' | '.join(head)} |",
        f"|{'---|' * 4}{'---:|' * (len(head) - 4)}",
        *(
            "| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else cell for cell in row) + " |"
            for row in [*rows, sums]
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
