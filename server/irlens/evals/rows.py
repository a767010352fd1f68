"""Rows of an evaluation that are kept in a file of JSON lines, so that one that was stopped goes on where it was."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from irlens.errors import UnusableInput
from irlens.files import NotRegular, TooLarge, read_regular

_MOST_BYTES = 1 << 30
Row = dict[str, Any]


def refuse_links(folder: Path, *names: str) -> None:
    """Nothing of these names in the folder may lead elsewhere: whoever filled it may have meant another's file. Raises
    `UnusableInput`."""
    for name in names:
        if (folder / name).is_symlink():
            raise UnusableInput(
                f"{folder / name}: a link, which is not followed. Remove it, or name another folder."
            )


def read_rows(path: Path, form: Mapping[str, type]) -> list[Row]:
    """All rows, each with values of these types by name; none where there is no file. Raises `UnusableInput`."""
    if path.is_symlink():
        raise UnusableInput(f"{path}: a link, which is not followed. Remove it, or name another folder.")
    try:
        text = read_regular(path, _MOST_BYTES).decode("utf-8")
    except FileNotFoundError:
        return []
    except NotRegular as error:
        raise UnusableInput(
            f"{path}: not a file but {error.kind}. Remove it, or name another folder."
        ) from None
    except (TooLarge, OSError, ValueError):
        raise UnusableInput(f"{path}: its rows cannot be read. Remove it, or name another folder.") from None
    rows = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line:
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict) or any(
            not isinstance(row.get(name), kind) for name, kind in form.items()
        ):
            raise UnusableInput(
                f"{path}:{number}: not a row of this evaluation. Remove the file, or name another folder."
            )
        rows.append(row)
    return rows


def append_rows(path: Path, rows: Sequence[Row]) -> None:
    """Put rows at the end of the file, which is made where there is none; no link is followed. Raises `OSError`."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, 0o666), "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
