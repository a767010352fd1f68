"""C sources of Debian packages: fetched, unpacked, and compiled file by file without their build systems.

What `training` and the evaluations compile. Nothing of it is ever committed. A header that only `configure`
would write is replaced by an empty one, which is often enough; files that still do not compile are skipped.
Needs Debian's apt and dpkg-dev.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path

FILE_LIMIT_S = 20
_STUBS_A_FILE = 4
_HAVE = tuple(
    "CONFIG_H STDINT_H INTTYPES_H STRING_H STRINGS_H STDLIB_H UNISTD_H SYS_TYPES_H SYS_STAT_H SYS_TIME_H "
    "LIMITS_H FCNTL_H STDARG_H ERRNO_H TIME_H STRUCT_TIMEVAL SIGNAL_H MEMORY_H SYS_SOCKET_H NETINET_IN_H "
    "ARPA_INET_H NETDB_H LONGLONG STDBOOL_H STRDUP STRNCASECMP SNPRINTF VSNPRINTF".split()
)


def fetch(packages: tuple[str, ...], root: Path) -> None:
    """Download and unpack, into ROOT/src, the sources that are not there yet, with an apt configuration of
    its own in ROOT/apt."""
    root = root.resolve()
    source = root / "src"
    state = root / "apt"
    for folder in (source, state / "lists/partial", state / "cache/archives/partial"):
        folder.mkdir(parents=True, exist_ok=True)
    listed = state / "sources.list"
    listed.write_text(
        "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian bookworm main\n"
    )
    settings = [
        f"-oDir::Etc::SourceList={listed}",
        "-oDir::Etc::SourceParts=/dev/null",
        f"-oDir::State::Lists={state / 'lists'}",
        f"-oDir::Cache={state / 'cache'}",
    ]
    missing = [name for name in packages if not list(source.glob(f"{name}_*.dsc"))]
    if not missing:
        return
    subprocess.run(["apt-get", *settings, "update", "-q"], check=True, stdout=subprocess.DEVNULL)
    for name in missing:
        done = subprocess.run(
            ["apt-get", *settings, "source", "-q", name],
            cwd=source,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        print(f"{name}: {'fetched' if done.returncode == 0 else 'not to be had'}", flush=True)


def folders_of(root: Path, package: str) -> list[Path]:
    """The unpacked folders: apt calls them NAME-VERSION, with the upstream version of the .dsc."""
    source = root.resolve() / "src"
    found = []
    for dsc in source.glob(f"{package}_*.dsc"):
        version = dsc.stem.split("_", 1)[1].rsplit("-", 1)[0]
        found += [
            path
            for path in source.iterdir()
            if path.is_dir() and path.name.startswith(f"{package}-{version}")
        ]
    return found


def stubs_of(root: Path) -> Path:
    """The folder of the headers that stand in for what `configure` would write."""
    stubs = root.resolve() / "stubs"
    stubs.mkdir(parents=True, exist_ok=True)
    (stubs / "config.h").write_text("/* stands in for what configure would write */\n")
    return stubs


def includes_of(folders: list[Path], stubs: Path) -> list[str]:
    """The folders that hold headers, the fullest first, then their parents, then the stubs."""
    headers = Counter(path.parent for folder in folders for path in folder.rglob("*.h"))
    chosen = [path for path, _ in headers.most_common(60)]
    parents = sorted({path.parent for path in chosen if path not in folders} | set(folders))
    return [*map(str, dict.fromkeys([*chosen, *parents])), str(stubs)]


def compile_flags(path: Path, includes: list[str]) -> list[str]:
    """What every compilation is given."""
    folders = [f"-I{folder}" for folder in [str(path.parent), *includes]]
    return ["-w", "-fPIE", *folders, *(f"-DHAVE_{name}=1" for name in _HAVE)]


def compiled(command: list[str], path: Path, stubs: Path) -> bytes | None:
    """What `command` prints for the file; None where it does not compile in time."""
    for _ in range(_STUBS_A_FILE):
        try:
            made = subprocess.run(
                [*command, str(path)], capture_output=True, timeout=FILE_LIMIT_S, check=False
            )
        except subprocess.TimeoutExpired:
            return None
        if made.returncode == 0:
            return made.stdout
        missing = re.search(
            rb"fatal error: (?:'([\w./-]+\.h)' file not found|([\w./-]+\.h): No such)", made.stderr
        )
        name = (missing[1] or missing[2]).decode() if missing else ".."
        if ".." in name:
            return None
        stub = stubs / name
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.touch()
    return None
