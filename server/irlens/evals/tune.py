"""`irlens eval tune`: how small the search gets whole modules, beside other searches, at equal budgets.

Every module is measured with the pass lists that each strategy proposes, all by one LLVM in one run; a list that two
of them propose is compiled once. For each strategy and budget (compilations a module, -Oz not counted):

    improved, regressed   modules on which its best list is smaller, or its only lists are larger, than -Oz
    over -Oz              1 - sum of sizes / sum of -Oz sizes: the paper's Table 3, with and without -Oz as a backup
    mean                  the mean over modules of the share under -Oz, with the backup: each module counts the same
    finds, over free      the same two against what takes no search (`Baseline.floor`): -Oz, the -Oz pipeline without
                          clang's attributes, or the module as it stands, whichever is smallest
    failed                share of its lists that LLVM refused, that crashed or took too long
    broken                lists that were smaller but changed what a function does, by the emulator's word (`Witness`),
                          or marked functions cold: the next best counts in their place

The rows `one answer` are the paper's own setting: the model's greedy list alone, a module that it was not asked about
or gave no list for counts as -Oz. Strategies: `fixed` (the lists of `FIXED`), `random` and `genetic`
(`irlens.tuning.strategies`), `ours` without and with the model's lists. `minimise` is no part of it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from irlens.assist.tune_ask import Named, ask_for_lists
from irlens.assist.witness import Witness
from irlens.cancel import CancelToken
from irlens.errors import UnusableInput
from irlens.evals.lift_metrics import table
from irlens.evals.lift_run import Progress, Row, fingerprint, label, write
from irlens.evals.reading import text_of
from irlens.evals.tune_run import Rows
from irlens.files import inside
from irlens.ir.passes import OZ
from irlens.llvm.compilers import Compiler
from irlens.model.client import Model
from irlens.tuning.baseline import baseline
from irlens.tuning.evaluation import Evaluation, Strategy
from irlens.tuning.evaluator import Evaluator
from irlens.tuning.library import library, spelled_for
from irlens.tuning.marking import Marking
from irlens.tuning.objective import Objective
from irlens.tuning.search import Budget, search
from irlens.tuning.strategies import Fixed, Genetic, Ours, Random, spellings

NAME = "eval-tune"
BUDGETS = (24, 200, 1000)
ONE_ANSWER = "one answer"
STRATEGIES = ("fixed", "random", "genetic", "ours")
FIXED = (
    "default<Os>",
    f"{OZ},{OZ}",
    f"{OZ},iroutliner",
    f"{OZ},mergefunc",
    f"function(sroa,early-cse,simplifycfg),{OZ}",
    f"function(mem2reg,instcombine<no-verify-fixpoint>,simplifycfg),{OZ},function(adce,simplifycfg)",
    f"{OZ},function(newgvn,sink,instcombine<no-verify-fixpoint>,simplifycfg)",
    f"{OZ},function(gvn-hoist,gvn-sink,simplifycfg),globaldce",
    f"{OZ},function(reassociate,instcombine<no-verify-fixpoint>,adce,simplifycfg),mergefunc",
    f"{OZ},function(mergereturn,simplifycfg)",
    f"attributor,{OZ},cgscc(attributor-cgscc)",
    "function(sroa,newgvn,sink)",
    "function(sroa,instcombine<no-verify-fixpoint>,tailcallelim)",
)
"""Lists around -Oz with the passes that the paper's autotuner used most (llm-compiler.md 1.6, its Fig. 10)."""


@dataclass(frozen=True)
class ModuleCase:
    """A module by the name under which it is reported."""

    name: str
    ir: str


def read_module_cases(path: Path) -> list[ModuleCase]:
    """Every `.ll` of a folder and the folders in it, or the one file. Raises `UnusableInput` where there is none."""
    files = [path] if path.is_file() else inside(path, (".ll",))
    if not files:
        raise UnusableInput(f"{path}: there is no .ll file in it. Give a folder of modules.")
    root = path.parent if path.is_file() else path
    return [ModuleCase(file.relative_to(root).as_posix(), text_of(file, "replace")) for file in files]


