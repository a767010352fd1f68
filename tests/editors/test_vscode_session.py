"""The VS Code extension at work, in VS Code's own extension host: sittings, and what they saw.

`vscode/session/` has what happens in each; here is what must have been seen.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from vscode_driver import Code
from vscode_files import hostile
from workspace_files import ERROR_LINE, FILES, PREPROCESSED_S, object_of_triple

from irlens.assist.tune_functions import LEAST_BYTES
from irlens.ir.outline import function_text
from irlens.ir.pipeline import parse_pipeline, print_pipeline

pytestmark = pytest.mark.editor


PAIR_LL = """target triple = "x86_64-unknown-linux-gnu"

define i32 @other(i32 %x) {
  ret i32 %x
}
define i32 @src(i32 %x) {
  %y = mul i32 %x, 3
  ret i32 %y
}
define i32 @tgt(i32 %x) {
  %y = mul i32 %x, 5
  ret i32 %y
}
"""
RUN_LL = "; RUN: opt -passes=sroa -S %s\n" + FILES["broken.ll"].replace("%missing", "%a")


@pytest.fixture(scope="module")
def seen(
    code: Callable[..., Code], irlens_on_path: tuple[Path, Path], gone: Callable[..., set[int]], root: Path
) -> dict[str, Any]:
    """What one sitting saw."""
    # VS Code takes PATH from a login shell, so the command is named.
    files = FILES | {
        "fields.s": (root / "examples" / "eval" / "fields.x86_64.O2.s").read_text(),
        "loops.ll": (root / "tests" / "cli" / "loops.ll").read_text(),
        "run.ll": RUN_LL,
        "pair.ll": PAIR_LL,
        "entry.S": PREPROCESSED_S,
    }
    # A few lists are enough to find a smaller one.
    settings = {"irlens.serverPath": str(irlens_on_path[0] / "irlens"), "irlens.tune.background": 8}
    made = code(files, settings)
    (made.workspace / "made.o").write_bytes(object_of_triple())
    told = made.session("main")
    told["left"] = sorted(gone(told["pids"], 15.0))
    for pid in told["left"]:
        os.kill(pid, signal.SIGKILL)
    return told


def test_it_is_installed_and_knows_its_files(seen: dict[str, Any]) -> None:
    assert seen["installed"]
    assert seen["languages"] == {"broken.ll": "llvm", "sum.s": "asm"}


def test_an_error_is_at_its_utf16_unit_behind_an_emoji(seen: dict[str, Any]) -> None:
    before = ERROR_LINE.split("%missing")[0]
    line = FILES["broken.ll"].split("\n").index(ERROR_LINE)
    error = seen["error"]
    assert seen["errors"] == 1
    assert (error["line"], error["column"]) == (line, len(before.encode("utf-16-le")) // 2)
    assert "%missing" in error["message"]
    assert error["severity"] == 0


def test_hover_weighs_a_function(seen: dict[str, Any]) -> None:
    assert "weigh" in seen["hover"]
    assert re.search(r"\b5 instructions\b.*\b\d+ bytes\b", seen["hover"])
    assert "sum" in seen["hoverS"]


def test_a_hint_says_what_would_be_smaller_and_its_quick_fixes_do_it(seen: dict[str, Any]) -> None:
    assert seen["hint"]["text"] == "@weigh"
    assert re.fullmatch(
        r"`weigh` could be [4-7] bytes with -Oz \(now 8; measured by (LLVM|opt) .+\)\.",
        seen["hint"]["message"],
    )
    here, *others = seen["quickFixes"]
    assert re.fullmatch(r"Apply -Oz to `weigh` alone \([4-7] bytes\): an edit", here)
    assert others == ["Apply -Oz: an edit", "Optimise for size (checked): irlens.optimize"]


def test_a_list_that_beats_oz_is_hinted_at_with_the_sizes_over_its_function(seen: dict[str, Any]) -> None:
    sizing = seen["sizing"]
    assert sizing["marked"] == "@clear"
    said = re.fullmatch(
        r"`clear` could be (\d+) bytes, (\d+) % smaller than -Oz \(now (\d+); -Oz (\d+); measured by ((?:LLVM|opt) .+)\)\.",
        sizing["message"],
    )
    assert said, sizing["message"]
    best, share, now, oz = map(int, said.groups()[:4])
    assert oz - best >= LEAST_BYTES
    assert abs(share - 100 * (1 - best / oz)) <= 0.5
    assert sizing["lens"] == f"{now} → {best} B (-Oz {oz})"
    assert sizing["fixes"] == [
        f"Apply the best list to `clear` alone ({best} bytes)",
        "Apply this list to the module",
        "Copy the opt command",
        "Apply -Oz",
        "Optimise for size (checked)",
    ]


def test_a_list_on_one_function_leaves_the_others_and_one_undo_brings_it_back(seen: dict[str, Any]) -> None:
    before, applied = seen["sizing"]["before"], seen["sizing"]["applied"]
    assert function_text(applied, "clear") != function_text(before, "clear")
    assert "alloca" not in (function_text(applied, "clear") or "alloca")
    for other in ("sum", "find"):
        assert function_text(applied, other) == function_text(before, other)
    assert seen["sizing"]["undone"]


def test_the_opt_command_of_a_hint_is_in_the_clipboard_and_can_be_read_by_a_shell(
    seen: dict[str, Any],
) -> None:
    opt, *options, passes, dash_s, file = shlex.split(seen["sizing"]["copied"])
    assert (opt, dash_s, file) == ("opt", "-S", "loops.ll")
    assert all(option.startswith("-") for option in options)
    assert print_pipeline(parse_pipeline(passes.removeprefix("-passes=")))


def test_an_action_changes_the_module_and_one_undo_brings_it_back(seen: dict[str, Any]) -> None:
    assert any("-Oz" in title for title in seen["actionsLl"])
    assert "define" in seen["afterOz"]
    assert seen["undoneInOneStep"]


def test_a_setting_counts_at_once(seen: dict[str, Any]) -> None:
    assert seen["settingsAreLive"]


def test_optimizing_shows_a_diff_first_and_one_undo_brings_it_back(seen: dict[str, Any]) -> None:
    assert seen["diff"] == "broken.ll: now ↔ optimized for size"
    assert seen["untouchedUnderDiff"]
    assert seen["untouchedByDiscard"]
    assert "alloca" not in seen["optimized"]
    assert seen["optimizedUndone"]


def test_a_proposal_for_a_text_that_was_edited_since_is_not_applied(seen: dict[str, Any]) -> None:
    assert seen["staleIsNotApplied"]


def test_the_sizes_over_a_function_show_a_diff_of_that_function_first(seen: dict[str, Any]) -> None:
    sizing = seen["sizing"]
    assert sizing["proposal"] == "loops.ll: now ↔ clear optimized for size"
    assert sizing["untouched"]
    assert function_text(sizing["proposed"], "clear") == function_text(sizing["applied"], "clear")
    assert function_text(sizing["proposed"], "sum") == function_text(sizing["before"], "sum")


def unsized(lenses: list[str]) -> list[str]:
    """Without the sizes of the module and over its functions, which come when they are measured."""
    return [lens for lens in lenses if not re.match(r"(module: )?\d+ → \d+ B", lens)]


# --- Lifting --------------------------------------------------------------------------------------


def verdict_of(seen: dict[str, Any]) -> str:
    """Which of the two that are shown to be right depends on the model."""
    found = re.search(r"^; verdict: (round-trips|agrees) \(", seen["preview"]["text"], re.MULTILINE)
    assert found, seen["preview"]["text"]
    return found[1]


def test_a_lift_is_shown_beside_its_source_with_its_verdict(seen: dict[str, Any]) -> None:
    assert seen["actionsS"] == ["Lift `sum` to LLVM IR"]
    preview = seen["preview"]
    assert (preview["name"], preview["language"]) == ("sum.sum.ll", "llvm")
    assert preview["isBeside"]
    assert preview["sourceHasFocus"]
    assert re.search(rf"^; verdict: {verdict_of(seen)} \(\w+: ", preview["text"], re.MULTILINE)
    assert re.search(r"^define .*@sum\(", preview["text"], re.MULTILINE)
    lenses = [title for title in preview["lenses"] if not title.startswith("Next candidate")]
    assert lenses == [f"$(pass)\u2002{verdict_of(seen)}", "Save as .ll", "Insert", "Copy", "Why?"]


def test_a_lens_stands_over_the_function_and_says_how_the_last_lift_ended(seen: dict[str, Any]) -> None:
    line = FILES["sum.s"].split("\n").index("sum:                                    # @sum")
    assert seen["lensesS"] == [f"Lift to LLVM IR (last: {verdict_of(seen)}) @ {line}"]


def test_source_and_lift_are_linked_by_the_selection(seen: dict[str, Any]) -> None:
    (marked,) = seen["linked"]
    assert marked.startswith("ret i32")
    assert (seen["linkedCursor"], seen["linkedBack"]) == (marked, "retq")


def test_a_file_that_has_another_language_is_served_by_its_name(seen: dict[str, Any]) -> None:
    assert "sum" in seen["plainHover"]
    assert any(title.startswith("Lift to LLVM IR") for title in seen["plainLenses"])
    assert unsized(seen["plainLensesLl"]) == ["Predict pass effect…", "Show each pass…"]


def test_a_lift_is_saved_beside_its_source_and_replaces_nothing(seen: dict[str, Any]) -> None:
    assert (seen["saved"]["name"], seen["saved"]["scheme"]) == ("sum.sum.ll", "file")
    assert seen["saved"]["text"] == seen["preview"]["text"]
    assert seen["savedAgain"] == "sum.sum.2.ll"


def test_a_lift_is_inserted_into_a_module_in_one_step(seen: dict[str, Any]) -> None:
    assert re.search(r"^define .*@sum\(", seen["insertedInto"], re.MULTILINE)
    assert seen["insertUndone"] is True


def test_the_evidence_is_there_on_demand(seen: dict[str, Any]) -> None:
    assert seen["why"].startswith(f"# `sum`: {verdict_of(seen)}\n")
    assert "Recompiled at `-O" in seen["why"]


def test_a_preview_says_when_its_source_has_changed(seen: dict[str, Any]) -> None:
    assert not any("changed since" in title for title in seen["preview"]["lenses"])
    assert any("changed since" in title for title in seen["staleLenses"])


def test_a_lift_is_called_off_in_the_middle(seen: dict[str, Any]) -> None:
    assert seen["stopped"] == 1
    assert seen["previewsAfterCancel"] == 0
    assert seen["cancelTook"] < 3000
    assert seen["previewsAfterButton"] == 0
    assert seen["buttonTook"] < 3000


def test_the_next_candidate_takes_the_place_of_the_first(seen: dict[str, Any]) -> None:
    first, second = seen["candidates"]
    assert first != second
    assert all("@buffer_at(" in text and "; verdict:" in text for text in (first, second))


# --- Passes ---------------------------------------------------------------------------------------


def test_lenses_of_a_module_offer_its_passes(seen: dict[str, Any]) -> None:
    line = next(n for n, text in enumerate(RUN_LL.split("\n")) if text.startswith("define"))
    assert unsized(seen["lensesLl"]) == [f"Predict pass effect… @ {line}", f"Show each pass… @ {line}"]


def test_predicted_is_beside_measured_with_the_diff_of_the_ir(seen: dict[str, Any]) -> None:
    predicted = seen["predicted"]
    assert predicted["label"] == "weigh: before ↔ after sroa"
    assert predicted["original"].startswith("; before: 5 instructions, ")
    assert "alloca" in predicted["original"]
    head = predicted["modified"].partition("\n\n")[0]
    assert re.match(r"; measured after sroa: 2 instructions, \d+ bytes\n;   by (?:opt|llvmlite) ", head)
    guess = r"\n; (predicted: \d+ instructions?, \d+ bytes?\n;   by irlens-small, a model; not checked|no prediction: \w)"
    assert re.search(guess, head)
    assert "alloca" not in predicted["modified"]


def test_a_pipeline_is_stepped_through_one_change_at_a_time(seen: dict[str, Any]) -> None:
    first, second = seen["step"], seen["nextStep"]
    assert re.fullmatch(r"weigh: sroa \(\d+\)", first["label"])
    assert "alloca" in first["original"]
    assert "alloca" not in first["modified"]
    assert second["original"] == first["modified"]
    assert second["modified"] != second["original"]


def test_any_two_steps_are_compared(seen: dict[str, Any]) -> None:
    two = seen["twoSteps"]
    assert re.fullmatch(r"weigh: start ↔ after \S+ \(\d+\)", two["label"])
    assert "alloca" in two["original"]
    assert "alloca" not in two["modified"]


def test_two_functions_are_compared_with_an_input_that_shows_the_difference(seen: dict[str, Any]) -> None:
    page = seen["comparison"]
    assert page.startswith("# `pair.ll` and `pair.ll`: disagrees\n\n## `src -> tgt`: disagrees")
    assert "An input that shows the difference" in page
    assert "\ntgt returned " in page


def test_a_file_for_the_preprocessor_is_shown_as_its_assembler_gets_it(seen: dict[str, Any]) -> None:
    made = seen["preprocessed"]
    assert (made["path"], made["language"]) == ("/entry.i.s", "asm")
    assert ".globl twice; .type twice,@function; twice:" in made["text"]
    assert "#define" not in made["text"]


def test_an_object_is_a_read_only_listing_whose_functions_are_lifted(seen: dict[str, Any]) -> None:
    listing = seen["listing"]
    assert (listing["scheme"], listing["language"]) == ("irlens-object", "asm")
    assert re.search(r"\.byte\t[\d,]+\s+# \d+: ret\n", listing["text"])
    assert [re.sub(r" \(last: .*?\)", "", lens) for lens in listing["lenses"]] == [
        "Lift to LLVM IR @ triple:"
    ]
    assert listing["isReadOnly"]
    assert listing["problems"] == 0
    assert "; verdict: agrees" in listing["lift"]
    assert "define" in listing["lift"]


# --- The server's life ----------------------------------------------------------------------------


def test_five_restarts_at_once_are_one_or_two(seen: dict[str, Any]) -> None:
    # The first may have begun when the others come; those are then one together.
    assert seen["startsOfFiveRestarts"] in (1, 2)


def test_a_server_that_dies_is_started_again(seen: dict[str, Any]) -> None:
    assert "sum" in seen["hoverAfterDeath"]


def test_a_server_that_always_dies_is_left_alone_with_an_explanation(seen: dict[str, Any]) -> None:
    assert re.search(r"crashed 4 times in \d+ s and is not restarted again", seen["loop"])
    assert "sum" in seen["hoverAfterLoop"]  # until the user asks for it


def test_no_server_is_left_behind(seen: dict[str, Any]) -> None:
    assert seen["left"] == []


def test_versions_name_everything_that_runs(seen: dict[str, Any]) -> None:
    for words in (
        "irlens extension: ",
        "VS Code: 1.",
        "(irlens.serverPath)",
        "llvmlite",
        "irlens-small",
    ):
        assert words in seen["versions"]


# --- A workspace that is not trusted --------------------------------------------------------------


@pytest.fixture(scope="module")
def untrusted(
    code: Callable[..., Code], root: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What was seen in a workspace that sets traps, and whether one was sprung."""
    mark = tmp_path_factory.mktemp("mark") / "sprung"
    # The user's own choice of a Python is served; the server is then `python -m irlens`.
    settings = {
        "irlens.python": sys.executable,
        "irlens.tune.background": 0,
        "security.workspace.trust.startupPrompt": "never",
    }
    made = code(hostile(str(mark)), settings, trust_all=False, env={"PYTHONPATH": str(root / "server")})
    (made.workspace / "program").chmod(0o755)
    (made.workspace / "made.o").write_bytes(object_of_triple())
    told = made.session("restricted")
    told["sprung"] = mark.exists()
    return told


def test_an_untrusted_workspace_is_served_and_chooses_nothing(untrusted: dict[str, Any]) -> None:
    assert untrusted["trusted"] is False
    assert "sum" in untrusted["hover"]
    assert untrusted["settings"] == {
        "model.path": "",
        "llvm.opt": "",
        "llvm.assembler": "",
        "serverPath": "",
        "python": sys.executable,
    }
    assert "triple:" in untrusted["listing"]  # reading runs nothing
    assert untrusted["status"][0].startswith("Model: irlens-small")


def test_nothing_of_an_untrusted_workspace_is_run(untrusted: dict[str, Any]) -> None:
    assert "(irlens.python)" in untrusted["versions"]
    assert not untrusted["sprung"]
