"""The ranked library of pass lists: searched for on the modules of `irlens.training.modules`, a data file of the wheel.

    python -m irlens.training.lists search --work WORK --codegen paper --minutes 60
    python -m irlens.training.lists rank --work WORK

`search` breeds lists on a sample of the `train` modules: WORK/lists/CODEGEN.jsonl, one measured list a line, and goes
on where it stopped. A list earns its place by the modules on which it is smaller than all before it. `rank` orders
what was found so that every prefix does as much as it can, and writes `irlens/tuning/library.json`.
Needs an installed `opt` with its libLLVM. Nothing is looked at but `train`.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from irlens import tuning
from irlens.assist.tools import Tools
from irlens.assist.witness import Witness
from irlens.emulator.client import Emulator
from irlens.ir.passes import OZ
from irlens.llvm import library
from irlens.llvm.client import LLVM
from irlens.llvm.compilers import Compiler, LibraryCompiler, LlvmliteCompiler
from irlens.mechanical.client import MechanicalLifter
from irlens.tuning.genome import Gene, Genome, Vocabulary, crossed, mutate, read, render
from irlens.tuning.trust import why_banned
from irlens.tuning.vocabulary import alphabet

CODEGEN = {"paper": 0, "build": 2}
SCREEN = 16
NONE = 1 << 60
"""Larger than every size."""
LIMIT_S = 2.0
CLAIMS, LEAST_CLAIM = 3, 0.01
STARTS = (
    OZ, "default<Os>", "default<O1>", "default<O2>", "default<O3>", f"{OZ},{OZ}", f"{OZ},iroutliner", f"{OZ},mergefunc",
    "function(sroa,sink)", "function(sroa,instcombine<no-verify-fixpoint>,tailcallelim)",
    f"function(mem2reg,instcombine<no-verify-fixpoint>,simplifycfg),{OZ},function(adce,simplifycfg)",
)  # fmt: skip


class Bench:
    """The sample of modules, and what a list makes of each."""

    def __init__(self, paths: list[Path], compiler: Compiler, opt_level: int, jobs: int) -> None:
        self.names = [path.name for path in paths]
        self.texts = [path.read_bytes() for path in paths]
        self.compiler, self.opt_level = compiler, opt_level
        self.threads = ThreadPoolExecutor(jobs)

    def sizes(self, passes: str, modules: list[int]) -> list[int | None]:
        return list(self.threads.map(lambda at: self._size(passes, at), modules))

    def _size(self, passes: str, at: int) -> int | None:
        (found,) = self.compiler.measure(self.texts[at], [passes], opt_level=self.opt_level, limit_s=LIMIT_S)
        return found.bytes if found.how == "measured" else None


def sample(work: Path, count: int, seed: int) -> list[Path]:
    paths = sorted((work / "modules/train").glob("*/*.ll"))
    paths = [path for path in paths if 2000 <= path.stat().st_size <= 90_000]
    random.Random(seed).shuffle(paths)
    return sorted(paths[:count])


def search(
    work: Path, codegen: str, compiler: Compiler, minutes: float, count: int, seed: int, jobs: int
) -> None:
    """Breed lists for so long."""
    genes = [
        gene
        for gene in alphabet(compiler.release)
        if compiler.can(render((gene,))) and not why_banned(gene.text)
    ]
    folder = work / "lists"
    folder.mkdir(parents=True, exist_ok=True)
    paths = sample(work, count, seed)
    bench = Bench(paths, compiler, CODEGEN[codegen], jobs)
    every = list(range(len(paths)))
    oz = [size or 0 for size in bench.sizes(OZ, every)]
    usable = [at for at in every if oz[at]]
    name = f"{codegen}.{'opt' if compiler.whole else 'llvmlite'}"
    output = folder / f"{name}.jsonl"
    archive: dict[str, list[int | None]] = {}
    if output.exists():
        archive = {row["passes"]: row["sizes"] for row in map(json.loads, output.read_text().splitlines())}
    allowed = set(genes)
    archive = {passes: row for passes, row in archive.items() if allowed.issuperset(_leaves(passes))}
    about = folder / f"{name}.modules.json"
    names = [path.relative_to(work).as_posix() for path in paths]
    if archive and json.loads(about.read_text()) != names:
        print(f"another sample of modules: {len(archive)} lists are measured again", flush=True)
        rows = {passes: bench.sizes(passes, every) for passes in archive}
        output.write_text("".join(line_of(passes, row) for passes, row in rows.items()))
        archive = dict(rows)
    about.write_text(json.dumps(names))
    rng = random.Random(f"{seed} {len(archive)}")
    end = time.monotonic() + minutes * 60
    best = [min((row[at] or NONE for row in archive.values()), default=oz[at]) for at in every]
    order, tried, started = greedy(archive, oz, usable, 100) if archive else [], 0, len(archive)
    seen = set(archive)
    vocabulary = learned(archive, oz, usable, genes)
    tools = Tools(LLVM(workers=1), Emulator(), MechanicalLifter())
    witness = Witness(tools)

    def keep(passes: str, row: list[int | None]) -> None:
        archive[passes] = row
        for at in usable:
            best[at] = min(best[at], row[at] or NONE)
        with output.open("a") as file:
            file.write(line_of(passes, row))

    for passes in STARTS:
        if passes not in seen and compiler.can(passes):
            seen.add(passes)
            keep(passes, bench.sizes(passes, every))
    while time.monotonic() < end:
        if tried % 150 == 0:
            order = greedy(archive, oz, usable, 100)
            vocabulary = learned(archive, oz, usable, genes)
            covered = [gain(archive, oz, usable, order[:k]) for k in (5, 24, 60)]
            print(
                f"{len(archive)} lists ({len(archive) - started} new of {tried} tried), best of all "
                f"{100 * mean([1 - best[at] / oz[at] for at in usable]):.2f} %, of the first 5, 24, 60: "
                + ", ".join(f"{100 * each:.2f}" for each in covered),
                flush=True,
            )
        tried += 1
        genome, parent = propose(order, vocabulary, rng)
        passes = render(genome)
        if not passes or passes in seen or not compiler.can(passes):
            continue
        seen.add(passes)
        its = [at for at in usable if archive[parent][at] == best[at]]  # where its parent is the best
        few = list(
            dict.fromkeys([*rng.sample(its, min(SCREEN // 2, len(its))), *rng.sample(usable, SCREEN // 2)])
        )
        first = bench.sizes(passes, few)
        if not any(size and size < best[at] * 0.998 for at, size in zip(few, first, strict=True)):
            continue
        row = bench.sizes(passes, every)
        why = accused(passes, row, best, bench, witness)
        if why:
            with (folder / f"{name}.rejected.jsonl").open("a") as file:
                file.write(json.dumps({"passes": passes, **why}) + "\n")
        else:
            keep(passes, row)
    tools.close()


def accused(
    passes: str, row: list[int | None], best: list[int], bench: Bench, witness: Witness
) -> dict[str, str]:
    """Run what a list makes of the modules that it claims most on, beside the modules as they were: a pass that takes
    code away which runs makes the smallest modules of all. The module, the function and what differs; {} where nothing
    was seen."""
    claims = [(1 - (size or best[at]) / best[at], at) for at, size in enumerate(row) if best[at]]
    for claim, at in sorted(claims, reverse=True)[:CLAIMS]:
        if claim < LEAST_CLAIM:
            break
        found = witness.accuses(bench.texts[at].decode("utf-8", "replace"), bench.compiler, passes)
        if found:
            return {"module": bench.names[at], **found}
    return {}


def _leaves(passes: str) -> list[Gene]:
    """The passes of a list one by one, those in groups too."""
    return [leaf for gene in read(passes) for leaf in (read(gene.text) if "(" in gene.text else (gene,))]


def line_of(passes: str, row: list[int | None]) -> str:
    return json.dumps({"passes": passes, "sizes": row}) + "\n"


def propose(order: list[str], vocabulary: Vocabulary, rng: random.Random) -> tuple[Genome, str]:
    """A list to try, and the one it comes from."""
    roll = rng.random()
    if roll < 0.12 or len(order) < 2:
        genome = read(OZ)
        for _ in range(rng.randint(1, 6)):
            genome = mutate(genome, vocabulary, rng)
        return genome, OZ
    name = order[min(int(rng.expovariate(0.04)), len(order) - 1)]
    parent = read(name)
    if roll < 0.3:
        return crossed(parent, read(rng.choice(order)), rng), name
    for _ in range(rng.choice((1, 1, 2, 3))):
        parent = mutate(parent, vocabulary, rng)
    return parent, name


def mean(values: list[float]) -> float:
    return sum(values) / max(1, len(values))


def gain(archive: dict[str, list[int | None]], oz: list[int], usable: list[int], lists: list[str]) -> float:
    """Mean share under -Oz with the best of the lists, -Oz itself kept where none is smaller."""
    return mean(
        [1 - min([oz[at], *(archive[each][at] or oz[at] for each in lists)]) / oz[at] for at in usable]
    )


def greedy(archive: dict[str, list[int | None]], oz: list[int], usable: list[int], most: int) -> list[str]:
    """Each next list is the one that adds most to the mean gain of those before it."""
    left = {name: [(row[at] or oz[at]) / oz[at] for at in usable] for name, row in archive.items()}
    now = [1.0] * len(usable)
    order: list[str] = []
    while left and len(order) < most:
        name, value = "", 0.0
        for each, row in left.items():
            adds = sum(a - b for a, b in zip(now, row, strict=True) if b < a)
            if adds > value + 1e-12:
                name, value = each, adds
        if not name:
            break
        row = left.pop(name)
        now = [min(pair) for pair in zip(now, row, strict=True)]
        order.append(name)
    return order


def learned(
    archive: dict[str, list[int | None]], oz: list[int], usable: list[int], genes: list[Gene]
) -> Vocabulary:
    """Every pass may be drawn; those of the lists that are best somewhere more often."""
    weights = dict.fromkeys(genes, 1.0)
    for at in usable:
        name = min(archive, key=lambda each: archive[each][at] or NONE, default="")
        if name and (archive[name][at] or NONE) < oz[at]:
            for gene in read(name):
                weights[gene] = weights.get(gene, 0.0) + 0.5
    return Vocabulary(list(weights.items()))


def rank(work: Path, most: int, output: Path) -> None:
    """Write the library from every search that is there; parts that no search is there for stay as they were."""
    libraries = json.loads(output.read_text())["libraries"] if output.exists() else {}
    for file in sorted((work / "lists").glob("*.*.jsonl")):
        if file.stem.endswith("rejected"):
            continue
        rows = [json.loads(line) for line in file.read_text().splitlines()]
        archive = {row["passes"]: row["sizes"] for row in rows}
        oz = archive.pop(OZ)
        archive = {passes: row for passes, row in archive.items() if not why_banned(passes)}
        usable = [at for at, size in enumerate(oz) if size]
        lists = greedy(archive, oz, usable, most)
        genes: dict[Gene, float] = {}
        for at in usable:
            name = min(archive, key=lambda each: archive[each][at] or NONE)
            if (archive[name][at] or NONE) < oz[at]:
                for gene in read(name):
                    genes[gene] = genes.get(gene, 1.0) + 40 / len(usable)
        libraries[file.stem.replace(".", " ")] = {
            "source": {"modules": len(usable), "lists": len(archive)},
            "lists": lists,
            "sizes": [
                [round(1000 * archive[name][at] / oz[at]) if archive[name][at] else -1 for at in usable]
                for name in lists
            ],
            "weights": [[*gene, round(weight, 2)] for gene, weight in sorted(genes.items())],
        }
        print(
            f"{file.stem}: {len(lists)} lists, {100 * gain(archive, oz, usable, lists):.2f} % on the sample"
        )
    source = {
        "made": "python -m irlens.training.lists",
        "modules": "clang 19.1.7 -Oz without passes, files of Debian bookworm packages (irlens.training.modules, train)",
        "llvm": "19.1.7",
    }
    text = json.dumps({"source": source, "libraries": libraries}, separators=(",", ":"))
    output.write_text(text.replace("],[", "],\n[").replace('","', '",\n"') + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description="Search pass lists for small code, and rank them")
    parser.add_argument("stage", choices=("search", "rank"))
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--codegen", choices=list(CODEGEN), default="paper")
    parser.add_argument("--llvmlite", action="store_true", help="only what llvmlite can run, measured by it")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--modules", type=int, default=120)
    parser.add_argument("--most", type=int, default=150, help="lists of the library (default 150)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    if options.stage == "search":
        with LLVM(workers=options.jobs) as llvm:
            found = library.find()
            if found is None and not options.llvmlite:
                raise SystemExit("There is no opt with a libLLVM. Install llvm-19, or say --llvmlite.")
            compiler: Compiler = (
                LlvmliteCompiler(llvm)
                if options.llvmlite or found is None
                else LibraryCompiler(found.path, found.opt, options.jobs)
            )
            about = (options.minutes, options.modules, options.seed, options.jobs)
            search(options.work, options.codegen, compiler, *about)
            compiler.close()
    else:
        rank(options.work, options.most, Path(tuning.__file__).with_name("library.json"))


if __name__ == "__main__":
    main()
