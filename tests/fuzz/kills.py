"""`make kills`: signals to children of a working server, at random moments, a thousand of them.

SIGKILL, SIGSEGV, SIGTERM and SIGSTOP go to LLVM, library, emulator, lifter, dump, tune and model workers and to tools
such as `opt`. Every request is answered within its limit and a grace (`load.LIMITS`, `load.GRACE_S`); the server lives,
answers afterwards as before, and leaves neither a zombie nor an orphan. A child that was stopped is never woken again:
whoever waits for it has to give it up.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random

import psutil

from fuzz import processes
from fuzz.broken import Broken
from fuzz.client import Session
from fuzz.load import GRACE_S, LIMITS, Load
from fuzz.sandbox import Sandbox
from support.tiny_gguf import write_tiny

SIGNALS = (signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM, signal.SIGSTOP)
_BETWEEN = (0, 3)
"""Requests that are answered between two signals: by progress, so that a slow machine sees as many as a fast one."""
_LONGEST_PAUSE_S = 1.0
"""A signal comes then, whatever was answered: what hangs must not stop the signals."""
_RARE_SHARE = 0.6
"""How often a child of the kind that got the fewest signals is chosen, rather than any."""


@dataclass
class Kills:
    """What was done and what came of it."""

    wanted: int
    seconds: float
    seed: int
    stops: bool = True
    by_kind: Counter[str] = field(default_factory=Counter)
    by_signal: Counter[str] = field(default_factory=Counter)
    figures: dict[str, str] = field(default_factory=dict)
    _sent_to: dict[int, str] = field(default_factory=dict)

    def run(self, sandbox: Sandbox) -> None:
        """Raises `Broken`."""
        model = write_tiny(sandbox.root / "data" / "tiny.gguf", context=2048)
        options = {"model": {"path": str(model)}, "lift": {"candidates": 2}, "diagnostics": {"pause": 20}}
        session = Session(sandbox.environment(), sandbox.work, settings=options)
        try:
            session.initialize(options=options)
            self._under_load(session, Load(session, sandbox.root / "tmp", Random(self.seed)))
        finally:
            session.kill()

    def _under_load(self, session: Session, load: Load) -> None:
        chance = load.chance
        for number in range(2):
            load.open(f"kill-{number}.ll")
            load.open(f"kill-{number}.s")
        began = time.monotonic()
        last, due = began, 1
        while sum(self.by_kind.values()) < self.wanted and time.monotonic() - began < self.seconds:
            load.collect()
            while len(load.under_way) < load.at_once:
                load.ask()
            if chance.random() < 0.1:
                load.edit(chance.choice(list(load.documents)))
            is_due = sum(load.done.values()) >= due or time.monotonic() > last + _LONGEST_PAUSE_S
            if is_due and self._one(session, chance):
                last, due = time.monotonic(), sum(load.done.values()) + chance.randint(*_BETWEEN)
            session.look()
            time.sleep(0.02)
        took = time.monotonic() - began
        load.finish()
        drained = time.monotonic() - began - took
        self._afterwards(session, load)
        self.figures |= {
            "signals": f"{sum(self.by_kind.values()):,} in {took:.0f} s: "
            + ", ".join(f"{kind} {count}" for kind, count in self.by_kind.most_common()),
            "by signal": ", ".join(f"{name} {count}" for name, count in sorted(self.by_signal.items())),
            "requests": f"{sum(load.done.values()):,}, all answered, the last {drained:.0f} s after the last signal",
            "longest": ", ".join(
                f"{method} {seconds:.0f} s" for method, seconds in sorted(load.longest.items())
            ),
            "errors": f"{sum(load.errors.values())} of {len(load.errors)} kinds",
        }

    def _one(self, session: Session, chance: Random) -> bool:
        """One signal to one child; false where there is none to send it to."""
        children: dict[str, list[psutil.Process]] = {}
        for child in processes.tree(session.process.pid)[1:]:
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                if child.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_STOPPED):
                    children.setdefault(processes.kind_of(child), []).append(child)
        if not children:
            return False
        kinds = sorted(children, key=lambda kind: (kind == processes.STARTING, self.by_kind[kind], kind))
        kind = kinds[0] if chance.random() < _RARE_SHARE else chance.choice(kinds)
        which = chance.choice(SIGNALS if self.stops else SIGNALS[:-1])
        child = chance.choice(children[kind])
        try:
            child.send_signal(which)
        except psutil.NoSuchProcess:
            return False
        self._sent_to[child.pid] = f"{kind} ({which.name})"
        self.by_kind[kind] += 1
        self.by_signal[which.name] += 1
        return True

    def _afterwards(self, session: Session, load: Load) -> None:
        """The server is as it was: it lifts, hovers and finds errors; then it goes, with all that it started."""
        for method in ("textDocument/hover", "textDocument/diagnostic", "irlens/lift", "irlens/steps"):
            load.ask(method)
        load.finish()
        uri = next(uri for uri in load.documents if uri.endswith(".ll"))
        session.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": uri, "version": 10**6},
                "contentChanges": [{"text": "define i32 @f() {"}],
            },
        )
        session.wait(
            lambda: session.published.get(uri, (None, 0))[0] == 10**6 and session.published[uri][1] > 0,
            LIMITS["textDocument/diagnostic"] + GRACE_S,
            "no diagnostics after the kills",
        )
        processes.until(lambda: not processes.zombies(session.process.pid), 10.0)
        dead = [self._sent_to.get(pid, f"process {pid}") for pid in processes.zombies(session.process.pid)]
        self.figures["ended and not yet waited for"] = f"{len(dead)} ({', '.join(dead)})" if dead else "0"
        if len(dead) > processes.MOST_ZOMBIES:
            raise Broken("children that ended are not waited for", ", ".join(dead))
        session.complaints()
        code = session.leave()
        if code != 0:
            raise Broken("the exit code after shutdown and exit is not 0", str(code))
        if orphans := session.orphans():
            raise Broken("children outlive the server", ", ".join(orphans))


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m fuzz.kills", description="kill children of a working server"
    )
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=7200.0, help="no further signal after this")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-stops", action="store_true", help="leave out SIGSTOP")
    arguments = parser.parse_args()
    kills = Kills(arguments.kills, arguments.seconds, arguments.seed, not arguments.no_stops)
    with Sandbox() as sandbox:
        try:
            kills.run(sandbox)
        except Broken as broken:
            print(f"kills: {broken}\n  after {dict(kills.by_kind)}, {dict(kills.by_signal)}")
            return 1
    for what, figure in kills.figures.items():
        print(f"{what}: {figure}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
