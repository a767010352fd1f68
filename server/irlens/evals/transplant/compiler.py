"""The C compiler of a program that is rebuilt: `python -m irlens.evals.transplant.compiler OPTION...`, as `cc` is called.

It works in the folder that `IRLENS_TRANSPLANT` names. Of each C file it keeps the assembly that the real compiler makes
(`texts/KEY.s`), and makes the object of that, with the functions that `plan.json` names replaced by `lifts/KEY/N.o`. All
else is the real compiler's.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from irlens.evals.transplant.assembly import RAN, prepared

FOLDER = "IRLENS_TRANSPLANT"
FLAGS = (
    "-fno-stack-protector", "-fno-asynchronous-unwind-tables", "-fcf-protection=none", "-fno-lto",
    "-fno-ipa-ra", "-fno-ipa-stack-alignment",
)  # fmt: skip
"""A replaced function keeps to the convention and to no more; with the last two, neither does its caller expect more."""
_WITH_VALUE = frozenset(
    ("-o", "-I", "-D", "-U", "-include", "-isystem", "-iquote", "-idirafter", "-x", "-MF", "-MT", "-MQ", "-L", "-l", "-Xlinker",
     "-u", "-T", "-z", "-imacros", "-iprefix", "-arch", "--param", "-Xassembler", "-Xpreprocessor", "-e")
)  # fmt: skip
_WRITER = f"""
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
extern char __start_{RAN}[] __attribute__((weak)), __stop_{RAN}[] __attribute__((weak));
__attribute__((destructor)) static void write_down(void) {{
    const char *path = getenv("IRLENS_TRANSPLANT_RAN");
    int file = path && __start_{RAN} ? open(path, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
    if (file < 0) return;
    for (char *at = __start_{RAN}; at < __stop_{RAN}; at += strlen(at + 1) + 2)
        if (*at == 1) {{
            size_t length = strlen(at + 1);
            at[length + 1] = '\\n';
            if (write(file, at + 1, length + 1) < 0) break;
            at[length + 1] = 0;
        }}
    close(file);
}}
"""


class Failed(Exception):
    """A tool failed, and has said why."""


def main(words: Sequence[str]) -> int:
    folder = Path(os.environ[FOLDER])
    plan: dict[str, Any] = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    sources = _sources(words)
    if not sources or {"-E", "-S", "-M", "-MM", "-"} & set(words):
        return _real(plan, folder, words, links=not {"-E", "-S", "-c", "-M", "-MM"} & set(words))
    others = [word for at, word in enumerate(words) if at not in sources]
    try:
        if "-c" in words:
            if len(sources) > 1 and "-o" in words:
                return _real(plan, folder, words, links=False)
            for at in sources:
                out = _value(others, "-o") or f"{Path(words[at]).stem}.o"
                _compile(plan, folder, _without(others, "-o", "-c"), words[at], out)
            return 0
        linked = list(words)
        for at in sources:
            number = hashlib.sha256(os.path.abspath(words[at]).encode()).hexdigest()[:16]
            linked[at] = str(folder / "objects" / f"{number}.o")
            _compile(plan, folder, _without(others, "-o"), words[at], linked[at])
        return _real(plan, folder, linked, links=True)
    except Failed:
        return 1


def _compile(plan: dict[str, Any], folder: Path, options: Sequence[str], source: str, out: str) -> None:
    """One C file to an object."""
    options = _of_compiling(options)
    if {"-MD", "-MMD"} & set(options) and "-MF" not in options:
        options += ["-MF", f"{os.path.splitext(out)[0]}.d"]
    if {"-MD", "-MMD"} & set(options) and not {"-MT", "-MQ"} & set(options):
        options += ["-MT", out]
    text = _assembly(plan, folder, options, source)
    key = hashlib.sha256(text.encode()).hexdigest()[:16]
    kept = folder / "texts" / f"{key}.s"
    if not kept.exists():
        kept.write_text(text, encoding="utf-8")
        name = os.path.relpath(source, plan["place"])
        (folder / "texts" / f"{key}.name").write_text(f"{name}\n", encoding="utf-8")
    replaced: dict[str, str] = plan["replaced"].get(key, {})
    plain = folder / "plain" / f"{key}.o"
    if not replaced and not plan["marks"] and plain.exists():
        shutil.copyfile(plain, out)
        return
    ready = prepared(text, replaced, key if plan["marks"] else "")
    scratch = folder / "objects" / str(os.getpid())
    made, original, whole = (str(scratch.with_suffix(end)) for end in (".s", ".o", ".whole.o"))
    Path(made).write_text(ready.text, encoding="utf-8")
    _run([plan["compiler"], "-c", "-o", original, made])
    _run(["ld", "-r", "-o", whole, original, *(str(folder / "lifts" / path) for path in replaced.values())])
    _run(["objcopy", *(f"--localize-symbol={name}" for name in ready.local), whole, out])
    if not replaced and not plan["marks"]:
        shutil.copyfile(out, scratch)
        scratch.replace(plain)
    for path in (made, original, whole):
        os.unlink(path)


def _assembly(plan: dict[str, Any], folder: Path, options: Sequence[str], source: str) -> str:
    """What the compiler makes of a C file. It is asked once: the program is built anew of the same files many times, and
    nothing but this decides what it makes."""
    if not os.path.isfile(source):
        _run([plan["compiler"], *options, "-S", "-o", os.devnull, source])  # which says what is wrong
    with open(source, "rb") as file:
        asked = [
            plan["compiler"],
            os.getcwd(),
            source,
            *options,
            *FLAGS,
            hashlib.sha256(file.read()).hexdigest(),
        ]
    number = hashlib.sha256("\0".join(asked).encode()).hexdigest()[:16]
    made, noted = folder / "made" / f"{number}.s", folder / "made" / f"{number}.d"
    depends = _value(options, "-MF")
    if not made.exists():
        fresh = folder / "objects" / f"{os.getpid()}.s"
        _run([plan["compiler"], *options, *FLAGS, "-S", "-o", str(fresh), source])
        if depends:
            shutil.copyfile(depends, noted)
        fresh.replace(made)
    elif depends:
        shutil.copyfile(noted, depends)
    return made.read_text(encoding="utf-8")


def _real(plan: dict[str, Any], folder: Path, words: Sequence[str], *, links: bool) -> int:
    command = [plan["compiler"], *words, *FLAGS]
    if links and "-shared" not in words:
        command += ["-no-pie"]
        if plan["marks"] and any(word.endswith((".o", ".a")) for word in words):
            writer = folder / "objects" / "writer.c"
            if not writer.exists():
                writer.write_text(_WRITER, encoding="utf-8")
            command += ["-x", "c", str(writer), "-x", "none"]
    return subprocess.run(command, check=False).returncode


def _run(command: Sequence[str]) -> None:
    if subprocess.run(command, check=False).returncode:
        raise Failed


def _sources(words: Sequence[str]) -> list[int]:
    """The places of C files."""
    return [
        at
        for at, word in enumerate(words)
        if word.endswith(".c") and not word.startswith("-") and (at == 0 or words[at - 1] not in _WITH_VALUE)
    ]


def _of_compiling(words: Sequence[str]) -> list[str]:
    """Without what only a linker reads."""
    return [
        word
        for at, word in enumerate(words)
        if (at and words[at - 1] in _WITH_VALUE)
        or not (word.startswith(("-l", "-L", "-Wl,")) or word.endswith((".o", ".a")))
    ]


def _value(words: Sequence[str], option: str) -> str | None:
    return next((words[at + 1] for at, word in enumerate(words[:-1]) if word == option), None)


def _without(words: Sequence[str], *options: str) -> list[str]:
    kept, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in options:
            skip = word in _WITH_VALUE
        else:
            kept.append(word)
    return kept


def _end() -> NoReturn:
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    _end()
