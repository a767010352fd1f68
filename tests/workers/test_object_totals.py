"""Text and data of objects, read in one go: the numbers of pyelftools and of GNU size, on what LLVM makes."""

from __future__ import annotations

import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irlens.llvm.client import LLVM
from irlens.llvm.objects import NotAnObject, sizes
from irlens.llvm.totals import facts, totals

EXAMPLES = Path(__file__).parents[2] / "examples"
TRIPLES = (
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "i686-unknown-linux-gnu",
    "powerpc-unknown-linux-gnu",
)
MANY = "more than 65,535 sections"
DATA = """
@a = global i32 5
@b = global [100 x i8] zeroinitializer
@c = constant [3 x i8] c"abc"
@d = thread_local global i64 7
@e = internal constant ptr @a
@llvm.used = appending global [1 x ptr] [ptr @e]
define i32 @f() section ".own" {
  %v = load i32, ptr @a
  ret i32 %v
}
"""


@pytest.fixture(scope="module")
def objects() -> Iterator[dict[str, bytes]]:
    with LLVM(workers=1) as llvm:
        made = {triple: llvm.emit_object(DATA, triple) for triple in TRIPLES}
        for name in ("checksum.ll", "eval/calls.raw.ll", "eval/numbers.aarch64.Os.ll"):
            made[name] = llvm.emit_object((EXAMPLES / name).read_text())
        many = "\n".join(f'@v{n} = global i8 1, section ".s{n}"' for n in range(0x10000))
        made[MANY] = llvm.emit_object(many, TRIPLES[0])
        yield made


def test_they_are_pyelftools_numbers(objects: dict[str, bytes]) -> None:
    for name, made in objects.items():
        if name != MANY:  # pyelftools takes ten seconds for that one; GNU size does not
            slow = sizes(made)
            assert totals(made) == (slow.text, slow.data), name
    assert totals(objects[MANY])[1] == 0x10000


def test_they_are_gnu_sizes_numbers(objects: dict[str, bytes], tmp_path: Path) -> None:
    if shutil.which("size") is None:
        pytest.skip("GNU size is not installed")
    for number, (name, made) in enumerate(objects.items()):
        path = tmp_path / f"{number}.o"
        path.write_bytes(made)
        said = subprocess.run(["size", str(path)], capture_output=True, text=True, timeout=60, check=False)
        if said.returncode:
            assert "powerpc" in name, "only a target that this `size` was built without may be missing"
            continue
        text, data, *_ = said.stdout.splitlines()[1].split()
        assert totals(made) == (int(text), int(data)), name


def test_facts_have_the_functions_where_they_are_wanted(objects: dict[str, bytes]) -> None:
    made = objects[TRIPLES[0]]
    assert (
        facts(made, functions=True)["functions"]
        == sizes(made).functions
        == {"f": facts(made, True)["functions"]["f"]}
    )
    assert "functions" not in facts(made, functions=False)
    assert facts(made, False)["digest"] != facts(objects[TRIPLES[1]], False)["digest"]


@pytest.mark.parametrize("triple", TRIPLES)
def test_an_object_that_is_cut_off_is_refused_wherever_it_is(objects: dict[str, bytes], triple: str) -> None:
    made = objects[triple]
    for length in range(len(made)):
        with pytest.raises(NotAnObject):
            totals(made[:length])


@given(data=st.data())
@settings(max_examples=1000, deadline=2000)
def test_a_damaged_object_is_measured_or_refused(objects: dict[str, bytes], data: st.DataObject) -> None:
    made = bytearray(objects[data.draw(st.sampled_from(TRIPLES))])
    places = st.one_of(st.integers(0, 63), st.integers(0, len(made) - 1))
    for _ in range(data.draw(st.integers(1, 5))):
        made[data.draw(places)] = data.draw(st.one_of(st.just(255), st.integers(0, 255)))
    try:
        text, dataword = totals(bytes(made))
    except NotAnObject:
        return
    assert text >= 0
    assert dataword >= 0


@given(st.binary(max_size=300))
def test_what_is_no_object_is_refused(junk: bytes) -> None:
    with pytest.raises(NotAnObject):
        totals(junk)
    with pytest.raises(NotAnObject):
        totals(b"\x7fELF\x02\x01" + struct.pack("<34xQ", 1 << 60) + junk[:20])
