"""Documents open, change, are saved and closed. The store is brought up to date first, inline and in order;
what follows from it is scheduled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from irlens.lsp import diagnosis
from irlens.lsp.handlers import actions

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
    snapshot = server.documents.change(
        document.uri, document.version, params.content_changes, server.encoding
    )
    if snapshot is not None:
        for work in ("facts", "effect", "hints"):  # what is being found out is of a text that is gone
            server.latest.drop((work, snapshot.uri))
        server.known.text_changed(snapshot.uri)
        diagnosis.look(server, snapshot, "changed")


def did_save(server: IrlensServer, params: types.DidSaveTextDocumentParams) -> None:
    snapshot = server.documents.get(params.text_document.uri)
    if snapshot is not None:
        diagnosis.look(server, snapshot, "saved")


def did_close(server: IrlensServer, params: types.DidCloseTextDocumentParams) -> None:
    uri = params.text_document.uri
    if uri in server.documents:
        server.documents.close(uri)
        server.known.closed(uri)
        diagnosis.forget(server, uri)
