"""`irlens model info`: the card of the embedded model and of other files, without their weights."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from irlens.cli.main import EXIT_UNUSABLE, main
from irlens.model.client import embedded_model_path

EMBEDDED = embedded_model_path() or ""


def test_the_embedded_models_card(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "info"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("irlens-small (the embedded model)\n")
    assert EMBEDDED in text
    assert "million parameters, Q8_0" in text
    assert "million tokens" in text
    assert "docs/model-card.md" in text
    assert "make eval" in text
    assert "licence" in text
    assert len(text.splitlines()) <= 10


def test_the_manual_says_as_many_parameters_as_the_file_has(capsys: pytest.CaptureFixture[str]) -> None:
    """Counted in the file's header, as every tool that loads it counts them."""
    assert main(["model", "info", "--json"]) == 0
    in_file = f"{json.loads(capsys.readouterr().out)['parameters'] / 1e6:.2f} M"
    root = Path(__file__).parents[2]
    for page, place in {
        "README.md": r"embedded model \(([\d.]+ M) parameters",
        "docs/model-card.md": r"Llama architecture, ([\d.]+ M) parameters",
        "docs/figures.md": r"embedded model, ([\d.]+ M) parameters",
    }.items():
        said = re.findall(place, (root / page).read_text(encoding="utf-8"))
        assert said == [in_file], page


def test_the_card_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "info", "--json"]) == 0
    card = json.loads(capsys.readouterr().out)
    assert card["embedded"] is True
    assert card["family"] == "irlens"
    assert card["path"] == EMBEDDED
    assert card["bytes"] == Path(EMBEDDED).stat().st_size
    assert card["parameters"] > 1_000_000
    assert card["context"] > 0
    assert set(card["training"]) == {"tokens", "steps", "seconds"}


def test_a_file_of_another_kind_says_what_it_does_not_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gguf = pytest.importorskip("gguf")
    path = tmp_path / "other.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("other")
    writer.add_string("irlens.training", '["nonsense"')
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    assert main(["model", "info", "--model", str(path), "--json"]) == 0
    card = json.loads(capsys.readouterr().out)
    assert card["family"] is None
    assert card["why_no_family"]
    assert card["training"] is None
    assert card["licence"] is None
    assert card["figures"] is None
    assert main(["model", "info", "--model", str(path)]) == 0
    text = capsys.readouterr().out
    assert "other (a file of yours)" in text
    assert "the file does not say" in text


@pytest.mark.parametrize("json_too", [[], ["--json"]])
def test_no_model_is_one_line_with_what_to_do(
    tmp_path: Path, json_too: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["model", "info", "--model", str(tmp_path / "absent.gguf"), *json_too]) == EXIT_UNUSABLE
    out, err = capsys.readouterr()
    assert err.count("\n") == 1
    assert "Check the path" in err
    assert bool(out) == bool(json_too)


def test_the_group_wants_to_know_what(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model"]) == EXIT_UNUSABLE
    assert "irlens model --help" in capsys.readouterr().err


def test_it_imports_no_inference_library() -> None:
    script = (
        "import sys; from irlens.cli.main import main; main(['model', 'info', '--json']); "
        "print([name for name in ('ctransformers', 'llvmlite', 'numpy', 'torch') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
