"""Requests whose answer is data to show: `irlens/lift`, `irlens/tune`, `irlens/improve`, `irlens/predict`, `irlens/steps`,
`irlens/passes`, `irlens/disassemble`, `irlens/preprocess`, `irlens/compare`.

Parameters are `{"uri", "function"?, "passes"?, "workDoneToken"?}`. What a user can be told of an error is the
text of the error reply (code -32803, request failed); a cancelled request is answered as LSP wants it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from irlens import escape
from irlens.errors import IrlensError
from irlens.lsp import answers
from irlens.lsp import compare as comparing
from irlens.lsp import preprocess as preprocessing
from irlens.lsp.handlers.configuration import plain
from irlens.lsp.progress import is_token

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from irlens.lsp.server import IrlensServer

LIFT, TUNE, PREDICT, PASSES = "irlens/lift", "irlens/tune", "irlens/predict", "irlens/passes"
STEPS, IMPROVE, DISASSEMBLE = "irlens/steps", "irlens/improve", "irlens/disassemble"
COMPARE, PREPROCESS = "irlens/compare", "irlens/preprocess"

REQUEST_FAILED = -32803

EXACT = frozenset({"ir", "text", "evidence", "name", "fileName", "following", "path", "folder", "chosen"})
"""Keys of answers whose texts are to be used and not read: IR, Markdown, paths and what a client gives back to name
something. The rest is shown as it comes."""


async def lift(server: IrlensServer, params: Any) -> Any:
    wanted = given(params, LIFT, "uri", "function")
    return await told(answers.lift(server, wanted["uri"], wanted["function"], wanted.get("workDoneToken")))


async def tune(server: IrlensServer, params: Any) -> Any:
    wanted = given(params, TUNE, "uri")
    return await told(answers.tune(server, wanted["uri"], wanted.get("workDoneToken")))


async def improve(server: IrlensServer, params: Any) -> Any:
    wanted = given(params, IMPROVE, "uri", "function")
    return await told(answers.improve(server, wanted["uri"], wanted["function"], wanted.get("workDoneToken")))


async def predict(server: IrlensServer, params: Any) -> Any:
    wanted = given(params, PREDICT, "uri", "passes")
    function = str(wanted.get("function") or "") or None
    return await told(
        answers.predict(server, wanted["uri"], wanted["passes"], function, wanted.get("workDoneToken"))
    )


async def steps(server: IrlensServer, params: Any) -> Any:
    wanted = given(params, STEPS, "uri", "passes", "function")
    return await told(
        answers.steps(
            server, wanted["uri"], wanted["passes"], wanted["function"], wanted.get("workDoneToken")
        )
    )


async def disassemble(server: IrlensServer, params: Any) -> Any:
    wanted = given(params, DISASSEMBLE, "uri")
    first = str(wanted.get("function") or "") or None
    return await told(answers.disassemble(server, wanted["uri"], first, wanted.get("workDoneToken")))


async def preprocess(server: IrlensServer, params: Any) -> Any:
    wanted = given(params, PREPROCESS, "uri")
    return await told(preprocessing.preprocess(server, wanted["uri"], wanted.get("workDoneToken")))


async def compare(server: IrlensServer, params: Any) -> Any:
    wanted = given(params, COMPARE, "uri")
    others = [str(wanted.get(key) or "") for key in ("function", "other", "otherFunction")]
    function, other, other_function = others
    return await told(
        comparing.compare(
            server,
            wanted["uri"],
            function,
            other or wanted["uri"],
            other_function,
            wanted.get("workDoneToken"),
        )
    )


async def passes(server: IrlensServer, params: Any) -> Any:
    return await server.work.run("quick", lambda cancel: answers.passes(server))


def given(params: Any, method: str, *needed: str) -> dict[str, Any]:
    """The parameters, with those that are needed. Raises `JsonRpcInvalidParams`."""
    values: dict[str, Any] = plain(params)
    missing = [
        name
        for name in needed
        if not isinstance(values, dict) or not isinstance(values.get(name), str) or not values[name]
    ]
    if missing:
        raise JsonRpcInvalidParams(f"{method} needs {' and '.join(missing)} as text.")
    if not is_token(values.get("workDoneToken")):
        raise JsonRpcInvalidParams(f"{method} takes a workDoneToken that is a text or an integer.")
    return values


async def told(answer: Awaitable[Any]) -> Any:
    """The answer, safe to show; what a user can be told of an error becomes the error reply."""
    try:
        return escape.data(await answer, EXACT)
    except IrlensError as error:
        raise JsonRpcException(message=escape.message(str(error)), code=REQUEST_FAILED) from error
