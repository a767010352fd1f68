"""The commands of the Neovim plugin, in the oldest and the newest Neovim: `neovim/commands.lua` uses them as a
user would, with the real server and the model that comes with irlens; the tests below judge what it saw.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from model_hub import stopping_hub, went_on
from neovim_driver import assert_none_left, find, manual, sit
from workspace_files import FILES, PREPROCESSED_S, object_of_triple

from irlens.assist.tune_functions import LEAST_BYTES
from irlens.ir.outline import function_text

pytestmark = [pytest.mark.editor, pytest.mark.timeout(300)]

HEAVY_LL = """target triple = "x86_64-unknown-linux-gnu"

define i32 @weigh(i32 %a) {
entry:
  %slot = alloca i32, align 4
  store i32 %a, ptr %slot, align 4
  %one = load i32, ptr %slot, align 4
  %two = add i32 %one, 0
  ret i32 %two
}
"""

# A call behind characters that count differently in bytes, in UTF-16 and in code points.
CALL_LINE = '  %"😀é" = call i32 @weigh(i32 %"å😀")'
CALLER_LL = f"""define i32 @weigh(i32 %a) {{
  ret i32 %a
}}

define i32 @caller(i32 %"å😀") {{
{CALL_LINE}
  ret i32 %"😀é"
}}
"""

# Diagnostics on save alone, and lifts that ask the model often enough to be called off in the middle.
# A few lists are enough to find one that beats -Oz.
SETTINGS = (
    "{ irlens = { diagnostics = { onChange = false }, lift = { candidates = 64, origin = 'model' }, "
    "tune = { background = 8 }, model = { answerCache = 0 } } }"
)
WAYS = {
    "0.7": ("0.7", f"require('irlens').setup({{ settings = {SETTINGS} }})\n"),
    "0.11": ("0.11", f"vim.lsp.config('irlens', {{ settings = {SETTINGS} }})\n"),
}

# What the ways of setting up need before there is a file of ours.
STARTING = {"0.7": {"irlens.start"}, "0.11": set()}


@pytest.fixture(scope="module", params=WAYS)
def seen(
    request: pytest.FixtureRequest,
    root: Path,
    need: Callable[..., Path],
    irlens_on_path: tuple[Path, Path],
    run_to_end: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Any]:
    """What one sitting saw."""
    version, settings = WAYS[request.param]
    example = manual(root, "setup" if version == "0.7" else "enable")
    first, _, rest = example.partition("\n")
    init = first + "\n" + settings + (rest if version == "0.11" else "")
    folder = tmp_path_factory.mktemp("nvim")
    plugin = folder / "plugin"
    shutil.copytree(root / "clients" / "neovim", plugin)
    (plugin / "doc" / "tags").unlink()
    files = FILES | {
        "heavy.ll": HEAVY_LL,
        "caller.ll": CALLER_LL,
        "fields.s": (root / "examples" / "eval" / "fields.x86_64.O2.s").read_text(),
        "loops.ll": (root / "tests" / "cli" / "loops.ll").read_text(),
        "not-a-model.gguf": "nothing",
        "entry.S": PREPROCESSED_S,
    }
    made = folder / "made.o"
    made.write_bytes(object_of_triple())
    with stopping_hub(tmp_path_factory.mktemp("hub")) as (hub, env):
        told = sit(
            find(root, version, need),
            "commands",
            init,
            files,
            folder,
            irlens_on_path[0],
            run_to_end,
            {"IRLENS_PLUGIN_COPY": str(plugin), "IRLENS_OBJECT": str(made), **env},
        )
    told["went_on"] = went_on(hub)
    return told | {"version": version, "tags": (plugin / "doc" / "tags").read_text()}


def test_an_object_is_a_listing_whose_functions_are_lifted(seen: dict[str, Any]) -> None:
    listing = seen["listing"]
    assert (listing["filetype"], listing["modifiable"]) == ("asm", False)
    assert re.search(r"\.byte\t[\d,]+\s+# \d+: ret$", listing["text"], re.MULTILINE)
    # This sitting wants lifts by the model alone, which reads no listing: the server has it, and says so.
    assert "Lift triple: " in listing["lift"]


def test_a_file_for_the_preprocessor_is_shown_as_its_assembler_gets_it(seen: dict[str, Any]) -> None:
    assert ".globl twice; .type twice,@function; twice:" in seen["preprocessed"]


def test_starting_loads_nothing_of_it_but_how_to_start(seen: dict[str, Any]) -> None:
    assert [name for name in seen["loaded_at_start"] if name not in STARTING[seen["version"]]] == []


def test_the_model_is_not_even_loaded_before_it_is_asked(seen: dict[str, Any]) -> None:
    assert seen["model_unasked"] == "absent"


def test_nothing_failed_on_the_way(seen: dict[str, Any]) -> None:
    """Neovim itself has a word on the server that was killed."""
    bad = re.compile(r"error|invalid|deprecat|failed|traceback", re.IGNORECASE)
    assert [text for text in seen["messages"] if bad.search(text) and "signal 9" not in text] == []


def test_a_lift_opens_beside_its_source_with_its_verdict(seen: dict[str, Any]) -> None:
    lift = seen["lift"]
    assert lift["name"] == "irlens://lift/sum.sum.ll"
    assert lift["is_beside"]
    assert lift["cursor_stays"]
    assert re.match(r"; verdict: (round-trips \(LLVM|agrees \(emulator): ", lift["text"].split("\n")[1])
    assert re.search(r"^define i32 @sum\(", lift["text"], re.MULTILINE)
    assert lift["hint"].lstrip().startswith(("round-trips ", "agrees "))
    assert "K why" in lift["hint"]
    assert (lift["filetype"], lift["modifiable"], lift["attached"]) == ("llvm", False, False)
    assert seen["functions"] == ["sum"]
    assert seen["told_at_once"] in (True, "Lift sum")


def test_the_line_of_the_cursor_marks_those_of_the_other_side(seen: dict[str, Any]) -> None:
    assert any(" = add " in line for line in seen["linked_from_source"])
    assert any("addl" in line for line in seen["linked_from_lift"])


def test_the_evidence_is_there_on_demand(seen: dict[str, Any]) -> None:
    assert seen["why"]["filetype"] == "markdown"
    assert seen["why"]["text"].startswith(("# `sum`: round-trips", "# `sum`: agrees"))
    assert "## Recompiled" in seen["why"]["text"]
    assert seen["why_closed"]


def test_candidates_take_turns_and_only_what_is_shown_right_is_saved(seen: dict[str, Any]) -> None:
    assert [turn["text"] for turn in seen["turns"]] == ["; first", "; second", "; first", "; second"]
    first, second = (turn["hint"] for turn in seen["turns"][:2])
    assert "agrees" in first
    assert "next (1 of 2)" in first
    assert "gs save" in first
    assert "compiles" in second
    assert "next (2 of 2)" in second
    assert "gs save" not in second
    assert "second in words" in seen["not_saved"][0]
    assert seen["not_saved"][1] == 0
    assert seen["second_why"] == "# why second"
    assert seen["closed"]


def test_a_lift_of_an_older_text_says_so(seen: dict[str, Any]) -> None:
    assert "changed since" not in seen["lift"]["hint"]
    assert "the assembly has changed since" in seen["stale_hint"]


def test_a_lift_is_yanked_and_saved_and_nothing_overwritten(seen: dict[str, Any]) -> None:
    assert seen["yanked"] == seen["lift"]["text"] + "\n"
    assert seen["saved"] == {"name": "sum.sum.ll", "on_disk": seen["lift"]["text"], "view_is_gone": True}
    assert seen["not_overwritten"]
    assert seen["saved_again"] == "irlens: saved as sum.sum.2.ll"


def test_errors_come_on_save(seen: dict[str, Any]) -> None:
    assert seen["before_saving"] == 0
    assert "result type" in seen["on_save"]


def test_hover_behind_an_emoji(seen: dict[str, Any]) -> None:
    assert "weigh" in seen["hover_behind_emoji"]


def test_a_hint_says_what_a_list_saves_and_its_actions_do_it(seen: dict[str, Any]) -> None:
    sizes = seen["sizes"]
    assert (sizes["marked"], sizes["is_hint"]) == ("@clear", True)
    said = re.fullmatch(
        r"`clear` could be (\d+) bytes, (\d+) % smaller than -Oz \(now (\d+); -Oz (\d+); measured by ((?:LLVM|opt) .+)\)\.",
        sizes["message"],
    )
    assert said, sizes["message"]
    best, _, now, oz = map(int, said.groups()[:4])
    assert oz - best >= LEAST_BYTES
    assert sizes["lens"] == f"{now} → {best} B (-Oz {oz})"
    assert sizes["proposed"] == sizes["applied"]
    assert sizes["untouched"]
    assert sizes["sign_severity"] == {"min": 3}
    assert sizes["actions"][0] == f"Apply the best list to `clear` alone ({best} bytes)"
    assert re.fullmatch(r"opt (-\S+ )*-passes='[^']+' -S loops\.ll", sizes["yanked"])
    assert "alloca" not in (function_text(sizes["applied"], "clear") or "alloca")
    for other in ("sum", "find"):
        assert function_text(sizes["applied"], other) == function_text(sizes["before"], other)
    assert sizes["undone"]


def test_the_target_of_one_file_is_asked_for_and_answered(seen: dict[str, Any]) -> None:
    target = seen["target"]
    assert ":IrlensTarget answers for this file." in target["asked"]
    assert target["offered"] == ["x86_64", "aarch64", "ignore", "detect"]
    assert "target?" not in target["line"]


def test_tune_shows_a_diff_and_applies_it_as_one_undo_step(seen: dict[str, Any]) -> None:
    tune = seen["tune"]
    said = re.search(
        r"\d+ bytes(?:, \S+ % smaller than -Oz)?, \d+ before, -Oz \d+ \(measured by .+\)", tune["message"]
    )
    assert said, tune["message"]
    assert tune["untouched"]
    assert tune["is_diff"]
    assert "not applied yet" in tune["hint"]
    assert re.search(r"^ +\d+ bytes +default<Oz>$", tune["tried"], re.M)
    assert re.search(r"^\d+ compilations by LLVM .* in \S+ s; it ended: \w", tune["tried"], re.M)
    sizes = [int(size) for size in re.findall(r"^ +(\d+) bytes ", tune["tried"], re.M)]
    assert sizes == sorted(sizes)
    assert tune["applied"] == tune["proposed"]
    assert "alloca" not in tune["applied"]
    assert not tune["still_diff"]
    assert tune["undone"]
    assert tune["undone_twice"] == HEAVY_LL.rstrip("\n")
    assert tune["made_up"] == "x"
    assert tune["edit_stays"]
    assert tune["refused"].endswith(":IrlensTune again.")
    assert tune["discarded"]


def test_predicted_stands_beside_measured(seen: dict[str, Any]) -> None:
    text = seen["predict"]["text"]
    assert re.search(
        r"before +predicted +measured\n# instructions +5 +\d+ +2\n# bytes +\d+ +\d+ +\d+\n", text
    )
    assert "predicted by irlens-small, a model; not checked" in text
    assert "measured by LLVM: " in text
    assert "\n-  %slot = alloca i32, align 4\n" in text
    assert seen["predict"]["filetype"] == "diff"


def test_passes_are_completed_by_name_and_by_what_they_do(seen: dict[str, Any]) -> None:
    completed = seen["completed"]
    assert completed["names"][0] == "mem2reg"
    assert "sroa" not in completed["names"]
    assert "function(sroa,instcombine" in completed["inner"]
    assert "mem2reg" in completed["described"]
    assert completed["models"] == ["default"]
    assert set(completed["commands"]) == set(seen["commands"])
    assert any(re.match(r"mem2reg: \w+ .*\.$", choice) for choice in seen["choices"])


def test_the_steps_of_a_pipeline(seen: dict[str, Any]) -> None:
    steps = seen["steps"]
    assert steps["has_focus"]
    assert re.search(
        r"^\* ?\d+ sroa: 5 instructions, \d+ bytes -> 2 instructions, .* lines$", steps["text"], re.M
    )
    assert "adce" not in steps["text"].partition("\n")[2]
    assert re.search(r"^  ?\d+ adce: no change$", steps["all"], re.M)
    assert steps["first"].startswith("# sroa (")
    assert "\n-  %slot = alloca" in steps["first"]
    assert steps["second"].startswith("# instcombine (")
    assert steps["between"].startswith("# between start and instcombine (")
    assert "\n+  ret i32 %a" in steps["between"]
    assert steps["closed"]


def test_progress_says_what_is_happening(seen: dict[str, Any]) -> None:
    said = [text for text in seen["echoed"] if text.startswith("irlens: Lift sum")]
    assert said[0] == "irlens: Lift sum (:IrlensCancel stops it)"
    assert any("candidate 1 of 64" in text for text in said)
    assert "irlens: Lift sum: done" in said


def test_without_progress_beginning_and_end_are_said(seen: dict[str, Any]) -> None:
    title = "irlens: Step through sroa on weigh"
    assert seen["plainly"] == [f"{title} (:IrlensCancel stops it)", f"{title}: done"]


def test_a_lift_is_called_off_in_its_middle(seen: dict[str, Any]) -> None:
    assert "Under way: Lift buffer_at: " in seen["under_way"]
    assert re.search(r"Lift buffer_at: .*candidate \d+ of 64", seen["statusline"])
    assert seen["jobs_after_cancel"] == 0
    assert seen["cancel_ending"] == "cancelled"
    assert seen["cancel_ms"] < 3000
    assert not seen["view_after_cancel"]
    assert seen["nothing_to_cancel"]


def test_a_killed_server_is_back_and_the_user_is_told(seen: dict[str, Any]) -> None:
    assert "Lift buffer_at: the server ended before it answered. Try again" in seen["told_of_death"]
    assert "signal 9" in seen["told_of_start"]
    assert seen["jobs_after_death"] == 0
    # At first, after the kill, by hand once for two restarts.
    assert len(seen["servers"]) == 3


def test_a_server_that_keeps_dying_is_left_alone_with_the_reason(seen: dict[str, Any]) -> None:
    assert seen["revivals"] == 3
    assert "4 times in 3 minutes (exit code 1)" in seen["left_alone"]
    assert seen["left_alone"].endswith("then :IrlensRestart.")


def test_the_model_and_the_status_are_said_in_words(seen: dict[str, Any]) -> None:
    assert seen["model"].startswith("irlens: Model: irlens-small, ")
    assert "The model is " in seen["status"]
    assert "Name a GGUF file" in seen["no_model"]
    assert seen["log"] == "lsp.log"


def test_models_are_listed_and_their_names_completed(seen: dict[str, Any]) -> None:
    models = seen["models"]
    assert re.search(r"^\* embedded +[\d.]+ MB, used for lift, tune, predict$", models["list"], re.M)
    assert re.search(
        r"^  llm-compiler-7b-ftd:IQ2_XXS +1.85 GB to download, best for lift and tune, llama-cpp-python only$",
        models["list"],
        re.M,
    )
    assert set(models["actions"]) >= {"list", "pull", "use", "remove", "info", "default"}
    assert models["to_pull"] == ["llm-compiler-7b-ftd:Q4_K_S", "llm-compiler-7b-ftd:Q4_K_M"]
    assert models["to_use"] == ["llm-compiler-7b-ftd:Q4_K_M"]
    assert models["tasks"] == ["tune"]


def test_a_licence_is_read_before_anything_is_fetched(seen: dict[str, Any]) -> None:
    models = seen["models"]
    assert "LLM Compiler FTD 7B is under the LLM Compiler License Agreement" in models["licence"]
    assert "In full: https://" in models["licence"]
    assert models["choices"] == ["Accept, and download 4.08 GB", "Do not download"]
    assert models["refused"] == "irlens: nothing was downloaded."
    assert models["licence_is_gone"]


def test_a_download_says_how_far_it_is_and_goes_on_after_a_cancel(seen: dict[str, Any]) -> None:
    models = seen["models"]
    assert re.search(r"of [\d.]+ MB", models["downloading"])
    assert models["stopped"].endswith(":IrlensModel pull llm-compiler-7b-ftd goes on.")
    assert "llm-compiler-7b-ftd:Q4_K_M is here, its SHA-256 checked" in models["here"]
    assert seen["went_on"]


def test_a_lift_is_made_with_the_model_that_was_chosen_for_lifts(seen: dict[str, Any]) -> None:
    models = seen["models"]
    assert models["used"].endswith("is used for lift from now on. Built with LLM Compiler.")
    assert re.search(r"^; sum, lifted by irlens from .*\bmodel tiny\b", models["lifted"], re.M)
    first, second = models["of_tasks"][:2]
    assert first.startswith("Model for lift: tiny, ")
    assert second.startswith("Model for tune, predict: irlens-small, ")
    assert re.search(r"^lift\n  model +tiny\n  chosen by +choice$", models["info"], re.M)


def test_a_model_is_removed_after_a_question(seen: dict[str, Any]) -> None:
    models = seen["models"]
    assert models["question"] == ["Remove llm-compiler-7b-ftd:Q4_K_M", "Keep it"]
    assert models["removed"].endswith("The embedded model is used for lift now.")


def test_checkhealth_says_what_is_there(seen: dict[str, Any]) -> None:
    for words in ("irlens is set up", "version 0.", "model irlens-small", "Server: ready", ".ll is llvm"):
        assert words in seen["health"]
    assert "ERROR" not in seen["health"]
    assert "WARNING" not in seen["health"]


@pytest.mark.parametrize("way", WAYS)
def test_without_the_server_checkhealth_and_commands_say_what_to_do(
    way: str, root: Path, need: Callable[..., Path], run_to_end: Callable[..., Any], tmp_path: Path
) -> None:
    version = WAYS[way][0]
    (tmp_path / "init.lua").write_text(manual(root, "setup" if version == "0.7" else "enable"))
    (tmp_path / "heavy.ll").write_text(HEAVY_LL)
    command = [str(find(root, version, need)), "--headless", "-u", "init.lua", "-i", "NONE", "-n", "heavy.ll"]
    for each in ("IrlensTune", "checkhealth irlens", "%print", "qall!"):
        command += ["-c", each]
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    said = run_to_end(command, cwd=tmp_path, env=env, seconds=60.0).stdout
    assert "no server answers for this file. Wait a moment if it was just opened; :checkhealth irlens" in said
    assert '"irlens" is not found' in said
    assert 'Install irlens ("pipx install" in a clone), or name it: cmd = {' in said


def test_help_has_every_command_and_its_tags_are_those_of_the_text(seen: dict[str, Any], root: Path) -> None:
    assert seen["help"] == "irlens.txt"
    assert len(seen["commands"]) >= 14
    assert seen["without_help"] == []
    kept = (root / "clients" / "neovim" / "doc" / "tags").read_text()
    assert seen["tags"] == kept, "run :helptags clients/neovim/doc"


def test_no_process_is_left(seen: dict[str, Any], gone: Callable[..., set[int]]) -> None:
    assert_none_left(seen, gone)
