"""The child process that assembles with llvmlite: `python -P -m irlens.llvm.assembler_worker MEMORY_LIMIT_BYTES`.

Apart from the other LLVM workers because it forks for each attempt (`ops_asm`), which no other may.
"""

from __future__ import annotations

import os
import sys

from irlens.confinement import policy
from irlens.workers.serve import Operations, serve


def load() -> Operations:
    from irlens.llvm import ops

    ops.start()
    return {"assemble": ops.assemble}


def main() -> None:
    forks = hasattr(os, "fork")
    serve(load, int(sys.argv[1]) if len(sys.argv) > 1 else 0, policy.closed(processes=forks))


if __name__ == "__main__":
    main()
