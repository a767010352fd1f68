"""What the session has found out, by document. Loop thread only."""

from __future__ import annotations

import asyncio

from irlens.ide.diagnostics import Item
from irlens.ide.known import FunctionSizes, LiftNote, PassEffect
from irlens.ide.size_hints import SizeNote


class Known:
    """Caches that a new text empties, and notes that outlive it."""

    def __init__(self) -> None:
        self.published: dict[str, bool] = {}
        """Files the client shows findings of: whether there are any."""
        self.lifts: dict[tuple[str, str], LiftNote] = {}
        """Last lift by (URI of the assembly, function)."""
        self.on_disk: set[str] = set()
        """Files that changed on disk by somebody else's doing: what is found in them stays when they are closed."""
        self.written: dict[str, float] = {}
        """When the client saved or closed a file: an event of the disk soon after is of that."""
        self.items: dict[str, tuple[Item, ...]] = {}
        """What was last pushed of a file, without hints."""
        self.settled: dict[str, int] = {}
        """Version of each open text that was opened, saved or last asked about for the sake of a setting."""
        self.tuned: dict[str, dict[str, SizeNote]] = {}
        """What was found of functions, by URI and name. They say themselves which text they are of."""
        self._searched: set[str] = set()
        self._sizes: dict[str, FunctionSizes] = {}
        self._effects: dict[str, dict[str, PassEffect]] = {}
        self._news: asyncio.Event | None = None

    def sizes(self, uri: str) -> FunctionSizes:
        return self._sizes.get(uri, FunctionSizes())

    def set_sizes(self, uri: str, sizes: FunctionSizes) -> None:
        self._sizes[uri] = sizes
        self._tell()

    def effect(self, uri: str, pipeline: str) -> PassEffect:
        return self._effects.get(uri, {}).get(pipeline, PassEffect())

    def set_effect(self, uri: str, pipeline: str, effect: PassEffect) -> None:
        self._effects.setdefault(uri, {})[pipeline] = effect
        self._tell()

    def is_searched(self, uri: str) -> bool:
        """Whether all functions of this text have been looked at for what makes them smaller."""
        return uri in self._searched

    def set_searched(self, uri: str) -> None:
        self._searched.add(uri)

    def note_tuned(self, uri: str, notes: dict[str, SizeNote]) -> None:
        self.tuned.setdefault(uri, {}).update(notes)

    def text_changed(self, uri: str) -> None:
        self._sizes.pop(uri, None)
        self._searched.discard(uri)
        self._effects.pop(uri, None)

    def closed(self, uri: str) -> None:
        self.text_changed(uri)
        self.items.pop(uri, None)
        self.tuned.pop(uri, None)
        self.settled.pop(uri, None)
        for key in [key for key in self.lifts if key[0] == uri]:
            del self.lifts[key]

    async def news(self, timeout_s: float) -> None:
        """Until something more is known, or the time is over."""
        if self._news is None:
            self._news = asyncio.Event()
        try:
            await asyncio.wait_for(self._news.wait(), timeout_s)
        except TimeoutError:
            pass

    def _tell(self) -> None:
        if self._news is not None:
            self._news.set()
            self._news = None
