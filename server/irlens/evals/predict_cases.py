"""What `irlens eval predict` is given: IR functions, each with a pass pipeline.

Either a file of JSON lines, as `python -m irlens.training.heldout` writes it, or a folder with `NAME.raw.ll` files
(what clang hands to its optimiser), whose functions get the pipelines of the embedded model in turn, or each a random
list as in the paper.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, TypeVar

from irlens.errors import UnusableInput
from irlens.evals.lift_cases import BUCKETS
from irlens.evals.paper_passes import random_list
from irlens.evals.reading import of_right_types, text_of
from irlens.files import inside, parse_json
from irlens.ir.normal import NotNormal, encode
from irlens.ir.outline import outline
from irlens.model.prompts.irlens import PIPELINES, triple_of

Case = TypeVar("Case")
Lists = Literal["fixed", "random"]


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


def read_predict_cases(path: Path, lists: Lists = "fixed", seed: int = 1) -> list[PredictCase]:
    """`seed` is of random lists. Raises `UnusableInput` where there are none."""
    rng = random.Random(f"lists {seed}")

    def pipeline(number: int) -> str:
        return random_list(rng) if lists == "random" else PIPELINES[number % len(PIPELINES)]

    def of_folder() -> list[PredictCase]:
        return [
            PredictCase(package, triple_of(text), name, pipeline(number), text, instructions)
            for number, (package, text, name, instructions) in enumerate(raw_functions(path))
        ]

    return read_cases(path, PredictCase, of_folder)


def raw_functions(folder: Path) -> Iterator[tuple[str, str, str, int]]:
    """Of the folder's `NAME.raw.ll` every function: NAME, the file's text, the function's name, its instructions."""
    for file in inside(folder, (".ll",)):
        if file.parent != folder or not file.name.endswith(".raw.ll"):
            continue
        text = text_of(file)
        for function in outline(text).functions:
            if not function.is_definition:
                continue
            try:
                instructions = encode(text, function.name).instructions
            except NotNormal:  # the embedded model has no words for it; others do
                instructions = function.instructions
            yield file.name.split(".")[0], text, function.name, instructions


def read_cases(path: Path, make: Callable[..., Case], of_folder: Callable[[], list[Case]]) -> list[Case]:
    """The cases of a folder, or of a file of JSON lines, of which each holds what `make` takes. Raises
    `UnusableInput` where there are none."""
    if path.is_dir():
        found = of_folder()
    elif path.is_file():
        try:
            found = [of_right_types(make(**parse_json(line))) for line in text_of(path).splitlines()]
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
    short = [case for case in cases if case.instructions <= longest]
    return even_sample(
        short,
        count,
        seed,
        lambda case: case.pipeline if case.pipeline in PIPELINES else "",
        lambda case: (case.package, case.function, case.ir),
    )


def even_sample(
    cases: list[Case],
    count: int,
    seed: int,
    group: Callable[[Case], str],
    order: Callable[[Case], tuple[str, ...]],
) -> list[Case]:
    """At most `count`, drawn with `seed`, the same number from each group where there are as many. `order` makes it
    the same sample however the file is sorted. Any beginning of it is such a sample too."""
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        groups[group(case)].append(case)
    rng = random.Random(seed)
    queues = []
    for key in sorted(groups):
        queue = sorted(groups[key], key=order)
        rng.shuffle(queue)
        queues.append(queue)
    sample: list[Case] = []
    while len(sample) < count and any(queues):
        for queue in queues:
            if queue and len(sample) < count:
                sample.append(queue.pop())
    return sample
