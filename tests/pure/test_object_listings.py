"""A listing of an object or program: what stands in it, what is left out and said, and damaged files."""

from __future__ import annotations

import random
import struct

import pytest
from test_objects import elf, lengths

from irlens.asm.dialect import machine_of_object
from irlens.asm.outline import functions
from irlens.assist.words import sentence
from irlens.ide.symbols import symbols
from irlens.objects import listing
from irlens.objects.elf import BadObject, ObjectFile, Section, read_any
from irlens.objects.frames import extents
from irlens.objects.listing import listing_of
from irlens.source.snapshot import DocumentSnapshot
from support.timing import within


def words(code: bytes, address: int) -> str:
    return f"op{code[:1].hex()}"


@pytest.mark.parametrize("kind", [1, 3])
def test_every_instruction_has_its_words_behind_its_bytes(kind: int) -> None:
    made = listing_of(elf(kind), lengths, words)
    assert made.functions == ("f",)
    assert [each.name for each in functions(made.text)] == ["f"]
    assert machine_of_object(made.text) == "x86_64"
    start = 0x1000 if kind == 3 else 0
    for at, first in ((0, "48"), (7, "8b"), (9, "03")):
        assert f"# {start + at:x}: op{first}\n" in made.text
    assert ("R_X86_64_PC32, counter-4\n" in made.text) == (kind == 1)
    snapshot = DocumentSnapshot("irlens-object:/f.s", 1, "asm", made.text)
    assert [each.instructions for each in symbols(snapshot)] == [8]


def test_what_has_no_room_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_DATA", 4)
    made = listing_of(elf(3), lengths, words)
    assert made.notes == ()  # nothing refers to the data but by a name that the loader finds
    monkeypatch.setattr(listing, "MOST_CODE", 4)
    made = listing_of(elf(1), lengths, words)
    assert (made.functions, made.notes) == (
        (),
        ("Left out for their size: 2 sections (.text, .data), undefined here.",),
    )
    assert made.text.count(".byte") == 0


def test_it_begins_where_it_is_told_to() -> None:
    assert listing_of(elf(3), lengths, words, "f").functions == ("f",)
    assert listing_of(elf(3), lengths, words, "0x1000").functions == ("f",)
    for wrong, says in (("g", "no function g"), ("0x1003", "begins at 0x1003")):
        with pytest.raises(BadObject, match=says):
            listing_of(elf(3), lengths, words, wrong)


def frames(*places: tuple[int, int], at: int = 0x4000) -> bytes:
    """An .eh_frame as gcc and clang write it: distances of 32 bits."""
    head = b"\1zR\0\1\x78\x10\1\x1b\0\0\0"
    made = struct.pack("<II", 4 + len(head), 0) + head
    for address, size in places:
        place = at + len(made) + 8
        made += struct.pack("<IIiI", 16, len(made) + 4, address - place, size) + b"\0\0\0\0"
    return made + b"\0\0\0\0"


def unwinding(data: bytes) -> ObjectFile:
    return ObjectFile(62, [Section(0, ".eh_frame", 1, 2, len(data), 8, data, address=0x4000)], [], True)


def test_the_unwind_table_tells_where_functions_are() -> None:
    places = [(0x1000, 17), (0x1020, 5)]
    assert extents(unwinding(frames(*places))) == places
    assert extents(unwinding(frames(*places)[:-14])) == places[:1]


def test_a_damaged_unwind_table_is_read_as_far_as_it_goes() -> None:
    rng = random.Random(7)
    good = frames(*((0x1000 + 32 * number, 20) for number in range(20)))
    lengths_found = set()
    for _ in range(3000):
        bad = bytearray(good)
        for _ in range(rng.choice((1, 2, 4))):
            bad[rng.randrange(len(bad))] = rng.randrange(256)
        lengths_found.add(len(extents(unwinding(bytes(bad)))))
    assert max(lengths_found) >= 20 > min(lengths_found)


@pytest.mark.parametrize("kind", [1, 2, 3])
def test_damaged_files_are_refused_or_listed(kind: int) -> None:
    good, rng = elf(kind), random.Random(kind)
    listed = 0
    reasons: list[str] = []
    for number in range(1500):
        bad = bytearray(good)
        for _ in range(rng.choice((1, 2, 4))):
            at = rng.randrange(len(bad)) if number % 3 else rng.randrange(max(0, len(bad) - 7 * 64), len(bad))
            bad[at] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
        try:
            assert listing_of(bytes(bad), lengths, words).text
            listed += 1
        except BadObject as error:
            reasons.append(str(error))
    assert [reason for reason in reasons if not reason.endswith(".")] == []
    assert min(listed, len(reasons)) > 100


def test_a_sentence_ends_once() -> None:
    assert [sentence(text) for text in ("It is.", "it is", "It is.. ")] == ["It is.", "it is.", "It is."]


