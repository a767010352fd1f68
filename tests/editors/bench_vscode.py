"""`make bench`, in VS Code's extension host: what a user waits for on a 10,000-line module and for a lift.

Printed only; without the editors of `install.sh` it says so and ends.
"""

from __future__ import annotations

import shlex
import shutil
import sys
import tempfile
from pathlib import Path

from vscode_driver import CODE_SERVER, Code, package
from workspace_files import FILES

ROOT = Path(__file__).resolve().parents[2]
LINES = 10_000
FUNCTION = """define i32 @f{n}(i32 %a) {{
  %b = add i32 %a, {n}
  %c = mul i32 %b, %a
  %d = xor i32 %c, 7
  ret i32 %d
}}

"""
BROKEN = "define i32 @broken() {\n  ret i32 %nothing\n}\n"


def long_module() -> str:
    """Functions, and an error in the last one."""
    return "".join(FUNCTION.format(n=n) for n in range(LINES // 7)) + BROKEN


def main() -> int:
    node, chromium, server = shutil.which("node"), shutil.which("chromium"), ROOT / CODE_SERVER
    if not node or not chromium or not server.exists():
        print("VS Code: not measured. Install it with: bash tests/editors/install.sh")
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = folder / "irlens"
        command.write_text(
            f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT / "server"))} exec {sys.executable} -m irlens "$@"\n'
        )
        command.chmod(0o755)
        made = Code(
            Path(node),
            server,
            Path(chromium),
            folder / "code",
            {"sum.s": FILES["sum.s"], "long.ll": long_module()},
            {"irlens.serverPath": str(command)},
        )
        made.install(package(ROOT))
        told = made.session("bench")
    print(f"VS Code, in its extension host, {told['lines']}-line .ll:")
    for what, seconds in told["seconds"].items():
        print(f"  {what}: {seconds:.3f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