def evaluate(
    cases: Sequence[ModuleCase],
    model: Model | None,
    compiler_of: Callable[[str], Compiler],
    witness: Witness,
    *,
    codegen: str = "paper",
    budgets: Sequence[int] = BUDGETS,
    random_to: int = 0,
    strategies: Sequence[str] = STRATEGIES,
    seed: int = 1,
    jobs: int = 0,
    output: Path | None = None,
    cancel: CancelToken | None = None,
    progress: Progress = lambda message, fraction: None,
) -> Row:
    """The report, of these `strategies`; `random_to` adds a larger budget for random search alone. Raises
    `ModelUnavailable`, `Cancelled`."""
    keys = [fingerprint([case.name, case.ir]) for case in cases]
    head: Row = {
        "evaluation": "tune",
        "codegen": codegen,
        "budgets": list(budgets),
        "random_to": random_to,
        "strategies": list(strategies),
        "seed": seed,
        "model": label(model.info()) if model else None,
        "by": compiler_of(cases[0].ir).name,
        "cases": fingerprint(keys),
        "count": len(cases),
    }
    rows = Rows(NAME, head, output)
    started = time.monotonic()
    answers: dict[str, Named] = {}
    todo = [(key, case) for key, case in zip(keys, cases, strict=True) if key not in rows.done]
    if model is not None:  # one after the other: it has one process, and searches want all cores
        for number, (key, case) in enumerate(todo):
            progress(f"{NAME}: asking {number} of {len(todo)}", None)
            answers[key] = ask_for_lists(case.ir, model, cancel)

    def run(item: tuple[str, ModuleCase]) -> Row:
        key, case = item
        if cancel is not None:
            cancel.check()
        named = answers.get(key, Named())
        compiler = compiler_of(case.ir)
        row = one_module(
            case,
            compiler,
            witness,
            named.lists,
            codegen,
            budgets,
            random_to,
            seed,
            cancel,
            with_model=model is not None,
            strategies=strategies,
        )
        return {"case": key, **row, "answered": bool(named.lists), "why_no_list": named.why_none}

    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        for made in pool.map(run, todo):
            rows.add(made)
            said = f"{NAME}: {len(rows.rows)} of {len(cases)}, {time.monotonic() - started:.0f} s"
            progress(said, len(rows.rows) / len(cases))
    every = sorted(rows.rows, key=lambda row: row["module"])
    report = {**head, "summary": summary(every), "functions": [flat(row) for row in every]}
    if output is not None:
        write(output, NAME, report)
    return report


def one_module(
    case: ModuleCase,
    compiler: Compiler,
    witness: Witness,
    lists: Sequence[str],
    codegen: str,
    budgets: Sequence[int],
    random_to: int,
    seed: int,
    cancel: CancelToken | None,
    *,
    with_model: bool,
    strategies: Sequence[str] = STRATEGIES,
) -> Row:
    """`found` is keyed "STRATEGY BUDGET": best value with -Oz not counted in, how many of its lists failed and how
    many were smaller but broken."""
    objective = Objective("size", codegen)  # type: ignore[arg-type]
    base, evaluator = baseline(
        case.ir, objective, lambda text: Evaluator(text, compiler, objective, jobs=1), cancel
    )
    marked = base.marks.text
    marking = Marking(marked, evaluator)
    may, release = spellings(compiler), compiler.release
    lib = spelled_for(library(codegen, compiler.whole), release)

    def ours(budget: int, first: Sequence[str]) -> Strategy:
        return Ours(lib, release, budget, seed=seed, first=first, may=may)

    found: dict[str, tuple[int | None, int, int]] = {}
    accused: dict[str, bool] = {}

    def trusted(history: Sequence[Evaluation], oz: int) -> tuple[int | None, int, int]:
        measured = sorted(
            (each for each in history if each.value is not None), key=lambda each: each.value or 0
        )
        broken = 0
        for each in measured:
            if (each.value or 0) >= oz:
                break
            if each.digest not in accused:
                accused[each.digest] = bool(
                    marking.why_no_find(each, cancel)
                    or witness.accuses(marked, compiler, each.passes, cancel)
                )
            if not accused[each.digest]:
                break
            broken += 1
        left = [each.value for each in measured[broken:]]
        return (left[0] if left else None), len(history) - len(measured), broken

    def run(name: str, strategy: Strategy, budget: int) -> None:
        done = search(strategy, evaluator, Budget(budget, patience=1 << 30), cancel=cancel)
        found[f"{name} {budget}"] = trusted(done.history, base.oz.value or 0)

    try:
        row: Row = {
            "module": case.name,
            "as_is": base.as_is.value,
            "oz_without_attributes": base.plain.value,
            "oz": base.oz.value,
            "found": found,
        }
        if base.oz.value is None:
            return {**row, "why": base.oz.why}
        row["free"] = base.floor
        for budget in budgets:
            if "fixed" in strategies:
                run("fixed", Fixed([each for each in FIXED if compiler.can(each)]), budget)
            if "random" in strategies:
                run("random", Random(release, seed, may), budget)
            if "genetic" in strategies:
                run("genetic", Genetic(release, seed, may), budget)
            if "ours" in strategies:
                run("ours", ours(budget, ()), budget)
            if with_model:
                run("ours with model", ours(budget, lists), budget)
        if random_to:
            run("random", Random(release, seed, may), random_to)
        if with_model:
            found[ONE_ANSWER] = trusted(evaluator.evaluate(lists[:1], cancel), base.oz.value)
        return {**row, "compiled": evaluator.compiled}
    finally:
        evaluator.close()


