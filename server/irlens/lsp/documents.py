"""The open documents as immutable snapshots. Loop thread only; a snapshot may go anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls.uris import to_fs_path

from irlens.lsp import convert
from irlens.source.edits import apply_changes
from irlens.source.snapshot import DocumentSnapshot, Language

IR_SUFFIXES = (".ll",)
ASM_SUFFIXES = (".s", ".S", ".asm")
_IR_IDS = ("llvm", "ll", "llvm-ir", "llvmir")
_ASM_IDS = ("asm", "assembly", "gas", "s", "vmasm", "arm", "arm64", "asm-intel-x86-generic")
REMEDY = "Save the file, or close it and open it again"
_MOST_LOST = 1000
"""Documents that can be lost at once: a client that changes what it never opened shall not fill the memory."""


@dataclass
class _Lost:
    """A document whose text is not known any more; the last version that was heard of."""

    language: Language
    version: int


class Documents:
    """What the client has open, by URI. Files in a language that irlens does not know are not kept.

    A document is *lost* when a change to it could not be made: the editor's text is another one from then on. It has
    no snapshot until its whole text comes again, since any answer from the old text might be wrong.
    """

    def __init__(self) -> None:
        self._open: dict[str, DocumentSnapshot] = {}
        self._lost: dict[str, _Lost] = {}

    def __iter__(self) -> Iterator[DocumentSnapshot]:
        return iter(tuple(self._open.values()))

    def __contains__(self, uri: str) -> bool:
        """Whether the client has it open; its text need not be known."""
        return uri in self._open or uri in self._lost

    def get(self, uri: str) -> DocumentSnapshot | None:
        return self._open.get(uri)

    def is_lost(self, uri: str) -> bool:
        return uri in self._lost

    def missing(self, uri: str) -> str:
        """Why there is no text to work on, and what to do."""
        if uri in self._lost:
            return f"{name_of(uri)}: irlens is out of step with the editor's text. {REMEDY}, then try again."
        return "The file is not open. Open it and try again."

    def current(self, snapshot: DocumentSnapshot) -> bool:
        """Whether this is still what the client has."""
        now = self._open.get(snapshot.uri)
        return now is snapshot or (
            now is not None and now.version == snapshot.version and now.text == snapshot.text
        )

    def open(self, item: types.TextDocumentItem) -> DocumentSnapshot | None:
        language = language_of(item.uri, item.language_id)
        if language is None:
            return None
        return self._found(DocumentSnapshot(item.uri, item.version, language, item.text))

    def change(
        self,
        uri: str,
        version: int,
        changes: Sequence[types.TextDocumentContentChangeEvent],
        encoding: str,
    ) -> DocumentSnapshot | None:
        """Apply the changes one after the other, as LSP wants it. None where the text is not known.

        Raises `Unfollowable` where they cannot be applied, which leaves the text as it was: the caller loses it then.
        """
        made = convert.client_changes(changes)
        snapshot = self._open.get(uri)
        if snapshot is None:
            lost = self._lost.get(uri)
            if lost is None:
                return None
            lost.version = version
            if all(change.range is not None for change in made):
                return None
            snapshot = DocumentSnapshot(uri, version, lost.language, "")
            # What stands before a whole text speaks of one that is not known.
            made = made[next(at for at, change in enumerate(made) if change.range is None) :]
        return self._found(apply_changes(snapshot, made, version, encoding))

    def save(self, uri: str, text: str | None) -> DocumentSnapshot | None:
        """The document as it was saved. One that was lost is found again where its text came along."""
        lost = self._lost.get(uri)
        if lost is not None and text is not None:
            return self._found(DocumentSnapshot(uri, lost.version, lost.language, text))
        return self._open.get(uri)

    def lose(self, uri: str) -> bool:
        """The text is not known from now on; false where that is no news, or the language is none of ours."""
        snapshot = self._open.pop(uri, None)
        language = language_of(uri) if snapshot is None else snapshot.language
        if language is None or uri in self._lost or len(self._lost) >= _MOST_LOST:
            return False
        self._lost[uri] = _Lost(language, 0 if snapshot is None else snapshot.version)
        return True

    def close(self, uri: str) -> None:
        self._open.pop(uri, None)
        self._lost.pop(uri, None)

    def _found(self, snapshot: DocumentSnapshot) -> DocumentSnapshot:
        self._lost.pop(snapshot.uri, None)
        self._open[snapshot.uri] = snapshot
        return snapshot


def name_of(uri: str) -> str:
    """The file's name, to show."""
    return PurePosixPath(unquote(_path(uri))).name or uri[:80]


def path_of(uri: str) -> str | None:
    """The file's path; None where the URI, which may be any text, is of no file."""
    try:
        return to_fs_path(uri)
    except ValueError:
        return None


def file_of(uri: str) -> str | None:
    """The path of a file on this machine's disks; None for any other URI."""
    try:
        is_file = urlsplit(uri).scheme == "file"
    except ValueError:
        return None
    return (path_of(uri) or None) if is_file and "\0" not in unquote(uri) else None


def _path(uri: str) -> str:
    try:
        return urlsplit(uri).path
    except ValueError:  # a client may call a text what it likes
        return uri


def language_of(uri: str, language_id: str = "") -> Language | None:
    """By the file's name first: editors know `.ll` under many ids, one of them that of another language."""
    suffix = PurePosixPath(unquote(_path(uri))).suffix
    if suffix in IR_SUFFIXES or (not suffix and language_id.lower() in _IR_IDS):
        return "llvm"
    if suffix in ASM_SUFFIXES or (not suffix and language_id.lower() in _ASM_IDS):
        return "asm"
    by_id = language_id.lower()
    return "llvm" if by_id in _IR_IDS else "asm" if by_id in _ASM_IDS else None
