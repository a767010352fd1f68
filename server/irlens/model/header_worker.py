"""The child process that reads the headers of files that somebody made: `python -P -m irlens.model.header_worker BYTES`.

It is given the beginning of a file and opens nothing itself.
"""

from __future__ import annotations

import sys
from dataclasses import asdict

from irlens.confinement import policy
from irlens.workers.serve import Answer, Operations, Refused, serve


def load() -> Operations:
    from irlens.errors import ModelUnavailable
    from irlens.model.gguf_header import parse

    def head(block: bytes, path: str, size: int) -> Answer:
        """`header` None: it goes on behind the block."""
        try:
            header = parse(block, size, path)
        except ModelUnavailable as problem:
            raise Refused(str(problem)) from problem
        return {"header": asdict(header) if header is not None else None}, b""

    return {"head": head}


def main() -> None:
    serve(load, int(sys.argv[1]) if len(sys.argv) > 1 else 0, policy.closed())


if __name__ == "__main__":
    main()
