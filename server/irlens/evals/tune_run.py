"""Rows of an evaluation whose cases are done side by side: written as they come, kept for a run that goes on."""

from __future__ import annotations

from pathlib import Path

from irlens.evals.lift_run import Row, append, begin


class Rows:
    """`rows` so far; `done` are their cases. With an `output` folder they are in NAME.part there."""

    def __init__(self, name: str, head: Row, output: Path | None) -> None:
        self._part = output / f"{name}.part" if output is not None else None
        self.rows = begin(self._part, head)

    @property
    def done(self) -> set[str]:
        return {row["case"] for row in self.rows}

    def add(self, row: Row) -> None:
        self.rows.append(row)
        if self._part is not None:
            append(self._part, row)
