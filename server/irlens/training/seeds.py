"""Seeds: short real functions from Debian's C sources, in normal form.

    fetch    `apt-get source` into WORK/seeds/src, with an apt configuration of its own
    harvest  compile every C file with clang to IR, keep the short functions: WORK/seeds/ir/PACKAGE.jsonl

Nothing of this is ever committed. Files that do not compile are skipped and counted. `HELD_OUT` packages are
for validation only. The harvest goes on where it stopped.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from irlens.evals.debian import (
    FILE_LIMIT_S,
    compile_flags,
    compiled,
    fetch,
    folders_of,
)
from irlens.ir.normal import NotNormal, encode
from irlens.training.headers import DEFINES, headers_of, known_stubs
from irlens.training.llvm import TRIPLES, Bench

PACKAGES = tuple(
    [
        "giflib",
        "json-c",
        "bzip2",
        "lz4",
        "xz-utils",
        "expat",
        "libtommath",
        "libtomcrypt",
        "libpng1.6",
        "libzstd",
        "libogg",
        "libvorbis",
        "opus",
        "speex",
        "flac",
        "libsamplerate",
        "mbedtls",
        "libsodium",
        "tiff",
        "libwebp",
        "musl",
        "sqlite3",
        "libevent",
        "c-ares",
        "nghttp2",
        "libxml2",
        "pcre2",
        "libzip",
        "brotli",
        "lcms2",
        "libmicrohttpd",
        "gsl",
        "libtheora",
    ]
)
"""Only these may be trained or validated on; other programs are kept for acceptance."""
HELD_OUT = ("giflib", "json-c", "bzip2", "libpng1.6", "libtheora")
LEVELS = ("-O0", "-O1", "-O2", "-O3", "-Os", "-Oz")
RAW = "raw"
"""What clang hands to the optimiser at -O2: the input of a pass pipeline."""
MOST_INSTRUCTIONS = 40
SYSTEM = {TRIPLES[0]: (), TRIPLES[1]: ("-isystem", "/usr/aarch64-linux-gnu/include")}
"""Where Debian's libc6-dev-arm64-cross puts the headers of the other target."""
Task = tuple[str, Path, str, str]
"""A package, one of its files, a level, a triple."""
_CHUNK = 12
_LARGEST_FILE = 400_000


def main() -> None:
    parser = argparse.ArgumentParser(description="Fetch Debian sources and cut their short functions out")
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--clang", default="clang-19")
    parser.add_argument("--minutes", type=float, default=20.0, help="stop harvesting after this time")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--no-fetch", action="store_true")
    parser.add_argument("--packages", nargs="+", default=PACKAGES, metavar="PACKAGE", help="only these")
    parser.add_argument("--chunk", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.chunk:
        _harvest_chunk(options.chunk, options.clang)
        return
    if not options.no_fetch:
        fetch(PACKAGES, options.work / "seeds")
    harvest(options.work, options.clang, options.minutes, options.jobs, tuple(options.packages))


def harvest(work: Path, clang: str, minutes: float, jobs: int, packages: tuple[str, ...] = PACKAGES) -> None:
    """Compile what has not been compiled, packages in turn, so that any prefix of the work is a mixture."""
    root = (work / "seeds").resolve()
    output = root / "ir"
    output.mkdir(parents=True, exist_ok=True)
    stubs = known_stubs(root)
    done = output / "done.txt"
    finished = set(done.read_text().split("\n")) if done.exists() else set()
    queues = []
    for package in packages:
        files = sources_of(root, package)
        random.Random(package).shuffle(files)
        tasks = [
            (package, path, level, triple)
            for index, path in enumerate(files)
            for level, triple in _compilations(index)
        ]
        tasks = [task for task in tasks if _name(task) not in finished]
        queues.append([tasks[at : at + _CHUNK] for at in range(0, len(tasks), _CHUNK)])
    chunks = []
    while any(queues):
        chunks += [queue.pop(0) for queue in queues if queue]
    end = time.monotonic() + minutes * 60
    print(f"{sum(map(len, chunks))} compilations to do", flush=True)

    def work_on(numbered: tuple[int, list[Task]]) -> None:
        number, chunk = numbered
        if time.monotonic() > end:
            return
        package = chunk[0][0]
        job = root / f"chunk-{number}.json"
        includes = headers_of(root, package, stubs)
        job.write_text(
            json.dumps(
                {
                    "package": package,
                    "includes": includes,
                    "files": [[str(path), level, triple] for _, path, level, triple in chunk],
                    "output": str(output / f"{package}.jsonl"),
                }
            )
        )
        subprocess.run(
            [sys.executable, "-m", "irlens.training.seeds", "--chunk", str(job), "--clang", clang],
            check=False,
            timeout=FILE_LIMIT_S * _CHUNK * 2,
            stderr=subprocess.DEVNULL,
        )
        job.unlink()
        with done.open("a") as file:
            file.writelines(f"{_name(task)}\n" for task in chunk)

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(work_on, enumerate(chunks)))
    counted = {path.stem: sum(1 for _ in path.open()) for path in sorted(output.glob("*.jsonl"))}
    print(f"functions by package: {counted}", flush=True)


