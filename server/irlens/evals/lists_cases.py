"""What `irlens eval lists` is given: IR functions as clang hands them to its optimiser, each alone in a module.

Either a file of JSON lines, as `python -m irlens.training.heldout` writes it, or a folder with `NAME.raw.ll` files.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from irlens.evals.lift_cases import BUCKETS
from irlens.evals.predict_cases import even_sample, raw_functions, read_cases
from irlens.ir.extract import extract
from irlens.model.prompts.irlens import triple_of


@dataclass(frozen=True)
class TuneCase:
    """`ir` is a module that defines `function` and no other, of `instructions` instructions, for `triple`."""

    package: str
    triple: str
    function: str
    ir: str
    instructions: int

    @property
    def target(self) -> str:
        return self.triple.partition("-")[0]

    def as_json(self) -> str:
        return json.dumps(asdict(self))


def read_tune_cases(path: Path) -> list[TuneCase]:
    """Raises `UnusableInput` where there are none."""

    def of_folder() -> list[TuneCase]:
        return [
            TuneCase(package, triple_of(text), name, extract(text, name), instructions)
            for package, text, name, instructions in raw_functions(path)
        ]

    return read_cases(path, TuneCase, of_folder)


def chosen_tune_cases(
    cases: list[TuneCase], count: int, seed: int, longest: int = BUCKETS[-1]
) -> list[TuneCase]:
    """A seeded sample of at most `count` of up to `longest` instructions, the same number from each target where
    there are as many, lengths as they occur. Any beginning of it is such a sample too."""
    short = [case for case in cases if case.instructions <= longest]
    return even_sample(
        short, count, seed, lambda case: case.target, lambda case: (case.package, case.function, case.ir)
    )
