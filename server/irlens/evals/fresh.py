"""Does what agreed go on agreeing? Lifts that the floor's evaluation found to agree, on many fresh inputs.

    python -m irlens.evals.fresh --work WORK --set develop|final [--sample 200] [--inputs 10000] [--seed 2]

Reads WORK/floor-SET.jsonl (see `floor`), draws functions that agreed, lifts them again and runs each on `--inputs`
inputs of another seed. Prints how many still agree, and every one that does not with its counterexample;
WORK/fresh-SET.jsonl has one line a function and is gone on with after a stop.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from pathlib import Path
from typing import Any

from irlens.emulator.client import Emulator
from irlens.errors import IrlensError
from irlens.escape import line
from irlens.evidence.behaviour import behaves
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter
from irlens.mechanical.lift import lift_mechanically

LIMIT_S = 40.0
"""Seconds for one function's inputs; how many were tried is written down."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Run lifts that agreed on fresh inputs")
    parser.add_argument("--work", type=Path, default=Path("work/corpus"))
    parser.add_argument("--set", default="develop")
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2, help="of the inputs; the floor's is 0")
    options = parser.parse_args()
    os.nice(19)
    lines = (options.work / f"floor-{options.set}.jsonl").read_text(encoding="utf-8").splitlines()
    agreed = [case for case in map(json.loads, lines) if case.get("outcome") == "agrees"]
    random.Random(options.seed).shuffle(agreed)
    out = options.work / f"fresh-{options.set}.jsonl"
    results = run(options.work / options.set, agreed[: options.sample], out, options.inputs, options.seed)
    still = sum(result["outcome"] == "agrees" for result in results)
    tried = sorted(result["inputs"] for result in results)
    print(f"{still} of {len(results)} still agree; inputs a function: {tried[0]} to {tried[-1]}")
    for result in results:
        if result["outcome"] != "agrees":
            print(line(f"{result['asm']} {result['function']}: {result['outcome']}: {result['reason']}"))


def run(folder: Path, cases: list[dict[str, Any]], out: Path, inputs: int, seed: int) -> list[dict[str, Any]]:
    """Judge what is not judged yet; answers the results of `cases`."""
    known: dict[tuple[str, str], dict[str, Any]] = {}
    if out.exists():
        for line in out.read_text(encoding="utf-8").splitlines():
            result = json.loads(line)
            known[result["asm"], result["function"]] = result
    with (
        LLVM(workers=1) as llvm,
        MechanicalLifter() as lifter,
        Emulator(time_limit_s=LIMIT_S) as emulator,
        out.open("a", encoding="utf-8") as file,
    ):
        for case in cases:
            key = case["asm"], case["function"]
            if key not in known:
                known[key] = _judge(folder, case, llvm, lifter, emulator, inputs, seed)
                file.write(json.dumps(known[key]) + "\n")
                file.flush()
    return [known[case["asm"], case["function"]] for case in cases]


def _judge(
    folder: Path,
    case: dict[str, Any],
    llvm: LLVM,
    lifter: MechanicalLifter,
    emulator: Emulator,
    inputs: int,
    seed: int,
) -> dict[str, Any]:
    text = (folder / case["asm"]).read_text("utf-8", "replace")
    name, triple = case["function"], case["triple"]
    result = {"asm": case["asm"], "function": name, "outcome": "failed", "reason": "", "inputs": 0}
    try:
        original = llvm.object_of(text, triple)
        ir = lift_mechanically(original, name, triple, llvm, lifter).ir
        found = behaves(text, name, triple, ir, llvm, emulator, original=original, inputs=inputs, seed=seed)
    except IrlensError as error:
        return result | {"reason": str(error)}
    return result | {"outcome": found.outcome, "reason": found.reason, "inputs": found.inputs}


if __name__ == "__main__":
    main()
