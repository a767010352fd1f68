"""The session begins and ends. Nothing slow happens before `initialized`."""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import TYPE_CHECKING

from lsprotocol import types

from irlens.errors import IrlensError
from irlens.lsp import facts
from irlens.lsp.handlers import configuration, files

if TYPE_CHECKING:
    from irlens.cancel import CancelToken
    from irlens.lsp.server import IrlensServer

logger = logging.getLogger(__name__)

_PARENT_LOOK_S, _LEAVING_S = 2.0, 10.0


async def initialized(server: IrlensServer, params: types.InitializedParams) -> None:
    """The client may be asked things now: settings, watched files. LLVM's workers start warming."""
    if server.initialized:
        return  # once is enough
    server.initialized = True
    server.status.start()
    if server.watch_parent and server.process_id is not None and _alive(server.process_id):
        watching = threading.Thread(target=_watch_parent, args=(server, server.process_id), daemon=True)
        watching.start()
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


def _warm(server: IrlensServer, cancel: CancelToken) -> None:
    """Worker thread. The first look at a file should not wait for a process to start."""
    server.backends.llvm().warm()


def _watch_parent(server: IrlensServer, pid: int) -> None:
    """A thread's work. Editors that crash may leave the pipes open in another child of theirs, so their end is not enough;
    and where nobody reads the other end, the loop may be stuck in writing and cannot be told."""
    while _alive(pid):
        time.sleep(_PARENT_LOOK_S)
    logger.warning("the client's process %d has ended", pid)
    server.call_soon(lambda: server.leave(1))
    time.sleep(_LEAVING_S)
    os._exit(1)  # the children see the end of their pipes


def _alive(pid: int) -> bool:
    if os.name == "nt":
        import psutil

        return psutil.pid_exists(pid)
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):  # the second: a number that no process can have
        return False
    except OSError:
        return True  # it is there and not ours
    return True
