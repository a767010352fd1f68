"""SECURITY.md names the test that shows each thing it promises: each is there, and each child is in its table."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_the_tests_that_the_page_names_are_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)
    assert len(named) > 20
    missing = []
    for path, test in named:
        file = ROOT / path
        if not file.is_file() or (test and f"def {test}(" not in file.read_text(encoding="utf-8")):
            missing.append(f"{path}::{test}")
    assert missing == []


def test_every_threat_has_a_test() -> None:
    table = PAGE.partition("## Threats")[2]
    rows = [line for line in table.splitlines() if line.startswith("| ") and "---" not in line][1:]
    assert len(rows) > 15
    assert [row for row in rows if "`tests/" not in row] == []


def test_the_files_that_the_page_names_are_there() -> None:
    named = re.findall(r"`(irlens/[\w/]+\.py)`", PAGE)
    assert named
    assert [path for path in named if not (ROOT / "server" / path).is_file()] == []
