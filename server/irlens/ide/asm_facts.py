"""Sizes of an assembly file's functions, from the object that an assembler makes of it."""

from __future__ import annotations

from irlens.asm.outline import functions
from irlens.cancel import CancelToken
from irlens.ide.known import FunctionSizes
from irlens.llvm.client import LLVM


def sizes(text: str, triple: str, llvm: LLVM, cancel: CancelToken | None = None) -> FunctionSizes:
    """Bytes of each function symbol. Raises `Unrunnable` and `LLVMStopped` as `LLVM.assemble` does."""
    assembled = llvm.assemble(text, triple, cancel=cancel)
    if assembled.object is None:
        return FunctionSizes("failed", why="it does not assemble")
    by_symbol = llvm.size(assembled.object, cancel=cancel).functions
    names = [function.name for function in functions(text)]
    return FunctionSizes("known", bytes={name: by_symbol[name] for name in names if name in by_symbol})
