"""The report and the SARIF of a run, from numbers of our own."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from irlens.tuning.outcome import Failure, Outcome, Run
from irlens.tuning.report import report
from irlens.tuning.sarif import sarif

NASTY = '<script>alert("1")</script>&\'.ll'


def outcome(path: str, before: int, oz: int, best: int, model: int | None = None) -> Outcome:
    passes = "function(sroa),default<Oz>" if best < before else ""
    return Outcome(
        path, "bytes", before, oz, best, passes, (oz, oz + 3, best), 9, 1.5, "LLVM 9", "checked", model
    )


RUN = Run(
    (
        outcome("a b/one.ll", 200, 100, 90, 95),
        outcome(NASTY, 50, 100, 50),
        outcome("two.ll", 300, 100, 100, 110),
    ),
    (Failure("bad.ll", "<b>no</b>. Mend it."),),
    "irlens tune '<x>'",
    {"irlens": "1"},
    "opt-19",
)


def test_totals_are_those_of_table_3() -> None:
    found, model = RUN.found, RUN.model
    # The second module is smaller as it stands than with -Oz: no list did that.
    assert (found.improved, found.regressed) == (1, 0)
    assert found.alone == found.with_oz == pytest.approx(1 - (90 + 50 + 100) / 250)
    assert model is not None
    assert (model.improved, model.regressed) == (1, 1)
    assert model.alone == pytest.approx(1 - (95 + 50 + 110) / 250)
    assert model.with_oz == pytest.approx(1 - (95 + 50 + 100) / 250)


def test_over_counts_from_the_smaller_of_oz_and_the_module_as_it_is() -> None:
    assert [each.path for each in RUN.over(11)] == ["a b/one.ll"]
    assert RUN.over(11.2) == []
    assert RUN.outcomes[1].excess == 0


class Page(HTMLParser):
    """What is on a page: its elements, what they load, the text of the table that can be sorted."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.copied: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "srcset", "action"):
                self.loads.append(str(value))
            if name == "data-copy":
                self.copied.append(str(value))


def test_the_report_loads_nothing_and_escapes_everything() -> None:
    text = report(RUN)
    page = Page(text)
    assert page.loads == []
    assert "url(" not in text
    assert "@import" not in text
    assert page.tags.count("script") == 1
    assert "b" not in page.tags
    assert page.tags.count("svg") == 2
    assert (
        "opt-19 -relocation-model=pic -passes='function(sroa),default<Oz>' -S 'a b/one.ll' -o 'a b/one.small.ll'"
        in page.copied
    )
    assert RUN.command in page.copied
    assert "prefers-color-scheme:dark" in text
    assert "<strong>4.00% smaller</strong>" in text
    words = re.sub(
        r"<(code|button)\b.*?</\1>|<[^>]*>", "", re.sub(r"<(style|script)>.*?</\1>", "", text, flags=re.S)
    )
    assert "\u2011Oz" in words
    assert "-Oz" not in words, "a line can end at this hyphen"


def test_a_report_of_nothing_is_a_page_too() -> None:
    page = report(Run((), RUN.failures, "irlens tune", {}))
    assert "No module could be tuned" in page
    assert "&lt;b&gt;no" in page


def test_sarif_has_a_result_for_each_module_that_can_be_smaller() -> None:
    log: dict[str, Any] = sarif(RUN)
    [run] = log["runs"]
    assert log["version"] == "2.1.0"
    [result] = run["results"]
    assert result["ruleId"] == run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"]
    assert result["level"] == "note"
    assert re.search(r"90 bytes.*-Oz 100.*10\.00% smaller.*opt-19 -relocation", result["message"]["text"])
    [location] = result["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/one.ll"
    assert location["physicalLocation"]["region"]["startLine"] == 1
    [invocation] = run["invocations"]
    assert invocation["executionSuccessful"] is False
    [notification] = invocation["toolExecutionNotifications"]
    assert notification["message"]["text"] == RUN.failures[0].why


@pytest.mark.skipif(os.name == "nt", reason="there a backslash separates")
def test_a_backslash_in_a_name_leads_nowhere_else() -> None:
    """A file that is really called so."""
    named = replace(RUN.outcomes[0], path="x\\..\\..\\src\\trusted.ll")
    [run] = sarif(replace(RUN, outcomes=(named,)))["runs"]
    [location] = run["results"][0]["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "x%5C..%5C..%5Csrc%5Ctrusted.ll"
