"""Files that an assembly text includes are put in their place, lines and all."""

from __future__ import annotations

import pytest

from irlens.asm.file_directives import find
from irlens.asm.includes import MOST_BYTES, CannotInclude, Unreadable, complete

FILES = {
    "a.inc": b"\tnop\n\tret",
    "b.inc": b'\t.include "a.inc"\n',
    "data": b"\x00\x01\xff",
    "empty": b"",
    "loop": b'.include "loop"\n',
}


def read(name: str, most: int) -> bytes:
    if name not in FILES:
        raise Unreadable(f"There is no file {name}. Correct the name.")
    return FILES[name]


def test_an_include_takes_its_lines_place() -> None:
    made = complete('f:\n\t.include "a.inc" # here\n\tint3\n', read)
    assert made.text == "f:\n\tnop\n\tret\n\tint3\n"
    assert made.lines == (0, 1, 1, 2, 3)


def test_includes_within_includes() -> None:
    made = complete('x: .include "b.inc"\n', read)
    assert made.text == "x: \n\tnop\n\tret\n\n"
    assert made.lines == (0, 0, 0, 0, 1)


@pytest.mark.parametrize(
    ("line", "made"),
    [
        ('.incbin "data"', ".byte 0,1,255"),
        ('.incbin "data", 1', ".byte 1,255"),
        ('.incbin "data" , 1 , 1 # x', ".byte 1"),
        ('.incbin "data",,2', ".byte 0,1"),
        ('x: .INCBIN "d\\141ta"', "x: .byte 0,1,255"),
        ('.incbin "empty"', ""),
        ('.incbin "data", 9', ""),
    ],
)
def test_bytes_stand_on_the_line(line: str, made: str) -> None:
    completed = complete(line, read)
    assert completed.text == made
    assert completed.lines == (0,)
    assert find(completed.text) == ()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('.include "nowhere"', "no file nowhere"),
        ('.include "loop"', "nest"),
        ('nop ; .include "a.inc"', "alone on its line"),
        ('.include "a.inc" ; nop', "alone on its line"),
        (".include a.inc", "alone on its line"),
        ('.incbin "data", n', "numbers only"),
        ('.incbin "data", -1', "numbers only"),
        ('.incbin "\\name"', "macro makes up the name"),
        ('".incbin" "data"', "alone on its line"),
    ],
)
def test_what_cannot_be_put_in_says_why(line: str, why: str) -> None:
    with pytest.raises(CannotInclude, match=why) as cannot:
        complete("\tnop\n" + line + "\n", read)
    assert cannot.value.line == 1


def test_all_files_together_are_bounded() -> None:
    asked = []

    def count(name: str, most: int) -> bytes:
        asked.append(most)
        return b"x" * min(most, MOST_BYTES // 2)

    complete('.incbin "a"\n.incbin "b"\n', count)
    assert asked == [MOST_BYTES, MOST_BYTES // 2]
    with pytest.raises(CannotInclude, match="files are included"):
        complete('.incbin "empty"\n' * 1001, read)
    assert complete('.incbin "data"\n' * 500, read).text == ".byte 0,1,255\n" * 500


def test_what_macros_make_up_is_left_and_found() -> None:
    text = '.macro m a b\n.\\a\\b "data"\n.endm\nm inc bin\n'
    assert complete(text, read).text == text
    assert find(text)


def test_a_text_without_files_is_the_same() -> None:
    text = "f:\r\n\tnop\r\tret\n"
    made = complete(text, read)
    assert (made.text, made.lines) == (text, (0, 1, 2, 3))
