"""When files are looked at, and where the findings go.

Pushed: on open and save at once, on change after a pause, latest text only; never for a text that the client
has moved on from. Pulled, by clients that ask: the same look, with a result id. Files that are not open are
looked at when they change on disk. After a look that found no error the sizes of the functions are fetched,
so that a hover has them.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from lsprotocol import types

from irlens.asm.dialect import detect
from irlens.assist.words import sentence
from irlens.cancel import CancelToken
from irlens.errors import IrlensError, LLVMStopped, Unrunnable
from irlens.ide import diagnostics, symbols
from irlens.lsp import convert, facts, hints, texts
from irlens.lsp.documents import path_of
from irlens.lsp.targets import IGNORE
from irlens.lsp.work import GRACE_S

if TYPE_CHECKING:
    from irlens.lsp.server import IrlensServer
    from irlens.source.snapshot import DocumentSnapshot

logger = logging.getLogger(__name__)

Why = Literal["opened", "changed", "saved", "settings", "disk"]


@dataclass(frozen=True)
class Look:
    """What one look at a text gave. `question` is what must be known before more can be said, `asks` whether the user
    can say it."""

    items: tuple[diagnostics.Item, ...]
    question: str = ""
    asks: bool = False
    trouble: str = ""


def look(server: IrlensServer, snapshot: DocumentSnapshot, why: Why) -> asyncio.Task[None] | None:
    """Schedule a look whose findings are pushed, unless the client pulls them for itself. Returns the task, if any."""
    settings = server.settings.diagnostics
    if why != "changed":
        server.known.settled[snapshot.uri] = snapshot.version
    if pulls(server) and snapshot.uri in server.documents:
        # The client asks when it wants to know; only the sizes for hovers are prepared here. What was pushed
        # while the file was not open would stand beside what is pulled.
        if server.known.published.pop(snapshot.uri, False):
            _clear(server, snapshot.uri)
        facts.prepare(server, snapshot, server.pause.seconds(snapshot.uri, settings.pause / 1000))
        if why == "saved" and not settings.on_change:
            ask_to_pull(server)
        return None
    if not settings.enabled:
        server.latest.drop(("look", snapshot.uri))
        publish(server, snapshot, ())
        return None
    if why == "changed" and not settings.on_change:
        server.latest.drop(("look", snapshot.uri))
        return None
    delay = server.pause.seconds(snapshot.uri, settings.pause / 1000) if why == "changed" else 0.0
    return server.latest.start(("look", snapshot.uri), lambda: _push(server, snapshot, why), delay_s=delay)


def forget(server: IrlensServer, uri: str) -> None:
    """The file was closed or deleted: nothing is said of it any more."""
    server.latest.drop_where(lambda key: isinstance(key, tuple) and uri in key)
    server.pause.forget(uri)
    server.status.answered(uri)
    if server.known.published.pop(uri, False):
        _clear(server, uri)


def _clear(server: IrlensServer, uri: str) -> None:
    server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri=uri, diagnostics=[]))


def look_again(server: IrlensServer) -> None:
    """Settings changed: every open document is looked at anew."""
    for snapshot in server.documents:
        server.known.text_changed(snapshot.uri)
        look(server, snapshot, "settings")
    if pulls(server):
        ask_to_pull(server)


def ask_to_pull(server: IrlensServer) -> None:
    if convert.capability(server.client_capabilities, "workspace.diagnostics.refresh_support"):
        server.protocol.send_request(types.WORKSPACE_DIAGNOSTIC_REFRESH, None)


def pulls(server: IrlensServer) -> bool:
    return server.server_capabilities.diagnostic_provider is not None


async def pull(
    server: IrlensServer, snapshot: DocumentSnapshot, previous: str | None
) -> types.DocumentDiagnosticReport:
    """The findings of this very text, or "unchanged" where the client has them already."""
    settings = server.settings.diagnostics
    typing = server.known.settled.get(snapshot.uri) != snapshot.version
    if typing and not settings.on_change and previous is not None:
        # Clients ask at every change. What they have stays, and moves with the text.
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=previous)
    if not settings.enabled:
        found: tuple[diagnostics.Item, ...] = ()
    else:
        found = (await _look(server, snapshot)).items + hints.of(server, snapshot)
    if not server.documents.current(snapshot):
        raise Moved
    result_id = hashlib.sha256(repr(found).encode()).hexdigest()[:16]
    if result_id == previous:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=result_id)
    items = convert.diagnostics(found, snapshot, server.encoding)
    return types.RelatedFullDocumentDiagnosticReport(items=items, result_id=result_id)


class Moved(Exception):
    """The text changed while it was looked at."""


async def _push(server: IrlensServer, snapshot: DocumentSnapshot, why: Why) -> None:
    if why == "disk":
        found = await _look(server, snapshot)
        if snapshot.uri not in server.documents:  # else the editor's text is the truth
            publish(server, snapshot, found.items)
        return
    found = await _look(server, snapshot)
    if server.documents.current(snapshot):
        publish(server, snapshot, found.items)


def publish(server: IrlensServer, snapshot: DocumentSnapshot, items: tuple[diagnostics.Item, ...]) -> None:
    is_open = snapshot.uri in server.documents
    if is_open and not server.documents.current(snapshot):
        return  # what was found in an older text, such as hints that took their time, is not this one's
    versioned = is_open and convert.capability(
        server.client_capabilities, "text_document.publish_diagnostics.version_support"
    )
    if is_open:
        server.known.items[snapshot.uri] = items
        items = (*items, *hints.of(server, snapshot)) if server.settings.diagnostics.enabled else items
    server.known.published[snapshot.uri] = bool(items)
    server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(
            uri=snapshot.uri,
            version=snapshot.version if versioned else None,
            diagnostics=convert.diagnostics(items, snapshot, server.encoding),
        )
    )


async def _look(server: IrlensServer, snapshot: DocumentSnapshot) -> Look:
    """Look at the text on a worker thread. Never raises but for a cancel: trouble is part of the answer."""
    started = time.monotonic()
    target, default = server.target_of(snapshot.uri), server.settings.asm.target
    try:
        if snapshot.language == "asm":
            # Whoever looks at assembly reads it first: here, where a slow text holds up none but its own.
            await texts.kept(server, snapshot, lambda: symbols.symbols(snapshot))
        found = await server.work.run(
            "quick", lambda cancel: _find(server, snapshot, target, default, cancel), grace_s=GRACE_S
        )
    except texts.TooSlow as slow:
        return _not_checked(str(slow))
    server.pause.took(snapshot.uri, time.monotonic() - started)
    if found.trouble:
        server.warn(found.trouble)
    if found.question and snapshot.uri in server.documents:
        server.status.ask(snapshot.uri, "target" if found.asks else "unsupported", found.question)
    else:
        server.status.answered(snapshot.uri)
    if snapshot.uri in server.documents and not any(item.severity == "error" for item in found.items):
        facts.prepare(server, snapshot)
        hints.prepare(server, snapshot, lambda: _show_hints(server, snapshot))
    return found


def _show_hints(server: IrlensServer, snapshot: DocumentSnapshot) -> None:
    if not pulls(server):
        publish(server, snapshot, server.known.items.get(snapshot.uri, ()))
    else:
        ask_to_pull(server)


def _find(
    server: IrlensServer,
    snapshot: DocumentSnapshot,
    target: str | None,
    default: str | None,
    cancel: CancelToken,
) -> Look:
    """Worker thread."""
    try:
        if snapshot.language == "llvm":
            llvm, runnable = server.backends.llvm(), server.backends.runnable()
            return Look(diagnostics.of_ir(snapshot, llvm, runnable=runnable, cancel=cancel))
        return _find_asm(server, snapshot, target, default, cancel)
    except LLVMStopped as stopped:
        return Look((diagnostics.about_file(str(stopped)),))
    except IrlensError as error:
        return Look((), trouble=str(error))


def _find_asm(
    server: IrlensServer,
    snapshot: DocumentSnapshot,
    target: str | None,
    default: str | None,
    cancel: CancelToken,
) -> Look:
    if target == IGNORE:
        return Look(())
    detection = detect(snapshot.text, target, default)
    if detection.kind != "other" and (
        detection.kind == "preprocess" or diagnostics.needs_preprocessor(snapshot.uri, snapshot.text)
    ):
        return _not_checked(diagnostics.unprocessed(_name(snapshot.uri)))
    if detection.question:
        return Look((), question=detection.question, asks=True)
    if detection.triple is None:
        if detection.kind == "mixed":
            return replace(_not_checked(sentence(detection.says)), asks=True)
        return _not_checked(sentence(detection.says), "Not supported")
    try:
        return Look(diagnostics.of_asm(snapshot, detection.triple, server.backends.llvm(), cancel=cancel))
    except Unrunnable as nobody:
        return Look((), trouble=str(nobody))


def _not_checked(why: str, short: str = "Not checked") -> Look:
    """A finding says it at the text's beginning; the status says it where no findings are read."""
    return Look((diagnostics.not_read(f"Not checked: {why}"),), question=f"{short}: {why}")


def _name(uri: str) -> str:
    """The file's name, as it is."""
    return os.path.basename(path_of(uri) or uri)
