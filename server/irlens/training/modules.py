"""Whole modules to tune: C files of Debian packages, as clang hands them to the optimiser at -Oz.

    python -m irlens.training.modules --work WORK [--set train develop final] [--kind arm] [--most 40]

WORK/modules/SET/PACKAGE[.KIND]/FILE.ll. The pass lists that come with irlens were searched for on `train`
(`irlens.training.lists`), the search was built on `develop`, `final` is for reporting: nothing may be tuned on it.
MiBench, Lua and the libraries that MiBench has copies of (libjpeg, lame, libmad, tiff) are in none of them.
Nothing of this is committed. Needs clang-19 and what `debian` needs.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from irlens.evals.debian import compile_flags, compiled, fetch
from irlens.training.headers import DEFINES, headers_of, known_stubs
from irlens.training.llvm import TRIPLES
from irlens.training.seeds import SYSTEM, sources_of

SETS = {
    "train": (
        "expat lz4 xz-utils libtommath libtomcrypt musl opus speex flac libvorbis mbedtls libsodium libwebp "
        "libevent c-ares nghttp2 libxml2 pcre2 brotli lcms2 libmicrohttpd gsl"
    ).split(),
    "develop": "bzip2 giflib json-c libpng1.6 libtheora libogg sed grep which".split(),
    "final": "zlib gzip less dash bc ed patch".split(),
}
_RAW = ("-Xclang", "-disable-llvm-passes")
_X86, _ARM = TRIPLES
KINDS: dict[str, tuple[str, ...]] = {
    "": (f"--target={_X86}", "-Oz", *_RAW),
    "arm": (f"--target={_ARM}", *SYSTEM[_ARM], "-Oz", *_RAW),
    "O2raw": (f"--target={_X86}", "-O2", *_RAW),
    "O0": (f"--target={_X86}", "-O0", "-Xclang", "-disable-O0-optnone"),
    "O1": (f"--target={_X86}", "-O1"),
    "O2": (f"--target={_X86}", "-O2"),
    "Oz": (f"--target={_X86}", "-Oz"),
}
"""How a module is compiled. The first is the input of the paper's flag tuning (llm-compiler.md 1.2); the others are
what else a user may have open: another target, functions that no -Oz marked, a module that was optimised already."""
LARGEST_BYTES = 400_000
"""A longer `.ll` is left out: these sets are for many compilations."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Compile Debian's C files to modules to tune")
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--clang", default="clang-19")
    parser.add_argument("--set", dest="sets", nargs="+", default=list(SETS), choices=list(SETS))
    parser.add_argument(
        "--kind", choices=list(KINDS), default="", help="how they are compiled (default: raw -Oz for x86-64)"
    )
    parser.add_argument(
        "--most", type=int, default=40, help="modules a package, a seeded sample (default 40)"
    )
    options = parser.parse_args()
    root = options.work.resolve() / "seeds"
    for name in options.sets:
        fetch(tuple(SETS[name]), root)
        stubs = known_stubs(root)
        for package in SETS[name]:
            folder = options.work / "modules" / name / f"{package}{options.kind and '.'}{options.kind}"
            made = make(root, package, stubs, folder, [options.clang, *KINDS[options.kind]], options.most)
            print(f"{name} {package}: {made} modules", flush=True)


def make(root: Path, package: str, stubs: Path, folder: Path, clang: list[str], most: int) -> int:
    """Compile files of the package, in a seeded order, until `most` are there; returns how many are."""
    folder.mkdir(parents=True, exist_ok=True)
    files = sources_of(root, package)
    random.Random(package).shuffle(files)
    includes = headers_of(root, package, stubs)
    for path in files:
        if len(list(folder.glob("*.ll"))) >= most:
            break
        name = "-".join(path.relative_to(root / "src").with_suffix("").parts[1:])
        target = folder / f"{name}.ll"
        if target.exists():
            continue
        command = [*clang, "-S", "-emit-llvm", "-o", "-", *DEFINES, *compile_flags(path, includes)]
        text = compiled(command, path, stubs)
        if text is not None and len(text) <= LARGEST_BYTES and b"\ndefine " in text:
            target.write_bytes(text)
    return len(list(folder.glob("*.ll")))


if __name__ == "__main__":
    main()
