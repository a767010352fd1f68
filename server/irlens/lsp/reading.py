"""Message bodies off a stream, within the limits of `framing`. Loop thread only."""

from __future__ import annotations

import asyncio

from irlens.lsp.framing import LARGEST_BODY, Head, Unframed

_CHUNK = 1 << 16


class TooLarge(Exception):
    """A body is not read. The text says how large it is."""


async def next_body(
    reader: asyncio.StreamReader, *, strict: bool, largest: int = LARGEST_BODY, passes_over: bool = True
) -> bytes | None:
    """The next message's body; None at the end of the stream.

    Raises `Unframed` where nobody can tell where the next message begins, `TooLarge` after one that was passed over,
    or, without `passes_over`, before one that would have to be.
    """
    head = Head(strict=strict)
    while True:
        try:
            line = await reader.readline()
        except ValueError:  # a line longer than any header: the reader has dropped it
            if strict:
                raise Unframed("a line longer than any header of LSP") from None
            continue
        if not line:
            return None
        if head.take(line):
            break
    length = head.length or 0
    if length > largest:
        if passes_over:
            await _pass_over(reader, length)
        raise TooLarge(f"a message of {length:,} bytes, and {largest:,} is the most that is read")
    try:
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError:
        return None


async def _pass_over(reader: asyncio.StreamReader, length: int) -> None:
    while length > 0 and (data := await reader.read(min(length, _CHUNK))):
        length -= len(data)
