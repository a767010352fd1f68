"""What the LLVM that measures is called, and that a change of it is said once."""

from __future__ import annotations

import logging

import pytest

from irlens import notices
from irlens.llvm import session


@pytest.mark.parametrize(
    ("by", "short"),
    [
        ("LLVM 19.1.7 (libLLVM of opt 19.1.7)", "LLVM 19.1.7"),
        ("llvmlite 0.50.0 (LLVM 22.1.0)", "LLVM 22.1.0"),
        ("opt 19.1.7, code by llvmlite 0.50.0 (LLVM 22.1.0)", "opt 19.1.7, code by LLVM 22.1.0"),
        ("opt 19.1.7", "opt 19.1.7"),
        ("", ""),
    ],
)
def test_its_name_is_short_and_has_the_version(by: str, short: str) -> None:
    assert session.short_name(by) == short


def test_a_change_is_said_once(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(session, "_last", [])
    monkeypatch.setattr(notices, "_said", set())
    caplog.set_level(logging.WARNING)
    for by in ("LLVM 1.0 (libLLVM of opt 1.0)", "LLVM 1.0 (libLLVM of opt 1.0)"):
        session.announce(by)
    assert caplog.messages == []
    for by in ("llvmlite 0.5 (LLVM 2.0)", "LLVM 1.0", "llvmlite 0.5 (LLVM 2.0)"):
        session.announce(by)
    assert len([said for said in caplog.messages if "measured by LLVM 2.0" in said]) == 1
