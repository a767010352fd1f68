"""`.ll` and `.s` from strangers through every door that reads them.

Each call ends in an answer or in an error that is meant for the user, in its time. Nothing outside temporary folders
changes, no answer holds what another file or the environment says, nothing is left in the temporary folder, and the
process that asks does not grow.
"""

from __future__ import annotations

import statistics
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import psutil
from hypothesis.strategies import SearchStrategy

from fuzz.broken import Broken, escaped
from fuzz.code_texts import texts
from fuzz.sandbox import Sandbox
from irlens.asm.dialect import detect
from irlens.asm.outline import functions as asm_functions
from irlens.assist import compare as comparing
from irlens.assist.lift import lift
from irlens.assist.tools import Tools
from irlens.emulator.client import Emulator
from irlens.errors import IrlensError
from irlens.ide import code_actions, code_lens, diagnostics, hover, symbols
from irlens.ir.runlines import diagnose_run_lines, run_lines
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter
from irlens.model.types import LiftSource
from irlens.source.snapshot import DocumentSnapshot, Language
from irlens.workers.pool import START_LIMIT_S

Value = TypeVar("Value")
LIMIT_S = 4.0
"""Of one job, for LLVM, the emulator and the lifter."""
CALL_LIMIT_S = 4 * LIMIT_S + START_LIMIT_S
"""Of one call: it may be several jobs, and each may start a worker on a busy machine."""
FEATURE_S, FEATURE_S_PER_KB = 0.4, 0.02
"""Processor time that an editor feature may take on the server's own thread: so much, and so much for each KB."""
MOST_GROWTH_MB = 96.0
_WARM_CASES = 20
_FUNCTIONS = 2
"""Of a file that are lifted and run; others come in other cases."""


