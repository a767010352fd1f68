"""Files that somebody made are read with a limit, never waited for, and only where they are files."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from irlens import files
from irlens.cli.main import main
from irlens.errors import ModelUnavailable, UnusableInput
from irlens.evals.reading import text_of
from irlens.files import NotRegular, TooLarge, inside, parse_json, read_json, read_regular
from irlens.lsp.handlers.files import _read
from irlens.model.engines.served_place import read_key
from support.deep import deep_folder

posix = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices of POSIX")


def test_a_file_is_read_whole_up_to_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "file"
    content = os.urandom(3_000_000)
    path.write_bytes(content)
    assert read_regular(path, len(content)) == content
    with pytest.raises(TooLarge) as large:
        read_regular(path, len(content) - 1)
    assert large.value.size == len(content)
    assert "3,000,000 bytes are over the limit of 2,999,999" in str(large.value.strerror)


def test_a_file_that_grows_while_it_is_read_has_the_same_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 100)
    real = os.read

    def growing(handle: int, size: int) -> bytes:
        with path.open("ab") as file:
            file.write(b"y" * 100)
        return real(handle, size)

    monkeypatch.setattr(files.os, "read", growing)
    with pytest.raises(TooLarge):
        read_regular(path, 5000)


@posix
@pytest.mark.parametrize(
    ("kind", "says"),
    [("pipe", "a named pipe"), ("folder", "a folder"), ("/dev/zero", "a device"), ("/dev/tty", "a device")],
)
def test_what_is_no_file_is_refused_at_every_door(tmp_path: Path, kind: str, says: str) -> None:
    path = tmp_path / "x.ll"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(kind)
    with pytest.raises(NotRegular, match=says):
        read_regular(path, 100)
    with pytest.raises(NotRegular, match=says):
        read_json(path)
    with pytest.raises(UnusableInput, match=says):
        text_of(path)
    with pytest.raises(ModelUnavailable, match=says):
        read_key(str(path))
    assert _read(path.as_uri(), (str(path.parent),)) is None, "as a workspace that is watched may hold it"


@posix
def test_one_that_becomes_a_pipe_between_looking_and_opening_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_text("text")
    real = files.status_of

    def looked(each: str | os.PathLike[str]) -> os.stat_result:
        status = real(each)
        path.unlink()
        os.mkfifo(path)
        return status

    monkeypatch.setattr(files, "status_of", looked)
    with pytest.raises(NotRegular, match="a named pipe"):
        read_regular(path, 100)


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="Linux")
def test_a_file_of_the_kernels_says_that_it_is_empty_and_is_believed() -> None:
    assert read_regular("/proc/self/status", 100) == b""


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 200_000, "{", "", "1" * 5000, b"\xff", "\ud800["])
def test_a_text_that_has_no_value_is_one_kind_of_error(text: str | bytes, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_json(text)
    path = tmp_path / "x.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    with pytest.raises(ValueError, match=r"."):
        read_json(path)


def test_json_has_a_limit_too(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("[" + " " * files.JSON_LIMIT + "]")
    with pytest.raises(ValueError, match="over the limit"):
        read_json(tmp_path / "x.json")


def test_a_name_that_no_file_can_have_is_an_error_of_the_system(tmp_path: Path) -> None:
    for name in ("a\0b", "\ud83d", "x" * 5000):
        with pytest.raises(OSError, match=r"."):
            read_regular(f"{tmp_path}/{name}", 100)


def test_the_help_says_whom_a_cluster_trusts(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["tune", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "Name only a scheduler that you trust" in told
    assert "can run programs here as you" in told


def test_a_folder_may_be_deeper_than_python_calls(tmp_path: Path) -> None:
    """`rglob` calls itself for each level."""
    (tmp_path / "a.ll").write_text("")
    with deep_folder(tmp_path):
        (tmp_path / "d" / "b.ll").write_text("")
        assert [path.name for path in inside(tmp_path, {".ll"})] == ["a.ll", "b.ll"]
        (tmp_path / "d" / "b.ll").unlink()
