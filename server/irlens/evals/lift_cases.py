"""What `irlens eval lift` is given: assembly functions with the IR they were made from.

Either a file of JSON lines, as `python -m irlens.training.heldout` writes it, or a folder of `NAME.LEVEL.s` files
with the `.ll` of the same compilation beside each (`examples/eval`).
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from irlens.asm.dialect import detect
from irlens.asm.outline import functions
from irlens.errors import UnusableInput
from irlens.evals.reading import of_right_types, text_of
from irlens.files import inside, parse_json
from irlens.ir.normal import NormalIr, NotNormal, encode
from irlens.ir.normal_canonical import bare, canonical

BUCKETS = (8, 16, 32, 64)
"""Lengths of the original IR, in instructions: each row of a report counts the functions up to one of them."""


@dataclass(frozen=True)
class LiftCase:
    """One function. `answer` is the original IR in comparable form (see `comparable`), with the names of its
    symbols; empty where it has no normal form. `instructions` counts the original IR, 0 where it is not known."""

    package: str
    level: str
    triple: str
    function: str
    asm: str
    instructions: int
    answer: str = ""
    symbols: tuple[str, ...] = ()

    @property
    def target(self) -> str:
        return self.triple.partition("-")[0]

    def as_json(self) -> str:
        return json.dumps(asdict(self))


def comparable(module_ir: str, function: str) -> NormalIr:
    """A function's IR in the form in which two are compared: normal, and without what machine code does not show
    (flags, alignments that are lost, the types that addresses are reckoned in, the order of integer and floating-point
    parameters, unread parameters, lifetimes).

    Raises `NotNormal` where it has no normal form.
    """
    normal = encode(module_ir, function)
    return NormalIr(bare(canonical(normal.text)), normal.symbols)


def read_lift_cases(path: Path) -> list[LiftCase]:
    """Raises `UnusableInput` where there are none."""
    if path.is_dir():
        own = [file for file in inside(path, (".s", ".ll")) if file.parent == path]
        found = [case for file in own if file.suffix == ".s" for case in _of_file(file, own)]
    elif path.is_file():
        found = []
        for number, line in enumerate(text_of(path).splitlines(), 1):
            try:
                fields = parse_json(line)
                case = LiftCase(**{**fields, "symbols": tuple(fields.get("symbols", ()))})
                found.append(of_right_types(case))
            except (TypeError, ValueError) as problem:
                raise UnusableInput(
                    f"{path}:{number}: not a case ({problem}). Write the file anew with "
                    "`python -m irlens.training.heldout`."
                ) from problem
    else:
        raise UnusableInput(
            f"{path}: there is no such file or folder. Give a folder of .s files, or a .jsonl."
        )
    if not found:
        raise UnusableInput(
            f"{path}: no case was found. Give a folder of .s files with their .ll, or a .jsonl."
        )
    return found


def _of_file(asm_file: Path, own: Collection[Path]) -> list[LiftCase]:
    text = text_of(asm_file)
    ir_file = asm_file.with_suffix(".ll")
    ir = text_of(ir_file) if ir_file in own else ""
    says = re.search(r'^target triple = "([^"]+)"', ir, re.MULTILINE)
    triple = says[1] if says else detect(text, None).triple
    if triple is None:
        raise UnusableInput(
            f"{asm_file}: its target is not known. Put the .ll of the same compilation beside it."
        )
    level = asm_file.stem.rpartition(".")[2]
    found = []
    for function in functions(text):
        try:
            normal = comparable(ir, function.name)
        except NotNormal:
            normal = NormalIr("", ())
        found.append(
            LiftCase(
                asm_file.stem.partition(".")[0],
                f"-{level}" if re.fullmatch(r"O[0123sz]", level) else "",
                triple,
                function.name,
                text,
                normal.instructions,
                normal.text,
                tuple(symbol.name for symbol in normal.symbols),
            )
        )
    return found


def chosen_lift_cases(
    cases: list[LiftCase], count: int, seed: int, longest: int = BUCKETS[-1]
) -> list[LiftCase]:
    """A seeded sample of at most `count` of up to `longest` instructions, the same number from each target where
    there are as many, lengths as they occur. Any beginning of it is such a sample too."""
    groups: dict[str, list[LiftCase]] = defaultdict(list)
    for case in cases:
        if case.instructions <= longest:
            groups[case.target].append(case)
    rng = random.Random(seed)
    queues = []
    for key in sorted(groups):
        queue = sorted(groups[key], key=lambda case: (case.package, case.function, case.level, case.asm))
        rng.shuffle(queue)
        queues.append(queue)
    sample: list[LiftCase] = []
    while len(sample) < count and any(queues):
        for queue in queues:
            if queue and len(sample) < count:
                sample.append(queue.pop())
    return sample
