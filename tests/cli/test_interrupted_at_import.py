"""Ctrl-C in the first tenth of a second, while the command's modules are still being read."""

from __future__ import annotations

import subprocess
import sys

_INTERRUPTED = """
import os, signal, sys
class Interrupts:
    def find_spec(self, name, path=None, target=None):
        if name == "irlens.cli.main":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupts())
from irlens.__main__ import main
sys.exit(main())
"""


def test_an_interrupt_while_modules_are_read_ends_in_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "irlens: interrupted\n")
