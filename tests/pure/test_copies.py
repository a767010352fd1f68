"""Constants that reach their register through a scratch register, and those that must stay."""

from __future__ import annotations

import pytest

from irlens.asm.copies import direct
from irlens.asm.normal import normalise


@pytest.mark.parametrize("behind", ["bl @1", "ret", "mov w8 1", "ldr x8 [sp 8", "blr x9", "add x8 x9 1"])
def test_a_constant_that_nobody_reads_is_written_at_once(behind: str) -> None:
    assert direct(["mov w8 4", "mov w1 w8", behind]) == ["mov w1 4", behind]


@pytest.mark.parametrize(
    "behind",
    [
        "str w8 [sp]",
        "add x8 x8 1",
        "blr x8",
        "b L1",
        "L1:",
        "cbz w0 L1",
        "mov w2 w8",
        "stp x8 x9 [sp]",
        "movk w8 1 lsl 16",
        "svc 0",
    ],
)
def test_a_constant_that_may_be_read_stays(behind: str) -> None:
    lines = ["mov w8 4", "mov w1 w8", behind, "ret"]
    assert direct(lines) == lines


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("mov w19 4", "mov w1 w19"),  # kept over calls
        ("mov w2 4", "mov w1 w2"),  # an argument
        ("mov w8 4", "mov x1 x8"),
        ("mov w8 4", "mov w1 w9"),
        ("mov w8 w3", "mov w1 w8"),
    ],
)
def test_what_is_no_such_pair_stays(first: str, second: str) -> None:
    assert direct([first, second, "ret"]) == [first, second, "ret"]


def test_several_in_a_row() -> None:
    lines = ["mov w8 4", "mov w1 w8", "mov w8 1", "mov w2 w8", "bl @1"]
    assert direct(lines) == ["mov w1 4", "mov w2 1", "bl @1"]


def test_a_number_is_the_same_in_both_halves_of_a_register() -> None:
    def line(text: str) -> str:
        return normalise(f"f:\n\t{text}\n\tret\n", "f", "aarch64-unknown-linux-gnu").code[0]

    assert line("mov x8, #4294967295") == line("mov w8, #-1") == "mov w8 -1"
    assert line("mov x8, #4294967296") == "mov x8 4294967296"
    assert line("mov x8, #-1") == "mov x8 -1"
