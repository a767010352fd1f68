"""Assembly that may include files includes those below the folders that were allowed, and no others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens.asm.includes import Unreadable
from irlens.llvm.client import LLVM
from irlens.llvm.include_files import reader

X86 = "x86_64-unknown-linux-gnu"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    (folder / "sub").mkdir(parents=True)
    (folder / "macros.inc").write_text(".macro one\n\tmovl $1, %eax\n.endm\n")
    (folder / "bad.inc").write_text("\tnop\n\tnosuch\n")
    (folder / "sub" / "data").write_bytes(b"THE DATA")
    (tmp_path / "secret").write_bytes(b"THE SECRET")
    return folder


@pytest.fixture
def llvm(workspace: Path) -> Iterator[LLVM]:
    with LLVM(workers=1, include_folders=[str(workspace)]) as client:
        if not client.versions()["host"].startswith("x86_64"):
            pytest.skip("this host's assembly is not x86-64's")
        yield client


def test_files_below_the_folder_are_put_in(llvm: LLVM) -> None:
    text = '\t.include "macros.inc"\nf:\n\tone\n\tret\nd:\t.incbin "sub/data"\n'
    made = llvm.assemble(text, X86)
    assert made.object is not None, made.diagnostics
    assert b"THE DATA" in made.object
    assert llvm.object_of(text, X86) == made.object


def test_an_error_in_a_file_stands_at_its_include(llvm: LLVM) -> None:
    found = llvm.assemble('\tnop\n\t.include "bad.inc"\n\tnop\n\tnosuch2\n', X86).diagnostics
    assert [(each.line, each.column) for each in found] == [(1, None), (3, 1)]


@pytest.mark.parametrize(
    "name",
    ["../secret", "sub/../../secret", "@PLACE@/secret", "link", "sub/link", "folder/secret", "/etc/passwd"],
)
def test_no_other_file_is_read(llvm: LLVM, workspace: Path, name: str) -> None:
    (workspace / "link").symlink_to("../secret")
    (workspace / "sub" / "link").symlink_to(workspace.parent / "secret")
    (workspace / "folder").symlink_to(workspace.parent)
    path = name.replace("@PLACE@", str(workspace.parent))
    for directive in ("incbin", "include"):
        made = llvm.assemble(f'\t.{directive} "{path}"\n', X86)
        assert made.object is None
        (found,) = made.diagnostics
        assert "not below the folder that is open" in found.message
        assert "SECRET" not in found.message


def test_what_is_no_file_is_not_waited_for(workspace: Path) -> None:
    os.mkfifo(workspace / "pipe")
    (workspace / "zero").symlink_to("/dev/zero")
    read = reader([str(workspace)])
    with pytest.raises(Unreadable, match="no regular file"):
        read("pipe", 100)
    with pytest.raises(Unreadable, match="no regular file"):
        read("sub", 100)
    with pytest.raises(Unreadable, match="not below"):
        read("zero", 100)
    with pytest.raises(Unreadable, match="no file"):
        read("a\0b", 100)
    with pytest.raises(Unreadable, match="MiB"):
        read("sub/data", 3)
    assert read("sub/data", 8) == b"THE DATA"


def test_macros_do_not_get_round_it(llvm: LLVM, workspace: Path) -> None:
    (workspace / "hidden.inc").write_text('.macro m a b\n.\\a\\b "../secret"\n.endm\nm inc bin\n')
    made = llvm.assemble('.include "hidden.inc"\n', X86)
    assert made.object is None
    assert {each.code for each in made.diagnostics} == {"file-directive"}
    assert {each.line for each in made.diagnostics} == {0}
