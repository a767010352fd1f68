"""Find out in the background how small the functions of a text could be, and have the client show it.

Only a text that is left alone for a while is searched, a long one never, and none where the settings say so. The next
edit calls the search off; what was found of functions that it did not touch stays. Nothing is changed; no model is
asked. The work is a process's of its own, at low priority (`assist.tune_worker`).
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from lsprotocol import types

from irlens.errors import IrlensError
from irlens.ide import symbols
from irlens.ide.size_hints import MODULE, MOST_LINES, SizeNote, size_hints, source_of
from irlens.lsp import convert, texts
from irlens.lsp.work import GRACE_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from irlens.assist.tune_client import Turn
    from irlens.cancel import CancelToken
    from irlens.ide.diagnostics import Item
    from irlens.lsp.server import IrlensServer
    from irlens.source.snapshot import DocumentSnapshot

REST_S = 1.0
"""Seconds without a change before a module is searched."""
LONGEST_S = 10.0
"""Seconds that a text is searched for; the next save goes on where that ended."""
LONGEST_TURN_S = 30.0
"""Seconds after which one turn is called off: about a second as a rule, with a process to start on a busy machine."""


def prepare(server: IrlensServer, snapshot: DocumentSnapshot, show: Callable[[], None]) -> None:
    """Search this text, unless that is done or under way; `show` is called where there is something to show."""
    settings = server.settings
    if (
        snapshot.language != "llvm"
        or not settings.diagnostics.hints
        or not settings.tune.background
        or len(snapshot.lines) > MOST_LINES
        or server.known.is_searched(snapshot.uri)
        or ("hints", snapshot.uri) in server.latest
    ):
        return
    server.latest.start(("hints", snapshot.uri), lambda: _find(server, snapshot, show), delay_s=REST_S)


def of(server: IrlensServer, snapshot: DocumentSnapshot) -> tuple[Item, ...]:
    """The hints of this text that are known by now."""
    if not server.settings.diagnostics.hints:
        return ()
    return size_hints(snapshot, server.known.tuned.get(snapshot.uri, {}))


async def _find(server: IrlensServer, snapshot: DocumentSnapshot, show: Callable[[], None]) -> None:
    sources = await texts.kept(server, snapshot, lambda: _sources(snapshot))
    text = sources[MODULE]
    budget = server.settings.tune.background
    done: list[str] = []
    started = time.monotonic()
    shown: tuple[Item, ...] = of(server, snapshot)
    while time.monotonic() - started < LONGEST_S:
        try:
            async with asyncio.timeout(LONGEST_TURN_S):
                turn = await server.work.run(
                    "background", lambda cancel: _turn(server, text, budget, done, cancel), grace_s=GRACE_S
                )
        except TimeoutError:
            # One function can take all the time there is; another look would end the same way.
            server.known.set_searched(snapshot.uri)
            return
        if not server.documents.current(snapshot):
            return
        if turn is None or not turn.left:
            server.known.set_searched(snapshot.uri)
        if turn is None:
            return
        done.extend([*(each.name for each in turn.tuned), *turn.failed])
        server.known.note_tuned(
            snapshot.uri,
            {each.name: SizeNote(each, sources[each.name]) for each in turn.tuned if each.name in sources},
        )
        refresh_lenses(server)
        if (now := of(server, snapshot)) != shown:
            shown = now
            show()
        if not turn.left:
            return


def _sources(snapshot: DocumentSnapshot) -> dict[str, str]:
    """The text of each function that is defined, and of the module."""
    sources = {function.name: source_of(snapshot, function) for function in symbols.definitions(snapshot)}
    sources[MODULE] = snapshot.plain
    return sources


def _turn(server: IrlensServer, text: str, budget: int, done: list[str], cancel: CancelToken) -> Turn | None:
    """Worker thread."""
    try:
        return server.backends.background().turn(text, budget, done, cancel)
    except IrlensError:
        return None  # what is wrong with it is told as an error, where it is one


def refresh_lenses(server: IrlensServer) -> None:
    """Have the client ask for its lenses again, where it can be asked to."""
    if convert.capability(server.client_capabilities, "workspace.code_lens.refresh_support"):
        server.protocol.send_request(types.WORKSPACE_CODE_LENS_REFRESH, None)
