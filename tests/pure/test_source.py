"""Snapshots, columns in three units, edits: as LSP counts lines and columns, on any text."""

from __future__ import annotations

import dataclasses
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irlens.source import memo
from irlens.source.edits import (
    ClientChange,
    TextEdit,
    Unfollowable,
    apply_changes,
    apply_edits,
    whole_document,
)
from irlens.source.memo import of_text
from irlens.source.positions import (
    Encoding,
    byte_to_index,
    from_client,
    to_client,
    to_utf8,
    utf8_length,
)
from irlens.source.snapshot import DocumentSnapshot, split_lines

EMOJI_LINE = 'c"é😀x" ; ∑'
"""Columns of each character: UTF-8 0 1 2 4 8 9 ..., UTF-16 0 1 2 3 5 6 ..., UTF-32 0 1 2 3 4 5 ..."""

ENCODINGS: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")
TEXTS = st.text(
    st.sampled_from("ab\n\r\té∑😀\u2028\x0c\ud800") | st.characters(exclude_categories=()), max_size=40
)


def snapshot(text: str) -> DocumentSnapshot:
    return DocumentSnapshot("file:///a.ll", 1, "llvm", text)


@pytest.mark.parametrize(
    ("utf8", "encoding", "column"),
    [
        (2, "utf-8", 2),
        (4, "utf-8", 4),
        (8, "utf-8", 8),
        (2, "utf-16", 2),
        (4, "utf-16", 3),
        (8, "utf-16", 5),
        (9, "utf-16", 6),
        (2, "utf-32", 2),
        (4, "utf-32", 3),
        (8, "utf-32", 4),
        (9, "utf-32", 5),
    ],
)
def test_columns_on_a_line_with_an_emoji(utf8: int, encoding: Encoding, column: int) -> None:
    assert to_client(EMOJI_LINE, utf8, encoding) == column
    assert from_client(EMOJI_LINE, column, encoding) == utf8


@pytest.mark.parametrize(
    ("encoding", "inside", "start"), [("utf-8", 5, 4), ("utf-8", 7, 4), ("utf-8", 3, 2), ("utf-16", 4, 4)]
)
def test_inside_a_character_is_its_start(encoding: Encoding, inside: int, start: int) -> None:
    assert from_client(EMOJI_LINE, inside, encoding) == start


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_out_of_range_columns_are_the_ends_of_the_line(encoding: Encoding) -> None:
    end = len(EMOJI_LINE.encode())
    assert from_client(EMOJI_LINE, 1000, encoding) == end
    assert from_client(EMOJI_LINE, -1, encoding) == 0
    assert to_client(EMOJI_LINE, 1000, encoding) == to_client(EMOJI_LINE, end, encoding)
    assert to_client(EMOJI_LINE, -5, encoding) == 0


def test_a_lone_surrogate_counts_once_in_utf16_and_three_in_utf8() -> None:
    line = "a\ud83db"
    assert [to_client(line, column, "utf-16") for column in (0, 1, 4, 5)] == [0, 1, 2, 3]
    assert from_client(line, 2, "utf-16") == 4


@given(TEXTS, st.sampled_from(ENCODINGS))
def test_there_and_back(text: str, encoding: Encoding) -> None:
    line = split_lines(text)[0]
    for index in range(len(line) + 1):
        utf8 = utf8_length(line[:index])
        assert from_client(line, to_client(line, utf8, encoding), encoding) == utf8


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a\n", ["a", ""]),
        ("a\r\nb\rc\nd", ["a", "b", "c", "d"]),
        ("a\n\rb", ["a", "", "b"]),
        ("a\r\r\nb", ["a", "", "b"]),
        ("a\u2028b\x0cc\x0bd\x85e", ["a\u2028b\x0cc\x0bd\x85e"]),
    ],
)
def test_lines_end_as_lsp_says(text: str, lines: list[str]) -> None:
    assert split_lines(text) == lines
    assert list(snapshot(text).lines) == lines


@given(TEXTS)
def test_positions_and_offsets_agree(text: str) -> None:
    snap = snapshot(text)
    for offset in range(len(text) + 1):
        line, column = snap.position(offset)
        inside_a_line_end = text[offset - 1 : offset + 1] == "\r\n"
        assert snap.offset(line, column) == (offset - 1 if inside_a_line_end else offset)


def test_positions_outside_the_text_are_its_nearest_place() -> None:
    snap = snapshot("ab\r\ncd")
    assert snap.offset(-1, 5) == 0
    assert snap.offset(9, 0) == 6
    assert snap.offset(0, 99) == 2
    assert snap.position(-3) == (0, 0)
    assert snap.position(99) == (1, 2)
    assert snap.line(7) == ""


def test_a_snapshot_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        snapshot("a").text = "b"  # type: ignore[misc]


