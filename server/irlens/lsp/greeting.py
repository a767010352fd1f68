"""Answer `initialize` before the language server is loaded.

Importing the LSP types builds some 550 classes and takes about 0.3 s; an editor shows nothing until its
`initialize` is answered. So the first message is read here with nothing but `json`, answered, and handed on:
the server, once loaded, gets it again with the order to keep quiet about it (`Greeting.answered`).
Anything else than a well-formed `initialize` is left for the server to deal with.
"""

from __future__ import annotations

import json
import os
import re
from typing import NamedTuple

from irlens.lsp.capabilities import initialize_result

_LENGTH = re.compile(rb"content-length:[ \t]*(\d+)[ \t]*\r?\n", re.IGNORECASE)
_END_OF_HEADER = b"\r\n\r\n"
_CHUNK = 1 << 16
_LARGEST_HEADER = 8192


class Greeting(NamedTuple):
    """`read`: every byte taken from the stream so far; `answered`: the id that has its reply, if any."""

    read: bytes
    answered: int | str | None = None


def greet(fd_in: int, fd_out: int) -> Greeting:
    """Read up to the end of the first message; answer it if it is `initialize`."""
    read = b""
    while (body := _first_body(read)) is None:
        data = os.read(fd_in, _CHUNK)
        read += data
        if not data or (_END_OF_HEADER not in read and len(read) > _LARGEST_HEADER):
            return Greeting(read)
    try:
        message = json.loads(body)
    except ValueError:
        return Greeting(read)
    if not _is_initialize(message):
        return Greeting(read)
    reply = {"jsonrpc": "2.0", "id": message["id"], "result": initialize_result(message["params"])}
    text = json.dumps(reply).encode()
    data = b"Content-Length: %d\r\n\r\n" % len(text) + text
    while data:
        data = data[os.write(fd_out, data) :]
    return Greeting(read, message["id"])


def _first_body(read: bytes) -> bytes | None:
    head, end, rest = read.partition(_END_OF_HEADER)
    length = _LENGTH.search(head + b"\r\n")
    if not end or length is None or len(rest) < int(length[1]):
        return None
    return rest[: int(length[1])]


def _is_initialize(message: object) -> bool:
    return (
        isinstance(message, dict)
        and message.get("jsonrpc") == "2.0"
        and message.get("method") == "initialize"
        and type(message.get("id")) in (int, str)
        and isinstance(message.get("params"), dict)
        # What the typed reader of the server would refuse must get its refusal from there.
        and isinstance(message["params"].get("capabilities"), dict)
    )
