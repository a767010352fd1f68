"""`make soak`: an hour of ordinary work, after which nothing may have grown.

Files are opened, edited, saved, lifted, predicted, hovered, tuned and closed, hundreds of them. Memory, descriptors,
threads and processes are measured all the while; a line is fitted to each, and what it says of an hour is bounded.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from fuzz import processes
from fuzz.broken import Broken
from fuzz.client import Session
from fuzz.load import Load
from fuzz.processes import Held
from fuzz.sandbox import Sandbox
from support.tiny_gguf import write_tiny

MOST_PER_HOUR = {
    "memory": 24.0,
    "tree_memory": 120.0,
    "descriptors": 2.0,
    "tree_descriptors": 6.0,
    "threads": 2.0,
}
"""What the fitted line may rise in an hour: MiB, descriptors, threads. Of the tree more, since workers come and go."""
SHORTEST_FIT_S = 900.0
"""A line through less says more of the noise than of an hour; such a run is bounded by what it began with."""
MOST_OF_SHORT = {
    "memory": 32.0,
    "tree_memory": 500.0,
    "descriptors": 8.0,
    "tree_descriptors": 60.0,
    "threads": 8.0,
}
MOST_IDLE_S = 0.1
_SETTLING_SHARE = 0.2
"""Of the run, at its beginning, that no line is fitted to: caches fill and workers start."""
_SAMPLE_S = 2.0
_WINDOW_S = 60.0
"""A line is fitted to the least of each minute: what is lost is there all the time, what is in use for a moment is not."""
_OPEN_AT_ONCE = 12


@dataclass
class Soak:
    """One run. `rows` are the figures to print, in order."""

    seconds: float
    seed: int
    model: str | None
    files: int = 0
    samples: list[tuple[float, Held]] = field(default_factory=list)
    rows: list[tuple[str, str]] = field(default_factory=list)

    def run(self, sandbox: Sandbox) -> None:
        """Raises `Broken` for the first bound that does not hold, after all rows were made."""
        options: dict[str, object] = {"lift": {"candidates": 2}}
        if self.model != "embedded":
            path = self.model or str(write_tiny(sandbox.root / "data" / "tiny.gguf", context=2048))
            options["model"] = {"path": path}
        session = Session(sandbox.environment(), sandbox.work, settings=options)
        try:
            session.initialize(options=options)
            folder = sandbox.root / "data" / "files"
            folder.mkdir()
            load = Load(session, folder, Random(self.seed), at_once=3)
            self._work(session, load)
            self._end(session, sandbox, load)
        finally:
            session.kill()

    def _work(self, session: Session, load: Load) -> None:
        began = time.monotonic()
        sampled = 0.0
        while (now := time.monotonic() - began) < self.seconds:
            if now - sampled >= _SAMPLE_S:
                self.samples.append((now, processes.held(session.process.pid)))
                session.look()
                session.complaints()
                sampled = now
            self._step(load)
            time.sleep(0.02)

    def _step(self, load: Load) -> None:
        """A little of a user's work."""
        chance = load.chance
        load.collect()
        if len(load.documents) < 2:
            for suffix in (".ll", ".s"):
                load.open(f"{self.files}{suffix}")
                self.files += 1
        what = chance.random()
        if what < 0.06 and len(load.documents) < _OPEN_AT_ONCE:
            load.open(f"{self.files}{chance.choice(('.ll', '.s'))}")
            self.files += 1
        elif what < 0.12 and len(load.documents) > 4:
            self._close_one(load)
        elif what < 0.3:
            load.edit(chance.choice(list(load.documents)), save=chance.random() < 0.3)
        elif len(load.under_way) < load.at_once:
            load.ask()

    def _close_one(self, load: Load) -> None:
        """A document that is the last of its language stays, so that there is one to ask about."""
        for uri in list(load.documents):
            suffix = uri.rpartition(".")[2]
            if sum(each.endswith(f".{suffix}") for each in load.documents) > 1:
                load.close(uri)
                return

    def _end(self, session: Session, sandbox: Sandbox, load: Load) -> None:
        load.finish()
        for uri in list(load.documents):
            load.close(uri)
        pid = session.process.pid
        idle = processes.idle_processor_s(pid, over_s=8.0, patience_s=120.0, enough_s=MOST_IDLE_S)
        last = processes.held(pid)
        code = session.leave()
        orphans = session.orphans()
        left = [name for name in sandbox.leftovers() if "__pycache__" not in name]
        done = ", ".join(
            f"{count:,} {method.rpartition('/')[2]}" for method, count in sorted(load.done.items())
        )
        self.rows += [
            ("files", f"{self.files:,} in {self.seconds / 60:.0f} minutes"),
            ("requests", f"{sum(load.done.values()):,}: {done}; {sum(load.errors.values())} errors"),
        ]
        broken = self._fitted(last)
        self.rows += [
            ("processor while idle", f"{idle:.2f} s in 8 s"),
            (
                "exit code, orphans, files left in the temporary folder",
                f"{code}, {len(orphans)}, {len(left)}{': ' if left else ''}{', '.join(left[:10])}",
            ),
        ]
        if broken is not None:
            raise broken
        if idle > MOST_IDLE_S:
            raise Broken("the server works though nobody asks", f"{idle:.2f} s in 8 s")
        if code != 0 or orphans:
            raise Broken("the end", f"exit code {code}; {', '.join(orphans)}")
        if left:
            raise Broken("files are left in the temporary folder", ", ".join(left[:10]))
        session.complaints()

    def _fitted(self, last: Held) -> Broken | None:
        """A row for each of what is held; the first that grows."""
        broken = None
        self._by_kind()
        kept = [(at, held) for at, held in self.samples if at >= _SETTLING_SHARE * self.seconds]
        for name, most in MOST_PER_HOUR.items():
            values = [float(getattr(held, name)) for _, held in kept]
            unit = " MB" if "memory" in name else ""
            per_hour = slope(*least_of_each([at for at, _ in kept], values, _WINDOW_S)) * 3600
            end = float(getattr(last, name))
            self.rows.append(
                (
                    name.replace("tree_", "of all processes: ").replace("_", " "),
                    f"{values[0]:.0f}{unit} at first, {max(values):.0f} at most, {end:.0f} at the end, "
                    f"{per_hour:+.1f} an hour (bound {most:g})",
                )
            )
            if self.seconds * (1 - _SETTLING_SHARE) >= SHORTEST_FIT_S:
                grows = per_hour > most
            else:
                grows = end > values[0] + MOST_OF_SHORT[name]
            if grows and broken is None:
                broken = Broken(f"{name.replace('_', ' ')} grows", self.rows[-1][1])
        return broken

    def _by_kind(self) -> None:
        """Rows that say which processes a growth is of; no bound is theirs."""
        quarter = max(1, len(self.samples) // 4)
        early, late = self.samples[quarter : 2 * quarter], self.samples[-quarter:]
        for kind in sorted({kind for _, held in self.samples for kind in held.kinds}):
            said = []
            for part in (early, late):
                values = [held.kinds.get(kind, (0, 0.0)) for _, held in part]
                if values:
                    said.append(
                        f"{statistics.mean(count for count, _ in values):.1f} with "
                        f"{statistics.mean(size for _, size in values):.0f} MB"
                    )
            self.rows.append((f"memory of {kind}", " in the second quarter, ".join(said) + " in the last"))


def least_of_each(
    times: Sequence[float], values: Sequence[float], window: float
) -> tuple[list[float], list[float]]:
    """Of each stretch of `window` seconds its middle and the least value in it."""
    least: dict[int, float] = {}
    for at, value in zip(times, values, strict=True):
        number = int(at // window)
        least[number] = min(value, least.get(number, value))
    return [(number + 0.5) * window for number in least], list(least.values())


def slope(times: Sequence[float], values: Sequence[float]) -> float:
    """Rise of the line through the points, a second; 0 for a single point."""
    if len(values) < 2:
        return 0.0
    return statistics.linear_regression(times, values).slope


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m fuzz.soak", description="ordinary work for a long time")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--model", default="embedded", help="`embedded`, `tiny` (random weights), or a GGUF file"
    )
    arguments = parser.parse_args()
    model = None if arguments.model == "tiny" else arguments.model
    soak = Soak(arguments.minutes * 60, arguments.seed, model)
    broken: Broken | None = None
    with Sandbox() as sandbox:
        try:
            soak.run(sandbox)
        except Broken as failure:
            broken = failure
    for what, figure in soak.rows:
        print(f"| {what} | {figure} |")
    if broken is not None:
        print(f"soak: {broken}", file=sys.stderr)
    return 1 if broken is not None else 0


if __name__ == "__main__":
    sys.exit(main())
