"""What has been found out about a document's text so far. Plain data that features read and the shell fills.

Everything here is about one text: when the text changes the shell throws it away, except for lifts, which say
themselves which text they were made from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from irlens.assist.predict import FunctionPrediction
from irlens.evidence.verdict import Verdict

Stage = Literal["not asked", "under way", "known", "failed"]


@dataclass(frozen=True)
class FunctionSizes:
    """What LLVM measured of each function, by name: bytes in the object and, of IR, instructions. `why` is a
    sentence where there is nothing, `by` the LLVM that measured IR. `under_way` names functions that are being measured
    one by one."""

    stage: Stage = "not asked"
    bytes: dict[str, int] = field(default_factory=dict)
    instructions: dict[str, int] = field(default_factory=dict)
    why: str = ""
    by: str = ""
    under_way: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PassEffect:
    """One pass on this text. `functions` holds what is measured and, of those a hover shows, what the model
    said; both are kept apart within each entry. `model` names who predicted, `why` says why something was
    not measured or not predicted, `notes` are sentences on what keeps the pass off."""

    measured: Stage = "not asked"
    predicted: Stage = "not asked"
    functions: tuple[FunctionPrediction, ...] = ()
    model: str = ""
    why: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class LiftNote:
    """How the last lift of a function ended. `source` is the function's assembly as it then was."""

    verdict: Verdict
    reason: str
    model: str
    source: str
