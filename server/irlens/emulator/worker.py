"""The child process that owns unicorn: `python -P -m irlens.emulator.worker MEMORY_LIMIT_BYTES`."""

from __future__ import annotations

import sys

from irlens.confinement import policy
from irlens.workers.serve import Operations, serve


def load() -> Operations:
    from irlens.emulator import ops

    return ops.OPERATIONS


def main() -> None:
    serve(load, int(sys.argv[1]) if len(sys.argv) > 1 else 0, policy.worker())


if __name__ == "__main__":
    main()
