"""`irlens/lift`, `irlens/tune`, `irlens/predict`, `irlens/steps`, `irlens/passes`: requests whose answer is data to show.

Parameters are `{"uri", "function"?, "passes"?, "workDoneToken"?}`. What a user can be told of an error is the
text of the error reply (code -32803, request failed); a cancelled request is answered as LSP wants it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from irlens.errors import IrlensError
from irlens.lsp import answers
from irlens.lsp.handlers.configuration import plain

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from irlens.lsp.server import IrlensServer

LIFT, TUNE, PREDICT, PASSES = "irlens/lift", "irlens/tune", "irlens/predict", "irlens/passes"
STEPS = "irlens/steps"

_REQUEST_FAILED = -32803


async def lift(server: IrlensServer, params: Any) -> Any:
    given = _given(params, LIFT, "uri", "function")
    return await _told(answers.lift(server, given["uri"], given["function"], given.get("workDoneToken")))


async def tune(server: IrlensServer, params: Any) -> Any:
    given = _given(params, TUNE, "uri")
    return await _told(answers.tune(server, given["uri"], given.get("workDoneToken")))


async def predict(server: IrlensServer, params: Any) -> Any:
    given = _given(params, PREDICT, "uri", "passes")
    function = str(given.get("function") or "") or None
    return await _told(
        answers.predict(server, given["uri"], given["passes"], function, given.get("workDoneToken"))
    )


async def steps(server: IrlensServer, params: Any) -> Any:
    given = _given(params, STEPS, "uri", "passes", "function")
    return await _told(
        answers.steps(server, given["uri"], given["passes"], given["function"], given.get("workDoneToken"))
    )


async def passes(server: IrlensServer, params: Any) -> Any:
    return await server.work.run("quick", lambda cancel: answers.passes(server))


def _given(params: Any, method: str, *needed: str) -> dict[str, Any]:
    given = plain(params)
    missing = [
        name
        for name in needed
        if not isinstance(given, dict) or not isinstance(given.get(name), str) or not given[name]
    ]
    if missing:
        raise JsonRpcInvalidParams(f"{method} needs {' and '.join(missing)} as text.")
    result: dict[str, Any] = given
    return result


async def _told(answer: Awaitable[Any]) -> Any:
    try:
        return await answer
    except IrlensError as error:
        raise JsonRpcException(message=str(error), code=_REQUEST_FAILED) from error
