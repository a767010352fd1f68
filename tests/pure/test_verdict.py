"""The ladder's rungs: names that files keep, and an order in which being shown wrong is no merit."""

from __future__ import annotations

from irlens.evidence.verdict import Verdict


def test_names_lead_back() -> None:
    assert [Verdict.named(str(each)) for each in Verdict] == list(Verdict)
    assert str(Verdict.ROUND_TRIPS) == "round-trips"


def test_what_is_shown_wrong_ranks_below_what_nothing_is_known_of_and_is_no_edit() -> None:
    unknown = (Verdict.VERIFIES, Verdict.COMPILES)
    right = (Verdict.AGREES, Verdict.ROUND_TRIPS)
    assert Verdict.REJECTED < Verdict.DISAGREES < min(unknown) < max(unknown) < min(right)
    assert [each for each in Verdict if each.is_shown_right] == list(right)


def test_what_is_shown_wrong_was_compiled_to_be_run() -> None:
    assert [each for each in Verdict if each.has_object] == [
        Verdict.DISAGREES,
        Verdict.COMPILES,
        Verdict.AGREES,
        Verdict.ROUND_TRIPS,
    ]
    assert [each for each in Verdict if not each.is_ir] == [Verdict.REJECTED]


def test_each_verdict_says_in_full_what_it_is() -> None:
    for each in Verdict:
        assert each.words.startswith(f"{each}: ")
