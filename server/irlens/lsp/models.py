"""Models over the protocol: what there is, downloading, choosing and deleting, all as data.

The same models, folders and choices as those of `irlens model` in a shell. A choice counts from the next question on,
without a restart; settings of the client and the command line go before it, and an answer says where they do. Only
where the workspace is trusted is anything changed: a client that hands on the workspace's wishes must not get far.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar

from irlens.assist.words import duration
from irlens.cancel import CancelToken
from irlens.errors import IrlensError
from irlens.folders import models_folder
from irlens.lsp import facts
from irlens.lsp.progress import Bar
from irlens.model import catalogue, shelf, store
from irlens.model.named import TASKS, Task

if TYPE_CHECKING:
    from lsprotocol import types

    from irlens.lsp.server import IrlensServer
    from irlens.model.pull import Outcome, Plan, Progress

Json = dict[str, Any]
Result = TypeVar("Result")


async def listing(server: IrlensServer) -> Json:
    """`{"models": [...], "folder", "catalogue": {name: {"title", "about", "best", "licence", "repositories"}},
    "licences": {key: {..., "accepted"}}, "tasks": {"lift": {"chosen", "by", ...}, ...}, "trusted"}`.

    `models` is what `irlens model list --json` has, with `used_for` as it is in this session. Of a task `chosen` is the
    name of its model, `by` who chose it ("--model", a setting's name, "choice", "default"), and the rest is what
    `facts.serving` knows of it.
    """

    def look(cancel: CancelToken) -> Json:
        used = _used(server)
        serving = facts.serving(server)
        return {
            "models": shelf.listing({task: name for task, (name, _) in used.items()}),
            "folder": str(models_folder()),
            "catalogue": {
                entry.name: {
                    "title": entry.title,
                    "about": entry.about,
                    "best": list(entry.best),
                    "licence": entry.licence.key,
                    "repositories": list(entry.repositories),
                }
                for entry in catalogue.entries().values()
            },
            "licences": {
                entry.licence.key: _licence(entry.licence) for entry in catalogue.entries().values()
            },
            "tasks": {task: {"chosen": name, "by": by, **serving[task]} for task, (name, by) in used.items()},
            "trusted": server.configuration.trusted,
        }

    return await server.work.run("quick", look)


async def pull(
    server: IrlensServer,
    name: str,
    repository: str | None,
    accept_licence: bool,
    token: types.ProgressToken | None,
) -> Json:
    """Have a model of the catalogue here, checked: `{"pulled": true, "name", "path", "bytes", "sha256", "already",
    "resumed", "seconds", "credit"}`. `resumed` are bytes that an earlier download had brought.

    Where its licence was not accepted, and is not now, nothing is fetched: `{"pulled": false, "name", "title",
    "gigabytes", "licence": {...}}`. Raises `UnusableInput`, `ModelUnavailable` and its `PullFailed`; what was fetched
    when it failed or was cancelled is kept, and the next pull goes on there.
    """
    from irlens.model.pull import is_offline, plan
    from irlens.model.pull import pull as run_pull

    _trusted(server)
    wanted = plan(name, repository)

    def settle(cancel: CancelToken) -> bool:
        """Worker thread: whether there is nothing left to accept."""
        licence = wanted.model.licence
        is_here = store.find(wanted.model.name, wanted.quantisation) is not None
        if is_here or is_offline() or store.accepted(licence.key):
            return True
        if accept_licence:
            store.accept(licence.key)
        return accept_licence

    if not await server.work.run("quick", settle):
        return {
            "pulled": False,
            "name": wanted.label,
            "title": wanted.model.title,
            "gigabytes": wanted.gigabytes,
            "licence": _licence(wanted.model.licence),
        }

    def work(cancel: CancelToken, bar: Bar) -> Outcome:
        """Worker thread."""
        return run_pull(wanted, on_progress=lambda now: _tell(bar, now), cancel=cancel)

    outcome = await _under_way(server, wanted, token, work)
    facts.name_models(server)  # a setting or a choice may have been waiting for it
    return {
        "pulled": True,
        "name": outcome.model.label,
        "path": str(outcome.model.path),
        "bytes": outcome.model.bytes,
        "sha256": outcome.model.sha256,
        "already": outcome.already,
        "resumed": outcome.resumed,
        "seconds": round(outcome.seconds, 3),
        "credit": wanted.model.licence.credit,
    }


async def use(server: IrlensServer, name: str, tasks: tuple[Task, ...]) -> Json:
    """Choose a model for tasks, or, where none are named, for all that it can do: `{"name", "tasks", "overruled":
    {task: who}, "hint", "credit"}`.

    `overruled` has the tasks for which the choice is kept but does not count, as "--model" or a setting names another
    model. `hint` and `credit` may be null. Raises `UnusableInput` and `ModelUnavailable`.
    """
    _trusted(server)
    model, for_tasks = await server.work.run("quick", lambda cancel: shelf.use(name, tasks))
    facts.name_models(server)
    used = await server.work.run("quick", lambda cancel: _used(server))
    better = model.better if model.better and set(for_tasks) & set(model.better[1]) else None
    return {
        "name": model.name,
        "tasks": list(for_tasks),
        "overruled": {
            task: used[task][1] for task in for_tasks if used[task][1] not in ("choice", "default")
        },
        "hint": f"{better[0]} is the better choice for {' and '.join(better[1])}." if better else None,
        "credit": shelf.credit_of(model.name),
    }


async def remove(server: IrlensServer, name: str) -> Json:
    """Delete a model that was pulled, or what was downloaded of one: `{"removed", "freed", "embedded_for"}`, bytes and
    the tasks that go back to the embedded model. Raises `UnusableInput` and `ModelUnavailable`."""
    _trusted(server)
    removed = await server.work.run("quick", lambda cancel: shelf.remove(name))
    facts.name_models(server)
    return {"removed": removed.name, "freed": removed.freed, "embedded_for": list(removed.tasks)}


def _trusted(server: IrlensServer) -> None:
    server.configuration.require_trust(
        "so models are neither chosen, downloaded nor removed from it", "run `irlens model` in a shell"
    )


def _used(server: IrlensServer) -> dict[Task, tuple[str, str]]:
    """Of each task the name of its model, and who chose it. Worker thread."""
    wanted = server.settings.model
    chosen = shelf.chosen()
    found = {}
    for task in TASKS:
        own = getattr(wanted, task)
        if own:
            found[task] = (own, f"irlens.model.{task}")
        elif wanted.path:
            fixed = server.configuration.is_model_fixed
            found[task] = (wanted.path, "--model" if fixed else "irlens.model.path")
        else:
            found[task] = (chosen[task], "default" if chosen[task] == shelf.EMBEDDED else "choice")
    return found


def _licence(licence: catalogue.Licence) -> Json:
    return {**asdict(licence), "accepted": store.accepted(licence.key)}


async def _under_way(
    server: IrlensServer,
    wanted: Plan,
    token: types.ProgressToken | None,
    call: Callable[[CancelToken, Bar], Result],
) -> Result:
    """`call` on a thread for downloads under a progress bar; the bar's cancel and the request's both reach it."""
    cancel = CancelToken()
    bar = Bar(server, f"Download {wanted.label}", cancel, token)
    bar.begin()
    ending = "cancelled"
    try:
        result = await server.work.run("downloads", lambda cancel: call(cancel, bar), cancel)
        ending = "done"
        return result
    except IrlensError:
        ending = "failed"
        raise
    finally:
        bar.end(ending)


def _tell(bar: Bar, now: Progress) -> None:
    from irlens.model.pull import size_text

    if now.stage == "waiting":
        bar.report("another download of it is going on; waiting for that", None, always=True)
    elif now.stage == "checking":
        bar.report(f"checking {size_text(now.total)}", 1.0, always=True)
    else:
        speed = f", {size_text(now.bytes_per_second)}/s" if now.bytes_per_second else ""
        if now.bytes_per_second:
            speed += f", about {duration((now.total - now.done) / now.bytes_per_second)} to go"
        fraction = now.done / now.total if now.total else None
        bar.report(f"{size_text(now.done)} of {size_text(now.total)}{speed}", fraction)
