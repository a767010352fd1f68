"""Target triples as LLVM's libraries want them.

LLVM's tools complete a triple before they use it (`Triple::normalize`); its libraries take it by place, so that
`x86_64-w64-mingw32`, MinGW's own name for itself, would be an ELF target there.
"""

from __future__ import annotations

_SYSTEMS = (
    "linux", "windows", "win32", "mingw32", "cygwin", "darwin", "macos", "ios", "freebsd", "netbsd", "openbsd", "fuchsia",
    "none", "solaris", "haiku", "uefi",
)  # fmt: skip
_SPELLED = {
    "mingw32": "windows-gnu",
    "mingw64": "windows-gnu",
    "cygwin": "windows-cygnus",
    "win32": "windows",
}


def normalized(triple: str) -> str:
    """The triple with a vendor, and with Windows under LLVM's name; anything else as it is."""
    parts = triple.split("-")
    names_both = parts[1:2] == ["none"] and len(parts) > 2 and parts[2].lower().startswith(_SYSTEMS)
    if len(parts) > 1 and parts[1].lower().startswith(_SYSTEMS) and not names_both:
        parts.insert(1, "unknown")
    if len(parts) > 2:
        system = _SPELLED.get(parts[2].lower(), parts[2])
        if system.lower() == "windows" and len(parts) == 3:
            system = "windows-msvc"
        parts[2] = system
    return "-".join(parts)
