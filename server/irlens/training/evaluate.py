"""How good is the exported model? Greedy and best of N, through the GGUF, the engine and the checks that users get.

Lift: for each held-out function the highest rung that the greedy answer and the best of N reach; "exact" means
the answer is, word for word, the IR that the function was made from, where that is known. Predict: counts, sizes
and IR, each exact or not. WORK/evaluation.json keeps every answer.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from irlens.asm.normal import normalise
from irlens.errors import IrlensError, ReplyUnreadable
from irlens.evidence.ladder import climb
from irlens.evidence.verdict import Verdict
from irlens.ir.normal import NormalIr, Symbol, flat, renumbered
from irlens.llvm.client import LLVM
from irlens.model.client import Model
from irlens.model.prompts.irlens import END, LONGEST_REPLY
from irlens.model.types import GenerateOptions, LiftSource
from irlens.training.export import FILE

TEMPERATURE = 0.7


@dataclass
class Lifted:
    """One function's outcome. Verdicts as numbers of the ladder."""

    entry: dict[str, Any]
    greedy: Verdict
    best: Verdict
    exact: bool
    replies: int
    tokens: int
    seconds: float
    reason: str
    greedy_text: str


def main() -> None:
    parser = argparse.ArgumentParser(description="Judge an exported model on WORK/heldout.jsonl")
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--model", type=Path, default=FILE)
    parser.add_argument(
        "-n", type=int, default=400, help="functions to lift, drawn evenly from origins and targets"
    )
    parser.add_argument("--predictions", type=int, default=150)
    parser.add_argument("--candidates", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with Model(str(options.model)) as model, LLVM(workers=1) as llvm:
        lifted = lift_all(chosen(options.work, options.n, options.seed), model, llvm, options.candidates)
        table = summary(lifted)
        predicted = predict_all(options.work, model, options.predictions, options.seed)
    (options.work / "evaluation.json").write_text(
        json.dumps(
            {
                "lift": [
                    {
                        **{key: value for key, value in each.entry.items() if key != "asm"},
                        "greedy": str(each.greedy),
                        "best": str(each.best),
                        "exact": each.exact,
                        "replies": each.replies,
                        "tokens": each.tokens,
                        "seconds": round(each.seconds, 3),
                        "reason": each.reason,
                        "reply": each.greedy_text,
                    }
                    for each in lifted
                ],
                "predict": predicted,
            },
            indent=1,
        )
    )
    print(table)
    print(predicted["table"])


def chosen(work: Path, count: int, seed: int) -> list[dict[str, Any]]:
    """A seeded sample, the same number from each origin and target where there are as many."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for line in (work / "heldout.jsonl").read_text().splitlines():
        entry = json.loads(line)
        groups[entry["origin"], entry["triple"]].append(entry)
    rng = random.Random(seed)
    sample = []
    for key in sorted(groups):
        sample += rng.sample(groups[key], min(len(groups[key]), count // len(groups)))
    return sample


def lift_all(entries: list[dict[str, Any]], model: Model, llvm: LLVM, candidates: int) -> list[Lifted]:
    results = []
    started = time.monotonic()
    for number, entry in enumerate(entries, 1):
        results.append(lift_one(entry, model, llvm, candidates))
        if number % 25 == 0:
            top = sum(each.best == Verdict.ROUND_TRIPS for each in results)
            print(
                f"{number}/{len(entries)}: {top} round-trip, {time.monotonic() - started:.0f} s", flush=True
            )
    return results


def lift_one(entry: dict[str, Any], model: Model, llvm: LLVM, candidates: int) -> Lifted:
    """Greedy, then sampled answers until one round-trips."""
    started = time.monotonic()
    source = LiftSource(entry["asm"], entry["function"], entry["triple"])
    result = Lifted(entry, Verdict.REJECTED, Verdict.REJECTED, False, 0, 0, 0.0, "", "")
    try:
        prompt = model.family().lift(source)
    except IrlensError as error:
        result.reason = str(error)
        return result
    if prompt is None:
        result.reason = "this model does not lift"
        return result
    for index in range(candidates):
        options = GenerateOptions(
            max_tokens=prompt.max_tokens,
            temperature=TEMPERATURE if index else 0.0,
            seed=index,
            stop=prompt.stop,
        )
        try:
            generation = model.generate(prompt.text, options)
        except IrlensError as error:
            result.reason = str(error)
            break
        result.replies += 1
        result.tokens += generation.tokens
        try:
            evidence = climb(prompt.read(generation.text).ir, source, llvm)
            verdict, reason = evidence.verdict, evidence.reason
        except ReplyUnreadable as unreadable:
            verdict, reason = Verdict.REJECTED, str(unreadable)
        if index == 0:
            result.greedy, result.reason, result.greedy_text = verdict, reason, generation.text
            result.exact = is_exact(entry, generation.text)
        result.best = max(result.best, verdict)
        if verdict == Verdict.ROUND_TRIPS:
            break
    result.seconds = time.monotonic() - started
    return result


def is_exact(entry: dict[str, Any], reply: str) -> bool:
    """The reply is the IR the function was made from, symbols numbered as the assembly numbers them."""
    if not entry.get("answer"):
        return False
    symbols = normalise(entry["asm"], entry["function"], entry["triple"]).symbol_numbers
    names = entry.get("symbols")
    answer = entry["answer"]
    if names:
        answer = renumbered(NormalIr(answer, tuple(Symbol(name) for name in names)), symbols).text
    return reply.partition(END)[0].strip() == flat(answer)


def summary(lifted: list[Lifted]) -> str:
    """A Markdown table: a line for each origin and target, and one for all."""
    groups: dict[str, list[Lifted]] = defaultdict(list)
    for each in lifted:
        groups[f"{each.entry['origin']}, {each.entry['triple'].split('-')[0]}"].append(each)
        groups["all"].append(each)
    lines = [
        "| | n | exact | verifies | compiles | round-trips | round-trips, best of N | tokens/s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in sorted(groups, key=lambda key: (key == "all", key)):
        group = groups[name]
        count = len(group)

        def share(number: int, count: int = count) -> str:
            return f"{100 * number / count:.1f} %"

        lines.append(
            f"| {name} | {count} | {share(sum(each.exact for each in group))} "
            f"| {share(sum(each.greedy >= Verdict.VERIFIES for each in group))} "
            f"| {share(sum(each.greedy >= Verdict.COMPILES for each in group))} "
            f"| {share(sum(each.greedy == Verdict.ROUND_TRIPS for each in group))} "
            f"| {share(sum(each.best == Verdict.ROUND_TRIPS for each in group))} "
            f"| {sum(each.tokens for each in group) / max(sum(each.seconds for each in group), 1e-9):.0f} |"
        )
    return "\n".join(lines)


def predict_all(work: Path, model: Model, count: int, seed: int) -> dict[str, Any]:
    """Greedy predictions for held-out questions of the shards."""
    questions: dict[str, tuple[str, str]] = {}
    for path in sorted((work / "pairs").glob("shard-*.tsv")):
        for line in path.read_text().splitlines():
            task, origin, question, answer = line.split("\t")
            if task == "predict" and origin.startswith("held"):
                questions[question] = (origin, answer)
    sample = random.Random(seed).sample(sorted(questions), min(count, len(questions)))
    rows: list[dict[str, Any]] = []
    for question in sample:
        origin, answer = questions[question]
        reply = model.generate(question, GenerateOptions(max_tokens=LONGEST_REPLY)).text
        given, wanted = reply.split(), answer.split()
        rows.append(
            {
                "origin": origin,
                "pipeline": question.split()[2],
                "instructions": given[:1] == wanted[:1],
                "bytes": given[1:2] == wanted[1:2],
                "ir": given[2:] == wanted[2:],
                "question": question,
                "wanted": answer,
                "reply": reply,
            }
        )
    parts = [
        f"{name} {100 * sum(row[key] for row in rows) / max(len(rows), 1):.1f} %"
        for name, key in (
            ("instruction count exact", "instructions"),
            ("size exact", "bytes"),
            ("IR exact", "ir"),
        )
    ]
    return {"table": f"predict, n = {len(rows)}: " + ", ".join(parts), "rows": rows}


if __name__ == "__main__":
    main()
