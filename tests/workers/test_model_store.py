"""What is kept of models: which are here, which is used for what, which licences were accepted."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import pytest

from irlens.errors import ModelUnavailable
from irlens.folders import data_folder
from irlens.model import catalogue, store
from irlens.model.pull import plan, size_text

NAME = "llm-compiler-7b-ftd"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IRLENS_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


def put(quantisation: str, name: str = NAME, size: int = 5) -> store.Pulled:
    path = store.folder_of(name, quantisation) / "x.gguf"
    path.parent.mkdir(parents=True)
    path.write_bytes(bytes(size))
    model = store.Pulled(name, quantisation, path, size, "0" * 64, "a/b", "c", "2026-01-31")
    store.keep(model)
    return model


def test_nothing_is_here_at_first(data: Path) -> None:
    assert store.pulled() == ()
    assert [store.chosen(task) for task in (*store.TASKS, None)] == [None] * 4
    assert not store.accepted("llm-compiler")
    assert not data.exists()


def test_what_is_kept_is_found_again() -> None:
    small, large = put("Q2_K", size=3), put("Q8_0", size=9)
    assert store.pulled() == (small, large)
    assert store.find(NAME, "Q8_0") == large
    assert store.resolve(f"{NAME}:q8_0") == large.path


def test_a_name_without_quantisation() -> None:
    first = put("Q2_K")
    assert store.resolve(NAME) == first.path
    put("Q8_0")
    with pytest.raises(ModelUnavailable, match=f"Say which: {NAME}:Q2_K, {NAME}:Q8_0"):
        store.resolve(NAME)
    assert store.resolve(f"{NAME}:Q2_K") == first.path
    assert store.resolve(put("Q4_K_M").name).parent.name == "Q4_K_M"


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        (NAME, f"Run: irlens model pull {NAME}"),
        (f"{NAME}:Q8_0", f"Run: irlens model pull {NAME}:Q8_0"),
        ("nothing", "For a file of your own give its path."),
        ("../escape", "`irlens model list` shows them."),
        (f"{NAME}:../Q8_0", "`irlens model list` shows them."),
    ],
)
def test_what_is_not_here_says_what_to_do(name: str, ends: str) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        store.resolve(name)
    assert str(caught.value).endswith(ends)


def test_a_choice_for_each_task() -> None:
    store.choose("a:Q4_K_M", ("lift", "tune"))
    store.choose("b:Q4_K_M", ("predict",))
    assert [store.chosen(task) for task in store.TASKS] == ["a:Q4_K_M", "a:Q4_K_M", "b:Q4_K_M"]
    assert store.chosen(None) is None
    assert store.forget("a:Q4_K_M") == ("lift", "tune")
    assert [store.chosen(task) for task in store.TASKS] == [None, None, "b:Q4_K_M"]
    store.choose("b:Q4_K_M", store.TASKS)
    assert store.chosen(None) == "b:Q4_K_M"
    store.choose("embedded", store.TASKS)
    assert store.chosen("lift") is None


def test_a_damaged_record_is_told_and_not_overwritten() -> None:
    store.choose("a:Q4_K_M", ("lift",))
    path = data_folder() / "used-models.json"
    for damage in ("{", "[]", '{"lift": 1}'):
        path.write_text(damage)
        with pytest.raises(ModelUnavailable, match=r"used-models.json is damaged. Delete it"):
            store.chosen("lift")
        with pytest.raises(ModelUnavailable, match="is damaged"):
            store.choose("b:Q4_K_M", ("tune",))
        assert path.read_text() == damage


def _accept(number: int) -> None:
    for turn in range(20):
        store.accept(f"licence-{number}-{turn}")


def test_writers_in_several_processes_lose_nothing() -> None:
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_accept, args=(number,)) for number in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    kept = json.loads((data_folder() / "accepted-licences.json").read_text())
    assert len(kept) == 80


def test_an_interrupted_write_leaves_what_was_there(monkeypatch: pytest.MonkeyPatch) -> None:
    store.choose("a:Q4_K_M", ("lift",))

    def stop(*arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", stop)
        with pytest.raises(KeyboardInterrupt):
            store.choose("b:Q4_K_M", ("lift",))
    assert store.chosen("lift") == "a:Q4_K_M"
    assert sorted(path.name for path in data_folder().iterdir()) == [
        "used-models.json",
        "used-models.json.lock",
    ]


def test_a_name_of_the_catalogue_is_no_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (NAME, "mine"):
        Path(name).mkdir()
    assert not store.looks_like_a_file(NAME)
    assert not store.looks_like_a_file(f"{NAME}:Q8_0")
    assert store.looks_like_a_file("mine")
    assert store.looks_like_a_file(f"./{NAME}")
    assert store.looks_like_a_file("absent.gguf")


def test_the_catalogue() -> None:
    """Each file of it names its quantisation, can be run by some engine and is planned as it stands there."""
    assert set(catalogue.entries()) == {
        f"llm-compiler-{size}{kind}" for size in ("7b", "13b") for kind in ("", "-ftd")
    }
    for entry in catalogue.entries().values():
        assert catalogue.DEFAULT_QUANTISATION in entry.quantisations
        assert ("lift" in entry.tasks) == entry.name.endswith("-ftd")
        assert entry.licence.credit == "Built with LLM Compiler"
        for file in entry.files:
            if file.name is not None:
                assert catalogue.quantisation_in(file.name) == file.quantisation
            wanted = plan(f"{entry.name}:{file.quantisation}", file.repository)
            assert (wanted.file, wanted.repository) == (file.name, file.repository)
            assert ("--from" in wanted.command) == (file != entry.quantisations[file.quantisation])


@pytest.mark.parametrize("kind", ["F32", "F16", "Q4_0", "Q8_0", "Q4_K", "Q6_K", "BF16", "IQ4_NL"])
def test_what_loads_where_is_what_the_engines_say(kind: str, tmp_path: Path) -> None:
    from irlens.model.engines import ctransformers_files
    from irlens.model.gguf_header import read_header
    from support.tiny_gguf import write_tiny

    path = write_tiny(tmp_path / "x.gguf", quantisation=kind, embedding=256, feed_forward=256, layers=1)
    refused = ctransformers_files.unsupported(read_header(str(path)))
    assert ("ctransformers" in catalogue.engines_for(kind)) == (refused is None)
    assert "llama-cpp-python" in catalogue.engines_for(kind)


@pytest.mark.parametrize(
    ("quantisation", "engines"), [("Q4_K_M", 2), ("Q3_K_L", 2), ("Q2_K_S", 2), ("IQ2_XXS", 1), ("IQ3_M", 1)]
)
def test_a_mixture_loads_where_its_types_do(quantisation: str, engines: int) -> None:
    assert len(catalogue.engines_for(quantisation)) == engines


@pytest.mark.parametrize(
    ("file", "quantisation"),
    [
        ("llm-compiler-7b.Q4_1.gguf", "Q4_1"),
        ("llm-compiler-7b-q5_k_m.gguf", "Q5_K_M"),
        ("a/b-FP16.gguf", "F16"),
        ("x-f16.gguf", "F16"),
        ("x-Q8_0-00001-of-00002.gguf", None),
        ("llm-compiler-7b.gguf", None),
        ("imatrix.dat", None),
    ],
)
def test_the_quantisation_in_a_files_name(file: str, quantisation: str | None) -> None:
    assert catalogue.quantisation_in(file) == quantisation


def test_the_credit_is_for_the_family_that_asks_for_it() -> None:
    assert catalogue.credit_for("llm-compiler") == "Built with LLM Compiler"
    assert catalogue.credit_for("irlens") is None


def test_sizes_in_words() -> None:
    assert [size_text(count) for count in (0, 999, 763_564, 25_300_000, 4.08e9, 1e15)] == [
        "0 bytes",
        "999 bytes",
        "764 kB",
        "25.3 MB",
        "4.08 GB",
        "1,000,000 GB",
    ]
