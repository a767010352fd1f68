"""A number of thousands of digits, which Python does not read: an answer in words at every door."""

from __future__ import annotations

from pathlib import Path

import pytest

from irlens.cli.main import main
from irlens.errors import of_a_number

DIGITS = "9" * 5_000
ASSEMBLY = {
    "immediate": f"f:\n\tmovq ${DIGITS}, %rax\n\tretq\n",
    "displacement": f"f:\n\tmovl x+{DIGITS}(%rip), %eax\n\tretq\n",
    "data": f"f:\n\tmovl x(%rip), %eax\n\tretq\n\t.data\nx:\n\t.quad {DIGITS}\n\t.zero {DIGITS}\n",
    "aarch64": f"\t.arch armv8-a\nf:\n\tmov w0, #{DIGITS}\n\tret\n",
}
IR = {
    "value": f"define i32 @f(i32 %0) {{\n  %{DIGITS} = add i32 %0, 1\n  ret i32 %0\n}}\n",
    "label": f"define i32 @f(i32 %0) {{\n{DIGITS}:\n  ret i32 %0\n}}\n",
    "attributes": f"define void @f() #{DIGITS} {{\n  ret void\n}}\nattributes #{DIGITS} = {{ cold }}\n",
    "metadata": f"define void @f() {{\n  ret void, !x !{DIGITS}\n}}\n!{DIGITS} = !{{}}\n",
}


def test_only_pythons_own_refusal_is_one() -> None:
    with pytest.raises(ValueError) as caught:
        int(DIGITS)
    assert "4,300 digits" in str(of_a_number(caught.value))
    assert of_a_number(ValueError("another")) is None


@pytest.mark.parametrize("name", ASSEMBLY)
@pytest.mark.parametrize(
    "command", [["lift"], ["check"], ["compare", "--function", "f"]], ids=lambda words: words[0]
)
def test_assembly(command: list[str], name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.s"
    path.write_text(f"\t.text\n\t.globl f\n{ASSEMBLY[name]}")
    files = [str(path)] * (2 if command[0] == "compare" else 1)
    assert main([*command, *files]) in (0, 1, 2)
    assert capsys.readouterr().err.count("Traceback") == 0


@pytest.mark.parametrize("name", IR)
@pytest.mark.parametrize(
    "command", [["predict", "--no-model", "--passes", "instcombine"], ["check"]], ids=lambda words: words[0]
)
def test_ir(command: list[str], name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.ll"
    path.write_text(IR[name])
    assert main([*command, str(path)]) in (0, 1, 2)
    assert capsys.readouterr().err.count("Traceback") == 0
