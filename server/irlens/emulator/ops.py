"""What an emulator worker can do. It runs in a worker process only: unicorn is native code on anybody's input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from irlens.emulator.abi import Unplaced
from irlens.emulator.elf import BadObject
from irlens.emulator.layout import place
from irlens.emulator.plan import Plan
from irlens.emulator.pool import pool_of
from irlens.emulator.search import Search
from irlens.llvm.signatures import signatures_from_json
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
) -> Answer:
    """`block` is the objects one behind the other: original, candidate, further builds of the candidate."""
    objects = []
    for size in sizes:
        objects.append(block[:size])
        block = block[size:]
    try:
        world = place(objects, function, inner=inner)
    except BadObject as error:
        raise Refused(str(error)) from error
    pool = pool_of(world, hints)
    try:
        known = signatures_from_json(signatures) if signatures else None
        plan = Plan(world.arm, known, pool, trust_locals=trust_locals)
    except Unplaced as error:
        raise Refused(f"Values of type {error} are not emulated. Compare a function without them.") from error
    search = Search(world, plan, pool, count=inputs, seed=seed, limit_s=limit_s)
    return search.run(), b""


OPERATIONS: dict[str, Callable[..., Answer]] = {"compare": compare}
