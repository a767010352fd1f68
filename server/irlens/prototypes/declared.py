"""What is known of functions by their prototypes, by name, and who said it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from irlens.asm.macos_target import packs_arguments
from irlens.errors import UnusableInput
from irlens.llvm.signatures import Signature, signature_from_json
from irlens.objects.kinds import architecture
from irlens.prototypes.declarations import prototypes_in
from irlens.prototypes.passing import signature_of
from irlens.prototypes.types import Prototype, Unpassable
from irlens.targets import abi

_LONGEST = 160
"""Characters of a prototype that is shown: a name in debug information may have any number."""
BY_THE_USER = "given by you"
BY_DEBUG_INFORMATION = "from the file's debug information"


@dataclass(frozen=True)
class Declared:
    """A function's prototype. `words` is how C writes it, `source` who says so, as the end of a sentence."""

    signature: Signature
    words: str
    source: str


Known = dict[str, Declared]
"""By the symbol's name."""


def known_as_json(known: Known) -> list[dict[str, Any]]:
    return [asdict(one) for one in known.values()]


def known_from_json(items: Sequence[dict[str, Any]]) -> Known:
    """The inverse of `known_as_json`. Raises `KeyError` or `TypeError` on anything else."""
    found = [Declared(signature_from_json(one["signature"]), one["words"], one["source"]) for one in items]
    return {one.signature.name: one for one in found}


def declared(prototypes: Sequence[Prototype], triple: str, source: str) -> Known:
    """Those of them that are passed in one way that is known, for the target."""
    found = {}
    for one in prototypes:
        try:
            found[one.name] = _placed(one, triple, source)
        except Unpassable:
            continue
    return found


def declared_in(text: str, triple: str) -> Known:
    """What a person says, for the target. Raises `UnusableInput` where that cannot be read, or not used."""
    arm, apple = _target(triple)
    found = {}
    read = prototypes_in(text, arm=arm, apple=apple)
    if not read:
        raise UnusableInput("It declares no function. Give a prototype such as double f(double).")
    for one in read:
        try:
            found[one.name] = _placed(one, triple, BY_THE_USER)
        except Unpassable as why:
            raise UnusableInput(
                f"The prototype of {one.name} cannot be used: {why}. Leave it out; irlens then goes by the code."
            ) from None
    return found


def _target(triple: str) -> tuple[bool, bool]:
    return architecture(triple) == "aarch64", packs_arguments(triple)


def _placed(prototype: Prototype, triple: str, source: str) -> Declared:
    """Raises `Unpassable`."""
    arm, apple = _target(triple)
    signature = signature_of(prototype, arm=arm, apple=apple)
    try:
        abi.arguments(arm, signature.parameters, packed=apple)
        abi.results(arm, signature.returns)
    except abi.Unplaced as why:
        raise Unpassable(f"where values of type {why} are passed is not known") from None
    words = prototype.words
    return Declared(signature, words if len(words) <= _LONGEST else f"{words[: _LONGEST - 3]}...", source)
