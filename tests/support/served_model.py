"""A real model server on this machine: llama-cpp-python's, with the embedded model, as a team would share one.

def test_it(served_model: ModelServer) -> None:            # one for the whole run of the tests
    engine = ServedEngine(served_model.address, EngineOptions(key_file=served_model.key_file))

A file that uses the fixture takes it in with `served_model = support.served_model.served_model`.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from irlens.model.client import embedded_model_path
from support.conditions import wait_until

KEY = "key-of-the-tests"
CONTEXT = 2048
_START_S = 60.0


class ModelServer:
    """A server as a process: llama-cpp-python's, or `command`, which takes llama-server's options; `arguments` go on its
    command line. `stop` ends it. `port` 0 means one that is free."""

    def __init__(
        self, model: str, *arguments: str, key: str | None = KEY, port: int = 0, command: str = ""
    ) -> None:
        folder = tempfile.TemporaryDirectory(prefix="irlens-served-")
        self._folder = folder
        self.key = key
        self.key_file = str(Path(folder.name) / "key")
        Path(self.key_file).write_text(f"{key or 'none'}\n", encoding="utf-8")
        self._log_path = Path(folder.name) / "log"
        self.port = port or _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        # Both read the key from the environment too; a command line can be read by everybody.
        names = ("API_KEY", "LLAMA_API_KEY")
        environment = {name: value for name, value in os.environ.items() if name not in (*names, "MODEL")}
        if key is not None:
            environment |= dict.fromkeys(names, key)
        threads = ("--n_threads", "1", "--n_threads_batch", "1")
        start = [command, "-t", "1"] if command else [sys.executable, "-m", "llama_cpp.server", *threads]
        with self._log_path.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *start,
                    *(("--model", model) if model else ()),
                    "--host",
                    "127.0.0.1",
                    "--port",
                    str(self.port),
                    *arguments,
                ],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        wait_until(self._listens, f"the model server listens; its log is {self._log_path}", _START_S)

    @property
    def log(self) -> str:
        """What it printed so far."""
        return self._log_path.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """With the processes that it started: llama-server has one for each of several models."""
        if self._process.poll() is None:
            for child in psutil.Process(self._process.pid).children(recursive=True):
                child.kill()
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it and forget its files. A second time does nothing."""
        self.kill()
        self._folder.cleanup()

    def _listens(self) -> bool:
        assert self._process.poll() is None, f"the model server ended:\n{self.log[-2000:]}"
        request = urllib.request.Request(self.address + "/v1/models", headers=self.headers)
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(request, timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.key}"} if self.key else {}


_shared: list[ModelServer] = []


@pytest.fixture(scope="session")
def served_model(pytestconfig: pytest.Config) -> ModelServer:
    """The embedded model, with a key; the same server for every file that imports this."""
    if not _shared:
        path = embedded_model_path()
        assert path is not None, "the package has its model"
        server = ModelServer(path, "--n_ctx", str(CONTEXT), "--interrupt_requests", "false")
        pytestconfig.add_cleanup(server.stop)
        _shared.append(server)
    return _shared[0]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
