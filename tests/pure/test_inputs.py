"""Files that cannot be worked on: each is refused in one line that names the file and the next step."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from irlens.cli import inputs
from irlens.errors import UnusableInput
from irlens.source.positions import to_utf8

REFUSED = {
    "empty": (b"", "empty"),
    "blank": (b" \n\t\n", "empty"),
    "bitcode": (b"BC\xc0\xde\x35\x14", "llvm-dis"),
    "object": (b"\x7fELF\x02\x01", "object"),
    "nul": (b"define void @f() {\n  ret void\0\n}\n", "NUL"),
    "utf-16": ("; a\ndefine void @f() {\n".encode("utf-16"), "UTF-8"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_refuses_bytes_that_are_no_text(tmp_path: Path, kind: str) -> None:
    content, word = REFUSED[kind]
    path = tmp_path / "x.ll"
    path.write_bytes(content)
    with pytest.raises(UnusableInput) as refused:
        inputs.read_ir(str(path))
    message = str(refused.value)
    assert message.startswith(str(path))
    assert word in message
    assert "\n" not in message


def test_bytes_that_are_not_utf_8_stay_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "x.ll"
    path.write_bytes(b"; caf\xe9\r\ndefine void @f() {\n")
    assert to_utf8(inputs.read_ir(str(path))) == b"; caf\xe9\ndefine void @f() {\n"


def test_names_the_line_of_a_nul_byte(tmp_path: Path) -> None:
    path = tmp_path / "x.ll"
    path.write_bytes(REFUSED["nul"][0])
    with pytest.raises(UnusableInput, match=r"x\.ll:2: a NUL byte"):
        inputs.read_ir(str(path))


def test_refuses_a_huge_file_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "huge.ll"
    with path.open("wb") as file:
        file.truncate(inputs.MAX_BYTES + 1)
    with pytest.raises(UnusableInput, match=r"over the limit.*llvm-extract"):
        inputs.read_ir(str(path))


def test_refuses_what_is_not_there_not_a_file_or_of_the_wrong_kind(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="no such file"):
        inputs.read_ir(str(tmp_path / "absent.ll"))
    folder = tmp_path / "folder.ll"
    folder.mkdir()
    with pytest.raises(UnusableInput, match="not a file but a folder"):
        inputs.read_ir(str(folder))
    wrong = tmp_path / "x.s"
    wrong.write_text("f:\n\tretq\n")
    with pytest.raises(UnusableInput, match="irlens lift"):
        inputs.read_ir(str(wrong))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system")
def test_does_not_wait_for_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "x.ll"
    os.mkfifo(pipe)
    with pytest.raises(UnusableInput, match=r"x\.ll: not a file but a named pipe"):
        inputs.read_ir(str(pipe))


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="no permissions of that kind")
def test_says_that_a_file_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "secret.s"
    path.write_text("f:\n\tretq\n")
    path.chmod(0)
    me = os.geteuid()
    if me == 0:
        os.seteuid(65534)  # root may read everything
    try:
        with pytest.raises(UnusableInput, match=r"secret\.s: cannot be read \(Permission denied\)\. Check"):
            inputs.read_asm(str(path))
    finally:
        os.seteuid(me)


def test_only_ir_is_cut_with_llvm_extract(tmp_path: Path) -> None:
    path = tmp_path / "huge.s"
    with path.open("wb") as file:
        file.truncate(inputs.MAX_BYTES + 1)
    with pytest.raises(UnusableInput, match=r"over the limit.*functions that matter\.$"):
        inputs.read_asm(str(path))


def test_reads_crlf_and_a_byte_order_mark_as_plain_text(tmp_path: Path) -> None:
    path = tmp_path / "x.ll"
    path.write_bytes(b"\xef\xbb\xbfdefine void @f() {\r\n  ret void\r\n}\r\n")
    assert inputs.read_ir(str(path)) == "define void @f() {\n  ret void\n}\n"
    path.write_bytes(b"define void @f() {\r  ret void\r}\r")
    assert inputs.read_ir(str(path)) == "define void @f() {\n  ret void\n}\n"
