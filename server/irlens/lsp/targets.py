"""Targets that the user named for single files, over the setting for all of them: `irlens/target`.

The notification is `{"uri", "target"}`: a triple, "ignore" for a file that shall not be looked at, or null, which takes
the answer back. The client keeps the answers and gives them again in `initializationOptions`, as `targets`.
"""

from __future__ import annotations

from collections.abc import Mapping

from irlens.lsp.documents import path_of
from irlens.settings import is_plain

METHOD = "irlens/target"
IGNORE = "ignore"
"""In place of a triple: say nothing of this file."""
_MOST = 1000
_LONGEST = 200


class Targets:
    """The answers of a session. Clients differ in what they percent-encode, so files go by their paths."""

    def __init__(self) -> None:
        self._chosen: dict[str, str] = {}

    def of(self, uri: str) -> str | None:
        return self._chosen.get(_key(uri)) if self._chosen else None

    def choose(self, uri: object, target: object) -> bool:
        """Take an answer; whether it was one. Anything may come from a client."""
        if not isinstance(uri, str) or not uri:
            return False
        if target is None:
            self._chosen.pop(_key(uri), None)
            return True
        if not isinstance(target, str) or not target or len(target) > _LONGEST or not is_plain(target):
            return False
        self._chosen.pop(_key(uri), None)
        self._chosen[_key(uri)] = target
        while len(self._chosen) > _MOST:
            del self._chosen[next(iter(self._chosen))]
        return True

    def read(self, options: object) -> None:
        """Take those of `initializationOptions`."""
        given = options.get("targets") if isinstance(options, Mapping) else None
        for uri, target in given.items() if isinstance(given, Mapping) else ():
            self.choose(uri, target)


def _key(uri: str) -> str:
    return path_of(uri) or uri
