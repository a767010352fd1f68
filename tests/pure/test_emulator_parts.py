"""The parts of the emulator that run nothing: where values are passed, what code compares, made-up memory."""

from __future__ import annotations

import random

import pytest

from irlens.emulator import inputs
from irlens.emulator.arm import ArmCompare, compare_of
from irlens.emulator.calls import doer
from irlens.emulator.compare import conversions, shown_scalar
from irlens.emulator.hints import numbers_in
from irlens.emulator.inputs import Input, Memory, Pool
from irlens.emulator.layout import PAGE, Image, World, _joined
from irlens.emulator.relocate import immediate_bytes
from irlens.evals.mutants import KINDS, mutate
from irlens.llvm.signatures import PassedValue
from irlens.objects.elf import BadObject, read_object
from irlens.targets import abi
from irlens.targets.abi import Place, Unplaced


def value(kind: str, *scalars: str, attributes: tuple[str, ...] = (), memory: int = 0) -> PassedValue:
    return PassedValue(kind, scalars or (kind,), attributes, memory)


def where(places: tuple[Place, ...]) -> list[str]:
    return [f"{place.kind}{place.index}" for place in places]


@pytest.mark.parametrize(
    ("arm", "values", "expected"),
    [
        (False, [value("i32"), value("double"), value("ptr")], ["int0", "vec0", "int1"]),
        (False, [value("i64")] * 8, ["int0", "int1", "int2", "int3", "int4", "int5", "stack0", "stack8"]),
        (True, [value("i64")] * 9, [*(f"int{n}" for n in range(8)), "stack0"]),
        (False, [value("{ i64, double }", "i64", "double")], ["int0", "vec0"]),
        (False, [value("x86_fp80"), value("i32")], ["stack0", "int0"]),
        (False, [value("ptr", attributes=("byval",), memory=24), value("i8")], ["stack0", "stack8", "stack16", "int0"]),
        (True, [value("ptr", attributes=("sret",)), value("i32")], ["sret0", "int0"]),
        (False, [value("ptr", attributes=("sret",)), value("i32")], ["int0", "int1"]),
        (True, [value("i32"), value("i128")], ["int0", "int2", "int3"]),
        (False, [value("i32"), value("i128")], ["int0", "int1", "int2"]),
        (True, [*[value("i64")] * 7, value("[2 x i64]", "i64", "i64")], [*(f"int{n}" for n in range(7)), "stack0", "stack8"]),
        (False, [value("<4 x float>"), value("<8 x float>")], ["vec0", "vec1", "vec2"]),
    ],
)  # fmt: skip
def test_where_arguments_are(arm: bool, values: list[PassedValue], expected: list[str]) -> None:
    assert where(abi.arguments(arm, values)) == expected


def test_where_results_are() -> None:
    assert where(abi.results(False, value("{ i64, i64 }", "i64", "i64"))) == ["int0", "int1"]
    assert where(abi.results(False, value("x86_fp80"))) == ["x870"]
    assert where(abi.results(True, value("[4 x double]", *["double"] * 4))) == [
        "vec0",
        "vec1",
        "vec2",
        "vec3",
    ]
    assert abi.results(False, PassedValue("void", ())) == ()
    with pytest.raises(Unplaced):
        abi.results(False, value("token"))


def test_narrow_values_leave_garbage_where_the_abi_lets_them() -> None:
    garbage = 0x1122334455667788
    byte = Place("int", 0, 8, "i8", "", 0)
    assert abi.extended(0xF0, byte, garbage) == 0x11223344556677F0
    zero = Place("int", 0, 8, "i8", "zeroext", 0)
    assert abi.extended(0xF0, zero, garbage) == 0x11223344000000F0
    sign = Place("int", 0, 8, "i8", "signext", 0)
    assert abi.extended(0xF0, sign, garbage) == 0x11223344FFFFFFF0
    assert abi.extended(5, Place("int", 0, 64, "i64", "", 0), garbage) == 5


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (0x7100241F, ArmCompare(0, None, 9, 32)),  # cmp w0, #9
        (0xEB03001F, ArmCompare(0, 3, 0, 64)),  # cmp x0, x3
        (0x7A430800, ArmCompare(0, None, 3, 32)),  # ccmp w0, #3, #0, eq
        (0x3100081F, ArmCompare(0, None, 2, 32, negated=True)),  # cmn w0, #2
        (0xB4000004, ArmCompare(4, None, 0, 64)),  # cbz x4, .
        (0xEB22C01F, ArmCompare(0, 2, 0, 32)),  # cmp x0, w2, sxtw
        (0x51001401, None),  # sub w1, w0, #5
        (0x0B030041, None),  # add w1, w2, w3
        (0xF9400020, None),  # ldr x0, [x1]
        (0xD65F03C0, None),  # ret
    ],
)
def test_what_an_aarch64_instruction_compares(word: int, expected: ArmCompare | None) -> None:
    assert compare_of(word) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("803d0000000000", 1),  # cmpb $0, x(%rip)
        ("833d0000000005", 1),  # cmpl $5, x(%rip)
        ("c70500000000", 4),  # movl $.., x(%rip)
        ("66c70500000000", 2),  # movw $.., x(%rip)
        ("488b0500000000", 0),  # movq x(%rip), %rax
        ("f60500000000", 1),  # testb $.., x(%rip)
        ("f71d00000000", 0),  # negl x(%rip)
        ("0fbae0", 0),
        ("e800000000", 0),  # call
    ],
)
def test_immediates_behind_a_displacement_are_counted(code: str, expected: int) -> None:
    data = bytearray.fromhex(code)
    at = {"e8": 1, "48": 3, "66": 4, "0f": 3}.get(code[:2], 2)
    data += bytes(8)
    if code.startswith("66"):
        assert immediate_bytes(data, 3) == expected
    else:
        assert immediate_bytes(data, at) == expected


