"""Triples are completed as LLVM's own tools complete them (`llvm::Triple::normalize`)."""

from __future__ import annotations

import pytest

from irlens.asm.triple import normalized


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("x86_64-unknown-linux-gnu", "x86_64-unknown-linux-gnu"),
        ("x86_64-linux-gnu", "x86_64-unknown-linux-gnu"),
        ("aarch64-linux-android21", "aarch64-unknown-linux-android21"),
        ("x86_64-w64-mingw32", "x86_64-w64-windows-gnu"),
        ("x86_64-windows-msvc", "x86_64-unknown-windows-msvc"),
        ("x86_64-pc-windows", "x86_64-pc-windows-msvc"),
        ("x86_64-pc-win32", "x86_64-pc-windows-msvc"),
        ("x86_64-pc-cygwin", "x86_64-pc-windows-cygnus"),
        ("arm64-apple-ios", "arm64-apple-ios"),
        ("aarch64-none-elf", "aarch64-unknown-none-elf"),
        ("aarch64-none-linux-gnu", "aarch64-none-linux-gnu"),
        ("x86_64", "x86_64"),
        ("", ""),
    ],
)
def test_a_triple_is_completed(given: str, made: str) -> None:
    assert normalized(given) == made
    assert normalized(made) == made
