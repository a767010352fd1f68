"""The assembly that everything is compared with, as an object: assembled when first needed, and once."""

from __future__ import annotations

import threading

from irlens.cancel import CancelToken
from irlens.errors import IrlensError
from irlens.llvm.client import LLVM


class Original:
    """The object of one assembly text; of `function` alone where one is named: errors in others do not count.
    Thread-safe."""

    def __init__(self, text: str, triple: str, llvm: LLVM, function: str | None = None) -> None:
        self._wanted = (function,) if function else ()
        self._text = text
        self._triple = triple
        self._llvm = llvm
        self._made: bytes | IrlensError | None = None
        self._lock = threading.Lock()

    def object(self, cancel: CancelToken | None = None) -> bytes:
        """The ELF object. Raises what `LLVM.object_of` does, each time."""
        with self._lock:
            if self._made is None:
                try:
                    self._made = self._llvm.object_of(
                        self._text, self._triple, wanted=self._wanted, cancel=cancel
                    )
                except IrlensError as error:
                    self._made = error
        if isinstance(self._made, IrlensError):
            raise self._made
        return self._made
