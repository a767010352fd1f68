"""What `make demo` runs: irlens on the real files of this folder, each command shown before its answer."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
COMMANDS = (
    ("Two functions of x86-64 assembly, lifted", ["lift", "bits.s", "--function", "smaller"]),
    ("", ["lift", "bits.s", "--function", "scaled"]),
    ("One function of AArch64 assembly, lifted", ["lift", "list.s", "--function", "link_after"]),
    ("A harder one: the verdict says what its answer is worth", ["lift", "bits.s", "--function", "align_up"]),
    ("Do these two do the same?", ["compare", "bits.s", "align_up.ll"]),
    ("The smallest object of a module, every size measured", ["tune", "checksum.ll"]),
    (
        "What a pass does to a function: the model's word beside LLVM's",
        ["predict", "checksum.ll", "--passes", "default<Oz>", "--function", "difference"],
    ),
)
DIFFERENT = {"compare": 1}
"""Exit codes that are answers: the two of the example do not do the same."""


def main() -> int:
    """Run every command, even after one that failed; the exit code is the worst of those that are not as they
    should be."""
    worst = 0
    for title, arguments in COMMANDS:
        if title:
            print(f"\n=== {title} ===", flush=True)
        print(f"\n$ irlens {shlex.join(arguments)}", flush=True)
        done = subprocess.run([sys.executable, "-m", "irlens", *arguments], cwd=HERE, check=False)
        if done.returncode != DIFFERENT.get(arguments[0], 0):
            worst = max(worst, done.returncode, 1)
    return worst


if __name__ == "__main__":
    sys.exit(main())
