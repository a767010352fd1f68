"""The child process that owns unicorn: `python -P -m irlens.emulator.worker MEMORY_LIMIT_BYTES`."""

from __future__ import annotations

import sys

from irlens.workers.serve import Operations, serve


def load() -> Operations:
    from irlens.emulator import ops

    return ops.OPERATIONS


if __name__ == "__main__":
    serve(load, int(sys.argv[1]) if len(sys.argv) > 1 else 0)
