"""The models there are to choose from, as every shell offers them: listing them, choosing one, deleting one.

No weights are loaded and no server is asked; of files the headers are read. What is pulled, chosen and accepted is
recorded by `store`, what can be had is in `catalogue`.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from irlens.errors import ModelUnavailable, UnusableInput
from irlens.folders import models_folder
from irlens.model import catalogue, store
from irlens.model.catalogue import EMBEDDED, Entry, File
from irlens.model.engines.served_place import read_address
from irlens.model.headers import header_of
from irlens.model.named import TASKS, Task, embedded_model_path


@dataclass(frozen=True)
class Usable:
    """A model that can be chosen: the name to keep, and the tasks it can be chosen for. `better` is (the name of a
    model of the catalogue, the tasks that it does better)."""

    name: str
    tasks: tuple[Task, ...]
    better: tuple[str, tuple[Task, ...]] | None = None


@dataclass(frozen=True)
class Removed:
    """`freed` bytes; `tasks` for which it was chosen, which the embedded model does from now on."""

    name: str
    freed: int
    tasks: tuple[str, ...]


def chosen() -> dict[Task, str]:
    """The name of the model that `irlens model use` chose for each task. Raises `ModelUnavailable`."""
    return {task: store.chosen(task) or EMBEDDED for task in TASKS}


def listing(used: Mapping[Task, str]) -> list[dict[str, Any]]:
    """Every model, one a quantisation; `used` names the one that each task uses.

    `kind` is embedded, catalogue, file or server; `state` here, partial, absent or not asked; `bytes` of what is here
    (of a partial one, what came so far), `gigabytes` as the repository states it; `used_for` the tasks that use it.
    `problem` says why a file that is used cannot be.
    """
    tasks_of: dict[str, list[str]] = {}
    for task, name in used.items():
        tasks_of.setdefault(_label(name), []).append(task)
    models = [_embedded(tasks_of.pop(EMBEDDED, []))]
    there = {one.label: one for one in store.pulled()}
    for entry in catalogue.entries().values():
        for file in entry.quantisations.values():
            label = f"{entry.name}:{file.quantisation}"
            models.append(_of_catalogue(entry, file, there.pop(label, None), tasks_of.pop(label, [])))
    # Pulled from a repository that has more than the catalogue records.
    for label, one in there.items():
        entry_of = catalogue.entries().get(one.name)
        if entry_of is not None:
            file = File(one.quantisation, one.repository, one.path.name, one.bytes / 1e9)
            models.append(_of_catalogue(entry_of, file, one, tasks_of.pop(label, [])))
    for path in sorted(models_folder().glob("*.gguf")):
        tasks_of.setdefault(str(path), [])
    models += [
        _server(name, tasks) if store.is_address(name) else _file(name, tasks)
        for name, tasks in tasks_of.items()
    ]
    return models


def usable(given: str) -> Usable:
    """What a name stands for, if it can be chosen: a file must be a GGUF, a model of the catalogue must be here; a
    server is not asked. Raises `UnusableInput` and `ModelUnavailable`."""
    if given.lower() == EMBEDDED:
        return Usable(EMBEDDED, TASKS)
    if store.is_address(given):
        read_address(given)  # what would be refused when asked is not chosen; a password in it not kept
        return Usable(given, TASKS)
    if "://" in given:
        raise UnusableInput(f"{given!r} is no address that irlens can ask. Give it as http://HOST:PORT.")
    if store.looks_like_a_file(given):
        path = str(Path(given).absolute())
        header_of(path)
        return Usable(path, TASKS)
    found = store.pulled_as(given)
    entry = catalogue.entries().get(found.name)
    if entry is None:
        return Usable(found.label, TASKS)
    able = tuple(task for task in TASKS if task in entry.tasks)
    return Usable(found.label, able, _better(entry))


def use(given: str, tasks: tuple[Task, ...]) -> tuple[Usable, tuple[Task, ...]]:
    """Choose a model for the tasks, or, where none are named, for all that it can do; for which it was, comes back.

    Raises `UnusableInput` and `ModelUnavailable`; nothing is chosen then.
    """
    model = usable(given)
    unable = [task for task in tasks if task not in model.tasks]
    if unable:
        raise UnusableInput(
            f"{model.name} was not trained to {' and '.join(unable)}; it can {', '.join(model.tasks)}. Choose an -ftd "
            "model for that, or name only what it can."
        )
    for_tasks = tasks or model.tasks
    store.choose(model.name, for_tasks)
    return model, for_tasks


def remove(given: str) -> Removed:
    """Delete a model that was pulled, or what was downloaded of one, and go back to the embedded one where it was
    chosen. Raises `UnusableInput` and `ModelUnavailable`."""
    from filelock import Timeout

    label = _removable(given)
    name, _, quantisation = label.partition(":")
    folder = store.folder_of(name, quantisation)
    lock = store.lock_of(name, quantisation)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise UnusableInput(
            f"{label} is being pulled just now. Stop that first, then remove it again."
        ) from None
    try:
        freed = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        # The manifest first: what is left behind by an interruption is not listed.
        (folder / store.MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(folder)
    except OSError as problem:
        raise ModelUnavailable(
            f"{folder} cannot be deleted: {problem.strerror or problem}. Stop what uses the model, or mend the folder's "
            "permissions, and remove it again."
        ) from problem
    finally:
        lock.release()
    with suppress(OSError):  # other quantisations are in it, or someone else was quicker
        folder.parent.rmdir()
    return Removed(label, freed, store.forget(label))


def credit_of(name: str) -> str | None:
    """What the licence of a model of the catalogue asks to show."""
    entry = catalogue.entries().get(name.split(":")[0])
    return entry.licence.credit if entry else None


def _label(name: str) -> str:
    """The name under which a model is listed."""
    if name.lower() == EMBEDDED:
        return EMBEDDED
    if store.is_address(name):
        return name
    if store.looks_like_a_file(name):
        return str(Path(name).absolute())
    try:
        return store.pulled_as(name).label
    except ModelUnavailable:
        return name


def _embedded(used_for: list[str]) -> dict[str, Any]:
    path = embedded_model_path()
    return {
        "name": EMBEDDED,
        "kind": "embedded",
        "state": "here" if path else "absent",
        "path": path,
        "bytes": Path(path).stat().st_size if path else None,
        "tasks": list(TASKS),
        "used_for": used_for,
    }


def _of_catalogue(
    entry: Entry, file: File, there: store.Pulled | None, used_for: list[str]
) -> dict[str, Any]:
    started = 0 if there else store.partial_bytes(entry.name, file.quantisation)
    return {
        "name": f"{entry.name}:{file.quantisation}",
        "kind": "catalogue",
        "state": "here" if there else "partial" if started else "absent",
        "path": str(there.path) if there else None,
        "bytes": there.bytes if there else started or None,
        "gigabytes": file.gigabytes,
        "repository": there.repository if there else file.repository,
        "engines": list(catalogue.engines_for(file.quantisation)),
        "tasks": list(entry.tasks),
        "best": list(entry.best),
        "licence": entry.licence.title,
        "used_for": used_for,
    }


def _file(path: str, used_for: list[str]) -> dict[str, Any]:
    """A file of the user's; or a name that is used and is not there."""
    found: dict[str, Any] = {
        "name": path,
        "kind": "file",
        "state": "here",
        "path": path,
        "bytes": None,
        "problem": None,
    }
    try:
        if not store.looks_like_a_file(path):
            found["path"] = str(store.resolve(path))
        header = header_of(found["path"])
        found |= {"bytes": header.size, "quantisation": header.quantisation}
    except ModelUnavailable as problem:
        found |= {"state": "absent", "problem": str(problem)}
    return {**found, "tasks": list(TASKS), "used_for": used_for}


