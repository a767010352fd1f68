"""A place in which nothing may change: what a stranger's file must not write, read or see.

`root` holds the home folder, the working directory and a folder of precious files, all under watch, and beside them
the temporary folder and irlens's own data and cache, where writing is allowed. They are neighbours on purpose: a name
such as `/../../precious/x` leads from a temporary folder to the precious files.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from fuzz.broken import Broken

SECRET = "irlens-canary-5ECRET-0123456789"
"""Stands in the precious files and in the environment; no answer may hold it."""
PLACE = "/CANARY"
"""Stands in cases for the folder of precious files, whose path is another one in each run."""
_WATCHED = ("home", "work", "precious")


class Sandbox:
    """A context manager. Inside it the process's environment and working directory are those of the sandbox."""

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="irlens-fuzz-"))
        self.precious, self.work, self.temporary = (self.root / name for name in ("precious", "work", "tmp"))
        for name in (*_WATCHED, "tmp", "cache", "data"):
            (self.root / name).mkdir()
        (self.root / "home" / ".ssh").mkdir()
        (self.root / "home" / ".ssh" / "authorized_keys").write_text(f"{SECRET} home\n")
        (self.precious / "secret.txt").write_text(f"{SECRET}\n")
        (self.precious / "kept.dot").write_text("precious\n")
        (self.work / "note.txt").write_text(f"{SECRET} work\n")
        self._before = self._look()
        self._environment: dict[str, str] = {}
        self._folder = ""

    def environment(self) -> dict[str, str]:
        """For processes of this sandbox: nothing of the user's is reached, nor a network."""
        return {
            **os.environ,
            "HOME": str(self.root / "home"),
            "TMPDIR": str(self.temporary),
            "IRLENS_CACHE_HOME": str(self.root / "cache"),
            "IRLENS_DATA_HOME": str(self.root / "data"),
            "IRLENS_MODEL_KEY": SECRET,
            "HF_TOKEN": SECRET,
            "HF_HUB_OFFLINE": "1",
            "HF_ENDPOINT": "http://127.0.0.1:9",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def __enter__(self) -> Sandbox:
        self._environment, self._folder = dict(os.environ), os.getcwd()
        os.environ.update(self.environment())
        os.chdir(self.work)
        tempfile.tempdir = None  # it was worked out from the old environment
        return self

    def __exit__(self, *_: object) -> None:
        os.chdir(self._folder)
        os.environ.clear()
        os.environ.update(self._environment)
        tempfile.tempdir = None
        shutil.rmtree(self.root, ignore_errors=True)

    def filled(self, text: str) -> str:
        """The text with the real place of the precious files."""
        return text.replace(PLACE, str(self.precious))

    def unchanged(self, after: str) -> None:
        """Raises `Broken` where a file under watch was made, changed or deleted; then it is as before again."""
        now = self._look()
        if now == self._before:
            return
        names = sorted(path for path in {*now, *self._before} if now.get(path) != self._before.get(path))
        first = names[0]
        how = "made" if first not in self._before else "deleted" if first not in now else "changed"
        self._restore(names)
        what = f"{first.partition('/')[0]}/*{Path(first).suffix}"
        raise Broken(f"{after}: a file outside temporary folders was {how} ({what})", ", ".join(names))

    def _restore(self, names: list[str]) -> None:
        for name in reversed(names):  # what is in a folder before the folder
            path = self.root / name
            if name in self._before:
                path.parent.mkdir(parents=True, exist_ok=True)
                mode, content = self._before[name]
                if content is not None:
                    path.write_bytes(content)
                path.chmod(mode & 0o7777)
            elif path.is_dir() and not path.is_symlink():
                path.rmdir()
            else:
                path.unlink(missing_ok=True)

    def hides(self, shown: str | bytes, where: str) -> None:
        """Raises `Broken` where what irlens shows or makes holds the secret."""
        data = shown if isinstance(shown, bytes) else shown.encode("utf-8", "surrogatepass")
        if SECRET.encode() in data:
            raise Broken(f"{where}: what a local file or the environment says is shown")

    def leftovers(self) -> list[str]:
        """What is in the temporary folder."""
        return sorted(path.relative_to(self.temporary).as_posix() for path in self.temporary.rglob("*"))

    def _look(self) -> dict[str, tuple[int, bytes | None]]:
        """Mode and content of everything under watch; the files are small."""
        found: dict[str, tuple[int, bytes | None]] = {}
        for name in _WATCHED:
            for path in (self.root / name).rglob("*"):
                mode = path.lstat().st_mode
                content = path.read_bytes() if path.is_file() and not path.is_symlink() else None
                found[path.relative_to(self.root).as_posix()] = (mode, content)
        return found
