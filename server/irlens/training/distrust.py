"""Find the lists that break code and write them down: `python -m irlens.training.distrust [--modules DIR]`.

Goes through every list of `tuning/library.json` and every pass of the vocabulary alone and before -Oz; each is tried
on the suite (`assist.trial`), run in two processes, and with `--modules` tried on real modules beside it (where
the emulator accuses -O1, -Os and -Oz of the same function it is not believed). What breaks is written to
`tuning/banned.json` with the reason and the LLVM it was seen with; a pass that breaks something alone or before -Oz is
banned itself, a list of several passes as a list. What stands there from another LLVM stays.

About a second a list on two cores; tried lists are kept in a cache, so that it goes on where it stopped.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from irlens.assist.tools import Tools
from irlens.assist.trial import counterexample, trial
from irlens.assist.tune_check import Disputed, fresh
from irlens.emulator.client import Emulator
from irlens.errors import IrlensError
from irlens.ir.passes import OZ
from irlens.llvm.client import LLVM
from irlens.llvm.compilers import Compiler
from irlens.mechanical.client import MechanicalLifter
from irlens.tuning.cache import Cache
from irlens.tuning.genome import render
from irlens.tuning.suite import programs
from irlens.tuning.trust import Banned, why_banned
from irlens.tuning.vocabulary import alphabet

_DATA = Path(__file__).parent.parent / "tuning"


def candidates(library: dict[str, Any], release: int) -> Iterator[tuple[str, str]]:
    """Each list once, with the pass that is to blame where there is one only ("" for a list of the library)."""
    seen = {OZ}
    for gene in alphabet(release):
        alone = render((gene,))
        for passes in (alone, f"{alone},{OZ}"):
            if passes not in seen and not gene.text.startswith("default<"):
                seen.add(passes)
                yield passes, gene.text
    for part in library["libraries"].values():
        for passes in part["lists"]:
            if passes not in seen:
                seen.add(passes)
                yield passes, ""


def barred(rows: dict[str, dict[tuple[str, str], dict[str, str]]]) -> Banned:
    """What the rows so far leave no need to try: it is in there, or a pass of it is."""
    return Banned(
        *({name: row["why"] for (name, _), row in rows[kind].items()} for kind in ("passes", "lists"))
    )


def why_distrusted(
    passes: str, compiler: Compiler, tools: Tools, cache: Cache, modules: Sequence[tuple[str, str]]
) -> str:
    """What the list did, in words; "" where nothing was seen."""
    tried = trial(passes, compiler, tools, cache=cache)
    if tried.says in ("breaks", "crashes"):
        return f"it {tried.says} {tried.program} of the suite: {tried.why}"
    every = (*((program.name, program.ir) for program in programs()), *modules)
    with fresh(compiler, tools) as other:
        for name, ir in every:
            try:
                after = compiler.run(ir, passes)
                if other.run(ir, passes) != after:
                    return f"it does not do the same twice on {name}"
                found = Disputed(ir, compiler, tools).compare(after, None) if (name, ir) in modules else None
            except IrlensError:
                continue  # that list has no answer on that module, and is not offered for it
            if found is not None and found.broken:
                return f"it breaks {name}: {counterexample(found)}"
    return ""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m irlens.training.distrust", description=__doc__)
    parser.add_argument("--library", type=Path, default=_DATA / "library.json")
    parser.add_argument("--output", type=Path, default=_DATA / "banned.json")
    parser.add_argument("--modules", type=Path, help="a folder of .ll files to try each list on, too")
    parser.add_argument("--most", type=int, default=24, help="of these files, the first by name (default 24)")
    parser.add_argument("--cache", type=Path, default=Path(".cache") / "distrust.sqlite")
    parser.add_argument("--only-library", action="store_true", help="leave the single passes out")
    parser.add_argument("--only-passes", action="store_true", help="leave the library out")
    chosen = parser.parse_args(arguments)
    files = sorted(chosen.modules.rglob("*.ll"))[: chosen.most] if chosen.modules else []
    modules = [(path.name, path.read_text(encoding="utf-8", errors="surrogateescape")) for path in files]
    known = json.loads(chosen.output.read_text(encoding="utf-8"))
    cache = Cache(chosen.cache)
    tools = Tools(LLVM(workers=2), Emulator(), MechanicalLifter())
    try:
        compiler = tools.compilers.of(programs()[0].ir)
        rows: dict[str, dict[tuple[str, str], dict[str, str]]] = {"passes": {}, "lists": {}}
        for kind, at in rows.items():
            at.update({(row["passes"], row["llvm"]): row for row in known[kind]})
        library = json.loads(chosen.library.read_text(encoding="utf-8"))
        for passes, gene in candidates(library, compiler.release):
            if (chosen.only_library and gene) or (chosen.only_passes and not gene):
                continue
            if why_banned(gene or passes, barred(rows)):
                continue
            why = why_distrusted(passes, compiler, tools, cache, modules)
            if why:
                print(f"{passes}: {why}", flush=True)
                name = gene or passes
                row = {"passes": name, "why": f"{passes}: {why}"[:400], "llvm": compiler.name}
                rows["passes" if gene else "lists"][name, compiler.name] = row
                known |= {
                    kind: sorted(at.values(), key=lambda row: row["passes"]) for kind, at in rows.items()
                }
                chosen.output.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    finally:
        tools.close()
        cache.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
