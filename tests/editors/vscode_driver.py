"""VS Code without its desktop shell: its server, the packaged extension installed, a headless Chromium on its page.

`Code` is one installation in a folder of its own. The extension host, the language client and irlens are the
real ones.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

SESSIONS = Path(__file__).parent / "vscode" / "session"
CODE_SERVER = ".cache/editors/code-server-4.100.3/package/lib/vscode/out/server-main.js"
TIME_LIMIT_S = 270.0


def package(root: Path) -> Path:
    """Build the extension with its server, type-checked and bundled, as a user's package."""
    extension = root / "clients" / "vscode"
    result = extension / "out" / "irlens.vsix"
    result.unlink(missing_ok=True)
    built = subprocess.run(
        ["npm", "run", "--silent", "package"],
        check=False,
        cwd=extension,
        env=os.environ | {"PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=300.0,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return result


@dataclass
class Code:
    """`folder` gets everything that VS Code writes; the workspace is a folder in it whose name has a space."""

    node: Path
    server: Path
    chromium: Path
    folder: Path
    files: dict[str, str]
    settings: dict[str, Any] = field(default_factory=dict)
    """Of the machine, where VS Code takes settings of that scope from."""
    env: dict[str, str] = field(default_factory=dict)
    trust_all: bool = True

    def __post_init__(self) -> None:
        self.workspace = self.folder / "work space"
        for name, text in self.files.items():
            path = self.workspace / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        machine = self.folder / "user" / "Machine"
        machine.mkdir(parents=True)
        (machine / "settings.json").write_text(json.dumps(self.settings))
        self.report, self.pids = self.folder / "report.json", self.folder / "pids"
        self.environment = os.environ | {
            "IRLENS_REPORT": str(self.report),
            "IRLENS_PID_FILE": str(self.pids),
            **self.env,
        }
        dirs = [
            argument
            for option, name in (
                ("server-data", "server"),
                ("user-data", "user"),
                ("extensions", "extensions"),
            )
            for argument in (f"--{option}-dir", str(self.folder / name))
        ]
        self._command = [str(self.node), str(self.server), *dirs]

    def install(self, vsix: Path) -> None:
        """As a user would."""
        installed = subprocess.run(
            [*self._command, "--install-extension", str(vsix)],
            check=False,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT_S,
        )
        assert "successfully installed" in installed.stdout, installed.stdout + installed.stderr

    @contextmanager
    def serving(self, *, with_dialogs: bool = False) -> Iterator[str]:
        """VS Code's server; its port. `with_dialogs`: for a page that somebody looks at; no session can be run then."""
        serve = [*self._command, "--host", "127.0.0.1", "--port", "0", "--without-connection-token"]
        serve += ["--accept-server-license-terms", "--disable-telemetry"]
        if self.trust_all:
            serve += ["--disable-workspace-trust"]
        # Newer ones ignore the tests in the page's address without this, and with it answer every dialog themselves.
        if not with_dialogs:
            serve += ["--enable-smoke-test-driver"]
        said = self.folder / "code.log"
        with running(serve, said, self.environment):
            yield until(
                "VS Code's server", lambda: re.search(r"listening on (\d+)", said.read_text()), self.logs
            )[1]

    def session(self, name: str) -> dict[str, Any]:
        """Run a session in the extension host; what it saw, with `pids` of the servers that were started."""
        with (
            self.serving() as port,
            running(self._browser(port, name), self.folder / "chromium.log", self.environment),
        ):
            until(f"the end of {name}", self.report.exists, self.logs)
        told: dict[str, Any] = json.loads(self.report.read_text())
        told["pids"] = self.started()
        if told.get("problem"):
            pytest.fail(f"{json.dumps(told, indent=1)}\n{self.logs()}", pytrace=False)
        return told

    def started(self) -> list[int]:
        return [int(pid) for pid in self.pids.read_text().split()] if self.pids.exists() else []

    def logs(self) -> str:
        """The ends of what was logged, the extension's own log among it."""
        paths = [*self.folder.glob("*.log"), *self.folder.glob("user/logs/**/irlens*.log")]
        return "\n".join(f"{path.name}:\n{path.read_text(errors='replace')[-4000:]}" for path in paths)

    def page(self, port: str, payload: list[list[str]]) -> str:
        return f"http://127.0.0.1:{port}/?folder={quote(str(self.workspace))}&payload={quote(json.dumps(payload))}"

    def _browser(self, port: str, name: str) -> list[str]:
        """Open the workspace's page, which runs the session in the extension host; it stays on this machine."""
        here = f"vscode-remote://127.0.0.1:{port}"
        payload = [
            ["extensionDevelopmentPath", f"{here}{SESSIONS}"],
            ["extensionTestsPath", f"{here}{SESSIONS / name}.js"],
        ]
        return [
            str(self.chromium),
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--remote-debugging-port=0",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            f"--user-data-dir={self.folder / 'chromium'}",
            self.page(port, payload),
        ]


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