def sources_of(root: Path, package: str) -> list[Path]:
    """The package's C files, without the copies that its patches keep."""
    return sorted(
        path
        for folder in folders_of(root, package)
        for path in folder.rglob("*.c")
        if ".pc" not in path.parts and path.stat().st_size < _LARGEST_FILE
    )


def _compilations(index: int) -> list[tuple[str, str]]:
    """(level, triple) of a package's file `index`: both targets, each level as often as another."""
    one, other, third = (LEVELS[(index + shift) % len(LEVELS)] for shift in (0, 3, 1))
    return [(one, TRIPLES[0]), (other, TRIPLES[1]), (RAW, TRIPLES[0]) if index % 2 else (third, TRIPLES[0])]


def _name(task: Task) -> str:
    return " ".join(map(str, task[1:]))


def _harvest_chunk(job_file: Path, clang: str) -> None:
    job = json.loads(job_file.read_text())
    bench = Bench()
    seen: set[str] = set()
    with open(job["output"], "a") as output:
        for path, level, triple in job["files"]:
            about = {"package": job["package"], "level": level, "triple": triple}
            for entry in _functions_of(path, level, triple, job["includes"], clang, bench):
                key = f"{level} {triple} {entry['text']}"
                if key not in seen:
                    seen.add(key)
                    output.write(json.dumps({**about, **entry}) + "\n")
            output.flush()


def _functions_of(
    path: str, level: str, triple: str, includes: list[str], clang: str, bench: Bench
) -> list[dict]:
    # Every other file without `static`, so that short helpers are there before they are inlined.
    keep = ["-Dstatic=", "-Dinline="] if hashlib.sha1(path.encode()).digest()[1] % 2 else []
    flags = ["-O2", "-Xclang", "-disable-llvm-passes"] if level == RAW else [level]
    command = [
        clang,
        *flags,
        *keep,
        *DEFINES,
        *compile_flags(Path(path), includes),
        f"--target={triple}",
        *SYSTEM[triple],
        "-S",
        "-emit-llvm",
        "-o",
        "-",
    ]
    made = compiled(command, Path(path), Path(includes[-1]))
    if made is None:
        return []
    try:
        text = str(bench.parse(made.decode("utf-8", "replace"), triple))
    except RuntimeError:
        return []
    most = MOST_INSTRUCTIONS
    found = []
    for match in re.finditer(r"^define [^\n]*?@([\w.$]+)\([^\n]*\n(.*?)^\}", text, re.MULTILINE | re.DOTALL):
        if sum(1 for line in match[2].splitlines() if line.startswith("  ")) > most + 4:
            continue
        try:
            normal = encode(text, match[1])
        except NotNormal:
            continue
        if normal.instructions <= most and sum(len(symbol.definition) for symbol in normal.symbols) < 4000:
            symbols = [[symbol.name, symbol.local, symbol.definition] for symbol in normal.symbols]
            found.append({"function": match[1], "text": normal.text, "symbols": symbols})
    return found


if __name__ == "__main__":
    main()
