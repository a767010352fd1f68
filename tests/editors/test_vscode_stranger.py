"""VS Code's page where things are not as they should be: a wrong server path, files of unknown and unread machines."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from vscode_driver import Code

pytestmark = [pytest.mark.editor, pytest.mark.timeout(420)]

SCRIPT = Path(__file__).parent / "vscode" / "stranger.mjs"
FILES = {
    "known.s": "\t.text\n\t.globl\tf\nf:\n\tmovq\t%rdi, %rax\n\tretq\n",
    "unknown.s": "\t.text\n\t.globl\tg\ng:\n\tfrobnicate 1\n\tnop\n",
    "riscv.s": "\t.text\n\t.globl\th\nh:\n\taddi\tsp, sp, -16\n\tlui\ta0, %hi(x)\n\tret\n",
    "notes.txt": "Nothing of irlens's.\n",
}
LIMIT_S = 360.0


@pytest.fixture(scope="module")
def seen(
    code: Callable[..., Code], irlens_on_path: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("stranger")
    made = code(
        FILES,
        {
            "irlens.serverPath": "/no/such/irlens",
            "workbench.startupEditor": "none",
            "telemetry.telemetryLevel": "off",
        },
    )
    settings = made.folder / "user" / "Machine" / "settings.json"
    with made.serving(with_dialogs=True) as port:
        command = ["node", str(SCRIPT), made.page(port, []), str(folder), str(made.chromium), str(settings)]
        run = subprocess.run(
            [*command, str(irlens_on_path[0] / "irlens")],
            check=False,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
        )
    report = folder / "stranger.json"
    assert report.exists(), f"{run.stdout}{run.stderr}\n{made.logs()}"
    told: dict[str, Any] = json.loads(report.read_text())
    if told.get("problem"):
        pytest.fail(f"{json.dumps(told, indent=1)}\n{made.logs()}", pytrace=False)
    return told


def test_a_wrong_path_is_one_message(seen: dict[str, Any]) -> None:
    said = "Cannot start the server: /no/such/irlens (irlens.serverPath) does not exist."
    assert seen["wrongPath"] == [f"irlens: {said}"]
    assert said in seen["failed"]["label"]


def test_the_status_speaks_of_the_file_in_front(seen: dict[str, Any]) -> None:
    assert "unknown.s: Target unknown" in seen["unknown"]["label"]
    assert "Target" not in seen["known"]["label"]
    assert not seen["known"]["colored"]
    assert seen["hiddenBesideText"]


def test_what_cannot_be_answered_is_no_warning(seen: dict[str, Any]) -> None:
    assert "riscv.s: Not supported" in seen["unsupported"]["label"]
    assert "RISC-V" in seen["unsupported"]["label"]
    assert not seen["unsupported"]["colored"]


def test_the_question_for_the_target_is_answered_by_a_click(seen: dict[str, Any]) -> None:
    firsts = [answer.split("\n")[0] for answer in seen["answers"]]
    assert firsts[:3] == ["x86-64", "AArch64", "Ignore This File"]
    assert seen["toasts"] == []


def test_commands_of_a_lift_are_not_listed_before_there_is_one(seen: dict[str, Any]) -> None:
    listed = " ".join(seen["palette"])
    assert "Lift Function to LLVM IR" in listed
    for title in ("Copy Lift", "Insert Lift", "Save Lift", "Next Lift Candidate", "Go to Linked Line"):
        assert title not in listed


def test_columns_of_compilers_line_up(seen: dict[str, Any]) -> None:
    assert seen["indentation"] == "Tab Size: 8"
