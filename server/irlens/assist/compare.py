"""Compare: do two versions of a function do the same? Any two of assembly and IR, in the emulator.

The first version is the original, the second the candidate, whatever their kinds.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from irlens.asm.dialect import detect
from irlens.asm.macos_target import in_elf, own_triple
from irlens.asm.outline import functions as asm_functions
from irlens.asm.readable import readable
from irlens.asm.symbols import format_of_triple
from irlens.assist.parallel import in_parallel
from irlens.assist.words import choose_from, some
from irlens.cancel import CancelToken
from irlens.emulator.agreement import Agreement
from irlens.emulator.client import Emulator
from irlens.errors import IrlensError, UnusableInput
from irlens.evidence.behaviour import Version, versions_alike
from irlens.ir.outline import outline
from irlens.llvm.answers import DEFAULT_TRIPLE
from irlens.llvm.client import LLVM
from irlens.llvm.demangle import find_name
from irlens.llvm.signatures import PassedValue, Signature
from irlens.llvm.traps import unread_functions
from irlens.objects.kinds import architecture, elf_sibling
from irlens.prototypes.declared import Known

INPUTS = 1000

_SOURCE, _TARGET = "src", "tgt"
"""How Alive2 begins the names of a pair in one file."""


@dataclass(frozen=True)
class Side:
    """One of the two texts. `name` is what the user calls it; `is_asm` tells assembly from IR."""

    name: str
    text: str
    is_asm: bool
    triple: str = ""
    """Of a text that was rewritten for ELF (`asm.macho`), its target."""

    @cached_property
    def functions(self) -> list[str]:
        """The functions that it defines, in order, by their symbols: IR's `\\01` before a name is no part of one."""
        if self.is_asm:
            return [function.name for function in asm_functions(self.text)]
        return [f.name.removeprefix("\x01") for f in outline(self.text).functions if f.is_definition]


@dataclass(frozen=True)
class Pair:
    """A function's name in the first text, and in the second."""

    original: str
    candidate: str

    @property
    def words(self) -> str:
        return self.original if self.original == self.candidate else f"{self.original} -> {self.candidate}"


@dataclass(frozen=True)
class Compared:
    """One function. The agreement's "original" is the first side's, its "candidate" the second's."""

    pair: Pair
    agreement: Agreement


def named_pair(left: Side, right: Side, original: str, candidate: str) -> Pair:
    """Two functions that the user names. Raises `UnusableInput` where one is not defined."""
    for side, name in ((left, original), (right, candidate)):
        if name not in side.functions:
            raise UnusableInput(
                f"{side.name}: there is no function {name}. {choose_from(name, side.functions)}"
            )
    return Pair(original, candidate)


def pairs_in_one(side: Side) -> list[Pair]:
    """`src` with `tgt`, `src1` with `tgt1` and so on, as Alive2 pairs them. Raises `UnusableInput`."""
    defined = set(side.functions)
    found = []
    for name in side.functions:
        other = _TARGET + name.removeprefix(_SOURCE)
        if name.startswith(_SOURCE) and other in defined:
            found.append(Pair(name, other))
    if not found:
        raise UnusableInput(
            f"{side.name}: defines no pair of functions src and tgt. "
            "Name two of its functions with --function F --with G, or give a second file "
            f"(it defines {some(side.functions)})."
        )
    return found


def partner_in_one(side: Side, name: str) -> Pair:
    """The pair that a function named src... begins. Raises `UnusableInput` where it is none."""
    other = _TARGET + name.removeprefix(_SOURCE)
    if name in side.functions and not (name.startswith(_SOURCE) and other in side.functions):
        raise UnusableInput(f"{side.name}: {name} alone was named. Name the other function with --with G.")
    return named_pair(side, side, name, other)


def pairs_of_two(
    left: Side, right: Side, wanted: str | None = None, renamed: Mapping[str, str] | None = None
) -> list[Pair]:
    """The functions of both texts: those of one name, and those that `renamed` pairs (old name: new name). `wanted` is a
    name of the first text. Raises `UnusableInput` where there is none to compare."""
    new_names = renamed or {}
    taken = set(new_names.values())
    there = set(right.functions)
    both = []
    for name in left.functions:
        other = new_names.get(name, name)
        if other in there and (name in new_names or other not in taken):
            both.append(Pair(name, other))
    if not both:
        raise UnusableInput(
            f"{left.name} and {right.name} define no function of the same name. "
            "Pair functions with --function F --with G, or with --rename OLD=NEW "
            f"(the first has {some(left.functions, 8)}; the second has {some(right.functions, 8)})."
        )
    if wanted is None:
        return both
    names = [pair.original for pair in both]
    found = find_name(wanted, names)
    for pair in both:
        if pair.original == found:
            return [pair]
    raise UnusableInput(f"{wanted} is not in both {left.name} and {right.name}. {choose_from(wanted, names)}")


def _why_not_run(layout: str) -> str:
    """What machine a data layout is for, where it is one that irlens does not run."""
    parts = layout.split("-")
    if "E" in parts:
        return "a big-endian machine"
    pointers = next((part.split(":")[1] for part in parts if re.match(r"p0?:", part)), "64")
    return "" if pointers == "64" else f"pointers of {pointers} bits"


