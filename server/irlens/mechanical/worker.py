"""The child process that owns pypcode: `python -P -m irlens.mechanical.worker MEMORY_LIMIT_BYTES`."""

from __future__ import annotations

import sys

from irlens.confinement import policy
from irlens.workers.serve import Answer, Operations, Refused, serve

_KEPT_IMAGES = 4
RECURSION = 20_000
"""Nested calls of Python that a long expression may take."""


def load() -> Operations:
    from irlens.mechanical import pcode
    from irlens.mechanical.answers import Uncovered
    from irlens.mechanical.core import lift_function
    from irlens.mechanical.image import Image

    sys.setrecursionlimit(RECURSION)
    pcode.warm()
    images: dict[bytes, Image] = {}

    def lift(block: bytes, function: str, triple: str, keep_frame: bool = False) -> Answer:
        try:
            image = images.get(block)
            if image is None:
                image = Image(block)
                while len(images) >= _KEPT_IMAGES:
                    del images[next(iter(images))]
                images[block] = image
            lifted = lift_function(image, function, triple, pcode.decode, keep_frame)
        except Uncovered as uncovered:
            raise Refused(str(uncovered), what=uncovered.what) from uncovered
        return {"notes": list(lifted.notes)}, lifted.ir.encode()

    return {"lift": lift}


def main() -> None:
    serve(load, int(sys.argv[1]) if len(sys.argv) > 1 else 0, policy.worker())


if __name__ == "__main__":
    main()
