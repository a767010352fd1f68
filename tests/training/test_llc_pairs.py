"""Questions made of another LLVM's code. Where no other one is installed, a stand-in prints and refuses."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: make .venv/installed-training")

from irlens.training import pairs
from irlens.training.llc import Llc
from irlens.training.llvm import TRIPLES

IR = "define i32 @f(i32 %a) {\n  %r = add i32 %a, 1\n  ret i32 %r\n}\n"
REAL = next((name for name in ("llc-19", "llc") if shutil.which(name)), None)


def program(folder: Path, body: str) -> str:
    path = folder / "llc-stand-in"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


def test_what_the_program_prints_is_the_code(tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    body = f"""echo "$@" >> {asked}
case "$*" in *asm*) printf 'f:\\n\\tleal 1(%%rdi), %%eax\\n\\tretq\\n';; *) printf object;; esac"""
    lowered = Llc(program(tmp_path, body)).lower(IR, TRIPLES[0], "f", 1)
    assert lowered is not None
    assert lowered[0].code == ("leal 1 (%rdi) %eax", "retq")
    assert lowered[1] == b"object"
    assert asked.read_text().count("-O1 -mtriple=x86_64-unknown-linux-gnu -mcpu=x86-64") == 2


@pytest.mark.parametrize("body", ["cat > /dev/null; exit 1", "cat > /dev/null; echo nothing"])
def test_what_it_refuses_gives_no_pair(tmp_path: Path, body: str) -> None:
    assert Llc(program(tmp_path, body)).lower(IR, TRIPLES[0], "f", 2) is None


@pytest.mark.skipif(REAL is None, reason="no llc is installed; Debian has llvm-19")
@pytest.mark.parametrize("triple", TRIPLES)
def test_a_real_one_lowers(triple: str) -> None:
    assert REAL is not None
    lowered = Llc(REAL).lower(IR, triple, "f", 2)
    assert lowered is not None
    assert lowered[1][:4] == b"\x7fELF"
    assert len(lowered[0].code) == 2


@pytest.mark.skipif(REAL is None or os.name != "posix", reason="no llc is installed; Debian has llvm-19")
def test_shards_have_names_of_their_own(tmp_path: Path) -> None:
    pairs.make(tmp_path, {"mutated": 1}, 20, 1, llc=REAL)
    [shard] = (tmp_path / "pairs").glob("*")
    assert shard.name == "mutated-llc-00000.tsv"
    assert shard.read_text().startswith("lift\t")
