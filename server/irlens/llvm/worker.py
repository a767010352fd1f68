"""The child process that owns llvmlite: `python -P -m irlens.llvm.worker MEMORY_LIMIT_BYTES`."""

from __future__ import annotations

import sys

from irlens.confinement import policy
from irlens.workers.serve import Operations, serve


def load() -> Operations:
    from irlens.llvm import objects, ops, ops_measure

    ops.start()
    objects.warm()
    return {**ops.OPERATIONS, "measure": ops_measure.measure}


def main() -> None:
    serve(load, int(sys.argv[1]) if len(sys.argv) > 1 else 0, policy.closed())


if __name__ == "__main__":
    main()
