"""Code lenses: a Lift action per assembly function; measured sizes per IR function, once known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from irlens import escape
from irlens.ide import code_lens
from irlens.ide.symbols import MOST_SYMBOLS
from irlens.lsp import convert, texts
from irlens.lsp.handlers.actions import COMMAND_OF

if TYPE_CHECKING:
    from irlens.lsp.server import IrlensServer


def code_lens_of(server: IrlensServer, params: types.CodeLensParams) -> Any:
    snapshot = server.documents.get(params.text_document.uri)
    if snapshot is None:
        return None
    lifts = {name: note for (uri, name), note in server.known.lifts.items() if uri == snapshot.uri}
    shows = server.settings.lens
    tuned = dict(server.known.tuned.get(snapshot.uri, {})) if shows.sizes else {}
    encoding = server.encoding

    def find() -> list[types.CodeLens]:
        return [
            types.CodeLens(
                range=convert.lines(lens.line, lens.line, snapshot, encoding),
                command=types.Command(
                    title=escape.message(lens.title),
                    command=COMMAND_OF[lens.kind],
                    arguments=[
                        {"uri": snapshot.uri, "function": lens.function and escape.label(lens.function)}
                    ],
                ),
            )
            for lens in code_lens.lenses(snapshot, lifts, tuned)[:MOST_SYMBOLS]
            if lens.kind != "lift" or shows.lift
        ]

    return texts.answer(server, snapshot, find)
