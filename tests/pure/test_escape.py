"""Escaping: whatever a name holds, each medium's reader finds text and nothing else."""

from __future__ import annotations

import csv
import io
import re
import shlex
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from irlens import escape
from support import hostile

MARKS = "`*_[]()<>!#|\\~&;:/@.=+-$ 1wht\n\r\t\x00\x1b\x7f\x9b\u202e\u200b\ud800\udc80é漢"
TEXT = st.one_of(
    st.text(),
    st.text(alphabet=MARKS, max_size=30),
    st.text(alphabet="`\\| a", max_size=20),
    st.sampled_from(hostile.NAMES),
    st.lists(
        st.sampled_from([*hostile.NAMES, "](x:y)", "<a b>", "www.", "http://x", "`" * 90]), max_size=4
    ).map("".join),
)


@given(TEXT)
def test_a_line_has_nothing_unseen(text: str) -> None:
    shown = escape.line(text)
    assert hostile.unseen(shown) == []
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in shown)
    assert escape.line(shown) == shown, "what is shown is clean"


@given(TEXT)
def test_lines_keep_line_feeds_and_tabs_alone(text: str) -> None:
    shown = escape.lines(text)
    assert hostile.unseen(shown, kept="\n\t") == []
    assert shown.count("\n") == text.count("\n")
    assert shown.count("\t") == text.count("\t")


@given(st.text(alphabet=st.characters(codec="ascii", exclude_categories=["C"])))
def test_clean_text_stays_as_it_is(text: str) -> None:
    assert escape.line(text) == escape.lines(text) == text


@pytest.mark.parametrize(
    "code", [*range(0x20), *range(0x7F, 0xA0), 0x200B, 0x202E, 0x2028, 0x2066, 0xFEFF, 0xE0041, 0xDCFF]
)
def test_what_is_not_seen_is_spelled_as_llvm_does(code: int) -> None:
    shown = escape.line(f"a{chr(code)}b")
    assert re.fullmatch(r"a\\(?:[0-9A-F]{2}|u[0-9A-F]{4}|U[0-9A-F]{8})b", shown), shown
    assert int(shown[1:-1].lstrip("\\uU"), 16) == (code & 0xFF if 0xDC80 <= code <= 0xDCFF else code)


@given(TEXT)
@example("[a](command:b)")
@example("$(x)")
def test_messages_and_labels_have_no_links_icons_or_tags(text: str) -> None:
    for shown in (escape.message(text), escape.label(text)):
        assert hostile.acts(shown) == []
        assert re.search(r"<[A-Za-z][A-Za-z0-9-]*[\s/]", shown) is None
    assert escape.label(text).strip()


def test_data_is_clean_but_for_what_must_stay() -> None:
    value = {"ir": "a\n\x1b", "rows": [{"name": "[a](b:c)\n", "n": 1, "ir": "b\n"}], "no": None}
    cleaned = escape.data(value, keep={"ir"})
    assert cleaned["ir"] == "a\n\x1b"
    assert cleaned["rows"][0]["ir"] == "b\n"
    assert hostile.acts(cleaned["rows"][0]["name"]) == []
    assert cleaned["rows"][0]["n"] == 1
    assert cleaned["no"] is None


@given(TEXT)
def test_a_code_span_is_one_code_span(text: str) -> None:
    made = escape.code_span(text)
    assert hostile.without_code(f"a {made} b") == "a C b"
    opened = re.match("`+", made)
    assert opened is not None
    assert max(map(len, re.findall("`+", made))) <= 16, "cmark reads no longer run"
    assert hostile.unseen(made) == []
    within = made[len(opened[0]) : -len(opened[0])]
    assert within.strip(" ").replace("\\60", "`") == (escape.line(text) or '""').strip(" ").replace(
        "\\60", "`"
    )