def _server(address: str, used_for: list[str]) -> dict[str, Any]:
    return {
        "name": address,
        "kind": "server",
        "state": "not asked",
        "path": None,
        "bytes": None,
        "tasks": list(TASKS),
        "used_for": used_for,
    }


def _better(entry: Entry) -> tuple[str, tuple[Task, ...]] | None:
    """Which model of the catalogue does some of its tasks better; of several the one of its size."""
    worse = tuple(task for task in TASKS if task in entry.tasks and task not in entry.best)
    others = [one.name for one in catalogue.entries().values() if set(worse) & set(one.best)]
    base = entry.name.removesuffix("-ftd")
    return (base if base in others else others[0], worse) if others else None


def _removable(given: str) -> str:
    """NAME:QUANTISATION of what is here, whole or in part."""
    if given.lower() == EMBEDDED:
        raise UnusableInput("The embedded model is part of irlens and stays. Remove one that was downloaded.")
    if store.is_address(given) or store.looks_like_a_file(given):
        raise UnusableInput(
            f"{given} was not downloaded by irlens, so it is not deleted. To stop using it, use the embedded model."
        )
    name, quantisation = catalogue.split_name(given)
    if quantisation is not None:
        there = [quantisation]
    else:
        there = sorted(path.name for path in (models_folder() / name).glob("*"))
    # A pull that was refused leaves an empty folder.
    there = [one for one in there if any(store.folder_of(name, one).glob("*"))]
    if len(there) > 1:
        raise UnusableInput(
            f"{name} is here more than once. Say which: {', '.join(f'{name}:{one}' for one in there)}."
        )
    if not there:
        catalogue.entry(name)
        raise ModelUnavailable(f"{given} is not here: there is nothing to remove.")
    return f"{name}:{there[0]}"
