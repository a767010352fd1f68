"""What a search makes small, and whose code generation it is measured with. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from irlens.llvm.measured import Measured

What = Literal["size", "instructions", "cycles"]
Codegen = Literal["build", "paper"]
_OPT_LEVEL = {"build": 2, "paper": 0}


@dataclass(frozen=True)
class Objective:
    """`what`: bytes of the object (text + data), IR instructions, or cycles as LLVM's models estimate them.
    `codegen`: `build` is what a build with -Oz does (-O2 code generation of functions that are marked for size);
    `paper` is `clang -c` without -O, which the paper measures with (llm-compiler.md 1.7)."""

    what: What = "size"
    codegen: Codegen = "build"

    @property
    def opt_level(self) -> int:
        return _OPT_LEVEL[self.codegen]

    @property
    def unit(self) -> str:
        return {"size": "bytes", "instructions": "instructions", "cycles": "cycles"}[self.what]

    @property
    def key(self) -> str:
        """Names it in a cache."""
        return f"{self.what} {self.codegen}"

    def value(self, measured: Measured) -> int:
        """What is to be small, of something that was measured."""
        return measured.instructions if self.what == "instructions" else measured.bytes
