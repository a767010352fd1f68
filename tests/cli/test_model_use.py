"""`irlens model use`, `list`, `remove`, `path` and `info`: choices are kept, and wrong ones say what to do."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from irlens.cli.main import EXIT_DONE, EXIT_UNUSABLE, main
from irlens.model import store
from support.tiny_gguf import write_tiny

FTD, BASE = "llm-compiler-7b-ftd", "llm-compiler-7b"


EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IRLENS_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


def put(name: str, quantisation: str = "Q4_K_M") -> store.Pulled:
    path = store.folder_of(name, quantisation) / f"{name}-{quantisation}.gguf"
    path.parent.mkdir(parents=True)
    write_tiny(path, family=None)
    model = store.Pulled(name, quantisation, path, path.stat().st_size, "0" * 64, "a/b", "c", "2026-01-31")
    store.keep(model)
    return model


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    assert main(["model", *words, "--json"]) == EXIT_DONE
    return json.loads(capsys.readouterr().out)


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["model", *words]) == EXIT_UNUSABLE
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    return err


def test_one_model_for_lift_and_tune_another_for_predict(capsys: pytest.CaptureFixture[str]) -> None:
    put(FTD), put(BASE)
    assert answer(capsys, "use", FTD, "--for", "tune,lift") == {
        "model": f"{FTD}:Q4_K_M",
        "tasks": ["lift", "tune"],
    }
    assert answer(capsys, "use", f"{BASE}:q4_k_m") == {"model": f"{BASE}:Q4_K_M", "tasks": ["predict"]}
    assert [store.chosen(task) for task in store.TASKS] == [f"{FTD}:Q4_K_M"] * 2 + [f"{BASE}:Q4_K_M"]
    answer(capsys, "use", "embedded", "--for", "tune")
    assert store.chosen("tune") is None
    used = {one["name"]: one["used_for"] for one in answer(capsys, "list")["models"] if one["used_for"]}
    assert used == {"embedded": ["tune"], f"{FTD}:Q4_K_M": ["lift"], f"{BASE}:Q4_K_M": ["predict"]}


def test_the_hint_names_the_better_model_only_where_it_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    put(FTD), put(BASE)
    main(["model", "use", FTD])
    assert f"irlens model use {BASE} --for predict" in capsys.readouterr().out
    main(["model", "use", FTD, "--for", "lift"])
    assert "better choice" not in capsys.readouterr().out
    main(["model", "use", BASE])
    assert "better choice" not in capsys.readouterr().out


def test_a_file_and_a_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write_tiny(tmp_path / "mine.gguf")
    answer(capsys, "use", "mine.gguf", "--for", "lift")
    assert store.chosen("lift") == str(path)
    answer(capsys, "use", "http://127.0.0.1:8080/x", "--for", "tune")
    assert store.chosen("tune") == "http://127.0.0.1:8080/x"
    listed = {one["name"]: one for one in answer(capsys, "list")["models"]}
    assert listed[str(path)]["bytes"] == path.stat().st_size
    assert listed["http://127.0.0.1:8080/x"]["kind"] == "server"
    path.unlink()
    assert main(["model", "list"]) == EXIT_DONE
    assert f"There is no file {path}" in capsys.readouterr().out


def test_a_file_put_into_the_folder_is_listed(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "models").mkdir(parents=True)
    path = write_tiny(data / "models" / "own.gguf")
    (found,) = [one for one in answer(capsys, "list")["models"] if one["kind"] == "file"]
    assert (found["path"], found["state"], found["used_for"]) == (str(path), "here", [])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("use", FTD), f"irlens model pull {FTD}"),
        (("use", "nothing"), "irlens model list"),
        (("use", "absent.gguf"), "There is no file"),
        (("use", "http://"), "http://HOST:PORT"),
        (("use", "ftp://x"), "Give it as http://HOST:PORT"),
        (("use", "http://x:99999"), "http://HOST:PORT"),
        (("use", "embedded", "--for", "sing"), "give some of lift,tune,predict"),
        (("remove", "embedded"), "part of irlens"),
        (("remove", FTD), "nothing to remove"),
        (("remove", "nothing"), "irlens model list"),
        (("remove", "x/y.gguf"), "not deleted"),
        (("remove", "http://x"), "not deleted"),
        (("path", FTD), f"irlens model pull {FTD}"),
        (("info", "nothing"), "irlens model list"),
        (("info", "http://x"), "Check the address"),
        (("info", FTD, "--model", "other.gguf"), "Two models"),
    ],
)
def test_bad_input_says_what_to_do(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str
) -> None:
    assert says in refusal(capsys, *words)


def test_a_model_is_not_chosen_for_what_it_cannot_do(capsys: pytest.CaptureFixture[str]) -> None:
    put(BASE)
    assert "Choose an -ftd model" in refusal(capsys, "use", BASE, "--for", "lift,predict")
    assert store.chosen("predict") is None


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("http://127.0.0.1:9/v1/chat/completions", "chat endpoint"),
        ("http://user:secret@host:1", "user name or a password"),
        ("http://host:1/?key=secret", 'with a "?"'),
        ("http://", "Write http://HOST:PORT"),
    ],
)
def test_an_address_that_would_be_refused_is_not_chosen(
    address: str, says: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refusal(capsys, "use", address)
    assert says in said
    assert "user:secret" not in said
    assert store.chosen("lift") is None


def test_a_file_that_is_no_model_is_not_chosen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.gguf").write_bytes(b"PK\x03\x04")
    assert "not a GGUF file" in refusal(capsys, "use", str(tmp_path / "x.gguf"))
    assert store.chosen("lift") is None


def test_removing_what_is_used_goes_back_to_the_embedded_model(capsys: pytest.CaptureFixture[str]) -> None:
    model, other = put(FTD), put(FTD, "Q8_0")
    answer(capsys, "use", f"{FTD}:Q4_K_M", "--for", "lift")
    answer(capsys, "use", f"{FTD}:Q8_0", "--for", "tune")
    assert f"{FTD}:Q4_K_M, {FTD}:Q8_0" in refusal(capsys, "remove", FTD)
    files = sum(path.stat().st_size for path in model.path.parent.iterdir())
    removed = answer(capsys, "remove", f"{FTD}:Q4_K_M")
    assert removed == {"removed": f"{FTD}:Q4_K_M", "freed": files, "embedded_for": ["lift"]}
    assert not model.path.parent.exists()
    assert (store.chosen("lift"), store.chosen("tune")) == (None, f"{FTD}:Q8_0")
    assert other.path.exists()
    answer(capsys, "remove", FTD)
    assert not other.path.parent.parent.exists()


def test_removing_what_was_downloaded_in_part(capsys: pytest.CaptureFixture[str]) -> None:
    folder = store.folder_of(FTD, "Q4_K_M")
    folder.mkdir(parents=True)
    (folder / f"{'0' * 64}{store.PARTIAL}").write_bytes(bytes(1000))
    assert answer(capsys, "remove", FTD)["freed"] == 1000
    assert store.partial_bytes(FTD, "Q4_K_M") == 0


def test_what_a_refused_pull_left_is_no_model_to_choose_from(capsys: pytest.CaptureFixture[str]) -> None:
    put(FTD)
    store.folder_of(FTD, "Q8_0").mkdir(parents=True)
    assert "nothing to remove" in refusal(capsys, "remove", f"{FTD}:Q8_0")
    assert answer(capsys, "remove", FTD)["removed"] == f"{FTD}:Q4_K_M"


def test_where_files_are(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "path") == {"path": str(data / "models")}
    assert answer(capsys, "path", "embedded")["path"].endswith(".gguf")
    assert answer(capsys, "path", put(FTD).name)["path"].startswith(str(data))


def test_the_card_of_what_is_not_here_is_the_catalogues(capsys: pytest.CaptureFixture[str]) -> None:
    card = answer(capsys, "info", FTD)
    assert {file["quantisation"] for file in card["files"]} >= {"Q4_K_M", "IQ2_XXS"}
    assert card["terms"]["accepted"] is False
    assert main(["model", "info", FTD]) == EXIT_DONE
    text = capsys.readouterr().out
    assert f"irlens model pull {FTD}" in text
    assert "Built with LLM Compiler" in text
    assert "Read" not in text or "In full: https://" in text


def test_the_card_of_one_quantisation_is_of_that_alone(capsys: pytest.CaptureFixture[str]) -> None:
    card = answer(capsys, "info", f"{FTD}:Q8_0")
    assert card["name"] == f"{FTD}:Q8_0"
    assert {file["quantisation"] for file in card["files"]} == {"Q8_0"}
    assert main(["model", "info", f"{FTD}:Q8_0"]) == EXIT_DONE
    assert f"irlens model pull {FTD}:Q8_0)" in capsys.readouterr().out
    assert "has no Q9_9" in refusal(capsys, "info", f"{FTD}:Q9_9")


def test_a_copy_that_was_not_pulled_is_credited_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_tiny(tmp_path / "my-llm-compiler-7b.gguf", family=None)
    assert answer(capsys, "info", str(path))["credit"] == "Built with LLM Compiler"
    assert answer(capsys, "info")["credit"] is None


def test_info_without_a_name_tells_of_what_is_used(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = write_tiny(tmp_path / "mine.gguf", name="mine")
    assert main(["model", "use", str(path), "--for", "predict"]) == 0
    capsys.readouterr()
    assert main(["model", "info"]) == 0
    out = capsys.readouterr().out
    assert "for lift and tune:\nirlens-small (the embedded model)" in out
    assert "for predict:\nmine (a file of yours)" in out
    assert main(["model", "info", "--json"]) == 0
    cards = json.loads(capsys.readouterr().out)["models"]
    assert [(card["name"], card["used_for"]) for card in cards] == [
        ("irlens-small", ["lift", "tune"]),
        ("mine", ["predict"]),
    ]


def test_a_server_that_was_chosen_and_is_not_there_is_the_reason_of_a_mechanical_lift(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    assert main(["model", "use", address]) == 0
    lift = ["lift", str(EXAMPLES / "bits.s"), "--function", "smaller"]
    assert main(lift) == 0
    out = capsys.readouterr().out
    assert "origin: mechanical: " in out
    assert address in out
    assert main([*lift, "--model", address]) == 2