def object_of_names(count: int, length: int) -> bytes:
    """An object whose functions have the endings of one long name for names."""
    strings = b"\0" + b"a" * length + b"\0"
    table = b"\0" * 24 + b"".join(struct.pack("<IBBHQQ", 1 + at, 0x12, 0, 1, at, 1) for at in range(count))
    named = b"\0.text\0.symtab\0.strtab\0"
    sections = [
        (0, 0, 0, b"", 0, 0),
        (1, 1, 6, b"\xc3" * max(64, count), 0, 0),
        (7, 2, 0, table, 3, 24),
        (15, 3, 0, strings, 0, 0),
        (15, 3, 0, named, 0, 0),
    ]
    body, headers = b"", b""
    for name, kind, flags, data, link, entry in sections:
        headers += struct.pack(
            "<IIQQQQIIQQ", name, kind, flags, 0, 64 + len(body), len(data), link, 0, 8, entry
        )
        body += data
    head = b"\x7fELF\2\1\1" + b"\0" * 9
    return (
        struct.pack("<16sHHIQQQIHHHHHH", head, 1, 62, 1, 0, 0, 64 + len(body), 0, 64, 0, 0, 64, 5, 4)
        + body
        + headers
    )


@pytest.mark.parametrize(
    ("count", "length", "says"),
    [
        (250, 200_000, "share too many letters"),  # 50 MB of names in a file of 200 KB
        (1_000, 1_100, ""),
        (1_300, 1_400, "more than 3 MiB of text"),
    ],
)
def test_names_that_share_their_letters_do_not_fill_memory(
    count: int, length: int, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_OF_NAMES", 3 << 20)
    data = object_of_names(count, length)
    if says:
        with pytest.raises(BadObject, match=says):
            listing_of(data, lengths, words)
    else:
        assert len(listing_of(data, lengths, words).functions) == 1_000


def object_of_sections(count: int, contents: int, name: int) -> bytes:
    """An object of `count` sections that all have the same `contents` bytes and the same name of `name` letters."""
    letters = b"\0" + b"a" * name + b"\0"
    body = letters + b"\x90" * contents
    headers = struct.pack("<IIQQQQIIQQ", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    headers += struct.pack("<IIQQQQIIQQ", 1, 3, 0, 0, 64, len(letters), 0, 0, 1, 0)
    headers += count * struct.pack("<IIQQQQIIQQ", 1, 1, 6, 0, 64 + len(letters), contents, 0, 0, 1, 0)
    at = 64 + len(body)
    head = struct.pack(
        "<16sHHIQQQIHHHHHH", b"\x7fELF\2\1\1" + b"\0" * 9, 1, 62, 1, 0, 0, at, 0, 64, 0, 0, 64, count + 2, 1
    )
    return head + body + headers


@pytest.mark.parametrize(
    ("count", "contents", "name", "says"),
    [
        (60_000, 1 << 20, 1, "sections share their bytes"),
        (60_000, 0, 1 << 20, "share too many letters"),
        (1, 1 << 20, 1, ""),
        (1_000, 100, 20, ""),
    ],
)
def test_sections_that_share_their_bytes_do_not_fill_memory(
    count: int, contents: int, name: int, says: str
) -> None:
    data = object_of_sections(count, contents, name)
    if says:
        with pytest.raises(BadObject, match=says):
            within(2.0, read_any, data)
    else:
        assert len(read_any(data).sections) == count + 2


def test_a_name_does_not_break_a_line_of_the_text() -> None:
    data = elf().replace(b"counter\0", b"c\n\x0d.e\xe2x\0", 1)
    made = listing_of(data, lengths, words)
    assert '"c\\\\0A\\\\0D.e' in made.text
    assert all(line.isprintable() or "\t" in line for line in made.text.split("\n"))
    assert "\r" not in made.text


def object_of_functions(count: int, *, linked: bool) -> bytes:
    """`count` functions of one byte; of an object each in a section of its own, of a linked file side by side and of no
    size, as hand-written assembly has them."""
    names = [f"f{number}".encode() for number in range(count)]
    strings = b"\0" + b"\0".join(names) + b"\0"
    at, table = 1, b"\0" * 24
    for number, name in enumerate(names):
        place, section = (0x1000 + number, 1) if linked else (0, 1 + number)
        table += struct.pack("<IBBHQQ", at, 0x12, 0, section, place, 0 if linked else 1)
        at += len(name) + 1
    code = [(1, 1, 6, b"\xc3" * count, 0, 0, 0x1000)] if linked else [(1, 1, 6, b"\xc3", 0, 0, 0)] * count
    named = b"\0.text\0.symtab\0.strtab\0"
    sections = [
        (0, 0, 0, b"", 0, 0, 0),
        *code,
        (7, 2, 0, table, len(code) + 2, 24, 0),
        (15, 3, 0, strings, 0, 0, 0),
        (15, 3, 0, named, 0, 0, 0),
    ]
    body, headers = b"", b""
    for name, kind, flags, data, link, entry, address in sections:
        headers += struct.pack(
            "<IIQQQQIIQQ", name, kind, flags, address, 64 + len(body), len(data), link, 0, 1, entry
        )
        body += data
    head = struct.pack(
        "<16sHHIQQQIHHHHHH", b"\x7fELF\2\1\1" + b"\0" * 9, 2 if linked else 1, 62, 1, 0, 0, 64 + len(body), 0, 64, 0, 0,
        64, len(sections), len(sections) - 1,
    )  # fmt: skip
    return head + body + headers


@pytest.mark.parametrize("linked", [False, True], ids=["sections of their own", "no sizes"])
def test_thousands_of_functions_are_listed_in_proportion(linked: bool) -> None:
    made = within(
        3.0, listing_of, object_of_functions(3_000, linked=linked), lambda code, at: [1] * len(code), words
    )
    assert len(made.functions) == 3_000
    assert [each.name for each in functions(made.text)][:3] == ["f0", "f1", "f2"]
