"""`irlens model use`, `remove` and `path`: choose a model, delete one, say where its file is."""

from __future__ import annotations

import argparse
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from irlens.cli.main import EXIT_DONE
from irlens.cli.tools import print_json
from irlens.errors import ModelUnavailable, UnusableInput
from irlens.folders import models_folder
from irlens.model import catalogue, store
from irlens.model.catalogue import DEFAULT_QUANTISATION, EMBEDDED
from irlens.model.gguf_header import read_header
from irlens.model.named import embedded_model_path
from irlens.model.pull import size_text

if TYPE_CHECKING:
    from filelock import FileLock


def use(arguments: argparse.Namespace) -> int:
    """Choose a model for some tasks; it must be here and readable. Servers are not asked."""
    name, able, hint = _usable(arguments.name)
    tasks = arguments.tasks or able
    unable = [task for task in tasks if task not in able]
    if unable:
        raise UnusableInput(
            f"{name} was not trained to {' and '.join(unable)}; it can {', '.join(able)}. Choose an -ftd model for "
            "that, or give --for with what it can."
        )
    store.choose(name, tasks)
    if arguments.json:
        print_json({"model": name, "tasks": list(tasks)})
        return EXIT_DONE
    print(f"{name} is used for {', '.join(tasks)} from now on.")
    if hint and set(tasks) & set(hint[1]):
        print(hint[0])
    credit = _credit_of(name)
    if credit:
        print(f"{credit}.")
    return EXIT_DONE


def _usable(given: str) -> tuple[str, tuple[str, ...], tuple[str, tuple[str, ...]] | None]:
    """The name to keep, the tasks that it can be chosen for, and what is better for which tasks."""
    if given.lower() == EMBEDDED:
        return EMBEDDED, store.TASKS, None
    if store.is_address(given):
        try:
            parts = urlsplit(given)
            good = bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            good = False
        if not good:
            raise UnusableInput(f"{given!r} is not a server's address. Give it as http://HOST:PORT.")
        return given, store.TASKS, None
    if store.looks_like_a_file(given):
        path = str(Path(given).absolute())
        read_header(path)
        return path, store.TASKS, None
    found = store.pulled_as(given)
    model = catalogue.entries().get(found.name)
    if model is None:
        return found.label, store.TASKS, None
    worse = tuple(task for task in model.tasks if task not in model.best)
    better = next((one.name for one in catalogue.entries().values() if set(worse) & set(one.best)), None)
    if not worse or better is None:
        return found.label, model.tasks, None
    base = model.name.removesuffix("-ftd")
    better = base if base in catalogue.entries() else better
    hint = f"For {', '.join(worse)} {better} is the better choice: irlens model use {better} --for {','.join(worse)}"
    return found.label, model.tasks, (hint, worse)


def _credit_of(name: str) -> str | None:
    model = catalogue.entries().get(name.split(":")[0])
    return model.licence.credit if model else None


def remove(arguments: argparse.Namespace) -> int:
    """Delete a pulled model, or what was downloaded of one, and go back to the embedded one where it was chosen."""
    label = _removable(arguments.name)
    name, quantisation = label.split(":")
    folder = store.folder_of(name, quantisation)
    lock = store.lock_of(name, quantisation)
    if not _acquired(lock):
        raise UnusableInput(
            f"{label} is being pulled just now. Stop that command first, then run this one again."
        )
    try:
        freed = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        try:
            # The manifest first: what is left behind by an interruption is not listed.
            (folder / store.MANIFEST).unlink(missing_ok=True)
            shutil.rmtree(folder)
        except OSError as problem:
            raise ModelUnavailable(
                f"{folder} cannot be deleted: {problem.strerror}. Stop what uses the model, or mend the folder's "
                "permissions, and run the command again."
            ) from problem
        with suppress(OSError):  # other quantisations are in it, or another command was quicker
            folder.parent.rmdir()
    finally:
        lock.release()
    tasks = store.forget(label)
    if arguments.json:
        print_json({"removed": label, "freed": freed, "embedded_for": list(tasks)})
        return EXIT_DONE
    print(f"{label} is removed: {freed:,} bytes ({size_text(freed)}) freed.")
    if tasks:
        print(f"It was used for {', '.join(tasks)}; the embedded model is now.")
    return EXIT_DONE


def _acquired(lock: FileLock) -> bool:
    from filelock import Timeout

    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    return True


def _removable(given: str) -> str:
    """NAME:QUANTISATION of what is here, whole or in part."""
    if given.lower() == EMBEDDED:
        raise UnusableInput(
            "The embedded model is part of irlens and stays. `irlens model list` shows what was pulled."
        )
    if store.is_address(given) or store.looks_like_a_file(given):
        raise UnusableInput(
            f"{given} was not pulled by irlens, so it is not deleted. To stop using it, run: irlens model use embedded"
        )
    name, quantisation = catalogue.split_name(given)
    if quantisation is not None:
        there = [quantisation] if store.folder_of(name, quantisation).exists() else []
    else:
        there = sorted(path.name for path in (models_folder() / name).glob("*") if path.is_dir())
    if len(there) > 1:
        raise UnusableInput(
            f"{name} is here more than once. Say which: {', '.join(f'{name}:{one}' for one in there)}."
        )
    if not there:
        catalogue.entry(name)
        raise ModelUnavailable(f"{given} is not here: there is nothing to remove. See `irlens model list`.")
    return f"{name}:{there[0]}"


def path(arguments: argparse.Namespace) -> int:
    """Print where a model's file is; without a name, the folder of all that were pulled."""
    if arguments.name is None:
        where = str(models_folder())
    elif arguments.name.lower() == EMBEDDED:
        embedded = embedded_model_path()
        if embedded is None:
            raise ModelUnavailable(
                "This package was built without a model of its own. Pull one: "
                f"irlens model pull llm-compiler-7b-ftd:{DEFAULT_QUANTISATION}"
            )
        where = embedded
    else:
        where = str(store.resolve(arguments.name))
    if arguments.json:
        print_json({"path": where})
    else:
        print(where)
    return EXIT_DONE
