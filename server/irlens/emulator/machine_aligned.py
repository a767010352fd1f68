"""Does the candidate want an address to be a multiple of 16 where the original takes any? On x86-64 vector instructions with
a whole register in memory do, but for a few (Intel SDM vol. 1, section 10.4.1.1); elsewhere they fault on a machine. The
emulator itself lets every address pass. AVX, which has other rules, is not told at all (`decode.not_run`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import unicorn as uc
from unicorn import x86_const as x86

from irlens.emulator.decode import swept
from irlens.emulator.inputs import ARENA, ARGUMENT_SPAN, Input, Memory
from irlens.emulator.layout import Image, World
from irlens.emulator.machine import Machine
from irlens.emulator.trace import Start

_PLACE = re.compile(r"xmmword ptr (?:[de]s:)?\[(?P<terms>[^\[\]]{1,100})\]")
_WIDTH = 16
_ANYWHERE = frozenset("movups movupd movdqu lddqu pcmpestri pcmpestrm pcmpistri pcmpistrm".split())
_TERM = re.compile(
    r"(?P<sign>[-+]?) ?(?:(?P<register>r\w{1,5})(?:\*(?P<scale>[1248]))?|(?P<number>0x[0-9a-f]{1,16}|\d{1,20}))"
)
_OF_THE_FUNCTION = ("rsp", "rip")
"""Places on its own stack and of its own data are as its compiler laid them out."""
_MOST_SEEN = 4_096
"""Addresses of a run: a loop goes on as it began."""


@dataclass(frozen=True)
class Access:
    """An instruction that wants its address to be aligned; that is the sum of `terms`, each a register (its number for
    unicorn, 0 for none) times a number."""

    text: str
    terms: tuple[tuple[int, int], ...]


def accesses(image: Image) -> dict[int, Access]:
    """Those of the function's code by their addresses, x86-64."""
    found = {}
    for at, one in swept(False, image, image.own):
        place = _PLACE.search(one.operands)
        if place is None or one.not_run or one.name in _ANYWHERE:
            continue
        terms = _terms(place["terms"])
        if terms is not None:
            found[at] = Access(str(one), terms)
    return found


def _terms(text: str) -> tuple[tuple[int, int], ...] | None:
    terms = []
    for term in _TERM.finditer(text):
        sign = -1 if term["sign"] == "-" else 1
        if term["number"]:
            terms.append((0, sign * int(term["number"], 0)))
            continue
        number = getattr(x86, f"UC_X86_REG_{term['register'].upper()}", 0)
        if term["register"] in _OF_THE_FUNCTION or not number:
            return None
        terms.append((number, int(term["scale"] or 1)))
    return tuple(terms)


def unpromised(
    world: World,
    memory: Memory,
    given: Sequence[Input],
    give: Callable[[Input], None],
    start: Callable[[Input], Start],
) -> str:
    """A sentence on the first access of the candidate whose address must be aligned, where nothing that the original does
    in the same memory must; empty where there is none on these inputs."""
    wanted = accesses(world.images[1])
    if not wanted:
        return ""
    watch = _Watch(world, memory, [accesses(world.images[0]), wanted])
    for one in given:
        seen: list[dict[int, Access]] = []
        for image in world.images[:2]:
            give(one)
            watch.fresh_memory()
            watch.seen = {}
            watch.run(image, start(one))
            seen.append(watch.seen)
        promised, needed = seen
        # Memory that is given begins at a multiple of this; what one place in it promises holds for those around it.
        known = {(place // ARGUMENT_SPAN, place % _WIDTH) for place in promised}
        for place, access in needed.items():
            # Below is its own memory, and the stack of whoever called it.
            if place >= ARENA and (place // ARGUMENT_SPAN, place % _WIDTH) not in known:
                return (
                    f"the candidate wants an address to be a multiple of {_WIDTH} (`{access.text}`), and nothing in "
                    "the original does"
                )
    return ""


class _Watch(Machine):
    """A machine that takes down the addresses of such accesses."""

    def __init__(self, world: World, memory: Memory, found: Sequence[dict[int, Access]]) -> None:
        super().__init__(world, memory)
        self.seen: dict[int, Access] = {}
        for each in found:
            for at, access in each.items():
                self._uc.hook_add(uc.UC_HOOK_CODE, self._at, access, begin=at, end=at)

    def _at(self, engine: uc.Uc, address: int, size: int, access: Access) -> None:
        place = sum(
            factor * (int(engine.reg_read(number)) if number else 1) for number, factor in access.terms
        )
        if len(self.seen) < _MOST_SEEN:
            self.seen[place & (1 << 64) - 1] = access
