"""The session begins and ends. Nothing slow happens before `initialized`."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING

from lsprotocol import types

from irlens.errors import IrlensError
from irlens.lsp import facts
from irlens.lsp.handlers import configuration, files

if TYPE_CHECKING:
    from irlens.cancel import CancelToken
    from irlens.lsp.server import IrlensServer

logger = logging.getLogger(__name__)

_PARENT_LOOK_S = 2.0


async def initialized(server: IrlensServer, params: types.InitializedParams) -> None:
    """The client may be asked things now: settings, watched files. LLVM's workers start warming."""
    server.status.start()
    if server.watch_parent and server.process_id is not None and _alive(server.process_id):
        server.parent = asyncio.get_running_loop().create_task(_watch_parent(server, server.process_id))
    await configuration.register(server)
    await configuration.fetch(server)
    await files.start(server)
    facts.name_models(server)
    try:
        await server.work.run("quick", lambda cancel: _warm(server, cancel))
    except IrlensError as error:
        server.status.set("degraded", str(error))


def shutdown(server: IrlensServer, params: None) -> None:
    """Jobs are called off now; children end with the connection."""
    server.latest.close()
    server.work.cancel_all()
    if server.parent is not None:
        server.parent.cancel()


def _warm(server: IrlensServer, cancel: CancelToken) -> None:
    """Worker thread. The first look at a file should not wait for a process to start."""
    server.backends.llvm().warm()


async def _watch_parent(server: IrlensServer, pid: int) -> None:
    """Editors that crash may leave the pipe open in another child of theirs, so its end is not enough."""
    while _alive(pid):
        if await server.ends_within(_PARENT_LOOK_S):
            return
    logger.warning("the client's process %d has ended", pid)
    server.leave(1)


def _alive(pid: int) -> bool:
    if os.name == "nt":
        import psutil

        return psutil.pid_exists(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # it is there and not ours
    return True
