"""Small programs of our own that a pass list must not change. Pure but for the package's data.

Each `.ll` here is what clang 19.1.7 makes of the `.c` beside it. To make them again, in this folder:

    for f in *.c; do clang-19 -Oz -Xclang -disable-llvm-passes -ffp-contract=off \\
        --target=x86_64-unknown-linux-gnu -Wall -Wextra -Wno-implicit-fallthrough -S -emit-llvm $f -o ${f%.c}.ll; done
    sed -i 's/dead_on_unwind //; s/writable //' *.ll

Nothing in them is undefined or left open by C for any argument, so whatever comes out differently is an error of the
passes (without contraction, since LLVM folds `fmuladd` of constants with one rounding and compiles it with two).
The two marks that go are of parameters for results; LLVM 16 and 17 do not know them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pkgutil import get_data

NAMES = ("bits", "calls", "control", "floats", "integers", "loops", "memory", "state", "strings")


@dataclass(frozen=True)
class Program:
    """One module of the suite, as text."""

    name: str
    ir: str


@cache
def programs() -> tuple[Program, ...]:
    """All of them. Raises `FileNotFoundError` where irlens was installed without them."""
    return tuple(Program(name, _text(name)) for name in NAMES)


@cache
def edition() -> str:
    """Names this state of the suite: what was found with another says nothing of it."""
    content = "\0".join(program.ir for program in programs())
    return hashlib.blake2b(content.encode(), digest_size=8).hexdigest()


def _text(name: str) -> str:
    data = get_data(__name__, f"{name}.ll")
    if data is None:
        raise FileNotFoundError(
            f"irlens was installed without irlens/tuning/suite/{name}.ll. Install it again."
        )
    return data.decode()
