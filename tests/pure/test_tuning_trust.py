"""What is known of pass lists: the trials that were kept, the lists that are banned. And the marks for llvm-mca."""

from __future__ import annotations

from pathlib import Path

import pytest

from irlens.errors import LLVMRefused
from irlens.ir.outline import outline
from irlens.llvm import mca
from irlens.tuning import trust
from irlens.tuning.cache import Cache
from irlens.tuning.suite import NAMES, edition, programs
from irlens.tuning.trust import Banned, Trial, banned, kept, why_banned


def test_a_trial_is_kept_for_its_llvm_and_this_suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path / "kept.sqlite")
    bad = Trial("a,b", "breaks", 7, "loops", "sieve: it came to 3")
    good = Trial("a", "keeps", 108)
    for each in (bad, good, Trial("c", "open", 0, "loops", "no time")):
        trust.keep(cache, "LLVM 19", each)
    assert kept(cache, "LLVM 19", "a,b") == bad
    assert kept(cache, "LLVM 19", "a") == good
    assert kept(cache, "LLVM 19", "c") is None
    assert kept(cache, "LLVM 20", "a") is None
    monkeypatch.setattr(trust, "edition", lambda: "another")
    assert kept(cache, "LLVM 19", "a") is None
    cache.close()


def test_only_a_list_that_keeps_meaning_is_trusted() -> None:
    said = {says: Trial("a", says).trusted for says in ("keeps", "breaks", "crashes", "refuses", "open")}  # type: ignore[arg-type]
    assert said == {"keeps": True, "breaks": False, "crashes": False, "refuses": False, "open": False}


def test_what_is_banned_is_found_wherever_it_stands() -> None:
    of = Banned({"gvn-sink": "no", "sroa<modify-cfg>": "never"}, {"dce,adce": "together they break"})
    assert "no" in why_banned("default<Oz>,function(dce,loop(gvn-sink))", of)
    assert "never" in why_banned("function(sroa<modify-cfg>)", of)
    assert why_banned("function(sroa)", of) == ""
    assert "together" in why_banned("dce,adce", of)
    assert why_banned("adce,dce", of) == ""
    assert why_banned("", of) == ""
    assert why_banned("not a list(", of) == ""


def test_the_data_says_why_and_with_which_llvm() -> None:
    of = banned()
    for why in (*of.passes.values(), *of.lists.values()):
        assert "seen with LLVM" in why or "seen with llvmlite" in why or "seen with opt" in why
    assert "default<Oz>" not in of.lists
    assert not {"default<Oz>", "default", "function", "module"} & set(of.passes)


def test_the_suite_is_what_its_sources_say() -> None:
    folder = Path(trust.__file__).parent / "suite"
    assert sorted(path.stem for path in folder.glob("*.c")) == sorted(
        path.stem for path in folder.glob("*.ll")
    )
    assert tuple(sorted(path.stem for path in folder.glob("*.ll"))) == NAMES
    functions = [
        each.name for program in programs() for each in outline(program.ir).functions if each.is_definition
    ]
    assert len(functions) >= 60
    assert len(set(functions)) >= 60
    for program in programs():
        assert outline(program.ir).triple == "x86_64-unknown-linux-gnu"
        assert f'source_filename = "{program.name}.c"' in program.ir
    assert len(edition()) == 16


ASSEMBLY = """\
	.text
	.globl	f
f:                                      # @f
	.cfi_startproc
# %bb.0:
	testl	%edi, %edi
	je	.LBB0_2
# %bb.1:
	.p2align	4
	movl	$1, %eax
	retq
.LBB0_2:
	xorl	%eax, %eax
	retq
.Lfunc_end0:
	.size	f, .Lfunc_end0-f
	.section	.rodata,"a",@progbits
table:
	.long	7
"""


def test_each_basic_block_is_marked_once() -> None:
    marked, blocks = mca.mark(ASSEMBLY, "#")
    assert blocks == 3
    inside = [part.partition("# LLVM-MCA-END")[0] for part in marked.split("# LLVM-MCA-BEGIN ")[1:]]
    assert [
        "\n".join(line for line in part.splitlines()[1:] if line[:1] == "\t" and line[1] != ".")
        for part in inside
    ] == [
        "\ttestl\t%edi, %edi\n\tje\t.LBB0_2",
        "\tmovl\t$1, %eax\n\tretq",
        "\txorl\t%eax, %eax\n\tretq",
    ]
    kept_lines = [line for line in marked.splitlines() if "LLVM-MCA" not in line]
    assert kept_lines == ASSEMBLY.splitlines()


def test_an_estimate_that_lacks_a_block_is_none() -> None:
    region = '{"SummaryView": {"TotalCycles": %d}}'
    assert mca.total(f'{{"CodeRegions": [{region % 4}, {region % 9}]}}', 2) == 13
    with pytest.raises(LLVMRefused, match=r"1 of 2 blocks.*Use another objective"):
        mca.total(f'{{"CodeRegions": [{region % 4}]}}', 2)
    with pytest.raises(LLVMRefused, match="cannot be read"):
        mca.total("error: no", 2)
