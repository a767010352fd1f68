"""Which message goes where, and how it runs. One module a family of methods.

`INLINE` handlers answer on the loop from what is at hand, or, of a large text, with what will be the answer; `TASK`
handlers await worker threads and may be cancelled at any await. Nothing runs on pygls's own threads. A handler that
fails is logged, its caller gets one error, the server lives.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from enum import Enum
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, NamedTuple

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError

from irlens import escape
from irlens.errors import of_a_number
from irlens.lsp import targets
from irlens.lsp.handlers import (
    actions,
    answers,
    configuration,
    files,
    hover,
    lens,
    lifecycle,
    models,
    pull,
    symbols,
    sync,
)

if TYPE_CHECKING:
    from irlens.lsp.server import IrlensServer

logger = logging.getLogger(__name__)

__all__ = ["TABLE", "actions", "register", "sync"]


class Runs(Enum):
    INLINE = "on the loop"
    TASK = "as a task that awaits worker threads"


class Entry(NamedTuple):
    method: str
    handler: Callable[[Any, Any], Any]
    runs: Runs


TABLE = (
    Entry(types.INITIALIZED, lifecycle.initialized, Runs.TASK),
    Entry(types.SHUTDOWN, lifecycle.shutdown, Runs.INLINE),
    Entry(types.TEXT_DOCUMENT_DID_SAVE, sync.did_save, Runs.INLINE),
    Entry(types.TEXT_DOCUMENT_DIAGNOSTIC, pull.diagnostic, Runs.TASK),
    Entry(types.TEXT_DOCUMENT_HOVER, hover.hover, Runs.TASK),
    Entry(types.TEXT_DOCUMENT_CODE_LENS, lens.code_lens_of, Runs.INLINE),
    Entry(types.TEXT_DOCUMENT_CODE_ACTION, actions.code_action, Runs.INLINE),
    Entry(types.CODE_ACTION_RESOLVE, actions.resolve, Runs.TASK),
    Entry(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, symbols.document_symbol, Runs.INLINE),
    Entry(types.TEXT_DOCUMENT_FOLDING_RANGE, symbols.folding_range, Runs.INLINE),
    Entry(types.TEXT_DOCUMENT_DEFINITION, symbols.definition, Runs.INLINE),
    Entry(types.TEXT_DOCUMENT_REFERENCES, symbols.references, Runs.INLINE),
    Entry(types.WORKSPACE_DID_CHANGE_CONFIGURATION, configuration.did_change, Runs.TASK),
    Entry(configuration.TRUST, configuration.did_trust, Runs.INLINE),
    Entry(targets.METHOD, configuration.did_choose_target, Runs.INLINE),
    Entry(answers.LIFT, answers.lift, Runs.TASK),
    Entry(answers.TUNE, answers.tune, Runs.TASK),
    Entry(answers.IMPROVE, answers.improve, Runs.TASK),
    Entry(answers.PREDICT, answers.predict, Runs.TASK),
    Entry(answers.STEPS, answers.steps, Runs.TASK),
    Entry(answers.COMPARE, answers.compare, Runs.TASK),
    Entry(answers.DISASSEMBLE, answers.disassemble, Runs.TASK),
    Entry(answers.PREPROCESS, answers.preprocess, Runs.TASK),
    Entry(answers.PASSES, answers.passes, Runs.TASK),
    Entry(models.MODELS, models.listing, Runs.TASK),
    Entry(models.PULL, models.pull, Runs.TASK),
    Entry(models.USE, models.use, Runs.TASK),
    Entry(models.REMOVE, models.remove, Runs.TASK),
    Entry(types.WORKSPACE_DID_CHANGE_WATCHED_FILES, files.did_change_watched, Runs.INLINE),
    Entry(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, files.folders_changed, Runs.INLINE),
)
"""Document sync, `initialize`, `exit`, commands and progress cancel go through `protocol` itself."""


def register(server: IrlensServer) -> None:
    """Give the server its handlers."""
    for entry in TABLE:
        wrap = _task if entry.runs is Runs.TASK else _inline
        server.feature(entry.method)(wrap(server, entry))


def _inline(server: IrlensServer, entry: Entry) -> Callable[[Any], Any]:
    async def later(result: Awaitable[Any]) -> Any:
        try:
            return await result
        except JsonRpcException:
            raise
        except Exception as error:
            raise _failure(entry.method, error) from error

    def run(params: Any) -> Any:
        try:
            result = entry.handler(server, params)
            return later(result) if isawaitable(result) else result
        except JsonRpcException:
            raise
        except Exception as error:
            raise _failure(entry.method, error) from error

    return run


def _task(server: IrlensServer, entry: Entry) -> Callable[[Any], Awaitable[Any]]:
    async def run(params: Any) -> Any:
        try:
            return await entry.handler(server, params)
        except JsonRpcException:
            raise
        except Exception as error:
            raise _failure(entry.method, error) from error

    return run


def _failure(method: str, error: Exception) -> JsonRpcException:
    if (number := of_a_number(error)) is not None:
        return JsonRpcException(message=str(number), code=types.LSPErrorCodes.RequestFailed.value)
    logger.error("%s failed", method, exc_info=error)
    return JsonRpcInternalError(
        escape.message(f"irlens failed in {method}: {error}. The log has the details; go on working.")
    )
