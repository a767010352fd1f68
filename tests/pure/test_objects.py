"""The ELF reader and the writer of assembly on damaged files: an answer or `BadObject`, in time, and nothing else."""

# ruff: noqa: E501 (a sample reads best on one line)

from __future__ import annotations

import random
import struct
import time

import pytest

from irlens.asm.code_words import branch_field, rip_field
from irlens.objects.assembly import assembly_of, function_names
from irlens.objects.elf import BadObject, read_any, read_object

CODE = bytes.fromhex("488d05000000008b000300c3") + b"\x90" * 4


def elf(kind: int = 1, machine: int = 62) -> bytes:
    """A small ELF file: .text with `f`, one relocation or (linked) one dynamic one, symbols, strings."""
    names = b"\0.text\0.symtab\0.strtab\0.rela.text\0.dynsym\0.data\0"
    strings = b"\0f\0counter\0"
    address = 0x1000 if kind != 1 else 0
    symbol = struct.Struct("<IBBHQQ")
    symbols = (
        symbol.pack(0, 0, 0, 0, 0, 0)
        + symbol.pack(1, 0x12, 0, 1, address, len(CODE))
        + symbol.pack(3, 0x11, 0, 6 if kind != 1 else 0, 0x2000 if kind != 1 else 0, 8)
    )
    rela = struct.pack(
        "<QQq", 0x2000 if kind != 1 else 3, 2 << 32 | (6 if kind != 1 else 2), -4 if kind == 1 else 0
    )
    bodies = [CODE, symbols, strings, rela, names, b"\1\2\3\4\5\6\7\x08"]
    offsets, at = [], 64
    for body in bodies:
        offsets.append(at)
        at += len(body) + -len(body) % 8
    section = struct.Struct("<IIQQQQIIQQ")
    headers = [
        section.pack(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        section.pack(1, 1, 6, address, offsets[0], len(CODE), 0, 0, 16, 0),
        section.pack(
            7, 11 if kind != 1 else 2, 2 if kind != 1 else 0, 0, offsets[1], len(symbols), 3, 1, 8, 24
        ),
        section.pack(15, 3, 0, 0, offsets[2], len(strings), 0, 0, 1, 0),
        section.pack(23, 4, 2 if kind != 1 else 0, 0, offsets[3], len(rela), 2, 1, 8, 24),
        section.pack(15, 3, 0, 0, offsets[4], len(names), 0, 0, 1, 0),
        section.pack(42, 1, 3, 0x2000 if kind != 1 else 0, offsets[5], 8, 0, 0, 8, 0),
    ]
    header = struct.pack(
        "<16sHHIQQQIHHHHHH",
        b"\x7fELF\2\1\1" + bytes(9),
        kind,
        machine,
        1,
        0,
        0,
        at,
        0,
        64,
        0,
        0,
        64,
        len(headers),
        5,
    )
    return header + b"".join(body + bytes(-len(body) % 8) for body in bodies) + b"".join(headers)


def lengths(code: bytes, address: int) -> list[int]:
    return [7, 2, 2, 1, 1, 1, 1, 1][: len(code)]


def test_the_small_files_are_read() -> None:
    assert function_names(elf()) == function_names(elf(3)) == ["f"]
    text, _ = assembly_of(elf(), None, lengths)
    assert ".reloc\t.Lr1_0, R_X86_64_PC32, counter-4" in text
    assert "f:" in text
    text, name = assembly_of(elf(3), "f", lengths)
    assert name == "f"
    assert "\t.size\tf, .-f" in text
    with pytest.raises(BadObject, match="no relocatable"):
        read_object(elf(3))


@pytest.mark.parametrize("kind", [1, 2, 3])
def test_damaged_files_are_refused_or_read_in_time(kind: int) -> None:
    good = elf(kind)
    rng = random.Random(kind)
    started = time.monotonic()
    answers = 0
    reasons: set[str] = set()
    for number in range(4000):
        bad = bytearray(good)
        for _ in range(rng.choice((1, 1, 2, 4))):
            at = rng.randrange(len(bad)) if number % 3 else rng.randrange(max(0, len(bad) - 7 * 64), len(bad))
            width = rng.choice((1, 2, 4, 8))
            value = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
            bad[at : at + width] = bytes([value]) * width
        data = bytes(bad[: rng.randrange(len(bad))] if number % 5 == 0 else bad)
        for ask in (
            lambda data=data: function_names(data),
            lambda data=data: assembly_of(data, "f", lengths),
            lambda data=data: assembly_of(data, "0x1000", lengths),
            lambda data=data: assembly_of(data, None, lengths),
        ):
            try:
                ask()
                answers += 1
            except BadObject as bad_object:
                reasons.add(str(bad_object))
    assert answers > 1000
    assert [reason for reason in reasons if not reason.endswith(".")] == []
    assert time.monotonic() - started < 90


def test_a_size_that_no_file_has_costs_nothing() -> None:
    data = bytearray(elf())
    table = struct.unpack_from("<Q", data, 40)[0]
    struct.pack_into("<Q", data, table + 6 * 64 + 32, 1 << 60)  # .data says it has an exabyte
    with pytest.raises(BadObject):
        read_any(bytes(data))
    struct.pack_into("<I", data, table + 6 * 64 + 4, 8)  # ... of zeros
    with pytest.raises(BadObject, match="MiB"):
        assembly_of(bytes(data), None, lengths)


@pytest.mark.parametrize(
    ("code", "field"),
    [
        ("8b05e22e0000", 2), ("c705dc2e000007000000", 2), ("488d3dcd0d0000", 3), ("f20f5905100e0000", 4), ("ff25d62f0000", 2),
        ("660f6f0510000000", 4), ("c5fb580510000000", 4), ("c4e27d180510000000", 5), ("660f3a0b051000000001", 5), ("803d102e000000", 2),
        ("8d0437", None), ("c3", None), ("e810000000", None), ("b805000000", None), ("0f1f4400 00", None), ("680500000000", None),
        ("4883c001", None), ("0f8410000000", None), ("8b04250500000000", None), ("48b80500000000000000", None),
    ],
)  # fmt: skip
def test_a_distance_to_the_next_instruction_is_found(code: str, field: int | None) -> None:
    assert rip_field(bytes.fromhex(code)) == field


def test_a_direct_branch_is_known() -> None:
    for code, field in [
        ("e810000000", (1, 4)), ("e910000000", (1, 4)), ("0f8410000000", (2, 4)), ("eb05", (1, 1)), ("7405", (1, 1)),
        ("f2e910000000", (2, 4)), ("e305", (1, 1)), ("ffd0", None), ("c3", None), ("4883c001", None),
    ]:  # fmt: skip
        assert branch_field(bytes.fromhex(code)) == field, code
