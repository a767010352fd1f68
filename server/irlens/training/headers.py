"""Headers that Debian's sources want and only their own build would write; empty stand-ins do for all others.

Types of fixed sizes, musl's alltypes, headers that are included below a name of their own. Without these, six
of 33 packages gave no function at all and seven fewer than ten.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from irlens.evals.debian import folders_of, includes_of, stubs_of

DEFINES = tuple(
    "-DSTDC_HEADERS=1 -DSIZEOF_OFF_T=8 -DSIZEOF_SIZE_T=8 -DPCRE2_CODE_UNIT_WIDTH=8 -DLINK_SIZE=2 "
    "-Wno-implicit-function-declaration -Wno-int-conversion "
    "-Wno-incompatible-function-pointer-types".split()
)
_NEEDS = {"libtheora": ("libogg",), "libvorbis": ("libogg",), "speex": ("libogg",), "flac": ("libogg",)}
"""Packages whose headers another one includes."""


def _types(pattern: str, line: str = "typedef {sign}int{bits}_t {name};") -> str:
    """Declarations of the integer types of 8 to 64 bits. `pattern` has {u} (or {U}) and {bits}."""
    return "#include <stdint.h>\n" + "".join(
        line.format(sign=u, bits=bits, name=pattern.format(u=u, U=u.upper(), bits=bits)) + "\n"
        for u in ("", "u")
        for bits in (8, 16, 32, 64)
    )


_WRITTEN = {
    "ogg/config_types.h": _types("ogg_{u}int{bits}_t"),
    "speex_config_types.h": _types("spx_{u}int{bits}_t"),
    "speex/speex_config_types.h": _types("spx_{u}int{bits}_t"),
    "speexdsp_config_types.h": _types("spx_{u}int{bits}_t"),
    "zipconf.h": _types("zip_{u}int{bits}_t"),
    "tiffconf.h": _types("TIFF_{U}INT{bits}_T", "#define {name} {sign}int{bits}_t")
    + '#include <sys/types.h>\n#define TIFF_SSIZE_T ssize_t\n#define TIFF_SIZE_FORMAT "zu"\n',
}
_PREFIXED = {"gsl": "gsl"}
"""Packages whose headers, wherever they lie, are included below a folder that the build makes."""


def known_stubs(root: Path) -> Path:
    """`debian.stubs_of`, with the headers that cannot be empty."""
    stubs = stubs_of(root)
    written = dict(_WRITTEN)
    for package, prefix in _PREFIXED.items():
        for folder in folders_of(root, package):
            for header in sorted(folder.rglob("*.h")):
                written.setdefault(f"{prefix}/{header.name}", f'#include "{header}"\n')
    for folder in folders_of(root, "pcre2"):
        written["pcre2.h"] = f'#include "{folder}/src/pcre2.h.generic"\n'
    for folder in folders_of(root, "musl"):
        written |= _musl(folder)
    for name, text in written.items():
        path = stubs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
    return stubs


def _musl(folder: Path) -> dict[str, str]:
    """What musl's Makefile makes with sed."""
    types = subprocess.run(
        [
            "sed",
            "-f",
            str(folder / "tools/mkalltypes.sed"),
            str(folder / "arch/x86_64/bits/alltypes.h.in"),
            str(folder / "include/alltypes.h.in"),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    calls = (folder / "arch/x86_64/bits/syscall.h.in").read_text()
    return {
        "musl/bits/alltypes.h": types.stdout,
        "musl/bits/syscall.h": calls + re.sub(r"__NR_", "SYS_", calls),
    }


def headers_of(root: Path, package: str, stubs: Path) -> list[str]:
    """`debian.includes_of`, with the packages that this one needs. musl must not see another C library."""
    if package == "musl":
        [folder] = folders_of(root, package)
        its = ("arch/x86_64", "arch/generic", "src/internal", "src/include", "include")
        return [*(str(folder / name) for name in its), str(stubs / "musl"), str(stubs)]
    packages = (package, *_NEEDS.get(package, ()))
    return includes_of([folder for name in packages for folder in folders_of(root, name)], stubs)
