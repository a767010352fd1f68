"""Writing where the user says: nothing that stands there is lost, and it stays what it was."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens import output
from irlens.cancel import Cancelled, CancelToken

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes, links and pipes of POSIX")
SERVER = str(Path(output.__file__).parents[1])


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o027)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": SERVER}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, env=environment, timeout=60, check=False)


def test_a_new_file_gets_the_mode_of_the_umask(tmp_path: Path, umask: None) -> None:
    output.write(tmp_path / "new.ll", "text\n")
    assert (tmp_path / "new.ll").read_bytes() == b"text\n"
    assert mode(tmp_path / "new.ll") == 0o640
    assert os.listdir(tmp_path) == ["new.ll"]


@pytest.mark.parametrize("wanted", [0o600, 0o640, 0o755, 0o666])
def test_a_file_keeps_its_mode_and_is_replaced_as_a_whole(tmp_path: Path, wanted: int, umask: None) -> None:
    path = tmp_path / "old.ll"
    path.write_text("old")
    path.chmod(wanted)
    with path.open() as reader:  # who reads the old one goes on with it
        output.write(path, "new")
        assert reader.read() == "old"
    assert (path.read_text(), mode(path)) == ("new", wanted)


def test_set_id_bits_go_as_they_do_at_any_write(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_text("old")
    path.chmod(0o4755)
    output.write(path, "new")
    assert mode(path) == 0o755


@pytest.mark.parametrize("attribute", ["user.irlens"])
def test_attributes_are_kept(tmp_path: Path, attribute: str) -> None:
    path = tmp_path / "old"
    path.write_text("old")
    try:
        os.setxattr(path, attribute, b"value")
    except (OSError, AttributeError):
        pytest.skip("no attributes here")
    output.write(path, "new")
    assert os.getxattr(path, attribute) == b"value"


def test_links_stay_and_their_targets_get_the_text(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target = tmp_path / "there/target.ll"
    target.write_text("old")
    (tmp_path / "one.ll").symlink_to("there/target.ll")
    (tmp_path / "two.ll").symlink_to(tmp_path / "one.ll")
    output.write(tmp_path / "two.ll", "new")
    assert target.read_text() == "new"
    assert (tmp_path / "one.ll").is_symlink()
    assert (tmp_path / "two.ll").is_symlink()


def test_a_link_to_nothing_makes_its_target(tmp_path: Path, umask: None) -> None:
    (tmp_path / "link").symlink_to("absent.ll")
    assert output.why_unwritable(tmp_path / "link") is None
    output.write(tmp_path / "link", "new")
    assert (tmp_path / "absent.ll").read_text() == "new"
    assert (tmp_path / "link").is_symlink()
    assert mode(tmp_path / "absent.ll") == 0o640
    (tmp_path / "lost").symlink_to("no/such/folder/x")
    assert "no folder" in str(output.why_unwritable(tmp_path / "lost"))
    with pytest.raises(FileNotFoundError):
        output.write(tmp_path / "lost", "new")


def test_a_loop_of_links_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert output.why_unwritable(tmp_path / "a") == os.strerror(errno.ELOOP)
    with pytest.raises(OSError, match="symbolic links"):
        output.write(tmp_path / "a", "text")


@pytest.mark.parametrize("text", ["", "short", "n" * 5000])
def test_all_names_of_a_file_get_the_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "one"
    path.write_text("o" * 1000)
    os.link(path, tmp_path / "other")
    output.write(path, text)
    assert path.read_text() == (tmp_path / "other").read_text() == text
    assert path.stat().st_nlink == 2


def test_a_pipe_gets_the_text_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert output.why_unwritable(pipe) is None
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_text()))
    reader.start()
    text = "line\n" * 100_000  # more than a pipe holds
    output.write(pipe, text)
    reader.join()
    assert got == [text]
    assert stat.S_ISFIFO(pipe.lstat().st_mode)


def test_a_cancel_ends_the_wait_for_who_reads_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    cancel = CancelToken()
    threading.Timer(0.2, cancel.cancel).start()
    with pytest.raises(Cancelled):
        output.write(pipe, "text", cancel)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    cancel = CancelToken()
    threading.Timer(0.2, cancel.cancel).start()
    with pytest.raises(Cancelled):
        output.write(pipe, "text" * 100_000, cancel)  # it reads nothing
    os.close(reader)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux")
def test_devices_are_written_to_and_stay(tmp_path: Path) -> None:
    # Through links: whoever replaces what is named must not take a device from the machine.
    for name in ("null", "full"):
        (tmp_path / name).symlink_to(f"/dev/{name}")
        assert output.why_unwritable(tmp_path / name) is None
    output.write(tmp_path / "null", "text")
    assert (tmp_path / "null").is_symlink()
    with pytest.raises(OSError, match="No space"):
        output.write(tmp_path / "full", "text")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root makes devices")
def test_a_device_of_ones_own_stays_a_device_and_a_disk_is_refused(tmp_path: Path) -> None:
    try:
        os.mknod(tmp_path / "null", 0o666 | stat.S_IFCHR, os.makedev(1, 3))
        os.mknod(tmp_path / "disk", 0o666 | stat.S_IFBLK, os.makedev(7, 200))
    except PermissionError:
        pytest.skip("no devices here")
    output.write(tmp_path / "null", "text")
    assert stat.S_ISCHR((tmp_path / "null").lstat().st_mode)
    assert output.why_unwritable(tmp_path / "disk") == "it is a disk"
    with pytest.raises(OSError, match="a disk"):
        output.write(tmp_path / "disk", "text")


PRINT_AND_WRITE = """
import sys
from irlens import output
print("before")
assert output.why_unwritable(sys.argv[1]) is None
output.write(sys.argv[1], "text\\n")
print("after")
"""


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_standard_output_is_written_through_whatever_it_is(tmp_path: Path, name: str) -> None:
    if not os.path.lexists(name):
        pytest.skip("no such name here")
    (tmp_path / "out").symlink_to(name)
    name = str(tmp_path / "out")
    assert python(PRINT_AND_WRITE, name).stdout == b"before\ntext\nafter\n"
    with (tmp_path / "file").open("wb") as file:
        file.write(b"kept\n")
        file.flush()
        done = subprocess.run(
            [sys.executable, "-c", PRINT_AND_WRITE, name],
            stdout=file,
            env={**os.environ, "PYTHONPATH": SERVER},
            timeout=60,
            check=False,
        )
    assert done.returncode == 0
    assert (tmp_path / "file").read_bytes() == b"kept\nbefore\ntext\nafter\n"


def test_what_is_not_open_or_only_read_is_refused() -> None:
    assert output.why_unwritable("/dev/fd/987") == os.strerror(errno.EBADF)
    reader, writer = os.pipe()
    assert output.why_unwritable(f"/dev/fd/{reader}") == "it is open for reading only"
    assert output.why_unwritable(f"/dev/fd/{writer}") is None
    os.close(reader)
    os.close(writer)


@pytest.mark.parametrize("size", [10, 200_000])
@pytest.mark.parametrize("links", [1, 2])
def test_a_full_disk_leaves_the_old_text(tmp_path: Path, size: int, links: int) -> None:
    """A limit on the size of files stands in for the disk: writes fail in the same way, part of the way through."""
    path = tmp_path / "old"
    path.write_text("o" * size)
    if links == 2:
        os.link(path, tmp_path / "other")
    code = """
