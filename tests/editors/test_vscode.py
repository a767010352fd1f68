"""The VS Code extension: its manifest, its package, and one sitting in VS Code's own extension host.

VS Code runs without its desktop shell: its server, a headless Chromium that opens the page, and the
packaged extension installed as a user would (`vscode/session/session.js` is what happens then). The
extension host, the language client and irlens are the real ones.
"""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import signal
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from workspace_files import ERROR_LINE, FILES

import irlens
from irlens.settings import Scope, describe

pytestmark = pytest.mark.editor

SESSION = Path(__file__).parent / "vscode" / "session"
CODE_SERVER = ".cache/editors/code-server-4.100.3/package/lib/vscode/out/server-main.js"
TIME_LIMIT_S = 120.0


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


def test_no_workspace_can_choose_a_program_or_a_model(manifest: dict[str, Any]) -> None:
    properties = manifest["contributes"]["configuration"]["properties"]
    machine = {info.name for info in describe() if info.scope is Scope.MACHINE}
    assert "irlens.model.path" in machine
    for name in machine | {"irlens.serverPath", "irlens.python"}:
        assert properties[name]["scope"] == "machine", name


def test_both_languages_activate_the_extension(extension: Path, manifest: dict[str, Any]) -> None:
    # VS Code derives `onLanguage` only from languages that have a configuration file.
    languages = {language["id"]: language for language in manifest["contributes"]["languages"]}
    assert languages["llvm"]["extensions"] == [".ll"]
    assert languages["asm"]["extensions"] == [".s", ".S"]
    for language in languages.values():
        assert json.loads((extension / language["configuration"]).read_text())["comments"]


def test_the_lock_file_names_no_registry(extension: Path) -> None:
    assert '"resolved"' not in (extension / "package-lock.json").read_text()


def test_the_extension_has_the_version_of_the_package(manifest: dict[str, Any]) -> None:
    assert manifest["version"] == irlens.__version__


