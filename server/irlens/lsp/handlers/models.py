"""`irlens/models`, `irlens/pullModel`, `irlens/useModel`, `irlens/removeModel`: the models that there are.

Parameters: none; `{"name", "repository"?, "acceptLicence"?, "workDoneToken"?}`; `{"name", "tasks"?}`; `{"name"}`. A file
is named by its absolute path. Errors are those of `answers`; one of a download has `data`: `{"kind"}`, a word of
`irlens.model.pull.Kind`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from irlens.errors import UnusableInput
from irlens.lsp import models
from irlens.lsp.handlers.answers import REQUEST_FAILED, given, told
from irlens.model import store
from irlens.model.named import TASKS, Task

if TYPE_CHECKING:
    from irlens.lsp.server import IrlensServer

MODELS = "irlens/models"
PULL, USE, REMOVE = "irlens/pullModel", "irlens/useModel", "irlens/removeModel"


async def listing(server: IrlensServer, params: Any) -> Any:
    return await told(models.listing(server))


async def pull(server: IrlensServer, params: Any) -> Any:
    from irlens.model.pull import PullFailed

    wanted = given(params, PULL, "name")
    repository = wanted.get("repository")
    accepts = wanted.get("acceptLicence") is True
    answer = models.pull(
        server, wanted["name"], str(repository) if repository else None, accepts, wanted.get("workDoneToken")
    )
    try:
        return await told(answer)
    except JsonRpcException as error:
        cause = error.__cause__
        if isinstance(cause, PullFailed):
            raise JsonRpcException(
                message=error.message, code=REQUEST_FAILED, data={"kind": cause.kind}
            ) from cause
        raise


async def use(server: IrlensServer, params: Any) -> Any:
    wanted = given(params, USE, "name")
    return await told(_use(server, wanted["name"], _tasks(wanted.get("tasks"))))


async def remove(server: IrlensServer, params: Any) -> Any:
    return await told(models.remove(server, given(params, REMOVE, "name")["name"]))


async def _use(server: IrlensServer, name: str, tasks: tuple[Task, ...]) -> Any:
    """The server's working directory is the editor's affair, so nobody can mean a path that begins there."""
    if not store.is_address(name) and store.looks_like_a_file(name) and not os.path.isabs(name):
        raise UnusableInput(f"{name} is not an absolute path. Give the whole path of the file.")
    return await models.use(server, name, tasks)


def _tasks(wanted: Any) -> tuple[Task, ...]:
    if wanted is None:
        return ()
    if not isinstance(wanted, list) or not set(wanted) <= set(TASKS):
        raise JsonRpcInvalidParams(f"{USE} takes tasks as a list of {', '.join(TASKS)}.")
    return tuple(task for task in TASKS if task in wanted)
