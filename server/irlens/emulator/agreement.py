"""What a comparison says, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

Outcome = Literal["agrees", "disagrees", "unknown"]


@dataclass(frozen=True)
class Counterexample:
    """One input on which the two differ, in words. `memory` is what the original read, `calls` what its calls
    gave back, `what` the thing that differs, `original` and `candidate` what each did."""

    arguments: tuple[str, ...]
    memory: tuple[str, ...]
    calls: tuple[str, ...]
    what: str
    original: str
    candidate: str


@dataclass(frozen=True)
class Agreement:
    """`agrees` promises this much: on `agreed` of `inputs` inputs (seeded by `seed`; the rest reached a limit or
    trapped) both gave the same in everything that `compared` lists, and these inputs ran `covered_bytes` of the
    `code_bytes` bytes of the original's code, in `blocks` pieces without a jump. `unknown` is no weaker form of
    it: too little ran to say anything. `unsaid`: the candidate leaves out what the original passes on, or its data differ, which
    code that is the same does not answer. `left_over` are
    result registers in which the original leaves something that it also uses itself, and which the candidate takes for no
    result: `agrees` holds if it is right in that. So with `given_no_more`: callees for which arguments that the function was
    given itself may be meant, too, since they still lie where the callee would look for them. `reason` is a sentence, or some."""

    outcome: Outcome
    reason: str
    inputs: int = 0
    agreed: int = 0
    blocks: int = 0
    code_bytes: int = 0
    covered_bytes: int = 0
    seed: int = 0
    seconds: float = 0.0
    compared: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    unsaid: bool = False
    left_over: tuple[str, ...] = ()
    given_no_more: tuple[str, ...] = ()

    @property
    def covered(self) -> float:
        """Share of the bytes of the original's code that ran, 0 to 1."""
        return self.covered_bytes / self.code_bytes if self.code_bytes else 0.0

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "covered": round(self.covered, 4), "seconds": round(self.seconds, 4)}


TAKEN = "Taken to "
"""How each sentence begins that says what a verdict rests on beyond its inputs."""
_MOST_NAMED = 3


def taken_for_granted(found: Agreement) -> str:
    """What `agrees` rests on beyond the inputs, as a sentence or two without an end; empty where it rests on nothing."""
    parts = [
        f"{TAKEN}{what}: {_named(names)}"
        for what, names in (
            ("carry no result", found.left_over),
            ("be given no more arguments", found.given_no_more),
        )
        if names
    ]
    return ". ".join(parts)


def _named(names: Sequence[str]) -> str:
    shown = [
        *names[:_MOST_NAMED],
        *([f"{len(names) - _MOST_NAMED} more"] if len(names) > _MOST_NAMED else []),
    ]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def agreement_from_json(header: dict[str, Any], seconds: float) -> Agreement:
    """From a worker's answer. Raises `KeyError` or `TypeError` on anything else."""
    found = header["counterexample"]
    counterexample = None
    if found is not None:
        counterexample = Counterexample(
            tuple(found["arguments"]),
            tuple(found["memory"]),
            tuple(found["calls"]),
            found["what"],
            found["original"],
            found["candidate"],
        )
    made = Agreement(
        header["outcome"],
        header["reason"],
        header["inputs"],
        header["agreed"],
        header["blocks"],
        header["code_bytes"],
        header["covered_bytes"],
        header["seed"],
        seconds,
        tuple(header["compared"]),
        counterexample,
        header["unsaid"],
        tuple(header["left_over"]),
        tuple(header["given_no_more"]),
    )
    taken = taken_for_granted(made)
    return replace(made, reason=f"{made.reason} {taken}.") if taken else made