import resource, signal, sys
from irlens import output
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    output.write(sys.argv[1], "n" * 300_000)
except OSError as problem:
    print(problem.strerror)
"""
    done = python(code, str(path))
    assert done.stdout == b"File too large\n", done.stderr
    assert path.read_text() == "o" * size
    assert len(os.listdir(tmp_path)) == links, "no temporary is left"


def test_a_new_file_that_does_not_fit_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("target")
    code = """
import resource, signal, sys
from irlens import output
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
for write, name in ((output.write, "new"), (output.write_new, "fresh"), (output.write, "link")):
    try:
        write(f"{sys.argv[1]}/{name}", "n" * 3000)
    except OSError as problem:
        print(problem.strerror)
"""
    done = python(code, str(tmp_path))
    assert done.stdout == b"File too large\n" * 3, done.stderr
    assert os.listdir(tmp_path) == ["link"]


def as_nobody(code: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Root may write anywhere, so what is refused is looked at as another user."""
    if os.geteuid() != 0:
        return python(code, *arguments)
    prefix = "import irlens.output, os; os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
    return python(prefix + code, *arguments)


WRITE = """
import sys
from irlens import output
print(output.why_unwritable(sys.argv[1]))
try:
    output.write(sys.argv[1], "new")
except OSError as problem:
    print(problem.strerror)
"""


