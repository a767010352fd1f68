"""The VS Code extension's manifest and its package. `test_vscode_session.py` has it at work."""

from __future__ import annotations

import json
import re
import runpy
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import irlens
from irlens.settings import Scope, describe

pytestmark = pytest.mark.editor

FOLDERS = ("samples", "syntaxes", "walkthrough")
"""Of the extension, packaged as they are."""


@pytest.fixture(scope="module")
def extension(root: Path) -> Path:
    return root / "clients" / "vscode"


@pytest.fixture(scope="module")
def manifest(extension: Path) -> dict[str, Any]:
    return json.loads((extension / "package.json").read_text())


# --- The manifest ---------------------------------------------------------------------------------


def test_the_manifest_has_every_setting_of_the_server(extension: Path, manifest: dict[str, Any]) -> None:
    wanted = runpy.run_path(str(extension / "settings_manifest.py"))["properties"]()
    assert manifest["contributes"]["configuration"]["properties"] == wanted, (
        "run: .venv/bin/python clients/vscode/settings_manifest.py"
    )


def test_no_workspace_can_choose_a_program_or_a_model(extension: Path, manifest: dict[str, Any]) -> None:
    properties = manifest["contributes"]["configuration"]["properties"]
    restricted = runpy.run_path(str(extension / "settings_manifest.py"))["restricted"]()
    assert manifest["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"] == restricted
    machine = {info.name for info in describe() if info.scope is Scope.MACHINE}
    assert "irlens.model.path" in machine
    for name in machine | {"irlens.serverPath", "irlens.python"}:
        assert properties[name]["scope"] == "machine", name
        assert name in restricted


def test_both_languages_activate_the_extension(extension: Path, manifest: dict[str, Any]) -> None:
    # VS Code derives `onLanguage` only from languages that have a configuration file.
    languages = {language["id"]: language for language in manifest["contributes"]["languages"]}
    assert languages["llvm"]["extensions"] == [".ll"]
    assert languages["asm"]["extensions"] == [".s", ".S", ".asm"]
    for language in languages.values():
        assert json.loads((extension / language["configuration"]).read_text())["comments"]


def test_every_command_that_is_named_is_there(extension: Path, manifest: dict[str, Any]) -> None:
    contributed = manifest["contributes"]
    commands = {entry["command"] for entry in contributed["commands"]}
    used = {entry["command"] for menu in contributed["menus"].values() for entry in menu}
    used |= {entry["command"] for entry in contributed["keybindings"]}
    steps = [step for walkthrough in contributed["walkthroughs"] for step in walkthrough["steps"]]
    used |= {name for step in steps for name in re.findall(r"\(command:([\w.]+)\)", step["description"])}
    assert used <= commands
    for step in steps:
        assert (extension / step["media"]["markdown"]).is_file()
    source = "".join(path.read_text() for path in (extension / "src").rglob("*.ts"))
    for name in commands:
        spelled = (f"'{name}'", f"'{name.rpartition('.')[2]}'")
        assert any(each in source for each in spelled), f"{name} is registered nowhere"


def test_grammars_have_scopes_of_their_own_and_patterns_that_can_be_read(
    extension: Path, manifest: dict[str, Any]
) -> None:
    # Other extensions own `source.llvm` and `source.asm`; a scope of that name would be one of theirs or ours.
    for entry in manifest["contributes"]["grammars"]:
        grammar = json.loads((extension / entry["path"]).read_text())
        assert grammar["scopeName"] == entry["scopeName"]
        assert entry["scopeName"].endswith(".irlens")
        included = set(re.findall(r'"include": "#(\w+)"', (extension / entry["path"]).read_text()))
        assert included == set(grammar["repository"])


def test_samples_are_the_examples(extension: Path, root: Path) -> None:
    for sample in (extension / "samples").iterdir():
        assert sample.read_bytes() == (root / "examples" / sample.name).read_bytes()


def test_the_manual_shows_pictures_that_are_there(root: Path) -> None:
    manual = root / "docs" / "editors" / "vscode.md"
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", manual.read_text())
    kept = {f"vscode/{path.name}" for path in (manual.parent / "vscode").glob("*.png")}
    assert set(shown) == kept


def test_the_lock_file_names_no_registry(extension: Path) -> None:
    assert '"resolved"' not in (extension / "package-lock.json").read_text()


def test_the_extension_has_the_version_of_the_package(manifest: dict[str, Any]) -> None:
    assert manifest["version"] == irlens.__version__


def test_a_missing_browser_is_a_failure_in_ci(
    need: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"Chromium is missing.*install\.sh"):
        need("Chromium", [None, "/nowhere/chromium"])
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match=r"install\.sh"):
        need("Chromium", [None, "/nowhere/chromium"])


# --- The package ----------------------------------------------------------------------------------


def test_the_package_has_what_it_needs_and_nothing_else(
    vsix: Path, extension: Path, manifest: dict[str, Any]
) -> None:
    with zipfile.ZipFile(vsix) as archive:
        names = {
            name.removeprefix("extension/") for name in archive.namelist() if name.startswith("extension/")
        }
        bundle = archive.read("extension/out/extension.js").decode()
    configurations = {language["configuration"][2:] for language in manifest["contributes"]["languages"]}
    wheel = f"server/irlens-{irlens.__version__}-py3-none-any.whl"
    own = {"package.json", "readme.md", "out/extension.js", wheel, "server/requirements.lock"}
    own |= {f"{folder}/{path.name}" for folder in FOLDERS for path in (extension / folder).iterdir()}
    assert names == own | configurations
    required = set(re.findall(r'\brequire\("([^"]+)"\)', bundle))
    assert {name for name in required if name.startswith(".") or "languageclient" in name} == set()
