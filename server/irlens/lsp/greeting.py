"""Answer `initialize` before the language server is loaded.

Importing the LSP types builds some 550 classes and takes about 0.3 s; an editor shows nothing until its
`initialize` is answered. So the first message is read here with nothing but `json`, answered, and handed on:
the server, once loaded, gets it again with the order to keep quiet about it (`Greeting.answered`).
Anything else than a well-formed `initialize` is left for the server to deal with.
"""

from __future__ import annotations

import json
import os
from typing import NamedTuple

from irlens.lsp.capabilities import initialize_result
from irlens.lsp.framing import LARGEST_BODY, Head, Unframed, read_json

_CHUNK = 1 << 16
_LARGEST_HEADER = 8192


class Greeting(NamedTuple):
    """`read`: every byte taken from the stream so far; `answered`: the id that has its reply, if any."""

    read: bytes
    answered: int | str | None = None


def greet(fd_in: int, fd_out: int) -> Greeting:
    """Read up to the end of the first message; answer it if it is `initialize`."""
    read = bytearray()
    first = _FirstBody()
    while (body := first.of(read)) is None:
        if first.is_for_the_server or not (data := os.read(fd_in, _CHUNK)):
            return Greeting(bytes(read))
        read += data
    try:
        message = read_json(body)
        if not _is_initialize(message):
            return Greeting(bytes(read))
        reply = {"jsonrpc": "2.0", "id": message["id"], "result": initialize_result(message["params"])}
        text = json.dumps(reply).encode()
    except Exception:  # too deep, not JSON, not UTF-8: the server has the words for it
        return Greeting(bytes(read))
    data = b"Content-Length: %d\r\n\r\n" % len(text) + text
    while data:
        data = data[os.write(fd_out, data) :]
    return Greeting(bytes(read), message["id"])


class _FirstBody:
    """Finds the first body in what was read so far; looks at each byte of the header once."""

    def __init__(self) -> None:
        self.is_for_the_server = False
        """Whether there is something about the frame that the server must deal with."""
        self._head = Head(strict=False)
        self._at = 0
        self._complete = False

    def of(self, read: bytearray) -> bytes | None:
        """The body when all of it has come."""
        while not self._complete:
            end = read.find(b"\n", self._at)
            if end < 0 or end > _LARGEST_HEADER:
                self.is_for_the_server = end > _LARGEST_HEADER or len(read) > _LARGEST_HEADER
                return None
            try:
                self._complete = self._head.take(bytes(read[self._at : end + 1]))
            except Unframed:
                self.is_for_the_server = True
                return None
            self._at = end + 1
        length = self._head.length or 0
        self.is_for_the_server = length > LARGEST_BODY
        if self.is_for_the_server or len(read) - self._at < length:
            return None
        return bytes(read[self._at : self._at + length])


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
