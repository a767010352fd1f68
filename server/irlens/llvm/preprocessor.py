"""The C preprocessor of an installed compiler, for a `.S`: found, and run confined.

It runs nothing of the text. It reads what the text includes, so it may read the compiler's own headers, the system's, and
the folders that it is given; no other file, and it writes and connects nowhere. Where the system has no walls, nothing
but the user's word stands between a text and the user's files; whoever calls this asks for that word first.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass

from irlens import escape
from irlens.cancel import CancelToken
from irlens.errors import UnusableInput
from irlens.llvm.tools import ToolTimedOut, on_path, run_tool, version_of
from irlens.objects.kinds import architecture
from irlens.source.positions import to_utf8

LIMIT_S = 10.0
"""What takes longer waits for something, as for a pipe that a text includes."""
MEMORY_BYTES = 1 << 30
MOST_BYTES = 8 << 20
"""Of what it makes. Each character of it is several bytes on its way to an editor."""
_RELEASES = range(22, 10, -1)
_ERROR = re.compile(
    r"^(?:<stdin>:(?P<line>\d+):(?:\d+:)? |(?P<where>[^\n:]{1,200}:\d+):(?:\d+:)? )?(?:fatal )?error: (?P<what>[^\n]*)",
    re.M,
)


@dataclass(frozen=True)
class Preprocessor:
    """`command` begins the run; what it is told besides is the same for all."""

    name: str
    command: tuple[str, ...]


def find(triple: str | None) -> Preprocessor:
    """One for the target, the host's own where None is known. Raises `UnusableInput` where there is none."""
    wanted = architecture(triple) if triple else None
    if wanted is not None:
        for path in on_path((f"{wanted}-linux-gnu-gcc", f"{wanted}-unknown-linux-gnu-gcc")):
            if version := version_of(path)[0]:
                return Preprocessor(f"gcc {version}", (path,))
    for path in on_path(("gcc", "cc")):
        version, said = version_of(path)
        if version and (wanted is None or _machine(path) == wanted):
            return Preprocessor(f"{'clang' if 'clang' in said else 'gcc'} {version}", (path,))
    for path in on_path(("clang", *(f"clang-{release}" for release in _RELEASES))):
        if version := version_of(path)[0]:
            return Preprocessor(f"clang {version}", (path, *((f"--target={triple}",) if triple else ())))
    what = f" for {wanted}" if wanted else ""
    raise UnusableInput(
        f"no C compiler{what} is installed that could preprocess it. Install gcc or clang, or preprocess the file where it "
        "is built."
    )


def preprocess(
    tool: Preprocessor,
    text: str,
    folder: str,
    roots: Sequence[str],
    cancel: CancelToken | None = None,
) -> str:
    """The text of a file in `folder` as the assembler would get it. Includes are looked for beside it, in `roots` and their
    `include` folders, and where the compiler looks; what lies elsewhere cannot be read.

    Raises `UnusableInput` with the first error, and `Cancelled`.
    """
    places = [folder, *roots, *(os.path.join(root, "include") for root in roots)]
    command = [*tool.command, "-E", "-P", "-x", "assembler-with-cpp", "-iquote", folder]
    command += [f"-I{place}" for place in dict.fromkeys(places) if os.path.isdir(place)]
    try:
        run = run_tool(
            [*command, "-"],
            to_utf8(text),
            limit_s=LIMIT_S,
            memory_bytes=MEMORY_BYTES,
            output_bytes=MOST_BYTES,
            words_bytes=1 << 20,
            cancel=cancel,
            compiler_reads=(folder, *roots),
        )
    except ToolTimedOut as late:
        raise UnusableInput(
            f"{tool.name} did not preprocess it within {late.seconds:g} s. Preprocess it where it is built."
        ) from late
    except OSError as error:
        raise UnusableInput(
            f"{tool.name} cannot be run ({error.strerror}). Check its installation."
        ) from error
    if len(run.stdout) >= MOST_BYTES:
        raise UnusableInput(
            f"what {tool.name} makes of it is over {MOST_BYTES >> 20} MiB. Preprocess a part of it."
        )
    if run.returncode != 0:
        raise UnusableInput(
            f"{tool.name} cannot preprocess it: {_first_error(run.stderr)}. It was told no macros and no folders but those "
            "that are open. Preprocess it where it is built, with the options -D and -I of the build."
        )
    try:
        made = run.stdout.decode("utf-8")
    except UnicodeDecodeError:
        raise UnusableInput(
            f"what {tool.name} makes of it is no UTF-8 text. Check what it includes."
        ) from None
    if "\0" in made:
        raise UnusableInput(f"what {tool.name} makes of it has NUL bytes. Check what it includes.")
    return made


def _first_error(said: str) -> str:
    found = _ERROR.search(said)
    if found is None:
        return escape.label(said.strip().split("\n")[0][:200]) or "it ended without a word"
    if found["line"]:
        return f"line {found['line']}: {escape.label(found['what'].strip())}"
    where = f"{escape.label(found['where'])}: " if found["where"] else ""
    return f"{where}{escape.label(found['what'].strip())}"


def _machine(path: str) -> str | None:
    """What the compiler makes code for, unless it is told otherwise."""
    try:
        run = run_tool([path, "-dumpmachine"], b"", limit_s=LIMIT_S)
    except (OSError, ToolTimedOut):
        return None
    return architecture(run.stdout.decode("utf-8", "replace").strip())
