"""The cases of `tests/cases/real-files.jsonl`: each command says what a user needs, and never what is not so."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from irlens.llvm import assemblers, opt
from support.cases import CASES, Said, faults, run, write

SECONDS = 100
MISSING = {
    "gnu-as": None if assemblers.find_gnu("x86_64-unknown-linux-gnu") else "no GNU as for x86-64",
    "arm-as": None
    if any(tool.kind != "GNU as" for tool in assemblers.find("aarch64-unknown-linux-gnu"))
    else "no llvm-mc or clang for AArch64",
    "opt": None if opt.usable(None) else "no opt",
}
Key = tuple[str, int]


def marks(command: dict[str, Any]) -> list[pytest.MarkDecorator]:
    why = MISSING[command["needs"]] if "needs" in command else None
    return [pytest.mark.skip(reason=why)] if why else []


COMMANDS = [
    (name, number, command) for name, case in CASES.items() for number, command in enumerate(case["commands"])
]
RIGHT = [pytest.param(name, number, id=f"{name}-{number}", marks=marks(c)) for name, number, c in COMMANDS]
WRONG = [
    pytest.param(
        name,
        number,
        wanted,
        id=f"{name}-{number}-{place}",
        marks=[*marks(c), pytest.mark.xfail(reason=wanted["why"], strict=True, raises=AssertionError)],
    )
    for name, number, c in COMMANDS
    for place, wanted in enumerate(c.get("not_yet", ()))
]


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Key, Future[Said]]]:
    """The outcomes of the commands that the selected tests ask for: two run at a time, while the first are judged."""
    chosen: dict[Key, None] = {}
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.module is request.module:
            given = item.callspec.params
            if not item.get_closest_marker("skip"):
                chosen[given["name"], given["number"]] = None
    root = tmp_path_factory.mktemp("cases")
    folders = {name: write(CASES[name], root / name) for name in {name: None for name, _ in chosen}}
    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        yield {
            (name, number): pool.submit(run, CASES[name]["commands"][number], folders[name], SECONDS)
            for name, number in chosen
        }
        pool.shutdown(cancel_futures=True)


def check(expected: dict[str, Any], said: Said) -> None:
    found = faults(expected, said)
    assert not found, "\n".join([*found, "", said.text])


@pytest.mark.parametrize(("name", "number"), RIGHT)
def test_a_case(outcomes: dict[Key, Future[Said]], name: str, number: int) -> None:
    check(CASES[name]["commands"][number], outcomes[name, number].result())


@pytest.mark.parametrize(("name", "number", "wanted"), WRONG)
def test_what_is_not_right_yet(
    outcomes: dict[Key, Future[Said]], name: str, number: int, wanted: dict[str, Any]
) -> None:
    """An expected failure; where it passes, take the mark off: the line goes from `not_yet` into the command."""
    check(wanted, outcomes[name, number].result())
