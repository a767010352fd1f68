"""Passes run by llvmlite with LLVM's own report of what each of them changed. In a worker that does nothing else:
the report's options are read once in a process, so each job is its worker's last."""

from __future__ import annotations

import os
import tempfile
from typing import IO, Any

import llvmlite.binding as llvm

from irlens.llvm import ops, ops_passes
from irlens.llvm.answers import DEFAULT_TRIPLE
from irlens.workers.serve import Answer, Operations

MOST_BYTES = 64 << 20
"""Of a report. LLVM prints the whole module for each change, which for a large one is more than is of use."""
_report: IO[bytes]
"""What LLVM writes it to; a job is its worker's last, so one is enough."""
_stderr: int
"""A copy of descriptor 2 from before."""


def dump_steps(block: bytes, steps: list[dict[str, Any]], options: list[str]) -> Answer:
    """Run the steps of a plan; the answer's bytes are the report and, from `module_at`, the module."""
    module = ops.checked_module(block)
    machine = ops.target_machine(module.triple or DEFAULT_TRIPLE, 2)
    for option in options:
        llvm.set_option("irlens", option)
    with _report as report:
        os.dup2(report.fileno(), 2)
        try:
            header = ops_passes.run_steps(module, machine, steps)
        finally:
            os.dup2(_stderr, 2)
        size = report.seek(0, os.SEEK_END)
        if size > MOST_BYTES:
            raise ops.Refused(
                f"LLVM's report of the passes has {size >> 20} MiB, more than irlens reads "
                f"({MOST_BYTES >> 20}). Take a smaller module, or fewer passes."
            )
        report.seek(0)
        text = report.read()
    ops.verify(module)
    return {**header, "module_at": len(text), "retire": True}, text + str(module).encode()


def operations() -> Operations:
    """What this worker does. Makes the file of the report: once jobs come, the process opens none."""
    global _report, _stderr
    _stderr = os.dup(2)
    _report = tempfile.TemporaryFile()  # noqa: SIM115
    ops.start()
    return {"dump_steps": dump_steps}
