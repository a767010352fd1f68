"""The open documents as immutable snapshots. Loop thread only; a snapshot may go anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from lsprotocol import types

from irlens.lsp import convert
from irlens.source.edits import apply_changes
from irlens.source.snapshot import DocumentSnapshot, Language

IR_SUFFIXES = (".ll",)
ASM_SUFFIXES = (".s", ".S", ".asm")
_IR_IDS = ("llvm", "ll", "llvm-ir", "llvmir")
_ASM_IDS = ("asm", "assembly", "gas", "s", "vmasm", "arm", "arm64", "asm-intel-x86-generic")


class Documents:
    """What the client has open, by URI. Files in a language that irlens does not know are not kept."""

    def __init__(self) -> None:
        self._open: dict[str, DocumentSnapshot] = {}

    def __iter__(self) -> Iterator[DocumentSnapshot]:
        return iter(tuple(self._open.values()))

    def __contains__(self, uri: str) -> bool:
        return uri in self._open

    def get(self, uri: str) -> DocumentSnapshot | None:
        return self._open.get(uri)

    def current(self, snapshot: DocumentSnapshot) -> bool:
        """Whether this is still what the client has."""
        now = self._open.get(snapshot.uri)
        return now is not None and now.version == snapshot.version

    def open(self, item: types.TextDocumentItem) -> DocumentSnapshot | None:
        language = language_of(item.uri, item.language_id)
        if language is None:
            return None
        self._open[item.uri] = DocumentSnapshot(item.uri, item.version, language, item.text)
        return self._open[item.uri]

    def change(
        self,
        uri: str,
        version: int,
        changes: Sequence[types.TextDocumentContentChangeEvent],
        encoding: str,
    ) -> DocumentSnapshot | None:
        """Apply the changes one after the other, as LSP wants it."""
        snapshot = self._open.get(uri)
        if snapshot is None:
            return None
        snapshot = apply_changes(snapshot, convert.client_changes(changes), version, encoding)
        self._open[uri] = snapshot
        return snapshot

    def close(self, uri: str) -> None:
        self._open.pop(uri, None)


def language_of(uri: str, language_id: str = "") -> Language | None:
    """By the file's name first: editors know `.ll` under many ids, one of them that of another language."""
    suffix = PurePosixPath(unquote(urlsplit(uri).path)).suffix
    if suffix in IR_SUFFIXES or (not suffix and language_id.lower() in _IR_IDS):
        return "llvm"
    if suffix in ASM_SUFFIXES or (not suffix and language_id.lower() in _ASM_IDS):
        return "asm"
    by_id = language_id.lower()
    return "llvm" if by_id in _IR_IDS else "asm" if by_id in _ASM_IDS else None
