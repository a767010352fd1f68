"""A log that nobody can fill: few records of a kind, none longer than a page."""

from __future__ import annotations

import io
import logging

from irlens.lsp import logs


class Log:
    """A logger whose clock stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0
        self.stream = io.StringIO()
        handler = logging.StreamHandler(self.stream)
        handler.setFormatter(logs.Short("%(message)s"))
        handler.addFilter(logs.Fewer(lambda: self.now))
        self.logger = logging.Logger("x")
        self.logger.addHandler(handler)

    @property
    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()


def test_of_many_records_of_a_kind_few_are_written_and_the_rest_are_counted() -> None:
    log = Log()

    def one(number: int) -> None:
        log.logger.warning("refused %s", number)

    for number in range(100_000):
        one(number)
    assert len(log.lines) == logs.MOST
    assert "more like it are left out" in log.lines[-1]
    log.now += logs.WINDOW_S
    one(7)
    assert log.lines[-1] == f"refused 7 (and {100_000 - logs.MOST:,} more like it before)"
    log.now += logs.WINDOW_S
    one(8)
    assert log.lines[-1] == "refused 8"


def test_what_a_client_chose_makes_no_kind_of_its_own() -> None:
    log = Log()
    for number in range(1000):
        log.logger.error("x" + str(number))
    assert len(log.lines) == logs.MOST
    log.logger.error("another place")
    assert log.lines[-1] == "another place"


def test_a_long_record_loses_its_middle() -> None:
    log = Log()
    log.logger.warning("a" * 1_000_000 + "END")
    assert len(log.stream.getvalue()) < logs.LONGEST + 100
    assert "characters left out" in log.stream.getvalue()
    assert log.lines[-1].endswith("END")
    try:
        raise ValueError("b" * 1_000_000)
    except ValueError:
        log.logger.exception("c")
    assert len(log.stream.getvalue()) < 2 * (logs.LONGEST + 100)


def test_a_percent_sign_of_a_client_is_no_format() -> None:
    log = Log()
    for _ in range(logs.MOST):
        log.logger.warning("%s", "100 %d %s")
    assert log.lines[-1].startswith("100 %d %s (more")
