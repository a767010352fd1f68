"""pygls's protocol with the rules that irlens adds to it.

- `initialize` is answered from `capabilities`, once; before it and after `shutdown` requests get their error.
- A request that cannot be read gets an error reply instead of none.
- Documents live in `IrlensServer.documents`, not in pygls's workspace: pygls splits lines at characters that
  LSP does not count as line ends.
- `exit` ends the loop with the exit code that the specification asks for, instead of raising inside it.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.json_rpc import JsonRPCNotification, MsgId, RPCMessage
from pygls.protocol.language_server import lsp_method
from pygls.workspace import Workspace

from irlens.lsp.capabilities import initialize_result

if TYPE_CHECKING:
    from cattrs import Converter

    from irlens.lsp.server import IrlensServer

logger = logging.getLogger(__name__)

_UNREADABLE = "$/irlens/unreadable"
"""Stands for a message that was already refused; `$/` methods may be dropped without a word."""

_INVALID_REQUEST, _PARSE_ERROR, _NOT_INITIALIZED = -32600, -32700, -32002


class IrlensProtocol(LanguageServerProtocol):
    """One connection with one client."""

    _server: IrlensServer

    def __init__(self, server: IrlensServer, converter: Converter) -> None:
        super().__init__(server, converter)
        self.answered: MsgId | None = None
        """The id of the `initialize` that `greeting` has replied to."""
        self._initialize_params: dict[str, Any] = {}
        self._initialized = False

    # Messages in

    def structure_message(self, data: dict[str, Any]) -> Any:
        if "jsonrpc" not in data:
            return data
        if data.get("method") == types.INITIALIZE and isinstance(data.get("params"), dict):
            self._initialize_params = data["params"]
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            return self._unreadable(data, error)

    def _unreadable(self, data: dict[str, Any], error: JsonRpcException) -> Any:
        msg_id, method = data.get("id"), data.get("method")
        if method is None and (waiting := self._request_futures.pop(msg_id, None)) is not None:  # type: ignore[arg-type]
            waiting.set_exception(error)  # the client's answer to a request of ours
        if msg_id is not None and msg_id == self.answered:
            # The client was told that all is well, so it is served as one that can do nothing special.
            lean: dict[str, Any] = {"capabilities": {}, "processId": None, "rootUri": None}
            return super().structure_message({**data, "params": lean})
        if isinstance(method, str) and isinstance(msg_id, int | str):
            reason = f"The parameters of {method} cannot be read: {_cause(error)}."
            self._refuse(msg_id, JsonRpcInvalidParams.CODE, reason)
        return JsonRPCNotification(method=_UNREADABLE, jsonrpc=self.VERSION, params=None)

    def handle_message(self, message: RPCMessage) -> None:
        method, msg_id = getattr(message, "method", None), getattr(message, "id", None)
        if method == _UNREADABLE:
            return
        is_request = method is not None and msg_id is not None
        if is_request and self._shutdown:
            self._refuse(msg_id, _INVALID_REQUEST, "The server is shutting down.")
        elif is_request and not self._initialized and method != types.INITIALIZE:
            self._refuse(msg_id, _NOT_INITIALIZED, "The server waits for `initialize`.")
        elif is_request and self._initialized and method == types.INITIALIZE:
            self._refuse(msg_id, _INVALID_REQUEST, "`initialize` was sent before.")
        elif method is not None and not is_request and not self._initialized and method != types.EXIT:
            logger.warning("%s before `initialize` is left out", method)
        else:
            super().handle_message(message)

    def unreadable_bytes(self, error: Exception) -> None:
        """The body of a message was not JSON."""
        self._refuse(None, _PARSE_ERROR, f"A message is not JSON: {error}.")

    # Messages out

    def _send_response(
        self, msg_id: MsgId, result: Any | None = None, error: types.ResponseError | None = None
    ) -> None:
        if msg_id is not None and msg_id == self.answered:
            self.answered = None
            self._result_types.pop(msg_id, None)
            return
        super()._send_response(msg_id, result, error)

    def _refuse(self, msg_id: MsgId | None, code: int, reason: str) -> None:
        logger.warning("refused %r: %s", msg_id, reason)
        body = json.dumps({"jsonrpc": "2.0", "id": msg_id, "error": {"code": code, "message": reason}})
        if self.writer is not None:
            self.writer.write(f"Content-Length: {len(body)}\r\n\r\n{body}".encode())

    # The life of a session

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> types.InitializeResult:  # type: ignore[override]
        self.client_capabilities = params.capabilities
        result: types.InitializeResult = self._converter.structure(
            initialize_result(self._initialize_params), types.InitializeResult
        )
        self.server_capabilities = result.capabilities
        encoding = result.capabilities.position_encoding or types.PositionEncodingKind.Utf16
        self._workspace = Workspace(
            params.root_uri,
            types.TextDocumentSyncKind.Incremental,
            list(params.workspace_folders or []),
            encoding,
        )
        self._initialized = True
        self._server.on_initialize(params, encoding)
        return result

    @lsp_method(types.INITIALIZED)
    async def lsp_initialized(self, params: types.InitializedParams) -> None:
        await self.fm.features[types.INITIALIZED](params)

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_: Any) -> None:  # type: ignore[override]
        self._server.leave(0 if self._shutdown else 1)

    # Documents and progress: pygls's own tables stay empty

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        self._server.did_open(params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        self._server.did_change(params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        self._server.did_close(params)

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    def lsp_workspace__execute_command(self, params: types.ExecuteCommandParams) -> None:  # type: ignore[override]
        self._server.execute(params)

    @lsp_method(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def lsp_work_done_progress_cancel(self, params: types.WorkDoneProgressCancelParams) -> None:
        self._server.progress_table.cancel(params.token)


def _cause(error: JsonRpcException) -> str:
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    inner = getattr(cause, "exceptions", None)
    while inner:
        cause = inner[0]
        inner = getattr(cause, "exceptions", None)
    return f"{type(cause).__name__}: {cause}"
