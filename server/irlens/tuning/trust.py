"""Which pass lists may be offered: what the suite of small programs said of a list, and who is known to break code.

The idea of the suite is PassListEval's (Meta Large Language Model Compiler, section 2.2): a list that breaks a
program whose behaviour is known is not used on one whose behaviour is not. Here nothing is executed natively: the
programs run in the emulator (`irlens.assist.trial`). This module keeps the results and reads `banned.json`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pkgutil import get_data
from typing import Any, Literal

from irlens.ir.pipeline import PipelineError, parse_pipeline, walk
from irlens.tuning.cache import Cache
from irlens.tuning.evaluation import Evaluation
from irlens.tuning.suite import edition

METHOD = "suite 1"
"""Part of the key in the cache. To be changed with how the programs are compared."""
Says = Literal["keeps", "breaks", "crashes", "refuses", "open"]


@dataclass(frozen=True)
class Trial:
    """What became of the suite's programs after a list. `keeps`: every function that could be compared (`compared` of
    them) did the same; `breaks`, `crashes` and `refuses` say with `program` and `why` where it went wrong first.
    `open`: there was no time or no process for it, and nothing is known."""

    passes: str
    says: Says
    compared: int = 0
    program: str = ""
    why: str = ""

    @property
    def trusted(self) -> bool:
        return self.says == "keeps"


def scope(compiler: str) -> str:
    """The part of the cache's key that all lists of this LLVM share (`Compiler.name`)."""
    return f"{METHOD} {edition()} {compiler}"


def kept(cache: Cache, compiler: str, passes: str) -> Trial | None:
    """The trial of this list with this LLVM, where one was made before."""
    found = cache.find(scope(compiler), [passes]).get(passes)
    if found is None:
        return None
    program, _, says = found.digest.partition(" ")
    return Trial(passes, says, found.bytes, program, found.why)  # type: ignore[arg-type]


def keep(cache: Cache, compiler: str, trial: Trial) -> None:
    """For the next time. A trial that is open is not kept."""
    if trial.says == "open":
        return
    row = Evaluation(
        trial.passes, int(trial.trusted), trial.compared, f"{trial.program} {trial.says}", why=trial.why
    )
    cache.keep(scope(compiler), [row])


@dataclass(frozen=True)
class Banned:
    """Passes and lists that were seen to change what code does, each with the reason and the LLVM, in one sentence."""

    passes: dict[str, str] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)


@cache
def banned() -> Banned:
    """`banned.json`, which `irlens.training.distrust` writes. Raises `FileNotFoundError` where it is missing."""
    data = get_data("irlens.tuning", "banned.json")
    if data is None:
        raise FileNotFoundError("irlens was installed without irlens/tuning/banned.json. Install it again.")
    read: dict[str, Any] = json.loads(data)
    return Banned(
        {each["passes"]: _sentence(each) for each in read["passes"]},
        {each["passes"]: _sentence(each) for each in read["lists"]},
    )


def why_banned(passes: str, of: Banned | None = None) -> str:
    """Why a list must not be used: it, or a pass in it, is known to break code; "" where nothing is known of it."""
    of = of if of is not None else banned()
    if passes in of.lists:
        return of.lists[passes]
    if not of.passes:
        return ""
    try:
        elements = walk(parse_pipeline(passes)) if passes else ()
        for element in elements:
            for name in (element.text, element.name):
                if name in of.passes:
                    return f"{name}: {of.passes[name]}"
    except PipelineError:
        pass  # what is wrong with it is said elsewhere
    return ""


def _sentence(row: dict[str, str]) -> str:
    return f"{row['why']} (seen with {row['llvm']})"
