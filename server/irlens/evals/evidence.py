"""The check that grants `agrees`, itself checked on real code, both ways.

    python -m irlens.evals.evidence --corpus WORK/develop --out OUT [--pairs 1000] [--mutants 1000]

*Pairs*: clang's assembly of a function and clang's IR of it, at the same level. They do the same, so whatever
comes out as "disagrees" is a false alarm. *Mutants*: the same IR with one change of meaning (see `mutants`).
What comes out as "agrees" survived: either the change makes no difference, or the check has a hole. A mutant
that LLVM compiles to the very same object as the unchanged IR, as it is or optimised, is none, and is not
counted.

Writes OUT/pairs.jsonl, OUT/mutants.jsonl and OUT/survivors.txt, prints the tables, and goes on where it stopped.
`corpus` makes the functions.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from irlens.emulator.client import Emulator
from irlens.errors import IrlensError, LLVMRefused, UnusableInput
from irlens.evals.mutants import KINDS, mutate
from irlens.evidence.behaviour import behaves
from irlens.ir.extract import extract
from irlens.llvm.client import LLVM

_TRIES = 20
"""Draws for one mutant before its function is left."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Check the emulator's verdicts on real code")
    parser.add_argument("--corpus", type=Path, default=Path("work/corpus/develop"))
    parser.add_argument("--out", type=Path, default=Path("work/evidence"))
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--mutants", type=int, default=1000)
    parser.add_argument("--inputs", type=int, default=64)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    entries = chosen(options.corpus, options.seed)
    with LLVM(workers=1) as llvm, Emulator() as emulator:
        judge = Judge(options.corpus, llvm, emulator, options.inputs)
        run_pairs(judge, entries, options.out / "pairs.jsonl", options.pairs)
        agreeing = {
            key for key, record in read(options.out / "pairs.jsonl").items() if record["outcome"] == "agrees"
        }
        sound = [entry for entry in entries if key_of(entry) in agreeing]
        run_mutants(judge, sound, options.out / "mutants.jsonl", options.mutants, options.seed)
    print(report(options.out))


def chosen(corpus: Path, seed: int) -> list[dict[str, Any]]:
    """clang's functions that have their IR beside them, each once, packages and levels mixed."""
    found = [json.loads(line) for line in (corpus / "index.jsonl").read_text().splitlines()]
    found = [entry for entry in found if entry["ir"]]
    random.Random(seed).shuffle(found)
    return found


def key_of(entry: dict[str, Any]) -> str:
    return f"{entry['asm']} {entry['function']}"


class Judge:
    """Asks the check. Files are read and assembled once."""

    def __init__(self, corpus: Path, llvm: LLVM, emulator: Emulator, inputs: int) -> None:
        self._corpus, self.llvm, self._emulator, self._inputs = corpus, llvm, emulator, inputs
        self._assembled = lru_cache(maxsize=64)(self._assemble)

    def _assemble(self, path: str, triple: str) -> bytes:
        return self.llvm.object_of((self._corpus / path).read_text(), triple)

    def ir_of(self, entry: dict[str, Any]) -> str:
        return extract((self._corpus / entry["ir"]).read_text(), entry["function"])

    def judge(self, entry: dict[str, Any], ir: str) -> dict[str, Any]:
        """The check's answer on this IR against the entry's assembly, JSON-ready."""
        text = (self._corpus / entry["asm"]).read_text()
        body = function_text(text, entry["function"])
        began = time.monotonic()
        try:
            original = self._assembled(entry["asm"], entry["triple"])
            found = behaves(
                body,
                entry["function"],
                entry["triple"],
                ir,
                self.llvm,
                self._emulator,
                original=original,
                inputs=self._inputs,
            )
        except IrlensError as error:
            return {"outcome": "error", "reason": str(error), "seconds": time.monotonic() - began}
        return {**found.as_json(), "wall": round(time.monotonic() - began, 4)}


def function_text(text: str, function: str) -> str:
    """The function's own lines, for the numbers in them."""
    found = re.search(rf"^{re.escape(function)}:$.*?(?=^\s*\.size\s|\Z)", text, re.M | re.S)
    return found[0] if found else text


def run_pairs(judge: Judge, entries: list[dict[str, Any]], path: Path, count: int) -> None:
    done = read(path)
    with path.open("a") as file:
        for entry in entries:
            if len(done) >= count:
                return
            key = key_of(entry)
            if key in done:
                continue
            try:
                ir = judge.ir_of(entry)
                judge.llvm.signatures(ir, entry["function"], entry["triple"])
            except (UnusableInput, LLVMRefused) as error:
                done[key] = record = {"key": key, "outcome": "error", "reason": str(error)}
            else:
                record = {"key": key, **entry, **judge.judge(entry, ir)}
                done[key] = record
            file.write(json.dumps(record) + "\n")
            file.flush()


