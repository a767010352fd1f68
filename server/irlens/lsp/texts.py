"""Answers that come from a document's text alone: at once for a small one, on a thread for a large one.

A file of a megabyte may hold fifty thousand functions, or one line. To find them, and to write the answer down, takes
longer than anybody else's request should wait, so the loop does neither.

One document is read by one thread at a time, so a text that takes long holds up its own features alone; and one that
takes longer than `LONGEST_S` is given up: the user is told, and what is asked about it has no answer until it changes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from pygls.exceptions import JsonRpcException

from irlens.errors import UnusableInput
from irlens.lsp.documents import name_of

if TYPE_CHECKING:
    from irlens.cancel import CancelToken
    from irlens.lsp.server import IrlensServer
    from irlens.source.snapshot import DocumentSnapshot

Result = TypeVar("Result")

MOST_INLINE = 1 << 15
"""Characters of a text that the loop itself looks at."""

AT_A_TIME = 500
"""Items of a long list that are written at a time."""

LONGEST_S, LONGEST_WAIT_S = 20.0, 60.0
"""Seconds that a text may take to read, and that it may wait for its turn. One of a megabyte takes one or two."""

_LOOK_S = 0.2
"""Seconds between looks at how long a text is being read."""

_GIVEN_UP = "given up"
"""Where a snapshot's memo says that reading it took too long."""

_CONTENT_MODIFIED = -32801


@dataclass(frozen=True)
class Written:
    """A result that is JSON already, a large one."""

    json: bytes


def answer(
    server: IrlensServer, snapshot: DocumentSnapshot, find: Callable[[], Any]
) -> Any | Coroutine[Any, Any, Written]:
    """What `find` finds, or what will come of it. `find` may run on any thread, so it reads nothing but the snapshot
    and what it was given. What may be long it gives one by one. An answer from a text that is gone by then is an error,
    as LSP has it."""
    if len(snapshot.text) <= MOST_INLINE:
        result = find()
        return list(result) if isinstance(result, Iterator) else result
    return _answer(server, snapshot, find)


async def _answer(
    server: IrlensServer, snapshot: DocumentSnapshot, find: Callable[[], Any]
) -> Written | None:
    write = server.protocol.written
    try:
        result = await _read(
            server, snapshot, lambda cancel: Written(_written(find(), write, cancel).encode())
        )
    except TooSlow:
        result = None
    _check_current(server, snapshot)
    return result


def _written(result: Any, write: Callable[[Any], str], cancel: CancelToken) -> str:
    """JSON of it. Python stops all threads while it looks for what nobody needs any more, for as long as there are many
    objects; so of a long list a part is made, written and let go at a time."""
    if not isinstance(result, Iterator):
        return write(result)
    parts = []
    while part := list(islice(result, AT_A_TIME)):
        cancel.check()
        parts.append(write(part)[1:-1])
    return f"[{', '.join(parts)}]"


async def found(
    server: IrlensServer, snapshot: DocumentSnapshot, find: Callable[[], Result]
) -> Result | None:
    """The same for what is not the answer yet. None where the text takes too long to read."""
    if len(snapshot.text) <= MOST_INLINE:
        return find()
    try:
        result = await _read(server, snapshot, lambda cancel: find())
    except TooSlow:
        result = None
    _check_current(server, snapshot)
    return result


async def kept(server: IrlensServer, snapshot: DocumentSnapshot, find: Callable[[], Result]) -> Result:
    """The same for a job, which goes on from the text that it began with. Raises `TooSlow`."""
    if len(snapshot.text) <= MOST_INLINE:
        return find()
    return await _read(server, snapshot, lambda cancel: find())


class TooSlow(UnusableInput):
    """The text takes longer to read than anybody waits."""


async def _read(
    server: IrlensServer, snapshot: DocumentSnapshot, read: Callable[[CancelToken], Result]
) -> Result:
    """What `read` finds, on a thread, when it is this document's turn. Raises `TooSlow`."""
    name, memo = name_of(snapshot.uri), snapshot.memo
    too_slow = TooSlow(
        f"{name}: reading it takes more than {LONGEST_S:g} s, so irlens says nothing of this text until it changes."
    )
    if _GIVEN_UP in memo:
        raise too_slow
    asked, begun = time.monotonic(), 0.0

    def reading(cancel: CancelToken) -> Result:
        nonlocal begun
        begun = time.monotonic()
        return read(cancel)

    task = asyncio.ensure_future(server.work.run("texts", reading, turn_of=snapshot.uri))
    try:
        while not (await asyncio.wait({task}, timeout=_LOOK_S))[0]:
            now = time.monotonic()
            if begun and now - begun > LONGEST_S and _GIVEN_UP not in memo:
                memo[_GIVEN_UP] = True
                server.warn(str(too_slow))
            if _GIVEN_UP in memo:
                raise too_slow
            if not begun and now - asked > LONGEST_WAIT_S:
                raise TooSlow(f"{name}: irlens is still reading other texts. Try again later.")
        return task.result()
    finally:
        task.cancel()


async def plain(server: IrlensServer, snapshot: DocumentSnapshot) -> str:
    """The whole text with line ends as LLVM has them, for a job."""
    return await kept(server, snapshot, lambda: snapshot.plain)


def _check_current(server: IrlensServer, snapshot: DocumentSnapshot) -> None:
    if not server.documents.current(snapshot):
        raise JsonRpcException("The text has changed; ask again.", code=_CONTENT_MODIFIED)
