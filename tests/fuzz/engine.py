"""The loop of a fuzzer: hypothesis makes cases and shrinks what fails, a target judges, what was found is kept.

A case is bytes for every target, so that a seed is a file, whatever the version of hypothesis that made it.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from hypothesis import HealthCheck, Phase, given
from hypothesis import seed as seeded
from hypothesis import settings as hypothesis_settings
from hypothesis.errors import Flaky, StopTest
from hypothesis.strategies import SearchStrategy

from fuzz.broken import Broken
from fuzz.sandbox import Sandbox

SEEDS = Path(__file__).parent / "seeds"
INDEX = SEEDS / "index.json"
_BATCH = 25
"""Cases between two looks at the clock from outside of hypothesis."""

_TRIES = 3


class Target(Protocol):
    """Something that strangers' bytes reach."""

    name: str

    def cases(self) -> SearchStrategy[bytes]: ...

    def pieces(self, case: bytes) -> list[bytes] | None:
        """The case in pieces any of which may be left out, where a failing case is to be made small by leaving out
        pieces; None where hypothesis is to shrink it, which tries far more."""
        ...

    def check(self, case: bytes) -> None:
        """Raises `Broken`. Anything that the code under test raises is turned into one."""
        ...

    def finish(self) -> dict[str, str]:
        """End what was started; figures to print. Raises `Broken` for invariants of the whole run."""
        ...


Factory = Callable[[Sandbox], Target]


@dataclass
class Found:
    """The smallest case that broke an invariant in one way."""

    broken: Broken
    case: bytes
    after_s: float
    tries: int = 1
    again: bool = False
    """Whether the case alone, tried again, broke it too."""


@dataclass
class Hunt:
    """A target under fire for `seconds`; one fault takes at most `shrink_s` of them to make small."""

    target: Target
    seconds: float
    seed: int
    shrink_s: float = 20.0
    known: frozenset[str] = frozenset()
    """Kinds that are not reported again."""
    tell: Callable[[str], None] = lambda line: None
    found: dict[str, Found] = field(default_factory=dict)
    cases: int = 0

    @property
    def in_pieces(self) -> bool:
        return self.target.pieces(b"") is not None

    def run(self) -> list[Found]:
        """What was found, in the order of finding."""
        started = time.monotonic()
        batch = 0
        while time.monotonic() - started < self.seconds:
            self._batch(started, self.seed + 1_000_003 * batch)
            batch += 1
        return list(self.found.values())

    def _batch(self, started: float, seed: int) -> None:
        """Cases until the first new fault, which is then shrunk. What hypothesis reports of it is not used: a clock
        ends shrinking, and what has ended for it may not have failed twice."""
        current: str | None = None
        shrink_until = 0.0
        tried: set[bytes] = set()

        def one(case: bytes) -> None:
            nonlocal current, shrink_until
            now = time.monotonic()
            if current is not None and self.in_pieces and case != self.found[current].case:
                return
            if now > (shrink_until if current else started + self.seconds) or case in tried:
                return
            self.cases += 1
            again = current is not None and case == self.found[current].case
            try:
                for _ in range(_TRIES if again else 1):  # what depends on a race does not show each time
                    self.target.check(case)
            except Broken as broken:
                if broken.kind in self.known or (broken.kind in self.found and broken.kind != current):
                    return
                if current is None:
                    current = broken.kind
                    shrink_until = time.monotonic() + self.shrink_s
                    self.found[current] = Found(broken, case, now - started)
                    self.tell(f"{self.target.name}: after {now - started:.1f} s: {broken}")
                    raise
                if broken.kind != current:
                    return
                found = self.found[current]
                found.again, found.tries = True, found.tries + 1
                if (len(case), case) < (len(found.case), found.case):
                    found.broken, found.case = broken, case
                raise
            else:
                if current is not None:
                    tried.add(case)

        run = seeded(seed)(
            hypothesis_settings(
                max_examples=_BATCH,
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                phases=(Phase.generate,) if self.in_pieces else (Phase.generate, Phase.shrink),
                report_multiple_bugs=False,
                print_blob=False,
            )(given(self.target.cases())(one))
        )
        try:
            run()
        except (Broken, Flaky, StopTest):
            assert current is not None
        except ExceptionGroup as group:  # flaky ones come in a group with what they raised
            if group.split((Broken, Flaky))[1] is not None:
                raise
        if current is not None and self.in_pieces:
            self._make_small(self.found[current], shrink_until)

    def _make_small(self, found: Found, until: float) -> None:
        """Leave out pieces, half of them at first, as long as the case still fails in the same way."""
        pieces = self.target.pieces(found.case)
        assert pieces is not None
        size = len(pieces) // 2
        while size >= 1 and time.monotonic() < until:
            at, left_out = 0, False
            while at < len(pieces) and time.monotonic() < until:
                fewer = pieces[:at] + pieces[at + size :]
                if fewer and self._fails(b"".join(fewer), found):
                    pieces, left_out = fewer, True
                else:
                    at += size
            size = size if left_out and size == 1 else size // 2

    def _fails(self, case: bytes, found: Found) -> bool:
        self.cases += 1
        try:
            self.target.check(case)
        except Broken as broken:
            if broken.kind != found.broken.kind:
                return False
            found.broken, found.case, found.again, found.tries = broken, case, True, found.tries + 1
            return True
        return False


def keep(found: Found, target: str, folder: Path = SEEDS) -> Path:
    """Write a case where every later run of the tests replays it, and note what it showed."""
    path = folder / target / f"{found.broken.slug}-{hashlib.sha256(found.case).hexdigest()[:8]}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(found.case)
    index_file = folder / INDEX.name
    index = json.loads(index_file.read_text()) if index_file.exists() else {}
    index[path.relative_to(folder).as_posix()] = found.broken.kind
    index_file.write_text(json.dumps(index, indent=1, sort_keys=True, ensure_ascii=True) + "\n")
    return path


def seeds(target: str, folder: Path = SEEDS) -> list[Path]:
    return sorted(path for path in (folder / target).glob("*") if path.is_file())
