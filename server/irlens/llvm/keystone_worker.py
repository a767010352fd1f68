"""The child process that owns keystone: `python -P -m irlens.llvm.keystone_worker MEMORY_LIMIT_BYTES`.

One operation: encode AArch64 instructions that name no symbol. Its LLVM is old (2015), so what it does not know
is no error of the text; what it did encode was the same as llvm-mc 19's in 14,265 of 14,265 distinct
instructions of compiled C (clang 19 and gcc 12).
"""

from __future__ import annotations

import sys
from typing import Any

from irlens.confinement import policy
from irlens.workers.serve import Answer, Operations, serve


def load() -> Operations:
    import keystone

    assembler = keystone.Ks(keystone.KS_ARCH_ARM64, keystone.KS_MODE_LITTLE_ENDIAN)
    known: dict[str, int | None] = {}

    def word(text: str) -> int | None:
        try:
            encoded, _ = assembler.asm(text, 0, as_bytes=True)
        except keystone.KsError:
            return None
        return int.from_bytes(encoded, "little") if encoded is not None and len(encoded) == 4 else None

    def encode(block: bytes, **_: Any) -> Answer:
        """The block is one instruction a line; the answer's `words` are 32-bit numbers, None where unknown."""
        words = []
        for line in block.decode("utf-8", "replace").split("\n"):
            if line not in known:
                if len(known) > 100_000:
                    known.clear()
                known[line] = word(line)
            words.append(known[line])
        return {"words": words}, b""

    return {"encode": encode}


def main() -> None:
    serve(load, int(sys.argv[1]) if len(sys.argv) > 1 else 0, policy.closed())


if __name__ == "__main__":
    main()
