"""The help, what is said of words that are no commands or options, and the completion that is made of both."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from irlens.cli.arguments import HELP, parser
from irlens.cli.completion import bash, commands_of, fish, zsh
from irlens.cli.main import main


def parsers(made: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield made
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from parsers(below)


ALL = list(parsers(parser()))
COMMANDS = [made for made in ALL if made.prog.count(" ") == 1]


def test_alone_it_shows_help_with_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in HELP)
    for part in ("Work on files:", "Set up:", "Examples:", "Exit codes:", "docs/command-line.md"):
        assert part in out
    assert (Path(__file__).parents[2] / "docs/command-line.md").is_file()


def test_every_command_is_listed() -> None:
    assert sorted(made.prog.split()[1] for made in COMMANDS) == sorted(HELP)


@pytest.mark.parametrize("made", COMMANDS, ids=lambda made: made.prog)
def test_every_command_says_what_it_does(made: argparse.ArgumentParser) -> None:
    assert made.description
    assert made.format_help().startswith(f"usage: {made.prog} ")
    if made.prog.split()[1] in ("lift", "compare", "predict", "tune", "check", "model"):
        assert made.epilog is not None
        assert "Examples:" in made.epilog
        assert "Exit codes:" in made.epilog


@pytest.mark.parametrize("made", ALL, ids=lambda made: made.prog)
def test_every_option_has_help(made: argparse.ArgumentParser) -> None:
    without = [
        "/".join(action.option_strings)
        for action in made._actions
        if action.option_strings and not action.help
    ]
    assert without == []


@pytest.mark.parametrize("made", COMMANDS, ids=lambda made: made.prog)
def test_the_examples_of_the_help_parse(made: argparse.ArgumentParser) -> None:
    for line in (made.epilog or "").splitlines():
        match = re.match(r"  (?:.*\| )?irlens (.*?)(?:   .*| \| (?:jq|source).*)?$", line)
        if match:
            parser().parse_args(shlex.split(match[1]))


def test_what_matters_comes_before_the_model_options() -> None:
    text = next(made for made in COMMANDS if made.prog == "irlens lift").format_help()
    assert text.index("--function") < text.index("--json") < text.index("--gpu-layers") < text.index("--opt ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lft", "x.s"], "Did you mean lift?"),
        (["--json", "model", "list"], "--json goes behind the command, as in `irlens model list --json`."),
        (["lift", "x.s", "--functon", "f"], "Did you mean --function?"),
        (["lift", "x.s", "--origin", "modle"], "Did you mean model?"),
        (["model", "lst"], "Did you mean list?"),
        (["check", "x.s", "--origin", "model"], "irlens check does not know --origin"),
        (["compare", "a", "b", "c"], "irlens compare does not take c"),
        (["completion", "bsh"], "Did you mean bash"),
    ],
)
def test_wrong_words_are_answered_with_the_right_ones(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_old_names_of_options_still_work() -> None:
    assert parser().parse_args(["lift", "x.s", "--ask-anew"]).ask_anew
    assert parser().parse_args(["lift", "x.s", "--no-answer-cache"]).ask_anew


# Completion


def test_completion_has_every_command_and_option() -> None:
    tree = commands_of(parser())
    for script in (bash(tree), zsh(tree), fish(tree)):
        for command in tree.all():
            assert all(part in script for part in command.path)
            for option in command.options:
                assert all(name.lstrip("-") in script for name in option.names)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_file_called_like_standard_input_is_no_standard_input(shell: str, tmp_path: Path) -> None:
    """`sed -- -` would wait for what the user types."""
    script = {"bash": bash, "zsh": zsh, "fish": fish}[shell](commands_of(parser()))
    assert "sed -n" in script
    assert '-- "$word"' not in script
    (tmp_path / "-").write_text("\t.type inner,@function\n")
    if shell == "bash":
        assert completed(tmp_path, "irlens", "lift", "-", "--function", "") == ["inner"]


def completed(folder: Path, *words: str, home: Path | None = None) -> list[str]:
    """What bash offers for the last of the words."""
    script = (
        'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _irlens 2>/dev/null; '
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    (folder / "c.bash").write_text(bash(commands_of(parser())))
    done = subprocess.run(
        ["bash", "--norc", "-c", script, "bash", folder / "c.bash", *words],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | ({"HOME": str(home)} if home is not None else {}),
        check=True,
        timeout=60,
    )
    return sorted(filter(None, done.stdout.splitlines()))


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_completes(tmp_path: Path) -> None:
    (tmp_path / "x.s").write_text("\t.type parse,@function\nparse:\n\tret\n\t.type $(touch bad),@function\n")
    (tmp_path / "x.ll").write_text("define i32 @emit(i32 %a) {\n  ret i32 %a\n}\n")
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "sub").mkdir()
    assert completed(tmp_path, "irlens", "li") == ["lift"]
    assert completed(tmp_path, "irlens", "") == sorted(HELP)
    assert completed(tmp_path, "irlens", "lift", "") == ["sub", "x.s"]
    assert completed(tmp_path, "irlens", "compare", "x.") == ["x.ll", "x.s"]
    assert completed(tmp_path, "irlens", "lift", "--origin", "") == ["best", "mechanical", "model"]
    assert completed(tmp_path, "irlens", "lift", "--func") == ["--function"]
    assert completed(tmp_path, "irlens", "lift", "x.s", "--function", "") == ["parse"]
    assert completed(tmp_path, "irlens", "compare", "x.ll", "--with", "e") == ["emit"]
    assert completed(tmp_path, "irlens", "model", "p") == ["path", "pull"]
    assert completed(tmp_path, "irlens", "model", "pull", "--acc") == ["--accept-licence"]
    assert not (tmp_path / "bad").exists()


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_offers_nothing_that_is_no_file(tmp_path: Path) -> None:
    """The second line of a name would stand on the command line as it is, backticks and all."""
    for name in ("one\n`touch bad`.ll", "two\n$HOME.ll", "a b.ll", "`touch bad`.s"):
        (tmp_path / name).write_text("")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "mine.ll").write_text("")
    assert completed(tmp_path, "irlens", "check", "") == ["`touch bad`.s", "a b.ll", "home"]
    assert completed(tmp_path, "irlens", "check", "./") == ["./`touch bad`.s", "./a b.ll", "./home"]
    assert completed(tmp_path, "irlens", "check", "~/mi", home=tmp_path / "home") == ["~/mine.ll"]


@pytest.mark.skipif(shutil.which("fish") is None, reason="no fish here")
def test_fish_completes(tmp_path: Path) -> None:
    (tmp_path / "c.fish").write_text(fish(commands_of(parser())))
    for words, wanted in (("li", "lift"), ("lift --orig", "--origin"), ("model pu", "pull")):
        done = subprocess.run(
            ["fish", "--no-config", "-c", f'source c.fish; complete -C "irlens {words}"'],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "HOME": str(tmp_path)},
            check=True,
            timeout=60,
        )
        assert [line.split("\t")[0] for line in done.stdout.splitlines()] == [wanted]


@pytest.mark.skipif(shutil.which("zsh") is None, reason="no zsh here")
def test_zsh_reads_the_script(tmp_path: Path) -> None:
    (tmp_path / "c.zsh").write_text(zsh(commands_of(parser())))
    said = subprocess.run(
        ["zsh", "-f", "-c", "autoload -U compinit; compinit -u -D; source ./c.zsh; print $_comps[irlens]"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
        timeout=60,
    )
    assert said.stdout.strip() == "_irlens"
    assert said.stderr == ""


def test_completion_is_a_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "irlens", "completion", "bash"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == bash(commands_of(parser()))
