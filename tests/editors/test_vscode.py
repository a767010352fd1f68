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


def settings_of(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every setting by its name, whatever its section."""
    sections = manifest["contributes"]["configuration"]
    return {name: entry for section in sections for name, entry in section["properties"].items()}


# --- The manifest ---------------------------------------------------------------------------------


def test_the_manifest_has_every_setting_of_the_server(extension: Path, manifest: dict[str, Any]) -> None:
    wanted = runpy.run_path(str(extension / "settings_manifest.py"))["manifest"]()
    assert (extension / "package.json").read_text() == wanted, (
        "run: .venv/bin/python clients/vscode/settings_manifest.py"
    )
    assert set(settings_of(manifest)) >= {info.name for info in describe()}


def test_the_settings_page_has_sections_and_a_box_for_every_setting(manifest: dict[str, Any]) -> None:
    sections = manifest["contributes"]["configuration"]
    titles = [section["title"] for section in sections]
    assert len(titles) == len(set(titles)) > 3
    assert [section["order"] for section in sections] == list(range(len(sections)))
    # Of any other mixture of types the page shows "Edit in settings.json" only.
    with_a_box = ("string", "boolean", "integer", "number", ["integer", "null"], ["number", "null"])
    for name, entry in settings_of(manifest).items():
        assert entry["type"] in with_a_box, name
        assert entry["default"] is not None or "null" in entry["type"], name
        assert isinstance(entry["order"], int), name


def test_a_number_says_its_unit_where_it_has_one(manifest: dict[str, Any]) -> None:
    settings = settings_of(manifest)
    for name, unit in {
        "irlens.diagnostics.pause": "milliseconds",
        "irlens.llvm.timeLimit": "seconds",
        "irlens.llvm.memoryLimit": "MiB",
        "irlens.model.serverWait": "seconds",
        "irlens.model.answerCache": "MiB",
    }.items():
        assert unit in settings[name]["markdownDescription"], name


def test_assembly_is_shown_as_compilers_lay_it_out(manifest: dict[str, Any]) -> None:
    assert manifest["contributes"]["configurationDefaults"]["[asm]"] == {
        "editor.tabSize": 8,
        "editor.insertSpaces": False,
        "editor.detectIndentation": False,
        "editor.wordBasedSuggestions": "off",
        "editor.guides.indentation": False,
    }


def test_commands_are_listed_where_they_apply(extension: Path, manifest: dict[str, Any]) -> None:
    menus = manifest["contributes"]["menus"]
    palette = {entry["command"]: entry["when"] for entry in menus["commandPalette"]}
    for entry in manifest["contributes"]["commands"]:
        name = entry["command"]
        if re.match(r"irlens\.(lift|steps|proposal)\.", name):
            assert name in palette, f"{name} is listed where there is nothing that it could be about"
    # Every context that a menu waits for is set somewhere.
    keys = {
        key
        for menu in menus.values()
        for entry in menu
        for key in re.findall(r"irlens\.(\w+)", entry.get("when", ""))
    }
    source = "".join(path.read_text() for path in (extension / "src").rglob("*.ts"))
    for key in keys - {"steps"}:  # the name of the view
        assert f"irlens.{key}'" in source or f"tell('{key}'" in source, key


def test_a_change_on_offer_has_its_commands_in_the_title_bar(
    extension: Path, manifest: dict[str, Any]
) -> None:
    title = {entry["command"]: entry for entry in manifest["contributes"]["menus"]["editor/title"]}
    scheme = re.search(r"SCHEME = '([\w-]+)'", (extension / "src/features/proposal.ts").read_text())
    assert scheme
    for name in ("irlens.proposal.apply", "irlens.proposal.discard"):
        assert title[name]["when"] == f"resourceScheme == {scheme[1]}"
        assert title[name]["group"].startswith("navigation")
    # Without an icon the title bar has their words.
    commands = {entry["command"]: entry for entry in manifest["contributes"]["commands"]}
    assert "icon" not in commands["irlens.proposal.apply"]


def test_words_are_american(extension: Path) -> None:
    texts = [extension / "package.json", extension / "README.md", *(extension / "walkthrough").iterdir()]
    for path in texts:
        found = re.findall(r"\b\w*(?:ptimis|olour|icence|uantisation|ehaviour|ormalis)\w*", path.read_text())
        assert found == [], path.name


def test_no_workspace_can_choose_a_program_or_a_model(extension: Path, manifest: dict[str, Any]) -> None:
    properties = settings_of(manifest)
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
    own = {
        "package.json",
        "readme.md",
        "changelog.md",
        "icon.png",
        "out/extension.js",
        wheel,
        "server/requirements.lock",
    }
    pages = runpy.run_path(str(extension / "bundle_docs.py"))["PAGES"]
    pictures = (extension.parents[1] / "docs/editors/vscode").glob("*.png")
    own |= {f"manual/{page}" for page in pages} | {f"manual/editors/vscode/{path.name}" for path in pictures}
    own |= {f"{folder}/{path.name}" for folder in FOLDERS for path in (extension / folder).iterdir()}
    assert names == own | configurations
    with zipfile.ZipFile(vsix) as archive:
        page = archive.read("extension/readme.md").decode()
        manual = archive.read("extension/manual/editors/vscode.md").decode()
    assert (
        "](data:image/png;base64," in page
    )  # what is installed from a file has no address to load a picture from
    assert "](../" not in page
    shown = set(re.findall(r"!\[[^\]]*\]\(([^)]+)\)", manual))
    assert {f"manual/editors/{picture}" for picture in shown} <= names
    required = set(re.findall(r'\brequire\("([^"]+)"\)', bundle))
    assert {name for name in required if name.startswith(".") or "languageclient" in name} == set()
