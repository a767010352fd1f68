"""An object or program as a listing to read and to lift from. The file is read here; a confined child takes it apart, and
nothing of it is run."""

from __future__ import annotations

from pathlib import Path

from irlens.cancel import CancelToken
from irlens.errors import UnusableInput
from irlens.files import NotRegular, TooLarge, read_regular
from irlens.llvm.demangle import find_name
from irlens.mechanical.client import MechanicalLifter
from irlens.objects.listing import Listing

MAX_BYTES = 64 << 20
"""Larger files are refused."""


def disassemble(
    path: Path, first: str | None, lifter: MechanicalLifter, cancel: CancelToken | None = None
) -> Listing:
    """`first` is the function (its symbol, its readable name, an address such as 0x1139) that the listing of a program
    begins with. Raises `UnusableInput`, which begins with the file's name, and `Cancelled`."""
    try:
        raw = read_regular(path, MAX_BYTES)
    except NotRegular as error:
        raise UnusableInput(
            f"{path.name}: not a file but {error.kind}. Choose an object or a program."
        ) from None
    except TooLarge as error:
        raise UnusableInput(
            f"{path.name}: {error.size:,} bytes is over the limit of {MAX_BYTES:,}. "
            "Choose a smaller file, such as one of its objects."
        ) from None
    except OSError as error:
        raise UnusableInput(
            f"{path.name}: cannot be read ({error.strerror or error}). Check the name and its permissions."
        ) from error
    try:
        if first is not None:
            first = find_name(first, lifter.functions_of(raw, cancel), cancel) or first
        return lifter.listing_of(raw, first, cancel)
    except UnusableInput as error:
        raise UnusableInput(f"{path.name}: {error}") from None
