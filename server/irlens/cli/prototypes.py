"""The prototypes that a user gives: `--prototype` and `--prototypes`."""

from __future__ import annotations

import argparse
from pathlib import Path

from irlens.errors import UnusableInput
from irlens.files import NotRegular, TooLarge, read_regular
from irlens.prototypes.declared import Known, declared_in

_MOST_BYTES = 4 << 20


def declared_by(arguments: argparse.Namespace, triple: str) -> Known:
    """What was said, for the target; an option's word counts more than the file's. Raises `UnusableInput` with the option."""
    found: Known = {}
    if arguments.prototypes is not None:
        found |= _declared(f"--prototypes {arguments.prototypes}", _text(arguments.prototypes), triple)
    shared = "" if arguments.prototypes is None else _text(arguments.prototypes)
    for text in arguments.prototype:
        # A prototype may name the types of the file.
        its = _declared(f"--prototype '{text}'", f"{shared}\n{text}" if shared else text, triple)
        found |= {name: one for name, one in its.items() if name not in found or found[name] != one}
    return found


def _declared(option: str, text: str, triple: str) -> Known:
    try:
        return declared_in(text, triple)
    except UnusableInput as error:
        raise UnusableInput(f"{option}: {error}") from None


def _text(path: str) -> str:
    try:
        return read_regular(Path(path), _MOST_BYTES).decode("utf-8", "replace")
    except NotRegular as error:
        raise UnusableInput(f"{path}: not a file but {error.kind}. Give a file of C declarations.") from None
    except TooLarge as error:
        raise UnusableInput(
            f"{path}: {error.size:,} bytes is over the limit of {_MOST_BYTES:,}. "
            "Give the declarations that matter."
        ) from None
    except FileNotFoundError:
        raise UnusableInput(f"{path}: there is no such file. Check the name.") from None
    except OSError as error:
        raise UnusableInput(f"{path}: cannot be read ({error.strerror or error}). Check the name.") from None
