"""Where irlens keeps what it keeps: downloaded models, choices and what need not be found out twice.

The folders are those of the platform (platformdirs, which heeds XDG_DATA_HOME and XDG_CACHE_HOME). IRLENS_DATA_HOME
and IRLENS_CACHE_HOME name others, for a disk with more room. Where there is no home to have folders in (a container's
user without one, a service), a temporary folder that nobody else may enter stands in until the process ends.
"""

from __future__ import annotations

import os
import sys
import tempfile
from functools import cache
from pathlib import Path

from irlens import output
from irlens.notices import say_once

_ADVICE = "Set HOME to a folder of yours, or name folders in IRLENS_DATA_HOME and IRLENS_CACHE_HOME."


def data_folder() -> Path:
    """What the user would miss: models, the choice among them, accepted licences. May not exist yet."""
    return _folder("IRLENS_DATA_HOME", "data")


def cache_folder() -> Path:
    """What can be made anew. May not exist yet."""
    return _folder("IRLENS_CACHE_HOME", "cache")


def models_folder() -> Path:
    """Downloaded models, one folder each."""
    return data_folder() / "models"


def why_temporary() -> str | None:
    """Why what is kept in `data_folder` or `cache_folder` is gone when the process ends, ending in what to do; None
    where it stays."""
    for variable, kind in (("IRLENS_DATA_HOME", "data"), ("IRLENS_CACHE_HOME", "cache")):
        why = _usual(variable, kind)[1]
        if why:
            return f"{why}. {_ADVICE}"
    return None


def is_data_kept() -> bool:
    """Whether what is written to `data_folder` is there for the next process."""
    return not _usual("IRLENS_DATA_HOME", "data")[1]


def _folder(variable: str, kind: str) -> Path:
    path, why = _usual(variable, kind)
    if path is not None:
        return path
    made = _temporary()
    say_once(f"{why}, so caches and choices are in a temporary folder and gone when irlens ends. {_ADVICE}")
    return made / kind


def _usual(variable: str, kind: str) -> tuple[Path | None, str]:
    """The folder, or why there is none."""
    named = os.environ.get(variable)
    if named and os.path.isabs(named):
        return Path(named), ""
    if named:
        try:
            return Path(named).absolute(), ""
        except OSError:
            return None, f"{variable} is {named}, counted from a folder that is gone"
    import platformdirs

    home = _home()
    shared = os.environ.get(f"XDG_{kind.upper()}_HOME", "")
    if not os.path.isabs(shared) and not (home and os.path.isdir(home)):
        return None, f"The home folder {home} is not there" if home else "This user has no home folder"
    try:
        path: Path = getattr(platformdirs, f"user_{kind}_path")("irlens", appauthor=False)
    except (RuntimeError, OSError, KeyError):
        path = Path()
    if not path.is_absolute():
        return None, "This user has no home folder"
    if os.path.isdir(path):  # what is in it may be of use even where nothing can be added
        return path, ""
    why = output.why_no_folder(path)
    return (path, "") if why is None else (None, f"{path} cannot be made ({why})")


def _home() -> str | None:
    """As the environment says it, else as the system knows it."""
    named = os.environ.get("HOME", "")
    if sys.platform == "win32":
        return os.path.expanduser("~")
    if os.path.isabs(named):
        return named
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return None


@cache
def _temporary() -> Path:
    """One for this process, which only this user may enter. Where there is no room even for that, a path at which
    nothing can be made: whoever needs a folder does without."""
    try:
        path = tempfile.mkdtemp(prefix="irlens-")
    except OSError:
        return Path(os.devnull) / "irlens"
    output.remove_at_end(path)
    return Path(path)
