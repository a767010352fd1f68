"""From what a user calls a model to where it is.

A model is named by the path of a GGUF file, by a name of the catalogue that was pulled (`llm-compiler-7b-ftd`, with
`:Q4_K_M` where there are several), by `embedded`, or by the address of a server. No name means what
`irlens model use` chose for the task, else the embedded model.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from irlens.errors import ModelUnavailable
from irlens.model import store
from irlens.model.catalogue import EMBEDDED
from irlens.model.types import TASKS, Task

__all__ = ["EMBEDDED", "TASKS", "Place", "Task", "embedded_model_path", "place_of"]


@dataclass(frozen=True)
class Place:
    """Where a model is: a file's path, or a server's address."""

    kind: Literal["file", "server"]
    at: str


def place_of(name: str | None, task: Task | None = None) -> Place:
    """Where the model of that name is; nothing is opened. Raises `ModelUnavailable` for a name that nobody knows."""
    chosen = name or store.chosen(task)
    if chosen is None or chosen == EMBEDDED:
        path = embedded_model_path()
        if path is None:
            raise ModelUnavailable(
                "There is no model: this package was built without its own. Give a file with --model."
            )
        return Place("file", path)
    if store.is_address(chosen):
        return Place("server", chosen)
    if store.looks_like_a_file(chosen):
        return Place("file", chosen)
    return Place("file", str(store.resolve(chosen)))


@cache
def embedded_model_path() -> str | None:
    """The model in the package; None where the package was built without one. Looked for once: a server asks with each
    hover and each lens."""
    found = sorted((Path(__file__).resolve().parents[1] / "data").glob("*.gguf"))
    return str(found[0]) if found else None
