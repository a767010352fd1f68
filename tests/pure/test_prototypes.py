"""C declarations as text, and where System V and AAPCS64 pass what they say. The places are those that gcc and clang use."""

from __future__ import annotations

import pytest

from irlens.errors import UnusableInput
from irlens.prototypes.declarations import MOST_CHARACTERS, prototypes_in
from irlens.prototypes.declared import declared_in, known_as_json, known_from_json
from irlens.targets import abi
from support.timing import within

X86, ARM = "x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"


def places(text: str, triple: str = X86) -> tuple[str, str]:
    """Of the last function: its arguments and its results, such as `int0:32 vec0:64`."""
    known = list(declared_in(text, triple).values())[-1].signature
    arm = triple == ARM

    def said(found: tuple[abi.Place, ...]) -> str:
        return " ".join(f"{place.kind}{place.index}:{place.bits}" for place in found)

    return said(abi.arguments(arm, known.parameters)), said(abi.results(arm, known.returns))


@pytest.mark.parametrize(
    ("text", "on_x86", "on_arm"),
    [
        ("double f(double)", ("vec0:64", "vec0:64"), ("vec0:64", "vec0:64")),
        ("void f(void)", ("", ""), ("", "")),
        ("_Bool f(int, long, char *)", ("int0:32 int1:64 int2:64", "int0:8"), None),
        ("size_t f(uint8_t, FILE *)", ("int0:8 int1:64", "int0:64"), None),
        ("struct s {int a; double b;}; struct s f(struct s)", ("int0:64 vec0:64", "int0:64 vec0:64"),
         ("int0:64 int1:64", "int0:64 int1:64")),
        ("struct s {float x, y, z;}; struct s f(struct s, float)", ("vec0:64 vec1:32 vec2:32", "vec0:64 vec1:32"),
         ("vec0:32 vec1:32 vec2:32 vec3:32", "vec0:32 vec1:32 vec2:32")),
        ("struct s {char c[3];}; struct s f(struct s)", ("int0:24", "int0:24"), ("int0:64", "int0:64")),
        ("struct s {double a[5];}; void f(struct s, int)",
         ("stack0:64 stack8:64 stack16:64 stack24:64 stack32:64 int0:32", ""), ("int0:64 int1:32", "")),
        ("struct s {long a[3];}; struct s f(int)", ("int0:64 int1:32", ""), ("sret0:64 int0:32", "")),
        # one register is left, and the structure needs two: all of it is on the stack, and what follows in the register
        ("struct s {long a, b;}; void f(int, int, int, int, int, struct s, int)",
         ("int0:32 int1:32 int2:32 int3:32 int4:32 stack0:64 stack8:64 int5:32", ""), None),
        ("__int128 f(int, __int128)", ("int0:32 int1:64 int2:64", "int0:64 int1:64"),
         ("int0:32 int2:64 int3:64", "int0:64 int1:64")),
        ("long double f(long double)", ("stack0:80", "x870:80"), ("vec0:128", "vec0:128")),
        ("double _Complex f(float _Complex)", ("vec0:64", "vec0:64 vec1:64"), ("vec0:32 vec1:32", "vec0:64 vec1:64")),
        ("union u {int a; float b;}; union u f(union u)", ("int0:32", "int0:32"), None),
        ("typedef int (*cmp)(const void *, const void *); void f(cmp, int a[4], int g(int))",
         ("int0:64 int1:64 int2:64", ""), None),
        ("typedef enum { A, B = 3 } e; e f(e)", ("int0:32", "int0:32"), None),
        ("typedef int v[4]; struct s {v x;}; void f(v, struct s, v *)", ("int0:64 int1:64 int2:64 int3:64", ""), None),
        ("int f(const char *, ...)", ("int0:64", "int0:32"), None),
    ],
)  # fmt: skip
def test_values_are_where_the_convention_has_them(
    text: str, on_x86: tuple[str, str], on_arm: tuple[str, str] | None
) -> None:
    assert places(text) == on_x86
    if on_arm is not None:
        assert places(text, ARM) == on_arm


def test_a_type_that_is_only_pointed_to_needs_no_declaration() -> None:
    [known] = declared_in("cJSON *cJSON_Get(const cJSON *const object, const Key *key)", X86).values()
    assert known.words == "cJSON *cJSON_Get(const cJSON *, const Key *)"


