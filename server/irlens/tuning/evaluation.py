"""One pass list on one module, as the search sees it. Plain data."""

from __future__ import annotations

from dataclasses import dataclass

from irlens.llvm.measured import Ending


@dataclass(frozen=True)
class Evaluation:
    """`value` is what the objective makes small, None where there is none; `bytes` and `digest` are of the object.
    `how` and `why` as in `Measured`; "forbidden" lists were not run, "cut" ones had no time to end."""

    passes: str
    value: int | None
    bytes: int = 0
    digest: str = ""
    how: Ending | str = "measured"
    why: str = ""


class Strategy:
    """Chooses what is measured next. Fed with every result, in the order in which it asked."""

    def propose(self, most: int) -> list[str]:
        """At most so many lists, none that was asked before; [] when there is nothing more to try."""
        raise NotImplementedError

    def learn(self, results: list[Evaluation]) -> None:
        """Take in what became of the lists that were proposed last."""
