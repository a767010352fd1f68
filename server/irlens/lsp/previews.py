"""Read-only files for what is shown but not offered: lifts that nothing shows to be right.

They lie in a folder of this process's own, outside every workspace, and go when it ends. A file, and not a
message, because every client can show one; read-only, because it is no result to build on.
"""

from __future__ import annotations

import os
import tempfile
import threading
from pathlib import Path

from irlens import escape
from irlens.source.positions import to_utf8


class Previews:
    """Writes previews. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def write(self, name: str, text: str) -> Path:
        """Put `text` into a read-only file of this name; an older preview of that name is replaced. Raises
        `OSError` where there is no room for it."""
        with self._lock:
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(
                    prefix="irlens-preview-", ignore_cleanup_errors=True
                )
            path = Path(self._folder.name) / (name if name == Path(name).name else escape.file_name(name))
            part = path.with_suffix(".part")
            part.write_bytes(to_utf8(text))
            part.chmod(0o444)
            os.replace(part, path)
            return path

    def close(self) -> None:
        """Remove what was written."""
        with self._lock:
            if self._folder is not None:
                self._folder.cleanup()
                self._folder = None