# --- The package ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def vsix(extension: Path, need: Callable[..., Path]) -> Path:
    """The extension, type-checked, bundled and packaged."""
    need("what builds the VS Code extension", [extension / "node_modules" / ".irlens-lock"])
    npm = need("npm", [shutil.which("npm")])
    result = extension / "out" / "irlens.vsix"
    result.unlink(missing_ok=True)
    built = subprocess.run(
        [npm, "run", "--silent", "package"],
        check=False,
        cwd=extension,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT_S,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return result


def test_the_package_has_what_it_needs_and_nothing_else(vsix: Path, manifest: dict[str, Any]) -> None:
    with zipfile.ZipFile(vsix) as archive:
        names = {
            name.removeprefix("extension/") for name in archive.namelist() if name.startswith("extension/")
        }
        bundle = archive.read("extension/out/extension.js").decode()
    configurations = {language["configuration"][2:] for language in manifest["contributes"]["languages"]}
    assert names == {"package.json", "readme.md", "out/extension.js"} | configurations
    required = set(re.findall(r'\brequire\("([^"]+)"\)', bundle))
    assert {name for name in required if name.startswith(".") or "languageclient" in name} == set()


# --- In the extension host ------------------------------------------------------------------------


@contextmanager
def running(command: list[str], log: Path, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A program in a process group of its own, which ends with the block."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10.0)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def until(what: str, look: Callable[[], Any], logs: Callable[[], str]) -> Any:
    end = time.monotonic() + TIME_LIMIT_S
    while not (value := look()):
        if time.monotonic() > end:
            pytest.fail(f"waited in vain for {what}\n{logs()}", pytrace=False)
        time.sleep(0.1)
    return value


@pytest.fixture(scope="module")
def seen(
    root: Path,
    need: Callable[..., Path],
    vsix: Path,
    irlens_on_path: tuple[Path, Path],
    gone: Callable[..., set[int]],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Any]:
    """What one sitting saw."""
    node = need("Node.js", [shutil.which("node")])
    server = need("VS Code's server", [root / CODE_SERVER])
    chromium = need("Chromium", [shutil.which("chromium")])
    folder = tmp_path_factory.mktemp("vscode")
    workspace = folder / "work space"
    workspace.mkdir()
    for name, text in FILES.items():
        (workspace / name).write_text(text)
    # VS Code takes PATH from a login shell, so the command is named; a `machine` setting belongs here.
    machine = folder / "user" / "Machine"
    machine.mkdir(parents=True)
    settings = {"irlens.serverPath": str(irlens_on_path[0] / "irlens")}
    (machine / "settings.json").write_text(json.dumps(settings))
    report, pids = folder / "report.json", folder / "pids"
    env = os.environ | {"IRLENS_REPORT": str(report), "IRLENS_PID_FILE": str(pids)}
    dirs = [
        argument
        for option, name in (("server-data", "server"), ("user-data", "user"), ("extensions", "extensions"))
        for argument in (f"--{option}-dir", str(folder / name))
    ]
    code = [str(node), str(server), *dirs]
    installed = subprocess.run(
        [*code, "--install-extension", str(vsix)],
        check=False,
        env=env,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT_S,
    )
    assert "successfully installed" in installed.stdout, installed.stdout + installed.stderr

    def logs() -> str:
        return "\n".join(f"{path.name}:\n{path.read_text()[-3000:]}" for path in folder.glob("*.log"))

    serve = [*code, "--host", "127.0.0.1", "--port", "0", "--without-connection-token"]
    serve += ["--accept-server-license-terms", "--disable-telemetry", "--disable-workspace-trust"]
    # Newer ones ignore the tests in the page's address without this.
    serve += ["--enable-smoke-test-driver"]
    with running(serve, folder / "code.log", env):
        said = folder / "code.log"
        port = until("VS Code's server", lambda: re.search(r"listening on (\d+)", said.read_text()), logs)[1]
        with running(browser(chromium, folder, workspace, port), folder / "chromium.log", env):
            until("the end of the sitting", report.exists, logs)
    told = json.loads(report.read_text())
    started = [int(pid) for pid in pids.read_text().split()] if pids.exists() else []
    told["started"], told["left"] = len(started), sorted(gone(started, 15.0))
    for pid in told["left"]:
        os.kill(pid, signal.SIGKILL)
    if told.get("problem"):
        pytest.fail(f"{told}\n{logs()}", pytrace=False)
    return told


def browser(chromium: Path, folder: Path, workspace: Path, port: str) -> list[str]:
    """Open the workspace's page, which runs the session in the extension host; it stays on this machine."""
    here = f"vscode-remote://127.0.0.1:{port}"
    payload = [
        ["extensionDevelopmentPath", f"{here}{SESSION}"],
        ["extensionTestsPath", f"{here}{SESSION / 'session.js'}"],
    ]
    page = f"http://127.0.0.1:{port}/?folder={quote(str(workspace))}&payload={quote(json.dumps(payload))}"
    return [
        str(chromium),
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--remote-debugging-port=0",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        f"--user-data-dir={folder / 'chromium'}",
        page,
    ]


def test_it_is_installed_and_knows_its_files(seen: dict[str, Any]) -> None:
    assert seen["installed"]
    assert seen["languages"] == {"broken.ll": "llvm", "sum.s": "asm"}


def test_an_error_is_at_its_utf16_unit_behind_an_emoji(seen: dict[str, Any]) -> None:
    before = ERROR_LINE.split("%missing")[0]
    line = FILES["broken.ll"].split("\n").index(ERROR_LINE)
    error = seen["error"]
    assert seen["errors"] == 1
    assert (error["line"], error["column"]) == (line, len(before.encode("utf-16-le")) // 2)
    assert "%missing" in error["message"]
    assert error["severity"] == 0


def test_hover_weighs_a_function(seen: dict[str, Any]) -> None:
    assert "weigh" in seen["hover"]
    assert re.search(r"\b5 instructions\b.*\b\d+ bytes\b", seen["hover"])
    assert "sum" in seen["hoverS"]


def test_an_action_changes_the_module(seen: dict[str, Any]) -> None:
    assert any("-Oz" in title for title in seen["actionsLl"])
    assert "define" in seen["afterOz"]


def test_restart_starts_another_server_and_none_is_left(seen: dict[str, Any]) -> None:
    assert seen["started"] == 2
    assert seen["left"] == []


def test_a_lift_opens_a_new_file_with_its_evidence(seen: dict[str, Any]) -> None:
    assert any("Lift" in title and "sum" in title for title in seen["actionsS"])
    lifted = seen["lifted"]
    assert lifted["name"].endswith(".ll")
    assert lifted["language"] == "llvm"
    assert lifted["text"].startswith(";")
    assert re.search(r"^;.*(round-trips|agrees|compiles|verifies)", lifted["text"], re.MULTILINE)
    assert re.search(r"^define .*@sum\(", lifted["text"], re.MULTILINE)
