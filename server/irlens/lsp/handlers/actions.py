"""Code actions and the commands behind them. The work of an action happens in `codeAction/resolve`, or, for
clients that cannot resolve, in a command, which starts a job and is answered at once: a client never tells a
command that it was cancelled, so the way to stop it is its progress bar."""

from __future__ import annotations

import asyncio
import logging
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from irlens import escape
from irlens.ide import code_actions, size_hints
from irlens.lsp import convert, jobs, texts
from irlens.lsp.capabilities import COMMANDS
from irlens.lsp.documents import path_of
from irlens.lsp.handlers.configuration import plain
from irlens.lsp.progress import is_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from irlens.ide.size_hints import SizeNote
    from irlens.lsp.server import IrlensServer
    from irlens.source.snapshot import DocumentSnapshot

logger = logging.getLogger(__name__)

COMMAND_OF = {
    "lift": "irlens.lift",
    "apply-oz": "irlens.applyOz",
    "apply-here": "irlens.applyHere",
    "apply-list": "irlens.applyList",
    "copy": "irlens.copy",
    "tune": "irlens.tune",
}
_KIND_OF = {command: kind for kind, command in COMMAND_OF.items()}
_OPEN = "irlens.open"


def code_action(server: IrlensServer, params: types.CodeActionParams) -> Any:
    snapshot = server.documents.get(params.text_document.uri)
    if snapshot is None:
        return None
    notes = dict(server.known.tuned.get(snapshot.uri, {})) if server.settings.diagnostics.hints else {}
    return texts.answer(server, snapshot, lambda: _actions(server, snapshot, notes, params))


def _actions(
    server: IrlensServer,
    snapshot: DocumentSnapshot,
    notes: Mapping[str, SizeNote],
    params: types.CodeActionParams,
) -> list[types.CodeAction | types.Command]:
    """Any thread; of the server only what `initialize` settled."""
    first, last = params.range.start.line, params.range.end.line
    actions: list[types.CodeAction | types.Command] = []
    is_hinted = False
    if _wanted(params.context.only, types.CodeActionKind.QuickFix):
        actions += [
            _quick_fix(server, snapshot, correction, params.context.diagnostics)
            for correction in code_actions.corrections(snapshot, first, last)
        ]
        shown = [found for found in params.context.diagnostics if found.code == size_hints.CODE]
        name = PurePosixPath(_path(snapshot.uri)).name
        at_hints = code_actions.size_offers(snapshot, notes, first, last, name)
        is_hinted = bool(at_hints)
        if is_hinted:
            actions += [
                _on_demand(server, snapshot, offer, types.CodeActionKind.QuickFix, shown)
                for offer in (*at_hints, *code_actions.offers(snapshot, first, last))
            ]
    if not is_hinted and _wanted(params.context.only, types.CodeActionKind.RefactorRewrite):
        actions += [
            _on_demand(server, snapshot, offer) for offer in code_actions.offers(snapshot, first, last)
        ]
    return actions


async def resolve(server: IrlensServer, action: types.CodeAction) -> types.CodeAction:
    """Do the work. An action that comes to nothing gets an empty edit: the user has had the reason."""
    data = plain(action.data)
    if data is None:
        return action
    order = _order(data, f"The data of {action.title[:80]!r}")
    made = await jobs.run(server, order.kind, order.uri, order.function, passes=order.passes)
    action.edit = types.WorkspaceEdit() if made is None or made.edit is None else made.edit
    if made is not None and made.created:
        _to_be_shown(server, action, made.created)
    if made is not None and made.preview:
        _start(server, _show(server, made.preview))
    return action


def _to_be_shown(server: IrlensServer, action: types.CodeAction, uri: str) -> None:
    """The file is there only when the client has applied the edit: a command tells of that, for clients that
    take one now, else the file's own `didOpen` or its event on disk does."""
    server.created[_path(uri)] = uri
    properties = convert.capability(
        server.client_capabilities, "text_document.code_action.resolve_support.properties"
    )
    if properties and "command" in properties:
        action.command = types.Command(title="Open the lifted function", command=_OPEN, arguments=[uri])


def appeared(server: IrlensServer, uri: str) -> None:
    """A file is there now; if an action made it, the user is shown it, once."""
    made = server.created.pop(_path(uri), None)
    if made is not None:
        _start(server, _show(server, made))


def _path(uri: str) -> str:
    """Clients differ in what they percent-encode; a path is a path."""
    return path_of(uri) or uri


def execute(server: IrlensServer, params: types.ExecuteCommandParams) -> None:
    """`workspace/executeCommand`: start the job and come back. The argument is `{"uri", "function"?, "passes"?}`."""
    arguments = [plain(argument) for argument in params.arguments or ()]
    if params.command not in COMMANDS:
        raise JsonRpcInvalidParams(f"There is no command {params.command}. Use one of {', '.join(COMMANDS)}.")
    first = arguments[0] if arguments else None
    if params.command == _OPEN:
        if isinstance(first, str):
            appeared(server, first)
        return
    if params.command == COMMAND_OF["copy"]:
        # The clipboard is the client's; one that does not take this over shows what to copy.
        if isinstance(first, str):
            server.show(first, types.MessageType.Info)
        return
    if not is_token(params.work_done_token):
        raise JsonRpcInvalidParams(f"{params.command} takes a workDoneToken that is a text or an integer.")
    if not isinstance(first, dict):
        raise JsonRpcInvalidParams(f'{params.command} takes one argument, {{"uri": ..., "function": ...}}.')
    order = _order({**first, "kind": _KIND_OF[params.command]}, f"The argument of {params.command}")
    _start(server, _job(server, order, params.work_done_token))


