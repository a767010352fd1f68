"""What the shell makes of text: carets, colors, names that were meant, names of streams, jobs side by side."""

from __future__ import annotations

import io
import threading

import pytest

from irlens.assist.parallel import in_parallel
from irlens.assist.words import choose_from, counted, nearest, some
from irlens.cancel import Cancelled, CancelToken
from irlens.cli import colors, console, streams
from irlens.cli.carets import excerpt
from irlens.cli.colors import Paint
from irlens.errors import UnusableInput


@pytest.mark.parametrize(
    ("line", "column", "end", "shown", "under"),
    [
        ("  %x = add i32 %a, %b", 17, None, "  %x = add i32 %a, %b", " " * 17 + "^"),
        ("  %x = add i32 %a, %bad", 19, None, "  %x = add i32 %a, %bad", " " * 19 + "^~~~"),
        ("\tmovq\t%ax, %bx", 6, 9, "        movq    %ax, %bx", " " * 16 + "^~~"),
        ("é%x = 1", 2, 4, "é%x = 1", " ^~"),  # columns are bytes
        ("日本 %x", 7, None, "日本 %x", " " * 5 + "^~"),  # wide letters take two cells
        ("a\x1b[2Jb", 5, None, "a\\1B[2Jb", " " * 7 + "^"),
        ("ret", None, None, "ret", ""),
        ("ret", 3, None, "ret", "   ^"),
        ("", 0, None, "", "^"),
    ],
)
def test_a_caret_stands_under_what_is_meant(
    line: str, column: int | None, end: int | None, shown: str, under: str
) -> None:
    assert excerpt(line, column, end, 80) == (shown, under)


@pytest.mark.parametrize("column", [0, 50, 500, 996, 999])
def test_a_long_line_is_cut_around_the_caret(column: int) -> None:
    line = "x" * column + "@" + "y" * (999 - column)
    shown, under = excerpt(line, column, column + 1, 60)
    assert len(shown) <= 60
    assert shown[under.index("^")] == "@"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "terminal", "pipe"),
    [
        ({}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": "0"}, False, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
        ({"CLICOLOR_FORCE": "1"}, True, True),
        ({"CLICOLOR": "0"}, False, False),
        ({"TERM": "dumb"}, False, False),
    ],
)
def test_color_follows_the_environment(
    environment: dict[str, str], terminal: bool, pipe: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert colors.wanted(Terminal()) is terminal
    assert colors.wanted(io.StringIO()) is pipe


def test_what_is_painted_is_escaped_and_stays_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = io.StringIO()
    console.say("a\x1b[2J", Paint("b\nc\x1b[0m", "red"), file=stream)
    text = stream.getvalue()
    for code in colors.CODES:
        text = text.replace(code, "")
    assert text == "a\\1B[2Jb\\0Ac\\1B[0m\n"
    assert stream.getvalue().count("\x1b") == 2


def test_names_that_were_meant() -> None:
    names = ["parse", "parse_all", "emit"] + [f"f{number}" for number in range(40)]
    assert nearest("pares", names)[0] == "parse"
    assert nearest("EMIT", names) == ["emit"]
    assert nearest("zzzzzz", names) == []
    advice = choose_from("prase", names)
    assert advice.startswith("Did you mean parse? Choose one of: parse, parse_all, emit, f0")
    assert advice.endswith("and 31 more.")
    assert some([]) == "none"
    assert some(["a", "b"]) == "a, b"


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 bytes"), (1, "1 byte"), (2, "2 bytes"), (2470, "2,470 bytes")]
)
def test_plurals_by_count(count: int, said: str) -> None:
    assert counted(count, "byte") == said


def test_streams_by_name() -> None:
    assert [streams.is_stream(path) for path in ("-", "/dev/stdin", "/dev/fd/63", "/proc/self/fd/0")] == [
        True
    ] * 4
    assert [streams.is_stream(path) for path in ("./-", "x.ll", "/dev/null", "/dev/fd/x", "--")] == [
        False
    ] * 5
    assert [streams.shown(path) for path in ("-", "/dev/fd/0", "x.ll")] == ["<stdin>", "<stdin>", "x.ll"]
    with pytest.raises(UnusableInput, match="only once"):
        streams.refuse_twice(["-", "x.ll", "/dev/stdin"])


@pytest.mark.parametrize("jobs", [1, 3])
def test_results_come_in_order(jobs: int) -> None:
    assert list(in_parallel(range(20), lambda number: number * 2, jobs)) == [
        2 * number for number in range(20)
    ]


def test_jobs_run_side_by_side_and_come_as_they_are_done() -> None:
    both = threading.Barrier(2, timeout=30)
    gate = threading.Event()

    def work(number: int) -> int:
        if number < 2:
            both.wait()
        if number == 0:
            assert gate.wait(30)
        return number

    results = in_parallel([0, 1, 2], work, 2, in_order=False)
    first = [next(results), next(results)]
    gate.set()
    assert sorted(first) == [1, 2]
    assert list(results) == [0]


def test_an_error_stops_the_others() -> None:
    cancel = CancelToken()
    begun: list[int] = []

    def work(number: int) -> int:
        begun.append(number)
        if number == 1:
            raise UnusableInput("no")
        assert cancel.wait(30)
        raise Cancelled

    with pytest.raises(UnusableInput):
        list(in_parallel(range(100), work, 2, cancel))
    assert len(begun) < 100


def test_a_cancel_ends_it_with_what_is_done() -> None:
    cancel = CancelToken()
    results = in_parallel(range(100), lambda number: number, 2, cancel)
    next(results)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(results)
