"""Which modules `irlens tune` works on, and where the smallest of each goes. Everything is refused before the search
starts: what was found must not be lost to a path that cannot be written."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

from irlens import files, output
from irlens.cancel import CancelToken
from irlens.cli.inputs import IR_SUFFIXES
from irlens.errors import UnusableInput


@dataclass(frozen=True)
class Module:
    """A file to tune, as the user named it, and where its smallest form goes: below `folder` where that is what the user
    named for it."""

    path: str
    output: str | None
    folder: str | None = None


def is_one_file(paths: list[str]) -> bool:
    """Whether the user named one file: then the answer is of that file, not a table."""
    return len(paths) == 1 and not os.path.isdir(paths[0])


def modules_of(paths: list[str], to: str | None) -> list[Module]:
    """Every .ll file of the paths, each once, in order. Raises `UnusableInput`."""
    if to == "-":
        raise UnusableInput("-o - names no file. -o OUT.ll writes the module; `--json` has its pass list.")
    if is_one_file(paths):
        if to is not None:
            refuse_unwritable(to, "-o path")
        return [Module(paths[0], to)]
    target = Path(to) if to is not None else None
    if target is not None and os.path.exists(target) and not os.path.isdir(target):
        raise UnusableInput(f"{to}: is a file; several modules need a folder. Choose another -o path.")
    found: dict[str, Module] = {}
    for path in paths:
        for file, inside in _files(path, target):
            place = str(target / inside) if target is not None else None
            found.setdefault(os.path.realpath(file), Module(str(file), place, to))
    _refuse_collisions(list(found.values()), set(found))
    return list(found.values())


def _files(path: str, target: Path | None) -> list[tuple[Path, Path]]:
    """Files below a path, each with its path inside the -o folder. What an earlier run wrote there is no input."""
    root = Path(path)
    if not os.path.isdir(root):
        return [(root, Path(root.name))]
    inside = files.inside(root, IR_SUFFIXES)
    if target is not None and os.path.realpath(target) != os.path.realpath(root):
        outside = os.path.realpath(target)
        inside = [each for each in inside if not Path(os.path.realpath(each)).is_relative_to(outside)]
    if not inside:
        raise UnusableInput(f"{path}: no .ll file in this folder. Name a file.")
    return [(each, each.relative_to(root)) for each in inside]


def _refuse_collisions(modules: list[Module], inputs: set[str]) -> None:
    taken: dict[str, str] = {}
    for module in modules:
        if module.output is None:
            continue
        if os.path.realpath(module.output) in inputs:
            raise UnusableInput(
                f"{module.output}: -o would write over a module that is read. Choose another folder."
            )
        if module.output in taken:
            raise UnusableInput(
                f"{module.output}: both {taken[module.output]} and {module.path} would be written there. "
                "Tune them one after the other, with a folder each."
            )
        taken[module.output] = module.path
        refuse_links(module)
        refuse_unwritable(module.output, "-o folder", make_folders=True)


def refuse_links(module: Module) -> None:
    """Raises `UnusableInput` where a link that the user did not name would lead the module's output elsewhere."""
    if module.output is None or module.folder is None:
        return
    link = output.link_below(module.folder, module.output)
    if link is not None:
        raise UnusableInput(
            f"{link}: it is a link, and in the -o folder irlens writes through none. Delete it, or choose another folder."
        )


def refuse_bad_outputs(arguments: argparse.Namespace, modules: list[Module]) -> None:
    """Raises `UnusableInput` where what is asked for cannot be written, or not together."""
    if arguments.sarif == "-" and arguments.json:
        raise UnusableInput("--json and --sarif both go to stdout. Give --sarif a file.")
    taken = {_identity(module.path): "a module that is read" for module in modules}
    taken |= {_identity(module.output): "an -o path too" for module in modules if module.output is not None}
    for option, path in (("--report", arguments.report), ("--sarif", arguments.sarif)):
        if path is None or path == "-":
            continue
        if path.endswith(IR_SUFFIXES) or os.path.isdir(path):
            raise UnusableInput(f"{option} {path}: that is a module or a folder. Name the file to write.")
        refuse_unwritable(path, f"{option} file")
        identity = _identity(path)
        if identity in taken and _is_kept(path):
            raise UnusableInput(f"{option} {path}: that is {taken[identity]}. Name another file to write.")
        taken[identity] = f"the file of {option} too"
    if arguments.reproducer:
        why = output.why_no_folder(arguments.reproducer)
        if why is not None:
            raise UnusableInput(f"{arguments.reproducer}: cannot be written to ({why}). Name another folder.")


def _identity(path: str) -> object:
    """The same for every name of one file."""
    try:
        status = files.status_of(path)
        return status.st_dev, status.st_ino
    except OSError:
        return os.path.realpath(path)


def _is_kept(path: str) -> bool:
    """Whether a second text would take the place of the first, as in a file, and not follow it, as in a pipe."""
    try:
        return files.kind_of(files.status_of(path).st_mode) is None
    except OSError:
        return True


def refuse_unwritable(path: str, what: str, *, make_folders: bool = False) -> None:
    """Raises `UnusableInput` where no file can be written there."""
    why = output.why_unwritable(path, make_folders=make_folders)
    if why is not None:
        raise UnusableInput(f"{path}: cannot be written ({why}). Choose another {what}.")


def write_whole(path: str, text: str, what: str = "-o path", cancel: CancelToken | None = None) -> None:
    """Write the file whole or not at all, as `irlens.output` does. Raises `UnusableInput`."""
    try:
        output.write(path, text, cancel)
    except OSError as error:
        raise UnusableInput(
            f"{path}: cannot be written ({error.strerror or error}). Choose another {what}."
        ) from error
