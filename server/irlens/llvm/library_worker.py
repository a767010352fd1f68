"""The child process that owns an installed libLLVM: `python -P -m irlens.llvm.library_worker LIMIT_BYTES LIBRARY`."""

from __future__ import annotations

import sys

from irlens.confinement import policy
from irlens.workers.serve import Operations, serve


def load() -> Operations:
    from irlens.llvm import objects
    from irlens.llvm.ops_library import Library

    objects.warm()
    return Library(sys.argv[2]).operations()


def main() -> None:
    serve(load, int(sys.argv[1]), policy.closed())


if __name__ == "__main__":
    main()