def summary(rows: Sequence[Row]) -> list[Row]:
    """One line a strategy and budget."""
    measured = [row for row in rows if row["oz"]]
    names = dict.fromkeys(name for row in measured for name in row["found"])
    return [_line(name, measured) for name in names]


def _line(name: str, rows: Sequence[Row]) -> Row:
    pairs: list[tuple[int, int | None]] = [(row["oz"], row["found"][name][0]) for row in rows]
    free: list[tuple[int, int | None]] = [(row["free"], row["found"][name][0]) for row in rows]
    budget = int(name.rsplit(" ", 1)[1]) if name != ONE_ANSWER else 1
    oz = sum(pair[0] for pair in pairs)
    alone = sum(pair[0] if pair[1] is None else pair[1] for pair in pairs)
    backed, backed_free = (
        sum(base if best is None else min(base, best) for base, best in each) for each in (pairs, free)
    )
    at_no_cost = sum(base for base, _ in free)
    shares = [0.0 if best is None else max(0.0, 1 - best / base) for base, best in pairs]
    return {
        "strategy": name if name == ONE_ANSWER else name.rsplit(" ", 1)[0],
        "compilations": budget,
        "modules": len(pairs),
        "improved": sum(best is not None and best < base for base, best in pairs),
        "regressed": sum(best is not None and best > base for base, best in pairs),
        "over_oz": _percent(oz - alone, oz),
        "over_oz_backup": _percent(oz - backed, oz),
        "mean": _percent(sum(shares), len(shares)),
        "finds": sum(best is not None and best < base for base, best in free),
        "over_free": _percent(at_no_cost - backed_free, at_no_cost),
        "failed": _percent(sum(row["found"][name][1] for row in rows), budget * len(rows)),
        "broken": sum(row["found"][name][2] for row in rows),
    }


def _percent(part: float, whole: float) -> float:
    """Two digits."""
    return round(100 * part / whole, 2) if whole else 0.0


def flat(row: Row) -> Row:
    """As a line of a CSV."""
    found: dict[str, Any] = {name: best for name, (best, *_) in row["found"].items()}
    rest = {key: value for key, value in row.items() if key not in ("found", "case")}
    return {**rest, **found}


def as_table(report: Row) -> str:
    """For people."""
    lines = sorted(report["summary"], key=lambda line: line["compilations"])
    about = (
        f"{report['count']} modules, {report['codegen']} code generation, measured by {report['by']}, seed "
        f"{report['seed']}, model {report['model'] or 'none'}; text + data, per cent"
    )
    return f"{about}\n{table(lines)}"
