"""Many pass lists on one module, measured in one job: for the search, inside an LLVM worker.

Nothing but numbers goes back: the module of a list that wins is made again when it is wanted.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import llvmlite.binding as llvm

from irlens.llvm import ops, ops_passes
from irlens.llvm.answers import DEFAULT_TRIPLE
from irlens.llvm.objects import NotAnObject
from irlens.llvm.totals import facts
from irlens.workers.serve import Answer, Refused


def measure(
    block: bytes,
    lists: list[list[dict[str, Any]]],
    opt_level: int = 2,
    count: bool = False,
    functions: bool = False,
) -> Answer:
    """`measured` has, for each list of steps in order, `text`, `data`, `digest` (of the object), with `count` the
    IR instructions, with `functions` the bytes of each function symbol; or `refused`, why there is none."""
    measured = []
    for steps in lists:
        try:
            measured.append(_one(block, steps, opt_level, count, functions))
        except (Refused, NotAnObject) as refused:
            measured.append({"refused": str(refused)})
    return {"measured": measured}, b""


def _one(
    block: bytes, steps: list[dict[str, Any]], opt_level: int, count: bool, functions: bool
) -> dict[str, Any]:
    module = ops.checked_module(block)
    triple = module.triple or DEFAULT_TRIPLE
    ops_passes.run_steps(module, _machine(triple, 2), steps)
    ops.verify(module)
    machine = _machine(triple, opt_level)
    ops.refuse_source_files(module, triple)
    module.triple, module.data_layout = triple, str(machine.target_data)
    found: dict[str, Any] = {}
    if count:  # before code generation, which changes the module
        found["instructions"] = _instructions(module)
    try:
        made = machine.emit_object(module)
    except RuntimeError as error:
        raise Refused(f"LLVM cannot lower this module: {error}") from error
    return {**found, **facts(made, functions)}


@cache
def _machine(triple: str, opt_level: int) -> llvm.TargetMachine:
    """Kept from list to list: a new one would work out what the processor has anew, a tenth of a short list's time."""
    return ops.target_machine(triple, opt_level)


def _instructions(module: llvm.ModuleRef) -> int:
    return sum(
        1
        for function in module.functions
        if not function.is_declaration
        for body in function.blocks
        for _ in body.instructions
    )
