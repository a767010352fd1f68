"""What was pulled, what is used for which task, which licences were accepted: plain JSON under the data folder.

A model is there when its manifest is, and the manifest is written last, after the file's SHA-256 was found right and
the file has its name. Until then it has a name that nothing loads, so that a download cut short is never listed.
Every file is replaced as a whole; writers take turns by a lock beside it.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from irlens.errors import ModelUnavailable
from irlens.files import read_json
from irlens.folders import data_folder, is_data_kept, models_folder
from irlens.model import catalogue
from irlens.model.catalogue import DEFAULT_QUANTISATION, EMBEDDED
from irlens.model.types import TASKS
from irlens.output import temporary

if TYPE_CHECKING:
    from filelock import FileLock

MANIFEST = "model.json"
PARTIAL = ".partial"
"""Ends the name of a file that is not checked yet; before it stands the SHA-256 that it must have."""
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True)
class Pulled:
    """A model that is there. `bytes` and `sha256` are of the file, as checked when it was pulled; `revision` is the
    repository's commit, `pulled` the day (ISO 8601)."""

    name: str
    quantisation: str
    path: Path
    bytes: int
    sha256: str
    repository: str
    revision: str
    pulled: str

    @property
    def label(self) -> str:
        return f"{self.name}:{self.quantisation}"


# Models


def folder_of(name: str, quantisation: str) -> Path:
    """Where a model of the catalogue lies or will lie. May not exist yet."""
    return models_folder() / name / quantisation


def pulled() -> tuple[Pulled, ...]:
    """All models that are there, by name and size."""
    found = [one for path in models_folder().glob(f"*/*/{MANIFEST}") if (one := _manifest(path)) is not None]
    return tuple(sorted(found, key=lambda one: (one.name, one.bytes, one.quantisation)))


def lock_of(name: str, quantisation: str) -> FileLock:
    """Whoever changes a model's folder holds it. It lies outside of the folder, as that may be removed. Raises
    `ModelUnavailable`."""
    from filelock import FileLock

    _refuse_where_nothing_stays()
    folder = models_folder() / ".locks"
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / f"{name}.{quantisation}.lock")


def find(name: str, quantisation: str) -> Pulled | None:
    """The model if it is there."""
    return _manifest(folder_of(name, quantisation) / MANIFEST)


def partial_bytes(name: str, quantisation: str) -> int:
    """How much of a model that is not there yet was downloaded, bytes."""
    total = 0
    for path in folder_of(name, quantisation).glob(f"*{PARTIAL}"):
        try:
            total += path.stat().st_size
        except OSError:  # the pull came to its end just now, or others may not look
            continue
    return total


def keep(model: Pulled) -> None:
    """Write the manifest, which makes the model be there. The file must be checked and in its place."""
    record = {**asdict(model), "path": model.path.name}
    write_json(folder_of(model.name, model.quantisation) / MANIFEST, record)


def resolve(name: str) -> Path:
    """The file of a pulled model, by `NAME` or `NAME:QUANTISATION`. Without a quantisation the default one is taken,
    else the only one there is.

    Raises `ModelUnavailable`, ending in the command that mends it.
    """
    return pulled_as(name).path


def pulled_as(name: str) -> Pulled:
    """As `resolve`, with what is known of the file."""
    model, quantisation = catalogue.split_name(name)
    there = [one for one in pulled() if one.name == model]
    if quantisation is None:
        if len(there) > 1:
            there = [one for one in there if one.quantisation == DEFAULT_QUANTISATION] or there
        if len(there) > 1:
            raise ModelUnavailable(
                f"{model} is here more than once. Say which: {', '.join(one.label for one in there)}."
            )
    else:
        there = [one for one in there if one.quantisation == quantisation]
    if there:
        return there[0]
    catalogue.entry(model)
    label = f"{model}:{quantisation}" if quantisation else model
    started = partial_bytes(model, quantisation or DEFAULT_QUANTISATION)
    state = "was downloaded in part only" if started else "is not downloaded"
    raise ModelUnavailable(f"{label} {state}. Run: irlens model pull {label}")


