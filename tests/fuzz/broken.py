"""The one way in which a target says that an invariant does not hold."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

import irlens

PACKAGE = str(Path(irlens.__file__).parent)


class Broken(AssertionError):
    """An invariant that does not hold. `kind` is short and the same for the same fault, so that a fault is reported
    once; `detail` is what a person needs to see it."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind
        self.detail = detail

    @property
    def slug(self) -> str:
        """`kind` as a file name."""
        return re.sub(r"[^A-Za-z0-9]+", "-", self.kind).strip("-")[:70]


def escaped(error: BaseException, where: str) -> Broken:
    """An exception that nobody was to see, named by its type and the innermost function of irlens in it."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(PACKAGE)]
    at = ""
    if frames:
        last = frames[-1]
        at = f" in {Path(last.filename).relative_to(PACKAGE).as_posix()} {last.name}"
    text = "".join(traceback.format_exception(error, limit=-8))
    return Broken(f"{where}: {type(error).__name__}{at}", text[-3000:])
