"""What is known of a model before and after it is loaded: of a file from its header, of a server what it says of
itself.

Both kinds answer the same questions, so that `model.client` need not know which it has.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from irlens.cancel import CancelToken
from irlens.errors import ModelUnavailable
from irlens.model import store
from irlens.model.catalogue import credit_for
from irlens.model.choice import Choice, Wanted, choose
from irlens.model.engine import EngineOptions
from irlens.model.gguf_header import Header, opened
from irlens.model.headers import header_of
from irlens.model.named import Place, Task, place_of
from irlens.model.prompts import family_for
from irlens.model.prompts.family import PromptFamily
from irlens.model.types import ModelInfo

_HASHED_BYTES = 64 << 20
"""Larger files are not hashed whole, which would take longer than a user waits for; those that were pulled were hashed
then."""
_ENDS = 1 << 20


class Known(Protocol):
    """A model as it is known. Everything may raise `ModelUnavailable`. `loaded` is what the worker said when it had
    loaded the model: `engine`, `device`, `context`, and of a server also `name`."""

    needs_loading: bool
    """Nothing can be told of it before."""

    def name(self) -> str: ...

    def learn(self, cancel: CancelToken | None) -> None:
        """Have ready what everything else here tells, as far as that takes time. Raises `Cancelled` too."""
        ...

    def look_again(self) -> None:
        """Forget what is known where it has changed since. Called only while nothing is loaded."""
        ...

    def request(self) -> dict[str, Any]:
        """What the worker is asked, to load it."""
        ...

    def info(self, loaded: dict[str, Any]) -> ModelInfo: ...

    def family(self, loaded: dict[str, Any]) -> PromptFamily: ...

    def identity(self, loaded: dict[str, Any]) -> str:
        """What makes its answers its own: changes when the weights do. "" where that cannot be told."""
        ...


@dataclass
class KnownFile:
    """A GGUF file. Its header is read anew until it is good, so that a file put there later is found."""

    given: str | None
    task: Task | None
    engine: Wanted
    options: EngineOptions
    family_name: str | None = None

    needs_loading = False

    @cached_property
    def header(self) -> Header:
        return self._read(None)

    def learn(self, cancel: CancelToken | None) -> None:
        if "header" not in self.__dict__:
            self.__dict__["header"] = self._read(cancel)

    def _read(self, cancel: CancelToken | None) -> Header:
        header = header_of(self._place().at, cancel)
        self._stamp = _stamp(header.path)
        return header

    @cached_property
    def choice(self) -> Choice:
        return choose(self.header, self.engine)

    def _place(self) -> Place:
        return place_of(self.given, self.task)

    def name(self) -> str:
        return self.header.name

    def look_again(self) -> None:
        if "header" in self.__dict__ and _stamp(self.header.path) != self._stamp:
            for known in ("header", "choice", "sha256", "_fingerprint"):
                self.__dict__.pop(known, None)

    def request(self) -> dict[str, Any]:
        return {"engine": self.choice.engine, "path": self.header.path}

    def info(self, loaded: dict[str, Any]) -> ModelInfo:
        header, choice = self.header, self.choice
        family = self.family(loaded).name
        trained = header.context or 0
        wanted = self.options.context
        layers = self.options.gpu_layers
        planned = f"GPU ({layers} layers)" if layers else "CPU" if layers == 0 else "not loaded yet"
        return ModelInfo(
            name=header.name,
            path=header.path,
            family=family,
            architecture=header.architecture,
            quantisation=header.quantisation,
            parameters=header.parameters,
            context=loaded.get("context")
            or (min(wanted, trained) if wanted and trained else wanted or trained),
            engine=choice.label,
            device=loaded.get("device") or planned,
            sha256=self.sha256,
            credit=credit_for(family) or "",
            why_engine=choice.why,
            why_device=loaded.get("why_device", ""),
        )

    def family(self, loaded: dict[str, Any]) -> PromptFamily:
        metadata = dict(self.header.metadata)
        if self.family_name:
            metadata["irlens.family"] = self.family_name
        return family_for(metadata, Path(self.header.path).name)

    @cached_property
    def sha256(self) -> str:
        if self.header.size > _HASHED_BYTES:
            return store.sha256_of(Path(self.header.path))
        with opened(self.header.path) as (file, _):
            return hashlib.file_digest(file, "sha256").hexdigest()

    def identity(self, loaded: dict[str, Any]) -> str:
        """The hash of a small file; of a large one its size, time of change, beginning and end."""
        return self.sha256 or self._fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        path = Path(self.header.path)
        with opened(self.header.path) as (file, _):
            kept = hashlib.sha256(file.read(_ENDS))
            file.seek(max(0, self.header.size - _ENDS))
            kept.update(file.read(_ENDS))
        return f"{self.header.size} {path.stat().st_mtime_ns} {kept.hexdigest()}"


@dataclass
class KnownServer:
    """A model behind a server's address: what it is, the server says."""

    address: str
    family_name: str | None = None

    needs_loading = True

    def name(self) -> str:
        return self.address

    def learn(self, cancel: CancelToken | None) -> None:
        """The server is asked when it is loaded."""

    def look_again(self) -> None:
        """The server is asked at every loading."""

    def request(self) -> dict[str, Any]:
        return {"engine": "server", "path": self.address}

    def info(self, loaded: dict[str, Any]) -> ModelInfo:
        return ModelInfo(
            name=loaded["name"],
            path=self.address,
            family=self.family(loaded).name,
            architecture="",
            quantisation="",
            parameters=0,
            context=loaded["context"],
            engine=loaded["engine"],
            device=loaded["device"],
            credit=credit_for(self.family(loaded).name) or "",
            why_engine="the model is a server's address",
            why_device=loaded["why_device"],
        )

    def family(self, loaded: dict[str, Any]) -> PromptFamily:
        metadata = {"general.name": loaded["name"]}
        if self.family_name:
            metadata["irlens.family"] = self.family_name
        return family_for(metadata, loaded["name"])

    def identity(self, loaded: dict[str, Any]) -> str:
        """A server may be given other weights under the same name at any time, so its answers are not kept."""
        return ""


def _stamp(path: str) -> tuple[int, int] | None:
    """Tells whether a file is the one that was looked at; None where there is none."""
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def known_of(
    given: str | None, task: Task | None, engine: Wanted, options: EngineOptions, family: str | None
) -> Known:
    """Of a name that a user gave. Raises nothing for a file: what is wrong with it is told when it is asked for."""
    try:
        place = place_of(given, task)
    except ModelUnavailable:
        return KnownFile(given, task, engine, options, family)
    if place.kind == "file":
        return KnownFile(given, task, engine, options, family)
    if engine not in ("auto", "server"):
        raise ModelUnavailable(
            f"{place.at} is a server's address, and the engine is set to {engine}. Set the engine to auto."
        )
    return KnownServer(place.at, family)
