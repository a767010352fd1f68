"""The first minute of a new user, through VS Code's own page in Chromium, with a picture of every step.

From a machine without irlens: the sample is opened, the server installed by its button, a function lifted, a
pipeline stepped through, a model downloaded, used and removed. The pictures are in `.cache/editors/pictures`;
`make pictures` puts them into the manual.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from model_hub import stopping_hub, went_on
from vscode_driver import Code

from support.fake_hub import Hub

pytestmark = [pytest.mark.editor, pytest.mark.timeout(540)]

SCRIPT = Path(__file__).parent / "vscode" / "ui.mjs"
README = "The workspace of a test. Nothing in it is irlens's.\n"
LIMIT_S = 480.0


@pytest.fixture(scope="module")
def pictures(root: Path) -> Path:
    folder = root / ".cache" / "editors" / "pictures"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


PYTHON_EXTENSION = """
const vscode = require('vscode');
const executable = { uri: vscode.Uri.file(PYTHON) };
exports.activate = () => ({
  environments: {
    getActiveEnvironmentPath: () => ({ id: PYTHON, path: PYTHON }),
    resolveEnvironment: async (chosen) => (chosen.path === PYTHON ? { executable } : undefined),
  },
});
"""
"""What the Python extension answers when it is asked which interpreter the user has chosen."""


def python_extension(folder: Path, python: str) -> Path:
    """A package that stands in for the Python extension, with `python` chosen."""
    manifest = {
        "name": "python",
        "publisher": "ms-python",
        "version": "1.0.0",
        "engines": {"vscode": "^1.82.0"},
        "main": "./extension.js",
        "activationEvents": [],
    }
    package = folder / "python.vsix"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("extension/package.json", json.dumps(manifest))
        source = f"const PYTHON = {json.dumps(python)};{PYTHON_EXTENSION}"
        archive.writestr("extension/extension.js", source)
    return package


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hub, dict[str, str]]]:
    with stopping_hub(tmp_path_factory.mktemp("hub")) as hub:
        yield hub


@pytest.fixture(scope="module")
def seen(
    code: Callable[..., Code],
    pictures: Path,
    root: Path,
    hub: tuple[Hub, dict[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Any]:
    """What was on the screen."""
    # A Python without irlens comes first, as on a machine where nothing of it was ever installed.
    python = Path(sys.base_prefix) / "bin"
    settings = {
        "workbench.startupEditor": "none",
        "breadcrumbs.enabled": False,
        "telemetry.telemetryLevel": "off",
        "workbench.tips.enabled": False,
        "chat.commandCenter.enabled": False,
    }
    files = {"README.txt": README, "loops.ll": (root / "tests" / "cli" / "loops.ll").read_text()}
    env = {"PATH": f"{python}:/usr/local/bin:/usr/bin:/bin", **hub[1]}
    made = code(files, settings, env=env)
    made.install(python_extension(tmp_path_factory.mktemp("python"), sys.executable))
    with made.serving(with_dialogs=True) as port:
        command = ["node", str(SCRIPT), made.page(port, []), str(pictures), str(made.chromium)]
        run = subprocess.run(
            command,
            check=False,
            env=os.environ | made.env,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
        )
    report = pictures / "seen.json"
    if not report.exists():
        pytest.fail(f"{run.stdout}{run.stderr}\n{made.logs()}", pytrace=False)
    told: dict[str, Any] = json.loads(report.read_text())
    if told.get("problem"):
        pytest.fail(f"{json.dumps(told, indent=1)}\n{made.logs()}", pytrace=False)
    (complete,) = made.folder.glob("user/**/environments/*/complete")
    told["wentOn"] = went_on(hub[0])
    told["installedWith"] = complete.read_text().split()[0]
    return told


def test_the_server_is_installed_with_the_python_that_was_chosen(seen: dict[str, Any]) -> None:
    assert seen["installedWith"] == sys.executable


def test_progress_says_what_is_happening(seen: dict[str, Any]) -> None:
    # What lasts too short a time to be read is not shown; a model that takes its time is that of the last part.
    said = " ".join(seen["progress"])
    assert "Lift is_power_of_two" in said
    # Whichever of the two lasts long enough to be seen.
    assert re.search(r"candidate 1 of 4: the model (is loaded|reads the prompt)", said)
    assert re.search(
        r"candidate \d of 4: the model answers: \d+ tokens", " ".join(seen["progressOfLongAnswers"])
    )


def test_a_lift_and_its_evidence_are_reached_by_keyboard_and_by_menu(seen: dict[str, Any]) -> None:
    assert any("Why low_byte" in tab for tab in seen["tabsByKeyboard"])
    assert seen["contextMenu"] == "Lift Function to LLVM IR"


def test_a_new_user_lifts_a_function_in_three_clicks(seen: dict[str, Any]) -> None:
    # Open the sample, install the server, lift.
    assert seen["clicksToLift"] == 3


def test_the_verdict_stands_over_the_lift(seen: dict[str, Any]) -> None:
    (line,) = seen["previewLenses"]
    assert "round-trips" in line or "agrees" in line
    for title in ("Save as .ll", "Insert", "Copy", "Why?"):
        assert title in line


def test_what_is_copied_is_the_lift_with_its_head(seen: dict[str, Any]) -> None:
    assert seen["clipboard"].startswith("; is_power_of_two, lifted by irlens from bits.s")
    assert "define" in seen["clipboard"]


def test_nothing_of_ours_is_cut_off(seen: dict[str, Any]) -> None:
    assert seen["cutOffLift"] == []
    assert seen["cutOffOptimize"] == []
    assert seen["cutOffSizes"] == []


def test_the_evidence_opens_as_a_page(seen: dict[str, Any]) -> None:
    assert any("Why is_power_of_two" in tab for tab in seen["tabs"])


def test_both_grammars_colour_their_files(seen: dict[str, Any]) -> None:
    assert seen["coloursOfAssembly"] > 5
    assert seen["coloursOfIr"] > 5


def test_passes_are_found_by_what_they_do(seen: dict[str, Any]) -> None:
    assert any("mem2reg" in row or "sroa" in row for row in seen["searched"])


def test_the_viewer_names_passes_with_what_they_changed(seen: dict[str, Any]) -> None:
    rows = [" ".join(row.split()) for row in seen["steps"]]
    sroa = next(row for row in rows if row.startswith("sroa"))
    assert "instr. (−" in sroa
    assert "lines" in sroa
    assert any(re.fullmatch(r".*: start ↔ after \S+ \(\d+\)", tab) for tab in seen["tabsOfTwo"])


def test_sizes_stand_over_each_function_and_quick_fixes_at_a_hint(seen: dict[str, Any]) -> None:
    over = " ".join(" ".join(lens.split()) for lens in seen["sizes"])
    assert re.search(r"\bmodule: \d+ → \d+ B\b", over)
    assert re.search(r"(?<!module: )\b\d+ → \d+ B[^|]* \| Predict pass effect… \| Show each pass…", over)
    for words in (
        "Apply the best list to `clear` alone (",
        "Apply this list to the module",
        "Copy the opt command",
    ):
        assert any(words in fix for fix in seen["fixes"])


def test_a_first_start_without_a_server_is_no_error(seen: dict[str, Any]) -> None:
    assert "codicon-info" in seen["severityOfMissing"]
    assert "error-kind" not in seen["statusOfMissing"]


def test_a_change_on_offer_is_applied_and_discarded_in_the_title_bar_of_its_diff(
    seen: dict[str, Any],
) -> None:
    assert re.search(r"applied to checksum\.ll: \d+ → \d+ bytes", seen["applied"])
    assert not any("optimized for size" in tab for tab in seen["tabsAfterApply"])


def test_the_menu_says_which_model_runs_where(seen: dict[str, Any]) -> None:
    assert "Model: irlens-small, ctransformers" in seen["menu"]
    for entry in ("Choose Model", "Cancel All Jobs", "Restart Server", "Show Log"):
        assert entry in seen["menu"]


# --- Models ---------------------------------------------------------------------------------------


def test_the_list_has_what_is_here_and_what_can_be_had(seen: dict[str, Any]) -> None:
    models = [" ".join(row.split()) for row in seen["models"]]
    assert re.match(r"\S* ?embedded ?[\d.]+ MB, used for lift, tune and predict", models[0])
    # One row a model; its quantizations come next, the usual one first, with what they need.
    (row,) = [row for row in models if "llm-compiler-7b-ftd" in row]
    assert re.search(
        r"LLM Compiler FTD 7B… ?llm-compiler-7b-ftd Best for lift and tune, [\d.]+ to [\d.]+ GB( to download)?$",
        row,
    )
    first, *others = [" ".join(row.split()) for row in seen["quantizations"]]
    assert re.search(r"Q4_K_M ?the usual choice, 4.08 GB, needs about 6 GB of memory", first)
    assert any("IQ2_XXS" in row and "llama-cpp-python only" in row for row in others)
    assert seen["cutOffQuantizations"] == []
    assert any("A GGUF File" in row for row in models)
    assert any("A Server's Address" in row for row in models)


def test_the_licence_is_put_before_the_user_before_anything_is_fetched(seen: dict[str, Any]) -> None:
    for words in (
        "LLM Compiler FTD 7B is under the LLM Compiler License Agreement",
        "Built with LLM Compiler",
        "In full: https://",
        "The download has 4.08 GB",
        "Read in Full",
        "Accept and Download",
    ):
        assert words in seen["licence"]


def test_a_download_is_called_off_and_goes_on_where_it_was(seen: dict[str, Any]) -> None:
    assert re.search(r"Download llm-compiler-7b-ftd:Q4_K_M: .* of [\d.]+ MB", seen["download"])
    assert seen["wentOn"]


def test_a_download_that_fails_says_what_to_do_with_a_button_for_it(seen: dict[str, Any]) -> None:
    # The licence was accepted for the other model, so it is not asked for again.
    assert "llm-compiler-13b:Q4_K_M: There is no repository" in seen["failedDownload"]
    assert "log in with `hf auth login`" in seen["failedDownload"]
    for button in ("Other Repository", "Try Again"):
        assert button in seen["failedDownload"]
    assert len([row for row in seen["repositories"] if "/llm-compiler-13b-" in row]) >= 2


def test_a_lift_is_made_with_the_model_that_was_chosen_for_lifts(seen: dict[str, Any]) -> None:
    assert "is used for lift from now on. Built with LLM Compiler." in seen["used"]
    assert re.search(r"^; .*\bmodel tiny\b", seen["liftedWith"], re.MULTILINE)
    assert re.search(r"Model for lift: tiny, \S+ \S+ on CPU", seen["menuOfTwo"])
    assert "Model for tune, predict: irlens-small" in seen["menuOfTwo"]
    lift, tune, predict = re.split(r"^(?:tune|predict)$", seen["modelsOfTasks"], flags=re.MULTILINE)
    assert re.search(r"model +tiny\n +chosen by +your choice\n", lift)
    for other in (tune, predict):
        assert re.search(r"model +irlens-small\n", other)


def test_a_model_is_removed_after_a_question(seen: dict[str, Any]) -> None:
    assert "It is used for lift; the embedded model will be." in seen["removing"]
    assert re.search(
        r"is removed, [\d.]+ MB freed. The embedded model is used for lift now.", seen["removed"]
    )
