"""Does a module still do what it did before some passes ran? Its functions, before and after, in the emulator.

Functions of the module that are called really run, since passes inline, merge and outline them; variables are as
the program starts, since passes rely on who writes them; what the passes make of their first values is not
compared. Only calls out of the module are stubs.

A pass may also replace a call of the C library by another (`printf` by `puts`), which the stubs cannot tell from
an error: a difference in calls where one of them is of the library counts as not compared, with that reason.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from irlens.assist.tools import Tools
from irlens.cancel import CancelToken
from irlens.emulator.agreement import Agreement
from irlens.emulator.calls import PROTOTYPES
from irlens.emulator.hints import numbers_in
from irlens.errors import EmulatorStopped, IrlensError, UnusableInput
from irlens.ir.outline import outline
from irlens.llvm.answers import DEFAULT_TRIPLE
from irlens.llvm.signatures import Signature, Signatures

BUDGET_S = 4.0
"""Seconds for one module; functions that it does not reach are said to be not compared."""
INPUTS = 32
_LEVELS = (2, 0)
"""Code generation of the module after the passes: what it leaves undefined may come out either way, and only
what differs in both counts (as in `evidence.behaviour`)."""


@dataclass(frozen=True)
class Broken:
    """A function that does something else after the passes, with the input that shows it."""

    name: str
    agreement: Agreement


@dataclass(frozen=True)
class Guarded:
    """`agreed` and `unknown` name functions, the second with why; `broken` has those that differ. `inputs` is how
    many inputs each function was given at least, `seconds` wall time."""

    agreed: tuple[str, ...]
    unknown: tuple[tuple[str, str], ...]
    broken: tuple[Broken, ...]
    inputs: int
    seconds: float

    @property
    def words(self) -> str:
        """One sentence."""
        total = len(self.agreed) + len(self.unknown) + len(self.broken)
        if self.broken:
            first = self.broken[0]
            return (
                f"the passes change what {len(self.broken)} of {total} functions do, {first.name} first: "
                f"{first.agreement.reason}"
            )
        said = f"{len(self.agreed)} of {total} functions did the same as before on every emulated input"
        return said + (f", {len(self.unknown)} could not be told" if self.unknown else "")

    def as_json(self) -> dict[str, object]:
        return {
            "agreed": list(self.agreed),
            "unknown": [{"name": name, "why": why} for name, why in self.unknown],
            "broken": [
                {"name": broken.name, "evidence": broken.agreement.as_json()} for broken in self.broken
            ],
            "inputs": self.inputs,
            "seconds": round(self.seconds, 3),
        }


def guard(
    before: str,
    after: str,
    tools: Tools,
    *,
    functions: Sequence[str] | None = None,
    budget_s: float = BUDGET_S,
    seed: int = 0,
    cancel: CancelToken | None = None,
) -> Guarded:
    """Compare the functions that both modules define (or `functions` of them).

    Raises `Cancelled`, and `LLVMRefused` or `LLVMStopped` where a module makes no object.
    """
    started = time.monotonic()
    triple = outline(before).triple or DEFAULT_TRIPLE
    there = _defined(after)
    names = [name for name in _defined(before) if name in there and (functions is None or name in functions)]
    original = tools.llvm.emit_object(before, triple, cancel=cancel)
    builds = [tools.llvm.emit_object(after, triple, opt_level=level, cancel=cancel) for level in _LEVELS]
    every = _calls(before, tools, triple, cancel)
    agreed, unknown, broken = [], [], []
    for name in names:
        if cancel is not None:
            cancel.check()
        left = budget_s - (time.monotonic() - started)
        if left <= 0:
            unknown.append((name, "there was no time left to compare it"))
            continue
        try:
            own = tools.llvm.signatures(before, name, triple, cancel=cancel)
            agreement = tools.emulator.compare(
                original,
                builds[0],
                builds=builds[1:],
                function=name,
                signatures=Signatures(own.function, every),
                inputs=INPUTS,
                seed=seed,
                hints=numbers_in(before),
                inner=True,
                timeout_s=left,
                cancel=cancel,
            )
        except (UnusableInput, EmulatorStopped) as error:
            unknown.append((name, str(error)))
            continue
        if agreement.outcome == "agrees":
            agreed.append(name)
        elif agreement.outcome == "unknown":
            unknown.append((name, agreement.reason))
        elif _of_the_library(agreement):
            unknown.append((name, f"a library call differs, as passes may replace them: {agreement.reason}"))
        else:
            broken.append(Broken(name, agreement))
    return Guarded(tuple(agreed), tuple(unknown), tuple(broken), INPUTS, time.monotonic() - started)


def _defined(ir: str) -> list[str]:
    return [function.name for function in outline(ir).functions if function.is_definition]


def _calls(ir: str, tools: Tools, triple: str, cancel: CancelToken | None) -> tuple[Signature, ...]:
    """The different calls of the whole module: inlining moves them from function to function."""
    found: dict[Signature, None] = {}
    for name in _defined(ir):
        try:
            found.update(dict.fromkeys(tools.llvm.signatures(ir, name, triple, cancel=cancel).calls))
        except IrlensError:
            continue  # its own comparison says why
    return tuple(found)


_CALLEE = re.compile(r"\bcalled (\S+?)[.,]?(?=\s|$)")


def _of_the_library(agreement: Agreement) -> bool:
    """Whether the difference is which function was called, and one of the two is a known library function."""
    found = agreement.counterexample
    if found is None or not re.fullmatch(r"call \d+", found.what):
        return False
    names = _CALLEE.findall(f"{found.original}\n{found.candidate}")
    return any(name in PROTOTYPES for name in names)