class _Order(NamedTuple):
    """What an action or a command asks for."""

    kind: str
    uri: str
    function: str
    passes: str


_NEEDS = {"lift": "function", "apply-here": "function", "apply-list": "passes"}
_EXAMPLE = {"function": '{"uri": ..., "function": "main"}', "passes": '{"uri": ..., "passes": "default<Oz>"}'}


def _order(data: Any, where: str) -> _Order:
    """What came back from the client, which may hold anything. Raises `JsonRpcInvalidParams`."""
    kinds = [kind for kind in COMMAND_OF if kind != "copy"]
    kind = data.get("kind") if isinstance(data, dict) else None
    if not isinstance(kind, str) or kind not in kinds:
        raise JsonRpcInvalidParams(f"{where} names no job. Ask for the actions again.")
    given = {name: data.get(name) for name in ("uri", "function", "passes")}
    texts = {name: "" if text is None else text for name, text in given.items()}
    for name, text in texts.items():
        if not isinstance(text, str):
            raise JsonRpcInvalidParams(f"{where} has a {name} that is no text. Ask for the actions again.")
    needed = _NEEDS.get(kind, "uri")
    if not texts["uri"] or not texts[needed]:
        example = _EXAMPLE.get(needed, '{"uri": ...}')
        raise JsonRpcInvalidParams(f"{where} needs the {needed}: {example}.")
    return _Order(kind, **texts)


async def _job(server: IrlensServer, order: _Order, token: types.ProgressToken | None) -> None:
    made = await jobs.run(server, order.kind, order.uri, order.function, token, order.passes)
    if made is not None and made.preview:
        await _show(server, made.preview)
    if made is None or made.edit is None:
        return
    if made.edit.changes != {}:
        params = types.ApplyWorkspaceEditParams(edit=made.edit, label=f"irlens: {order.kind}")
        answer = await asyncio.wrap_future(server.protocol.send_request(types.WORKSPACE_APPLY_EDIT, params))
        if not answer.applied:
            reason = answer.failure_reason or "it gave no reason"
            server.warn(f"The editor did not apply the result of {order.kind}: {reason}. Try again.")
            return
    if made.created:
        await _show(server, made.created)


async def _show(server: IrlensServer, uri: str) -> None:
    if convert.capability(server.client_capabilities, "window.show_document.support"):
        params = types.ShowDocumentParams(uri=uri, take_focus=True)
        await asyncio.wrap_future(server.protocol.send_request(types.WINDOW_SHOW_DOCUMENT, params))
    else:
        server.show(f"The lifted function is in {uri}.", types.MessageType.Info)


def _start(server: IrlensServer, job: Any) -> None:
    task = asyncio.get_running_loop().create_task(job)
    server.jobs.add(task)
    task.add_done_callback(lambda done: _ended(server, done))


def _ended(server: IrlensServer, task: asyncio.Task[None]) -> None:
    server.jobs.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.error("a command failed", exc_info=error)
        server.warn(f"A command failed: {error}. The log has the details.")


def _on_demand(
    server: IrlensServer,
    snapshot: DocumentSnapshot,
    offer: code_actions.Offer,
    kind: types.CodeActionKind = types.CodeActionKind.RefactorRewrite,
    mended: list[types.Diagnostic] | None = None,
) -> types.CodeAction | types.Command:
    provider = server.server_capabilities.code_action_provider
    resolves = isinstance(provider, types.CodeActionOptions) and provider.resolve_provider
    title, function = escape.message(offer.title), offer.function and escape.label(offer.function)
    if offer.kind == "copy":
        copy = types.Command(title=title, command=COMMAND_OF["copy"], arguments=[offer.text])
        # Neovim 0.7 wants a bare command resolved, and VS Code's "Quick Fix" leaves out what has no kind.
        if not resolves:
            return copy
        return types.CodeAction(title=title, kind=kind, command=copy, diagnostics=mended or None)
    if resolves:
        data = {"kind": offer.kind, "uri": snapshot.uri, "function": function, "passes": offer.passes}
        return types.CodeAction(title=title, kind=kind, data=data, diagnostics=mended or None)
    # A bare command and no action with one: clients built on lsprotocol take the latter for the former.
    arguments = [{"uri": snapshot.uri, "function": function, "passes": offer.passes}]
    return types.Command(title=title, command=COMMAND_OF[offer.kind], arguments=arguments)


def _quick_fix(
    server: IrlensServer,
    snapshot: DocumentSnapshot,
    correction: code_actions.Correction,
    shown: Any,
) -> types.CodeAction:
    own = convert.diagnostic(correction.item, snapshot, server.encoding)
    edit = convert.fix_edit(correction.item, correction.fix, snapshot, server.encoding)
    return types.CodeAction(
        title=escape.message(correction.fix.title),
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[found for found in shown if found.range == own.range and found.code == own.code] or None,
        is_preferred=True if correction.first else None,
        edit=convert.workspace_edit(snapshot, [edit], server.client_capabilities),
    )


def _wanted(only: Any, kind: types.CodeActionKind) -> bool:
    """Kinds are a hierarchy: asking for `refactor` asks for `refactor.rewrite` too."""
    if not only:
        return True
    names = [str(getattr(wanted, "value", wanted)) for wanted in only]
    return any(name in ("", kind.value) or kind.value.startswith(f"{name}.") for name in names)