def for_everyone(path: Path) -> None:
    """Let another user come as far as the path."""
    for each in (path, *path.parents):
        if each.stat().st_uid == os.getuid() and mode(each) & 0o5 != 0o5:
            each.chmod(mode(each) | 0o55)


def test_a_folder_that_takes_no_files_has_its_file_written_in_place(tmp_path: Path) -> None:
    for_everyone(tmp_path)
    path = tmp_path / "old"
    path.write_text("old")
    path.chmod(0o666)
    number = path.stat().st_ino
    tmp_path.chmod(0o555)
    done = as_nobody(WRITE, str(path))
    assert done.stdout == b"None\n", done.stderr
    assert (path.read_text(), path.stat().st_ino, mode(path)) == ("new", number, 0o666)
    done = as_nobody(WRITE, str(tmp_path / "new"))
    assert b"cannot be written in" in done.stdout.splitlines()[0]
    assert done.stdout.splitlines()[1] == b"Permission denied"
    tmp_path.chmod(0o755)


def test_a_file_that_may_not_be_written_is_not_replaced_either(tmp_path: Path) -> None:
    for_everyone(tmp_path)
    path = tmp_path / "old"
    path.write_text("old")
    path.chmod(0o444)
    tmp_path.chmod(0o777)
    done = as_nobody(WRITE, str(path))
    assert done.stdout == b"Permission denied\n" * 2, done.stderr
    assert path.read_text() == "old"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root has files of others")
def test_the_owner_stays(tmp_path: Path) -> None:
    for_everyone(tmp_path)
    path = tmp_path / "old"
    path.write_text("old")
    os.chown(path, 12345, 54321)
    output.write(path, "new")
    assert (path.stat().st_uid, path.stat().st_gid, path.read_text()) == (12345, 54321, "new")
    # Nobody cannot give a new file to its old owner, so the old file is written.
    path.chmod(0o666)
    tmp_path.chmod(0o777)
    number = path.stat().st_ino
    done = as_nobody(WRITE, str(path))
    assert done.stdout == b"None\n", done.stderr
    assert (path.stat().st_uid, path.stat().st_ino, path.read_text()) == (12345, number, "new")


@pytest.mark.parametrize("name", ["", "x" * 5000, "x" * 300, "folder", "file/x", "a\0b", "new/", "absent/x"])
def test_what_cannot_be_written_is_said_before(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    path = f"{tmp_path}/{name}" if name else ""
    assert output.why_unwritable(path)
    with pytest.raises(OSError, match=r".") as refused:
        output.write(path, "text")
    assert refused.value.strerror
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]


def test_folders_that_are_to_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert output.why_unwritable(tmp_path / "a/b/c.ll", make_folders=True) is None
    assert "not a folder" in str(output.why_no_folder(tmp_path / "file"))
    assert output.why_no_folder(tmp_path / "file/x/y") is not None
    assert output.why_no_folder(tmp_path / "new/er") is None
    (tmp_path / "lost").symlink_to("nowhere")
    assert "a link to" in str(output.why_no_folder(tmp_path / "lost/x"))


def test_bytes_that_were_no_text_are_written_as_they_were(tmp_path: Path) -> None:
    output.write(tmp_path / "a", "\udcfe ä\r\n")
    assert (tmp_path / "a").read_bytes() == b"\xfe \xc3\xa4\r\n"
    output.write(tmp_path / "a", "\ud83d")
    assert (tmp_path / "a").read_bytes() == b"\\ud83d"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_no_temporary_and_the_old_text(tmp_path: Path, number: int) -> None:
    path = tmp_path / "old"
    path.write_text("old")
    code = """
import os, sys, time
from irlens import output
from irlens.cli.at_ends import tidy
def slow(handle):
    print(os.listdir(sys.argv[2]), flush=True)
    time.sleep(600)
os.fsync = slow
with tidy():
    output.write(sys.argv[1], "new")
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(path), str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": SERVER},
    )
    assert process.stdout is not None
    assert b".irlens-" in process.stdout.readline()
    process.send_signal(number)
    assert process.wait(60) == -number
    process.stdout.close()
    assert os.listdir(tmp_path) == ["old"]
    assert path.read_text() == "old"