def test_format_strings_say_how_many_arguments_they_want() -> None:
    assert conversions(b"%d %s%%\n") == 2
    assert conversions(b"%*.*f %-08lx %llu %c") == 6
    assert conversions(b"nothing") == 0


def test_values_in_words() -> None:
    assert shown_scalar("i32", 0xFFFFFFFF) == "-1"
    assert shown_scalar("i1", 1) == "1"
    assert shown_scalar("double", inputs.double_bits(2.5)) == "2.5"
    assert shown_scalar("i64", 1 << 40) == "1099511627776 (0x10000000000)"


def test_numbers_of_a_text() -> None:
    assert numbers_in("movl $77, %eax\n cmpq $-0x10, 8(%rdi) # L5 r12") == [-16, 8, 77]


def test_memory_is_a_function_of_seed_and_address() -> None:
    world = World(False, "f", [], [], {}, {}, [])
    one, two = (Memory(world, Pool([77]), 4) for _ in range(2))
    page = 0x100000000000
    for memory in (one, two):
        memory.give(Input((), 9, 2))
    assert one.page(page) == two.page(page)
    assert len(one.page(page)) == PAGE
    assert one.page(page) != one.page(page + PAGE)
    before = one.page(page)
    one.give(Input((), 9, 2).with_memory(page + PAGE - 2, b"\x01\x02\x03\x04"))
    assert one.page(page)[:-2] == before[:-2]
    assert one.page(page)[-2:] == b"\x01\x02"
    assert one.page(page + PAGE)[:2] == b"\x03\x04"
    one.give(Input((), 10, 2))
    assert one.page(page) != before


def test_pointers_in_memory_lead_to_different_pages() -> None:
    memory = Memory(World(False, "f", [], [], {}, {}, []), Pool(), 1)
    memory.give(Input((), 3, 2))
    seen = set()
    for page in (0x100000000000, 0x100000001000, 0x100040000000):
        data = memory.page(page)
        words = {int.from_bytes(data[at : at + 8], "little") for at in range(0, PAGE, 8)}
        pointers = {word & -PAGE for word in words if 0x200000000000 <= word < 1 << 47}
        assert not pointers & seen
        seen |= pointers
    assert seen


def test_known_functions_are_carried_out_and_others_recorded() -> None:
    for name in ("memcpy", "strlen", "floor", "fmodf", "__udivti3", "__addtf3", "__aarch64_ldadd4_acq_rel"):
        assert doer(name) is not None, name
    for name in ("printf", "f", "", "__builtin", "strcmp"):
        assert doer(name) is None, name


@pytest.mark.parametrize(
    "data", [b"", b"\x7fELF", b"\x7fELF\x02\x01" + bytes(58), b"\x7fELF" + b"\xff" * 200]
)
def test_bytes_that_are_no_object(data: bytes) -> None:
    with pytest.raises(BadObject):
        read_object(data)


MODULE = """declare void @g(i32, i32)
define i32 @f(i32 %a, i8 %b, ptr %p) {
  %w = sext i8 %b to i32
  %s = sub i32 %a, %w
  %c = icmp slt i32 %s, 7
  br i1 %c, label %x, label %y
x:
  store i32 %s, ptr %p, align 4
  call void @g(i32 %a, i32 %w)
  ret i32 5
y:
  ret i32 %w
}
define i32 @other(i32 %a) {
  %s = sub i32 %a, 3
  ret i32 %s
}
"""


@pytest.mark.parametrize("kind", KINDS)
def test_a_mutant_changes_one_line_of_its_function(kind: str) -> None:
    found = {mutate(random.Random(seed), MODULE, "f", kind) for seed in range(20)}
    assert None not in found
    for mutant in found:
        assert mutant is not None
        assert mutant.before != mutant.after
        assert mutant.ir != MODULE
        assert mutant.ir.split("define i32 @other")[1] == MODULE.split("define i32 @other")[1]
        assert mutant.ir.replace(mutant.after, mutant.before, 1).count("\n") in (
            MODULE.count("\n"),
            MODULE.count("\n") + 1,
        )


def test_no_mutant_of_a_function_that_is_not_there() -> None:
    assert mutate(random.Random(1), MODULE, "nowhere") is None


def test_an_address_is_found_in_ranges_that_overlap_and_touch() -> None:
    own = [(10, 90), (20, 30), (20, 95), (95, 96), (200, 210)]
    image = Image(0, own=own, own_joined=_joined(own))
    for address in range(220):
        assert image.in_own(address) == any(start <= address < end for start, end in own)
