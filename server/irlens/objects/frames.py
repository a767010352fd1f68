"""Where functions are by a linked file's unwind table, which `strip` leaves. Bytes in, places out.

Source: Linux Standard Base Core 5.0, chapter 10.6 ("Exception Frames"), and DWARF 4 section 6.4.1 for the augmentation.
"""

from __future__ import annotations

import struct

from irlens.objects.elf import ObjectFile, Section

MOST_FRAMES = 100_000
_FORMATS = {0x00: "<Q", 0x03: "<I", 0x04: "<Q", 0x0B: "<i", 0x0C: "<q"}
_PC_RELATIVE = 0x10


def extents(file: ObjectFile) -> list[tuple[int, int]]:
    """Address and size in bytes of each piece of code that the table describes, at most `MOST_FRAMES` in the order of
    their addresses. A table that cannot be read ends where that is seen."""
    section = next((s for s in file.sections if s.name == ".eh_frame" and s.data), None)
    if section is None:
        return []
    found: dict[int, int] = {}
    try:
        _read(section, found)
    except (struct.error, IndexError):
        pass  # what was read before it stands
    return sorted(found.items())


def _read(section: Section, found: dict[int, int]) -> None:
    data, at = section.data, 0
    encodings: dict[int, int | None] = {}
    while at + 8 <= len(data) and len(found) < MOST_FRAMES:
        length, back = struct.unpack_from("<II", data, at)
        if length in (0, 0xFFFFFFFF):  # the end, or one of 4 GiB and more
            return
        start, end = at + 4, at + 4 + length
        if back == 0:
            encodings[at] = _encoding(data, at + 8)
        elif (encoding := encodings.get(start - back)) is not None:
            kind = _FORMATS[encoding & 0x0F]
            place = start + 4
            (address,) = struct.unpack_from(kind, data, place)
            (size,) = struct.unpack_from(kind, data, place + struct.calcsize(kind))
            if encoding & _PC_RELATIVE:
                address += section.address + place
            if address > 0 and size > 0:
                found[address] = size
        at = end


def _encoding(data: bytes, at: int) -> int | None:
    """How the entries of a kind write addresses; None where it is none of the ways that compilers have."""
    version = data[at]
    end = data.index(0, at + 1) if 0 in data[at + 1 : at + 32] else at
    augmentation = data[at + 1 : end]
    at = end + 1
    for _ in range(2):
        at = _behind_number(data, at)
    at = at + 1 if version == 1 else _behind_number(data, at)
    if not augmentation.startswith(b"z"):
        return 0 if augmentation == b"" else None
    at = _behind_number(data, at)
    for mark in augmentation[1:]:
        if mark == ord("R"):
            encoding = data[at]
            known = encoding & 0x0F in _FORMATS and encoding & 0xF0 in (0, _PC_RELATIVE)
            return encoding if known else None
        if mark == ord("P"):
            kind = _FORMATS.get(data[at] & 0x0F)
            if kind is None:
                return None
            at += 1 + struct.calcsize(kind)
        elif mark == ord("L"):
            at += 1
        elif mark not in b"SBG":
            return None
    return 0


def _behind_number(data: bytes, at: int) -> int:
    """The place behind a number in LEB128."""
    while data[at] & 0x80:
        at += 1
    return at + 1
