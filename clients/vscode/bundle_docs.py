"""Put the manual, the page of the extension and its changelog where packaging finds them: python bundle_docs.py

`manual/` gets the pages that the command "irlens: Open Manual" shows, with their pictures. `out/README.md` is this
folder's README with its pictures in it: an extension that was installed from a file has no address to load them from.
"""

from __future__ import annotations

import base64
import re
import shutil
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DOCS = ROOT / "docs"
MANUAL = HERE / "manual"

PAGES = (
    "editors/vscode.md",
    "models.md",
    "engines.md",
    "serving.md",
    "privacy.md",
    "evidence.md",
    "tuning.md",
)


def main() -> None:
    shutil.rmtree(MANUAL, ignore_errors=True)
    for page in PAGES:
        (MANUAL / page).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(DOCS / page, MANUAL / page)
    shutil.copytree(DOCS / "editors" / "vscode", MANUAL / "editors" / "vscode")
    out = HERE / "out"
    out.mkdir(exist_ok=True)
    (out / "README.md").write_text(
        re.sub(r"!\[([^\]]*)\]\(([^)]+\.png)\)", _inline, (HERE / "README.md").read_text())
    )
    shutil.copyfile(ROOT / "CHANGELOG.md", out / "CHANGELOG.md")


def _inline(picture: re.Match[str]) -> str:
    data = base64.b64encode((HERE / picture[2]).read_bytes()).decode()
    return f"![{picture[1]}](data:image/png;base64,{data})"


if __name__ == "__main__":
    main()