class Code:
    """Either language. The children are started once."""

    def __init__(self, sandbox: Sandbox, language: Language) -> None:
        self.name = "ll" if language == "llvm" else "s"
        self._sandbox, self._language = sandbox, language
        llvm = LLVM(workers=1, time_limit_s=LIMIT_S, memory_limit_mb=1024)
        self._tools = Tools(
            llvm, Emulator(time_limit_s=1.0, memory_limit_mb=1024), MechanicalLifter(time_limit_s=LIMIT_S)
        )
        self._cases = 0
        self._first_mb = 0.0
        self._memory: deque[float] = deque(maxlen=_WARM_CASES)
        self._longest: dict[str, float] = {}
        self._answers: dict[str, list[int]] = {}
        llvm.parse("")

    def cases(self) -> SearchStrategy[bytes]:
        return texts(self._language)

    def pieces(self, case: bytes) -> None:
        return None

    def check(self, case: bytes) -> None:
        text = self._sandbox.filled(case.decode("utf-8", "surrogatepass"))
        snapshot = DocumentSnapshot(f"file:///fuzz/case.{self.name}", 1, self._language, text)
        self._features(snapshot)
        (self._of_ir if self._language == "llvm" else self._of_asm)(snapshot)
        self._sandbox.unchanged(f"a .{self.name}")
        self._cases += 1
        # What an assembler makes may be 100 MB large and stays until the next case: a single measurement says little.
        self._memory.append(_memory_mb())
        if self._cases == _WARM_CASES:
            self._first_mb = statistics.median(self._memory)

    def finish(self) -> dict[str, str]:
        growth = statistics.median(self._memory) - self._first_mb if self._first_mb else 0.0
        self._tools.close()
        figures = {
            what: f"{self._longest[what]:.1f} s at most, {self._answers[what][0]:,} answers, {self._answers[what][1]:,} refusals"
            for what in sorted(self._longest)
        }
        figures["growth of the process that asks"] = f"{growth:.0f} MB"
        if growth > MOST_GROWTH_MB:
            raise Broken(f"memory grows with each .{self.name}", figures["growth of the process that asks"])
        if left := self._sandbox.leftovers():
            raise Broken(f"files are left in the temporary folder after .{self.name}", ", ".join(left[:10]))
        return figures

    # What the server does on its own thread

    def _features(self, snapshot: DocumentSnapshot) -> None:
        last = len(snapshot.lines) - 1
        places = [(line, column) for line in {0, 1, last // 2, last} for column in (0, 7)]
        size_kb = len(snapshot.text) / 1024
        longest = max(range(last + 1), key=lambda line: len(snapshot.lines[line]))
        features: dict[str, Callable[[], object]] = {
            "symbols": lambda: symbols.symbols(snapshot),
            "lenses": lambda: code_lens.lenses(snapshot, {}, {}),
            "actions": lambda: code_actions.offers(snapshot, 0, last),
            "corrections": lambda: code_actions.corrections(snapshot, 0, last),
            "run lines": lambda: diagnose_run_lines(snapshot.text),
            "hover": lambda: [hover.subject(snapshot, *place) for place in [*places, (longest, 3)]],
            "references": lambda: [
                symbols.references(snapshot, *place, with_declaration=True) for place in places
            ],
            "dialect": lambda: detect(snapshot.text),
        }
        for name, feature in features.items():
            began = time.process_time()
            try:
                feature()
            except IrlensError:
                pass
            except Exception as error:
                raise escaped(error, name) from error
            took = time.process_time() - began
            if took > FEATURE_S + FEATURE_S_PER_KB * size_kb:
                raise Broken(f"{name} takes long for a .{self.name}", f"{took:.1f} s for {size_kb:.0f} KB")

    # What children do

    def _of_ir(self, snapshot: DocumentSnapshot) -> None:
        llvm, text = self._tools.llvm, "\n".join(snapshot.lines)
        self._call(
            "diagnostics",
            lambda: diagnostics.of_ir(snapshot, llvm),
            lambda found: [item.message for item in found],
        )
        self._call("parse", lambda: llvm.parse(text), lambda found: [d.message for d in found.diagnostics])
        self._call("outline", lambda: llvm.outline(text), lambda found: [found.why])
        self._call("lower", lambda: llvm.lower(text), lambda made: [made])
        self._call("object", lambda: llvm.emit_object(text), lambda made: [made])
        for run in run_lines(snapshot.text)[:2]:
            if run.pipeline is None:
                continue
            pipeline = run.text
            self._call(
                "run passes", lambda pipeline=pipeline: llvm.run_passes(text, pipeline), lambda ran: [ran.ir]
            )
            name = next((function.name for function in symbols.symbols(snapshot)), "f")
            self._call(
                "dump passes",
                lambda pipeline=pipeline, name=name: llvm.dump_passes(text, pipeline, name),
                lambda ran: [ran.ir, ran.report],
            )

    def _of_asm(self, snapshot: DocumentSnapshot) -> None:
        tools, text = self._tools, snapshot.text
        triple = detect(text).triple or "x86_64-unknown-linux-gnu"
        self._call(
            "assemble",
            lambda: tools.llvm.assemble(text, triple),
            lambda made: [made.object or b"", *(d.message for d in made.diagnostics)],
        )
        self._call("object", lambda: tools.llvm.object_of(text, triple), lambda made: [made])
        names = [function.name for function in asm_functions(text)][:_FUNCTIONS]
        for name in names:
            source = LiftSource(text, name, triple)
            self._call(
                "lift",
                lambda source=source: lift(source, None, tools, wanted="mechanical"),
                lambda lifted: [lifted.ir or "", lifted.reason],
            )
        side = comparing.Side("a.s", text, True)
        if names:
            self._call(
                "compare",
                lambda: list(
                    comparing.compare(
                        side,
                        side,
                        [comparing.Pair(names[0], names[0])],
                        triple,
                        tools.llvm,
                        tools.emulator,
                        inputs=8,
                    )
                ),
                lambda found: [one.agreement.reason for one in found],
            )

    def _call(
        self, what: str, call: Callable[[], Value], shown: Callable[[Value], Iterable[str | bytes]]
    ) -> None:
        """One call: an answer or an error for the user, within its time; neither shows a secret."""
        began = time.monotonic()
        answers = self._answers.setdefault(what, [0, 0])
        says: list[Any] = []
        try:
            says = list(shown(call()))
            answers[0] += 1
        except IrlensError as error:
            answers[1] += 1
            says = [str(error)]
            if not says[0].strip():
                raise Broken(f"{what} of a .{self.name}: an error without a word", repr(error)) from error
        except Exception as error:
            raise escaped(error, f"{what} of a .{self.name}") from error
        finally:
            took = time.monotonic() - began
            self._longest[what] = max(self._longest.get(what, 0.0), took)
        if took > CALL_LIMIT_S:
            raise Broken(f"{what} of a .{self.name} takes over {CALL_LIMIT_S:g} s", f"{took:.0f} s")
        for one in says:
            self._sandbox.hides(one, f"{what} of a .{self.name}")


def _memory_mb() -> float:
    return float(psutil.Process().memory_info().rss / 2**20)


def ir(sandbox: Sandbox) -> Code:
    return Code(sandbox, "llvm")


def asm(sandbox: Sandbox) -> Code:
    return Code(sandbox, "asm")
