"""IR that is short as a text and endless as what it says has no normal form, and is found out at once."""

from __future__ import annotations

import pytest

from irlens.ir.normal import NotNormal, encode
from support.timing import within


def test_a_type_that_doubles_with_each_name() -> None:
    types = ["%T0 = type { i32, i32 }", *(f"%T{n} = type {{ %T{n - 1}, %T{n - 1} }}" for n in range(1, 60))]
    body = "define i32 @f(ptr %p) {\n  %q = getelementptr %T59, ptr %p, i64 0\n  %r = load i32, ptr %q\n  ret i32 %r\n}\n"

    def read() -> None:
        with pytest.raises(NotNormal, match="too many parts"):
            encode("\n".join(types) + "\n" + body, "f")

    within(1.0, read)


@pytest.mark.parametrize(
    "operand",
    [
        "getelementptr (i8, ptr " * 5_000 + "@g" + ", i64 1)" * 5_000,
        "splat (ptr " * 5_000 + "null" + ")" * 5_000,
    ],
)
def test_constants_inside_each_other(operand: str) -> None:
    with pytest.raises(NotNormal):
        encode(f"@g = global i8 0\ndefine ptr @f() {{\n  ret ptr {operand}\n}}\n", "f")


def test_types_inside_each_other() -> None:
    deep = "[1 x " * 5_000 + "i8" + "]" * 5_000
    with pytest.raises(NotNormal):
        encode(f"define void @f() {{\n  %a = alloca {deep}\n  ret void\n}}\n", "f")
