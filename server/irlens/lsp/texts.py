"""Answers that come from a document's text alone: at once for a small one, on a thread for a large one.

A file of a megabyte may hold fifty thousand functions, or one line. To find them, and to write the answer down, takes
longer than anybody else's request should wait, so the loop does neither.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from pygls.exceptions import JsonRpcException

if TYPE_CHECKING:
    from irlens.cancel import CancelToken
    from irlens.lsp.server import IrlensServer
    from irlens.source.snapshot import DocumentSnapshot

Result = TypeVar("Result")

MOST_INLINE = 1 << 15
"""Characters of a text that the loop itself looks at."""

AT_A_TIME = 500
"""Items of a long list that are written at a time."""

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


async def _answer(server: IrlensServer, snapshot: DocumentSnapshot, find: Callable[[], Any]) -> Written:
    write = server.protocol.written
    result = await server.work.run("texts", lambda cancel: Written(_written(find(), write, cancel).encode()))
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


async def found(server: IrlensServer, snapshot: DocumentSnapshot, find: Callable[[], Result]) -> Result:
    """The same for what is not the answer yet."""
    if len(snapshot.text) <= MOST_INLINE:
        return find()
    result = await server.work.run("texts", lambda cancel: find())
    _check_current(server, snapshot)
    return result


async def kept(server: IrlensServer, snapshot: DocumentSnapshot, find: Callable[[], Result]) -> Result:
    """The same for a job, which goes on from the text that it began with."""
    if len(snapshot.text) <= MOST_INLINE:
        return find()
    return await server.work.run("texts", lambda cancel: find())


async def plain(server: IrlensServer, snapshot: DocumentSnapshot) -> str:
    """The whole text with line ends as LLVM has them, for a job."""
    return await kept(server, snapshot, lambda: "\n".join(snapshot.lines))


def _check_current(server: IrlensServer, snapshot: DocumentSnapshot) -> None:
    if not server.documents.current(snapshot):
        raise JsonRpcException("The text has changed; ask again.", code=_CONTENT_MODIFIED)
