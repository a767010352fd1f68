"""Documents open, change, are saved and closed. The store is brought up to date first, inline and in order;
what follows from it is scheduled.

A change that cannot be made leaves the editor with another text than the server's. LSP has no way to ask for the
text, so the document is *lost*: its findings go, its features pause, the user is told, and its next whole text
(opened anew, saved, or a change of everything) brings it back.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from lsprotocol import types

from irlens.lsp import diagnosis
from irlens.lsp.documents import REMEDY, name_of
from irlens.lsp.handlers import actions, files
from irlens.source.edits import Unfollowable

if TYPE_CHECKING:
    from irlens.lsp.server import IrlensServer


def did_open(server: IrlensServer, params: types.DidOpenTextDocumentParams) -> None:
    actions.appeared(server, params.text_document.uri)
    snapshot = server.documents.open(params.text_document)
    if snapshot is not None:
        server.known.text_changed(snapshot.uri)
        diagnosis.look(server, snapshot, "opened")


def did_change(server: IrlensServer, params: types.DidChangeTextDocumentParams) -> None:
    document = params.text_document
    was_open = document.uri in server.documents
    try:
        snapshot = server.documents.change(
            document.uri, document.version, params.content_changes, server.encoding
        )
    except Unfollowable as error:
        lose(server, document.uri, str(error))
        return
    if snapshot is None:
        if not was_open:
            lose(server, document.uri, "it changed without having been opened")
        return
    for work in ("facts", "effect", "hints"):  # what is being found out is of a text that is gone
        server.latest.drop((work, snapshot.uri))
    server.known.text_changed(snapshot.uri)
    diagnosis.look(server, snapshot, "changed")


def did_save(server: IrlensServer, params: types.DidSaveTextDocumentParams) -> None:
    uri = params.text_document.uri
    was_lost = server.documents.is_lost(uri)
    snapshot = server.documents.save(uri, params.text)
    server.known.written[uri] = time.monotonic()
    if snapshot is not None:
        diagnosis.look(server, snapshot, "opened" if was_lost else "saved")


def did_close(server: IrlensServer, params: types.DidCloseTextDocumentParams) -> None:
    uri = params.text_document.uri
    if uri in server.documents:
        server.documents.close(uri)
        server.known.closed(uri)
        diagnosis.forget(server, uri)
        files.closed(server, uri)


def lose(server: IrlensServer, uri: str | None, reason: str) -> None:
    """The text of a document, or with None of any that is open, is not the editor's any more."""
    uris = [snapshot.uri for snapshot in server.documents] if uri is None else [uri]
    lost = [each for each in uris if server.documents.lose(each)]
    if not lost:
        return
    for each in lost:
        server.known.closed(each)
        diagnosis.forget(server, each)
    if diagnosis.pulls(server):
        diagnosis.ask_to_pull(server)
    names = name_of(lost[0]) + (f" and {len(lost) - 1} more" if len(lost) > 1 else "")
    server.tell(
        f"{names}: irlens is out of step with the editor's text ({reason}). "
        f"{REMEDY}; until then irlens shows nothing for it."
    )
