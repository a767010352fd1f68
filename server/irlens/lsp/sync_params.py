"""Whether a message about a document's text can be followed to the letter.

The typed reader turns what it gets into what it wants (5 into "5", 1.5 into 1), which elsewhere does no harm.
Here it would leave the server with another text than the editor's, and nobody would know.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lsprotocol import types

METHODS = frozenset(
    {
        types.TEXT_DOCUMENT_DID_OPEN,
        types.TEXT_DOCUMENT_DID_CHANGE,
        types.TEXT_DOCUMENT_DID_CLOSE,
        types.TEXT_DOCUMENT_DID_SAVE,
    }
)
_LARGEST = (1 << 31) - 1
"""The largest line, column and version of LSP."""


def check(method: str, params: Any) -> None:
    """Raise `ValueError`, which says what was seen, unless `params` have the very types that LSP asks for."""
    document = _object(params, "textDocument")
    _text(document, "uri")
    if method == types.TEXT_DOCUMENT_DID_OPEN:
        _text(document, "text")
        _text(document, "languageId")
        _whole(document, "version", least=-_LARGEST - 1)
    elif method == types.TEXT_DOCUMENT_DID_CHANGE:
        _whole(document, "version", least=-_LARGEST - 1)
        for change in _changes(params):
            _text(change, "text")
            if change.get("range") is not None:
                span = _object(change, "range")
                for end in ("start", "end"):
                    for part in ("line", "character"):
                        _whole(_object(span, end), part, least=0)
    elif method == types.TEXT_DOCUMENT_DID_SAVE and params.get("text") is not None:
        _text(params, "text")


def uri_of(params: Any) -> str | None:
    """The document that unreadable parameters are about, where at least that can be told."""
    document = params.get("textDocument") if isinstance(params, dict) else None
    uri = document.get("uri") if isinstance(document, dict) else None
    return uri if isinstance(uri, str) else None


def _changes(params: dict[str, Any]) -> Iterator[dict[str, Any]]:
    changes = params.get("contentChanges")
    if not isinstance(changes, list):
        raise ValueError("contentChanges is no list")
    for change in changes:
        if not isinstance(change, dict):
            raise ValueError("a content change is no object")
        yield change


def _object(value: Any, name: str) -> dict[str, Any]:
    inner = value.get(name) if isinstance(value, dict) else None
    if not isinstance(inner, dict):
        raise ValueError(f"{name} is no object")
    return inner


def _text(value: dict[str, Any], name: str) -> None:
    if not isinstance(value.get(name), str):
        raise ValueError(f"{name} is no text")


def _whole(value: dict[str, Any], name: str, *, least: int) -> None:
    number = value.get(name)
    # A whole number may be written as 5.0: some clients know no integers.
    if isinstance(number, float) and number.is_integer():
        value[name] = number = int(number)
    if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= _LARGEST:
        shown = str(number) if isinstance(number, int | float) and abs(number) < 1e15 else "no such number"
        raise ValueError(f"{name} is {shown}, and a whole number from {least} to {_LARGEST} is wanted")