def run_mutants(judge: Judge, entries: list[dict[str, Any]], path: Path, count: int, seed: int) -> None:
    """One mutant of each function in turn, the kinds in turn, until there are `count`."""
    done = read(path)
    with path.open("a") as file:
        for key, entry, kind, rng in _draws(entries, seed):
            if sum(1 for record in done.values() if record.get("outcome") != "none") >= count:
                return
            if key in done:
                continue
            record = _one_mutant(judge, entry, kind, rng)
            record = {"key": key, "function": entry["function"], **record}
            done[key] = record
            file.write(json.dumps(record) + "\n")
            file.flush()


def _draws(
    entries: list[dict[str, Any]], seed: int
) -> Iterator[tuple[str, dict[str, Any], str, random.Random]]:
    kinds = tuple(KINDS)
    for turn in range(len(kinds)):
        for number, entry in enumerate(entries):
            kind = kinds[(number + turn) % len(kinds)]
            key = f"{key_of(entry)} {kind}"
            yield key, entry, kind, random.Random(f"{seed} {key}")


def _one_mutant(judge: Judge, entry: dict[str, Any], kind: str, rng: random.Random) -> dict[str, Any]:
    ir = judge.ir_of(entry)
    llvm = judge.llvm
    for _ in range(_TRIES):
        mutant = mutate(rng, ir, entry["function"], kind)
        if mutant is None:
            break
        try:
            if not llvm.parse(mutant.ir).verified:
                continue
            if same_code(llvm, ir, mutant.ir, entry["triple"]):
                continue
        except IrlensError:
            continue
        found = judge.judge(entry, mutant.ir)
        return {
            "kind": kind,
            "triple": entry["triple"],
            "level": entry["level"],
            "asm": entry["asm"],
            "before": mutant.before,
            "after": mutant.after,
            "line": mutant.line,
            **{
                name: found.get(name) for name in ("outcome", "reason", "inputs", "agreed", "covered", "wall")
            },
        }
    return {"kind": kind, "outcome": "none"}


def same_code(llvm: LLVM, left: str, right: str, triple: str) -> bool:
    """Whether LLVM itself shows two modules to be the same: as they are, or after its optimiser."""
    if llvm.emit_object(left, triple) == llvm.emit_object(right, triple):
        return True
    left, right = (re.sub(r"\boptnone\b", "", ir) for ir in (left, right))
    optimised = [llvm.run_passes(ir, "default<O2>").ir for ir in (left, right)]
    return llvm.emit_object(optimised[0], triple) == llvm.emit_object(optimised[1], triple)


def read(path: Path) -> dict[str, dict[str, Any]]:
    if not path.exists():
        return {}
    records = [json.loads(line) for line in path.read_text().splitlines()]
    return {record["key"]: record for record in records}


def report(out: Path) -> str:
    """Both tables as text; writes the survivors beside them."""
    pairs = list(read(out / "pairs.jsonl").values())
    mutants = [one for one in read(out / "mutants.jsonl").values() if one["outcome"] != "none"]
    lines = ["pairs that do the same:"]
    outcomes = Counter(record["outcome"] for record in pairs)
    lines += [f"  {outcome:10} {count}" for outcome, count in sorted(outcomes.items())]
    timed = sorted(record["seconds"] for record in pairs if record["outcome"] == "agrees")
    if timed:
        lines.append(
            f"  seconds of an agreement: median {timed[len(timed) // 2]:.3f}, 90 % {timed[len(timed) * 9 // 10]:.3f}"
        )
    lines.append("mutants (caught / unknown / survived):")
    for kind in KINDS:
        of_kind = Counter(record["outcome"] for record in mutants if record["kind"] == kind)
        lines.append(f"  {kind:18} {of_kind['disagrees']:5} {of_kind['unknown']:5} {of_kind['agrees']:5}")
    every = Counter(record["outcome"] for record in mutants)
    told = every["disagrees"] + every["agrees"]
    if told:
        lines.append(f"  all                {every['disagrees']:5} {every['unknown']:5} {every['agrees']:5}")
        lines.append(f"  caught of those told: {every['disagrees'] / told:.2%}")
    survivors = [record for record in mutants if record["outcome"] == "agrees"]
    (out / "survivors.txt").write_text(
        "\n".join(
            f"{one['key']}\n  - {one['before']}\n  + {one['after']}\n  {one['reason']}\n" for one in survivors
        )
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
