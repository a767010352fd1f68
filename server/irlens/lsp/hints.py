"""Find out in the background which functions -Oz makes smaller, and have the client show it.

Only a text that is left alone for a while is compiled, a long one never, and none where the setting says so. Latest
wins a document. Nothing is changed; no model is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from irlens.errors import IrlensError
from irlens.ide.size_hints import MOST_LINES, Smaller, size_hints
from irlens.lsp.work import GRACE_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from irlens.cancel import CancelToken
    from irlens.ide.diagnostics import Item
    from irlens.lsp.server import IrlensServer
    from irlens.source.snapshot import DocumentSnapshot

REST_S = 1.0
"""Seconds without a change before a module is compiled for hints."""


def prepare(server: IrlensServer, snapshot: DocumentSnapshot, show: Callable[[], None]) -> None:
    """Measure this text, unless that is known or under way; `show` is called where there is something to show."""
    if (
        snapshot.language != "llvm"
        or not server.settings.diagnostics.hints
        or len(snapshot.lines) > MOST_LINES
        or server.known.smaller(snapshot.uri) is not None
        or ("hints", snapshot.uri) in server.latest
    ):
        return
    server.latest.start(("hints", snapshot.uri), lambda: _find(server, snapshot, show), delay_s=REST_S)


def of(server: IrlensServer, snapshot: DocumentSnapshot) -> tuple[Item, ...]:
    """The hints of this text that are known by now."""
    if not server.settings.diagnostics.hints:
        return ()
    return size_hints(snapshot, server.known.smaller(snapshot.uri) or {})


async def _find(server: IrlensServer, snapshot: DocumentSnapshot, show: Callable[[], None]) -> None:
    found = await server.work.run("quick", lambda cancel: _measure(server, snapshot, cancel), grace_s=GRACE_S)
    if server.documents.current(snapshot):
        server.known.set_smaller(snapshot.uri, found)
        if found:
            show()


def _measure(server: IrlensServer, snapshot: DocumentSnapshot, cancel: CancelToken) -> dict[str, Smaller]:
    """Worker thread."""
    from irlens.lsp.jobs import OZ

    text = "\n".join(snapshot.lines)
    llvm = server.backends.llvm()
    try:
        now = llvm.outline(text, cancel=cancel).functions
        after = llvm.outline(llvm.run_passes(text, OZ, cancel=cancel).ir, cancel=cancel).functions
    except IrlensError:
        return {}  # what is wrong with it is told as an error, where it is one
    smaller = {function.name: function.bytes for function in after}
    return {
        function.name: Smaller(function.bytes, then)
        for function in now
        if function.bytes is not None
        and (then := smaller.get(function.name)) is not None
        and then < function.bytes
    }