@pytest.mark.parametrize(("encoding", "start", "end"), [("utf-8", 4, 8), ("utf-16", 3, 5), ("utf-32", 3, 4)])
def test_a_change_in_the_clients_columns(encoding: Encoding, start: int, end: int) -> None:
    before = snapshot("x\r\n" + EMOJI_LINE + "\r\n")
    after = apply_changes(before, [ClientChange("Z", (1, start, 1, end))], 2, encoding)
    assert after.text == 'x\r\nc"éZx" ; ∑\r\n'
    assert after.version == 2
    assert before.text.count("😀") == 1


def test_changes_build_on_one_another() -> None:
    changes = [ClientChange("one\ntwo\n"), ClientChange("2", (1, 0, 1, 3)), ClientChange("!", (2, 9, 3, 0))]
    assert apply_changes(snapshot(""), changes, 3, "utf-16").text == "one\n2\n!"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ((4, 0, 4, 0), "at line 5, and the text has 3"),
        ((0, 0, 2_000_000_000, 0), "at line 2000000001, and the text has 3"),
        ((1, 0, 0, 0), "ends before it starts"),
        ((0, 2, 0, 1), "ends before it starts"),
        ((1, 4, 1, 5), "splits the character at line 2 column 5"),
    ],
)
def test_a_change_of_another_text_is_refused(span: tuple[int, int, int, int], words: str) -> None:
    with pytest.raises(Unfollowable, match=words):
        apply_changes(snapshot(f"one\n{EMOJI_LINE}\n"), [ClientChange("x", span)], 2, "utf-16")


def test_two_halves_of_a_character_that_come_apart_are_one() -> None:
    halves = [ClientChange("\ud83d", (0, 1, 0, 1)), ClientChange("\ude00", (0, 2, 0, 2))]
    after = apply_changes(snapshot("ab"), halves, 3, "utf-16")
    assert after.text == "a😀b"
    assert apply_changes(snapshot("ab"), halves[:1], 2, "utf-16").text == "a\ud83db"


@given(st.lists(st.tuples(TEXTS, st.randoms(use_true_random=False)), max_size=6), TEXTS)
def test_changes_are_those_of_the_whole_text(parts: list[tuple[str, Random]], text: str) -> None:
    """Line by line, as it is done, and on the text as a whole, which is too slow for many cursors."""
    changes, wanted = [], text
    for new, random in parts:
        now = snapshot(wanted)
        ends = sorted(_place_of(now, random.randrange(len(wanted) + 1)) for _ in range(2))
        changes.append(ClientChange(new, (*ends[0], *ends[1])))
        start, end = (now.offset(line, now.from_client(line, column, "utf-32")) for line, column in ends)
        wanted = wanted[:start] + new + wanted[end:]
    after = apply_changes(snapshot(text), changes, 2, "utf-32").text
    assert after.encode("utf-16", "surrogatepass") == wanted.encode("utf-16", "surrogatepass")


def _place_of(now: DocumentSnapshot, offset: int) -> tuple[int, int]:
    line, column = now.position(offset)
    return line, now.to_client(line, column, "utf-32")


def test_what_llvm_gets_has_the_columns_that_were_counted() -> None:
    line = "a\ud83db\udcc3\udca9c\udfff😀"
    assert to_utf8(line) == b"a\xef\xbf\xbdb\xc3\xa9c\xef\xbf\xbd" + "😀".encode()
    for index in range(len(line) + 1):
        column = len(to_utf8(line[:index]))
        assert utf8_length(line[:index]) == column
        assert byte_to_index(line, column) == index


def test_edits_speak_of_the_text_before_them() -> None:
    snap = snapshot("abc\ndef\n")
    edits = [
        TextEdit(1, 0, 1, 1, "D"),
        TextEdit(0, 1, 0, 1, "1"),
        TextEdit(0, 1, 0, 1, "2"),
        TextEdit(0, 2, 0, 3, ""),
    ]
    assert apply_edits(snap, edits) == "a12b\nDef\n"


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        apply_edits(snapshot("abc"), [TextEdit(0, 0, 0, 2, ""), TextEdit(0, 1, 0, 3, "")])


@given(TEXTS, TEXTS)
def test_the_whole_document_is_replaced(old: str, new: str) -> None:
    snap = snapshot(old)
    assert apply_edits(snap, [whole_document(snap, new)]) == new


def test_of_large_texts_only_what_was_read_last_is_kept() -> None:
    read: list[str] = []

    @of_text
    def length(text: str) -> int:
        read.append(text[:1])
        return len(text)

    small, large = ["a", "b", "c"], ["x" * (memo.MOST_CHARACTERS + 1), "y" * (memo.MOST_CHARACTERS + 1)]
    for text in (*small, *small, *large, *large, large[1]):
        assert length(text) == len(text)
    assert "".join(read) == "abcxyxy"
