"""How far the mechanical lifter gets on real functions: lifted, verifies, agrees; and what it does not cover.

    python -m irlens.evals.floor --work WORK --set develop|final [--sample 40] [--seed 1] [--out FILE]

Takes a seeded sample of the functions that `irlens.evals.corpus` listed, `--sample` of every compiler, level and
target, lifts each without a model and runs it beside the original in the emulator. FILE (WORK/floor-SET.jsonl)
gets one line a function and is gone on with after a stop; the table goes to standard output, and as JSON to FILE
with `.json` for `.jsonl`. Nothing may be tuned on the set `final`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from irlens.emulator.client import Emulator
from irlens.errors import IrlensError
from irlens.evidence.behaviour import THOROUGH_INPUTS, behaves
from irlens.llvm.client import LLVM
from irlens.mechanical.answers import Uncovered
from irlens.mechanical.client import MechanicalLifter
from irlens.mechanical.lift import CLEAN_UP

_COLUMNS = ("functions", "lifted", "verifies", "agrees", "unknown", "disagrees", "uncovered", "failed")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the mechanical lifter on real functions")
    parser.add_argument("--work", type=Path, default=Path("work/corpus"))
    parser.add_argument("--set", default="develop")
    parser.add_argument("--sample", type=int, default=40, help="functions of each compiler, level and target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    os.nice(19)
    folder = options.work / options.set
    out = options.out or options.work / f"floor-{options.set}.jsonl"
    cases = sample(folder / "index.jsonl", options.sample, options.seed)
    done = run(folder, cases, out)
    table = tabulate(done)
    out.with_suffix(".json").write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    print(printed(table))


def sample(index: Path, count: int, seed: int) -> list[dict[str, Any]]:
    """`count` functions of every combination of compiler, level and target, fewer where there are not so many."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for line in index.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        groups[case["triple"], case["compiler"], case["level"]].append(case)
    chosen = []
    for key in sorted(groups):
        group = sorted(groups[key], key=lambda case: (case["asm"], case["function"]))
        chosen += random.Random(f"{seed} {key}").sample(group, min(count, len(group)))
    return chosen


def run(folder: Path, cases: list[dict[str, Any]], out: Path) -> list[dict[str, Any]]:
    """Judge what is not judged yet; answers all results of `cases`."""
    known = {}
    if out.exists():
        for line in out.read_text(encoding="utf-8").splitlines():
            result = json.loads(line)
            known[result["asm"], result["function"]] = result
    results = []
    with (
        LLVM(workers=1) as llvm,
        MechanicalLifter() as lifter,
        Emulator() as emulator,
        out.open("a", encoding="utf-8") as file,
    ):
        for case in sorted(cases, key=lambda case: case["asm"]):
            result = known.get((case["asm"], case["function"]))
            if result is None:
                result = judge(folder, case, llvm, lifter, emulator)
                file.write(json.dumps(result) + "\n")
                file.flush()
            results.append(result)
    return results


def judge(
    folder: Path, case: dict[str, Any], llvm: LLVM, lifter: MechanicalLifter, emulator: Emulator
) -> dict[str, Any]:
    """`outcome` is the furthest that was reached, `seconds` the lifter's own."""
    text = (folder / case["asm"]).read_text(encoding="utf-8", errors="replace")
    name, triple = case["function"], case["triple"]
    result = {key: case[key] for key in ("package", "asm", "compiler", "level", "triple", "function")}
    result |= {"outcome": "failed", "what": "", "reason": "", "seconds": 0.0, "ir": None}
    try:
        assembled = llvm.assemble(text, triple)
        if assembled.object is None:
            return result | {"what": "assembly", "reason": assembled.diagnostics[0].message}
        started = time.monotonic()
        try:
            raw = lifter.lift(assembled.object, name, triple)
        except Uncovered as uncovered:
            return result | {"outcome": "uncovered", "what": uncovered.what, "reason": str(uncovered)}
        result["seconds"] = round(time.monotonic() - started, 4)
        result |= {"outcome": "lifted", "ir": raw.ir}
        ir = llvm.run_passes(raw.ir, CLEAN_UP).ir
        result |= {"outcome": "verifies", "ir": ir}
        verdict = behaves(
            text,
            name,
            triple,
            ir,
            llvm,
            emulator,
            original=assembled.object,
            inputs=THOROUGH_INPUTS,
        )
        result |= {"outcome": verdict.outcome, "reason": verdict.reason, "covered": round(verdict.covered, 4)}
    except IrlensError as error:
        result |= {"what": type(error).__name__, "reason": str(error)}
    return result


def tabulate(results: list[dict[str, Any]]) -> dict[str, Any]:
    """Counts by group, and what was not covered by frequency."""
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        arch = result["triple"].split("-")[0]
        for group in ("all", arch, result["compiler"], result["level"]):
            row = rows[group]
            row["functions"] += 1
            outcome = result["outcome"]
            row[outcome] += outcome not in ("lifted", "verifies")
            row["lifted"] += result["ir"] is not None
            row["verifies"] += outcome not in ("lifted", "uncovered", "failed")
    seconds = sorted(result["seconds"] for result in results if result["seconds"])
    return {
        "rows": {name: dict(row) for name, row in rows.items()},
        "uncovered": Counter(r["what"] for r in results if r["outcome"] == "uncovered").most_common(),
        "failed": Counter(r["what"] for r in results if r["outcome"] in ("failed", "lifted")).most_common(),
        "median_s": seconds[len(seconds) // 2] if seconds else 0.0,
        "longest_s": seconds[-1] if seconds else 0.0,
    }


def printed(table: dict[str, Any]) -> str:
    """The table for a person."""
    lines = ["| group | " + " | ".join(_COLUMNS) + " |", "| --- |" + " ---: |" * len(_COLUMNS)]
    for name, row in table["rows"].items():
        cells = []
        for column in _COLUMNS:
            count = row.get(column, 0)
            share = f" ({100 * count / row['functions']:.1f} %)" if column != "functions" and count else ""
            cells.append(f"{count}{share}")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines.append("")
    lines.append(f"lifting: median {table['median_s']:.3f} s, longest {table['longest_s']:.3f} s")
    lines += [f"not covered: {what} {count}" for what, count in table["uncovered"]]
    lines += [f"failed: {what} {count}" for what, count in table["failed"]]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
