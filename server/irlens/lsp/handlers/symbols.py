"""Outline, folding, definition and references, from the text alone: they work while a file does not parse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from irlens.ide import symbols
from irlens.lsp import convert, texts

if TYPE_CHECKING:
    from irlens.lsp.server import IrlensServer


def document_symbol(server: IrlensServer, params: types.DocumentSymbolParams) -> Any:
    snapshot = server.documents.get(params.text_document.uri)
    if snapshot is None:
        return None
    encoding = server.encoding
    path = "text_document.document_symbol.hierarchical_document_symbol_support"
    is_hierarchical = convert.capability(server.client_capabilities, path)

    def find() -> Iterator[types.DocumentSymbol] | Iterator[types.SymbolInformation]:
        found = (
            convert.symbol(symbol, snapshot, encoding)
            for symbol in symbols.symbols(snapshot)[: symbols.MOST_SYMBOLS]
        )
        if is_hierarchical:
            return found
        return (
            types.SymbolInformation(types.Location(snapshot.uri, symbol.range), symbol.name, symbol.kind)
            for symbol in found
        )

    return texts.answer(server, snapshot, find)


def folding_range(server: IrlensServer, params: types.FoldingRangeParams) -> Any:
    snapshot = server.documents.get(params.text_document.uri)
    if snapshot is None:
        return None

    def find() -> Iterator[types.FoldingRange]:
        return (
            types.FoldingRange(start_line=symbol.start_line, end_line=symbol.end_line)
            for symbol in symbols.symbols(snapshot)[: symbols.MOST_SYMBOLS]
            if symbol.end_line > symbol.start_line
        )

    return texts.answer(server, snapshot, find)


def definition(server: IrlensServer, params: types.DefinitionParams) -> Any:
    snapshot = server.documents.get(params.text_document.uri)
    if snapshot is None:
        return None
    encoding = server.encoding

    def find() -> list[types.Location] | None:
        line, column = convert.place(params.position, snapshot, encoding)
        found = symbols.definition(snapshot, line, column)
        return None if found is None else convert.locations([found], snapshot, encoding)

    return texts.answer(server, snapshot, find)


def references(server: IrlensServer, params: types.ReferenceParams) -> Any:
    snapshot = server.documents.get(params.text_document.uri)
    if snapshot is None:
        return None
    encoding = server.encoding

    def find() -> list[types.Location]:
        line, column = convert.place(params.position, snapshot, encoding)
        with_declaration = params.context.include_declaration
        found = symbols.references(snapshot, line, column, with_declaration=with_declaration)
        return convert.locations(found, snapshot, encoding)

    return texts.answer(server, snapshot, find)
