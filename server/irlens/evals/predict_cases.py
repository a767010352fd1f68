"""What `irlens eval predict` is given: IR functions, each with a pass pipeline.

Either a file of JSON lines, as `python -m irlens.training.heldout` writes it, or a folder with `NAME.raw.ll` files
(what clang hands to its optimiser), whose functions get the pipelines of the embedded model in turn.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path

from irlens.errors import UnusableInput
from irlens.evals.lift_cases import BUCKETS
from irlens.ir.normal import NotNormal, encode
from irlens.ir.outline import outline
from irlens.model.prompts.irlens import PIPELINES, triple_of


@dataclass(frozen=True)
class PredictCase:
    """`ir` is a module that defines `function`, of `instructions` instructions, for `triple`."""

    package: str
    triple: str
    function: str
    pipeline: str
    ir: str
    instructions: int

    @property
    def target(self) -> str:
        return self.triple.partition("-")[0]

    def as_json(self) -> str:
        return json.dumps(asdict(self))


def read_predict_cases(path: Path) -> list[PredictCase]:
    """Raises `UnusableInput` where there are none."""
    if path.is_dir():
        found: list[PredictCase] = []
        for file in sorted(path.glob("*.raw.ll")):
            text = file.read_text(encoding="utf-8")
            for name in [function.name for function in outline(text).functions if function.is_definition]:
                try:
                    instructions = encode(text, name).instructions
                except NotNormal:
                    continue
                pipeline = PIPELINES[len(found) % len(PIPELINES)]
                found.append(
                    PredictCase(file.name.split(".")[0], triple_of(text), name, pipeline, text, instructions)
                )
    elif path.is_file():
        try:
            found = [
                PredictCase(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()
            ]
        except (TypeError, ValueError) as problem:
            raise UnusableInput(
                f"{path}: not a file of cases ({problem}). Write it anew with `python -m irlens.training.heldout`."
            ) from problem
    else:
        raise UnusableInput(
            f"{path}: there is no such file or folder. Give a folder of .raw.ll files, or a .jsonl."
        )
    if not found:
        raise UnusableInput(f"{path}: no case was found. Give a folder of .raw.ll files, or a .jsonl.")
    return found


def chosen_predict_cases(
    cases: list[PredictCase], count: int, seed: int, longest: int = BUCKETS[-1]
) -> list[PredictCase]:
    """A seeded sample of at most `count` of up to `longest` instructions, the same number from each pipeline where
    there are as many."""
    groups: dict[str, list[PredictCase]] = defaultdict(list)
    for case in cases:
        if case.instructions <= longest:
            groups[case.pipeline].append(case)
    rng = random.Random(seed)
    queues = []
    for key in sorted(groups):
        queue = sorted(groups[key], key=lambda case: (case.package, case.function, case.ir))
        rng.shuffle(queue)
        queues.append(queue)
    sample: list[PredictCase] = []
    while len(sample) < count and any(queues):
        for queue in queues:
            if queue and len(sample) < count:
                sample.append(queue.pop())
    return sample
