"""The manual's commands are ones that irlens takes, and its figures of the embedded model those of the committed runs."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from irlens.cli.arguments import parser

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs" / "evaluation.md").read_text()
RESULTS = ROOT / "examples" / "eval" / "results"
COMMANDS = re.findall(
    r"^    (irlens eval .* --.*|irlens model pull .*)$", MANUAL.replace("\\\n", ""), re.MULTILINE
)


def test_there_are_commands() -> None:
    assert len(COMMANDS) >= 8


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_manual_parses(command: str) -> None:
    parser().parse_args(shlex.split(command, comments=True)[1:])


def row(start: str) -> list[str]:
    (line,) = [line for line in MANUAL.splitlines() if line.startswith(f"| {start}")]
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def test_table_5_is_the_committed_run() -> None:
    report = json.loads((RESULTS / "eval-lift.json").read_text())
    for start, its in zip(
        ("here: embedded, `examples/eval`", "here: mechanical lift, the same"), report["table5"], strict=True
    ):
        lines = [line for line in MANUAL.splitlines() if line.startswith(f"| {start}")]
        cells = [cell.strip() for cell in lines[0].strip("|").split("|")][1:]
        share = f"{its['of_prompts']:g}"
        assert cells == [
            str(its["prompts"]),
            f"{its['round_trips']} ({share} %)",
            f"{its['round_trip_bleu']:.3f}",
            f"{its['exact_of_prompts']} %",
            f"{its['exact_of_round_trips']} %",
        ]


def test_table_7_is_the_committed_run() -> None:
    (its,) = json.loads((RESULTS / "eval-predict.json").read_text())["table7"]
    assert row("here: embedded, ten fixed pipelines") == [
        str(its["prompts"]),
        f"{its['compiles_of_prompts']} %",
        f"{its['exact_of_prompts']} %",
        "not asked",
    ]
