"""`textDocument/diagnostic`: the client asks for findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from irlens.lsp import diagnosis

if TYPE_CHECKING:
    from irlens.lsp.server import IrlensServer

_SERVER_CANCELLED = -32802


async def diagnostic(
    server: IrlensServer, params: types.DocumentDiagnosticParams
) -> types.DocumentDiagnosticReport:
    snapshot = server.documents.get(params.text_document.uri)
    if snapshot is None:
        return types.RelatedFullDocumentDiagnosticReport(items=[])
    try:
        return await diagnosis.pull(server, snapshot, params.previous_result_id)
    except diagnosis.Moved:
        raise JsonRpcException(
            "The text has changed; ask again.", code=_SERVER_CANCELLED, data={"retriggerRequest": True}
        ) from None
