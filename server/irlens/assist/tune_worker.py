"""The child process that searches unasked for: `python -P -m irlens.assist.tune_worker CACHE OPT MEMORY_MB MEASURE_WITH`.

It runs at low priority, and so do the compilers and the emulator that it starts, one of each: what the user does
comes first. The editor's server only waits for its answers, so that a hover waits for nothing. All of them are one process
group, so that what it started ends with it.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from irlens.workers.serve import Answer, Operations, Refused, serve

NICENESS = 15


def load() -> Operations:
    from irlens.assist.tools import Tools
    from irlens.assist.tune_functions import FunctionTuner, Tuned
    from irlens.emulator.client import Emulator
    from irlens.errors import IrlensError
    from irlens.llvm.client import LLVM
    from irlens.llvm.compilers import Compilers
    from irlens.mechanical.client import MechanicalLifter
    from irlens.tuning.cache import Cache
    from irlens.workers.spawn import share_group

    share_group()
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    path, opt, memory_mb, measure_with = sys.argv[1], sys.argv[2] or None, int(sys.argv[3]), sys.argv[4]
    llvm = LLVM(workers=1, memory_limit_mb=memory_mb, opt=opt, measure_with=measure_with)
    tools = Tools(llvm, Emulator(), MechanicalLifter())
    compilers = Compilers(llvm, 1, opt, measure_with)
    cache = Cache(Path(path))
    last: dict[tuple[bytes, int], FunctionTuner] = {}

    def tune(block: bytes, budget: int, skip: list[str], slice_s: float) -> Answer:
        """`tuned` has functions of the module, largest first, without those in `skip`, as many as `slice_s` seconds
        allow, at least one; when no more are left, the module itself under the name "". `failed` has the reasons of
        those that cannot be tuned alone; `left` is whether there are more."""
        started = time.monotonic()
        try:
            if (block, budget) not in last:
                ir = block.decode("utf-8", "surrogateescape")
                tuner = FunctionTuner(ir, compilers.of(ir), tools, cache, budget)
                last.clear()
                last[block, budget] = tuner
            tuner = last[block, budget]
        except IrlensError as error:
            raise Refused(str(error)) from error
        done: list[Tuned] = []
        failed: dict[str, str] = {}
        left = [name for name in (*tuner.names, "") if name not in set(skip)]
        while left and (not (done or failed) or time.monotonic() - started < slice_s):
            name = left.pop(0)
            try:
                done.append(tuner.function(name) if name else tuner.module())
            except IrlensError as error:
                failed[name] = str(error)
        return {"tuned": [each.as_json() for each in done], "failed": failed, "left": bool(left)}, b""

    return {"tune": tune}


if __name__ == "__main__":
    serve(load)
