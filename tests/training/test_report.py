"""The report on the shards: counts, columns, and what is not clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from irlens.training.report import as_markdown, main, report

TRAINED = "fn i32 i32 %1= add.i32 %0 1 ret.i32 %1"
LONG = "fn i32 i32 " + " ".join(f"%{n}= add.i32_%{n - 1} 1" for n in range(1, 20)) + " br L1 L1: ret.i32 %19"


def write(work: Path, shard: str, *rows: tuple[str, str, str, str, str]) -> None:
    (work / "pairs").mkdir(exist_ok=True)
    (work / "pairs" / f"{shard}.tsv").write_text("".join("\t".join(row) + "\n" for row in rows))


@pytest.fixture
def work(tmp_path: Path) -> Path:
    write(
        tmp_path,
        "real-00000",
        ("lift", "real", "x64 q one =>", f"{TRAINED} ;", "lea ret"),
        ("lift", "real", "x64.O0 q one again =>", f"{TRAINED} ;", "push lea ret"),
        ("lift", "real", "a64 q two =>", f"{LONG} ;", "add ret"),
        ("lift", "held-real", "x64 q held =>", "fn void ret.void ;", "ret"),
    )
    write(
        tmp_path,
        "tune-00000",
        ("tune", "mutated", f"tune a64 {TRAINED} =>", "default<Oz> 23 12 ;", ""),
        ("tune", "mutated", f"tune a64 {TRAINED} =>", "default<Oz> 23 12 ;", ""),
    )
    return tmp_path


def test_sources_by_length(work: Path) -> None:
    found = report(work)
    assert found.unit == "words"
    real = found.sources["real", "lift", "real", "x64"]
    assert (real.pairs, len(real.functions[0])) == (2, 1), "one function at two levels"
    long = found.sources["real", "lift", "real", "a64"]
    assert {column: len(found) for column, found in long.functions.items()} == {2: 1}, (
        "21 instructions: to 32"
    )
    tune = found.sources["tune", "tune", "mutated", "a64"]
    assert (tune.pairs, len(tune.functions[0])) == (2, 1), "its IR is the question's"
    assert tune.tokens[0] == 2 * len(f"tune a64 {TRAINED} => default<Oz> 23 12 ;".split())
    assert (found.trained, found.held, found.repeated) == (5, 1, 1)


def test_a_clean_split(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--work", str(work)]) == 0
    text = capsys.readouterr().out
    assert "no trained function has the assembly of a held-out one" in text
    assert "| real | lift | held-real | x64 | 1 | 1 | 1 | 0 | 0 | 0 | 0 |" in text


def test_a_held_out_functions_assembly_among_the_trained(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(
        work,
        "real-00001",
        ("lift", "real", "x64 q held =>", "fn void ret.void ;", "ret"),  # the trainer leaves it out
        ("lift", "real", "x64.O0 q held =>", "fn void ret.void ;", "ret"),
    )
    found = report(work)
    assert (found.dropped, found.shared, found.left) == (1, 2, 1)
    assert main(["--work", str(work)]) == 1
    assert "1 trained pairs have the assembly of a held-out one: drop them" in capsys.readouterr().out


def test_nothing_yet(tmp_path: Path) -> None:
    assert "0 pairs to train on" in as_markdown(report(tmp_path))
