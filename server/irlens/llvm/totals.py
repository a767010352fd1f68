"""Text and data of an ELF object without reading more than its section headers. Bytes in, two numbers out.

What `objects.sizes` counts, for a search that measures thousands of objects: pyelftools takes as long for one as
LLVM takes to make it.
"""

from __future__ import annotations

import hashlib
import struct
from typing import Any

from irlens.llvm.objects import SHF_ALLOC, SHF_EXECINSTR, SHF_WRITE, NotAnObject, sizes

_NOBITS = 8
_64 = ("Q", 0x28, 0x3A, "IIQQQQIIQQ")  # word of e_shoff, its place, place of e_shentsize, a section header
_32 = ("I", 0x20, 0x2E, "IIIIIIIIII")


def totals(data: bytes) -> tuple[int, int]:
    """Bytes of text and of data, as Berkeley `size` counts them. Raises `NotAnObject`."""
    if data[:4] != b"\x7fELF" or len(data) < 64:
        raise NotAnObject("sizes are measured in ELF objects only; use a Linux or other ELF target triple")
    word, at_offset, at_size, header = _64 if data[4] == 2 else _32
    order = "<" if data[5] == 1 else ">"
    try:
        (offset,) = struct.unpack_from(order + word, data, at_offset)
        size, count = struct.unpack_from(order + "HH", data, at_size)
        section = struct.Struct(order + header)
        if count == 0 and offset:  # more sections than fit in 16 bits: the first header says how many
            count = section.unpack_from(data, offset)[5]
        text = dataword = 0
        for number in range(count):
            _, kind, flags, _, _, bytes_, *_ = section.unpack_from(data, offset + number * size)
            if not flags & SHF_ALLOC:
                continue
            if flags & SHF_EXECINSTR or not flags & SHF_WRITE:
                text += bytes_
            elif kind != _NOBITS:
                dataword += bytes_
    except struct.error as error:
        raise NotAnObject(f"this ELF object cannot be read ({error}); make it again") from error
    return text, dataword


def facts(made: bytes, functions: bool) -> dict[str, Any]:
    """What a worker tells of an object that it measured: `text`, `data`, `digest`, on wish `functions`.
    Raises `NotAnObject`."""
    text, data = totals(made)
    found = {"text": text, "data": data, "digest": hashlib.blake2b(made, digest_size=8).hexdigest()}
    return {**found, "functions": sizes(made).functions} if functions else found
