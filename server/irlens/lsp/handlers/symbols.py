"""Outline, folding, definition and references, from the text alone: they work while a file does not parse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from irlens.ide import symbols
from irlens.lsp import convert

if TYPE_CHECKING:
    from irlens.lsp.server import IrlensServer


def document_symbol(
    server: IrlensServer, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
    snapshot = server.documents.get(params.text_document.uri)
    if snapshot is None:
        return None
    found = [convert.symbol(symbol, snapshot, server.encoding) for symbol in symbols.symbols(snapshot)]
    path = "text_document.document_symbol.hierarchical_document_symbol_support"
    if convert.capability(server.client_capabilities, path):
        return found
    return [
        types.SymbolInformation(types.Location(snapshot.uri, symbol.range), symbol.name, symbol.kind)
        for symbol in found
    ]


def folding_range(server: IrlensServer, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
    snapshot = server.documents.get(params.text_document.uri)
    if snapshot is None:
        return None
    return [
        types.FoldingRange(start_line=symbol.start_line, end_line=symbol.end_line)
        for symbol in symbols.symbols(snapshot)
        if symbol.end_line > symbol.start_line
    ]


def definition(server: IrlensServer, params: types.DefinitionParams) -> list[types.Location] | None:
    snapshot = server.documents.get(params.text_document.uri)
    if snapshot is None:
        return None
    line, column = convert.place(params.position, snapshot, server.encoding)
    found = symbols.definition(snapshot, line, column)
    return None if found is None else [_location(server, snapshot.uri, found)]


def references(server: IrlensServer, params: types.ReferenceParams) -> list[types.Location] | None:
    snapshot = server.documents.get(params.text_document.uri)
    if snapshot is None:
        return None
    line, column = convert.place(params.position, snapshot, server.encoding)
    found = symbols.references(snapshot, line, column, with_declaration=params.context.include_declaration)
    return [_location(server, snapshot.uri, use) for use in found]


def _location(server: IrlensServer, uri: str, use: symbols.Use) -> types.Location:
    snapshot = server.documents.get(uri)
    assert snapshot is not None
    return types.Location(uri, convert.span(use.line, use.start, use.end, snapshot, server.encoding))