@given(TEXT)
def test_a_code_span_of_a_table_has_no_bar(text: str) -> None:
    made = escape.code_span(text, in_table=True)
    assert "|" not in made
    assert hostile.without_code(made) == "C"


@given(TEXT)
@example("1. a")
@example("- a")
@example("a@b.example")
def test_prose_is_text(text: str) -> None:
    made = escape.markdown(text)
    assert hostile.active_markdown(made) == []
    assert hostile.unseen(made) == []


@pytest.mark.parametrize(
    "made",
    ["`a", "*a*", "_a_", "[a](b)", "<b>", "&lt;", "~~a~~", "a|b", "www.a", "http://a", "a\nb", "# a", "- a", "1. a", "> a",
     "a@b"],
)  # fmt: skip
def test_the_check_of_markdown_sees_marks(made: str) -> None:
    assert hostile.active_markdown(made) != []
    assert hostile.active_markdown(escape.markdown(made)) == []


@given(TEXT)
def test_a_real_parser_of_markdown_finds_the_text(text: str) -> None:
    markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")
    pytest.importorskip("linkify_it", reason="linkify-it-py is not installed")
    parser = markdown_it.MarkdownIt("gfm-like")
    parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False})  # as VS Code's preview has it
    shown, span = escape.line(text.strip()).strip(), escape.code_span(text)
    assert leaves(parser, f"so {escape.markdown(text)}") == [("text", f"so {shown}".strip())]
    assert leaves(parser, escape.markdown(text)) == ([("text", shown)] if shown else [])
    inside = leaves(parser, f"**{span}** {escape.markdown(text)}")
    assert [kind for kind, _ in inside if kind != "text"] == ["strong_open", "code_inline", "strong_close"]
    table = f"| {escape.code_span(text, in_table=True)} | {escape.markdown(text)} | b |\n|---|---|---|\n| a | a | a |"
    kinds = [token.type for token in parser.parse(table)]
    assert kinds.count("th_open") == 3
    fence = parser.parse(f"a\n\n{escape.fenced(text)}\n\nb")
    assert [token.type for token in fence if token.type in ("fence", "inline")] == [
        "inline",
        "fence",
        "inline",
    ]


def leaves(parser: Any, made: str) -> list[tuple[str, str]]:
    """The parts of the only paragraph, texts that stand beside each other as one."""
    blocks = parser.parse(made)
    assert [block.type for block in blocks] in ([], ["paragraph_open", "inline", "paragraph_close"])
    found: list[tuple[str, str]] = []
    for token in blocks[1].children if blocks else []:
        if token.type == "text" and found and found[-1][0] == "text":
            found[-1] = ("text", found[-1][1] + token.content)
        elif token.type != "text" or token.content:
            found.append((token.type, token.content))
    return found


@given(TEXT)
def test_a_fence_ends_where_we_end_it(text: str) -> None:
    made = escape.fenced(text, "diff").split("\n")
    fence = made[0].removesuffix("diff")
    assert set(fence) == {"`"}
    assert len(fence) >= 3
    assert made[-1] == fence
    # CommonMark 4.5: a fence is closed by a line of at least as many backticks.
    assert not any(re.match(rf" {{0,3}}`{{{len(fence)},}}\s*$", each) for each in made[1:-1])
    assert hostile.unseen("\n".join(made), kept="\n\t") == []


@given(TEXT)
def test_markdown_of_ours_reads_without_its_marks(text: str) -> None:
    made = f"**{escape.code_span(text)}** {escape.markdown(text)}."
    spelled = escape.code_span(text)
    inside = spelled.strip("`")
    inside = inside[1:-1] if inside[:1] == inside[-1:] == " " and inside.strip() else inside
    expected = f"{inside} {escape.line(text.strip())}."
    assert escape.plain(made) == expected


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


@given(TEXT)
def test_html_is_text_and_attributes_are_values(text: str) -> None:
    reader = Reader()
    reader.feed(f'<p title="{escape.html(text)}">{escape.html(text)}</p>')
    reader.close()
    assert reader.tags == [("p", {"title": escape.line(text)})]
    assert reader.text == escape.line(text)


