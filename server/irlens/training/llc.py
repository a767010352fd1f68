"""Code of another LLVM than llvmlite's, for questions such as users have: those of clang 19 come from LLVM 19.

The model is asked about what compilers in use print; made of LLVM 22's code alone, its questions are a little beside
that (other scheduling, other idioms). `llc` of the release in use lowers the answer instead.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

from irlens.asm.normal import NormalAsm, normalise
from irlens.errors import UnusableInput

LIMIT_S = 10.0


@dataclass(frozen=True)
class Llc:
    """`command` is the program, such as `llc-19`."""

    command: str

    def lower(self, ir: str, triple: str, function: str, codegen: int) -> tuple[NormalAsm, bytes] | None:
        """The function's normalised assembly and its object; None where this LLVM refuses the IR."""
        text, made = self._run(ir, triple, codegen, "asm"), self._run(ir, triple, codegen, "obj")
        if text is None or made is None:
            return None
        try:
            return normalise(text.decode("utf-8", "replace"), function, triple), made
        except UnusableInput:
            return None

    def _run(self, ir: str, triple: str, codegen: int, kind: str) -> bytes | None:
        from irlens.llvm.processor import processor_of

        command = [
            self.command, f"-O{codegen}", f"-mtriple={triple}", f"-mcpu={processor_of(triple) or 'generic'}",
            "-relocation-model=pic", f"-filetype={kind}", "-o", "-", "-",
        ]  # fmt: skip
        try:
            done = subprocess.run(
                command, input=ir.encode(), capture_output=True, check=False, timeout=LIMIT_S
            )
        except subprocess.TimeoutExpired:
            return None
        return done.stdout if done.returncode == 0 else None
