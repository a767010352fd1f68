"""The bytes before, between and around messages: headers that lie, bodies that end early, strangers to the protocol.

A case is all that a server process ever reads. It has to answer an `initialize` that comes first, and to end in order
with its input: exit code 0 or 1, no traceback, nothing but messages on standard output.
"""

from __future__ import annotations

import json
import subprocess

from hypothesis import strategies as st

from fuzz.broken import Broken
from fuzz.client import Session, framed
from fuzz.messages import BODIES
from fuzz.sandbox import Sandbox

END_LIMIT_S = 60.0
_HELLO = framed(
    b'{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}'
)
_MESSAGES = [
    _HELLO,
    framed(b'{"jsonrpc":"2.0","method":"initialized","params":{}}'),
    framed(b'{"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":{}}'),
    framed(b'{"jsonrpc":"2.0","id":2,"method":"shutdown"}'),
    framed(b'{"jsonrpc":"2.0","method":"exit"}'),
]
_DIGITS = st.sampled_from(
    [
        b"0",
        b"-1",
        b"+5",
        b" 7 ",
        b"1e3",
        b"0x10",
        b"1_0",
        b"",
        b"9" * 19,
        b"9" * 4400,
        b"9" * 70000,
        "٣".encode(),
        b"5\x00",
    ]
)
_JUNK = st.sampled_from(
    [
        b"\r\n",
        b"\n\n\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
        b"Content-Length\r\n\r\n",
        b": \r\n",
        b"x" * 100_000,
        b"\x00" * 50,
        b"\xff\xfe\r\n\r\n",
    ]
) | st.binary(max_size=40)


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    piece = st.one_of(
        st.sampled_from(_MESSAGES),
        _JUNK,
        BODIES.map(framed),
        _DIGITS.map(lambda digits: b"Content-Length: " + digits + b"\r\n\r\n"),
        _DIGITS.map(lambda digits: b"content-length:" + digits + b"\n\n{}"),
    )
    pieces = draw(st.lists(piece, min_size=1, max_size=6))
    if draw(st.booleans()):
        pieces.insert(0, _HELLO)
    whole = b"".join(pieces)
    return whole[: draw(st.none() | st.integers(0, len(whole)))]


class Framing:
    """A new server for each case."""

    name = "framing"

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def cases(self) -> st.SearchStrategy[bytes]:
        return streams()

    def pieces(self, case: bytes) -> None:
        return None

    def check(self, case: bytes) -> None:
        session = Session(self._sandbox.environment(), self._sandbox.work)
        try:
            greeted = case.startswith(_HELLO)
            session.expect({json.dumps(0): "initialize"} if greeted else {}, allowed=None)
            session.write(case)
            session.hang_up()
            try:
                code = session.process.wait(END_LIMIT_S)
            except subprocess.TimeoutExpired:
                raise Broken("the server does not end with its input") from None
            session.ended()
            session.complaints()
            if code not in (0, 1):
                raise Broken(f"the server ends with {code}", "\n".join(session.log.last)[-2000:])
            if session.unanswered():
                raise Broken("an initialize that comes first has no answer", repr(case[:200]))
        finally:
            session.kill()

    def finish(self) -> dict[str, str]:
        return {}
