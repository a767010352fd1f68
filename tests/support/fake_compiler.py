"""A compiler whose sizes are arithmetic: every gene of a list takes or adds a few bytes, some only after another.

It stands in for LLVM where a test is about the search and not about code: thousands of lists a second, and it can
crash, be late, or wait until it is let go on.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence

from irlens.cancel import CancelToken
from irlens.llvm.measured import Measured
from irlens.tuning.genome import read

OZ = "default<Oz>"
AS_IS = 1000
AT_OZ = 500


class FakeCompiler:
    """`effects` are bytes by gene's text (-3: three smaller), `pairs` by two genes in this order. -Oz takes 500 once.
    What names `crash-pass` or `late-pass` ends so. All that was asked is in `asked`, in order of the answers."""

    release = 19
    whole = True

    def __init__(
        self,
        effects: dict[str, int] | None = None,
        pairs: dict[tuple[str, str], int] | None = None,
        name: str = "fake LLVM 19",
    ) -> None:
        self.effects, self.pairs, self.name = effects or {}, pairs or {}, name
        self.asked: list[str] = []
        self.limits: list[float] = []
        self.batches: list[int] = []
        self.hold: threading.Event | None = None
        self.started = threading.Event()
        self._lock = threading.Lock()

    def measure(
        self,
        ir: bytes,
        lists: Sequence[str],
        *,
        opt_level: int = 2,
        count: bool = False,
        functions: bool = False,
        limit_s: float = 10.0,
        cancel: CancelToken | None = None,
    ) -> list[Measured]:
        self.started.set()
        while self.hold is not None and not self.hold.wait(0.01):
            if cancel is not None:
                cancel.check()
        if cancel is not None:
            cancel.check()
        with self._lock:
            self.asked += lists
            self.limits.append(limit_s)
            self.batches.append(len(lists))
        return [self._one(passes) for passes in lists]

    def _one(self, passes: str) -> Measured:
        if "crash-pass" in passes:
            return Measured("crashed", why="it was told to crash")
        if "late-pass" in passes:
            return Measured("late", why="it was told to be late")
        size = self.size(passes)
        return Measured("measured", text=size, digest=hashlib.sha256(str(size).encode()).hexdigest()[:16])

    def size(self, passes: str) -> int:
        """Bytes after the list: what a gene does, it does once."""
        texts = [gene.text for gene in read(passes)]
        size = AS_IS - (AS_IS - AT_OZ if OZ in texts else 0)
        size += sum(self.effects.get(text, 0) for text in set(texts))
        for (first, second), bytes_ in self.pairs.items():
            if first in texts and second in texts[texts.index(first) :]:
                size += bytes_
        return size

    def run(self, ir: str, passes: str, *, limit_s: float = 10.0, cancel: CancelToken | None = None) -> str:
        return f"{ir}; after {passes}\n"

    def can(self, passes: str) -> bool:
        return True

    def close(self) -> None:
        pass
