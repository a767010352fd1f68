"""What an emulator worker can do. It runs in a worker process only: unicorn is native code on anybody's input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from irlens.emulator.layout import place
from irlens.emulator.plan import Plan
from irlens.emulator.pool import pool_of
from irlens.emulator.search import Search
from irlens.llvm.signatures import signatures_from_json
from irlens.objects.elf import BadObject, read_object
from irlens.prototypes.declared import known_from_json
from irlens.targets.abi import Unplaced
from irlens.workers.serve import Answer, Refused


def compare(
    block: bytes,
    sizes: list[int],
    function: str,
    signatures: dict[str, Any] | None,
    inputs: int,
    seed: int,
    hints: list[int],
    trust_locals: bool,
    inner: bool,
    limit_s: float,
    renamed: dict[str, str] | None = None,
    references: int = 0,
    packed: bool = False,
    guessed: bool = True,
    aliases: bool = False,
    said_not_to_return: list[str] | None = None,
    declared: list[dict[str, Any]] | None = None,
) -> Answer:
    """`block` is the objects one behind the other: original, candidate, further builds of the candidate, and last
    `references` further builds of the original. `renamed` gives names of the candidate's those of the original's.
    `packed` is of Apple's convention (`abi.arguments`). `guessed`: nobody wrote the candidate's signature. `declared`:
    prototypes, as `Declared` in a dictionary."""
    objects = []
    for size in sizes:
        objects.append(block[:size])
        block = block[size:]
    known = signatures_from_json(signatures) if signatures else None
    every = (known.function, *known.calls) if known is not None else ()
    convention = next((one.convention for one in every if one.convention), "")
    try:
        if convention:
            read_object(objects[0])  # what is for another machine altogether is said first
    except BadObject as error:
        raise Refused(str(error)) from error
    if convention:
        raise Refused(
            f"The calling convention {convention} is not modelled, so nothing can be told. "
            "Compare a function of C's convention."
        )
    try:
        world = place(objects, function, inner=inner, renamed=renamed or {}, references=references)
    except BadObject as error:
        raise Refused(str(error)) from error
    pool = pool_of(world, hints)
    try:
        plan = Plan(
            world.arm,
            known,
            pool,
            trust_locals=trust_locals,
            aliases=aliases,
            packed=packed,
            declared=known_from_json(declared or []),
        )
    except Unplaced as error:
        raise Refused(f"Values of type {error} are not emulated. Compare a function without them.") from error
    plan.of_ir = said_not_to_return is not None
    plan.ends = frozenset(said_not_to_return or ())
    search = Search(world, plan, pool, count=inputs, seed=seed, limit_s=limit_s, guessed=guessed)
    return search.run(), b""


OPERATIONS: dict[str, Callable[..., Answer]] = {"compare": compare}