def common_triple(
    left: Side, right: Side, of_assembly: Callable[[Side], str], wanted: str | None, how: str
) -> str:
    """The target both are for: the one that is wanted, else what the assembly or the modules say. `how` is advice on a
    target that irlens does not run, with a place for the one to take instead. Raises `UnusableInput`."""
    found = []
    for side in (left, right):
        if side.triple:
            found.append(side.triple)
        elif side.is_asm:
            found.append(of_assembly(side))
        else:
            module = outline(side.text)
            if module.triple:
                found.append(module.triple)
            elif odd := _why_not_run(module.datalayout or ""):
                raise UnusableInput(
                    f"{side.name} is for {odd}, by its data layout. Compare code for x86-64 or AArch64."
                )
    if wanted is not None:
        return in_elf(detect("", wanted).triple or wanted)
    macos = [format_of_triple(own_triple(triple)) == "macho" for triple in found]
    if any(macos) and not all(macos):
        raise UnusableInput(
            f"{left.name} is for {own_triple(found[0])} and {right.name} for {own_triple(found[1])}, where functions "
            "are called differently. Compile one of them for the other's target."
        )
    if len({architecture(triple) for triple in found}) > 1:
        raise UnusableInput(
            f"{left.name} is for {own_triple(found[0])} and {right.name} for {own_triple(found[1])}. "
            "Compile one of them for the other's target."
        )
    triple = in_elf(found[0] if found else DEFAULT_TRIPLE)
    if (instead := elf_sibling(triple)) != triple and not (left.is_asm or right.is_asm):
        raise UnusableInput(
            f"{left.name} is for {triple}, and irlens runs ELF code only. {how.format(instead)}"
        )
    return triple


def compare(
    left: Side,
    right: Side,
    pairs: Sequence[Pair],
    triple: str,
    llvm: LLVM,
    emulator: Emulator,
    *,
    renamed: Mapping[str, str] | None = None,
    inputs: int = INPUTS,
    seed: int = 0,
    jobs: int = 1,
    limit_s: float | None = None,
    declared: Known | None = None,
    cancel: CancelToken | None = None,
    progress: Callable[[str, float | None], None] | None = None,
) -> Iterator[Compared]:
    """Run each pair for `triple`, `jobs` at a time, and give them in order. What cannot be run is "unknown", with the
    reason. `renamed` is of the functions that are called (old name: new name). No pair is begun after `limit_s` seconds.
    `declared` are prototypes by the original's names, for an original that is assembly.

    Raises `UnusableInput` where an assembly does not assemble, `Unrunnable` where there is no assembler for the
    target, `Cancelled`.
    """
    unread = [unread_functions(side.text) if side.triple else {} for side in (left, right)]
    mine = [pair.original for pair in pairs if pair.original not in unread[0]]
    its = [pair.candidate for pair in pairs if pair.candidate not in unread[1]]
    made = llvm.object_of(left.text, triple, wanted=mine, cancel=cancel) if left.is_asm and mine else None
    other = llvm.object_of(right.text, triple, wanted=its, cancel=cancel) if right.is_asm and its else None
    done = 0
    began = time.monotonic()

    def work(pair: Pair) -> Compared:
        nonlocal done
        if progress is not None:
            progress(f"running {pair.words}", done / len(pairs))
        if limit_s is not None and time.monotonic() - began > limit_s:
            late = f"{limit_s:g} s were over before its turn came; compare it alone"
            return Compared(pair, Agreement("unknown", late, seed=seed))
        for side, name, other_why in ((left, pair.original, unread[0]), (right, pair.candidate, unread[1])):
            if side.is_asm and (why := readable(side.text).refused.get(name) or other_why.get(name)):
                done += 1
                return Compared(pair, Agreement("unknown", why, seed=seed))
        original = Version(left.text, pair.original, left.is_asm, made)
        candidate = Version(right.text, pair.candidate, right.is_asm, other)
        try:
            names = {new: old for old, new in (renamed or {}).items() if new != pair.candidate}
            names = {new: old for new, old in names.items() if old != pair.original}
            agreement = versions_alike(
                original,
                candidate,
                triple,
                llvm,
                emulator,
                renamed=names,
                inputs=inputs,
                seed=seed,
                declared=declared,
                cancel=cancel,
            )
            if agreement.outcome == "agrees" and not left.is_asm and not right.is_asm:
                agreement = _with_one_signature(agreement, original, candidate, triple, llvm, cancel)
        except IrlensError as error:
            agreement = Agreement("unknown", str(error), seed=seed)
        done += 1
        return Compared(pair, agreement)

    yield from in_parallel(pairs, work, jobs, cancel)


def _with_one_signature(
    agreement: Agreement,
    original: Version,
    candidate: Version,
    triple: str,
    llvm: LLVM,
    cancel: CancelToken | None,
) -> Agreement:
    """Values were compared as the candidate passes them. Where the original passes others, it is not known that all of
    them are the same."""
    mine = llvm.signatures(original.text, original.name, triple, cancel=cancel).function
    its = llvm.signatures(candidate.text, candidate.name, triple, cancel=cancel).function
    if _shape(mine) == _shape(its):
        return agreement
    reason = (
        f"Nothing that was compared differs, but the original is {_prototype(mine)} and the candidate "
        f"{_prototype(its)}, so not everything was compared. Give both the same types."
    )
    return replace(agreement, outcome="unknown", reason=reason)


def _shape(signature: Signature) -> tuple[object, ...]:
    """What decides where values are: an address is passed as a number of 64 bits is."""

    def scalars(value: PassedValue) -> tuple[str, ...]:
        return tuple("i64" if scalar == "ptr" else scalar for scalar in value.scalars)

    parameters = tuple(scalars(parameter) for parameter in signature.parameters)
    return scalars(signature.returns), parameters, signature.varargs


def _prototype(signature: Signature) -> str:
    parameters = ", ".join([value.type for value in signature.parameters] + ["..."] * signature.varargs)
    return f"{signature.returns.type} ({parameters})"
