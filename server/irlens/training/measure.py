"""Measure models side by side on WORK's held-out functions: `irlens eval lift`, `predict` and `tune` in turn.

    python -m irlens.training.measure --work work server/irlens/data/irlens-small-q8_0.gguf work/irlens-small-q8_0.gguf

The results lie in WORK/eval.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from irlens.cli.main import EXIT_DONE
from irlens.cli.main import main as irlens


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure models on WORK's held-out functions")
    parser.add_argument("models", nargs="+", type=Path, metavar="MODEL.gguf")
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--cases", type=int, default=1000)
    options = parser.parse_args()
    side_by_side(options.work, options.models, options.cases)


def side_by_side(work: Path, models: Sequence[Path], cases: int) -> None:
    """Prints the three tables. Ends the process where the evaluation was interrupted or could not begin."""
    chosen = [word for model in models for word in ("--model", str(model))]
    for what in ("lift", "predict", "tune"):
        file = str(work / f"heldout-{what}.jsonl")
        code = irlens(["eval", what, file, *chosen, "-n", str(cases), "--output", str(work / "eval")])
        if code != EXIT_DONE:
            sys.exit(code)


if __name__ == "__main__":
    main()