@given(TEXT.filter(lambda text: "\0" not in text and not re.search("[\ud800-\udc7f\udd00-\udfff]", text)))
def test_a_shell_reads_one_word(text: str) -> None:
    word = escape.shell_word(text)
    assert hostile.unseen(word) == [], "pasted, it does nothing to the terminal"
    if not word.startswith("$'"):
        assert shlex.split(word) == [text]


BASH = shutil.which("bash")


@pytest.mark.skipif(BASH is None, reason="no bash")
@pytest.mark.parametrize("name", [*hostile.NAMES, "it's\n\\n \x01 \x1b", "\udcff\udc80", "é\u202e1"])
def test_bash_reads_one_word(name: str) -> None:
    assert BASH is not None
    done = subprocess.run(
        [BASH, "-c", f"printf %s {escape.shell_word(name)}"], capture_output=True, check=True, timeout=60
    )
    assert done.stdout == name.encode("utf-8", "surrogateescape")


def test_nul_is_no_word() -> None:
    with pytest.raises(ValueError, match="NUL"):
        escape.shell_word("a\0b")


def test_a_path_is_no_option() -> None:
    assert escape.shell_path("-load-pass-plugin=x.ll") == "./-load-pass-plugin=x.ll"
    assert escape.shell_path("a b/-c.ll") == "'a b/-c.ll'"


@given(TEXT)
def test_a_path_in_a_uri_is_a_path(text: str) -> None:
    written = escape.uri_path(text)
    assert re.fullmatch(r"(?:[A-Za-z0-9_.~/-]|%[0-9A-F]{2})*", written)
    parts = urlsplit(f"file:///{written}")
    assert (parts.query, parts.fragment) == ("", "")
    if not re.search("[\ud800-\udfff]", text):
        assert unquote(written) == text


@given(TEXT)
@example("con")
@example("NUL.ll")
@example("lpt1.a")
@example(".bashrc")
@example("a/../..")
@example("x" * 10_000)
def test_a_file_name_names_a_file_in_its_folder(text: str) -> None:
    name = escape.file_name(text)
    assert re.fullmatch(r"[A-Za-z0-9_$@][A-Za-z0-9._$@-]*", name)
    assert len(name) <= escape.LONGEST_NAME + 1
    assert (PurePosixPath("/w") / name).parent == PurePosixPath("/w")
    assert PureWindowsPath(name).name == name
    assert not name.endswith(".")
    assert name.split(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT1", "CONIN$", "CONOUT$"}


def test_a_file_of_that_name_can_be_made(tmp_path: Path) -> None:
    for name in (*hostile.NAMES, "a\0b", "漢" * 300):
        file = tmp_path / escape.file_name(name)
        file.touch()
        assert file.resolve().parent == tmp_path.resolve()


@given(TEXT)
def test_a_cell_is_no_formula(text: str) -> None:
    written = io.StringIO()
    csv.writer(written).writerow([escape.csv_cell(text), escape.csv_cell(-1)])
    cell, number = next(csv.reader(io.StringIO(written.getvalue(), newline="")))
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert number == "-1"


@pytest.mark.parametrize(
    "unit", ["a", "`", "\u202e", "_a", "|", "](", "<a", "w.", "\\", " ", "1", "$(", "é", "*"]
)
def test_long_texts_take_linear_time(unit: str) -> None:
    """A quadratic one would take minutes; `--timeout` is the judge, no clock."""
    text = unit * (1_000_000 // len(unit))
    for made in (
        escape.line(text),
        escape.message(text),
        escape.html(text),
        escape.fenced(text),
        escape.code_span(text),
    ):
        assert made
    escape.plain(escape.markdown(text) + escape.code_span(text))
    escape.label(text)
    escape.file_name(text)
