"""The normal form of IR, held against LLVM: what is decoded parses, and encodes to the same text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from irlens.ir.normal import decode, encode
from irlens.llvm.client import LLVM

X86 = "x86_64-unknown-linux-gnu"


@pytest.fixture(scope="module")
def llvm() -> Iterator[LLVM]:
    with LLVM(workers=1) as client:
        yield client


@pytest.mark.parametrize(
    "body",
    [
        "%q = getelementptr inbounds { i32, ptr, { i8, i64 } }, ptr %p, i32 0, i32 2, i32 1",
        "%q = getelementptr { i32, [4 x i16] }, ptr %p, i64 %n, i32 1, i64 %n",
        "%q = getelementptr inbounds { i32, [4 x i16] }, ptr %p, i64 0, i32 1, i64 3",
        "%q = getelementptr [4 x { i8, i8 }], ptr %p, i64 0, i64 3, i32 1",
        "%q = getelementptr i8, ptr %p, i64 -8",
        "%q = getelementptr [4 x i32], ptr %p, i64 0, i64 %n",
    ],
)
def test_addresses_of_fields_come_back(body: str, llvm: LLVM) -> None:
    ir = f"define ptr @f(ptr %p, i64 %n) {{\n  {body}\n  ret ptr %q\n}}\n"
    assert llvm.parse(ir).verified
    normal = encode(ir, "f")
    decoded = decode(normal.text, normal.symbols, X86, "f")
    parsed = llvm.parse(decoded)
    assert parsed.verified, parsed.diagnostics
    assert encode(decoded, "f").text == normal.text
    assert llvm.lower(decoded, X86).split("f:")[1] == llvm.lower(ir, X86).split("f:")[1]
