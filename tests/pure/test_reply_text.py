"""A reply put together from token bytes, cut at every place that a tokenizer could cut."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from irlens.model.reply import ReplyText

TEXT = "é日本🎉 `opt -p 'x'` done"


def collect(reply: ReplyText, parts: list[bytes]) -> str:
    shown = [reply.take(part) for part in parts]
    return "".join([*shown, reply.take(b"", final=True)])


def cut(data: bytes, places: list[int]) -> list[bytes]:
    bounds = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(bounds)]


@given(st.text(), st.lists(st.integers(0, 1000)))
def test_characters_split_between_tokens_come_out_whole(text: str, places: list[int]) -> None:
    assert collect(ReplyText(()), cut(text.encode(), places)) == text


@given(st.text(alphabet="ab<"), st.lists(st.text(alphabet="ab<", max_size=4)), st.lists(st.integers(0, 1000)))
def test_the_first_stop_to_be_complete_ends_the_text(text: str, stops: list[str], places: list[int]) -> None:
    reply = ReplyText(tuple(stops))
    got = collect(reply, cut(text.encode(), places))
    ends = [text.index(stop) + len(stop) for stop in stops if stop and stop in text]
    assert reply.stopped is bool(ends)
    assert got == (text[: min(ends)] if ends else text)


def test_nothing_is_held_back_and_nothing_shown_half() -> None:
    reply = ReplyText(("<end>",))
    assert [reply.take(part) for part in (b"a<", b"en", b"\xc3", b"\xa9", b"x")] == ["a<", "en", "", "é", "x"]
    assert reply.take(b"<end>tail") == "<end>"
    assert reply.stopped
    assert reply.take(b"more") == ""


def test_bytes_that_never_become_text_are_marked() -> None:
    assert collect(ReplyText(()), [b"\xff", b"a", b"\xe6\x97"]) == "\ufffda\ufffd"


def test_one_byte_at_a_time() -> None:
    reply = ReplyText(("'`",))
    assert collect(reply, [bytes([byte]) for byte in TEXT.encode()]) == "é日本🎉 `opt -p 'x'`"
