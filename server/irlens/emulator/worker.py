"""The child process that owns unicorn: `python -P -m irlens.emulator.worker MEMORY_LIMIT_BYTES`."""

from __future__ import annotations

import sys

from irlens.confinement import policy
from irlens.workers.serve import Operations, serve


def load() -> Operations:
    import unicorn

    from irlens.emulator import ops

    for architecture, mode in (
        (unicorn.UC_ARCH_X86, unicorn.UC_MODE_64),
        (unicorn.UC_ARCH_ARM64, unicorn.UC_MODE_ARM),
    ):
        unicorn.Uc(architecture, mode)  # what it imports for each, it imports now: no file is read later
    return ops.OPERATIONS


def main() -> None:
    serve(load, int(sys.argv[1]) if len(sys.argv) > 1 else 0, policy.closed())


if __name__ == "__main__":
    main()
