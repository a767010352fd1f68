"""The head of a lifted file, and what is said of a function that could not be lifted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from irlens.assist.lift import NOT_ASKED, Candidate, LiftResult, Origin
from irlens.assist.lift_text import could_not_be_lifted, file_with_head
from irlens.emulator.agreement import Agreement, Counterexample
from irlens.evidence.ladder import Evidence
from irlens.evidence.verdict import Verdict
from irlens.model.types import ModelInfo

IR = "define void @f() {\n  ret void\n}\n"
EMBEDDED = ModelInfo("irlens-small", "", "irlens", "gpt2", "q8_0", 1, 1, "ctransformers", "cpu")
LARGE = ModelInfo(
    "llm-compiler-7b-ftd", "", "llm-compiler", "llama", "q4", 1, 1, "llama.cpp", "cpu", credit="Built with it"
)


def result(
    verdict: Verdict,
    reason: str,
    origin: Origin = "mechanical",
    why: str = f"{NOT_ASKED}; lifted mechanically",
    emulation: Agreement | None = None,
    replies: int = 0,
    kept: int = 0,
    more: tuple[Candidate, ...] = (),
) -> LiftResult:
    ir = IR if verdict > Verdict.REJECTED else None
    evidence = Evidence(verdict, reason, IR, "-O2", emulation=emulation) if ir else None
    candidate = Candidate(origin, verdict, reason, ir, 0, 0.1, evidence)
    return LiftResult(
        "f", "x86_64", origin, why, verdict, reason, ir, {}, (candidate, *more), replies, 1.0, kept
    )


def head(made: LiftResult, info: ModelInfo | None = None) -> list[str]:
    text = file_with_head(made, info, "a.s")
    lines, _, ir = text.partition("\n\n")
    assert ir == IR
    found = lines.split("\n")
    assert len(found) == 2
    assert all(line.startswith("; ") for line in found)
    return found


def test_a_lift_that_is_right_says_by_whom_and_how_it_is_known() -> None:
    made = result(Verdict.ROUND_TRIPS, "recompiled at -O2 it gives the same normalised assembly")
    assert head(made) == [
        "; f, lifted by irlens from a.s (mechanically)",
        "; verdict: round-trips (LLVM: recompiled at -O2 it gives the same normalised assembly)",
    ]
    made = result(Verdict.AGREES, "Both did the same on 64 inputs.", "model", replies=2, kept=1)
    assert head(made, EMBEDDED) == [
        "; f, lifted by irlens from a.s (by the model irlens-small, 1 answer kept from before)",
        "; verdict: agrees (emulator: Both did the same on 64 inputs)",
    ]
    assert head(made, LARGE)[0].endswith(". Built with it"), "the licence asks for it"
    known = replace(made, prototype="void f(struct a\n *) (given by you)")
    assert head(known, EMBEDDED)[0].endswith("), as void f(struct a\\0A *) (given by you)")


def test_a_lift_that_is_not_shown_to_be_right_says_so_first() -> None:
    example = Counterexample(("a = 1",), ("[b] = 2",), ("g() = 3",), "the result", "returned 4", "returned 5")
    made = result(
        Verdict.DISAGREES,
        "they differ",
        emulation=Agreement("disagrees", "they differ", counterexample=example),
    )
    assert head(made) == [
        "; SHOWN TO BE WRONG: f, lifted by irlens from a.s (mechanically)",
        "; verdict: disagrees; does something else than the assembly. Emulator: the assembly returned 4, this IR returned 5; "
        "given a = 1, [b] = 2, g() = 3",
    ]
    unknown = head(result(Verdict.VERIFIES, "It was not run."))
    assert unknown[0].startswith("; NOT SHOWN TO BE RIGHT: ")
    assert "may not do what the assembly does. It was not run." in unknown[1]


def test_a_second_line_ends_somewhere_and_is_one_line() -> None:
    example = Counterexample(
        tuple(f"a{index}\n= 1" for index in range(99)), (), (), "it", "returned 4", "returned 5"
    )
    made = result(Verdict.COMPILES, "x", emulation=Agreement("disagrees", "x", counterexample=example))
    second = head(made)[1]
    assert len(second) <= 200
    assert "the assembly returned 4, this IR returned 5" in second
    assert second.endswith("...")


def test_a_model_that_was_wanted_and_was_not_there_is_told() -> None:
    made = result(Verdict.AGREES, "x", why="The file is truncated. Load it again; lifted mechanically")
    assert (
        head(made)[0] == "; f, lifted by irlens from a.s (mechanically: The file is truncated. Load it again)"
    )


REFUSED = "`jmp *%rax` at line 12: where it jumps is not to be seen."
UNLIFTED = Candidate("mechanical", Verdict.REJECTED, REFUSED, None, 0, 0.1)
START = "f could not be lifted: `jmp *%rax` at line 12: where it jumps is not to be seen. "


def test_what_is_advised_was_not_tried() -> None:
    alone = result(Verdict.REJECTED, REFUSED)
    assert could_not_be_lifted(alone, None, "f") == (
        f"{START}A model that reads assembly itself may: `irlens model pull llm-compiler-7b-ftd`, then choose it."
    )
    embedded = result(Verdict.REJECTED, REFUSED, "model", REFUSED, more=(UNLIFTED,))
    assert could_not_be_lifted(embedded, EMBEDDED, "f") == could_not_be_lifted(alone, None, "f")
    answered = result(Verdict.REJECTED, "it does not parse", "model", "x", replies=4, more=(UNLIFTED,))
    assert could_not_be_lifted(answered, LARGE, "f") == (
        f"{START}Ask the model for more than 4 answers (`lift.candidates`)."
    )
    model_only = result(Verdict.REJECTED, "it does not parse: line 3: x", "model", "x", replies=1)
    assert could_not_be_lifted(model_only, LARGE, "f") == (
        'f could not be lifted: it does not parse: line 3: x. Set where lifts come from (`lift.origin`) to "best", '
        "so that it is also lifted without a model."
    )
    intel = result(Verdict.REJECTED, REFUSED, why="the model does not read Intel syntax; lifted mechanically")
    assert "Write the file in AT&T syntax" in could_not_be_lifted(intel, EMBEDDED, "f")


@pytest.mark.parametrize(
    "reason",
    [
        "The assembly does not assemble (line 3: unknown mnemonic). Mend it and try again.",
        "The object defines no function f. Name one that it defines.",
    ],
)
def test_a_reason_that_says_what_to_do_is_enough(reason: str) -> None:
    assert (
        could_not_be_lifted(result(Verdict.REJECTED, reason), None, "f") == f"f could not be lifted: {reason}"
    )
