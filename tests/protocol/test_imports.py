"""What the server's process may not load: it must start fast, and native code may abort it."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "llvmlite",
    "ctransformers",
    "torch",
    "numpy",
    "gguf",
    "unicorn",
    "pypcode",
    "keystone",
    "watchdog",
    "tree_sitter",
    "tree_sitter_llvm",
)
CLIENTS = (
    "irlens.llvm.client",
    "irlens.model.client",
    "irlens.emulator.client",
    "irlens.mechanical.client",
    "irlens.assist.lift",
)
"""What the server comes to import while it works: the libraries stay in the children."""


def loaded_by(module: str) -> set[str]:
    code = f"import sys, {module}; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_server_loads_nothing_heavy() -> None:
    assert loaded_by("irlens.lsp.server").isdisjoint(HEAVY)


@pytest.mark.parametrize("module", CLIENTS)
def test_the_way_to_a_child_process_loads_nothing_heavy(module: str) -> None:
    assert loaded_by(module).isdisjoint(HEAVY)


def test_initialize_is_answered_before_the_lsp_library_is_loaded() -> None:
    assert loaded_by("irlens.lsp.main").isdisjoint({*HEAVY, "lsprotocol", "pygls", "asyncio", "attrs"})
