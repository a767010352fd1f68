"""Put the server into the extension's folder: its wheel, and the packages it was tested with, by hash.

    python bundle_server.py

Packaging runs it. What is there already is replaced, so that no package ever holds an older server.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BUNDLE = HERE / "server"


def main() -> None:
    shutil.rmtree(BUNDLE, ignore_errors=True)
    BUNDLE.mkdir()
    wheel = [
        "-m",
        "pip",
        "--disable-pip-version-check",
        "wheel",
        "-q",
        "--no-deps",
        "-w",
        str(BUNDLE),
        str(ROOT),
    ]
    subprocess.run([sys.executable, *wheel], check=True, stdout=sys.stderr)
    shutil.copyfile(ROOT / "requirements.lock", BUNDLE / "requirements.lock")


if __name__ == "__main__":
    main()
