"""What a compilation of a module with a pass list came to. Plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Ending = Literal["measured", "refused", "crashed", "late", "unrunnable"]


@dataclass(frozen=True)
class Measured:
    """Bytes of the object as Berkeley `size` counts them, `digest` of the object itself; `instructions` of the IR
    and `functions` (bytes by symbol) where they were asked for. `how` says how it ended: `refused` by LLVM,
    `crashed` or `late` with the process it ran in, `unrunnable` where nothing at hand has the passes; `why` says
    more, `stderr` has all that the process wrote as it ended. Only what was `measured` has numbers."""

    how: Ending
    text: int = 0
    data: int = 0
    digest: str = ""
    instructions: int = 0
    functions: dict[str, int] = field(default_factory=dict)
    why: str = ""
    stderr: str = ""

    @property
    def bytes(self) -> int:
        return self.text + self.data
