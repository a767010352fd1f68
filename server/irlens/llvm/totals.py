"""Text and data of an ELF object without reading more than its section headers. Bytes in, two numbers out.

What `objects.sizes` counts, for a search that measures thousands of objects: pyelftools takes as long for one as
LLVM takes to make it.
"""

from __future__ import annotations

import hashlib
import struct
from typing import Any

from irlens.llvm.objects import SHF_ALLOC, SHF_EXECINSTR, SHF_WRITE, NotAnObject, not_elf, sizes

_NULL, _NOBITS = 0, 8
_64 = ("Q", 0x28, 0x3A, "IIQQQQIIQQ")  # word of e_shoff, its place, place of e_shentsize, a section header
_32 = ("I", 0x20, 0x2E, "IIIIIIIIII")


def totals(data: bytes) -> tuple[int, int]:
    """Bytes of text and of data, as Berkeley `size` counts them. Raises `NotAnObject`."""
    if data[:4] != b"\x7fELF":
        raise not_elf(data)
    if len(data) < 64 or data[4] not in (1, 2) or data[5] not in (1, 2):
        raise _unreadable("its header is no header")
    word, at_offset, at_size, header = _64 if data[4] == 2 else _32
    order = "<" if data[5] == 1 else ">"
    (offset,) = struct.unpack_from(order + word, data, at_offset)
    size, count = struct.unpack_from(order + "HH", data, at_size)
    section = struct.Struct(order + header)
    if count == 0 and offset:  # more sections than fit in 16 bits: the first header says how many
        if offset + section.size > len(data):
            raise _unreadable("it is cut off")
        count = section.unpack_from(data, offset)[5]
    if count and (size < section.size or offset + count * size > len(data)):
        raise _unreadable("it is cut off")
    text = dataword = 0
    for number in range(count):
        _, kind, flags, _, place, bytes_, *_ = section.unpack_from(data, offset + number * size)
        if kind not in (_NULL, _NOBITS) and place + bytes_ > len(data):
            raise _unreadable("it is cut off")
        if not flags & SHF_ALLOC:
            continue
        if flags & SHF_EXECINSTR or not flags & SHF_WRITE:
            text += bytes_
        elif kind != _NOBITS:
            dataword += bytes_
    return text, dataword


def _unreadable(why: str) -> NotAnObject:
    return NotAnObject(f"this ELF object cannot be read ({why}); make it again")


def facts(made: bytes, functions: bool) -> dict[str, Any]:
    """What a worker tells of an object that it measured: `text`, `data`, `digest`, on wish `functions`.
    Raises `NotAnObject`."""
    text, data = totals(made)
    found = {"text": text, "data": data, "digest": hashlib.blake2b(made, digest_size=8).hexdigest()}
    return {**found, "functions": sizes(made).functions} if functions else found