def test_plain_char_is_signed_where_the_target_has_it_so() -> None:
    def extension(triple: str) -> tuple[str, ...]:
        return declared_in("void f(char)", triple)["f"].signature.parameters[0].attributes

    assert extension(X86) == ("signext",)
    assert extension(ARM) == ()  # who is called extends


def test_comments_and_directives_are_passed_over() -> None:
    text = "#include <x.h>\n/* f(\n*/ int f(int a /* b */, // c\n int b); # 3\n"
    with pytest.raises(UnusableInput):
        declared_in(text, X86)  # a `#` within a line is none
    assert declared_in(text.replace(" # 3", ""), X86)["f"].words == "int f(int, int)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("int f(", "f("),
        ("Foo f(int)", "not declared"),
        ("int f()", "write f(void)"),
        ("double f(double) __attribute__((pure))", "attributes are not read"),
        ("struct s {int a : 3;}; int f(struct s)", "bit-fields"),
        ("struct s {struct s x;}; int f(struct s)", "itself"),
        ("struct s; int f(struct s)", "the members of struct s are not declared"),
        ("int x;", "no function"),
        ("", "no function"),
        ("int f(" + "(" * 200 + ")" * 200 + ")", "brackets"),
        ("int f(int);" * 40_000, "characters"),
        ("struct s {int a[1 ? 2 : 3];}; int f(struct s)", "size of an array"),
        ("int f(int a, void)", "void"),
        (f"int f({', '.join(['int'] * 300)})", "over 256 values"),
    ],
)
def test_what_cannot_be_read_is_said_with_what_to_do(text: str, said: str) -> None:
    with pytest.raises(UnusableInput) as error:
        declared_in(text, X86)
    assert said in str(error.value)
    assert str(error.value).endswith(".")


def test_it_takes_time_in_proportion() -> None:
    """Of what the shell and the server read themselves."""

    def read(count: int) -> None:
        text = "".join(
            f"typedef struct s{n} {{ T{n} *a; int b[{n}]; }} s{n}; s{n} f{n}(s{n}, U{n} *);\n"
            for n in range(count)
        )
        assert len(text) < MOST_CHARACTERS
        assert len(prototypes_in(text, arm=False)) == count

    within(1.5, lambda: read(1_000))


def test_types_that_double_are_no_larger_for_it() -> None:
    text = "struct s0 { long a[64]; };"
    for number in range(1, 60):
        text += f"struct s{number} {{ struct s{number - 1} a, b; }};"
    nothing = "struct e {}; struct f {struct e x[1000000000000];}; void g(struct f)"
    assert within(0.5, declared_in, nothing, X86)["g"].signature.parameters == ()

    def refused() -> None:
        with pytest.raises(UnusableInput, match="more than anything"):
            declared_in(text + "struct s59 f(struct s59, int)", X86)

    within(0.5, refused)


def test_a_long_one_is_shown_in_part() -> None:
    [known] = declared_in(f"int {'f' * 5000}(int)", X86).values()
    assert known.words == f"int {'f' * 153}..."


def test_over_the_wire_and_back() -> None:
    known = declared_in("struct s {long a[3];}; struct s f(const char *, ...); double g(double);", X86)
    assert known_from_json(known_as_json(known)) == known


@pytest.mark.parametrize("word", ["9", "0x9", "x", "9u"])
def test_numbers_and_names_without_end_are_refused_at_once(word: str) -> None:
    text = f"int f(char a[{word * 95_000}]);"
    with pytest.raises(UnusableInput, match="more than 10,000 characters"):
        within(0.2, prototypes_in, text, arm=False)
    spread = "int f(" + ", ".join(f"char a{n}[{'9' * 900}]" for n in range(200)) + ");"
    within(2, lambda: prototypes_in(spread, arm=False))


def test_unions_that_double_are_no_larger_for_it() -> None:
    unions = "".join(f"union u{n + 1} {{ union u{n} a, b; }};" for n in range(200))
    text = f"union u0 {{ int x; float y; }};{unions} int f(union u200);"
    [one] = within(2, prototypes_in, text, arm=False)
    assert one.parameters[0].size == 4
    assert len(one.parameters[0].leaves) == 2


@pytest.mark.parametrize("more", ["[2]", "*", "* const "])
def test_dimensions_and_asterisks_without_end_are_refused_at_once(more: str) -> None:
    text = f"extern int f{more * 30_000};" if more == "[2]" else f"int {more * 20_000} f(void);"
    with pytest.raises(UnusableInput, match="dimensions or asterisks"):
        within(0.5, prototypes_in, text, arm=False)
