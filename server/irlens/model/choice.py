"""Which engine runs a model file, and why that one.

`auto` takes the first that is installed and can load the file: of a large one llama-cpp-python, which is maintained,
loads every quantisation and reads faster; of one as small as the embedded model ctransformers, which writes faster
there (docs/figures.md). Everything here is read from the
file's header and from what is installed; no engine is imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from irlens.errors import ModelUnavailable
from irlens.model.engines import ctransformers_files, llama_cpp_files
from irlens.model.gguf_header import Header

EngineName = Literal["ctransformers", "llama-cpp-python", "server"]
Wanted = Literal["auto", "ctransformers", "llama-cpp-python", "server"]
WANTED: tuple[Wanted, ...] = get_args(Wanted)

LARGE_BYTES = 64 << 20
_FASTEST_FIRST: dict[bool, tuple[EngineName, ...]] = {
    True: ("llama-cpp-python", "ctransformers"),
    False: ("ctransformers", "llama-cpp-python"),
}
"""Of large files, and of others."""

_FILES = {"ctransformers": ctransformers_files, "llama-cpp-python": llama_cpp_files}
_EXTRA = {"ctransformers": "ctransformers==0.2.27", "llama-cpp-python": "'irlens[llama]'"}


@dataclass(frozen=True)
class Choice:
    """An engine with its version ("ctransformers 0.2.27"), and in a few words why it and not another."""

    engine: EngineName
    label: str
    why: str


def choose(header: Header, wanted: Wanted = "auto") -> Choice:
    """The engine for the file. Raises `ModelUnavailable` where the one that is wanted, or none, can load it."""
    if wanted == "server":
        raise ModelUnavailable(
            f"{header.path} is a file, and the engine is set to server. Give a server's address (http://HOST:PORT) "
            "as the model, or set the engine to auto."
        )
    if wanted != "auto":
        reason = _why_not(wanted, header)
        if reason:
            raise ModelUnavailable(reason)
        return Choice(wanted, _label(wanted), "chosen in the settings")
    refusals: list[str] = []
    order = _FASTEST_FIRST[header.size > LARGE_BYTES]
    for engine in order:
        reason = _why_not(engine, header)
        if not reason:
            why = refusals[-1] if refusals else "the fastest for a file of this size"
            return Choice(engine, _label(engine), why)
        absent = _FILES[engine].installed() is None
        refusals.append(f"{engine} is not installed" if absent else reason)
    raise ModelUnavailable(_why_none(header))


def _why_not(engine: EngineName, header: Header) -> str | None:
    """Why the engine cannot run the file, as a sentence with what to do next."""
    if _FILES[engine].installed() is None:
        return f"The engine {engine} is not installed. Run: pip install {_EXTRA[engine]}"
    return _FILES[engine].unsupported(header)


def _why_none(header: Header) -> str:
    """Why no engine can run the file: what the installed one says, and that another might."""
    for engine in _FASTEST_FIRST[True]:
        if _FILES[engine].installed() is not None:
            said = _FILES[engine].unsupported(header) or ""
            other = next(name for name in _FILES if name != engine)
            if _FILES[other].installed() is None and _FILES[other].unsupported(header) is None:
                return f"{said} Or install {other}, which can load it: pip install {_EXTRA[other]}"
            return said
    return f"No engine is installed. Run: pip install {_EXTRA['ctransformers']}"


def _label(engine: EngineName) -> str:
    return f"{engine} {_FILES[engine].installed()}"
