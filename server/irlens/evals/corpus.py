"""Real functions to judge by: C files of Debian packages, compiled to assembly by clang and by gcc.

    python -m irlens.evals.corpus --work WORK --set develop|final [--combinations 4]

WORK/SET/PACKAGE/FILE.COMPILER.LEVEL.ARCH.s, for clang also the `.ll` it was made from, and WORK/SET/index.jsonl:
one function a line with `package`, `asm` and `ir` (paths below WORK/SET; `ir` None for gcc), `compiler`, `level`,
`triple`, `function`, `instructions` (of the assembly). `develop` is for building the checks and the lifter,
`final` for reporting: nothing may be tuned on it, and no model is trained on it. Nothing of this is committed.
Goes on where it stopped. Needs what `debian` needs, clang-19, gcc-12 and the same gcc for AArch64.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import subprocess
from pathlib import Path

from irlens.asm.normal import normalise
from irlens.asm.outline import functions
from irlens.errors import UnusableInput
from irlens.evals.debian import compile_flags, compiled, fetch, folders_of, includes_of, stubs_of

SETS = {
    "develop": ("bzip2", "giflib", "json-c", "expat", "lz4", "xz-utils", "libtommath", "musl"),
    "final": ("zlib", "gzip", "less", "dash", "bc", "ed", "patch"),
}
LEVELS = ("-O0", "-O1", "-O2", "-Os")
TRIPLES = ("x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu")
MOST_INSTRUCTIONS = 64
_COMPILERS = {
    ("clang-19", TRIPLES[0]): ["clang-19", f"--target={TRIPLES[0]}"],
    ("clang-19", TRIPLES[1]): [
        "clang-19",
        f"--target={TRIPLES[1]}",
        "-isystem",
        "/usr/aarch64-linux-gnu/include",
    ],
    ("gcc-12", TRIPLES[0]): ["gcc-12"],
    ("gcc-12", TRIPLES[1]): ["aarch64-linux-gnu-gcc"],
}
"""Debian's libc6-dev-arm64-cross has the other target's headers where clang is told to look."""
COMBINATIONS = tuple(itertools.product(("clang-19", "gcc-12"), LEVELS, TRIPLES))


def main() -> None:
    parser = argparse.ArgumentParser(description="Compile real functions to judge by")
    parser.add_argument("--work", type=Path, default=Path("work/corpus"))
    parser.add_argument("--set", choices=SETS, default="develop")
    parser.add_argument("--combinations", type=int, default=4, help="of compiler, level and target, a file")
    options = parser.parse_args()
    build(options.work, options.set, options.combinations)


def build(work: Path, name: str, combinations: int) -> Path:
    """Compile what is not there yet and write the index anew. Returns its path."""
    packages = SETS[name]
    fetch(packages, work)
    root = work.resolve() / name
    stubs = stubs_of(work)
    index = root / "index.jsonl"
    root.mkdir(parents=True, exist_ok=True)
    with index.open("w") as file:
        for package in packages:
            count = 0
            folders = folders_of(work, package)
            includes = includes_of(folders, stubs)
            paths = sorted(path for folder in folders for path in folder.rglob("*.c"))
            random.Random(package).shuffle(paths)
            for number, path in enumerate(paths):
                for entry in _of_file(root, package, path, number, includes, stubs, combinations):
                    file.write(json.dumps(entry) + "\n")
                    count += 1
            print(f"{package}: {count} functions of {len(paths)} files", flush=True)
    return index


def _of_file(
    root: Path, package: str, path: Path, number: int, includes: list[str], stubs: Path, combinations: int
) -> list[dict]:
    """The functions of one file under some of the combinations, in turn, so that all come up equally often."""
    found = []
    for step in range(combinations):
        compiler, level, triple = COMBINATIONS[(number * combinations + step * 5) % len(COMBINATIONS)]
        stem = f"{path.stem}-{number}.{compiler}.{level[1:]}.{triple.split('-')[0]}"
        folder = root / package
        folder.mkdir(exist_ok=True)
        assembly, failed = folder / f"{stem}.s", folder / f"{stem}.failed"
        command = [*_COMPILERS[compiler, triple], level, *compile_flags(path, includes), "-S", "-o", "-"]
        if not assembly.exists() and not failed.exists():
            made = compiled(command, path, stubs)
            if made is None:
                failed.touch()
            else:
                _write(assembly, made)
        if not assembly.exists():
            continue
        ir = assembly.with_suffix(".ll") if compiler.startswith("clang") else None
        if ir is not None and not ir.exists():
            made = compiled([*command, "-emit-llvm"], path, stubs)
            if made is None:
                continue
            _write(ir, made)
        found += [
            {
                "package": package,
                "asm": str(assembly.relative_to(root)),
                "ir": str(ir.relative_to(root)) if ir else None,
                "compiler": compiler,
                "level": level,
                "triple": triple,
                "function": function,
                "instructions": instructions,
            }
            for function, instructions in short_functions(assembly.read_text("utf-8", "replace"), triple)
        ]
    return found


def _write(path: Path, content: bytes) -> None:
    """All or nothing, so that an interrupted run leaves no half file."""
    part = path.with_suffix(".part")
    part.write_bytes(content)
    os.replace(part, path)


def short_functions(text: str, triple: str) -> list[tuple[str, int]]:
    """Name and instruction count of the functions of up to `MOST_INSTRUCTIONS`."""
    found = []
    for function in functions(text):
        try:
            code = normalise(text, function.name, triple).code
        except UnusableInput:
            continue
        instructions = sum(not line.endswith(":") for line in code)
        if 0 < instructions <= MOST_INSTRUCTIONS:
            found.append((function.name, instructions))
    return found


def sample(index: Path, count: int, seed: int, **wanted: object) -> list[dict]:
    """`count` entries of the index with the `wanted` values, drawn with `seed`; all where there are fewer."""
    entries = [json.loads(line) for line in index.read_text().splitlines()]
    fitting = [entry for entry in entries if all(entry[key] == value for key, value in wanted.items())]
    random.Random(seed).shuffle(fitting)
    return fitting[:count]


if __name__ == "__main__":
    try:
        main()
    except (subprocess.CalledProcessError, FileNotFoundError) as error:
        raise SystemExit(
            f"{error}. Install Debian's dpkg-dev, clang-19 and gcc-aarch64-linux-gnu."
        ) from error
