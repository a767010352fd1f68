"""Readable names of C++ and Rust symbols, by a demangler that is installed (`c++filt`, `llvm-cxxfilt`)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from irlens.cancel import CancelToken
from irlens.errors import UnusableInput
from irlens.llvm.tools import ToolTimedOut, on_path, run_tool

_NAMES = ("llvm-cxxfilt", "c++filt", *(f"llvm-cxxfilt-{release}" for release in range(22, 13, -1)))
_LIMIT_S = 10.0
_MOST_SHOWN = 6
_MOST_OUTPUT = 8 << 20
"""Bytes of readable names: some 50,000 ordinary ones. A mangled name refers to its own parts, so that one of 300 letters can
have a readable form of gigabytes."""
_LONGEST = 4096
"""Characters of a readable name that anybody is shown."""


_CRATE_HASH = re.compile(r"(?<=\w)\[[0-9a-f]{1,16}\]")
_NO_SPACES = dict.fromkeys(map(ord, " \t\n\v\f\r"))


def demangle(names: Sequence[str], cancel: CancelToken | None = None) -> dict[str, str]:
    """Each mangled one of `names` with its readable form. Empty where no demangler is installed or it fails; a name
    that no demangler reads is left out. Raises `Cancelled`."""
    mangled = [name for name in names if name.startswith(("_Z", "__Z", "_R", "___Z")) and "\n" not in name]
    if not mangled:
        return {}
    given = "\n".join(mangled).encode("utf-8", "replace") + b"\n"
    for tool in on_path(_NAMES):
        try:
            ended = run_tool(
                [tool],
                given,
                limit_s=_LIMIT_S,
                memory_bytes=1 << 30,
                output_bytes=_MOST_OUTPUT,
                cancel=cancel,
            )
        except OSError:
            continue
        except ToolTimedOut:
            return {}  # another one would take as long
        if len(ended.stdout) >= _MOST_OUTPUT:
            return {}
        readable = ended.stdout.decode("utf-8", "replace").splitlines()
        if ended.returncode == 0 and len(readable) == len(mangled):
            # GNU's shows a crate's hash, LLVM's does not, and nobody types it.
            plain = [
                _CRATE_HASH.sub("", text) if name.startswith("_R") else text
                for name, text in zip(mangled, readable, strict=True)
            ]
            pairs = zip(mangled, plain, strict=True)
            return {name: text for name, text in pairs if text != name and len(text) <= _LONGEST}
    return {}


def find_name(wanted: str, names: Sequence[str], cancel: CancelToken | None = None) -> str | None:
    """The symbol among `names` that a person means by `wanted`: that very symbol, the one of that readable name, or
    the only one whose readable name begins with `wanted` and its parameters (`Vec::length` for `Vec::length() const`).
    None where there is none. Raises `UnusableInput` where several are meant, and `Cancelled`."""
    if wanted in names:
        return wanted
    readable = demangle(names, cancel)
    plain = {name: _spaced(text) for name, text in readable.items()}
    asked = _spaced(wanted)
    for means in (
        [name for name, text in plain.items() if text == asked],
        [name for name in names if _stem(plain.get(name, _spaced(name))) == asked],
    ):
        if len(means) == 1:
            return means[0]
        if means:
            shown = "; ".join(f"{name} ({readable.get(name, name)})" for name in means[:_MOST_SHOWN])
            raise UnusableInput(f"{wanted} means several functions. Choose one of: {shown}.")
    return None


def _spaced(text: str) -> str:
    """Without the spaces that demanglers and people set differently."""
    return text.translate(_NO_SPACES)


def _stem(text: str) -> str:
    """A readable name (without spaces) up to its parameters."""
    at = text.find("(", text.find("operator()") + len("operator()") if "operator()" in text else 0)
    return text[:at] if at > 0 else text
