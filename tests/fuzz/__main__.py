"""`python -m fuzz`, which `make fuzz` calls: targets under fire for some time. Exit code 1 where something was found."""

from __future__ import annotations

import argparse
import random
import sys
import time
import warnings
from pathlib import Path

from hypothesis.errors import HypothesisWarning

from fuzz.broken import Broken
from fuzz.engine import SEEDS, Found, Hunt, keep, seeds
from fuzz.sandbox import Sandbox
from fuzz.targets import TARGETS


def main() -> int:
    warnings.simplefilter("ignore", HypothesisWarning)  # cases are large, and are shown by us
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--target", choices=("all", *TARGETS), default="all")
    parser.add_argument("--seconds", type=float, default=60.0, help="in all; targets share it by weight")
    parser.add_argument("--seed", type=int, default=None, help="the same seed makes the same cases")
    parser.add_argument("--shrink", type=float, default=30.0, help="seconds to make one finding small")
    parser.add_argument("--keep", type=_absolute, default=SEEDS, help="folder for what is found")
    parser.add_argument("--replay", action="store_true", help="try the seeds that are kept, nothing else")
    parser.add_argument("--case", type=_absolute, help="try this file alone")
    arguments = parser.parse_args()
    seed = random.randrange(1 << 32) if arguments.seed is None else arguments.seed
    names = list(TARGETS) if arguments.target == "all" else [arguments.target]
    if not (arguments.replay or arguments.case):
        print(f"seed {seed}", flush=True)
    whole = sum(TARGETS[name].weight for name in names)
    bad = 0
    for name in names:
        with Sandbox() as sandbox:
            if arguments.replay or arguments.case:
                bad += _replay(
                    name, sandbox, [arguments.case] if arguments.case else seeds(name, arguments.keep)
                )
                continue
            seconds = arguments.seconds * TARGETS[name].weight / whole
            bad += _hunt(name, sandbox, seconds, seed, arguments.shrink, arguments.keep)
    return 1 if bad else 0


def _absolute(name: str) -> Path:
    """A target works in another directory."""
    return Path(name).absolute()


def _hunt(name: str, sandbox: Sandbox, seconds: float, seed: int, shrink_s: float, folder: Path) -> int:
    target = TARGETS[name].factory(sandbox)
    hunt = Hunt(target, seconds, seed, shrink_s, tell=lambda line: print(line[:400], flush=True))
    started = time.monotonic()
    found = hunt.run()
    for one in found:
        _report(name, one, keep(one, name, folder))
    bad = len(found)
    try:
        figures = target.finish()
    except Broken as broken:
        print(f"{name}: at the end: {broken}", flush=True)
        bad, figures = bad + 1, {}
    took = time.monotonic() - started
    print(f"{name}: {hunt.cases:,} cases in {took:.0f} s, {bad} found", flush=True)
    for what, figure in figures.items():
        print(f"  {what}: {figure}", flush=True)
    return bad


def _report(name: str, found: Found, path: Path) -> None:
    print(
        f"{name}: {found.broken.kind}\n  kept as {path} ({len(found.case)} bytes, after {found.after_s:.1f} s, "
        f"{'shown again alone' if found.again else 'not shown again by this case alone'})\n"
        f"  {found.case[:300]!r}\n  {found.broken.detail[-1500:]}",
        flush=True,
    )


def _replay(name: str, sandbox: Sandbox, files: list[Path]) -> int:
    if not files:
        return 0
    target, bad = TARGETS[name].factory(sandbox), 0
    for file in files:
        try:
            target.check(file.read_bytes())
        except Broken as broken:
            bad += 1
            print(f"{name}: {file.name}: {broken}", flush=True)
    try:
        target.finish()
    except Broken as broken:
        bad += 1
        print(f"{name}: after all seeds: {broken}", flush=True)
    print(f"{name}: {len(files)} seeds, {bad} fail", flush=True)
    return bad


if __name__ == "__main__":
    sys.exit(main())
