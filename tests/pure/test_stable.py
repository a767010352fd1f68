"""A function's text from pass to pass: what keeps its number, what gets a new one, what is left as LLVM prints it."""

from __future__ import annotations

from irlens.ir.stable import Stable, with_names
from irlens.ir.unnamed import named, shown
from support.timing import within

FILE = """define i32 @f(i32 %0) #0 {
  %2 = mul i32 %0, 3
  br label %3

3:                                                ; preds = %1
  %4 = call i32 @g(i32 %2), !tbaa !4
  ret i32 %4
}

declare i32 @g(i32) #1

attributes #0 = { nounwind "a"="b" }
attributes #1 = { cold }

!4 = !{!"x"}
"""


def printed(body: str, rest: str = "") -> str:
    """What LLVM would print of the prepared function, with its own numbers for metadata and attributes."""
    return f'define i32 @f(i32 %n0.) #7 {{\n{body}}}\n\nattributes #7 = {{ "a"="b" nounwind }}\n{rest}'


BODY = (
    "n1.:\n  %n2. = mul i32 %n0., 3\n  br label %n3.\n\n"
    "n3.:                                              ; preds = %n1.\n"
    "  %n4. = call i32 @g(i32 %n2.), !tbaa !0\n  ret i32 %n4.\n"
)
TBAA = '!0 = !{!"x"}\n'


def own_text() -> str:
    return FILE.partition("\n}")[0] + "\n}"


def test_values_and_blocks_get_names_that_llvm_keeps() -> None:
    prepared = with_names(FILE, "f")
    assert prepared.prefix == "n"
    assert prepared.entry == 1
    assert "define i32 @f(i32 %n0.) #0 {\nn1.:\n  %n2. = mul i32 %n0., 3\n  br label %n3." in prepared.ir
    assert prepared.ir.endswith(FILE.partition("\n}")[2])


def test_what_a_pass_left_alone_reads_as_in_the_file() -> None:
    stable = Stable(with_names(FILE, "f"))
    assert stable.shown(printed(BODY, TBAA)) == own_text()
    assert stable.shown(printed(BODY, TBAA)) == own_text()


def test_metadata_that_says_the_same_keeps_its_number_and_what_is_new_gets_one_of_its_own() -> None:
    stable = Stable(with_names(FILE, "f"))
    stable.shown(printed(BODY, TBAA))
    moved = printed(BODY.replace("!0", "!3"), '!0 = !{!"other"}\n!3 = !{!"x"}\n')
    assert stable.shown(moved) == own_text()
    other = stable.shown(printed(BODY, '!0 = !{!"other"}\n'))
    assert other == own_text().replace("!4", "!5")


def test_a_change_of_attributes_is_a_change() -> None:
    stable = Stable(with_names(FILE, "f"))
    stable.shown(printed(BODY, TBAA))
    changed = printed(BODY, TBAA).replace("nounwind }", "nounwind willreturn }")
    assert stable.shown(changed) == own_text().replace("#0", "#2")


def test_a_value_that_a_pass_makes_keeps_the_number_it_is_given() -> None:
    stable = Stable(with_names(FILE, "f"))
    stable.shown(printed(BODY, TBAA))
    one = BODY.replace("  br label", "  %0 = add i32 %n2., 1\n  br label").replace("g(i32 %n2.)", "g(i32 %0)")
    first = stable.shown(printed(one, TBAA))
    assert "  %5 = add i32 %2, 1\n" in first
    two = (
        one.replace("n1.:\n", "n1.:\n  %0 = freeze i32 %n0.\n")
        .replace("%0 = add", "%1 = add")
        .replace("i32 %0)", "i32 %1)")
    )
    second = stable.shown(printed(two, TBAA))
    assert second == first.replace("  %2 = mul", "  %6 = freeze i32 %0\n  %2 = mul")


def test_names_that_llvm_derives_are_quoted_and_a_split_entry_keeps_its_label() -> None:
    stable = Stable(with_names(FILE, "f"))
    shown_text = stable.shown(printed(BODY.replace("n1.:", "n1..split:").replace("%n1.", "%n1..split"), TBAA))
    assert '"1.split":' in shown_text
    assert 'preds = %"1.split"' in shown_text


def test_predecessors_stand_in_the_order_of_the_blocks() -> None:
    ir = "define void @f(i1 %c) {\na:\n"
    ir += "  br i1 %c, label %b, label %d\n\nb:\n  br label %d\n\nd:                ; preds = %b, %a\n  ret void\n}\n"
    assert "d:" + " " * 48 + "; preds = %a, %b" in Stable(with_names(ir, "f")).shown(ir)


def test_what_cannot_be_named_from_the_text_alone_is_left() -> None:
    implicit = "define i32 @f(i32) {\n  %2 = add i32 %0, 1\n  ret i32 %2\n}\n"
    unwritten = "define void @f() {\n  call i32 @g()\n  %2 = add i32 %1, 1\n  ret void\n}\n"
    types = "%0 = type { i32 }\ndefine void @f(ptr %0) {\n  ret void\n}\n"
    for ir in (implicit, unwritten, types):
        assert with_names(ir, "f").ir == ir
    assert with_names("declare void @f()\n", "f").file_lines == ()


def test_without_definitions_metadata_are_told_by_their_place() -> None:
    stable = Stable(with_names(FILE, "f"))
    alone = printed(BODY.replace("!0", "!9")).partition("\n}")[0] + "\n}\n"
    assert stable.shown(alone) == own_text()


def test_functions_without_names() -> None:
    ir = '@0 = constant [3 x i8] c"@1\\00"\ndefine i32 @1() {\n  ret i32 ptrtoint (ptr @0 to i32) ; @1\n}\n@s = global ptr @1\n'
    made = named(ir)
    assert "define i32 @unnamed.1()" in made.text
    assert 'c"@1\\00"' in made.text
    assert made.restored(made.text) == ir
    assert (made.name("1"), made.name("s"), made.number("unnamed.1")) == ("unnamed.1", "s", "1")
    assert named("define void @f() {\n  ret void\n}\n").prefix == ""
    assert [shown(name) for name in ("1", "f")] == ["@1", "f"]


def test_no_name_in_the_text_makes_ours_long_or_slow_to_find() -> None:
    """A comment of the letters that ours begin with, or names that take one after the other."""
    for said in ("n" * 100_000 + "0.", *(" ".join(f"n{k}_1." for k in range(20_000)) + " n1.",)):
        ir = FILE.replace("ret i32 %4", f"ret i32 %4 ; {said}")
        made = within(1.0, with_names, ir, "f")
        assert len(made.prefix) < 10
        assert f"%{made.prefix}4. = call" in made.ir
    for said in ("_" * 100_000 + "unnamed.", " ".join(f"unnamed{k or ''}." for k in range(20_000))):
        found = within(1.0, named, f"; {said}\ndefine void @0() {{\n  ret void\n}}\n")
        assert len(found.prefix) < 20
        assert f"@{found.prefix}0(" in found.text
        assert found.prefix not in said


def test_nodes_that_say_the_same_take_time_in_proportion() -> None:
    """Each was looked for among all that say the same: half a minute for 8,000."""
    nodes = "".join(f"!{at} = distinct !{{}}\n" for at in range(8_000))
    code = "".join(f"  store i32 0, ptr %p, !a !{at}\n" for at in range(8_000))
    text = f"define void @f(ptr %p) {{\n{code}  ret void\n}}\n{nodes}"

    def work() -> str:
        stable = Stable(with_names(text, "f"))
        stable.shown(text)
        return stable.shown(text)

    assert within(5, work).count("!7999") == 1
