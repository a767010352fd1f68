"""The LLVM of a session: one measures every number that a user sees, so that they can be compared.

Which one the setting `llvm.measureWith` says: the installed LLVM (an `opt` and its libLLVM), or llvmlite's. Where none is
installed it is llvmlite's. Slowness is never a reason for another. One module can be: IR that the installed LLVM
cannot read, a pass that it does not have. Then llvmlite's LLVM does it, under its own name, and that is said once.
"""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from typing import Any

from irlens.cancel import CancelToken
from irlens.errors import LLVMRefused, LLVMStopped
from irlens.llvm.answers import Outline, PassRun
from irlens.llvm.client import LLVM
from irlens.llvm.compilers import Compiler, Compilers
from irlens.notices import say_once
from irlens.source.positions import to_utf8

_LLVMLITE = re.compile(r"llvmlite \S{1,40} \((LLVM [\d.]{1,20})\)")
_LIBRARY = re.compile(r"(LLVM [\d.]{1,20}) \(libLLVM of [^)]{1,80}\)")
_lock = threading.Lock()
_last: list[str] = []


def short_name(by: str) -> str:
    """Who measured (`Compiler.name`, `PassRun.by`) in as few words as a lens has room for: `LLVM 19.1.7`."""
    return _LIBRARY.sub(r"\1", _LLVMLITE.sub(r"\1", by))


def announce(by: str) -> None:
    """Say it once where numbers come from another LLVM than the last ones of this process. Thread-safe."""
    name = short_name(by)
    with _lock:
        before = _last[0] if _last else name
        _last[:] = [name]
    if before != name:
        say_once(
            f"Sizes are now measured by {name}; before, by {before}. Only sizes by the same LLVM compare."
        )


class Session(LLVM):
    """`llvm`, seen by whoever shows numbers to a user: its `outline`, `run_passes` and `dump_passes` go by the LLVM of the
    session. All else is the client's own, which stays the caller's, as `compilers` do. Thread-safe."""

    def __init__(self, llvm: LLVM, compilers: Compilers) -> None:
        # No state but these two: workers, locks and what is started later belong to the client.
        object.__setattr__(self, "_client", llvm)
        object.__setattr__(self, "_compilers", compilers)

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "_client"), name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(object.__getattribute__(self, "_client"), name, value)

    def of(self, ir: str) -> Compiler:
        """Who measures this module. Raises `LLVMRefused` and `LLVMStopped` as `Compilers.of`."""
        compiler: Compiler = self._compilers.of(ir)
        announce(compiler.name)
        return compiler

    def outline(
        self,
        ir: str | bytes,
        triple: str | None = None,
        *,
        opt_level: int = 2,
        counts_only: bool = False,
        timeout_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> Outline:
        """As `LLVM.outline`, but for `sizes`, which is None: what is measured is the functions' bytes."""
        outline = super().outline(ir, triple, counts_only=True, timeout_s=timeout_s, cancel=cancel)
        if counts_only:
            return outline
        block = ir if isinstance(ir, bytes) else to_utf8(ir)
        limit_s = self.time_limit_s if timeout_s is None else timeout_s
        try:
            compiler = self.of(block.decode("utf-8", "surrogateescape"))
        except (LLVMRefused, LLVMStopped) as error:
            return replace(outline, why=str(error))
        (measured,) = compiler.measure(
            block, [""], opt_level=opt_level, functions=True, limit_s=limit_s, cancel=cancel
        )
        if measured.how != "measured":
            return replace(outline, why=f"{short_name(compiler.name)}: {measured.why}")
        functions = tuple(
            replace(facts, bytes=measured.functions.get(facts.name.removeprefix("\x01")))
            for facts in outline.functions
        )
        return replace(outline, functions=functions, by=compiler.name)

    def _run_pipeline(
        self,
        block: bytes,
        pipeline: str,
        dump: tuple[str, ...],
        opt_first: bool,
        timeout_s: float | None,
        cancel: CancelToken | None,
    ) -> PassRun:
        first = opt_first or self.of(block.decode("utf-8", "surrogateescape")).whole
        return super()._run_pipeline(block, pipeline, dump, first, timeout_s, cancel)
