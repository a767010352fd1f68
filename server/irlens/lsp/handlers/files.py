"""Files that change on disk: told by the client where it watches files, else seen by `watchdog`.

Only files that are not open count, since for those the editor's text is the truth. A new or changed `.ll` or
`.s` is looked at and its findings are pushed; a deleted one has none any more.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.uris import from_fs_path

from irlens.files import is_below, read_regular
from irlens.lsp import convert, diagnosis
from irlens.lsp.disk import DiskChanges
from irlens.lsp.documents import ASM_SUFFIXES, IR_SUFFIXES, language_of, path_of
from irlens.lsp.handlers import actions, configuration
from irlens.lsp.watch import FolderWatch
from irlens.source.snapshot import DocumentSnapshot

if TYPE_CHECKING:
    from irlens.lsp.server import IrlensServer

logger = logging.getLogger(__name__)

_SUFFIXES = IR_SUFFIXES + ASM_SUFFIXES
_OWN_S = 3.0
"""Seconds after a save or a close in which the disk's events of the file are of that."""
_LARGEST_BYTES = 16 << 20
"""Larger files are looked at only when somebody opens them."""


async def start(server: IrlensServer) -> None:
    """Have changes told, in the way this client allows."""
    server.backends.open_folders(folders(server))
    if not server.settings.diagnostics.watch:
        return
    if convert.capability(
        server.client_capabilities, "workspace.did_change_watched_files.dynamic_registration"
    ):
        watchers = [types.FileSystemWatcher(glob_pattern="**/*.{ll,s,S,asm}")]
        registration = types.Registration(
            id="irlens-files",
            method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
            register_options=types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers),
        )
        params = types.RegistrationParams([registration])
        await configuration.ask(server, types.CLIENT_REGISTER_CAPABILITY, params)
        return
    loop = asyncio.get_running_loop()
    watch = FolderWatch(
        _SUFFIXES,
        lambda path: loop.call_soon_threadsafe(changed, server, from_fs_path(path) or path),
    )
    server.folder_watch = watch
    server.closing.append(watch.stop)
    watch.set_folders(folders(server))


def folders(server: IrlensServer) -> tuple[str, ...]:
    """The workspace's folders as paths."""
    workspace = server.protocol.workspace
    uris = list(workspace.folders) or ([workspace.root_uri] if workspace.root_uri else [])
    return tuple(path for uri in uris if (path := path_of(uri)) is not None)


def did_change_watched(server: IrlensServer, params: types.DidChangeWatchedFilesParams) -> None:
    changed(server, *(change.uri for change in params.changes))


def folders_changed(server: IrlensServer, params: types.DidChangeWorkspaceFoldersParams) -> None:
    server.backends.open_folders(folders(server))
    if server.folder_watch is not None:
        server.folder_watch.set_folders(folders(server))


def changed(server: IrlensServer, *uris: str) -> None:
    """Files were made, changed or deleted; what they are now is read from the disk."""
    if server.created:
        for uri in uris:
            actions.appeared(server, uri)
    settings = server.settings.diagnostics
    if not settings.watch:
        return
    look_at(
        server,
        (uri for uri in uris if uri not in server.documents and _is_ours(uri) and not _is_own(server, uri)),
    )


def look_at(server: IrlensServer, uris: Iterable[str]) -> None:
    """Have files that are not open looked at, after a pause: a compiler writes a file in many pieces."""
    shortest = server.settings.diagnostics.pause / 1000
    server.disk.add(uris, lambda uri: server.pause.seconds(uri, shortest))


def closed(server: IrlensServer, uri: str) -> None:
    """A document was closed. One rule for what is shown of files that are not open: what changed on disk by somebody
    else's doing in this session is looked at and stays, whether it was opened meanwhile or not; the rest goes."""
    server.known.written[uri] = time.monotonic()
    if server.settings.diagnostics.watch and uri in server.known.on_disk:
        look_at(server, (uri,))


def _is_own(server: IrlensServer, uri: str) -> bool:
    """Whether an event of the disk is of the client's own saving."""
    return time.monotonic() - server.known.written.get(uri, -math.inf) < _OWN_S


def queue(server: IrlensServer) -> DiskChanges:
    """Where this server's changed files wait."""
    return DiskChanges(
        lambda uri: server.latest.start(("disk", uri), lambda: _look(server, uri)),
        lambda uri: server.latest.drop(("disk", uri)),
        lambda uri: server.known.published.get(uri, False),
    )


def _is_ours(uri: str) -> bool:
    if uri.endswith(_SUFFIXES):
        return True
    is_plain = "%" not in uri and "?" not in uri and "#" not in uri
    return not is_plain and language_of(uri) is not None


async def _look(server: IrlensServer, uri: str) -> None:
    text = await asyncio.to_thread(_read, uri, folders(server))
    if uri in server.documents:
        return
    language = language_of(uri)
    if text is None or language is None:
        server.known.on_disk.discard(uri)
        diagnosis.forget(server, uri)
        return
    server.known.on_disk.add(uri)
    task = diagnosis.look(server, DocumentSnapshot(uri, 0, language, text), "disk")
    if task is not None:
        await asyncio.wait({task})


def _read(uri: str, of_workspace: Sequence[str]) -> str | None:
    """Worker thread. None where there is nothing to look at: no file, no regular one, too large, not text; or a link that
    leads out of the workspace, by which whoever made the folder would choose what is read."""
    path = path_of(uri)
    try:
        if path is None or _leads_out(path, of_workspace):
            return None
        return read_regular(path, _LARGEST_BYTES).decode("utf-8-sig")
    except (OSError, ValueError):
        return None


def _leads_out(path: str, of_workspace: Sequence[str]) -> bool:
    real = os.path.realpath(path)
    if any(is_below(real, os.path.realpath(folder)) for folder in of_workspace):
        return False
    within = any(is_below(os.path.abspath(path), os.path.abspath(folder)) for folder in of_workspace)
    return within or os.path.islink(path)
