"""The whole pipeline: `python -m irlens.training` (or `make train`), from nothing to a model that was measured.

Every stage goes on where it was stopped, so the same command is given again after an interruption. The new model
is measured beside the one in the package; it takes that one's place only with `--ship`.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from irlens.evals.debian import fetch
from irlens.training import export, grow, heldout, measure, pairs, seeds, tokenizer, train, warm
from irlens.training.model import Shape


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m irlens.training", description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--minutes", type=float, default=75.0, help="of training (default 75)")
    parser.add_argument(
        "--harvest-minutes", type=float, default=20.0, help="of compiling Debian's C (default 20)"
    )
    parser.add_argument(
        "--shards",
        type=int,
        default=15,
        help="of each kind of pairs but real ones, which are all taken (default 15)",
    )
    parser.add_argument("--functions", type=int, default=pairs.FUNCTIONS, help="tried for a shard")
    parser.add_argument("--jobs", type=int, default=2, help="processes of the data stages (default 2)")
    parser.add_argument("--threads", type=int, default=2, help="of training (default 2)")
    parser.add_argument("--clang", default="clang-19")
    parser.add_argument(
        "--scratch", action="store_true", help="begin anew, not from the model in the package"
    )
    parser.add_argument(
        "--llc", help="make as many pairs again whose questions are lowered by this program, such as llc-19"
    )
    parser.add_argument(
        "--layers", type=int, help="of a deeper network that begins as the one gone on from (`grow`)"
    )
    parser.add_argument(
        "--generated-only", action="store_true", help="no Debian sources: no network, no clang"
    )
    parser.add_argument(
        "--cases", type=int, default=1000, help="held-out functions to measure on (default 1000)"
    )
    parser.add_argument("--ship", action="store_true", help="put the new model in the package's place")
    run(parser.parse_args(arguments))


def run(options: argparse.Namespace) -> None:
    work: Path = options.work
    if not options.generated_only:
        fetch(seeds.PACKAGES, work / "seeds")
        seeds.harvest(work, options.clang, options.harvest_minutes, options.jobs)
    counts = {kind: 10_000 if kind in pairs.REAL else options.shards for kind in pairs.KINDS}
    pairs.make(work, counts, options.functions, options.jobs)
    if options.llc is not None:
        lifts = {kind: count for kind, count in counts.items() if kind not in pairs.OF_RAW}
        pairs.make(work, lifts, options.functions, options.jobs, llc=options.llc)
    shape = {name: getattr(Shape, name) for name in ("width", "layers", "heads", "feed_forward")}
    if not (work / "checkpoint.pt").exists():
        if options.scratch:
            tokenizer.train(work)
        else:
            warm.begin(export.FILE, work)
            if options.layers is not None:
                grow.grow(work / "checkpoint.pt", work / "checkpoint.pt", options.layers)
    rate, cool_down = (1.0, train.COOL_DOWN) if options.scratch else (train.WARM_RATE, train.WARM_COOL_DOWN)
    copies = train.COPIES if options.scratch else 0.0  # a model that is gone on from can copy
    train.train(
        work, options.minutes, shape, threads=options.threads, rate=rate, cool_down=cool_down, copies=copies
    )
    made = export.export(work, work / export.FILE.name)
    if not options.generated_only:
        heldout.collect(work, options.clang, options.jobs)
        measure.side_by_side(work, [export.FILE, made], options.cases)
    if options.ship:
        export.export(work, export.FILE)


if __name__ == "__main__":
    main()
