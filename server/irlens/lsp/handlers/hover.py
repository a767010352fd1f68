"""`textDocument/hover`: answered from what is known, after a short wait for what is just being found out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from lsprotocol import types

from irlens.ide import hover as ide_hover
from irlens.ide.hover import FunctionSubject, PassSubject
from irlens.ide.known import PassEffect
from irlens.lsp import convert, facts, texts

if TYPE_CHECKING:
    from irlens.lsp.server import IrlensServer
    from irlens.source.snapshot import DocumentSnapshot

PATIENCE_S = 0.3
"""Longest wait for LLVM. What comes later is there at the next hover."""


async def hover(server: IrlensServer, params: types.HoverParams) -> types.Hover | None:
    snapshot = server.documents.get(params.text_document.uri)
    if snapshot is None:
        return None
    encoding = server.encoding

    def find() -> tuple[FunctionSubject | PassSubject, types.Range] | None:
        line, column = convert.place(params.position, snapshot, encoding)
        subject = ide_hover.subject(snapshot, line, column)
        if subject is None:
            return None
        if isinstance(subject, FunctionSubject):
            span = (line, subject.use.start, subject.use.end)
        else:
            span = (subject.use.line, subject.use.column, subject.use.end_column)
        return subject, convert.span(*span, snapshot, encoding)

    found = await texts.found(server, snapshot, find)
    if found is None:
        return None
    subject, where = found
    if isinstance(subject, FunctionSubject):
        text = await _function(server, snapshot, subject)
    else:
        text = await _pass(server, snapshot, subject)
    formats = convert.capability(server.client_capabilities, "text_document.hover.content_format")
    return types.Hover(convert.markup(text, formats), where)


async def _function(server: IrlensServer, snapshot: DocumentSnapshot, subject: FunctionSubject) -> str:
    if subject.function.is_definition:
        name = subject.function.name
        facts.prepare(server, snapshot)
        if facts.is_large(snapshot):
            facts.prepare_one(server, snapshot, name)
        await _patiently(
            server,
            lambda: (
                (sizes := server.known.sizes(snapshot.uri)).stage == "under way" or name in sizes.under_way
            ),
        )
    lift = server.known.lifts.get((snapshot.uri, subject.function.name))
    return ide_hover.function_text(snapshot, subject.function, server.known.sizes(snapshot.uri), lift)


async def _pass(server: IrlensServer, snapshot: DocumentSnapshot, subject: PassSubject) -> str:
    if subject.is_known:
        facts.prepare_effect(server, snapshot, subject.pipeline)
        await _patiently(server, lambda: _is_coming(server.known.effect(snapshot.uri, subject.pipeline)))
    return ide_hover.pass_text(subject, server.known.effect(snapshot.uri, subject.pipeline))


def _is_coming(effect: PassEffect) -> bool:
    return "under way" in (effect.measured, effect.predicted)


async def _patiently(server: IrlensServer, unknown: Callable[[], bool]) -> None:
    """Wait until it is known, a little while at most."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_S
    while unknown() and (left := deadline - loop.time()) > 0:
        await server.known.news(left)
