"""The child process that runs passes under LLVM's report: `python -P -m irlens.llvm.dump_worker MEMORY_LIMIT_BYTES`.

A process of its own for each job: LLVM reads the report's options once.
"""

from __future__ import annotations

import sys

from irlens.confinement import policy
from irlens.workers.serve import Operations, serve


def load() -> Operations:
    from irlens.llvm import ops_dump

    return ops_dump.operations()


def main() -> None:
    serve(load, int(sys.argv[1]) if len(sys.argv) > 1 else 0, policy.closed())


if __name__ == "__main__":
    main()
