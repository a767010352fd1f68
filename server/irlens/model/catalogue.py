"""The models that irlens knows by name: which files there are, where, how large, under which licence.

The data is `catalogue.json`; sizes are as the repositories state them, in gigabytes of 10^9 bytes. A file whose name
is not recorded is looked for in its repository when it is pulled. No network, no files of the user's.
"""

from __future__ import annotations

import json
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from irlens.errors import ModelUnavailable

DEFAULT_QUANTISATION = "Q4_K_M"
EMBEDDED = "embedded"

_CTRANSFORMERS = frozenset("F32 F16 Q4_0 Q4_1 Q5_0 Q5_1 Q8_0 Q2_K Q3_K Q4_K Q5_K Q6_K".split())
"""Tensor types that ctransformers 0.2.27 loads; llama-cpp-python loads all."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}", re.IGNORECASE)
_QUANTISATION = re.compile(r"(?:IQ|TQ|Q)\d(?:_[A-Z0-9]{1,9}){0,4}|F16|F32|BF16|MXFP4", re.IGNORECASE)

_MOST_SHOWN = 200
"""Letters of a name in an error."""


@dataclass(frozen=True)
class Licence:
    """A short summary of a licence. `where` is where it is read in full; `credit` is what its terms ask a product to
    show, `notice` the line that stays with copies."""

    key: str
    title: str
    of: str
    where: str
    points: tuple[str, ...]
    notice: str
    credit: str


@dataclass(frozen=True)
class File:
    """One file of a repository. `name` None: not recorded. `gigabytes` as the repository states it."""

    quantisation: str
    repository: str
    name: str | None
    gigabytes: float


@dataclass(frozen=True)
class Entry:
    """A model of the catalogue. `tasks` it was trained for, `best` those it is the better choice for;
    `repositories` has every repackaging, `files` what is recorded of them, the preferred first."""

    name: str
    title: str
    about: str
    tasks: tuple[str, ...]
    best: tuple[str, ...]
    licence: Licence
    repositories: tuple[str, ...]
    files: tuple[File, ...]

    @property
    def quantisations(self) -> dict[str, File]:
        """The preferred file of each quantisation, smallest first."""
        found: dict[str, File] = {}
        for file in self.files:
            found.setdefault(file.quantisation, file)
        return dict(sorted(found.items(), key=lambda item: item[1].gigabytes))


@cache
def entries() -> dict[str, Entry]:
    """The catalogue, by name."""
    data = json.loads(pkgutil.get_data("irlens.model", "catalogue.json") or b"")
    licences = {
        key: Licence(key, **{**fields, "points": tuple(fields["points"])})
        for key, fields in data["licences"].items()
    }
    found = {}
    for model in data["models"]:
        files = tuple(
            File(quantisation, source["repository"], file["file"], file["gigabytes"])
            for source in model["sources"]
            for quantisation, file in source["files"].items()
        )
        repositories = tuple(source["repository"] for source in model["sources"])
        found[model["name"]] = Entry(
            model["name"],
            model["title"],
            model["about"],
            tuple(model["tasks"]),
            tuple(model["best"]),
            licences[model["licence"]],
            repositories,
            files,
        )
    return found


def entry(name: str) -> Entry:
    """The model of that name. Raises `ModelUnavailable`, naming those there are."""
    found = entries().get(name.lower())
    if found is None:
        raise ModelUnavailable(
            f"No model is called {name!r}. There are {', '.join(entries())} and {EMBEDDED}: "
            "see `irlens model list`. For a file of your own give its path."
        )
    return found


def split_name(name: str) -> tuple[str, str | None]:
    """`NAME[:QUANTISATION]` as its two parts, spelled as the catalogue spells them.

    Raises `ModelUnavailable` for what cannot be such a name.
    """
    model, colon, quantisation = name.partition(":")
    if not _NAME.fullmatch(model) or (colon and not _QUANTISATION.fullmatch(quantisation)):
        shown = name if len(name) <= _MOST_SHOWN else f"{name[:_MOST_SHOWN]}..."
        raise ModelUnavailable(
            f"{shown!r} is not a model's name. Give one as NAME or NAME:QUANTISATION, for example "
            f"llm-compiler-7b-ftd:{DEFAULT_QUANTISATION}; `irlens model list` shows them."
        )
    return model.lower(), quantisation.upper() or None


def quantisation_in(file_name: str) -> str | None:
    """The quantisation that a file's name ends in: `x-Q4_K_M.gguf`, `x.q4_k_m.gguf`; None where it names none."""
    stem = file_name.rsplit("/", 1)[-1]
    found = re.search(rf"[-._]({_QUANTISATION.pattern}|FP16)\.gguf$", stem, re.IGNORECASE)
    if found is None:
        return None
    return {"FP16": "F16"}.get(found[1].upper(), found[1].upper())


def engines_for(quantisation: str) -> tuple[str, ...]:
    """The engines that load files of that quantisation, by the types that it mixes.

    Q4_K_M and its like hold tensors of several K-quants, so the family decides; the names of IQ and newer types are
    unknown to ctransformers.
    """
    kind = re.sub(r"_(?:S|M|L|XS|XL)$", "", quantisation.upper())
    return ("ctransformers", "llama-cpp-python") if kind in _CTRANSFORMERS else ("llama-cpp-python",)


def credit_for(family: str) -> str | None:
    """What the licence asks to show where a model of that family of prompts answered; None where it asks nothing."""
    for licence in _licences():
        if licence.key == family:
            return licence.credit
    return None


def _licences() -> Iterator[Licence]:
    yield from {model.licence.key: model.licence for model in entries().values()}.values()
