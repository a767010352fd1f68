"""The files that assembly may include: regular ones whose true place is below a folder that was allowed."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence

from irlens.asm.includes import MOST_BYTES, Read, Unreadable


def reader(folders: Sequence[str]) -> Read:
    """Reads a name as an assembler would that runs in each of the folders in turn."""
    roots = [os.path.realpath(folder) for folder in folders]

    def read(name: str, most: int) -> bytes:
        outside = False
        for root in roots:
            try:
                place = os.path.realpath(os.path.join(root, name))
            except (OSError, ValueError):  # a NUL byte, a loop of links
                continue
            if not _is_below(place, roots):
                outside = True
            elif os.path.lexists(place):
                return _contents(place, name, most, roots)
        if outside:
            raise Unreadable(f'"{_shown(name)}" is not below the folder that is open. Move the file there.')
        raise Unreadable(
            f'There is no file "{_shown(name)}" below the folder that is open. Correct the name.'
        )

    return read


def _contents(place: str, name: str, most: int, roots: Sequence[str]) -> bytes:
    flags = (
        os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        descriptor = os.open(place, flags)
    except OSError as error:
        raise Unreadable(f'"{_shown(name)}" cannot be read ({error.strerror}). Check the file.') from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Unreadable(f'"{_shown(name)}" is no regular file. Name one that is.')
    with os.fdopen(descriptor, "rb") as file:
        # A folder of the path may have become a link since the path was looked at.
        opened = f"/proc/self/fd/{descriptor}"
        if os.path.islink(opened) and not _is_below(os.readlink(opened), roots):
            raise Unreadable(f'"{_shown(name)}" is not below the folder that is open. Move the file there.')
        try:
            contents = file.read(most + 1)
        except OSError as error:
            raise Unreadable(
                f'"{_shown(name)}" cannot be read ({error.strerror}). Check the file.'
            ) from error
    if len(contents) > most:
        raise Unreadable(f"The included files have more than {MOST_BYTES >> 20} MiB. Include less.")
    return contents


def _is_below(place: str, roots: Sequence[str]) -> bool:
    return any(place.startswith(os.path.join(root, "")) for root in roots)


def _shown(name: str) -> str:
    plain = "".join(character if character.isprintable() else "?" for character in name)
    return plain if len(plain) <= 80 else f"{plain[:80]}…"
