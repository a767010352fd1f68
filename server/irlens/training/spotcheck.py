"""Lift the held-out packages' short functions with the embedded model and count the verdicts: seconds, not minutes.

Needs WORK/seeds/ir (stage `seeds`) and WORK/pairs (stage `pairs`), to leave out whatever was trained on.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from irlens.asm.normal import normalise
from irlens.assist.lift import lift
from irlens.errors import IrlensError
from irlens.evidence.verdict import Verdict
from irlens.ir.normal import Symbol, decode
from irlens.llvm.client import LLVM
from irlens.model.client import Model
from irlens.model.types import LiftSource
from irlens.training.heldout import trained_questions
from irlens.training.seeds import HELD_OUT

TRIPLES = ("x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu")
MOST_LINES = 9
"""Of the normal IR: a signature and up to eight instructions."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Lift the held-out packages' short functions")
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--candidates", type=int, default=8)
    options = parser.parse_args()
    trained = trained_questions(options.work)
    counts: Counter[tuple[str, str]] = Counter()
    with LLVM() as llvm, Model() as model:
        for source in _sources(options.work, llvm):
            prompt = model.family().lift(source)
            if prompt is None or prompt.text in trained:
                continue
            result = lift(source, model, llvm, candidates=options.candidates)
            target = source.triple.partition("-")[0]
            counts[target, "functions"] += 1
            counts[target, str(result.verdict)] += 1
            counts[target, "greedy"] += result.verdict == Verdict.ROUND_TRIPS and result.replies == 1
    for (target, what), count in sorted(counts.items()):
        print(f"{target} {what} {count}")


def _sources(work: Path, llvm: LLVM) -> list[LiftSource]:
    sources: dict[tuple[str, str], LiftSource] = {}
    for package in HELD_OUT:
        for line in (work / "seeds" / "ir" / f"{package}.jsonl").read_text().splitlines():
            seed = json.loads(line)
            if seed["level"] == "raw" or len(seed["text"].splitlines()) > MOST_LINES:
                continue
            for triple in TRIPLES:
                try:
                    ir = decode(seed["text"], [Symbol(*symbol) for symbol in seed["symbols"]], triple, "f")
                    text = llvm.lower(ir, triple)
                    key = (triple, normalise(text, "f", triple).text)
                except IrlensError:
                    continue
                sources.setdefault(key, LiftSource(text, "f", triple))
    return list(sources.values())


if __name__ == "__main__":
    main()
