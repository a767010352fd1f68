"""Names that would be run or drawn by an editor, through the clients' own functions. No server is needed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from support import hostile

pytestmark = pytest.mark.editor

NAMES = [
    *(name for name in hostile.NAMES if "\0" not in name),
    "%{execute('let g:ran = 1')}",
    "%!execute('let g:ran = 1')",
]

FAKE_VSCODE = """
const told = [];
const tell = (text) => { told.push(text); return Promise.resolve(undefined); };
exports.window = { showInformationMessage: tell, showWarningMessage: tell, showErrorMessage: tell, setStatusBarMessage: tell };
exports.told = told;
"""
SCRIPT = """
const say = require('./say.js'), vscode = require('vscode'), fs = require('fs');
const names = JSON.parse(fs.readFileSync('names.json'));
for (const name of names) { say.info(name); say.warn(name); say.error(name); say.brief(name); }
console.log(JSON.stringify({ told: vscode.told, labels: names.map(say.label), files: names.map(say.fileName) }));
"""


def test_neovim_runs_nothing_that_a_name_says(root: Path, need: Callable[..., Path], tmp_path: Path) -> None:
    nvim = need("Neovim", [shutil.which("nvim")])
    names, report = tmp_path / "names.json", tmp_path / "report.json"
    names.write_text(json.dumps(NAMES), encoding="utf-8")
    subprocess.run(
        [nvim, "--headless", "-u", "NONE", "-i", "NONE", "-n", "--cmd", f"set rtp+={root}/clients/neovim",
         "-c", f"luafile {root}/tests/editors/neovim/names.lua", "-c", "cquit"],
        env={**os.environ, "IRLENS_NAMES": str(names), "IRLENS_REPORT": str(report), "LC_ALL": "C.UTF-8"},
        cwd=tmp_path,
        capture_output=True,
        timeout=100,
        check=True,
    )  # fmt: skip
    seen = json.loads(report.read_text(encoding="utf-8"))
    assert not seen["ran"]
    assert len(seen["shown"]) == len(NAMES)
    for name, shown in zip(NAMES, seen["shown"], strict=True):
        if name.isprintable() and name.strip():
            assert name in shown
    assert set(seen["lines"]) == {2}
    for text in (*seen["echoed"], *seen["files"]):
        assert "\n" not in text or text in seen["files"]
    for text in seen["told"]:
        assert not [bad for bad in hostile.unseen(text, kept="\n") if ord(bad) < 0x80]
    assert seen["home"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["names.json", "report.json"]


PATHS = """
require('irlens.start').setup({ cmd = { 'false' } })
for _, path in ipairs(vim.json.decode(vim.env.IRLENS_OPENED)) do
  vim.cmd('edit ' .. vim.fn.fnameescape(path))
  vim.bo.filetype = 'llvm'
