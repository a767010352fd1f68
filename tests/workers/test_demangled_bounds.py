"""A mangled name refers to its own parts, so that a short one may have a readable form of gigabytes."""

from __future__ import annotations

import resource

import pytest

from irlens.llvm import demangle
from irlens.llvm.tools import on_path

pytestmark = pytest.mark.skipif(not on_path(demangle._NAMES), reason="no demangler is installed")

ORDINARY = "_ZNK3Vec6lengthEv"


def doubled(levels: int) -> str:
    """`f`, whose parameters are each a template of the one before it twice (Itanium C++ ABI, 5.1.10): each doubles the
    readable name."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return "_Z1f1aIiiE" + "".join(f"S_IS{digits[at]}_S{digits[at]}_E" for at in range(levels))


def test_a_name_that_doubles_is_read_as_long_as_it_is_short() -> None:
    found = demangle.demangle([doubled(3), ORDINARY])
    assert found[ORDINARY] == "Vec::length() const"
    assert found[doubled(3)].count("a<int, int>") > 8


@pytest.mark.parametrize("levels", [12, 20, 30])
def test_one_that_is_too_long_has_no_readable_form(levels: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demangle, "_LIMIT_S", 2.0)  # GNU's demangler works on as long as it may
    name = doubled(levels)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = demangle.demangle([name, ORDINARY])
    assert name not in found
    assert demangle.find_name("nobody", [name, ORDINARY]) is None
    assert demangle.find_name(name, [name, ORDINARY]) == name
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kib < 100 << 10  # gigabytes, when all of it was split at its blanks
