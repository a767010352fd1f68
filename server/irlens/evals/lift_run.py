"""What the evaluations share: a run over cases and models that shows how far it is, can be stopped and goes on.

Rows are written to DIR/NAME.part as they come, behind a first line that says what the run is of. The same
command goes on behind the last whole row; a different one starts anew. When all is done, DIR/NAME.json and
DIR/NAME.csv are written and the part goes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from irlens import files
from irlens import output as outputs
from irlens.cancel import CancelToken
from irlens.errors import UnusableInput
from irlens.escape import csv_cell
from irlens.model.types import ModelInfo

Row = dict[str, Any]
_MOST_BYTES = 1 << 30
"""Bytes of a part that is read again."""


class Informed(Protocol):
    def info(self) -> ModelInfo: ...


M = TypeVar("M", bound=Informed)
Progress = Callable[[str, float | None], None]


def label(info: ModelInfo) -> str:
    """How a model is called in a report: several files may have one name, and several servers."""
    at = f"at {info.device}" if info.path.lower().startswith(("http://", "https://")) else ""
    return " ".join(filter(None, (info.name, info.quantisation, info.sha256[:8], at)))


def fingerprint(values: object) -> str:
    """Of anything that JSON can hold."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def run_rows(
    name: str,
    head: Row,
    keys: Sequence[str],
    models: Sequence[M],
    ask: Callable[[int, M], Row],
    *,
    output: Path | None,
    cancel: CancelToken | None,
    progress: Progress,
) -> list[Row]:
    """Rows for every case (`keys[i]` names case i) and model, case by case, so that models are compared under
    the same load. Raises `UnusableInput` where a model is there twice, and `Cancelled`; what was done is then in the
    part."""
    part = output / f"{name}.part" if output is not None else None
    rows = begin(part, head)
    done = {(row["case"], row["model"]) for row in rows}
    labels = [label(model.info()) for model in models]
    if twice := [each for number, each in enumerate(labels) if each in labels[:number]]:
        raise UnusableInput(f"{twice[0]} is to be measured twice. Name each model once.")
    started, total = time.monotonic(), len(keys) * len(models)
    for number, key in enumerate(keys):
        for model, its in zip(models, labels, strict=True):
            if (key, its) in done:
                continue
            if cancel is not None:
                cancel.check()
            row = {"case": key, "model": its, **ask(number, model)}
            rows.append(row)
            if part is not None:
                append(part, row)
            progress(f"{name}: {len(rows)} of {total}, {time.monotonic() - started:.0f} s", len(rows) / total)
    return rows


def begin(part: Path | None, head: Row) -> list[Row]:
    """The rows of a run of the same kind that was stopped; else a new part. Raises `UnusableInput` where none can be
    made."""
    if part is None:
        return []
    first = json.dumps(head, sort_keys=True)
    with _writing(part):
        if part.exists() and part.stat().st_nlink > 1:
            raise UnusableInput(
                f"{part} is another file, too, by a hard link, which would be written. Delete it, or name another folder."
            )
        part.parent.mkdir(parents=True, exist_ok=True)
        try:
            lines = files.read_regular(part, _MOST_BYTES).decode("utf-8", "replace").splitlines()
        except FileNotFoundError:
            lines = []
        if not lines or lines[0] != first:
            outputs.write(part, first + "\n")
            return []
        rows = []
        for line in lines[1:]:
            try:
                rows.append(files.parse_json(line))
            except ValueError:
                break  # the row that was being written when the run was killed
        outputs.write(part, "".join(line + "\n" for line in [first, *map(json.dumps, rows)]))
    return rows


def append(part: Path, row: Row) -> None:
    """Add a row to the part. Raises `UnusableInput`."""
    with _writing(part), part.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def write(output: Path, name: str, report: Row) -> None:
    """DIR/NAME.json, the whole report, and DIR/NAME.csv, its `functions`; the part goes. Raises `UnusableInput`."""
    rows = report["functions"]
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, fieldnames=list(rows[0]) if rows else [])
    writer.writeheader()
    for row in rows:
        writer.writerow(
            {
                key: csv_cell(" ".join(map(str, value)) if isinstance(value, list) else value)
                for key, value in row.items()
            }
        )
    with _writing(output / f"{name}.csv"):
        outputs.write(output / f"{name}.csv", table.getvalue())
    with _writing(output / f"{name}.json"):
        outputs.write(output / f"{name}.json", json.dumps(report, indent=1) + "\n")
        (output / f"{name}.part").unlink(missing_ok=True)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """What the disk refuses becomes an error that says where and what to do; and so does a link in the folder that the user
    named, which leads to what the user did not."""
    if path.is_symlink():
        raise UnusableInput(
            f"{path}: it is a link, and in the folder of --output irlens writes through none. Delete it, or choose another "
            "folder."
        )
    try:
        yield
    except OSError as problem:
        raise UnusableInput(
            f"{path}: cannot be written ({problem.strerror or problem}). Make room there, or name another folder with "
            "--output; the rows that were written are kept."
        ) from problem
