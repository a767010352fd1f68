"""llama.cpp's C functions, loaded once, with what they log kept from standard error."""

from __future__ import annotations

from typing import Any

from irlens.errors import ModelUnavailable

_ERROR, _CONTINUED = 4, 5
"""Levels of a log line, and of the rest of one."""
_MOST_ERRORS = 20


class Log:
    """What llama.cpp logs, kept from standard error. Only errors are kept, and of those the first says why."""

    def __init__(self, llama: Any) -> None:
        self._errors: list[str] = []
        self._level = 0
        # Kept as long as the library is used: C holds only its address.
        self._take = llama.llama_log_callback(self._taken)
        llama.llama_log_set(self._take, None)

    def _taken(self, level: int, text: bytes, _: object) -> None:
        if level == _ERROR and len(self._errors) < _MOST_ERRORS:
            self._errors.append("")
        if level != _CONTINUED:
            self._level = level
        if self._level == _ERROR and self._errors:
            self._errors[-1] += text.decode("utf-8", "replace")

    def clear(self) -> None:
        self._errors.clear()

    def why(self) -> str:
        """The first error since the last `clear`, on one line; "" where there was none."""
        return " ".join(self._errors[0].split()).rstrip(".") if self._errors else ""


_loaded: tuple[Any, Any, Log] | None = None


def library() -> tuple[Any, Any, Log]:
    """The library's C functions, numpy, and its log; loaded once."""
    global _loaded
    if _loaded is None:
        try:
            import numpy
            from llama_cpp import llama_cpp
        except ImportError as problem:
            raise ModelUnavailable(
                f"The llama-cpp-python engine is not installed ({problem}). Run: pip install 'irlens[llama]'"
            ) from problem
        except (OSError, RuntimeError) as problem:
            raise ModelUnavailable(
                f"The native library of llama-cpp-python cannot be loaded: {str(problem).splitlines()[0]}. Install it "
                "again for this machine (docs/engines.md), or set the engine to ctransformers."
            ) from problem
        log = Log(llama_cpp)
        llama_cpp.llama_backend_init()
        _loaded = llama_cpp, numpy, log
    return _loaded
