"""Where irlens keeps what it keeps: downloaded models, choices and what need not be found out twice.

The folders are those of the platform (platformdirs, which heeds XDG_DATA_HOME and XDG_CACHE_HOME). IRLENS_DATA_HOME
and IRLENS_CACHE_HOME name others, for a disk with more room.
"""

from __future__ import annotations

import os
from pathlib import Path


def data_folder() -> Path:
    """What the user would miss: models, the choice among them, accepted licences. May not exist yet."""
    return _folder("IRLENS_DATA_HOME", "user_data_path")


def cache_folder() -> Path:
    """What can be made anew. May not exist yet."""
    return _folder("IRLENS_CACHE_HOME", "user_cache_path")


def models_folder() -> Path:
    """Downloaded models, one folder each."""
    return data_folder() / "models"


def _folder(variable: str, kind: str) -> Path:
    named = os.environ.get(variable)
    if named:
        return Path(named).absolute()
    import platformdirs

    path: Path = getattr(platformdirs, kind)("irlens", appauthor=False)
    return path
