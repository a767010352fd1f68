"""Addresses in bytes (`ir.normal_places`): text in, text out."""

from __future__ import annotations

import pytest

from irlens.ir.normal import plain
from irlens.ir.normal_places import bytewise


def of(*lines: str) -> str:
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("gep.{ptr,i32,i32} %0 0 2", ["gep.i8 %0 12"]),
        ("gep.{i8,i64} %0 0 1", ["gep.i8 %0 8"]),
        ("gep.{i8,i64} %0 1", ["gep.i8 %0 16"]),
        ("gep.[4xi32] %0 0 3", ["gep.i8 %0 12"]),
        ("gep.inbounds.[4xi32] %0 0 %1", ["gep.i32 %0 %1"]),
        ("gep.[4x{i64,ptr}] @1 0 %1 1", ["gep.i128 @1 %1", "gep.i8 %2 8"]),
        ("gep.{i8,[3xi8]} %0 %1 1 2", ["gep.i32 %0 %1", "gep.i8 %2 3"]),
        ("gep.{i64,i64,i64} %0 %1", ["gep.[24xi8] %0 %1"]),
        ("gep.i8 %0 -8", ["gep.i8 %0 -8"]),
        ("gep.i16 %0 i32:%1", ["gep.i16 %0 i32:%1"]),
    ],
)
def test_an_address_has_one_spelling(before: str, after: list[str]) -> None:
    written = bytewise(of("fn ptr ptr i64", f"%2= {before}", "ret.ptr %2"))
    lines = [f"%{number}= {line}" for number, line in enumerate(after, 2)]
    assert written == of("fn ptr ptr i64", *lines, f"ret.ptr %{len(after) + 1}")


def test_an_address_that_is_its_base_goes_and_values_are_numbered_anew() -> None:
    text = of(
        "fn optsize zeroext i8 zeroext i1 ptr",
        "%2= gep.{ptr,ptr} %1 0 0",
        "br L1",
        "L1:",
        "%3= phi.ptr %4 L1 %2 L0",
        "%4= gep.i8 %3 1",
        "%5= load.i8 %4",
        "%6= icmp.eq.i8 %5 0",
        "br %6 L2 L1",
        "L2:",
        "ret.i8 %5",
    )
    assert bytewise(text) == of(
        "fn optsize zeroext i8 zeroext i1 ptr",
        "br L1",
        "L1:",
        "%2= phi.ptr %3 L1 %1 L0",
        "%3= gep.i8 %2 1",
        "%4= load.i8 %3",
        "%5= icmp.eq.i8 %4 0",
        "br %5 L2 L1",
        "L2:",
        "ret.i8 %4",
    )


def test_lifetimes_go_and_calls_keep_their_names() -> None:
    text = of(
        "fn void i32 ...",
        "%1= alloca.[4xi8]",
        "call.void @llvm.lifetime.start.p0 i64 4 ptr %1",
        "call.void @12 ptr %1 i32 %0",
        "ret",
    )
    assert bytewise(text) == of("fn void i32 ...", "%1= alloca.[4xi8]", "call.void @12 ptr %1 i32 %0", "ret")


def test_a_type_without_a_size_is_left_alone() -> None:
    text = of("fn ptr ptr", "%1= gep.{x86_fp80,i8} %0 0 1", "ret.ptr %1")
    assert bytewise(text) == text
    assert bytewise(plain(text)) == text


def test_the_bits_of_a_float_are_the_float() -> None:
    text = of("fn float float", "%1= bitcast.i32.float 1080033280", "%2= fmul.float %0 %1", "ret.float %2")
    assert bytewise(text) == of("fn float float", "%1= fmul.float %0 ~406", "ret.float %1")
    negative = of("fn double", "%0= bitcast.i64.double -4616189618054758400", "ret.double %0")
    assert bytewise(negative) == of("fn double", "ret.double ~bff")
