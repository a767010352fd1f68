"""Where distributions put libLLVM: found as the system's own loader finds it for that `opt`.

Each layout is built with the C compiler at hand: a program that says what `opt --version` says, linked with a library of
the soname that the distribution uses. Nothing lies "beside" it but where the layout says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from irlens.confinement import programs
from irlens.llvm import library, opt

CC = shutil.which("cc") or shutil.which("gcc")


@dataclass(frozen=True)
class Layout:
    """Where things lie below a root; `link` is a way to the program that leads to `program`."""

    program: str
    library: str
    soname: str
    run_path: str
    link: str = ""


LAYOUTS = {
    # What llvm-19 of Debian 12 holds: no link beside `opt`, which only llvm-19-dev brings.
    "Debian, without -dev": Layout(
        "usr/lib/llvm-19/bin/opt", "usr/lib/x86_64-linux-gnu/libLLVM-19.so.1", "libLLVM-19.so.1",
        "$ORIGIN/../../x86_64-linux-gnu", "usr/bin/opt-19",
    ),
    "Debian, with -dev": Layout(
        "usr/lib/llvm-19/bin/opt", "usr/lib/llvm-19/lib/libLLVM-19.so.1", "libLLVM-19.so.1",
        "$ORIGIN/../lib", "usr/bin/opt-19",
    ),
    "apt.llvm.org": Layout(
        "usr/lib/llvm-20/bin/opt", "usr/lib/llvm-20/lib/libLLVM.so.20.1", "libLLVM.so.20.1",
        "$ORIGIN/../lib", "usr/bin/opt-20",
    ),
    "Fedora": Layout("usr/bin/opt", "usr/lib64/libLLVM.so.19.1", "libLLVM.so.19.1", "$ORIGIN/../lib64"),
    "Fedora, versioned": Layout(
        "usr/lib64/llvm18/bin/opt", "usr/lib64/llvm18/lib/libLLVM.so.18.1", "libLLVM.so.18.1",
        "$ORIGIN/../lib", "usr/bin/opt-18",
    ),
    "Arch": Layout("usr/bin/opt", "usr/lib/libLLVM.so.22.1", "libLLVM.so.22.1", "$ORIGIN/../lib"),
    "Homebrew on Linux": Layout(
        "home/linuxbrew/.linuxbrew/Cellar/llvm/21.1.0/bin/opt",
        "home/linuxbrew/.linuxbrew/Cellar/llvm/21.1.0/lib/libLLVM.so.21.1", "libLLVM.so.21.1",
        "$ORIGIN/../lib", "home/linuxbrew/.linuxbrew/bin/opt",
    ),
    "a tarball": Layout(
        "opt/LLVM-19.1.7-Linux-X64/bin/opt", "opt/LLVM-19.1.7-Linux-X64/lib/libLLVM.so.19.1",
        "libLLVM.so.19.1", "$ORIGIN/../lib",
    ),
    "a build that is far from its library": Layout(
        "src/build/bin/opt", "work/libraries/libLLVM.so.19.1", "libLLVM.so.19.1", "$ORIGIN/../../../work/libraries",
    ),
}  # fmt: skip


def built(layout: Layout, root: Path, version: str) -> Path:
    """Compile and link `layout` below `root`; returns the way to its program that a user has."""
    assert CC is not None
    made, program = root / layout.library, root / layout.program
    for path in (made, program):
        path.parent.mkdir(parents=True, exist_ok=True)
    (root / "library.c").write_text("int irlens_layout(void) { return 0; }\n")
    (root / "opt.c").write_text(
        "#include <stdio.h>\nint irlens_layout(void);\n"
        f'int main(void) {{ puts("LLVM version {version}"); return irlens_layout(); }}\n'
    )
    shared = [
        CC,
        "-shared",
        "-fPIC",
        f"-Wl,-soname,{layout.soname}",
        "-o",
        str(made),
        str(root / "library.c"),
    ]
    linked = [
        CC, "-o", str(program), str(root / "opt.c"), str(made), f"-Wl,--enable-new-dtags,-rpath,{layout.run_path}",
    ]  # fmt: skip
    for command in (shared, linked):
        subprocess.run(command, check=True, capture_output=True, timeout=60)
    if not layout.link:
        return program
    link = root / layout.link
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(os.path.relpath(program, link.parent))
    return link


@pytest.mark.skipif(sys.platform != "linux" or CC is None, reason="needs Linux's loader and a C compiler")
@pytest.mark.parametrize("name", LAYOUTS)
def test_the_library_is_the_one_that_the_loader_takes(name: str, tmp_path: Path) -> None:
    layout = LAYOUTS[name]
    version = {"16": "16.0.6", "18": "18.1.8", "20": "20.1.8", "21": "21.1.0", "22": "22.1.0"}.get(
        layout.soname.partition("libLLVM")[2].strip("-.so")[:2], "19.1.7"
    )
    program = built(layout, tmp_path, version)
    found = library.find(str(program))
    assert found is not None
    assert (found.path, found.opt.version) == (str((tmp_path / layout.library).resolve()), version)


@pytest.mark.skipif(sys.platform != "linux" or CC is None, reason="needs Linux's loader and a C compiler")
def test_a_program_that_is_linked_whole_has_no_library(tmp_path: Path) -> None:
    source, program = tmp_path / "opt.c", tmp_path / "bin" / "opt"
    program.parent.mkdir()
    source.write_text('#include <stdio.h>\nint main(void) { puts("LLVM version 19.1.7"); return 0; }\n')
    subprocess.run([str(CC), "-o", str(program), str(source)], check=True, capture_output=True, timeout=60)
    assert opt.usable(str(program)) is not None
    assert library.find(str(program)) is None
    assert any("libc" in path for path in programs.libraries_of(str(program)))
