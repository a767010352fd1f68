"""A text of very many names, labels or passes takes time in proportion to its size, or is refused with a sentence."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from irlens.asm import normal
from irlens.asm.comments import without_comment_a64
from irlens.asm.data import read_data
from irlens.asm.macho import as_elf, unread_lines
from irlens.asm.normal import normalise
from irlens.asm.outline import functions
from irlens.asm.readable import readable
from irlens.cli import compare_folders
from irlens.cli.lift_files import Output
from irlens.errors import UnusableInput
from irlens.ir.metadata import matched
from irlens.ir.nesting import problems
from irlens.ir.pipeline import MOST_PASSES, PipelineError, parse_pipeline
from irlens.ir.repair import repair
from support.timing import within

A64 = "aarch64-unknown-linux-gnu"
X86 = "x86_64-unknown-linux-gnu"
MACOS = {"aarch64": "arm64-apple-macosx14.0.0", "x86_64": "x86_64-apple-macosx14.0.0"}


def seconds(call: Callable[[], object]) -> float:
    """Processor time, since other programs take none of that."""
    began = time.process_time()
    call()
    return time.process_time() - began


def assert_in_proportion(make: Callable[[int], Callable[[], object]], small: int) -> None:
    """Eight times as much takes eight times as long, and not sixty-four."""
    make(small)()  # what is made ready once is not the text's
    few = min(seconds(make(small + more)) for more in (1, 2, 3))  # no text twice, as answers are kept
    many = seconds(make(8 * small))
    assert many < 24 * few + 0.05, f"{few:.3f} s, and {many:.3f} s for eight times as much"


def function(body: str, behind: str = "") -> str:
    return f"\t.text\n\t.globl f\n\t.type f,%function\nf:\n{body}\tret\n\t.size f, .-f\n{behind}"


def names(count: int) -> str:
    return "".join(f"\tadrp x0, .Li{number}\n" for number in range(count))


def test_names_of_a_function_are_numbered_in_proportion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(normal, "MOST_SYMBOLS", 1 << 20, raising=False)
    assert_in_proportion(lambda count: lambda: normalise(function(names(count)), "f", A64), 3_000)


def test_the_data_behind_each_name_costs_no_copy_of_the_text() -> None:
    data = "\t.section .rodata\n" + "".join(f".Li{number}:\n\t.word {number}\n" for number in range(2_000))
    text = function(names(2_000), data + "\n" * 1_200_000)

    def read() -> list[bytes | None]:
        return [
            read_data(text, f".Li{number}", without_comment_a64, set()).raw for number in range(100, 1_900)
        ]

    assert read() == [number.to_bytes(4, "little") for number in range(100, 1_900)]
    assert seconds(read) < 0.7  # 3 s with a copy for each name


def test_a_function_of_more_names_than_anybody_compares_is_refused() -> None:
    fits = normalise(function(names(normal.MOST_SYMBOLS)), "f", A64)
    assert len(fits.symbols) == normal.MOST_SYMBOLS
    with pytest.raises(UnusableInput, match=r"more than 4,096 symbols.* Choose a smaller function\."):
        normalise(function(names(normal.MOST_SYMBOLS + 1)), "f", A64)


@pytest.mark.parametrize("unit", ["a:", '\\"', '"\\', "/*", "{", '"a" '])
@pytest.mark.parametrize("machine", ["aarch64", "x86_64"])
def test_one_long_line_is_normalised_in_proportion(machine: str, unit: str) -> None:
    def make(count: int) -> Callable[[], object]:
        line = unit * count if unit == "a:" else f'\tnop "{unit * count}'
        text = function(f"\tnop\n{line}\n")
        return lambda: normalise(text, "f", f"{machine}-unknown-linux-gnu")

    assert_in_proportion(make, 20_000 if unit == "a:" else 6_000)


@pytest.mark.parametrize("unit", ["_a:", ' "\\', '\\"', "/*", " {", '"a" '])
@pytest.mark.parametrize("machine", ["aarch64", "x86_64"])
def test_a_long_text_of_macos_is_rewritten_in_proportion(machine: str, unit: str) -> None:
    def make(count: int) -> Callable[[], object]:
        line = unit * count if unit == "_a:" else f"\tnop {unit * count}"
        text = f"\t.section __TEXT,__text\n\t.globl _f\n_f:\n{line}\n\tret\n"

        def rewritten() -> None:
            try:
                as_elf(text, MACOS[machine])
            except UnusableInput:
                pass  # as long as it comes soon

        return rewritten

    assert_in_proportion(make, 20_000 if unit == "_a:" else 4_000)


@pytest.mark.parametrize(("machine", "mark"), [("aarch64", ";"), ("x86_64", "##")])
@pytest.mark.parametrize(("line", "what"), [('\tnop "a', "string"), ("\tnop /* a", "comment")])
def test_what_nothing_closes_is_told(machine: str, mark: str, line: str, what: str) -> None:
    text = f'\t.section __TEXT,__text\n_f:\n\tnop {mark} it is "\n{line}\n\tret\n'
    with pytest.raises(UnusableInput, match=f"line 4: nothing closes this {what}"):
        as_elf(text, MACOS[machine])


def test_traps_of_a_macos_text_are_found_in_proportion() -> None:
    text = "\t.section __TEXT,__text\n_f:\n" + "\tldr x0, [x1, _foo@QQ]\n" * 20_000
    made, _ = as_elf(text, MACOS["aarch64"])
    assert seconds(lambda: unread_lines(made)) < 1.0  # 4 s with a count of lines for each
    found = unread_lines(made)
    assert list(found) == list(range(2, 20_002))
    assert found[2] == "`ldr x0, [x1, _foo@QQ]`: @QQ is not known"


def test_labels_that_much_jumps_to_are_told_from_functions_in_proportion() -> None:
    text = "\t.text\ng:\n\tret\n" + "\tjmp f\n" * 10_000 + "g:\nf:\n" * 10_000
    assert seconds(lambda: functions(text)) < 1.2  # 3 s with a look at each jump for each label
    assert [each.name for each in functions("\t.text\ng:\n\tjmp f\nf:\n\tret\n")] == ["g"]
    assert [each.name for each in functions("\t.text\ng:\n\tret\nf:\n\tjmp f\n")] == ["g"]


def test_an_operand_in_which_no_name_begins_is_passed_over() -> None:
    known = "".join(f"~{number}aa:\n" for number in range(100))
    text = f"{known}\tmov eax, {'+' * 2_000_000}a::b, ~7aa\n"
    assert seconds(lambda: readable(text)) < 1.4  # 3 s letter by letter
    assert readable(text).text.endswith('+"a::b", "~7aa"\n')


def unknown(count: int, name: str = "q") -> str:
    return ",".join(f"{name}{number}" for number in range(count))


def test_unknown_passes_are_not_each_compared_with_all_there_are() -> None:
    text = unknown(4_000)
    assert seconds(lambda: problems(repair(text, 20)[0])) < 1.2  # 3 s
    repaired, notes = repair("licm,O2,-Os,q1", 20)
    assert "default<O2>,default<Os>" in str(repaired)
    assert {"O2 written as default<O2>", "-Os written as default<Os>"} <= set(notes)


def test_a_pipeline_of_too_many_passes_is_refused() -> None:
    assert len(parse_pipeline(unknown(MOST_PASSES)).passes) == MOST_PASSES
    for text in (
        unknown(MOST_PASSES + 1),
        unknown(20_000),
        ",".join(["module(function(licm))"] * MOST_PASSES),
    ):
        with pytest.raises(PipelineError, match=r"more than 4,096 passes\. Give a shorter one\."):
            repair(text, 20)


def test_files_of_one_name_are_numbered_in_proportion() -> None:
    def make(count: int) -> Callable[[], object]:
        names = [f"{chr(0x4E00 + number % 20_000)}f" for number in range(count)]

        def named() -> None:
            output = Output("folder", False)
            made = [output._file_name(name) for name in names]
            assert made[:3] == ["_f.ll", "_f-2.ll", "_f-3.ll"]
            assert len({each.casefold() for each in made}) == count

        return named

    assert_in_proportion(make, 500)


def test_files_of_like_names_stay_apart() -> None:
    output = Output("folder", False)
    assert [output._file_name(name) for name in ("f-2", "f", "F", "f", "f-2", "é-2", "f-3")] == [
        "f-2.ll", "f.ll", "F-3.ll", "f-4.ll", "f-2-2.ll", "_-2.ll", "f-3-2.ll",
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["\t.zero 4097\n", "\t.zero 0xfffffffffff\n", "\t.quad 1,2,3,4,5,6,7,8\n"])
def test_data_that_is_filled_in_costs_what_its_text_does(line: str) -> None:
    """Each byte was counted, also where nothing more was kept; and again for each function that names the label."""
    data = line * 20_000
    code = "".join(f"f{at}:\n\tleaq .L1(%rip), %rax\n\tretq\n" for at in range(100))
    text = f"\t.text\n{code}\t.bss\n.L1:\n{data}"

    def all_functions() -> set[int]:
        return {normalise(text, f"f{at}", X86).symbols[0].data.size for at in range(100)}  # type: ignore[union-attr]

    sizes = within(3.0, all_functions)
    each = {"4097": 4097, "0xff": 0xFFFFFFFFFFF, "1,2,": 64}[line.split()[1][:4]]
    assert sizes == {20_000 * each}


@pytest.mark.parametrize("unit", ["operator ", "a::b [clone ", "a[abi:", "a<bbb", "x::{", "a(", "a<"])
def test_a_line_of_what_might_begin_a_name_is_read_in_proportion(unit: str) -> None:
    text = "f:\n\tcall foo(int)\n\tmov " + unit * (250_000 // len(unit)) + "::a, %eax\n\tretq\n"
    within(3.0, readable, text)


@pytest.mark.parametrize("content", ["distinct !{}", "distinct !{{!{0}}}"])
def test_nodes_that_look_alike_are_matched_in_proportion(content: str) -> None:
    nodes = {f"!{at}": content.format(at) for at in range(10_000)}
    lines = [f"  br label %x, !llvm.loop !{at}" for at in range(10_000)]
    numbers, added = within(3.0, matched, nodes, dict(nodes), lines, lines)
    assert set(numbers) == set(nodes)
    assert added == []
    if "{0}" in content:
        assert len(set(numbers.values())) == 10_000


def test_folders_of_many_files_are_paired_in_proportion(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"a": [f"{n}.s" for n in range(20_000)], "b": [f"{n}.ll" for n in range(20_000)]}
    monkeypatch.setattr(compare_folders, "_files", names.get)
    couples, only_a, only_b = within(2.0, compare_folders.couples_of, "a", "b")
    assert len(couples) == 20_000
    assert (only_a, only_b) == ([], [])
