"""Does a list change what a module does, by the emulator's word? For searches over many modules.

What the emulator cannot run as a machine would (a `setjmp` that returns twice) it holds against every list, -Oz
first; where it accuses -Oz of a module it is not believed on that module.
"""

from __future__ import annotations

from irlens.assist.guard import guard
from irlens.assist.tools import Tools
from irlens.cancel import CancelToken
from irlens.errors import IrlensError
from irlens.ir.passes import OZ
from irlens.llvm.compilers import Compiler


class Witness:
    """`tools` stay the caller's. `budget_s` seconds a module. Thread-safe."""

    def __init__(self, tools: Tools, budget_s: float = 4.0) -> None:
        self._tools, self._budget_s = tools, budget_s
        self._sound: dict[int, bool] = {}

    def accuses(
        self, ir: str, compiler: Compiler, passes: str, cancel: CancelToken | None = None
    ) -> dict[str, str]:
        """The `function` that differs and `why`; {} where nothing was seen."""
        found = self._differs(ir, compiler, passes, cancel)
        if not found or passes == OZ:
            return {}
        key = hash(ir)
        if key not in self._sound:
            self._sound[key] = not self._differs(ir, compiler, OZ, cancel)
        return found if self._sound[key] else {}

    def _differs(
        self, ir: str, compiler: Compiler, passes: str, cancel: CancelToken | None
    ) -> dict[str, str]:
        try:
            after = compiler.run(ir, passes, cancel=cancel)
            found = guard(ir, after, self._tools, budget_s=self._budget_s, cancel=cancel)
        except IrlensError:
            return {}
        return {"function": found.broken[0].name, "why": found.words} if found.broken else {}
