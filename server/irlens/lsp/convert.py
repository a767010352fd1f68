"""Between LSP's types and irlens's plain data. The only place where columns change their unit.

irlens counts columns in UTF-8 bytes, the client in what it negotiated; each function says which it takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from lsprotocol import types

from irlens import escape
from irlens.assist.words import counted
from irlens.ide.diagnostics import Fix, Item
from irlens.ide.symbols import Symbol, Use
from irlens.ir.unnamed import shown
from irlens.source.edits import ClientChange, TextEdit
from irlens.source.positions import Columns, utf8_length
from irlens.source.snapshot import DocumentSnapshot

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "information": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}


def client_changes(changes: Sequence[types.TextDocumentContentChangeEvent]) -> list[ClientChange]:
    """Content changes; columns stay in the client's unit."""
    result = []
    for change in changes:
        where = getattr(change, "range", None)
        span = None
        if where is not None:
            span = (where.start.line, where.start.character, where.end.line, where.end.character)
        result.append(ClientChange(change.text, span))
    return result


def position(line: int, column: int, snapshot: DocumentSnapshot, encoding: str) -> types.Position:
    """From UTF-8 bytes to the client's."""
    return types.Position(line, snapshot.to_client(line, column, encoding))


def span(line: int, start: int, end: int, snapshot: DocumentSnapshot, encoding: str) -> types.Range:
    """A range within one line, from UTF-8 bytes to the client's."""
    return types.Range(position(line, start, snapshot, encoding), position(line, end, snapshot, encoding))


def lines(start_line: int, end_line: int, snapshot: DocumentSnapshot, encoding: str) -> types.Range:
    """Whole lines, both ends included."""
    end = utf8_length(snapshot.line(end_line))
    return types.Range(types.Position(start_line, 0), position(end_line, end, snapshot, encoding))


def place(where: types.Position, snapshot: DocumentSnapshot, encoding: str) -> tuple[int, int]:
    """Line and UTF-8 byte column of a client's position."""
    return where.line, snapshot.from_client(where.line, where.character, encoding)


def text_edit(edit: TextEdit, snapshot: DocumentSnapshot, encoding: str) -> types.TextEdit:
    """From UTF-8 bytes to the client's."""
    return types.TextEdit(
        types.Range(
            position(edit.start_line, edit.start_column, snapshot, encoding),
            position(edit.end_line, edit.end_column, snapshot, encoding),
        ),
        edit.text,
    )


def fix_edit(item: Item, fix: Fix, snapshot: DocumentSnapshot, encoding: str) -> types.TextEdit:
    return types.TextEdit(span(item.line, fix.start, fix.end, snapshot, encoding), fix.text)


def diagnostic(item: Item, snapshot: DocumentSnapshot, encoding: str) -> types.Diagnostic:
    return diagnostics([item], snapshot, encoding)[0]


def diagnostics(items: Sequence[Item], snapshot: DocumentSnapshot, encoding: str) -> list[types.Diagnostic]:
    """The same of many, which may all stand in one long line: each part of it is measured once."""
    defined = {line: _written(snapshot, line) for item in items if (line := item.definition) is not None}
    places = {(item.line, at) for item in items for at in (item.start, item.end)}
    places |= {(line, at) for line, ends in defined.items() if ends for at in ends}
    positions: dict[tuple[int, int], types.Position] = {}
    columns, line = Columns("", encoding), -1
    for place in sorted(places):
        if place[0] != line:
            line = place[0]
            columns = Columns(snapshot.line(line), encoding)
        positions[place] = types.Position(line, columns.client(place[1]))

    def related(item: Item) -> list[types.DiagnosticRelatedInformation] | None:
        """A link to the definition, which every client shows or leaves out."""
        if item.definition is None or (ends := defined[item.definition]) is None:
            return None
        start, end = (positions[item.definition, at] for at in ends)
        where = types.Location(snapshot.uri, types.Range(start, end))
        return [types.DiagnosticRelatedInformation(where, "the definition")]

    return [
        types.Diagnostic(
            range=types.Range(positions[item.line, item.start], positions[item.line, item.end]),
            message=escape.message(item.message, in_lines=True),
            severity=_SEVERITIES[item.severity],
            code=item.code,
            source="irlens",
            related_information=related(item),
        )
        for item in items
    ]


