"""Random pass lists as the paper drew them for compiler emulation: 1 to 50 of its 167 passes, each in a list of its own
level (Meta Large Language Model Compiler, section 2.2 and its Table 9, which `paper_passes.json` holds).

The table prints `instcombine` twice, and `guard-widening` for functions and for loops; both are kept as printed. How the
paper nests loop passes is not known; here as every LLVM takes them, within `function(...)`.
"""

from __future__ import annotations

import json
import random
from functools import cache
from pkgutil import get_data

MOST = 50
_LEVELS = {"O0", "O1", "O2", "O3", "Os", "Oz"}
_SHAPES = {
    "module": "module({})",
    "cgscc": "cgscc({})",
    "function": "function({})",
    "loop": "function(loop({}))",
    "loop-mssa": "function(loop-mssa({}))",
}


@cache
def passes() -> tuple[tuple[str, str], ...]:
    """Every row of the table: level and name."""
    table = json.loads(get_data("irlens.evals", "paper_passes.json") or b"{}")
    return tuple((level, name) for level, names in table.items() for name in names)


def random_list(rng: random.Random) -> str:
    """A list that nobody has tried: LLVM may refuse it, crash on it or take long, which the paper dropped."""
    return ",".join(_wrapped(*rng.choice(passes())) for _ in range(rng.randint(1, MOST)))


def _wrapped(level: str, name: str) -> str:
    return _SHAPES[level].format(f"default<{name}>" if name in _LEVELS else name)
