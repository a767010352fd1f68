"""Which modules `irlens tune` works on, and where the smallest of each goes. Everything is refused before the search
starts: what was found must not be lost to a path that cannot be written."""

from __future__ import annotations

import argparse
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from irlens.cli.inputs import IR_SUFFIXES
from irlens.errors import UnusableInput


@dataclass(frozen=True)
class Module:
    """A file to tune, as the user named it, and where its smallest form goes."""

    path: str
    output: str | None


def is_one_file(paths: list[str]) -> bool:
    """Whether the user named one file: then the answer is of that file, not a table."""
    return len(paths) == 1 and not Path(paths[0]).is_dir()


def modules_of(paths: list[str], output: str | None) -> list[Module]:
    """Every .ll file of the paths, each once, in order. Raises `UnusableInput`."""
    if is_one_file(paths):
        if output is not None:
            refuse_unwritable(output, "-o path")
        return [Module(paths[0], output)]
    target = Path(output) if output is not None else None
    if target is not None and target.exists() and not target.is_dir():
        raise UnusableInput(f"{output}: is a file; several modules need a folder. Choose another -o path.")
    found: dict[Path, Module] = {}
    for path in paths:
        for file, inside in _files(path, target):
            to = str(target / inside) if target is not None else None
            found.setdefault(file.resolve(), Module(str(file), to))
    _refuse_collisions(list(found.values()), {str(path) for path in found})
    return list(found.values())


def _files(path: str, target: Path | None) -> list[tuple[Path, Path]]:
    """Files below a path, each with its path inside the -o folder. What an earlier run wrote there is no input."""
    root = Path(path)
    if not root.is_dir():
        return [(root, Path(root.name))]
    files = sorted(each for each in root.rglob("*") if each.suffix in IR_SUFFIXES and each.is_file())
    if target is not None and target.resolve() != root.resolve():
        files = [each for each in files if not each.resolve().is_relative_to(target.resolve())]
    if not files:
        raise UnusableInput(f"{path}: no .ll file in this folder. Name a file.")
    return [(each, each.relative_to(root)) for each in files]


def _refuse_collisions(modules: list[Module], inputs: set[str]) -> None:
    taken: dict[str, str] = {}
    for module in modules:
        if module.output is None:
            continue
        if str(Path(module.output).resolve()) in inputs:
            raise UnusableInput(
                f"{module.output}: -o would write over a module that is read. Choose another folder."
            )
        if module.output in taken:
            raise UnusableInput(
                f"{module.output}: both {taken[module.output]} and {module.path} would be written there. "
                "Tune them one after the other, with a folder each."
            )
        taken[module.output] = module.path


def refuse_bad_outputs(arguments: argparse.Namespace) -> None:
    """Raises `UnusableInput` where what is asked for cannot be written, or not together."""
    if arguments.sarif == "-" and arguments.json:
        raise UnusableInput("--json and --sarif both go to stdout. Give --sarif a file.")
    for option, path in (("--report", arguments.report), ("--sarif", arguments.sarif)):
        if path is None or path == "-":
            continue
        if path.endswith(IR_SUFFIXES) or Path(path).is_dir():
            raise UnusableInput(f"{option} {path}: that is a module or a folder. Name the file to write.")
        refuse_unwritable(path, f"{option} file")


def refuse_unwritable(path: str, what: str) -> None:
    """Raises `UnusableInput` where no file can be made there."""
    folder = Path(path).parent
    if Path(path).is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        why = "it is a folder" if Path(path).is_dir() else f"{folder} is no folder that can be written in"
        raise UnusableInput(f"{path}: cannot be written ({why}). Choose another {what}.")


def write_whole(path: str, text: str, what: str = "-o path") -> None:
    """Write the file whole or not at all: nothing that stood there is lost to a crash half way."""
    target = Path(path)
    written: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as file:
            written = Path(file.name)
            file.write(text)
        os.replace(written, target)
    except OSError as error:
        if written is not None:
            written.unlink(missing_ok=True)
        raise UnusableInput(
            f"{path}: cannot be written ({error.strerror}). Choose another {what}."
        ) from error
