"""The assembly that everything is compared with, as an object: assembled when first needed, and once."""

from __future__ import annotations

import re
import threading

from irlens.cancel import Cancelled, CancelToken
from irlens.errors import IrlensError
from irlens.llvm.client import LLVM
from irlens.mechanical.client import MechanicalLifter
from irlens.prototypes.declared import Known

_DEBUG_INFORMATION = re.compile(r"^[ \t]*\.section[ \t]+\.debug_info\b", re.MULTILINE)


class Original:
    """The object of one assembly text; of `function` alone where one is named: errors in others do not count. `declared`
    are prototypes that somebody gives. Thread-safe."""

    def __init__(
        self,
        text: str,
        triple: str,
        llvm: LLVM,
        function: str | None = None,
        declared: Known | None = None,
    ) -> None:
        self._wanted = (function,) if function else ()
        self._text = text
        self._triple = triple
        self._llvm = llvm
        self._made: bytes | IrlensError | None = None
        self.declared: Known = dict(declared or {})
        """What is known of functions by prototypes: those that were given, and once it was read, what the text's debug
        information says of others."""
        self._has_read = False
        self._reading = threading.Lock()
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

    def read_debug_information(self, lifter: MechanicalLifter, cancel: CancelToken | None = None) -> None:
        """Add to `declared` what the text's debug information says, if it has any. Raises `Cancelled`."""
        with self._reading:
            if self._has_read:
                return
            if _DEBUG_INFORMATION.search(self._text) is not None:
                self.declared = {**self._found_in_it(lifter, cancel), **self.declared}
            self._has_read = True

    def _found_in_it(self, lifter: MechanicalLifter, cancel: CancelToken | None) -> Known:
        try:
            made = self._llvm.object_of(
                self._text, self._triple, wanted=self._wanted, types=True, cancel=cancel
            )
            return lifter.prototypes(made, self._triple, cancel=cancel)
        except Cancelled:
            raise
        except IrlensError:
            return {}  # it is a help, and no more