end
local complete = require('irlens.complete')
local found = {}
for _, typed in ipairs(vim.json.decode(vim.env.IRLENS_TYPED)) do
  found[#found + 1] = { typed, complete.files(typed), complete.models(typed, 'IrlensModel use ' .. typed) }
end
vim.fn.writefile({ vim.json.encode(found) }, vim.env.IRLENS_REPORT)
"""


def test_neovim_opens_files_and_completes_paths_and_runs_none(
    root: Path, need: Callable[..., Path], tmp_path: Path
) -> None:
    """What an earlier Tab put there is completed further: a name with backticks would be run by `getcompletion`."""
    nvim = need("Neovim", [shutil.which("nvim")])
    work, report, script = tmp_path / "work", tmp_path / "report.json", tmp_path / "paths.lua"
    script.write_text(PATHS)
    work.mkdir()
    for folder in ("a`sh<x`", "**", "plain", ".hidden", "[ab]", "$HOME"):
        (work / folder).mkdir()
        (work / folder / "x.o").write_text("")
        (work / folder / "m.gguf").write_text("")
        (work / folder / "ok.ll").write_text("")
    opened = [f"{folder}/ok.ll" for folder in ("a`sh<x`", "**", "[ab]", "$HOME", "plain")]
    (work / "x").write_text("id >PWNED\n")
    (work / "bad\nname").write_text("")
    typed = [
        "",
        "a",
        "a`sh<x`/",
        "a`sh<x`/x",
        "**/",
        "p",
        "plain/x",
        ".h",
        "[ab]/",
        "$HOME/",
        "none/",
        "~none",
    ]
    subprocess.run(
        [nvim, "--headless", "-u", "NONE", "-i", "NONE", "-n", "--cmd", f"set rtp+={root}/clients/neovim",
         "-c", f"luafile {script}", "-c", "qa!"],
        env={**os.environ, "IRLENS_OPENED": json.dumps(opened), "IRLENS_TYPED": json.dumps(typed), "IRLENS_REPORT": str(report),
             "LC_ALL": "C.UTF-8"},
        cwd=work,
        capture_output=True,
        timeout=100,
        check=True,
    )  # fmt: skip
    found = {given: (files or [], models or []) for given, files, models in json.loads(report.read_text())}
    assert not (work / "PWNED").exists()
    assert found[""][0] == sorted(["$HOME/", "**/", "[ab]/", "a`sh<x`/", "plain/", "x"])
    assert found["a"][0] == ["a`sh<x`/"]
    for folder in ("a`sh<x`/", "**/", "[ab]/", "$HOME/"):
        assert found[folder][0] == [f"{folder}m.gguf", f"{folder}ok.ll", f"{folder}x.o"]
        assert f"{folder}m.gguf" in found[folder][1]
    assert found["a`sh<x`/x"][0] == ["a`sh<x`/x.o"]
    assert found["plain/x"] == (["plain/x.o"], [])
    assert found[".h"][0] == [".hidden/"]
    assert found["none/"][0] == found["~none"][0] == []


def test_vscode_draws_no_link_and_no_icon_of_a_name(
    root: Path, need: Callable[..., Path], tmp_path: Path
) -> None:
    node = need("Node.js", [shutil.which("node")])
    extension = root / "clients/vscode"
    esbuild = need("what builds the VS Code extension", [extension / "node_modules/.bin/esbuild"])
    (tmp_path / "node_modules/vscode").mkdir(parents=True)
    (tmp_path / "node_modules/vscode/index.js").write_text(FAKE_VSCODE)
    (tmp_path / "names.json").write_text(json.dumps(NAMES), encoding="utf-8")
    (tmp_path / "run.js").write_text(SCRIPT)
    subprocess.run(
        [
            esbuild,
            extension / "src/say.ts",
            "--format=cjs",
            f"--outfile={tmp_path / 'say.js'}",
            "--log-level=error",
        ],
        check=True,
        timeout=100,
    )
    done = subprocess.run([node, "run.js"], cwd=tmp_path, capture_output=True, check=True, timeout=100)
    seen = json.loads(done.stdout)
    assert len(seen["told"]) == 4 * len(NAMES)
    for text in (*seen["told"], *seen["labels"], *seen["files"]):
        bad = [what for what in hostile.acts(text) if "img" not in what]  # VS Code's plain text knows no HTML
        assert bad == [], text
    for name in seen["files"]:
        assert "/" not in name
        assert not name.startswith(".")
        assert name


def test_every_message_of_the_vscode_client_passes_say(root: Path) -> None:
    """`say.ts` is the only file that calls VS Code's messages, and nobody makes Markdown that is trusted."""
    for file in (root / "clients/vscode/src").rglob("*.ts"):
        text = file.read_text(encoding="utf-8")
        if file.name != "say.ts":
            for call in ("InformationMessage(", "WarningMessage(", "ErrorMessage(", "setStatusBarMessage("):
                assert call not in text, f"{file.name} calls {call}"
        for call in (
            "MarkdownString",
            "supportHtml",
            "createWebview",
            "createTerminal",
            "sendText",
            "command:a",
        ):
            assert call not in text, f"{file.name} uses {call}: escape what goes into it, and say so here"
