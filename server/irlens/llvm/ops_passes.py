"""Passes run by llvmlite, inside a worker. Steps come from `plan`; what they mean is said there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import llvmlite.binding as llvm
from llvmlite.binding import ffi

from irlens.ir.pass_policy import why_method_refused
from irlens.workers.serve import Refused
from irlens.workers.wire import Header


def run_steps(module: llvm.ModuleRef, machine: llvm.TargetMachine, steps: Sequence[dict[str, Any]]) -> Header:
    """Run the steps on the module in place. Answers how many functions were given each attribute."""
    given: dict[str, int] = {}
    for step in steps:
        for attribute in step["attributes"]:
            given[attribute] = given.get(attribute, 0) + _mark(module, attribute)
        speed = 2 if step["level"] is None else step["level"]
        tuning = llvm.create_pipeline_tuning_options(speed_level=speed)
        # What opt 22 sets for its default pipelines: vectorise from O2 on but not at Oz, unroll always.
        tuning.loop_vectorization = tuning.slp_vectorization = (
            speed > 1 and "minsize" not in step["attributes"]
        )
        tuning.loop_interleaving = tuning.loop_unrolling = True
        builder = llvm.create_pass_builder(machine, tuning)
        if step["level"] is not None:
            manager = builder.getModulePassManager()
        else:
            manager = llvm.create_new_module_pass_manager()
            for method in step["methods"]:
                _adder(manager, method)()
        try:
            manager.run(module, builder)
        finally:
            _dispose(manager)
    return {"attributes": given}


def _dispose(manager: llvm.ModulePassManager) -> None:
    """Free the manager's passes. In llvmlite 0.50 its own `close` frees nothing: the class inherits from two that have a
    `_dispose`, and the first does nothing. That was 30 KB for each default pipeline."""
    if not manager.closed:
        ffi.lib.LLVMPY_DisposeNewModulePassManger(manager)
        manager.detach()


def _adder(manager: llvm.ModulePassManager, method: str) -> Any:
    if not (method.startswith("add_") and (method.endswith("_pass") or method == "add_verifier")):
        raise ValueError(f"{method} adds no pass")
    if why := why_method_refused(method):
        raise Refused(f"irlens does not call {method}: {why}. Take the pass out of the list.")
    return getattr(manager, method)


def _mark(module: llvm.ModuleRef, attribute: str) -> int:
    """Set a size attribute on every definition that lacks it and may have it; how many got it."""
    marked = 0
    for function in module.functions:
        if function.is_declaration:
            continue
        present = b" ".join(function.attributes).split()
        if attribute.encode() not in present and b"optnone" not in present:
            function.add_function_attribute(attribute)
            marked += 1
    return marked
