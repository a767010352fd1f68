"""Many functions from few: small changes to a function in normal form. LLVM says afterwards which are IR."""

from __future__ import annotations

import random
import re

from irlens.training.generate import constant

_GROUPS = (
    ("add", "sub", "mul", "and", "or", "xor"),
    ("shl", "lshr", "ashr"),
    ("udiv", "sdiv", "urem", "srem"),
    ("fadd", "fsub", "fmul", "fdiv"),
    ("zext", "sext"),
    ("eq", "ne", "slt", "sgt", "sle", "sge", "ult", "ugt", "ule", "uge"),
    ("oeq", "olt", "ogt", "ole", "oge", "une", "ult"),
    ("@llvm.umax", "@llvm.umin", "@llvm.smax", "@llvm.smin"),
)
_WIDTHS = ("i8", "i16", "i32", "i64")


def mutate(rng: random.Random, text: str) -> str:
    """`text` with one to three changes; it may have come out unchanged, or be no IR any more."""
    lines = text.splitlines()
    for _ in range(rng.choice((1, 1, 2, 2, 3))):
        rng.choice(
            (
                _operation,
                _operation,
                _number,
                _number,
                _number,
                _operand,
                _operand,
                _width,
                _drop,
                _swap,
                _parameters,
            )
        )(rng, lines)
    return "\n".join(lines)


def _pick(rng: random.Random, lines: list[str]) -> int:
    return rng.randrange(1, len(lines)) if len(lines) > 1 else 0


def _operation(rng: random.Random, lines: list[str]) -> None:
    index = _pick(rng, lines)
    words = lines[index].split(" ")
    at = 1 if words[0].endswith("=") else 0
    if at >= len(words):
        return
    parts = words[at].split(".")
    for group in _GROUPS:
        for place, part in enumerate(parts[:2]):
            if part in group:
                parts[place] = rng.choice(group)
                words[at] = ".".join(
                    part for part in parts if part not in ("nuw", "nsw", "exact", "disjoint", "nneg")
                )
                lines[index] = " ".join(words)
                return


def _number(rng: random.Random, lines: list[str]) -> None:
    """Another constant: a field's offset stays a plausible one."""
    index = _pick(rng, lines)
    words = lines[index].split(" ")
    places = [i for i, word in enumerate(words) if re.fullmatch(r"-?\d+", word) and i > 0]
    if not places:
        return
    at = rng.choice(places)
    value = int(words[at])
    if ".i8 " in lines[index] and "gep" in lines[index]:
        new = rng.choice(
            (
                value + 8,
                value - 8,
                value + 4,
                rng.randrange(0, 40) * 8,
                rng.randrange(0, 80) * 4,
                rng.randrange(64),
            )
        )
    else:
        type_word = next((part for part in reversed(re.findall(r"\bi(?:8|16|32|64)\b", lines[index]))), "i8")
        new = int(constant(rng, type_word)) if rng.random() < 0.7 else value + rng.choice((-1, 1, 2))
    words[at] = str(new)
    lines[index] = " ".join(words)


def _operand(rng: random.Random, lines: list[str]) -> None:
    """Another value in place of one."""
    index = _pick(rng, lines)
    words = lines[index].split(" ")
    first = 1 if words[0].endswith("=") else 0
    places = [i for i, word in enumerate(words) if i > first and re.fullmatch(r"%\d+", word)]
    if not places:
        return
    at = rng.choice(places)
    words[at] = f"%{rng.randrange(0, int(words[at][1:]) + 2)}"
    lines[index] = " ".join(words)


def _width(rng: random.Random, lines: list[str]) -> None:
    """One integer width for another, everywhere."""
    present = sorted(set(re.findall(r"\bi(?:8|16|32|64)\b", "\n".join(lines))))
    if not present:
        return
    old, new = rng.choice(present), rng.choice(_WIDTHS)
    for index, line in enumerate(lines):
        lines[index] = re.sub(rf"\b{old}\b", new, line)


def _drop(rng: random.Random, lines: list[str]) -> None:
    """One store or call without a result less."""
    places = [i for i, line in enumerate(lines) if line.startswith(("store", "call.void"))]
    if places and len(lines) > 3:
        del lines[rng.choice(places)]


def _swap(rng: random.Random, lines: list[str]) -> None:
    """Two operands, or two targets of a branch, change places."""
    index = _pick(rng, lines)
    words = lines[index].split(" ")
    first = 2 if words[0].endswith("=") else 1
    places = list(range(first, len(words)))
    if len(places) >= 2:
        one, other = rng.sample(places, 2)
        words[one], words[other] = words[other], words[one]
        lines[index] = " ".join(words)


def _parameters(rng: random.Random, lines: list[str]) -> None:
    """Parameters in another order: values come from other registers."""
    words = lines[0].split(" ")
    while len(words) > 1 and words[1] in ("optsize", "minsize"):
        del words[1]
    if len(words) < 4 or "..." in words or any(word in ("zeroext", "signext") for word in words):
        return
    types = words[2:]
    order = list(range(len(types)))
    rng.shuffle(order)
    lines[0] = " ".join([*words[:2], *(types[i] for i in order)])
    place = {f"%{old}": f"%{new}" for new, old in enumerate(order)}
    for index in range(1, len(lines)):
        lines[index] = " ".join(place.get(word, word) for word in lines[index].split(" "))