def _written(snapshot: DocumentSnapshot, line: int) -> tuple[int, int] | None:
    """Where the line's text begins and ends, in UTF-8 bytes; None for a line that is not there."""
    if line >= len(snapshot.lines):
        return None
    text = snapshot.line(line)
    return utf8_length(text[: len(text) - len(text.lstrip())]), utf8_length(text.rstrip())


def symbol(found: Symbol, snapshot: DocumentSnapshot, encoding: str) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        name=escape.label(shown(found.name) if snapshot.language == "llvm" else found.name),
        detail=counted(found.instructions, "instruction") if found.is_definition else "declared",
        kind=types.SymbolKind.Function,
        range=lines(found.start_line, found.end_line, snapshot, encoding),
        selection_range=span(found.name_line, found.name_start, found.name_end, snapshot, encoding),
    )


def locations(uses: Iterable[Use], snapshot: DocumentSnapshot, encoding: str) -> list[types.Location]:
    """Places of one document, which come in the order of the text: of many in one line, each part of it is measured
    once."""
    found = []
    columns = Columns("", encoding)
    at = -1
    for use in uses:
        if use.line != at:
            at = use.line
            columns = Columns(snapshot.line(at), encoding)
        start = types.Position(at, columns.client(use.start))
        found.append(
            types.Location(snapshot.uri, types.Range(start, types.Position(at, columns.client(use.end))))
        )
    return found


def markup(markdown: str, accepted: Sequence[types.MarkupKind | str] | None) -> types.MarkupContent:
    """Markdown where the client shows it, else the same text without its marks."""
    if accepted and types.MarkupKind.Markdown not in accepted:
        return types.MarkupContent(types.MarkupKind.PlainText, escape.plain(markdown))
    return types.MarkupContent(types.MarkupKind.Markdown, markdown)


def capability(capabilities: Any, path: str) -> Any:
    """A client's capability by its dotted path in snake case; None where any part of the way is missing."""
    for part in path.split("."):
        capabilities = getattr(capabilities, part, None)
    return capabilities


def workspace_edit(
    snapshot: DocumentSnapshot, edits: list[types.TextEdit], capabilities: types.ClientCapabilities
) -> types.WorkspaceEdit:
    """Edits of one document, tied to its version where the client can check that."""
    if takes_document_changes(capabilities):
        document = types.OptionalVersionedTextDocumentIdentifier(uri=snapshot.uri, version=snapshot.version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, list(edits))])
    return types.WorkspaceEdit(changes={snapshot.uri: edits})


def untitled(name: str) -> str:
    """The URI of a document that is to be saved under this name."""
    return f"untitled:{escape.uri_path(name)}"


def new_file(uri: str, text: str) -> types.WorkspaceEdit:
    """Make a file with this text; fails in the client where there is one of that name."""
    create = types.CreateFile(uri, options=types.CreateFileOptions(overwrite=False, ignore_if_exists=False))
    start = types.Range(types.Position(0, 0), types.Position(0, 0))
    document = types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=None)
    return types.WorkspaceEdit(
        document_changes=[create, types.TextDocumentEdit(document, [types.TextEdit(start, text)])]
    )


def takes_document_changes(capabilities: types.ClientCapabilities) -> bool:
    """Neovim takes them and says so only by the resource operations it lists."""
    edit = capability(capabilities, "workspace.workspace_edit")
    return bool(capability(edit, "document_changes") or capability(edit, "resource_operations"))


def creates_files(capabilities: types.ClientCapabilities) -> bool:
    operations = capability(capabilities, "workspace.workspace_edit.resource_operations") or ()
    return types.ResourceOperationKind.Create in operations