def sha256_of(path: Path) -> str:
    """Of a file that was pulled, as it was checked then; "" of any other, or where its size is another now."""
    found = _manifest(path.parent / MANIFEST)
    return found.sha256 if found is not None and found.path == path else ""


def _manifest(path: Path) -> Pulled | None:
    """What a manifest says, if its file is there with the size it had; a damaged manifest is none."""
    try:
        record = read_json(path)
        if not all(type(each) is (int if name == "bytes" else str) for name, each in record.items()):
            return None
        model = Pulled(**{**record, "path": path.parent / record["path"]})
        return model if model.path.stat().st_size == model.bytes else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


# Choices and licences


def chosen(task: str | None) -> str | None:
    """The model that `irlens model use` chose for a task: `NAME:QUANTISATION`, an absolute path or an address. None is
    the embedded one. Without a task: the one that is chosen for all. Raises `ModelUnavailable` where the record cannot
    be read."""
    choices = _read_json(_choices_path())
    if task is not None:
        return choices.get(task)
    all_of_them = {choices.get(one) for one in TASKS}
    return all_of_them.pop() if len(all_of_them) == 1 else None


def choose(name: str | None, tasks: tuple[str, ...]) -> None:
    """Use a model for these tasks from now on; None goes back to the embedded one."""
    with _changing(_choices_path()) as choices:
        for task in tasks:
            choices.pop(task, None)
            if name is not None and name != EMBEDDED:
                choices[task] = name


def forget(name: str) -> tuple[str, ...]:
    """Go back to the embedded model where `name` was chosen; the tasks for which it was."""
    tasks = tuple(task for task in TASKS if chosen(task) == name)
    if tasks:
        choose(None, tasks)
    return tasks


def accepted(licence: str) -> bool:
    return licence in _read_json(_licences_path())


def accept(licence: str) -> None:
    """Note the day on which the user accepted it."""
    with _changing(_licences_path()) as licences:
        licences[licence] = date.today().isoformat()


def is_address(name: str) -> bool:
    return _ADDRESS.match(name) is not None


def looks_like_a_file(name: str) -> bool:
    """Whether a name is meant as a path. A name of the catalogue is none, whatever lies in the working directory."""
    if os.path.dirname(name) or name.lower().endswith((".gguf", ".bin")):
        return True
    return name.partition(":")[0].lower() not in catalogue.entries() and os.path.exists(name)


def _choices_path() -> Path:
    return data_folder() / "used-models.json"


def _licences_path() -> Path:
    return data_folder() / "accepted-licences.json"


# Files


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Replace the file as a whole. Raises `ModelUnavailable`."""
    _refuse_where_nothing_stays()
    with _writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with temporary(name):
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(value, file, indent=2)
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)


def _refuse_where_nothing_stays() -> None:
    """Raises `ModelUnavailable` where what is written now would be gone with this process."""
    if not is_data_kept():
        raise ModelUnavailable(
            "There is no home folder to keep models and choices in, so nothing was changed. Set HOME to a folder of "
            "yours, or name one in IRLENS_DATA_HOME."
        )


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """What the disk refuses becomes an error that says where and what to do."""
    try:
        yield
    except OSError as problem:
        raise ModelUnavailable(
            f"{path} cannot be written: {problem.strerror or problem}. Make room or mend the folder's permissions, or name "
            "another folder in IRLENS_DATA_HOME."
        ) from problem


def _read_json(path: Path) -> dict[str, str]:
    try:
        value = read_json(path)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as problem:
        raise ModelUnavailable(
            f"{path} cannot be read: {problem.strerror or problem}. Fix its permissions, or delete it."
        ) from problem
    except ValueError:
        value = None
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise ModelUnavailable(f"{path} is damaged. Delete it and run the command again.")
    return value


@contextmanager
def _changing(path: Path) -> Iterator[dict[str, str]]:
    """What the file holds, to change; written back at the end, one writer at a time."""
    from filelock import FileLock

    _refuse_where_nothing_stays()
    lock = FileLock(f"{path}.lock")
    with _writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        value = _read_json(path)
        yield value
        write_json(path, dict(value))
    finally:
        lock.release()
