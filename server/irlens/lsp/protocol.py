"""pygls's protocol with the rules that irlens adds to it.

- Reading is as guarded as handling: whatever a message holds, the server goes on, and a request gets one reply.
- Only the outermost object of a message is taken for one, whatever stands inside its parameters.
- `initialize` is answered from `capabilities`, once; before it and after `shutdown` requests get their error.
- Documents live in `IrlensServer.documents`, not in pygls's workspace: pygls splits lines at characters that
  LSP does not count as line ends.
- `exit` ends the loop with the exit code that the specification asks for, instead of raising inside it.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidParams,
    JsonRpcRequestCancelled,
)
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.json_rpc import (
    JsonRPCNotification,
    JsonRPCRequestMessage,
    JsonRPCResponseMessage,
    MsgId,
)
from pygls.protocol.language_server import lsp_method
from pygls.workspace import Workspace

from irlens.lsp import sync_params
from irlens.lsp.capabilities import initialize_result
from irlens.lsp.framing import read_json
from irlens.lsp.texts import Written

if TYPE_CHECKING:
    from cattrs import Converter

    from irlens.lsp.server import IrlensServer

logger = logging.getLogger(__name__)

_INVALID_REQUEST, _PARSE_ERROR, _NOT_INITIALIZED = -32600, -32700, -32002
_LONGEST_REASON = 400
"""Characters of an error that quotes what was sent."""

Json = dict[str, Any]


class IrlensProtocol(LanguageServerProtocol):
    """One connection with one client."""

    _server: IrlensServer

    def __init__(self, server: IrlensServer, converter: Converter) -> None:
        super().__init__(server, converter)
        self.answered: MsgId | None = None
        """The id of the `initialize` that `greeting` has replied to."""
        self._initialize_params: Json = {}
        self._initialized = False

    # Messages in

    def receive(self, body: bytes) -> None:
        """Deal with one message. Raises `BrokenPipeError` where the client has gone, and nothing else."""
        try:
            data = read_json(body)
        except (ValueError, MemoryError) as error:
            self.unreadable_body(str(error) or type(error).__name__, may_be_change=b"didChange" in body)
            return
        msg_id = None
        try:
            if not isinstance(data, dict):
                what = "a batch" if isinstance(data, list) else "no object"
                self._refuse(None, _INVALID_REQUEST, f"A message is {what}. Send one object a message.")
                return
            msg_id = data.get("id") if "method" in data and _is_id(data.get("id")) else None
            self._take(data)
        except BrokenPipeError:
            raise
        except Exception as error:
            # A fault of ours. A handler has its own net, so a request that ends here was not answered.
            logger.exception("a message could not be handled")
            if msg_id is not None:
                self._refuse(msg_id, JsonRpcInternalError.CODE, f"irlens failed: {_cause(error)}.")

    def unreadable_body(self, why: str, *, may_be_change: bool) -> None:
        """The body of a message cannot be read, or is too large; whose id it had, nobody knows."""
        reason = f"A message cannot be read: {_short(why)}"
        self._refuse(None, _PARSE_ERROR, f"{reason}.")
        if may_be_change:
            self._server.lost_track(None, reason)

    def refuse_stream(self, reason: str) -> None:
        """The last word to a client whose messages cannot be told from one another."""
        self._refuse(None, _PARSE_ERROR, reason)

    def _take(self, data: Json) -> None:
        if data.get("jsonrpc") != self.VERSION:
            self._refuse_shape(data, f'"jsonrpc" is {_shown(data.get("jsonrpc"))}; send "2.0".')
        elif "method" not in data:
            self._take_response(data)
        elif not isinstance(data["method"], str):
            self._refuse_shape(data, f"The method is {_shown(data['method'])}; send a text.")
        elif "id" not in data:
            self._take_notification(data["method"], data.get("params"))
        elif not _is_id(data["id"]):
            self._refuse_shape(data, f"The id is {_shown(data['id'])}; send an integer or a text.")
        else:
            self._take_request(data["id"], data["method"], data.get("params"))

    def _refuse_shape(self, data: Json, reason: str) -> None:
        msg_id = data.get("id")
        if "method" in data and "id" not in data:
            logger.warning("a notification is left out: %s", reason)
        else:
            self._refuse(msg_id if _is_id(msg_id) else None, _INVALID_REQUEST, reason)

    def _take_request(self, msg_id: MsgId, method: str, params: Any) -> None:
        if self._shutdown:
            self._refuse(msg_id, _INVALID_REQUEST, "The server is shutting down.")
            return
        if not self._initialized and method != types.INITIALIZE:
            self._refuse(msg_id, _NOT_INITIALIZED, "The server waits for `initialize`.")
            return
        if self._initialized and method == types.INITIALIZE:
            self._refuse(msg_id, _INVALID_REQUEST, "`initialize` was sent before.")
            return
        if method == types.INITIALIZE and isinstance(params, dict):
            self._initialize_params = params
        kind = self.get_message_type(method) or JsonRPCRequestMessage
        if kind is not JsonRPCRequestMessage and "id" not in _fields(kind):
            self._refuse(msg_id, _INVALID_REQUEST, f"{method} is a notification. Send it without an id.")
            return
        try:
            message = self._typed(kind, {"id": msg_id, "method": method, "params": params})
        except Exception as error:
            if msg_id != self.answered:
                reason = f"The parameters of {method} cannot be read: {_cause(error)}."
                self._refuse(msg_id, JsonRpcInvalidParams.CODE, reason)
                return
            # The client was told that all is well, so it is served as one that can do nothing special.
            lean: Json = {"capabilities": {}, "processId": None, "rootUri": None}
            message = self._typed(kind, {"id": msg_id, "method": method, "params": lean})
        if (result_type := self.get_result_type(method)) is not None:
            self._result_types[msg_id] = result_type
        self.handle_message(message)

    def _take_notification(self, method: str, params: Any) -> None:
        if not self._initialized and method != types.EXIT:
            logger.warning("%s before `initialize` is left out", _short(method))
            return
        kind = self.get_message_type(method) or JsonRPCNotification
        try:
            if method in sync_params.METHODS:
                sync_params.check(method, params)
            message = self._typed(kind, {"method": method, "params": params})
        except Exception as error:
            reason = f"the parameters of {_short(method)} cannot be read: {_cause(error)}"
            logger.warning("a notification is left out: %s", reason)
            uri = sync_params.uri_of(params)
            if method == types.TEXT_DOCUMENT_DID_CHANGE or (
                method == types.TEXT_DOCUMENT_DID_OPEN and uri is not None
            ):
                self._server.lost_track(uri, reason)
            return
        if method == types.CANCEL_REQUEST and not _is_id(message.params.id):
            logger.warning("a notification is left out: it cancels what has no id")
            return
        self.handle_message(message)

    def _take_response(self, data: Json) -> None:
        """The client's answer to a request of ours. Ours have texts as ids; a task is work on one of theirs."""
        msg_id = data.get("id")
        waiting = self._request_futures.get(msg_id) if isinstance(msg_id, str) else None
        if waiting is None or isinstance(waiting, asyncio.Future):
            logger.warning("an answer to no request is left out: id %s", _shown(msg_id))
            return
        del self._request_futures[data["id"]]
        kind = self._result_types.pop(data["id"], None) or JsonRPCResponseMessage
        if data.get("error") is not None:
            _settle(waiting, JsonRpcException(f"the client refused: {_shown(data['error'])}"))
            return
        try:
            answer = self._typed(kind, {"id": msg_id, "result": data.get("result")})
        except Exception as error:
            _settle(waiting, JsonRpcException(f"the client's answer cannot be read: {_cause(error)}"))
        else:
            _settle(waiting, answer.result)

    def _typed(self, kind: Any, fields: Json) -> Any:
        """A message of this type; one that LSP does not know keeps its parameters as plain JSON."""
        fields["jsonrpc"] = self.VERSION
        if kind in (JsonRPCRequestMessage, JsonRPCNotification, JsonRPCResponseMessage):
            return kind(**fields)
        if "params" in fields and not isinstance(fields["params"], dict) and fields["params"] is not None:
            raise ValueError(f"they are {_shown(fields['params'])}, and an object is wanted")
        return self._converter.structure(fields, kind)

    def _execute_handler(
        self,
        msg_id: MsgId,
        handler: Any,
        callback: Any,
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        """A handler that is a plain function may answer at once, or give what will be the answer: it sees the documents
        as they are when its message comes."""
        if inspect.iscoroutinefunction(handler) or inspect.isgeneratorfunction(handler):
            super()._execute_handler(msg_id, handler, callback, args, kwargs)
            return
        future: Any = Future()
        try:
            result = handler(*(args or ()), **(kwargs or {}))
        except Exception as error:
            future.set_exception(error)
        else:
            if inspect.iscoroutine(result):
                future = asyncio.ensure_future(result)
                self._request_futures[msg_id] = future
            else:
                future.set_result(result)
        future.add_done_callback(callback)

    # Messages out

    def _send_handler_result(self, future: Future[Any], *, msg_id: MsgId) -> None:
        """Reply with what a handler gave. An error that a handler meant is no trouble of the server's, so the
        log has its text and no traceback; one that it did not mean was logged where it was caught."""
        self._request_futures.pop(msg_id, None)
        if future.cancelled():
            error: Any = JsonRpcRequestCancelled(f'Request with id "{msg_id}" is canceled')
        else:
            error = future.exception()
        if error is None:
            self._send_response(msg_id, result=future.result())
            return
        if not isinstance(error, JsonRpcException):
            logger.error("request %r failed", msg_id, exc_info=error)
            error = JsonRpcInternalError(f"irlens failed: {_cause(error)}. The log has the details.")
        else:
            logger.debug("request %r ends in an error: %s", msg_id, error.message)
        self._send_response(msg_id, error=error.to_response_error())

    def _send_response(
        self, msg_id: MsgId, result: Any | None = None, error: types.ResponseError | None = None
    ) -> None:
        if msg_id is not None and msg_id == self.answered:
            self.answered = None
            self._result_types.pop(msg_id, None)
            return
        if error is not None:
            self._result_types.pop(msg_id, None)
        elif isinstance(result, Written):
            self._result_types.pop(msg_id, None)
            head = f'{{"jsonrpc": "2.0", "id": {json.dumps(msg_id)}, "result": '
            self._write(b"".join((head.encode(), result.json, b"}")))
            return
        super()._send_response(msg_id, result, error)

    def _send_data(self, data: Any) -> None:
        """Write one message. One that cannot be written, being a reply, becomes an error: nobody waits for ever."""
        try:
            body = self.written(data)
        except Exception as error:
            logger.exception("a message cannot be written")
            if hasattr(data, "method") or not _is_id(getattr(data, "id", None)):
                return
            words = f"irlens failed: its answer cannot be written ({_cause(error)}). Report it with the log."
            body = _error(data.id, JsonRpcInternalError.CODE, words)
        self._write(body.encode())

    def written(self, data: Any) -> str:
        """JSON of a message or a part of one. Any thread. Raises what `json` and cattrs raise."""
        return json.dumps(data, default=self._serialize_message, allow_nan=False)

    def _refuse(self, msg_id: MsgId | None, code: int, reason: str) -> None:
        logger.warning("refused %r: %s", msg_id, reason)
        if msg_id is not None and msg_id == self.answered:
            self.answered = None
            return
        self._write(_error(msg_id, code, reason).encode())

    def _write(self, body: bytes) -> None:
        if self.writer is not None:
            self.writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

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


def _is_id(value: object) -> bool:
    return isinstance(value, int | str) and not isinstance(value, bool)


def _fields(kind: Any) -> set[str]:
    return {field.name for field in kind.__attrs_attrs__}


def _settle(waiting: Future[Any], answer: Any) -> None:
    """Unless nobody waits any more."""
    if not waiting.set_running_or_notify_cancel():
        return
    if isinstance(answer, Exception):
        waiting.set_exception(answer)
    else:
        waiting.set_result(answer)


def _error(msg_id: MsgId | None, code: int, reason: str) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": msg_id, "error": {"code": code, "message": reason}})


def _shown(value: object) -> str:
    if isinstance(value, str | int | float | bool) or value is None:
        return _short(json.dumps(value))
    return "a list" if isinstance(value, list) else "an object"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}..."


def _cause(error: BaseException) -> str:
    cause = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    inner = getattr(cause, "exceptions", None)
    while inner:
        cause = inner[0]
        inner = getattr(cause, "exceptions", None)
    if isinstance(cause, KeyError):
        return _short(f"there is no {cause}")
    return _short(str(cause) if type(cause) is ValueError else f"{type(cause).__name__}: {cause}")
