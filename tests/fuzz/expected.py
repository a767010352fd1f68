"""What a server that keeps the rules makes of a stretch of a session, read off the bytes themselves.

Written after JSON-RPC and LSP, not after irlens.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from fuzz.client import key_of

GOOD = "file:///fuzz/good-"
"""Documents to which only valid messages are sent: what is published of them is judged."""
OPEN, CHANGE, CLOSE = "textDocument/didOpen", "textDocument/didChange", "textDocument/didClose"
CHANGES = b"didChange"
"""A body that cannot be read and holds this may have been a change of any document: whoever serves them has to say so
and to wait for whole texts, so nothing is known of what is published then."""
_LENGTH = re.compile(rb"content-length:[ \t]*(\d{1,12})[ \t]*\r?\n", re.IGNORECASE)
_PLAIN_DEPTH = 90


@dataclass
class Expected:
    """What must come back for a stretch. `requests`: key and method of those with exactly one reply; `either`:
    keys of messages that are answered under their id or under null; `allowed`: keys that may be answered."""

    requests: dict[str, str] = field(default_factory=dict)
    either: Counter[str] = field(default_factory=Counter)
    allowed: Counter[str] = field(default_factory=Counter)
    versions: dict[str, int] = field(default_factory=dict)
    """The last version of each open document of those that only valid messages touch."""
    opened: set[str] = field(default_factory=set)
    count: int = 0


def frames(stream: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Header and body of each message of a well-framed stream. A message may have more than one header block."""
    began = at = 0
    while (end := stream.find(b"\r\n\r\n", at)) >= 0:
        lengths = _LENGTH.findall(stream, at, end + 2)
        at = end + 4
        if lengths:
            yield stream[began:at], stream[at : at + int(lengths[-1])]
            began = at = at + int(lengths[-1])


def expected(stream: bytes) -> Expected:
    """What a server that keeps the rules answers."""
    found = Expected()
    is_judged = True
    for _, body in frames(stream):
        found.count += 1
        is_judged = is_judged and (CHANGES not in body or is_plain(body))
        try:
            message = json.loads(body)
        except (ValueError, RecursionError):
            continue
        if isinstance(message, list):
            found.allowed.update(
                key_of(one["id"]) for one in message if isinstance(one, dict) and "id" in one
            )
        elif isinstance(message, dict):
            _one(message, is_plain(body), found)
    if not is_judged:
        found.versions = {}
    return found


def is_plain(body: bytes) -> bool:
    """Whether every server reads it: JSON by the letter (Python reads NaN too), not nested deep. What is not may be
    refused without its id, as JSON-RPC wants it."""

    def refuse(name: str) -> None:
        raise ValueError(name)

    try:
        values = [json.loads(body, parse_constant=refuse)]
    except (ValueError, RecursionError):
        return False
    depth = 0
    while values and depth <= _PLAIN_DEPTH:
        depth += 1
        values = [inner for value in values for inner in _inner(value)]
    return not values


def _inner(value: object) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _one(message: dict[str, Any], plain: bool, found: Expected) -> None:
    method, msg_id = message.get("method"), message.get("id")
    if msg_id is not None and "method" in message:
        key = key_of(msg_id)
        is_request = (
            message.get("jsonrpc") == "2.0" and isinstance(method, str) and type(msg_id) in (int, str)
        )
        if is_request and plain:
            found.requests[key] = str(method)
        else:
            found.either[key] += 1
            found.allowed[key] += 1
    elif msg_id is not None:
        found.allowed[key_of(msg_id)] += 1
    document = (
        message.get("params", {}).get("textDocument") if isinstance(message.get("params"), dict) else None
    )
    if msg_id is None and isinstance(document, dict) and isinstance(uri := document.get("uri"), str):
        if method == OPEN:
            found.opened.add(uri)
        if method in (OPEN, CHANGE) and uri in found.opened and uri.startswith(GOOD):
            found.versions[uri] = document["version"]
        elif method == CLOSE:
            found.versions.pop(uri, None)
            found.opened.discard(uri)
